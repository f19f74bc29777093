"""What the words of a marked value or time say: read here without the reader's own grammar, so that it can be checked.

Only plain forms are understood; words that say anything else are left out of the measure of content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![a-z\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?)(?:\s*[x×*]\s*10\s*[\^*(]*\s*(?P<power>\d{1,2})(?!\d))?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b"
)
_OR_EQUAL = r"\s*/?\s*(?:or)?\s*(?:=|equal)"
_OPERATORS = (  # the first that is found
    (">=", rf"(?:>|(?:greater|more|higher) than){_OR_EQUAL}|=\s*>|[≥⩾≧]|at least|minimum"),
    (">=", r"(?:no|not) (?:less|fewer|lower) than|(?:or|and) (?:more|older|above|greater|higher|over)\b"),
    ("<=", rf"(?:<|(?:less|lower|fewer) than){_OR_EQUAL}|=\s*<|[≤⩽≦]|at most|maximum|up to"),
    ("<=", r"(?:no|not) (?:more|greater|higher) than|(?:or|and) (?:less|younger|below|lower|under)\b"),
    (">", r">|(?:more|greater|higher|older|longer) than|above|over\b|exceed\w*"),
    ("<", r"<|(?:less|lower|younger|fewer|shorter) than|below|under\b"),
)
_LIMITS = (("uln", r"uln|upper (?:normal )?limit|(?:times|x) (?:the )?normal"), ("lln", r"lln|lower limit"))
_UNIT_OF_TIME = re.compile(r"(hour|day|week|month|year)s?\b|\b(hr|wk|yr|mo)s?\b")
_SHORT = {"hr": "hour", "wk": "week", "yr": "year", "mo": "month"}
_FAR = re.compile(r"at least|minimum|more than|longer than|greater than|>|≥|over\b|beyond")


@dataclass(frozen=True, slots=True)
class Amount:
    """Numbers, the side on which they bound (None where no word tells it), the letters of the unit, and the limit."""

    numbers: tuple[Fraction, ...]
    operator: str | None
    unit: str
    limit: str | None


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; `far` if something must lie at least that long ago."""

    count: int
    unit: str
    far: bool


def _numbers(words: str) -> list[Fraction]:
    found = []
    for match in _NUMBER.finditer(words):
        if match["word"]:
            found.append(Fraction(_WORDS[match["word"]]))
        else:
            digits = match["digits"]
            thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits)
            found.append(Fraction(digits.replace(",", "" if thousands else ".")) * 10 ** int(match["power"] or 0))
    return found


def amount_of(words: str) -> Amount | None:
    """The amount that the words of a value state; None without a number."""
    lower = words.lower()
    numbers = _numbers(lower)
    if not numbers:
        return None
    operator = next((sign for sign, pattern in _OPERATORS if re.search(pattern, lower)), None)
    limit = next((name for name, pattern in _LIMITS if re.search(pattern, lower)), None)
    unit = re.sub(r"[^a-z%/]", "", _NUMBER.sub(" ", lower))
    return Amount(tuple(numbers), operator, unit, limit)


def duration_of(words: str) -> Duration | None:
    """The length that the words of a time state; None if they state none, or several."""
    lower = words.lower()
    numbers, units = _numbers(lower), _UNIT_OF_TIME.findall(lower)
    if len(numbers) != 1 or len(units) != 1 or numbers[0].denominator != 1 or "half" in lower:
        return None
    unit = units[0][0] or _SHORT[units[0][1]]
    return Duration(int(numbers[0]), unit, _FAR.search(lower) is not None)
