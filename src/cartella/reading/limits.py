"""How limits are written: operators, numbers in digits and words, units, multiples of the limits of normal.

Building blocks for the patterns of ``comparisons``; each knows spellings only, none what is measured.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.logic import Operator

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "twice": 2, "double": 2, "single": 1, "first": 1,
    "uno": 1, "una": 1, "un": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8,
    "nove": 9, "dieci": 10, "doppio": 2, "triplo": 3,
}  # fmt: skip

AT_A_WORD = r"(?:(?<![A-Za-z])|(?=[^A-Za-z]))"
"""Not in the middle of a word: there is no "over" in "recovered". Put first, it also makes a search much faster."""

_EQUAL = r"e[qu]{2,3}als?"
_MORE = r"(?:greater|more|higher|larger|older|bigger|above|over|superior|longer)"
_FEWER = r"(?:less|lower|fewer|smaller|younger|below|under|inferior|shorter)"
_GE = (
    rf">\s*/?\s*=|=\s*>|=\s*>\s*=|>\s*or\s*=|>\s*or\s+{_EQUAL}\s+to"
    rf"|{_MORE}\s+(?:than\s*)?(?:or|/)\s*{_EQUAL}(?:\s+(?:to|than))?"
    rf"|{_EQUAL}\s+(?:to\s+)?(?:or|/)\s*{_MORE}(?:\s+(?:than|to))?|at\s+or\s+above"
    r"|at\s+least|not?\s+(?:less|lower|fewer|younger|smaller|shorter)\s+than|not\s+(?:be\s+)?below"
    r"|(?:a\s+)?minimum\s+(?:of|age\s+of)?|(?:pari\s+o\s+)?(?:superiore|maggiore)\s+o\s+uguale\s+(?:a|di)"
    r"|uguale\s+o\s+superiore\s+a"
    r"|pari\s+o\s+superiore\s+a|non\s+inferiore\s+a|almeno|minimo(?:\s+di)?|non\s+meno\s+di|maximum\s+>="
)
_LE = (
    rf"<\s*/?\s*=|<\s*/|=\s*<|<\s*or\s*=|<\s*or\s+{_EQUAL}\s+to"
    rf"|{_FEWER}\s+(?:than\s*)?(?:or|/)\s*{_EQUAL}(?:\s+(?:to|than))?"
    rf"|{_EQUAL}\s+(?:to\s+)?(?:or|/)\s*{_FEWER}(?:\s+(?:than|to))?|at\s+or\s+below"
    r"|at\s+most|not?\s+(?:more|greater|higher|older|larger|longer)\s+than|not\s+(?:be\s+)?(?:above|over)"
    r"|(?:does\s+|do\s+|must\s+|should\s+|can)?not\s+exceed(?:ing)?|up\s+to|(?:a\s+)?maximum\s+(?:of|age\s+of)?|no\s+>"
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
OPERATOR = f"(?:{_GE}|{_LE}|{_GT}|{_LT}|{_EQ})"

PLAIN_NUMBER = r"\d{1,3}(?:[,' ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+"
WORD_NUMBER = "|".join(WORDS)
POWER = r"(?:\s*[x*]\s*10\s*(?:\^|\*\*|[eE])?\s*\(?(?P<power>[3-9]|1[0-2])\)?(?!\d))?"
HALF = r"(?P<half>\s+and\s+(?:a|one|1)[\s-]+half|\s+(?:and\s+)?1/2)?"
"""``one and one half times``, ``2 1/2``."""


def number_pattern(group: str) -> str:
    """A number in digits or words, as a named group."""
    return rf"(?P<{group}>(?<![\w.])(?:{PLAIN_NUMBER})|\b(?:{WORD_NUMBER})\b)"


UNIT = r"""(?P<unit>
    \s*%(?:\s*(?:predicted|expected|of\s+(?:the\s+)?(?:best\s+|normal\s+)?(?:predicted|expected)(?:\s+(?:value|normal))?
        |of\s+(?:the\s+)?(?:normal|nv)(?:\s+value)?\b|del\s+predetto|del\s+teorico))?
  | \s*(?:-\s*)?(?:years?|yrs?|y\.?o\.?(?=\W)|months?|mos?|weeks?|wks?|days?|anni|mesi|settimane
        |giorni)\b(?:\s*(?:-\s*)?(?:old|of\s+age|di\s+età))?
  | \s*(?:percent|per\s+cent)\b
  | \s*(?:cells?|copies|leu[ck]ocytes|lymphocytes|neutrophils|platelets|cellule)?\s*(?:/|per\s+)\s*(?:[uµ]\s*l
        |mc\s*l|micro-?\s*lit(?:er|re)s?|mm\s*\^?\s*\(?3\)?|cubic\s+(?:mm|milli(?:meter|metre)s?)|cu\.?\s*mm|cmm
        |mmc|ml|dl|nl|l(?:iter|itre)?)(?![a-z]{2})
  | \s*(?:per\s+)?(?:mm\s*\^?\s*\(?3\)?|mmc)(?!\w)
  | \s*(?:k|g|thousand|thou|giga)\s*/\s*(?:[uµ]l|mcl|mm\^?3|l|cumm|cu\s*mm)\b
  | \s*(?:gm?|grams?|mg|ug|mcg|ng|pg|mmol|u\s?mol|micro-?mol(?:es?|i)?|umoles?|nmol|pmol|miu|iu|ui|u|kiu|m?eq
        |kg)\s*(?:/|per\s+)\s*(?:dl|ml|l|100\s*ml|24\s*h(?:ours|rs|r)?|d(?:ay)?|kg(?:\s*/\s*d(?:ay)?)?
        |m\^?2(?:\s*/\s*d(?:ay)?)?|h|die|liter|litre|deciliter|mol|mmol|g)\b
  | \s*(?:m[lL]|cc)\s*(?:/|per\s+)\s*min(?:ute)?s?\b(?:\s*(?:/|per\s+)\s*(?:1[.,]73\s*(?:m\s*\^?\s*2|mq|sq\.?\s*m)?
        |m\s*\^?\s*2))?
  | \s*l(?:iters?|itres?)?\s*(?:/|per\s+)\s*min(?:ute)?\b
  | \s*(?:gm%|g%|mg%)
  | \s*(?:kg|kgs|kilograms?|kilogrammi|lbs?|pounds|mm\s*hg|mmhg|msec|ms|seconds?|s|cm|mm|mg|gm|g|gy|cgy|l
        |m\s?\^?2)\b(?!/)
)?"""

_WHOSE = (
    r"(?:institution(?:'?s|al|'s)?\s+|local\s+|laborator(?:y|ies)(?:'s)?\s+|lab\s+|age[- ](?:adjusted|specific)\s+"
    r"|respective\s+|reference\s+|site\s+|corresponding\s+)"
)
_NORMAL = r"(?:normal|reference)(?:\s+(?:range|values?|limits?|intervals?))?"
_UPPER = r"(?:upper|high(?:er|est)?|max(?:imum|imal)?)"
ULN = rf"""(?:{_UPPER}\s*(?:limits?\s*(?:of\s+)?(?:the\s+)?{_WHOSE}*(?:{_NORMAL})?
        |normal\s+(?:limit|value|range)s?(?:\s+value)?|(?:values?|limits?|range|end)\s+of\s+(?:the\s+)?{_NORMAL}
        |bound(?:ary)?\s+of\s+(?:the\s+)?{_NORMAL})
     |normal\s+{_UPPER}\s+(?:limits?|values?)|normal\s+(?:value\s+)?{_UPPER}(?:\s+limit)?\b|{_UPPER}\s+normal
     |i?ulnv?(?![a-z]{{2}})|unl\b|u\s?l\s?n\b|limite\s+superiore\s+(?:di|della)\s+norm\w+|lsn\b)"""
_TIMES = r"(?:x\s*times?|[x*](?=[\s(]|the|u|i|l|n)|times?|-?\s*fold|volte|\(x\))"
_AGAIN_IN_BRACKETS = r"[(\[]\s*(?:<=|>=|<|>)?\s*\d+(?:[.,]\d+)?\s*(?:x|times)?\s*[)\]]"
A_LIMIT = rf"""(?P<limit>
    \s*(?:(?:{_TIMES}\s*)?{_AGAIN_IN_BRACKETS}\s*(?:times?|x)?|{_TIMES})?\s*
      (?:higher\s+than\s+|greater\s+than\s+|lower\s+than\s+|above\s+|per\s+)?(?:of\s+)?(?:the\s+|il\s+)?{_WHOSE}*(?:normal\s+)*
      (?P<uln>{ULN})
      (?:\s*[\[(]\s*(?:i?uln|lsn|unl)\s*[\])])?(?:\s+for\s+(?:the\s+)?(?:age|lab\w*|institution|site))?(?:\s+range)?
  | \s*(?:[x*]|times?|volte)?\s*(?:of\s+)?(?:the\s+)?{_WHOSE}*
      (?P<lln>lower\s+(?:limits?\s+of\s+(?:the\s+)?normal(?:\s+(?:range|value))?|normal\s+limit)|lln\b)
      (?:\s*[\[(]\s*lln\s*[\])])?
  | \s*(?:[x*]|times|fold)\s*(?:of\s+)?(?:the\s+)?{_WHOSE}*
      (?P<normal>normal(?:\s+(?:limit|value|range|upper\s+limit)s?)?)\b
)"""
LIMIT = f"{A_LIMIT}?"


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


def operator_of(words: str) -> Operator:
    """What an operator's words mean; they must match one of OPERATORS in full."""
    return next(op for op, pattern in OPERATORS if pattern.fullmatch(words))
