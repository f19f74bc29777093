"""Another limit in another case: ``ALT <= 3 x ULN (<= 5 x ULN if the liver is involved)``.

Trials say it in brackets, behind a comma or an "or", as an exception, or in a sentence of its own. Whatever the words,
the structure is the same: a limit, a second limit of the same quantities, and the case in which the second applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartella.logic import And, Expression, If, Not, Number, Operator, Or, walk
from cartella.reading.cues import Cue
from cartella.reading.phrases import CONNECTIVES, family, trimmed
from cartella.reading.tokens import Kind, Token

OPENS = (Cue.EXCEPT, Cue.UNLESS, Cue.IF, *CONNECTIVES)
SAME_TEST = {"lab:bilirubin_direct": "lab:bilirubin_total", "lab:bilirubin_indirect": "lab:bilirubin_total"}
"""A fraction of the bilirubin is looked at where the whole is too high."""
WORDS_OF_A_CASE = frozenset(
    """who which where can may must could should shall will would case cases they these those then there is are be being
    been has have having had limit limits value values level levels criteria criterion acceptable accepted allow allows
    allowed allowing permitted allowable up to times time fold x documented known confirmed suspected proven diagnosed
    attributed attributable related secondary due caused thought considered presence present existing existence evidence
    underlying active with of for in by if when patients patient subjects subject participants participant individuals
    however provided elevation elevations elevated increase increased abnormal abnormality dysfunction total serum the
    a an exception exceptions exceeding instead also respectively requirement relaxed having eligible enrolled included
    upper normal institutional believed felt judged accompanied""".split()
)
"""What stands around the case and says nothing of it."""
MUCH = 12
"""A condition of more words than this is more than a case."""
DENIES = (Cue.NOT_BEFORE, Cue.NOT_AFTER)
IDLE = (
    Cue.EXCEPT,
    Cue.UNLESS,
    Cue.IF,
    Cue.ONLY_IF,
    Cue.REQUIRE,
    Cue.PERMIT,
    Cue.GLUE,
    Cue.NOTE,
    Cue.HISTORY,
    Cue.POSITIVE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """The sentence without its other limit (`main`), what the other limit is (`limit`), and when (`condition`)."""

    main: list[Token]
    limit: list[Token]
    condition: list[Token]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a sentence limits so far: all its quantities, those of the last limit, and that limit."""

    labs: list[Token]
    last: list[Token]
    limit: Token

    def knows(self, token: Token) -> bool:
        """Whether the sentence limits every quantity that the token names."""
        known = {SAME_TEST.get(c, c) for t in self.labs for g in t.concepts for c in g}
        return all(SAME_TEST.get(c, c) in known for g in token.concepts for c in g)


def other_case(tokens: Sequence[Token]) -> Case | None:
    """The first other limit in a sentence; None if it has none."""
    for start, end in _brackets(tokens):
        found = _within(tokens, start, end)
        if found is not None:
            return found
    depth = 0
    for start, token in enumerate(tokens):
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if depth <= 0 and (token.kind in (Kind.COMMA, Kind.SEMICOLON) or token.is_cue(*OPENS)):
            found = _within(tokens, start, None)
            if found is not None:
                return found
    return None


def _within(tokens: Sequence[Token], start: int, end: int | None) -> Case | None:
    rule = _rule(tokens[:start])
    if rule is None:
        return None
    end = _upto(tokens, start, rule) if end is None else end
    found = _parted(tokens[start:end], rule)
    return Case([*tokens[:start], *tokens[end:]], *found) if found is not None else None


CAUSES = frozenset(
    """attributed attributable due secondary related thought considered deemed caused believed felt consistent resulting
    associated elevation elevations elevated hyperbilirubinemia hyperbilirubinaemia increase increased abnormality
    explained directly presumed likely underlying""".split()
) | {
    *("due to", "caused by", "secondary to", "related to", "attributed to", "associated with", "consistent with"),
    *("attributable to", "resulting from"),
}


