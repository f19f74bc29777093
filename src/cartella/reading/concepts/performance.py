"""Performance scales: ECOG, Karnofsky, Lansky. Where a text names two scales, the age or the record decides."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Expression, Number, Operator, Or
from cartella.reading.clause import Clause, conjunction, disjunction
from cartella.reading.comparisons import Comparison
from cartella.reading.tokens import Kind

SCALES = {"scale:ECOG": "ecog", "scale:KPS": "karnofsky", "scale:Lansky": "lansky"}


CARRIED = frozenset(
    "score|index|play|karnofsky|jansky|lansky|for|16|zubrod|ps|0|performance status|grade|ecog-ps|points|point|criteria|"
    "physical|condition|fitness|state|strength|subjects|participants|age|aged|years|if|adequate|good|satisfactory|clinical|"
    "acceptable|greater|level".split("|")
)
AGE_BEFORE = re.compile(r"\b(?:ages?|aged|età)\s*$", re.I)


def read(clause: Clause) -> list[Expression]:
    """``ECOG 0-1``; ``Karnofsky (16 years and over) or Lansky (under 16) >= 50``."""
    named: list[tuple[int, str]] = []
    for n, token in clause.concepts("scale"):
        for group in token.concepts:
            named += [(n, SCALES[c]) for c in group if c in SCALES]
    if not named:
        return []
    found: list[Expression] = []
    compared = [(n, t.comparison) for n, t in clause.of_kind(Kind.COMPARISON) if t.comparison]
    ages = [
        n for n, c in compared if _is_age(c) or AGE_BEFORE.search(clause.plain.text[: clause.tokens[n].start][-12:])
    ]
    limits = [(n, c) for n, c in compared if n not in ages]
    if not limits:
        return []
    for place, (n, quantity) in enumerate(named):
        following = named[place + 1][0] if place + 1 < len(named) else len(clause.tokens)
        own = [c for m, c in limits if n < m < following] or [c for m, c in limits if m > n] or [limits[-1][1]]
        expression = _limit(clause, quantity, own[0])
        if expression is None:
            return []
        found.append(expression)
    clause.claim(*(n for n, _ in named), *(n for n, _ in limits), *ages)
    clause.claim_words(CARRIED)
    clause.claim(*(n for n, t in enumerate(clause.tokens) if any(c == "lab:age" for g in t.concepts for c in g)))
    # the scales of one text say the same thing of different ages: whichever was recorded answers
    return [disjunction(list(dict.fromkeys(found)))]


def _is_age(comparison: Comparison) -> bool:
    return bool(re.match(r"y|month|anni", comparison.unit or ""))


def _limit(clause: Clause, quantity: str, comparison: Comparison) -> Expression | None:
    span = clause.span()
    top = 5 if quantity == "ecog" else 100
    if comparison.value > top or comparison.unit not in (None, "%", "percent"):
        return None
    low = Number(quantity, comparison.operator, int(comparison.value * SCALE), span)
    if comparison.high is None:
        return low
    if comparison.high > top:
        return None
    high = Number(quantity, comparison.high_operator, int(comparison.high * SCALE), span)
    if comparison.digits and len(comparison.digits) != comparison.high - comparison.value + 1:
        return Or(tuple(Number(quantity, Operator.EQUAL, d * SCALE, span) for d in comparison.digits))
    return high if comparison.value == 0 else conjunction([low, high])
