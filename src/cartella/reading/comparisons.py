"""Comparisons in a text: ``>= 1.5 x ULN``, ``between 18 and 70 years``, ``50,000/uL or more``, ``0-1``.

Each is found with the characters it covers. Numbers stay exact fractions; what they are compared with is decided by
the reader of the concept they stand beside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from cartella.logic import Operator
from cartella.reading.limits import (
    A_LIMIT,
    AT_A_WORD,
    HALF,
    LIMIT,
    OPERATOR,
    POWER,
    ULN,
    UNIT,
    WORD_NUMBER,
    number,
    number_pattern,
    operator_of,
)

_AGAIN = rf"(?:\s*[\[(]?\s*(?P<again>{OPERATOR})\s*[\])]?)?"
_WORTH = number_pattern("number") + POWER + HALF + UNIT + LIMIT
REVERSED = re.compile(
    rf"""{AT_A_WORD}(?P<op>{OPERATOR})?\s*(?:the\s+)?(?:(?:upper|normal)\s+
        (?:upper\s+)?limits?(?:\s+of\s+(?:the\s+)?normal(?:\s+(?:value|range))?)?
        |i?uln)\s*(?:\(i?uln\)\s*)?(?:[x*]|times|by)\s*(?P<number>\d+(?:[.,]\d+)?)(?!\s*10)""",
    re.I | re.X,
)
BARE_LIMIT = re.compile(rf"{AT_A_WORD}(?P<op>{OPERATOR}){LIMIT}", re.I | re.X)
NORMAL_LIMIT = re.compile(
    r"(?P<op>above|over|greater\s+than|exceed(?:s|ing)?|higher\s+than|below|less\s+than|under|lower\s+than)\s+(?:the\s+)?"
    r"(?:(?:institution(?:al)?|laboratory|local|age[- ]adjusted)\s+)*normal\b(?!\s+upper)"
    r"(?:\s+(?:limits?|ranges?|values?|levels?))?",
    re.I,
)
MULTIPLE = re.compile(
    rf"""(?<=[(\[])\s*{number_pattern("alone")}\s*(?:x|times|-?\s*fold)(?=\s+(?:if|for|in|with|when)\b)
      |{number_pattern("number")}{HALF}{A_LIMIT}""",
    re.I | re.X,
)
SPLIT_LIMIT = re.compile(
    rf"\s*(?:x|times?|-?\s*fold)?\s*(?=[(\[][^()\[\]]*[)\]]\s*(?:the\s+)?(?P<uln>{ULN}))", re.I | re.X
)
RESTATED = re.compile(
    rf"\s*[\[(]\s*(?:or\s+|i\.?e\.?,?\s*|equivalent\s+to\s+|equals?\s+|=\s*)?(?P<op>{OPERATOR})?\s*{_WORTH}\s*[\])]",
    re.I | re.X,
)
AGE_BETWEEN = re.compile(
    rf"""{number_pattern("low")}\s*(?P<unit0>years?|yrs?|months?|anni|mesi)?\s*(?P<lowop><\s*=|=\s*<
        |<)\s*(?:patient(?:'?s)?\s+)?(?:age|età)
        \s*(?:\(years?\))?\s*(?P<highop><\s*=|=\s*<|<)\s*{number_pattern("high")}\s*(?P<unit>years?|yrs?|months?|anni
        |mesi)?(?:\s+(?:old|of\s+age))?""",
    re.I | re.X,
)
_FORMULA = (
    r"(?:cockcroft|cockroft|schwartz|mdrd|ckd-?\s?epi|modification\s+of\s+diet|fridericia|bazett|echo|muga"
    r"|pulse\s+oximetry)"
)
METHOD = re.compile(
    r"\s*[\[(]\s*(?:please\s+)?(?:see|refer|appendix|according\s+to\s+appendix)\b[^()\[\]<>=]{0,60}[\])]"
    rf"|\s*[\[(](?=[^()\[\]<>=\d]{{0,40}}{_FORMULA})[^()\[\]<>=]{{3,80}}[\])]",
    re.I,
)
_EDGE = (
    r"(?:borderline|boundary|cut-?\s?off|critical|threshold|both|two|ends?|limits?|edge)"
    r"\s*(?:values?|ages?|ends?|points?)?"
)
_ENDS = (
    r"\d{1,3}\s*(?:years?(?:\s*old)?)?\s*(?:and|or|,|-)?\s*(?:\d{1,3})?(?:\s*(?:years?\s*(?:old)?|years\s+of\s+age))?"
)
INCLUSIVE = re.compile(
    rf"""\s*,?\s*[\[(]?\s*(?:both\s+)?(?:ends?\s+)?(?:are\s+)?
        (?:(?:including|with|contain(?:s|ing)|inclusive\s+of)\s+(?:the\s+)?(?:{_EDGE}|{_ENDS})
         |inclusive|included|inclusi|compresi)(?!\w)\s*[\])]?""",
    re.I | re.X,
)
JOINED = re.compile(r"\s*,?\s*(?:and|but|to|e|ed|ma)?\s*(?:is\s+|are\s+|also\s+|a\s+)?", re.I)
COMPARISON = re.compile(
    rf"{AT_A_WORD}(?P<op>{OPERATOR}){_AGAIN}\s*(?:of\s+|a\s+|to\s+|age\s+)?(?:the\s+)?\(?{_WORTH}", re.I | re.X
)
_COMPACT = re.compile(r"\s+")
MULTIPLIED = re.compile(rf"{number_pattern('number')}{HALF}\s*-?\s*(?:times?|fold|x)\s*\Z", re.I)
"""What may stand before a bare limit: ``five times higher than the upper limit of normal``."""
PARTED = re.compile(r"\d\s*/\s*\Z")
"""A number before which this stands is the second of two: ``6/10 or higher``."""
ABOVE = re.compile(r"\s*(?:above|over|higher|greater|more)\b", re.I)
PAIR = re.compile(r"\s*/\s*\d{2,3}(?![\d.])")
"""The second number of two that are measured together, as of a blood pressure. One alone says nothing, and nothing is
measured in the unit that the comparison is given, so that it stays unread."""
TRAILING = re.compile(
    rf"""{_WORTH}\s*(?:points?\s+)?(?:\(?inclusive\)?\s+)?(?:\(?(?:or|and|o|e)\)?\s+)(?P<more>more|greater|above|older|over|higher|better
        |up|upwards|più|oltre|superiore)\b(?!\s+(?:than|\d))
       |{number_pattern("number2")}\s*(?:-\s*)?(?P<unit2>years?|yrs?|anni|%|months?)?(?:\s+(?:old|of\s+age))?\s*(?:(?:or
        |and|o|e)\s+)(?P<less>less|fewer|below|under|younger|lower|meno)\b(?!\s+(?:than|\d))
       |{number_pattern("number3")}\s*(?P<unit3>years?|yrs?)\s+(?P<older>older|and\s+older)\b""",
    re.I | re.X,
)
RANGE = re.compile(
    rf"""(?:(?P<between>between|from|da|tra|ranging\s+from|of|aged|age|ages)\s+)?(?P<lowop>>=|>(?!=))?\s*
        (?<![\w.]){number_pattern("low")}\s*(?P<unit0>years?|yrs?|months?|kg|%|cm|mm|weeks?|anni|g/dl
        |mg/dl)?\s*(?:\((?:inclusive|included)\)\s*)?(?:\s+(?:old|of\s+age))?\s*
        (?:-|~|to|through|and(?=\s*[<\d])|until|till|a|e(?=\s*\d))\s*(?P<highop><=|=<|<(?!=))?\s*
        {number_pattern("high")}(?![\d^]){POWER}{UNIT}{LIMIT}""",
    re.I | re.X,
)
LIST_OF_DIGITS = re.compile(
    r"(?<![\w.])\d(?:\s*(?:,|/|or|and|o|-|~|to|,\s*or|,\s*and)\s*\d)+(?!\d|\.\d|\s*%|\s*(?:x|/)\s*\d)", re.I
)


WORDS_LISTED = re.compile(
    r"\b(?P<low>one|two|three|un[ao]|due)\s+(?:or|to|o)\s+(?P<high>two|three|four|five|due|tre"
    r"|quattro)\b(?!\s+(?:or|and)\s+more)",
    re.I,
)
A_NUMBER = re.compile(rf"\d|\b(?:{WORD_NUMBER})\b", re.I)
# What a pattern below needs: looking for it first is much faster than the pattern itself.
MULTIPLIES = re.compile(r"(?:[x*]|times|by)\s*\d", re.I)
COMPARES = (
    *("<", ">", "=", "than", "least", "most", "above", "over", "exceed", "below", "under", "minim", "maxim", "up to"),
    *("equ", "superior", "inferior", "almeno", "massimo", "fino a", "oltre", "più di", "meno di", "maggiore", "minore"),
    "uguale",
)
TRAILS = re.compile(
    r"(?:\b(?:or|and|o|e)\)?\s+(?:more|greater|above|older|over|higher|better|up|upwards|più|oltre|superiore|less|fewer"
    r"|below|under|younger|lower|meno)\b)|\b(?:years?|yrs?)\s+(?:and\s+)?older\b",
    re.I,
)
SAYS_LIMIT = re.compile(r"limit|u\s?l\s?n|normal", re.I)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` `value` `unit`; with `high` it is the closed range from value to high.

    `low_unit` is the unit of the range's lower end where it differs (``6 months to 16 years``); `restated` the same
    limit in another unit, as a bracket behind it repeats it (``8 g/dL (80 g/L)``).
    `relative` is "uln" or "lln" for a multiple of the laboratory's limit, else None. `implied`: no operator is
    written (``3 x ULN``). `start` and `end` count characters of the searched text; `tail` are characters further on
    that belong to it as well (``2 times (3 times if ...) the upper limit of normal``).
    """

    start: int
    end: int
    operator: Operator
    value: Fraction
    unit: str | None = None
    relative: str | None = None
    high: Fraction | None = None
    digits: tuple[int, ...] = ()
    high_operator: Operator = Operator.AT_MOST
    low_unit: str | None = None
    restated: Comparison | None = None
    implied: bool = False
    tail: tuple[int, int] | None = None


def find_comparisons(text: str) -> list[Comparison]:
    """All comparisons in `text`, leftmost first, none overlapping."""
    found: list[Comparison] = []
    if not (A_NUMBER.search(text) or SAYS_LIMIT.search(text)):
        return found
    for maker in (
        _reversed,
        _ages_between,
        _trailing,
        _ranges,
        _leading,
        _bare_limits,
        _multiples,
        _digit_lists,
    ):
        for one in maker(text):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return _completed(text, sorted(found, key=lambda c: c.start))


BEFORE_NUMBER = re.compile(rf"{AT_A_WORD}(?P<op>{OPERATOR})\s*$", re.I)
LOW = (Operator.AT_LEAST, Operator.GREATER)
HIGH = (Operator.AT_MOST, Operator.LESS)
_WITH_ITS_EDGE = {Operator.GREATER: Operator.AT_LEAST, Operator.LESS: Operator.AT_MOST}


def _completed(text: str, found: list[Comparison]) -> list[Comparison]:
    """Take in what belongs to a limit: the other end of its range, its repetition in another unit, its method."""
    result: list[Comparison] = []
    for one in found:
        if result and one.start < result[-1].end:
            continue
        last = result[-1] if result else None
        range_ = _range_of(last, one) if last and JOINED.fullmatch(text, last.end, one.start) else None
        if range_ is not None:
            more = INCLUSIVE.match(text, range_.end)
            result[-1] = replace(range_, end=more.end()) if more else range_
            continue
        split = SPLIT_LIMIT.match(text, one.end) if one.relative is None and one.unit is None else None
        if split is not None:
            result.append(replace(one, end=split.end(), relative="uln", tail=split.span("uln")))
            continue
        again = RESTATED.match(text, one.end)
        if again is not None and _repeats(one, again):
            sign = again.group("op")
            one = replace(one, end=again.end(), operator=operator_of(sign) if sign else one.operator)
        elif again is not None and (restated := _restated(one, again)) is not None:
            one = replace(one, end=again.end(), restated=restated)
        more = METHOD.match(text, one.end)
        if more is None and (more := INCLUSIVE.match(text, one.end)) is not None and one.high is None:
            one = replace(one, operator=_WITH_ITS_EDGE.get(one.operator, one.operator))
        result.append(replace(one, end=more.end()) if more else one)
    return result


def _range_of(first: Comparison, second: Comparison) -> Comparison | None:
    """``>= 1 and <= 30 years``, ``at least one and no more than three``: two limits that face each other."""
    if any(c.high is not None or c.restated is not None for c in (first, second)):
        return None
    low, high = (first, second) if first.operator in LOW else (second, first)
    if low.operator not in LOW or high.operator not in HIGH or low.value >= high.value or low.relative != high.relative:
        return None
    return Comparison(
        first.start,
        second.end,
        low.operator,
        low.value,
        high.unit or low.unit,
        low.relative,
        high.value,
        (),
        high.operator,
        low.unit if high.unit and low.unit != high.unit else None,
    )


def _repeats(one: Comparison, match: re.Match[str]) -> bool:
    """``greater than fifty percent (>= 50%)``: the same limit again, perhaps with a sign that says it exactly."""
    unit, sign = _unit(match), match.group("op")
    same_way = sign is None or (operator_of(sign) in LOW) == (one.operator in LOW)
    same_unit = unit == one.unit or {unit, one.unit} == {"%", "percent"}
    return (
        one.high is None and same_way and same_unit and _worth(match) == one.value and _relative(match) == one.relative
    )


def _restated(one: Comparison, match: re.Match[str]) -> Comparison | None:
    unit = _unit(match)
    if unit is None or one.unit is None or unit == one.unit or one.relative or one.high is not None:
        return None
    operator = operator_of(match.group("op")) if match.group("op") else one.operator
    if (operator in LOW) != (one.operator in LOW) or _relative(match):
        return None
    return Comparison(match.start(), match.end(), operator, _worth(match), unit)


def _relative(match: re.Match[str]) -> str | None:
    if match.group("uln") or match.group("normal"):
        return "uln"
    return "lln" if match.group("lln") else None


def _unit(match: re.Match[str], group: str = "unit") -> str | None:
    unit = match.group(group)
    if not unit:
        return None
    plain = _COMPACT.sub(" ", unit.strip(" -")).lower().replace("(3)", "3")
    if plain.startswith("%"):
        return "% predicted" if len(plain) > 1 else "%"
    return f"/{plain}" if re.match(r"mm\s?\^?3|mmc", plain) else plain or None


def _worth(match: re.Match[str], group: str = "number") -> Fraction:
    value = number(match.group(group))
    found = match.groupdict()
    if found.get("half"):
        value += Fraction(1, 2)
    return value * 10 ** int(found["power"]) if found.get("power") else value


def _reversed(text: str) -> list[Comparison]:
    """``<= ULN x 2.5``: the limit stands before its multiple."""
    found: list[Comparison] = []
    if not SAYS_LIMIT.search(text) or not MULTIPLIES.search(text):
        return found
    for match in REVERSED.finditer(text):
        if match.group("op"):
            operator = operator_of(match.group("op"))
            found.append(Comparison(match.start(), match.end(), operator, number(match.group("number")), None, "uln"))
    return found


def _leading(text: str) -> list[Comparison]:
    found: list[Comparison] = []
    small = text.lower()
    if not any(sign in small for sign in COMPARES):
        return found
    for match in COMPARISON.finditer(text):
        # "greater than >= 1.5": the sign says it exactly
        operator = operator_of(match.group("again") or match.group("op"))
        one = Comparison(match.start(), match.end(), operator, _worth(match), _unit(match), _relative(match))
        pair = PAIR.match(text, one.end)
        one = replace(one, end=pair.end(), unit="of a pair") if pair else one
        found.append(_percent_as_multiple(_fraction_of_predicted(text, one), match.group("limit") or ""))
    return found


PREDICTED = re.compile(r"\s*(?:of\s+)?(?:the\s+)?predicted(?:\s+values?)?\b", re.I)


def _fraction_of_predicted(text: str, one: Comparison) -> Comparison:
    """``>= 0.65 of predicted``: 65 % of what is predicted."""
    told = PREDICTED.match(text, one.end)
    if told is None or one.unit is not None or one.relative is not None or not 0 < one.value < 1:
        return one
    return replace(one, end=told.end(), value=one.value * 100, unit="% predicted")


def _percent_as_multiple(one: Comparison, limit: str) -> Comparison:
    """``120 % of the upper limit of normal``, ``20 % above`` it: both are 1.2 times the limit."""
    if one.relative is None or one.unit != "%":
        return one
    return replace(one, value=(one.value + (100 if ABOVE.match(limit) else 0)) / 100, unit=None)


def _bare_limits(text: str) -> list[Comparison]:
    """``> ULN``, ``above institutional normal``: one times the limit, or what ``three times`` before it says."""
    found = []
    if SAYS_LIMIT.search(text):
        found = [
            Comparison(m.start(), m.end(), operator_of(m.group("op")), Fraction(1), None, _relative(m))
            for m in BARE_LIMIT.finditer(text)
            if m.group("uln") or m.group("lln")
        ]
    for match in NORMAL_LIMIT.finditer(text):
        operator = operator_of(_COMPACT.sub(" ", match.group("op")))
        relative = "uln" if operator is Operator.GREATER else "lln"
        found.append(Comparison(match.start(), match.end(), operator, Fraction(1), None, relative))
    return [_multiplied(text, one) for one in found]


def _multiplied(text: str, one: Comparison) -> Comparison:
    times = MULTIPLIED.search(text, 0, one.start) if one.operator is Operator.GREATER else None
    return replace(one, start=times.start(), value=_worth(times)) if times is not None else one


def _multiples(text: str) -> list[Comparison]:
    """``5 x ULN``, ``(5 times if ...)``: a multiple without an operator; what it means depends on its neighbours."""
    if not SAYS_LIMIT.search(text):
        return []
    found = []
    for match in MULTIPLE.finditer(text):
        group, relative = ("alone", "uln") if match.group("alone") else ("number", _relative(match))
        if relative is not None:
            value = _worth(match, group)
            start = match.start(group)
            found.append(Comparison(start, match.end(), Operator.AT_MOST, value, None, relative, implied=True))
    return found


def _ages_between(text: str) -> list[Comparison]:
    """``18 <= age <= 70``: the age stands between its limits."""
    found: list[Comparison] = []
    if "<" not in text:
        return found
    for match in AGE_BETWEEN.finditer(text):
        low, high = number(match.group("low")), number(match.group("high"))
        operators = [Operator.GREATER if match.group("lowop") == "<" else Operator.AT_LEAST]
        operators.append(Operator.LESS if match.group("highop") == "<" else Operator.AT_MOST)
        unit, first = match.group("unit") or match.group("unit0") or "years", match.group("unit0")
        if low < high:
            found.append(
                Comparison(
                    match.start(), match.end(), operators[0], low, f"{unit} of age".lower(), None, high, (),
                    operators[1], f"{first} of age".lower() if first and first != unit else None,
                )
            )  # fmt: skip
    return found


def _trailing(text: str) -> list[Comparison]:
    found: list[Comparison] = []
    if not TRAILS.search(text):
        return found
    for match in TRAILING.finditer(text):
        before = BEFORE_NUMBER.search(text, max(0, match.start() - 40), match.start())
        if before is not None and (match.group("less") or operator_of(before.group("op")) not in LOW):
            continue
        start = match.start() if before is None else before.start("op")
        if match.group("less"):
            one = Comparison(
                start, match.end(), Operator.AT_MOST, number(match.group("number2")), _unit(match, "unit2")
            )
        elif match.group("older"):
            one = Comparison(
                start, match.end(), Operator.AT_LEAST, number(match.group("number3")), _unit(match, "unit3")
            )
        else:
            one = Comparison(start, match.end(), Operator.AT_LEAST, _worth(match), _unit(match), _relative(match))
        found.append(one)
    return found


def _ranges(text: str) -> list[Comparison]:
    found: list[Comparison] = []
    if len(A_NUMBER.findall(text)) < 2:
        return found
    for match in RANGE.finditer(text):
        low, high = number(match.group("low")), number(match.group("high"))
        if match.group("power"):
            factor = 10 ** int(match.group("power"))
            low, high = low * factor, high * factor
        in_months = bool(re.match("m", match.group("unit0") or "")) and not re.match(
            r"\s*m", match.group("unit") or "m"
        )
        in_months = bool(re.match("m", match.group("unit0") or "", re.I))
        if low >= high and not (in_months and re.match(r"\s*(?:y|a)", match.group("unit") or "", re.I)):
            continue
        unit, first = _unit(match) or _unit(match, "unit0"), _unit(match, "unit0")
        # the word "age" is a concept of its own
        named = (match.group("between") or "").lower() in {"of", "aged", "age", "ages"}
        start = match.start("lowop" if match.group("lowop") else "low") if named else match.start()
        if (
            not match.group("between")
            and not match.group("lowop")
            and unit is None
            and _relative(match) is None
            and high <= 5
        ):
            continue  # "0-1", "I-II": a list of levels, read below
        found.append(
            Comparison(
                start,
                match.end(),
                Operator.GREATER if match.group("lowop") == ">" else Operator.AT_LEAST,
                low,
                unit,
                _relative(match),
                high,
                (),
                Operator.LESS if match.group("highop") == "<" else Operator.AT_MOST,
                first if first and unit and not unit.startswith(first) else None,
            )
        )
    return found


def _digit_lists(text: str) -> list[Comparison]:
    found = []
    for match in WORDS_LISTED.finditer(text):
        low, high = number(match.group("low")), number(match.group("high"))
        if low < high:
            at_least = Operator.AT_LEAST
            found.append(Comparison(match.start(), match.end(), at_least, low, None, None, high))
    for match in LIST_OF_DIGITS.finditer(text):
        digits = [int(d) for d in re.findall(r"\d", match.group())]
        if re.search(r"-|~|to", match.group()) and len(digits) == 2:
            digits = list(range(digits[0], digits[1] + 1))
        if not digits or sorted(digits) != digits or len(set(digits)) != len(digits):
            continue
        found.append(
            Comparison(
                match.start(), match.end(), Operator.AT_LEAST, Fraction(digits[0]), None, None, Fraction(digits[-1]),
                tuple(digits),
            )
        )  # fmt: skip
    return found
