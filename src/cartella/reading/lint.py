"""Doubts about what was read: a meaning that no trial would intend is a misreading or a slip of the text.

Such a reading is never used against a patient: the part in doubt becomes unknown, and the point says why. The doubts:

* ``direction``: a limit on the wrong side, such as haemoglobin of at most 8 asked for;
* ``polarity``: an illness that is asked for, or its absence that excludes;
* ``empty_range``: two limits that no number meets, in one point or in two that are both asked of everybody;
* ``contradiction``: an exclusion of what an inclusion asks of everybody;
* ``implausible``, ``unit``: a number that no patient could have, a unit that its quantity is not measured in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from cartella.knowledge import knowledge
from cartella.logic import (
    And,
    Code,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Presence,
    Unread,
    walk,
)
from cartella.logic.rewrites import COMPLEMENT
from cartella.trials.criteria import Point, Section

LOW_IS_BAD = frozenset(
    """lab:plt lab:anc lab:hb lab:lvef lab:shortening_fraction lab:spo2 lab:crcl lab:egfr lab:gfr_measured lab:albumin
    lab:fev1 lab:fvc lab:dlco lab:life_expectancy karnofsky lansky""".split()
)
HIGH_IS_BAD = frozenset(
    """lab:alt lab:ast lab:bilirubin_total lab:bilirubin_direct lab:creatinine lab:inr lab:pt lab:aptt lab:qtc
    lab:qtcf ecog steroid_dose steroid_dose.per_kg""".split()
)
WELCOME = frozenset(
    """cond:measurable_disease cond:postmenopausal cond:surgical_sterility cond:contraception
    cond:childbearing_potential cond:brain_metastases cond:cns_involvement cond:cns_active cond:leptomeningeal
    cond:cns_ever""".split()
)
UPPER = (Operator.AT_MOST, Operator.LESS)
LOWER = (Operator.AT_LEAST, Operator.GREATER)
ODD = {Unread.IMPLAUSIBLE: "implausible", Unread.UNIT: "unit"}


def doubted(points: Iterable[Point]) -> list[Point]:
    """The points with their doubtful parts made unknown and `concern` naming the doubt."""
    return _without_contradictions([_doubted(point) for point in points])


def _doubted(point: Point) -> Point:
    expression, concern = _checked(point.expression, point.section is Section.INCLUSION, alone=True)
    concern = concern or next(
        (ODD[node.why] for node in walk(expression) if isinstance(node, Opaque) and node.why in ODD), None
    )
    return point if concern is None else replace(point, expression=expression, concern=concern)


def _checked(node: Expression, wanted: bool, *, alone: bool = False) -> tuple[Expression, str | None]:
    """Walk down as long as the polarity is plain."""
    match node:
        case Number():
            if _wrong_way(node, wanted):
                return Opaque(span=node.span), "direction"
            return node, None
        case Presence() if wanted and _is_unwelcome(node):
            # nobody asks for an infection: the sentence meant something else
            return Or((node, Opaque(span=node.span))), "polarity"
        case Presence(window=window) if wanted and window is not None:
            # "for 6 months after the last dose": a time to come, not a treatment that is asked for
            return Or((node, Opaque(span=node.span))), "polarity"
        case Code(variable="sex") if wanted and not alone:
            # a sex named beside other things says whom they concern
            return Or((node, Opaque(span=node.span))), "polarity"
        case Not(item=item):
            inner, concern = _checked(item, not wanted)
            return (Not(inner, node.span), concern) if concern else (node, None)
        case And(items=items):
            if concern := _empty_range(items):
                return Opaque(span=node.span), concern
            return _all(node, items, wanted)
        case Or(items=items) if wanted and items and all(_is_unwelcome(i) for i in items):
            return Or((node, Opaque(span=node.span))), "polarity"
        case Or(items=items) if not wanted or any(isinstance(i, Code) and i.variable == "sex" for i in items):
            return _all(node, items, wanted)
        case If(condition=condition, then=then):
            inner, concern = _checked(then, wanted)
            return (If(condition, inner, node.span), concern) if concern else (node, None)
        case _:
            return node, None


def _is_unwelcome(node: Expression) -> bool:
    """An illness, pregnancy, an infection: nobody asks for it, nor for a choice of such."""
    match node:
        case Presence(concept=concept):
            return concept.startswith("cond:") and concept not in WELCOME
        case Or(items=items) | And(items=items):
            return bool(items) and all(_is_unwelcome(i) for i in items)
        case _:
            return False


def _all(node: And | Or, items: tuple[Expression, ...], wanted: bool) -> tuple[Expression, str | None]:
    if isinstance(node, And) and len(items) > 1 and any(isinstance(i, Number) for i in items) and _is_range(items):
        return node, None
    # "bilirubin above 2, except with Gilbert syndrome": an exception beside what excludes is no demand of its own
    exceptions = not wanted and isinstance(node, And) and not isinstance(items[0], Not)
    checked = [(i, None) if exceptions and isinstance(i, Not) else _checked(i, wanted) for i in items]
    concern = next((c for _, c in checked if c), None)
    if concern is None:
        return node, None
    return replace(node, items=tuple(e for e, _ in checked)), concern


def _wrong_way(node: Number, wanted: bool) -> bool:
    if node.operator is Operator.EQUAL and node.quantity.startswith(("age", "lab:")):
        return True  # a sign was lost on the way: nobody asks for exactly 18 years
    base = node.quantity.removesuffix(".uln").removesuffix(".lln")
    if base in LOW_IS_BAD:
        return node.operator in (UPPER if wanted else LOWER)
    if base in HIGH_IS_BAD:
        return node.operator in (LOWER if wanted else UPPER)
    return False


def _is_range(items: tuple[Expression, ...]) -> bool:
    quantities = {i.quantity for i in items if isinstance(i, Number)}
    return len(quantities) == 1 and all(isinstance(i, Number) for i in items)


def _empty_range(items: Iterable[Expression]) -> str | None:
    """Two limits of one quantity that no number can meet."""
    return "empty_range" if any(_exclude_each_other(a, b) for a, b in combinations(items, 2)) else None


def _exclude_each_other(one: Expression, other: Expression) -> bool:
    if not isinstance(one, Number) or not isinstance(other, Number) or one.quantity != other.quantity:
        return False
    low, high = (one, other) if one.operator in LOWER else (other, one)
    if low.operator not in LOWER or high.operator not in UPPER:
        return False
    strict = Operator.GREATER is low.operator or Operator.LESS is high.operator
    return low.bound > high.bound or (low.bound == high.bound and strict)


def _without_contradictions(points: list[Point]) -> list[Point]:
    """Points that nobody can satisfy together: asked of everybody, at one gate, and shutting each other out."""
    asked = [
        (point, part)
        for point in points
        if point.section is Section.INCLUSION and point.cohort is None
        for part in _conjuncts(point.expression)
    ]
    result = []
    for point in points:
        if point.section is Section.EXCLUSION:
            parts = [part for other, part in asked if other.gate in (None, point.gate)]
            expression, concern = _without_what_is_asked(point.expression, parts, whole=True), "contradiction"
        elif point.cohort is None:
            expression, concern = _without_what_excludes(point.expression, _excluding(points, point)), "contradiction"
            if expression is point.expression:
                others = [part for other, part in asked if other is not point and other.gate is point.gate]
                expression, concern = _within_limits(expression, [*others, *_ruled_out(points, point)]), "empty_range"
        else:
            expression, concern = point.expression, ""
        changed = expression is not point.expression
        result.append(replace(point, expression=expression, concern=concern) if changed else point)
    return result


def _conjuncts(node: Expression) -> list[Expression]:
    return [part for item in node.items for part in _conjuncts(item)] if isinstance(node, And) else [node]


def _without_what_is_asked(node: Expression, asked: list[Expression], *, whole: bool = False) -> Expression:
    """An exclusion whose part holds for whoever meets the inclusions: that part speaks of something else.

    An exclusion that is nothing but one treatment ("prior CAR-T therapy") stands: then the inclusion was misread.
    """
    if isinstance(node, Or):
        return _replaced(node, tuple(_without_what_is_asked(item, asked) for item in node.items))
    if whole and isinstance(node, Presence):
        return node
    met = any(_implies(part, node) for part in asked)
    ruled_out = isinstance(node, Number) and any(_exclude_each_other(part, _complement(node)) for part in asked)
    return And((node, Opaque(span=node.span))) if met or ruled_out else node


def _excluding(points: list[Point], point: Point) -> list[Presence]:
    """The treatments and illnesses that alone exclude, whoever comes."""
    return [
        other.expression
        for other in points
        if other.section is Section.EXCLUSION
        and other.cohort is None
        and other.gate is point.gate
        and isinstance(other.expression, Presence)
    ]


def _without_what_excludes(node: Expression, excluding: list[Presence]) -> Expression:
    """An inclusion that asks for what alone excludes was misread."""
    match node:
        case Presence() if any(_implies(node, other) for other in excluding):
            return Or((node, Opaque(span=node.span)))
        case And(items=items):
            return _replaced(node, tuple(_without_what_excludes(item, excluding) for item in items))
        case _:
            return node


def _ruled_out(points: list[Point], point: Point) -> list[Expression]:
    """What the limits among the exclusions leave open, where they stand alone."""
    return [
        _complement(other.expression)
        for other in points
        if other.section is Section.EXCLUSION
        and other.cohort is None
        and other.gate is point.gate
        and isinstance(other.expression, Number)
    ]


def _complement(node: Number) -> Number:
    return replace(node, operator=COMPLEMENT[node.operator]) if node.operator in COMPLEMENT else node


def _within_limits(node: Expression, others: list[Expression]) -> Expression:
    """A limit that cannot be met together with one of the others is left open."""
    match node:
        case Number() if any(_exclude_each_other(node, other) for other in others):
            return Or((node, Opaque(span=node.span)))
        case And(items=items):
            return _replaced(node, tuple(_within_limits(item, others) for item in items))
        case _:
            return node


def _replaced(node: And | Or, items: tuple[Expression, ...]) -> Expression:
    same = all(one is other for one, other in zip(items, node.items, strict=True))
    return node if same else replace(node, items=items)


def _implies(one: Expression, other: Expression) -> bool:
    """Whether whoever has `one` certainly has `other`; False where that cannot be told."""
    match one, other:
        case _, Or(items=items):
            return any(_implies(one, item) for item in items)
        case _, And(items=items):
            return bool(items) and all(_implies(one, item) for item in items)
        case Or(items=items), _:
            return bool(items) and all(_implies(item, other) for item in items)
        case And(items=items), _:
            return any(_implies(item, other) for item in items)
        case Code(), Code():
            return one.variable == other.variable and one.codes <= other.codes
        case Presence(), Presence():
            house = knowledge()
            kind = one.concept in house.concepts and other.concept in house.ancestors(one.concept)
            same_time = other.window is None or one.window == other.window
            return (one.concept == other.concept or kind) and other.traits <= one.traits and same_time
        case _:
            return False
