"""Diseases whose names are lists: ``ovarian, fallopian tube or peritoneal cancer``, POEMS spelt out."""

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
)


def spelt_out(text: str) -> Iterator[tuple[int, int, str]]:
    """Where such a name stands, and what it names."""
    for pattern, concept in _NAMES:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), concept
