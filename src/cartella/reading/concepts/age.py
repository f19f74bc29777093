"""Age and sex: ``18 years or older``, ``aged 1-25``, ``adults``, ``female patients``."""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.logic import SCALE, Code, Expression, Number, Operator, Span
from cartella.reading.clause import Clause
from cartella.reading.comparisons import Comparison
from cartella.reading.tokens import PEOPLE, Kind

ADULTS = re.compile(
    r"^\W*(?:adults?\W*$|adult\s+(?:(?:male|female|and|or)\s+)*(?:male|female|men|women|patients?|subjects?|participants?)\b"
    r"|maggiorenn[ei]\b)",
    re.I,
)
SEX = re.compile(
    r"^\W*(?:(?:only\s+)?(?P<female>females?|women|donne)|(?:only\s+)?(?P<male>males?|men|uomini))\s*(?:only|patients?|subjects?|participants?)?\W*$",
    re.I,
)
FEMALE = frozenset({"female", "females", "women", "woman", "donne", "donna"})
MALE = frozenset({"male", "males", "men", "man", "uomini", "uomo"})
OTHER_AGE = re.compile(
    r"\bonset\b|\bage\s+at\s+(?:the\s+)?(?:time\s+of\s+)?(?:initial\s+)?diagnosis|\bat\s+(?:initial\s+)?diagnosis\b",
    re.I,
)
AGE_OR = re.compile(r"\b(?:ages?|aged|età)\b[^.;,:\n]{0,30}\d[^.;:\n\d]{0,16}\b(?:or|and|o|e)\s*$", re.I)
MONTHS = re.compile(r"mo|mes[ei]", re.I)


def read(clause: Clause) -> list[Expression]:
    """The limits of age, and a sex that stands alone."""
    words = clause.words()
    sexed = _of_one_sex(clause)
    if match := SEX.match(words):
        clause.claim(*range(len(clause.tokens)))
        return [Code("sex", frozenset({"female" if match.group("female") else "male"}), clause.span())]
    result: list[Expression] = []
    if OTHER_AGE.search(words) or "creatinin" in words:
        return sexed  # the age at which the illness began; a row of a table by age
    ages = [
        (n, t.comparison)
        for n, t in clause.of_kind(Kind.COMPARISON)
        if t.comparison and _is_age(clause, n, t.comparison)
    ]
    limits = [limit for n, comparison in ages for limit in _limits(comparison, clause.span(n))]
    if len(limits) > 2 or _nobody_fits(limits):
        return sexed  # several rows of a table
    clause.claim(*(n for n, _ in ages))
    result.extend(limits)
    if result:
        clause.claim(*(n for n, t in enumerate(clause.tokens) if any("lab:age" in group for group in t.concepts)))
        clause.claim_words(
            {
                "aged",
                "age",
                "ages",
                "adults",
                "adult",
                "children",
                "inclusive",
                "older",
                "old",
                "chronological",
                "legal",
            }
        )
    elif adults := ADULTS.match(words):
        start = clause.tokens[0].start
        clause.claim(*(n for n, t in enumerate(clause.tokens) if t.end - start <= adults.end()))
        result.append(Number("age", Operator.AT_LEAST, 18 * SCALE, clause.span()))
    return sexed + result


def _of_one_sex(clause: Clause) -> list[Expression]:
    """``male participants with partners ...``: the words that follow concern one sex."""
    for n, token in enumerate(clause.tokens[:4]):
        word = token.text.lower()
        if word in FEMALE or word in MALE:
            if n not in clause.used and not any(t.kind is Kind.CONCEPT for t in clause.tokens[:n]):
                clause.claim(n)
                return [Code("sex", frozenset({"female" if word in FEMALE else "male"}), clause.span(n))]
            break
    return []


def _is_age(clause: Clause, position: int, comparison: Comparison) -> bool:
    unit = comparison.unit or ""
    if re.search(r"old|of age|di età", unit) or re.search(
        r"\b(?:older|younger|old)\b", clause.tokens[position].text, re.I
    ):
        return True
    if re.match(r"years?|yrs?|y\.?o", unit) and PEOPLE.search(clause.plain.text[: clause.tokens[position].start][-40:]):
        return True
    around = [t for t in clause.tokens if t.kind is not Kind.COMPARISON]
    near = any(re.fullmatch(r"ages?|aged|età|older|adults?|old|children|years? old", t.text, re.I) for t in around)
    carried = _carried_on(clause, position)
    head = re.match(r"^\W*(?:patient'?s?'?\s+|subject\s+|participant\s+)?(?:ages?|aged|età)\b", clause.words())
    if re.match(r"years?|yrs?|y\.?o|mos?\b|months?|anni|mesi", unit):
        return (
            near
            or carried
            or bool(head)
            or bool(re.search(r"\b(?:age|aged|ages)\b", clause.tokens[position].text, re.I))
        )
    if unit:
        return False
    limit = comparison.high if comparison.high is not None else comparison.value
    before = [c for t in clause.tokens[:position] for group in t.concepts for c in group]
    return (bool(head) or carried) and 1 <= limit <= 120 and set(before) <= {"lab:age"}


def _carried_on(clause: Clause, position: int) -> bool:
    """``age under 18 or over 75``: the second limit stands alone behind the "or"."""
    if any(t.kind is Kind.CONCEPT or t.kind is Kind.WORD for n, t in enumerate(clause.tokens) if n != position):
        return False
    before = clause.plain.text[max(0, clause.tokens[position].start - 60) : clause.tokens[position].start]
    return bool(AGE_OR.search(before))


def _nobody_fits(limits: list[Number]) -> bool:
    lower = [n.bound for n in limits if n.quantity == "age" and n.operator in (Operator.AT_LEAST, Operator.GREATER)]
    upper = [n.bound for n in limits if n.quantity == "age" and n.operator in (Operator.AT_MOST, Operator.LESS)]
    return bool(lower and upper) and max(lower) >= min(upper)


def _limits(comparison: Comparison, span: Span) -> list[Number]:
    low = _bound(comparison.operator, comparison.value, comparison.low_unit or comparison.unit, span)
    if comparison.high is None:
        return [low]
    return [low, _bound(comparison.high_operator, comparison.high, comparison.unit, span)]


def _bound(operator: Operator, value: Fraction, unit: str | None, span: Span) -> Number:
    return Number("age.months" if MONTHS.match(unit or "") else "age", operator, int(value * SCALE), span)
