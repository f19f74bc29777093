"""Names that are lists or signs: ``ovarian, fallopian tube or peritoneal cancer``, ``t(15;17)``, a live vaccine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cartella.reading.shared_nouns import shared_nouns

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


LIVE_VACCINES = re.compile(
    r"\b(?:(?:live|un-?attenuated|attenuated|weakened)(?:\s*(?:,|/|-|\(|\)|\band/or\b|\bor\b|\band\b)*\s*)){2,4}"
    r"(?:(?:virus|viral|influenza|bacterial|organism|seasonal)\s+)?vaccin(?:es?|ations?)\b",
    re.IGNORECASE,
)


def spelt_out(text: str) -> Iterator[tuple[int, int, str]]:
    """Where such a name stands, and what it names."""
    if "vaccin" in text.lower():
        for match in LIVE_VACCINES.finditer(text):
            yield match.start(), match.end(), "class:live_vaccine"
    yield from shared_nouns(text)
    for pattern, concept in _NAMES:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), concept