@dataclass(frozen=True, slots=True)
class Instead:
    """``creatinine <= 1.5, or if higher, clearance >= 60``: the rule, of what, and what will do instead."""

    main: list[Token]
    quantities: frozenset[str]
    other: list[Token]


def instead(tokens: Sequence[Token]) -> Instead | None:
    """What will do where a limit is missed, in the words behind an "or", a comma or a semicolon; None without it."""
    for start, token in enumerate(tokens):
        if token.kind in (Kind.COMMA, Kind.SEMICOLON) or token.is_cue(Cue.OR):
            found = instead_of(tokens[start + 1 :], tokens[:start])
            if found is not None:
                return found
    return None


def instead_of(tokens: Sequence[Token], before: Sequence[Token]) -> Instead | None:
    """The same in a sentence behind the one with the limit."""
    rule = _rule(before)
    tokens = trimmed(tokens)
    if rule is None or not tokens:
        return None
    if tokens[0].text.lower() == "otherwise":
        missed, other = rule.last, trimmed(tokens[1:])
    elif tokens[0].is_cue(Cue.IF):
        comma = next((n for n, t in enumerate(tokens) if t.kind is Kind.COMMA or t.text.lower() == "then"), None)
        if comma is None:
            return None
        missed, other = [t for t in tokens[1:comma] if _is_lab(t)], trimmed(tokens[comma + 1 :])
        told = any(t.kind is Kind.COMPARISON or t.text.lower() in EXCEEDS for t in tokens[1:comma])
        if not told or any(_tells_a_case(t) or t.is_cue(*DENIES) for t in tokens[1:comma]):
            return None
    else:
        return None
    named = [t for t in other if _is_lab(t)]
    limited = any(t.kind is Kind.COMPARISON for t in other)
    if not missed or not named or not limited or not all(rule.knows(t) for t in missed):
        return None
    if any(named[0].concepts[0] in t.concepts for t in rule.labs):
        return None
    return Instead(list(before), frozenset(c for t in missed for g in t.concepts for c in g), other)


EXCEEDS = frozenset(
    {"exceeds", "exceed", "exceeded", "above", "higher", "elevated", "greater", "abnormal", "threshold"}
)


def with_alternative(rule: Expression, quantities: frozenset[str], other: Expression) -> Expression | None:
    """The rule with what will do instead of its limits of some quantities; None if it has none."""
    known = frozenset(SAME_TEST.get(q, q) for q in quantities)
    if not any(isinstance(n, Number) and _quantity(n) in known for n in walk(rule)):
        return None
    return _replaced(rule, known, None, other, unwanted=False)


def without_causes(tokens: list[Token], split: int) -> list[Token]:
    """``unless due to Gilbert syndrome``: for a measured limit it is enough that there is such a cause."""
    rule, lifting = tokens[:split], tokens[split + 1 :]
    if _rule(rule) is None or any(t.kind in (Kind.COMPARISON, Kind.TIME) or t.is_cue(*DENIES) for t in lifting):
        return tokens
    if not any(t.concepts == (("cond:gilbert",),) or _is_site(t) for t in lifting):
        return tokens
    return [*tokens[: split + 1], *(t for t in lifting if t.text.lower() not in CAUSES and not _is_lab(t))]


def case_of(tokens: Sequence[Token], before: Sequence[Token]) -> tuple[list[Token], list[Token]] | None:
    """The limit and the condition of a sentence that only gives another limit than the sentence before it."""
    rule = _rule(before)
    return None if rule is None else _parted(tokens, rule)


