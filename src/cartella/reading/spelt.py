"""Diseases whose names are lists or signs: ``ovarian, fallopian tube or peritoneal cancer``, ``t(15;17)``."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADNEXAL = r"(?:ovar(?:ian|y)|peritoneal|fallopian(?:\s+tubes?)?)"
_NAMES = (
    (
        re.compile(
            r"\bpolyneuropathy,\s*organomegaly,\s*endocrinopathy,\s*(?:and\s+)?monoclonal[\w\s-]{3,40}"
            r"(?:,\s*(?:and\s+)?|\s+and\s+)skin\s+(?:changes?|abnormalities)(?:\s*[(\[]?POEMS[)\]]?)?(?:\s+syndrome)?",
            re.IGNORECASE,
        ),
        "disease:POEMS",
    ),
    (
        re.compile(
            rf"\b(?:epithelial\s+|primary\s+)*{_ADNEXAL}(?:(?:\s*(?:,|/|\bor\b|\band\b)\s*)+(?:primary\s+)?{_ADNEXAL})+"
            rf"\s+(?:cancer|carcinoma|adenocarcinoma)s?\b",
            re.IGNORECASE,
        ),
        "disease:OVT",
    ),
    (
        re.compile(
            r"(?:\b(?:AML|acute\s+myeloid\s+leuk[a]?emia)\s+(?:with|and|harbou?ring|carrying)\s+(?:the\s+|a\s+)?(?:translocation\s+)?)?(?<!\w)t\s?\(\s?15\s?[;:,/]\s?17\s?\)(?:\s?\(q2\d[;,]\s?q\d\d\))?",
            re.IGNORECASE,
        ),
        "disease:APLPMLRARA",
    ),
)


def spelt_out(text: str) -> Iterator[tuple[int, int, str]]:
    """Where such a name stands, and what it names."""
    for pattern, concept in _NAMES:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), concept
