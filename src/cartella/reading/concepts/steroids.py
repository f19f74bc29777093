"""Doses of systemic steroids: ``more than 10 mg prednisone a day``, ``>= 0.5 mg/kg of methylprednisolone``.

Every dose is compared as prednisone: by the factors of ``knowledge/data/steroids.csv``, and by kilogram where the text
names kilograms.
"""

from __future__ import annotations

import re

from cartella.knowledge import knowledge
from cartella.logic import SCALE, And, Expression, Not, Number, Opaque, Operator, Or, Presence, Unread
from cartella.reading.clause import Clause
from cartella.reading.comparisons import Comparison
from cartella.reading.concepts.presence import time_of
from cartella.reading.tokens import Kind, Token

STEROIDS = "class:corticosteroid"
DOSE = re.compile(r"^mg(?P<kg>/kg)?(?:/(?:d(?:ay)?|24h\w*|die))?$")
BY_WEIGHT = re.compile(r"^[\w\s()-]{0,40}?/\s*kg\b", re.I)
"""``0.5 mg prednisone equivalent/kg/day``: the kilogram stands behind the drug."""
ABOVE_REPLACEMENT = re.compile(
    r"\b(?:above|beyond|over|exceed\w*|in\s+excess\s+of|(?:greater|more|higher|larger)\s+than)\s+(?:the\s+|a\s+|those\s+for\s+)?"
    r"(?:normal\s+)?(?:physiolog\w+|replacement|substitut\w+|adrenal)(?:\s+(?:replacement|substitution|steroids?|doses?|dosing"
    r"|levels?|therapy|amounts?))*|\bsupra-?physiolog\w+(?:\s+(?:doses?|dosing|levels?))?",
    re.I,
)
CARRIED = frozenset(
    """equivalent equivalents daily day or dose doses high mg kg of per systemic high-dose chronic continuous other its
    mg/day equal requiring need ongoing at a sum oral intravenous long-term use stable maximum max any kind d
    pharmacological pharmacologic therapeutic""".split()
) | {"high dose", "at a dose of", "a dose of", "long term"}


def dose(clause: Clause, token: Token, position: int) -> Expression | None:
    """The prednisone-equivalent dose of now; one of the recent past is open."""
    if not _all_steroids(token):
        return None
    for n, other in enumerate(clause.tokens):
        if any("lab:prednisone_equiv" in group for group in other.concepts):
            clause.claim(n)
    above = ABOVE_REPLACEMENT.search(clause.words())
    if above is not None and not clause.of_kind(Kind.COMPARISON):
        return _above_replacement(clause, position, above)
    for n, other in clause.of_kind(Kind.COMPARISON):
        comparison = other.comparison
        limit = None if comparison is None else _limit(clause, other, comparison)
        if limit is None:
            continue
        for m, t in enumerate(clause.tokens):
            if _all_steroids(t):
                clause.claim(m)
        clause.claim(n, position)
        clause.claim_words(CARRIED)
        time = time_of(clause, position)
        if time is None or not time.recent or not clause.unwanted:
            return limit
        span = clause.span(n)
        recent = Presence(STEROIDS, frozenset(), time.window, "therapy", span)
        now = Presence(STEROIDS, frozenset({"current"}), None, "medication", span)
        return Or((limit, And((recent, Not(now), Opaque(Unread.NOT_UNDERSTOOD, span)))))
    return None


def _above_replacement(clause: Clause, position: int, words: re.Match[str]) -> Expression:
    """More than 10 mg of prednisone a day replaces nothing (rules of the field: 5 to 10 mg); of less it is open."""
    start = clause.tokens[0].start
    for n, token in enumerate(clause.tokens):
        if (words.start() <= token.start - start < words.end()) or _all_steroids(token):
            clause.claim(n)
    clause.claim_words(CARRIED)
    span = clause.span(position)
    some = And((Number("steroid_dose", Operator.GREATER, 0, span), Opaque(Unread.NOT_UNDERSTOOD, span)))
    return Or((Number("steroid_dose", Operator.GREATER, 10 * SCALE, span), some))


def _limit(clause: Clause, token: Token, comparison: Comparison) -> Number | None:
    unit = DOSE.match(re.sub(r"\s*\bper\b\s*", "/", comparison.unit or "").replace(" ", ""))
    if unit is None or comparison.high is not None:
        return None
    factor = knowledge().steroid_factor(_drug(clause))
    if factor is None:
        return None
    by_weight = bool(unit["kg"] or BY_WEIGHT.match(clause.plain.text[token.end : token.end + 50]))
    quantity = "steroid_dose.per_kg" if by_weight else "steroid_dose"
    # rounded as the doses of a record are, so that equal doses stay equal
    bound = round(comparison.value * factor * SCALE)
    return Number(quantity, comparison.operator, bound, clause.span(clause.tokens.index(token)))


def _drug(clause: Clause) -> str:
    """The steroid whose milligrams are meant; prednisone where none is named."""
    named = (c for t in clause.tokens if t.kind is Kind.CONCEPT for g in t.concepts for c in g)
    return next((c for c in named if knowledge().steroid_factor(c)), "drug:prednisone")


def _all_steroids(token: Token) -> bool:
    house = knowledge()
    named = [c for group in token.concepts for c in group]
    return bool(named) and all(c in house.concepts and STEROIDS in house.ancestors(c) for c in named)
