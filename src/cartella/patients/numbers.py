"""Numbers with their comparators and units in the short texts of records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from cartella.knowledge import NumberMention, find_numbers

_COMPARATOR = re.compile(
    r"(?P<c><=|>=|≤|≥|<|>|=|at least|not less than|no more than|at most|up to|more than|over"
    r"|greater than|above|less than|under|fewer than|below"
    r"|almeno|non più di|fino a|più di|oltre|superiore a|meno di|inferiore a)\s*$",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(r"(?:about|approximately|approx\.?|around|circa|~|ca\.?)\s*$", re.IGNORECASE)
_MEANING = {
    "<": "<",
    "less than": "<",
    "under": "<",
    "fewer than": "<",
    "below": "<",
    "meno di": "<",
    "inferiore a": "<",
    ">": ">",
    "more than": ">",
    "over": ">",
    "greater than": ">",
    "above": ">",
    "più di": ">",
    "oltre": ">",
    "superiore a": ">",
    "<=": "<=",
    "≤": "<=",
    "at most": "<=",
    "no more than": "<=",
    "up to": "<=",
    "non più di": "<=",
    "fino a": "<=",
    ">=": ">=",
    "≥": ">=",
    "at least": ">=",
    "not less than": ">=",
    "almeno": ">=",
    "=": "",
}
_UNIT = re.compile(
    r"\s?(?P<unit>(?:[x×]\s?10[\^*]?\d{1,2}|10[\^*]\d{1,2}|%|[A-Za-zµμ°{}\[\]²³]+)?(?:/[A-Za-zµμ0-9.{}\[\]²³^*]+)*)"
)
_TO = re.compile(r"^\s*(?:-|–|to|a|e|and)\s*$", re.IGNORECASE)
_DATE_LIKE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[/.]\d{1,2}[/.]\d{4}")


_ITALIAN = re.compile(
    r"\b(?:di|del|della|con|senza|per|da|in corso|UI|copie|carica|piastrine|neutrofili"
    r"|emoglobina|epatite|positivo|negativo|malattia|dal|dopo|linee)\b"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: `high` for a range, `comparator` in "<", "<=", ">", ">=" or "", `unit` as written.

    `other` is the second reading of "50.000" and "12,000", and `grouped` whether the language of the text says that the
    mark groups thousands (None: it does not tell); `approximate` where the text says "about".
    """

    start: int
    end: int
    value: Fraction
    unit: str
    comparator: str = ""
    high: Fraction | None = None
    other: Fraction | None = None
    approximate: bool = False
    grouped: bool | None = None


def written_numbers(text: str) -> list[Written]:
    """The numbers of a text, without those of its dates."""
    dates = [match.span() for match in _DATE_LIKE.finditer(text)]
    mentions = [
        number
        for number in find_numbers(text)
        if not any(start <= number.start < end or start < number.end <= end for start, end in dates)
    ]
    found: list[Written] = []
    position = 0
    while position < len(mentions):
        first = mentions[position]
        position += 1
        high = None
        last = first
        if position < len(mentions) and _TO.match(text[first.end : mentions[position].start]):
            second = mentions[position]
            if second.value > first.value:
                high, last = second.value, second
                position += 1
        found.append(_written(text, first, last, high))
    return found


def _written(text: str, first: NumberMention, last: NumberMention, high: Fraction | None) -> Written:
    before = text[: first.start]
    comparator = _COMPARATOR.search(before)
    unit, end = "", last.end
    if last.percent:
        unit = "%"
        end = last.end + (re.match(r"\s?(?:%|per ?cento?)", text[last.end :]) or re.match("", "")).end()  # type: ignore[union-attr]
    elif (match := _UNIT.match(text, last.end)) and match["unit"]:
        unit, end = match["unit"].strip(), match.end()
    return Written(
        first.start,
        end,
        first.value,
        unit,
        _MEANING[comparator["c"].lower()] if comparator else "",
        high,
        first.other,
        bool(_APPROXIMATE.search(before)),
        _grouped(text, first),
    )


def _grouped(text: str, number: NumberMention) -> bool | None:
    """A comma groups thousands in English, a point does in Italian; the other marks the decimals."""
    if number.other is None:
        return None
    italian = bool(_ITALIAN.search(text))
    if "," in text[number.start : number.end]:
        return not italian
    return True if italian else None


def first_fitting(text: str, knows: Callable[[str], bool]) -> Written | None:
    """The first number whose unit is known to `knows`, else the first number without a unit."""
    numbers = written_numbers(text)
    fitting = [number for number in numbers if number.unit and knows(number.unit)]
    bare = [number for number in numbers if not number.unit]
    return fitting[0] if fitting else bare[0] if bare else None