def _parted(tokens: Sequence[Token], rule: _Rule) -> tuple[list[Token], list[Token]] | None:
    """The limit and the condition in the words of a case; None where there are not both, or another test is named."""
    measured = _measured_case(tokens, rule)
    if measured is not None:
        return measured
    limits = [_like(t, rule.limit) for t in tokens if t.kind is Kind.COMPARISON]
    named = [t for t in tokens if _is_lab(t)]
    rest = [t for t in tokens if not _is_lab(t) and t.kind is not Kind.COMPARISON]
    condition = trimmed([t for t in rest if not _is_idle(t)])
    if not limits or not any(_tells_a_case(t) for t in condition) or not all(rule.knows(t) for t in named):
        return None
    if any(t.kind is Kind.TIME or t.is_cue(*DENIES) for t in condition) or len(condition) > MUCH:
        return None
    if len(limits) == 1:
        return [_as_one(named or rule.last), *limits], condition
    kept = [_like(t, rule.limit) for t in tokens if _is_lab(t) or t.kind is Kind.COMPARISON or t.is_cue(*CONNECTIVES)]
    return (trimmed(kept), condition) if named else None


def _measured_case(tokens: Sequence[Token], rule: _Rule) -> tuple[list[Token], list[Token]] | None:
    """``(>= 30 if plasma cells are >= 50 %)``: the case is itself a limit, of another quantity than the rule's."""
    at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.IF)), None)
    if at is None:
        return None
    before = tokens[:at]
    after = trimmed([t for t in tokens[at + 1 :] if t.kind not in (Kind.OPEN, Kind.CLOSE)])
    limits = [_like(t, rule.limit) for t in before if t.kind is Kind.COMPARISON]
    named, told = [t for t in before if _is_lab(t)], [t for t in after if _is_lab(t)]
    if len(limits) != 1 or len(told) != 1 or sum(t.kind is Kind.COMPARISON for t in after) != 1:
        return None
    if rule.knows(told[0]) or not all(rule.knows(t) for t in named) or any(t.is_cue(*DENIES) for t in tokens):
        return None
    return [_as_one(named or rule.last), *limits], after


def lifted(rule: Expression, condition: Expression, limit: Expression, *, unwanted: bool) -> Expression | None:
    """The rule with the other limit in the other case; None where they have no quantity in common.

    A limit that lets more people in is an alternative for those in that case; a stricter one is asked of them besides.
    """
    numbers = {_quantity(n): n for n in walk(limit) if isinstance(n, Number)}
    hits = [n for n in walk(rule) if isinstance(n, Number) and _quantity(n) in numbers]
    if not hits:
        return None
    if isinstance(rule, If) and not unwanted:
        return And((rule, If(condition, limit)))  # each limit has its own case
    if not unwanted and all(_is_opposite(numbers[_quantity(n)], n) for n in hits):
        # "<= 2 mg/dL; those with Gilbert syndrome may have > 2 x ULN": for them there is no limit
        return _replaced(rule, frozenset(numbers), condition, And(()), unwanted)
    if all(_lets_in(numbers[_quantity(n)], n, unwanted) for n in hits):
        return _replaced(rule, frozenset(numbers), condition, limit, unwanted)
    return Or((rule, And((condition, limit)))) if unwanted else And((rule, If(condition, limit)))


UPWARD = (Operator.AT_LEAST, Operator.GREATER)


def _is_opposite(other: Number, rule: Number) -> bool:
    if Operator.EQUAL in (other.operator, rule.operator) or not rule.quantity.startswith("lab:"):
        return False
    return (other.operator in UPWARD) != (rule.operator in UPWARD)


def _replaced(
    node: Expression, quantities: frozenset[str], condition: Expression | None, limit: Expression, unwanted: bool
) -> Expression:
    match node:
        case Number() if _quantity(node) in quantities:
            if condition is None:
                return Or((node, limit))
            return And((node, Or((Not(condition), limit)))) if unwanted else Or((node, And((condition, limit))))
        case And(items=items) | Or(items=items):
            inner = tuple(_replaced(i, quantities, condition, limit, unwanted) for i in items)
            return replace(node, items=inner)
        case If():
            return replace(node, then=_replaced(node.then, quantities, condition, limit, unwanted))
        case _:
            return node


def _quantity(node: Number) -> str:
    name = node.quantity.removesuffix(".uln").removesuffix(".lln")
    return SAME_TEST.get(name, name)


