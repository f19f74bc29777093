"""Comparisons in a text: ``>= 1.5 x ULN``, ``between 18 and 70 years``, ``50,000/uL or more``, ``0-1``.

Each is found with the characters it covers. Numbers stay exact fractions; what they are compared with is decided by
the reader of the concept they stand beside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from cartella.logic import Operator

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "eighteen": 18, "twice": 2, "double": 2, "single": 1, "first": 1,
    "uno": 1, "una": 1, "un": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8,
    "nove": 9, "dieci": 10, "doppio": 2, "triplo": 3,
}  # fmt: skip

_GE = (
    r">\s*/?\s*=|=\s*>|=\s*>\s*=|>\s*or\s*=|>\s*or\s+equal\s+to|(?:greater|more|higher|larger|older"
    r"|bigger)\s+(?:than\s+)?or\s+e[qu]{2}als?\s+(?:to|than)"
    r"|equal\s+(?:to\s+)?or\s+(?:greater|more|higher|above|older|over)(?:\s+than)?|above\s+or\s+equal\s+to"
    r"|equal\s+(?:to\s+)?or\s+above"
    r"|(?:superior|greater|more|higher)\s+(?:than\s+)?or\s+equals?|at\s+least|no(?:t)?\s+(?:less|lower|fewer"
    r"|younger)\s+than"
    r"|(?:a\s+)?minimum\s+(?:of|age\s+of)?|(?:pari\s+o\s+)?(?:superiore|maggiore)\s+o\s+uguale\s+(?:a|di)"
    r"|uguale\s+o\s+superiore\s+a"
    r"|pari\s+o\s+superiore\s+a|non\s+inferiore\s+a|almeno|minimo(?:\s+di)?|non\s+meno\s+di|maximum\s+>="
)
_LE = (
    r"<\s*/?\s*=|=\s*<|<\s*or\s*=|<\s*or\s+equal\s+to|(?:less|lower|fewer|smaller"
    r"|younger)\s+(?:than\s+)?or\s+equal(?:s)?\s+(?:to|than)"
    r"|equal\s+(?:to\s+)?or\s+(?:less|lower|fewer|below|younger|under)(?:\s+than)?|(?:below|under)\s+or\s+equal\s+to"
    r"|(?:inferior|less|lower)\s+(?:than\s+)?or\s+equals?|at\s+most|no(?:t)?\s+(?:more|greater|higher|older"
    r"|larger)\s+than"
    r"|(?:does\s+|do\s+|must\s+|should\s+)?not\s+exceed(?:ing)?|up\s+to|(?:a\s+)?maximum\s+(?:of|age\s+of)?|no\s+>"
    r"|(?:pari\s+o\s+)?(?:inferiore|minore)\s+o\s+uguale\s+(?:a|di)|uguale\s+o\s+inferiore\s+a"
    r"|pari\s+o\s+inferiore\s+a"
    r"|non\s+superiore\s+a|al\s+massimo|fino\s+a|massimo(?:\s+di)?|non\s+più\s+di"
)
_GT = (
    r">|(?:greater|more|higher|older|larger|bigger|longer)\s+than|above|over|exceed(?:s|ing)?|superior\s+to"
    r"|superiore\s+a|maggiore\s+di|più\s+di|oltre"
)
_LT = (
    r"<|(?:less|lower|fewer|smaller|younger|shorter)\s+than|below|under|inferior\s+to|inferiore\s+a|minore\s+di"
    r"|meno\s+di"
)
_EQ = r"(?<![<>])=(?![<>])"
OPERATORS = (
    (Operator.AT_LEAST, re.compile(_GE, re.I)),
    (Operator.AT_MOST, re.compile(_LE, re.I)),
    (Operator.GREATER, re.compile(_GT, re.I)),
    (Operator.LESS, re.compile(_LT, re.I)),
    (Operator.EQUAL, re.compile(_EQ)),
)
_OPERATOR = f"(?:{_GE}|{_LE}|{_GT}|{_LT}|{_EQ})"

_PLAIN_NUMBER = r"\d{1,3}(?:[,' ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+"
_WORD_NUMBER = "|".join(WORDS)
_POWER = r"(?:\s*[x*]\s*10\s*(?:\^|\*\*|[eE])?\s*\(?(?P<power>[3-9]|1[0-2])\)?(?!\d))?"


def _number(group: str) -> str:
    return rf"(?P<{group}>(?<![\w.])(?:{_PLAIN_NUMBER})|\b(?:{_WORD_NUMBER})\b)"


_UNIT = r"""(?P<unit>
    \s*%(?:\s*(?:predicted|expected|of\s+(?:the\s+)?(?:predicted|expected)(?:\s+(?:value|normal))?
        |of\s+(?:the\s+)?normal(?:\s+value)?|del\s+predetto|del\s+teorico))?
  | \s*(?:-\s*)?(?:years?|yrs?|y\.?o\.?(?=\W)|months?|mos?|weeks?|wks?|days?|anni|mesi|settimane
        |giorni)\b(?:\s*(?:-\s*)?(?:old|of\s+age|di\s+età))?
  | \s*(?:percent|per\s+cent)\b
  | \s*(?:cells?|copies|leu[ck]ocytes|lymphocytes|neutrophils|platelets|cellule)?\s*(?:/|per\s+)\s*(?:[uµ]\s*l
        |mc\s*l|micro-?\s*lit(?:er|re)s?|mm\s*\^?\s*\(?3\)?|cubic\s+(?:mm|milli(?:meter|metre)s?)|cu\.?\s*mm|cmm
        |mmc|ml|dl|nl|l(?:iter|itre)?)(?![a-z]{2})
  | \s*(?:per\s+)?(?:mm\s*\^?\s*\(?3\)?|mmc)(?!\w)
  | \s*(?:k|g|thousand|thou|giga)\s*/\s*(?:[uµ]l|mcl|mm\^?3|l|cumm|cu\s*mm)\b
  | \s*(?:gm?|grams?|mg|ug|mcg|ng|pg|mmol|umol|micro-?mol(?:es?|i)?|umoles?|nmol|pmol|miu|iu|ui|u|kiu|m?eq
        |kg)\s*(?:/|per\s+)\s*(?:dl|ml|l|100\s*ml|24\s*h(?:ours|rs|r)?|d(?:ay)?|kg(?:\s*/\s*d(?:ay)?)?
        |m\^?2(?:\s*/\s*d(?:ay)?)?|h|die|liter|litre|deciliter|mol|mmol|g)\b
  | \s*(?:m[lL]|cc)\s*(?:/|per\s+)\s*min(?:ute)?s?\b(?:\s*(?:/|per\s+)\s*1[.,]73\s*(?:m\s*\^?\s*2|mq|sq\.?\s*m)?)?
  | \s*(?:gm%|g%|mg%)
  | \s*(?:kg|kgs|kilograms?|kilogrammi|lbs?|pounds|mm\s*hg|mmhg|msec|ms|seconds?|s|cm|mm|mg|gm|g|gy|cgy|l)\b(?!/)
)?"""
_LIMIT = r"""(?P<limit>
    \s*(?:x\s*times?|[x*](?=[\s(]|the|u|i|l|n)|times?|-?\s*fold|volte|\(x\)
        |(?:times?\s*)?[(\[]\s*(?:<=|>=|<|>)?\s*\d+(?:[.,]\d+)?\s*x?\s*[)\]]\s*(?:times?
        |x)?)?\s*(?:higher\s+than\s+|greater\s+than\s+|above\s+|per\s+)?(?:of\s+)?(?:the\s+
        |il\s+)?(?:institution(?:'?s|al|'s)?\s+|local\s+|laboratory(?:'s)?\s+|lab\s+|age[- ]adjusted\s+
        |age[- ]specific\s+|respective\s+|normal\s+)*
      (?P<uln>(?:upper|high(?:er|est)?|maximum)\s*(?:limits?\s*(?:of\s+)?(?:the\s+)?(?:institution\w*\s+
        |laboratory\s+|local\s+)?(?:normal|reference)?(?:\s+(?:range|value|values|limits?))?|normal\s+(?:limit
        |value|range)s?(?:\s+value)?|(?:value|limit)\s+of\s+normal(?:\s+value)?
        |bound\s+of\s+(?:the\s+)?normal(?:\s+range)?)
         |i?ulnv?(?![a-z]{2})|unl\b|uln\b|limite\s+superiore\s+(?:di|della)\s+norm\w+|lsn\b|upper\s+normal)
      (?:\s*[\[(]\s*(?:i?uln|lsn)\s*[\])])?(?:\s+for\s+(?:the\s+)?(?:age|lab\w*|institution|site))?(?:\s+range)?
  | \s*(?:[x*]|times?|volte)?\s*(?:of\s+)?(?:the\s+)?(?:institution(?:al)?\s+)?
      (?P<lln>lower\s+(?:limits?\s+of\s+(?:the\s+)?normal(?:\s+(?:range|value))?|normal\s+limit)|lln\b)(?:\s*[\[(]\s*lln\s*[\])])?
  | \s*(?:[x*]|times|fold)\s*(?:of\s+)?(?:the\s+)?(?P<normal>normal(?:\s+(?:limit|value|range|upper\s+limit)s?)?)\b
)?"""

_AGAIN = rf"(?:\s*[\[(]?\s*(?P<again>{_OPERATOR})\s*[\])]?)?"
_WORTH = _number("number") + _POWER + _UNIT + _LIMIT
REVERSED = re.compile(
    rf"""(?P<op>{_OPERATOR})?\s*(?:the\s+)?(?:(?:upper|normal)\s+
        (?:upper\s+)?limits?(?:\s+of\s+(?:the\s+)?normal(?:\s+(?:value|range))?)?
        |i?uln)\s*(?:\(i?uln\)\s*)?(?:[x*]|times|by)\s*(?P<number>\d+(?:[.,]\d+)?)(?!\s*10)""",
    re.I | re.X,
)
BARE_LIMIT = re.compile(rf"(?P<op>{_OPERATOR}){_LIMIT}", re.I | re.X)
RESTATED = re.compile(
    rf"\s*[\[(]\s*(?:or\s+|i\.?e\.?,?\s*|equivalent\s+to\s+|equals?\s+|=\s*)?(?P<op>{_OPERATOR})?\s*{_WORTH}\s*[\])]",
    re.I | re.X,
)
AGE_BETWEEN = re.compile(
    rf"""{_number("low")}\s*(?P<unit0>years?|yrs?|months?|anni|mesi)?\s*(?P<lowop><\s*=|=\s*<
        |<)\s*(?:patient(?:'?s)?\s+)?(?:age|età)
        \s*(?:\(years?\))?\s*(?P<highop><\s*=|=\s*<|<)\s*{_number("high")}\s*(?P<unit>years?|yrs?|months?|anni
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
INCLUSIVE = re.compile(
    r"\s*,?\s*[\[(]?\s*(?:both\s+)?(?:inclusive|included|inclusi|compresi|(?:including|with|contain(?:s"
    r"|ing))\s+(?:the\s+)?(?:(?:borderline|boundary|cut-?off|critical|both|end)\s*(?:values?|ages?|ends?)?"
    r"|\d{1,3}\s*(?:years?)?\s*(?:and|or|,)?\s*\d{1,3})(?:\s*(?:years?\s*(?:old)?"
    r"|years\s+of\s+age))?)(?!\w)\s*[\])]?",
    re.I,
)
JOINED = re.compile(r"\s*,?\s*(?:and|but|to|e|ed|ma)?\s*(?:is\s+|are\s+|also\s+|a\s+)?", re.I)
COMPARISON = re.compile(rf"(?P<op>{_OPERATOR}){_AGAIN}\s*(?:of\s+|a\s+)?(?:the\s+)?\(?{_WORTH}", re.I | re.X)
_COMPACT = re.compile(r"\s+")
TRAILING = re.compile(
    rf"""{_WORTH}\s*(?:points?\s+)?(?:\(?(?:or|and|o|e)\)?\s+)(?P<more>more|greater|above|older|over|higher|better
        |up|upwards|più|oltre|superiore)\b(?!\s+(?:than|\d))
       |{_number("number2")}\s*(?:-\s*)?(?P<unit2>years?|yrs?|anni|%|months?)?(?:\s+(?:old|of\s+age))?\s*(?:(?:or
        |and|o|e)\s+)(?P<less>less|fewer|below|under|younger|lower|meno)\b(?!\s+(?:than|\d))
       |{_number("number3")}\s*(?P<unit3>years?|yrs?)\s+(?P<older>older|and\s+older)\b""",
    re.I | re.X,
)
RANGE = re.compile(
    rf"""(?:(?P<between>between|from|da|tra|ranging\s+from|of|aged|age|ages)\s+)?(?P<lowop>>=|>(?!=))?\s*
        (?<![\w.]){_number("low")}\s*(?P<unit0>years?|yrs?|months?|kg|%|cm|mm|weeks?|anni|g/dl
        |mg/dl)?\s*(?:\((?:inclusive|included)\)\s*)?(?:\s+(?:old|of\s+age))?\s*
        (?:-|~|to|through|and(?=\s*[<\d])|until|till|a|e(?=\s*\d))\s*(?P<highop><=|=<|<(?!=))?\s*
        {_number("high")}(?![\d^]){_POWER}{_UNIT}{_LIMIT}""",
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
A_NUMBER = re.compile(rf"\d|\b(?:{_WORD_NUMBER})\b", re.I)
A_LIMIT = re.compile(r"limit|uln", re.I)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` `value` `unit`; with `high` it is the closed range from value to high.

    `low_unit` is the unit of the range's lower end where it differs (``6 months to 16 years``); `restated` the same
    limit in another unit, as a bracket behind it repeats it (``8 g/dL (80 g/L)``).
    `relative` is "uln" or "lln" for a multiple of the laboratory's limit, else None. `start` and `end` count
    characters of the searched text.
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


def number(text: str, *, decimal_comma: bool = False) -> Fraction:
    """The exact value of a written number; a point or comma before exactly three digits separates thousands.

    ``1.500`` and ``1,500`` are 1500; ``1.5``, ``1,5`` are one and a half; ``0.500`` keeps its point.
    """
    word = text.strip().lower()
    if word in WORDS:
        return Fraction(WORDS[word])
    word = word.replace("'", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", word) and not word.startswith("0"):
        return Fraction(word.replace(",", ""))
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", word) and (decimal_comma or word.endswith("000") or word.count(".") > 1):
        return Fraction(word.replace(".", ""))
    return Fraction(word.replace(",", "."))


def find_comparisons(text: str) -> list[Comparison]:
    """All comparisons in `text`, leftmost first, none overlapping."""
    found: list[Comparison] = []
    if not (A_NUMBER.search(text) or A_LIMIT.search(text)):
        return found
    for maker in (_reversed, _ages_between, _trailing, _ranges, _leading, _bare_limits, _digit_lists):
        for one in maker(text):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return _completed(text, sorted(found, key=lambda c: c.start))


LOW = (Operator.AT_LEAST, Operator.GREATER)
HIGH = (Operator.AT_MOST, Operator.LESS)


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
        again = RESTATED.match(text, one.end)
        if again is not None and (restated := _restated(one, again)) is not None:
            one = replace(one, end=again.end(), restated=restated)
        more = METHOD.match(text, one.end) or (INCLUSIVE.match(text, one.end) if one.high is not None else None)
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


def _restated(one: Comparison, match: re.Match[str]) -> Comparison | None:
    unit = _unit(match)
    if unit is None or one.unit is None or unit == one.unit or one.relative or one.high is not None:
        return None
    operator = _operator(match.group("op")) if match.group("op") else one.operator
    if operator is not one.operator or _relative(match):
        return None
    return Comparison(match.start(), match.end(), operator, _worth(match), unit)


def _operator(words: str) -> Operator:
    return next(op for op, pattern in OPERATORS if pattern.fullmatch(words))


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
    power = match.groupdict().get("power")
    return value * 10 ** int(power) if power else value


def _reversed(text: str) -> list[Comparison]:
    """``<= ULN x 2.5``: the limit stands before its multiple."""
    found: list[Comparison] = []
    if not A_LIMIT.search(text):
        return found
    for match in REVERSED.finditer(text):
        if match.group("op"):
            operator = _operator(match.group("op"))
            found.append(Comparison(match.start(), match.end(), operator, number(match.group("number")), None, "uln"))
    return found


def _leading(text: str) -> list[Comparison]:
    found = []
    for match in COMPARISON.finditer(text):
        # "greater than >= 1.5": the sign says it exactly
        operator = _operator(match.group("again") or match.group("op"))
        end = match.end()
        found.append(Comparison(match.start(), end, operator, _worth(match), _unit(match), _relative(match)))
    return found


def _bare_limits(text: str) -> list[Comparison]:
    """``> ULN``, ``above the lower limit of normal``: one times the limit."""
    if not A_LIMIT.search(text):
        return []
    return [
        Comparison(m.start(), m.end(), _operator(m.group("op")), Fraction(1), None, _relative(m))
        for m in BARE_LIMIT.finditer(text)
        if m.group("uln") or m.group("lln")
    ]


def _ages_between(text: str) -> list[Comparison]:
    """``18 <= age <= 70``: the age stands between its limits."""
    found = []
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
    found = []
    for match in TRAILING.finditer(text):
        if COMPARISON.match(text, max(0, match.start() - 3)):
            continue
        if match.group("less"):
            one = Comparison(
                match.start(), match.end(), Operator.AT_MOST, number(match.group("number2")), _unit(match, "unit2")
            )
        elif match.group("older"):
            one = Comparison(
                match.start(), match.end(), Operator.AT_LEAST, number(match.group("number3")), _unit(match, "unit3")
            )
        else:
            one = Comparison(
                match.start(), match.end(), Operator.AT_LEAST, _worth(match), _unit(match), _relative(match)
            )
        found.append(one)
    return found


def _ranges(text: str) -> list[Comparison]:
    found = []
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
