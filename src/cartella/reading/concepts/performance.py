"""Performance scales: ECOG, Karnofsky, Lansky. Where a text names two scales, the age or the record decides."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Expression, Number, Operator, Or
from cartella.reading.clause import Clause, conjunction, disjunction
from cartella.reading.comparisons import Comparison, find_comparisons
from cartella.reading.tokens import Kind, Token

SCALES = {"scale:ECOG": "ecog", "scale:KPS": "karnofsky", "scale:Lansky": "lansky"}


CARRIED = frozenset(
    "score|index|play|karnofsky|jansky|lansky|for|16|zubrod|ps|0|performance status|grade|ecog-ps|points|point|"
    "criteria|physical|condition|fitness|state|strength|subjects|participants|age|aged|years|if|adequate|good|satisfactory|"
    "clinical|acceptable|greater|level|appropriate|dependent|adult|adults|children|pediatric|opinion|investigator|"
    "investigator's".split("|")
)
AGE_BEFORE = re.compile(r"\b(?:ages?|aged|età)\s*$", re.I)
GRADE = re.compile(r"^(?:grades?|class|stage)\s+(?:of\s+|is\s+|score\s+)*(?P<digits>[0-4][\d\s,/orand-]*)$", re.I)
UNNAMED = re.compile(r"\bperformance\s+(?:status|score|scale|level)\b", re.I)
AS_AGE = re.compile(r"\b1\d\s*(?:years?|yrs?)\b", re.I)


def read(clause: Clause) -> list[Expression]:
    """``ECOG 0-1``; ``Karnofsky (16 years and over) or Lansky (under 16) >= 50``."""
    named: list[tuple[int, str]] = []
    for n, token in clause.concepts("scale"):
        for group in token.concepts:
            named += [(n, SCALES[c]) for c in group if c in SCALES]
    if not named and not UNNAMED.search(clause.words()):
        return []
    compared = [(n, c) for n, t in enumerate(clause.tokens) if n not in clause.used and (c := _compared(t)) is not None]
    ages = [n for n, c in compared if _is_age(clause, n, c)]
    limits = [(n, c) for n, c in compared if n not in ages and _is_score(c)]
    if not limits:
        return []
    found: list[Expression] = []
    taken: set[int] = set()
    for place, (n, quantity) in enumerate(named or [(limits[0][0], "")]):
        following = named[place + 1][0] if place + 1 < len(named) else len(clause.tokens)
        near = [x for x in limits if n < x[0] < following] or [x for x in limits if x[0] > n] or [limits[-1]]
        if not named:
            near = limits
        position, comparison = near[0]
        expression = _limit(clause, quantity or _scale_of(comparison), comparison, position)
        if expression is not None:
            taken.add(position)
            found.append(expression)
    if not found:
        return []
    clause.claim(*(n for n, _ in named), *taken, *ages)
    clause.claim_words(CARRIED)
    clause.claim_test_times()
    clause.claim(*(n for n, t in enumerate(clause.tokens) if any(c == "lab:age" for g in t.concepts for c in g)))
    clause.claim(*(n for n, t in clause.of_kind(Kind.TIME) if AS_AGE.search(t.text)))
    # the scales of one text say the same thing of different ages: whichever was recorded answers
    return [disjunction(list(dict.fromkeys(found)))]


def _compared(token: Token) -> Comparison | None:
    """The comparison of a token; the digits behind "grade" are one as well."""
    if token.comparison is not None:
        return token.comparison
    grade = GRADE.match(token.text)
    found = find_comparisons(grade.group("digits").strip()) if grade else []
    return found[0] if len(found) == 1 else None


def _is_age(clause: Clause, at: int, comparison: Comparison) -> bool:
    before = clause.plain.text[: clause.tokens[at].start][-12:]
    return bool(re.match(r"y|anni", comparison.unit or "") or AGE_BEFORE.search(before))


def _is_score(comparison: Comparison) -> bool:
    return comparison.relative is None and (comparison.unit or "%").startswith(("%", "percent"))


def _scale_of(comparison: Comparison) -> str:
    """ "Performance status 0-1" is the scale of ECOG, "performance status >= 70" that of Karnofsky."""
    top = comparison.high if comparison.high is not None else comparison.value
    return "ecog" if top <= 4 else "karnofsky"


def _limit(clause: Clause, quantity: str, comparison: Comparison, at: int) -> Expression | None:
    span = clause.span()
    top = 5 if quantity == "ecog" else 100
    limit = comparison.high if comparison.high is not None else comparison.value
    if limit > top or (quantity != "ecog" and limit < 10):
        return None
    operator = comparison.operator
    if quantity == "ecog" and clause.tokens[at].text.lower().endswith("better"):
        operator = Operator.AT_MOST
    low = Number(quantity, operator, int(comparison.value * SCALE), span)
    if comparison.high is None:
        return low
    high = Number(quantity, comparison.high_operator, int(comparison.high * SCALE), span)
    if comparison.digits and len(comparison.digits) != comparison.high - comparison.value + 1:
        return Or(tuple(Number(quantity, Operator.EQUAL, d * SCALE, span) for d in comparison.digits))
    return high if comparison.value == 0 else conjunction([low, high])