def _lets_in(other: Number, rule: Number, unwanted: bool) -> bool:
    """Whether fewer people are turned away by the other limit (in other units: that is what exceptions are for)."""
    if other.quantity != rule.quantity:
        return True
    higher = other.bound >= rule.bound
    return higher == ((rule.operator in (Operator.AT_MOST, Operator.LESS)) != unwanted)


def _brackets(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for n, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            opened.append(n)
        elif token.kind is Kind.CLOSE and opened:
            found.append((opened.pop(), n + 1))
    return found + [(n, len(tokens)) for n in opened]


def _upto(tokens: Sequence[Token], start: int, rule: _Rule) -> int:
    """The end of a case that is not in brackets: the semicolon, or the connective before another quantity."""
    limited = False
    for n in range(start + 1, len(tokens)):
        limited = limited or tokens[n].kind is Kind.COMPARISON
        if not limited or not (tokens[n].kind in (Kind.COMMA, Kind.SEMICOLON) or tokens[n].is_cue(*CONNECTIVES)):
            continue
        following = next((t for t in tokens[n + 1 :] if t.kind in (Kind.CONCEPT, Kind.COMPARISON)), None)
        another = following is not None and _is_lab(following) and not rule.knows(following)
        if tokens[n].kind is Kind.SEMICOLON or another:
            return n
    return len(tokens)


def _rule(tokens: Sequence[Token]) -> _Rule | None:
    """The quantities that have a limit; the same limit given to each of several is one limit."""
    limits = [n for n, t in enumerate(tokens) if t.kind is Kind.COMPARISON]
    labs = [n for n, t in enumerate(tokens) if _is_lab(t) and not _is_pressure(t)]
    if not limits or not labs or labs[0] > limits[-1]:
        return None
    last = tokens[limits[-1]]
    since = max((n for n in limits if not _same_limit(tokens[n], last)), default=-1)
    own = [n for n in labs if since < n < limits[-1]] or [n for n in labs if n < limits[-1]][-1:]
    return _Rule([tokens[n] for n in labs], [tokens[n] for n in own], last)


def _same_limit(one: Token, other: Token) -> bool:
    a, b = one.comparison, other.comparison
    return a is not None and b is not None and (a.value, a.unit, a.relative) == (b.value, b.unit, b.relative)


def _as_one(named: Sequence[Token]) -> Token:
    """Several names of quantities as one: a single limit is meant for each of them."""
    concepts = tuple(dict.fromkeys(g for t in named for g in t.concepts))
    return replace(named[0], concepts=concepts, join="and" if len(concepts) > 1 else "")


def _like(token: Token, last: Token) -> Token:
    """``(5 x ULN if ...)``, ``(<= 5 if ...)``: what is not written is as in the limit before."""
    if token.comparison is None or last.comparison is None:
        return token
    before, made = last.comparison, token.comparison
    if made.implied:
        made = replace(made, operator=before.operator, implied=False)
    if made.unit is None and made.relative is None and made.high is None:
        made = replace(made, unit=before.unit, relative=before.relative)
    return replace(token, comparison=made)


def _is_lab(token: Token) -> bool:
    return token.kind is Kind.CONCEPT and family(token) == "lab"


def _is_pressure(token: Token) -> bool:
    """Hypertension beside a blood pressure is its name, no case of another limit."""
    return any(c in {"lab:sbp", "lab:dbp"} for g in token.concepts for c in g)


def _tells_a_case(token: Token) -> bool:
    return _is_site(token) or (token.kind is Kind.CONCEPT and family(token) in ("cond", "disease"))


def _is_site(token: Token) -> bool:
    return token.is_cue(Cue.STATE) and token.name.startswith("site:")


def _is_idle(token: Token) -> bool:
    if token.is_cue(*DENIES):
        return False
    if token.kind in (Kind.OPEN, Kind.CLOSE, Kind.COLON, Kind.SEMICOLON):
        return True
    if token.is_cue(*IDLE):
        return True
    if token.is_cue(*CONNECTIVES):
        return False
    return token.kind in (Kind.WORD, Kind.CUE) and token.text.lower() in WORDS_OF_A_CASE
