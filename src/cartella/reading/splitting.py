"""Where the sentences of a criterion end."""

from __future__ import annotations

import re
from itertools import pairwise

END = re.compile(
    r"(?<=[.;])\s+(?!(?i:or)\b)(?=[A-Z(>\"<]|\d)|;\s*(?!(?i:or)\b)(?=\S)|(?<=[a-z)\]])\.(?=[A-Z][a-z])"
    r"|(?<=[.;])\s+(?=(?:[a-h]|[ivx]{1,4}|\d{1,2})\.?\)\s)"
    r"|(?<=\w)\s+(?=\((?:if|If)\b[^()<>=\d]{3,60}\bpositive\b[^()<>=\d]*\)\W*$)"
    r"|(?<=\S)\s+(?=(?:NOTE|Note|N\.B\.)\s*:)"
    r"|(?<=[\w.)])\s+(?=(?:PRIOR CONCURRENT THERAPY|PATIENT CHARACTERISTICS|DISEASE CHARACTERISTICS"
    r"|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Other|Menopausal status"
    r"|Performance status|Life expectancy|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Hormone receptor status):\s)"
)
LISTING = re.compile(r"\b(?:includ\w+|such\s+as|following|limited\s+to|one\s+of)[^.;]*:[^.]*$", re.I)
NO_END = re.compile(
    r"\b(?:e\.g|i\.e|vs|approx|etc|dr|no|inc|al|resp|incl|max|min|ca|spp|var|cf|fig|sec)\.$|(?<![\d/])\b[A-Z]\.$", re.I
)
NAMED_BY_A_LETTER = re.compile(
    r"\b(?:hepatitis|virus|type|vitamin|or|and|grades?|class|cohort|arm|part|phase|factor)\s+[A-Z]\.$", re.I
)
"""``hepatitis C.``: the letter is no initial."""


def split(text: str, start: int) -> list[tuple[int, int]]:
    """The sentences of `text` (which begins at `start` of the plain text) as pairs of plain positions."""
    cuts = [0]
    for match in END.finditer(text):
        if match.start() > 0 and _is_abbreviated(text[: match.start()]):
            continue
        before = text[: match.start()]
        if before.count("(") > before.count(")"):
            continue
        if text[match.start() : match.end()].startswith(";") and LISTING.search(before):
            continue
        cuts.append(match.end())
    cuts.append(len(text))
    pairs = []
    for begin, end in pairwise(cuts):
        while begin < end and text[begin].isspace():
            begin += 1
        while end > begin and text[end - 1].isspace():
            end -= 1
        if begin < end:
            pairs.append((start + begin, start + end))
    return pairs


def _is_abbreviated(before: str) -> bool:
    """Whether the full stop belongs to an abbreviation or an initial."""
    return bool(NO_END.search(before)) and not NAMED_BY_A_LETTER.search(before)
