"""What a sentence requires, once the sentences behind it have lifted what they lift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import And, Code, Count, Expression, If, Not, Number, Opaque, Or, Presence, Window, walk
from cartella.reading.cues import Cue
from cartella.reading.roles import Role
from cartella.reading.sentences import Sentence, denied


def requirement(
    sentence: Sentence, following: Sequence[Sentence], *, first: bool, first_of_all: bool
) -> Expression | None:
    """What must hold for the sentence not to stand in the way; None if it belongs to the sentence before it.

    `first` tells whether a sentence that allows something may be the whole of the rule, `first_of_all` whether it
    opens its criterion.
    """
    expression = sentence.expression
    if expression is None:
        return None
    if sentence.role is Role.EXCEPTS:
        return And(()) if first_of_all else None
    if sentence.role is Role.ALLOWS:
        if isinstance(expression, If):
            return expression
        if first_of_all and _is_bounded(sentence):
            return Opaque()
        # "patients with mantle cell lymphoma are eligible" may be the whole of the rule: whoever fits, fits
        asks = first and any(isinstance(n, Code) and n.variable == "diagnosis" for n in walk(expression))
        return Or((expression, Opaque())) if asks else And(())
    rule = denied(expression) if sentence.role is Role.EXCLUDES else expression
    for other in following:
        if other.role is Role.EXCEPTS and other.expression is not None:
            rule = Or((rule, other.expression))
        if other.role is Role.ASKS and isinstance(other.expression, If):
            rule = _lifted_for(rule, other.expression)
        if other.role is Role.ALLOWS and isinstance(other.expression, If):
            rule = _spared(rule, other.expression)
        if other.role is not Role.ALLOWS or other.expression is None or isinstance(other.expression, If):
            continue
        if _is_support(other.expression) and any(isinstance(n, Number) for n in walk(rule)):
            continue  # "transfusions are allowed": a way to reach the limit, which is asked for all the same
        if _is_as_wide(other.expression, expression):
            continue  # "earlier involvement is allowed" does not lift the exclusion of active involvement
        if other.about_people or _concern_the_same(other.expression, expression):
            rule = Or((rule, _even_earlier(other.expression)))
    return rule


def _even_earlier(allowed: Expression) -> Expression:
    """``Local radiotherapy is allowed within 1 week``: so late at the latest, and earlier all the more."""
    match allowed:
        case Presence(window=Window(at_least=None), register=register) if register is not None:
            return Or((allowed, And((replace(allowed, window=None), Opaque(span=allowed.span)))))
        case And(items=items) | Or(items=items):
            return replace(allowed, items=tuple(_even_earlier(item) for item in items))
        case _:
            return allowed


def _is_bounded(sentence: Sentence) -> bool:
    """``No earlier cancer is allowed``, ``eligible unless ...``, ``allowed, and must ...``: more than a permission."""
    told = [t for t in sentence.tokens if t.cue is not Cue.GLUE]
    opens = bool(told) and told[0].is_cue(Cue.NOT_BEFORE)
    return opens or any(t.is_cue(Cue.UNLESS, Cue.ONLY_IF, Cue.EXCEPT, Cue.REQUIRE) for t in told)


def _lifted_for(rule: Expression, case: If) -> Expression:
    """``Negative for X. If X is positive, Y must be negative``: those with X may enter all the same if Y is."""
    told = [n for n in walk(case.condition) if not isinstance(n, And | Or | Opaque)]
    if not told or not all(isinstance(n, Presence | Code) for n in told):
        return rule
    parts = rule.items if isinstance(rule, And) else (rule,)
    lifted = tuple(
        Or((part, And((case.condition, case.then)))) if isinstance(part, Not) and _denies(part, case) else part
        for part in parts
    )
    return And(lifted) if isinstance(rule, And) else lifted[0]


def _spared(rule: Expression, case: If) -> Expression:
    """``No A, no B. B is allowed if C``: whoever has B and C is spared for B, and still kept out by A."""
    if not isinstance(rule, Not):
        return rule
    kept = rule.item.items if isinstance(rule.item, Or) else (rule.item,)
    told = And((case.condition, case.then))
    parts = tuple(And((part, Not(told))) if _is_within(part, case.condition) else part for part in kept)
    return Not(Or(parts), rule.span) if isinstance(rule.item, Or) else Not(parts[0], rule.span)


def _is_within(part: Expression, condition: Expression) -> bool:
    """Whether every illness of a part is one that the condition names, or a kind of it."""
    house = knowledge()
    named = _subjects(condition)
    mine = _subjects(part)
    return bool(mine) and all(
        subject in named or (subject in house.concepts and bool(named & house.ancestors(subject))) for subject in mine
    )


def _denies(part: Not, case: If) -> bool:
    return _concern_the_same(part.item, case.condition)


def _is_support(expression: Expression) -> bool:
    """Whether a sentence speaks of transfusions or growth factors."""
    return bool(_subjects(expression) & {"class:transfusion", "class:growth_factor"})


def _is_as_wide(exception: Expression, rule: Expression) -> bool:
    """Whether an exception would lift the whole rule: it names the same thing without what the rule asks of it."""
    if not isinstance(exception, Presence) or exception.traits or exception.window is not None:
        return False
    narrower = [n for n in walk(rule) if isinstance(n, Presence) and n.concept == exception.concept]
    return any(n.traits or n.window is not None for n in narrower)


def _concern_the_same(one: Expression, other: Expression) -> bool:
    """Whether two expressions speak of the same thing, or of a kind of it."""
    house = knowledge()
    mine, theirs = _subjects(one), _subjects(other)
    return bool(mine & theirs) or any(
        a in house.ancestors(b) or b in house.ancestors(a)
        for a in mine & house.concepts.keys()
        for b in theirs & house.concepts.keys()
    )


def _subjects(expression: Expression) -> set[str]:
    found = set()
    for node in walk(expression):
        match node:
            case Number(quantity=quantity):
                found.add(quantity.split(".")[0])
            case Code(variable=variable):
                found.add(variable)
            case Presence(concept=concept) | Count(concept=concept):
                found.add(concept)
            case _:
                pass
    return found
