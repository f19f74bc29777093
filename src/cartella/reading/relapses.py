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
