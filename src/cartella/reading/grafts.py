"""Transplants named as a list with one noun: ``bone marrow or stem cell transplant``, ``tissue/organ graft``."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SOURCE = r"(?:allogen(?:e)?ic|allo|autologous|auto|syngeneic|xenogeneic|haplo-?identical)"
_WHAT = (
    r"(?:(?:solid\s+)?organs?|tissues?|kidney|liver|heart|lung|(?:bone[\s-]+)?marrow|(?:ha?ematopoietic[\s-]+)?(?:stem|progenitor)"
    r"[\s-]*cells?|ha?ematopoietic(?:\s+cells?)?|(?:peripheral\s+)?blood(?:\s+stem[\s-]+cells?)?|(?:umbilical\s+)?cord\s+blood"
    r"|HSC|BM|SC)"
)
_MEMBER = rf"(?:(?:{_SOURCE}[\s-]+)?{_WHAT}|{_SOURCE})(?:\s+transplant(?:s|ations?)?)?(?:\s*\([A-Za-z-]{{2,12}}\))?"
_JOIN = r"(?:\s*(?:,|/|\bor\b|\band\b|\band/or\b)+\s*(?:an?\s+)?)"
LIST = re.compile(
    rf"(?<![\w-]){_MEMBER}(?:{_JOIN}{_MEMBER})+[\s-]+(?:transplant(?:s|ations?)?|grafts?|allografts?)\b", re.IGNORECASE
)
_SPLIT = re.compile(_JOIN, re.IGNORECASE)
_OF_ORGANS = re.compile(r"organ|tissue|kidney|liver|heart|lung|xeno", re.IGNORECASE)


def grafts(text: str) -> Iterator[tuple[int, int, str]]:
    """Each member of such a list, where it stands and what it is; the last takes in the noun."""
    for match in LIST.finditer(text):
        start = match.start()
        for join in [*_SPLIT.finditer(text, start, match.end()), None]:
            end = join.start() if join is not None else match.end()
            if end > start:
                yield start, end, _member(text[start:end])
            start = join.end() if join is not None else end


def _member(words: str) -> str:
    if _OF_ORGANS.search(words):
        return "cond:organ_transplant"
    if re.search(r"\ballo|haplo", words, re.IGNORECASE):
        return "class:allogeneic_hsct"
    return "class:autologous_hsct" if re.search(r"\bauto", words, re.IGNORECASE) else "class:transplant_procedure"
