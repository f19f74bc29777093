"""Age and sex: ``18 years or older``, ``aged 1-25``, ``adults``, ``female patients``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Code, Expression, Number, Operator, Span
from cartella.reading.clause import Clause, conjunction
from cartella.reading.comparisons import Comparison
from cartella.reading.tokens import Kind

ADULTS = re.compile(
    r"^\W*(?:adults?|adult\s+(?:male|female|men|women|patients?|subjects?|participants?)\b.*|maggiorenn[ei]\b.*)\W*$",
    re.I,
)
SEX = re.compile(
    r"^\W*(?:(?:only\s+)?(?P<female>females?|women|donne)|(?:only\s+)?(?P<male>males?|men|uomini))\s*(?:only|patients?|subjects?|participants?)?\W*$",
    re.I,
)
FEMALE = frozenset({"female", "females", "women", "woman", "donne", "donna"})
MALE = frozenset({"male", "males", "men", "man", "uomini", "uomo"})
MONTHS = re.compile(r"month|mes[ei]", re.I)


def read(clause: Clause) -> list[Expression]:
    """The limits of age, and a sex that stands alone."""
    words = clause.words()
    sexed = _of_one_sex(clause)
    if match := SEX.match(words):
        clause.claim(*range(len(clause.tokens)))
        return [Code("sex", frozenset({"female" if match.group("female") else "male"}), clause.span())]
    result: list[Expression] = []
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        assert comparison is not None
        if _is_age(clause, n, comparison):
            clause.claim(n)
            result.append(_limits(comparison, clause.span(n)))
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
    elif ADULTS.match(words):
        clause.claim(*range(len(clause.tokens)))
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
    if re.search(r"old|of age|di età", unit) or re.search(r"\b(?:older|younger|old)\b", clause.tokens[position].text, re.I):
        return True
    around = [t for t in clause.tokens if t.kind is not Kind.COMPARISON]
    near = any(re.fullmatch(r"ages?|aged|età|older|adults?|old|children|years? old", t.text, re.I) for t in around)
    head = re.match(r"^\W*(?:patient'?s?'?\s+|subject\s+|participant\s+)?(?:ages?|aged|età)\b", clause.words())
    if re.match(r"years?|yrs?|months?|anni|mesi", unit):
        return near or bool(head) or bool(re.search(r"\b(?:age|aged|ages)\b", clause.tokens[position].text, re.I))
    if unit:
        return False
    limit = comparison.high if comparison.high is not None else comparison.value
    before = [c for t in clause.tokens[:position] for group in t.concepts for c in group]
    return bool(head) and 1 <= limit <= 120 and set(before) <= {"lab:age"}


def _limits(comparison: Comparison, span: Span) -> Expression:
    quantity = "age.months" if MONTHS.search(comparison.unit or "") else "age"
    low = Number(quantity, comparison.operator, int(comparison.value * SCALE), span)
    if comparison.high is None:
        return low
    return conjunction([low, Number(quantity, comparison.high_operator, int(comparison.high * SCALE), span)])
