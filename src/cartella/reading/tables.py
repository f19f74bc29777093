"""Rows of the table of the highest creatinine for an age: ``5 < age <= 10: 1.0``, ``2 to < 6 years 0.8 0.8``.

Paediatric trials print it below a rule that has alternatives ("or a clearance of ..."), often as flattened text. So a
row settles for whoever is of another age, or below its limit; above it the rule decides, and the row stays open.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.logic import SCALE, And, Code, Expression, If, Number, Opaque, Operator, Or, Span
from cartella.reading.clause import conjunction
from cartella.reading.text import PlainText

_OP = (
    r"(?:>\s*=|=\s*>|<\s*=|=\s*<|>|<|greater\s+than\s+or\s+equal\s+to|greater\s+than|less\s+than\s+or\s+equal\s+to"
    r"|less\s+than)"
)
_UNIT = r"(?:months?|mos?|years?|yrs?)\b"
_CREATININE = r"(?:maximum\s+)?(?:serum\s+)?creatinine\s*(?:[\[(]?\s*mg\s*/\s*dl\s*[\])]?)?"
_YEARS = r"\d{1,2}(?![\d.])"
_TO = r"(?:to|-|~)"
ROW = re.compile(
    rf"""(?P<age>\bages?\s*(?:\(\s*years?\s*\)\s*)?:?\s*)?
      (?: (?P<low>{_YEARS})\s*(?P<unit0>{_UNIT})?\s*{_TO}?\s*(?P<to><\s*=|=\s*<|<|{_TO})\s*
          (?:(?P<between>age)\s*(?P<highop><\s*=|<)\s*)?(?P<high>{_YEARS})
        | (?P<op>{_OP})\s*(?P<n>{_YEARS})(?:\s*(?P<unit1>{_UNIT}))?
          (?:\s*(?:and|{_TO})\s*(?P<op2>{_OP})?\s*(?P<n2>{_YEARS}))?
      )\s*(?P<unit>{_UNIT})?(?:\s*(?:old|of\s+age))?\s*(?:[:,&-]\s*)*(?:{_CREATININE})?\s*[:=]?\s*
      (?:males?\s*[:=]?\s*)?(?P<male>\d?\.\d+|(?<=:\s)[1-2](?![\d.]))(?:\s*mg\s*/\s*dl)?
      (?:(?:\s+|\s*[,;/]\s*(?:and\s+)?|\s+and\s+)(?:females?\s*[:=]?\s*)?(?P<female>\d?\.\d+))?(?![\d%])""",
    re.I | re.X,
)
HEAD = re.compile(
    r"^(?:\W|\b(?:maximum|serum|creatinine|mg|dl|ages?|years?|yrs?|months?|males?|females?|and|both|for|gender|sex|old|of)\b)*$",
    re.I,
)
NAMED = re.compile(r"creatinin", re.I)


def read_rows(text: str, start: int, plain: PlainText) -> Expression | None:
    """What the rows in `text` (which begins at `start` of the plain text) ask; None where it is no such table."""
    rows = list(ROW.finditer(text))
    if not all(row.group("age") or row.group("between") or _unit(row) for row in rows):
        return None
    if not rows or not NAMED.search(plain.text) or not HEAD.match(ROW.sub(" ", text)):
        return None
    if not NAMED.search(text) and not all(row.group("female") or _unit(row) for row in rows):
        return None
    return conjunction([_row(row, plain.original(start + row.start(), start + row.end())) for row in rows])


def _row(row: re.Match[str], span: Span) -> Expression:
    limit = _limit(row.group("male"), span)
    if row.group("female") and row.group("female") != row.group("male"):
        female = Code("sex", frozenset({"female"}), span)
        male = Code("sex", frozenset({"male"}), span)
        limit = And((If(male, limit), If(female, _limit(row.group("female"), span))))
    return If(conjunction(_ages(row, span)), Or((limit, Opaque(span=span))))


def _unit(row: re.Match[str]) -> str | None:
    """The unit of the ages of a row, wherever it stands."""
    return row.group("unit") or row.group("unit0") or row.group("unit1")


def _limit(written: str, span: Span) -> Expression:
    return Number("lab:creatinine", Operator.AT_MOST, int(Fraction(written) * SCALE), span)


def _ages(row: re.Match[str], span: Span) -> list[Expression]:
    unit = _unit(row) or "years"
    if row.group("n"):
        found = [_age(_operator(row.group("op")), row.group("n"), unit, span)]
        if row.group("n2"):
            found.append(_age(_operator(row.group("op2") or "<="), row.group("n2"), unit, span))
        return found
    below = (row.group("highop") or row.group("to")).replace(" ", "")
    first = Operator.GREATER if row.group("highop") else Operator.AT_LEAST
    last = Operator.LESS if below == "<" else Operator.AT_MOST
    return [_age(first, row.group("low"), row.group("unit0") or unit, span), _age(last, row.group("high"), unit, span)]


def _operator(written: str) -> Operator:
    words = " ".join(written.lower().split())
    more = ">" in words or words.startswith("greater")
    equal = "=" in words or "equal" in words
    if more:
        return Operator.AT_LEAST if equal else Operator.GREATER
    return Operator.AT_MOST if equal else Operator.LESS


def _age(operator: Operator, written: str, unit: str, span: Span) -> Expression:
    return Number("age.months" if unit.lower().startswith("m") else "age", operator, int(written) * SCALE, span)
