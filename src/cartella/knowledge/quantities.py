"""Numbers as they are written in English and Italian texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_WORDS = {
    word: value
    for value, words in enumerate(
        (
            "zero",
            "one un uno una",
            "two due",
            "three tre",
            "four quattro",
            "five cinque",
            "six sei",
            "seven sette",
            "eight otto",
            "nine nove",
            "ten dieci",
        )
    )
    for word in words.split()
}
# "una", "un" and "sei" are articles or verbs far more often than numbers.
_NOT_NUMBERS = frozenset({"un", "uno", "una", "sei"})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_HALVES = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}

_MANTISSA = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    r"|\d{1,3}(?:[ \u00a0\u202f’']\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
)
_EXPONENT = (
    r"\s?[x×X*·]\s?10\s?(?:(?:\^|\*\*|[eE])\s?\+?(?P<up>-?\d{1,2})|(?P<sup>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<lost>[3-9]|1[0-2])(?=\s?(?:/|cells|cellule|CAR|per|L\b|kg)))"
    r"|\s?[x×X*·]\s?10(?P<sci>[eE])(?P<scie>\d{1,2})"
)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?P<mantissa>{_MANTISSA})(?P<half>\s?[½¼¾⅓⅔])?(?:(?:{_EXPONENT})|(?P<plain>[eE][+]?\d{{1,2}})(?!\w))?"
    r"|(?P<alone>[½¼¾⅓⅔])|10(?:\^|\*\*|\*)(?P<power>-?\d{1,2})"
    rf"|(?P<word>\b(?:{'|'.join(sorted(set(_WORDS) - _NOT_NUMBERS))})\b))",
    re.IGNORECASE,
)
_POWER = re.compile(r"10(?:\s?\^\s?|\*\*|\*)(?P<up>-?\d{1,2})(?!\d)|10(?P<sup>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_LOST_POWER = re.compile(r"10([3-9]|1[0-2])")
_TIMES = re.compile(r"(?<![^\W\d])[x×]\s?\Z")
_UNIT = re.compile(r"\s?(?:/|cells|cellule)")
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|per ?cento\b)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}[.,]\d{3}")


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in a text, exact, exponent included.

    `other` is the second reading of one point or comma before three digits: in "50.000" and "1,500" the mark may group
    thousands or begin the decimals. `value` is then the reading of an English text (comma groups, point is decimal);
    the caller, who knows the language and the range of the analyte, chooses. `word` is true for "two", "due".
    """

    start: int
    end: int
    value: Fraction
    percent: bool = False
    other: Fraction | None = None
    word: bool = False


def _mantissa(text: str) -> tuple[Fraction, Fraction | None]:
    compact = re.sub(r"[ \u00a0\u202f’']", "", text)
    if _GROUPED.fullmatch(compact):
        whole = Fraction(compact.replace(".", "").replace(",", ""))
        decimal = Fraction(compact.replace(",", "."))
        if compact.startswith("0"):
            return decimal, None
        return (whole, decimal) if "," in compact else (decimal, whole)
    if compact.count(",") > 1 or ("," in compact and "." in compact):
        return Fraction(compact.replace(",", "")), None
    if compact.count(".") > 1:
        return Fraction(compact.replace(".", "")), None
    return Fraction(compact.replace(",", ".")), None


def _power(exponent: str) -> Fraction:
    return Fraction(10) ** int(exponent.replace("⁻", "-").translate(_SUPERSCRIPTS))


def find_numbers(text: str) -> list[NumberMention]:
    """All numbers in order. Digits that belong to a word ("CD19", "B7-H3") are not numbers."""
    found: list[NumberMention] = []
    position = 0
    while match := _NUMBER.search(text, position):
        start, end = match.span()
        position = end
        scale = Fraction(1)
        other: Fraction | None = None
        if word := match["word"]:
            value = Fraction(_WORDS[word.lower()])
        elif alone := match["alone"]:
            value = _HALVES[alone]
        else:
            power = _POWER.match(text, start)
            if power and not text[power.end() : power.end() + 1].isalnum():
                value, end = _power(power["up"] or power["sup"]), power.end()
                position = end
            else:
                value, other = _mantissa(match["mantissa"])
                if half := match["half"]:
                    value, other = value + _HALVES[half.strip()], None
                exponent = match["up"] or match["sup"] or match["lost"] or match["scie"]
                if exponent:
                    scale = _power(exponent)
                elif match["plain"]:
                    scale = _power(match["plain"][1:].lstrip("+"))
                elif (
                    _LOST_POWER.fullmatch(match["mantissa"])
                    and _TIMES.search(text[max(0, start - 3) : start])
                    and _UNIT.match(text, end)
                ):
                    value, other = _power(match["mantissa"][2:]), None
        percent = _PERCENT.match(text, end)
        found.append(
            NumberMention(
                start,
                end,
                value * scale,
                percent is not None,
                other * scale if other is not None else None,
                bool(match["word"]),
            )
        )
    return found
