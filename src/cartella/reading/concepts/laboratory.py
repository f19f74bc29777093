"""Measured values: blood counts, liver and kidney tests, heart and lung function, with units and multiples of limits."""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Expression, Not, Number, Opaque, Operator, Unread
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading
from cartella.reading.comparisons import Comparison
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

NORMAL = re.compile(
    r"\b(?:within\s+(?:the\s+)?(?:institutional\s+)?normal\s+(?:limits?|range)|normal\s+(?:limits?|range|values?|levels?)|nella\s+norma|nei\s+limiti|is\s+normal|normal)\b",
    re.I,
)
HIGH_IS_BAD = frozenset(
    "lab:alt lab:ast lab:bilirubin_total lab:bilirubin_direct lab:creatinine lab:alp lab:inr lab:pt lab:aptt lab:ldh lab:ggt".split()
)
CARRIED = frozenset(
    """adequate satisfactory sufficient baseline measured level levels total absolute calculated estimated corrected peripheral resting count predicted blood left right function
    reserve renal hepatic liver cardiac kidney pulmonary bone marrow haematological hematological hematologic organ rate ratio values value concentration non-oxygen oxygen state required must
    be room air on in or better absolute hemoglobin independent serum/plasma serum normal fasting normal-range good acceptable important index clinically institutional hematopoietic hematopoiesis dysfunction impairment insufficiency point time inadequate impaired poor known evidence abnormal evidenced""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Each measured quantity with the comparison that belongs to it."""
    labs = [(n, t) for n, t in clause.concepts("lab") if not _is_age_or_life(t)]
    if not labs:
        return _weight(clause)
    limits = [(n, t.comparison) for n, t in clause.of_kind(Kind.COMPARISON) if t.comparison]
    result: list[Expression] = []
    taken: set[int] = set()
    for place, (n, token) in enumerate(labs):
        until = labs[place + 1][0] if place + 1 < len(labs) else len(clause.tokens)
        since = labs[place - 1][0] if place else -1
        own = [(m, c) for m, c in limits if n < m < until and m not in taken]
        if not own:
            own = [(m, c) for m, c in limits if since < m < n and m not in taken]
        if not own:
            own = [(m, c) for m, c in limits if m > n][:1]
        if own:
            position, comparison = own[0]
            taken.add(position)
            result.append(_limit(clause, token, comparison, (n, position)))
            clause.claim(n, position)
        elif NORMAL.search(clause.words()) and not re.search(r"\d", clause.words()):
            result.append(_normal(clause, token, n))
            clause.claim(n)
    if result:
        clause.claim_words(CARRIED)
        for n, token in clause.concepts("cond"):
            if any(
                c in {"cond:renal_disease", "cond:liver_disease", "cond:cardiac_disease"}
                for g in token.concepts
                for c in g
            ):
                clause.claim(n)
    return result


def _weight(clause: Clause) -> list[Expression]:
    """A limit in kilograms without a word beside it is the body weight."""
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        if comparison is not None and (comparison.unit or "").strip() == "kg":
            bound = knowledge().analytes["lab:weight"].canonical(comparison.value, "kg")
            if bound is not None and comparison.high is None:
                clause.claim(n)
                clause.claim_words({"weighing", "weight", "body", "weigh"})
                return [Number("lab:weight", comparison.operator, bound, clause.span(n))]
    return []


def _is_age_or_life(token: Token) -> bool:
    return all(c in {"lab:age", "lab:prednisone_equiv"} for group in token.concepts for c in group)


def _limit(clause: Clause, token: Token, comparison: Comparison, at: tuple[int, int]) -> Expression:
    items = [_one(clause, group, comparison, at) for group in token.concepts]
    if token.join == "or" and len(items) > 1 and not clause.unwanted:
        # "ALT or AST <= 3 x ULN" is written for both as often as for either
        return either_reading(conjunction(items), disjunction(items), clause.span(*at))
    return disjunction(items) if clause.unwanted else conjunction(items)


def _one(clause: Clause, candidates: tuple[str, ...], comparison: Comparison, at: tuple[int, int]) -> Expression:
    span = clause.span(*at)
    labs = [c for c in candidates if c in knowledge().analytes]
    made: list[Expression] = []
    for lab in _fitting(labs, comparison):
        quantity = f"{lab}.{comparison.relative}" if comparison.relative else lab
        low = _bound(lab, comparison.value, comparison)
        if low is None:
            continue
        number: Expression = Number(quantity, comparison.operator, low, span)
        if comparison.high is not None:
            high = _bound(lab, comparison.high, comparison)
            if high is None:
                continue
            number = conjunction([number, Number(quantity, comparison.high_operator, high, span)])
        made.append(number)
    if len(made) == 1:
        return made[0]
    return Opaque(Unread.NOT_UNDERSTOOD, span)


def _fitting(labs: list[str], comparison: Comparison) -> list[str]:
    """Creatinine with mL/min is a clearance, whatever the words call it."""
    unit = (comparison.unit or "").replace(" ", "")
    if "lab:creatinine" in labs and re.match(r"(?:ml|cc)/min", unit):
        return ["lab:crcl"]
    return labs


def _bound(lab: str, value: Fraction, comparison: Comparison) -> int | None:
    if comparison.relative:
        return int(value * SCALE) if (value * SCALE).denominator == 1 and 0 < value <= 50 else None
    return knowledge().analytes[lab].canonical(value, comparison.unit)


def _normal(clause: Clause, token: Token, at: int) -> Expression:
    items: list[Expression] = []
    span = clause.span(at)
    for group in token.concepts:
        if len(group) == 1 and group[0] in HIGH_IS_BAD:
            items.append(Number(f"{group[0]}.uln", Operator.AT_MOST, SCALE, span))
        else:
            items.append(Opaque(Unread.NOT_UNDERSTOOD, span))
    within = conjunction(items)
    abnormal = any(t.is_cue(Cue.NOT_BEFORE) for t in clause.tokens)
    return Not(within) if abnormal else within
