"""How often the cancer came back, and where: ``second or greater relapse``, ``any marrow relapse``."""

from __future__ import annotations

import re
from dataclasses import dataclass

RELAPSES = "relapses:"
"""How the names of such states begin; the rest is operator, number and "marrow" or nothing."""

_NUMBERS = {
    "any": 1, "first": 1, "1st": 1, "one": 1, "1": 1, "second": 2, "2nd": 2, "two": 2, "2": 2,
    "third": 3, "3rd": 3, "three": 3, "3": 3,
}  # fmt: skip
_ORDINAL = r"first|1st|second|2nd|third|3rd"
_MORE = r"(?:,?\s*(?:or|and|/)\s*(?:greater|grater|later|subsequent|more|higher|further|above|beyond|multiple)|\+)"
_MARROW = r"(?:bone\s+marrow|marrow|BM|medullary)"
_WORDS = r"(?:morphologic(?:al)?|clinical|disease|leuk[a]?emia|h[a]?ematologic(?:al)?|overt|documented)"
PATTERN = re.compile(
    rf"(?<![\w-])(?:(?P<any>any)\s+|(?P<nth>{_ORDINAL})(?P<more>{_MORE})?\s+|(?P<count>one|two|three|[1-3])\s+or\s+more\s+"
    rf"|(?P<least>>=|at\s+least)\s*(?P<least_n>one|two|three|[1-3])\s+)?"
    rf"(?:{_WORDS}\s+)?(?:(?P<marrow>{_MARROW})\s+)?(?:{_WORDS}\s+)?(?:relapses?|recurrences?)\b"
    rf"(?P<behind>\s+or\s+(?:greater|later|higher|more))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Relapse:
    """A number of relapses at characters `start` to `end`; `name` is the name of its state."""

    start: int
    end: int
    name: str


def find_relapses(text: str) -> list[Relapse]:
    """Relapses that are counted or placed; a bare "relapse" is left to the table of cues."""
    found = []
    for match in PATTERN.finditer(text):
        counted = match["nth"] or match["count"] or match["least_n"]
        if not (counted or match["any"] or match["marrow"]):
            continue
        number = _NUMBERS[counted.lower()] if counted else 1
        exactly = match["nth"] and not (match["more"] or match["behind"])
        place = "marrow" if match["marrow"] else ""
        found.append(Relapse(match.start(), match.end(), f"{RELAPSES}{'=' if exactly else '>='}:{number}:{place}"))
    return found


_PARTIAL = r"(?:partial\s+(?:response|remission)s?|PR)(?:\s*\(PR\))?"
_COMPLETE = r"(?:complete\s+(?:response|remission)s?|CR)(?:\s*\(CR\))?"
NO_RESPONSE = re.compile(
    rf"\b(?:fail(?:ure|ed|ing)?\s+to\s+(?:achieve|attain|obtain|reach)|(?:has|have|had|did|does|do)\s+not\s+(?:been\s+)?"
    rf"(?:achiev|attain|obtain|reach)\w*|not\s+(?:achieving|attaining|achieved)|without\s+achieving|no|less\s+than|lack\s+of)"
    rf"\s+(?:at\s+least\s+)?(?:an?\s+)?(?:{_PARTIAL}(?:\s*(?:,|/|or|and)+\s*{_COMPLETE})?|{_COMPLETE}\s*(?:,|/|or|and)+\s*{_PARTIAL}"
    rf"|responses?)(?:\s+or\s+(?:better|greater|above|more))?"
    rf"(?:(?P<first>\s+(?:to|after|on|following)\s+(?:the\s+|prior\s+)?(?:first|1st|initial|front|induction|up-?front|primary)"
    rf"(?:[\s-]line)?\b)|(?=\s+(?:to|after|on|following|from|or|as)\b|\W*$))",
    re.IGNORECASE,
)
"""No partial response to a treatment: that is what refractory means (Lugano 2014, IMWG 2011)."""
_WHOLE = r"complete\s+(?:\w+\s+)?(?:remission|response)"
EARLIER_REMISSION = re.compile(
    r"(?<!not )(?<!not have )(?<!never )"
    r"\b(?:achiev\w+|attain\w+|obtain\w+|reach\w+|history\s+of|prior|previous|after|following|second)\s+"
    rf"(?:an?\s+|the\s+|first\s+|second\s+|documented\s+|prior\s+|previous\s+|initial\s+|negative,?\s+)*{_WHOLE}\b"
    rf"|\b{_WHOLE}\s+(?:\(CR\)\s+)?(?:(?:was|were|is|has|have|had|can|could)\s+)*(?:not|cannot)\s+(?:been\s+|be\s+)?"
    r"(?:achiev|attain|obtain|reach)\w*",
    re.IGNORECASE,
)
"""A complete remission of an earlier day, or one that a treatment did not bring: not the state of the present."""
_REMISSION = re.compile(rf"\b(?:in\s+)?{_WHOLE}", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:malignanc(?:y|ies)|cancers?|tumou?rs?)\s+(?:not\s+related|unrelated|other\s+than|different\s+from)\b"
    r"|\b(?:other|another|second(?:ary)?|concurrent|concomitant|prior|previous)\s+(?:\w+\s+)?(?:malignanc|cancer)",
    re.IGNORECASE,
)


def remissions_not_of_now(text: str) -> list[re.Match[str]]:
    """Complete remissions that are not the present state of the cancer: of another day, or of another cancer."""
    found = list(EARLIER_REMISSION.finditer(text))
    another = _ANOTHER.search(text)
    return found if another is None else [*found, *_REMISSION.finditer(text, another.end())]
