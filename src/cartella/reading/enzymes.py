"""Medicines named by the enzyme they act on: ``strong or moderate CYP3A inhibitors or inducers``."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRONG = r"(?:strong|potent|moderate|weak)"
_STRENGTH = rf"(?:{_STRONG}(?:\s*(?:,|/|\bor\b|\band\b|\bto\b)+\s*{_STRONG})*\s+)?"
_KIND = r"(?:inhibitors?|inducers?)"
_ENZYME = (
    r"(?:(?:cytochrome\s+P\s?-?450|CYP\s?450)\s*(?:\(CYP(?:450)?\)\s*)?(?:iso)?(?:enzymes?\s+)?(?:CYP\s?)?3A4?(?:/5)?"
    r"|CYP\s?3A4?(?:/5)?)(?:\s*\(\s*CYP\s?3A4?\s*\))?"
)
_JOIN = r"\s*(?:,|/|\band/or\b|\bor\b|\band\b)\s*"
_WHAT = r"(?:medications?|drugs?|agents?|substances?|foods?|supplements?|herbal\s+products?)"
NAMED = re.compile(
    rf"(?:\b{_WHAT}(?:{_JOIN}{_WHAT})*\s+(?:that|which)\s+are\s+(?:known\s+(?:to\s+be\s+|as\s+))?)?"
    rf"(?<![\w-]){_STRENGTH}(?:{_ENZYME}[\s-]+{_KIND}(?:{_JOIN}{_STRENGTH}(?:{_ENZYME}[\s-]+)?{_KIND})*"
    rf"|{_KIND}(?:{_JOIN}{_STRENGTH}{_KIND})*\s+of\s+(?:the\s+)?{_ENZYME})(?!\w)",
    re.IGNORECASE,
)
_INHIBITORS = {"strong": "class:cyp3a_strong_inhibitor", "moderate": "class:cyp3a_moderate_inhibitor"}


def acting_on_enzymes(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where medicines are named so, and the classes that are meant: any of them."""
    for match in NAMED.finditer(text):
        words = match.group().lower().replace("potent", "strong")
        found = [c for strength, c in _INHIBITORS.items() if strength in words] if "inhibitor" in words else []
        if "inhibitor" in words and (not found or "weak" in words):
            found = ["class:cyp3a_inhibitor"]
        if "inducer" in words:
            found.append("class:cyp3a_inducer")
        yield match.start(), match.end(), tuple(found)
