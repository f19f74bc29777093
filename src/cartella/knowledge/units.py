"""One spelling per unit.

Registry texts write the same unit in dozens of ways, and general unit parsers are dangerous here (`K/uL` is thousand
per microlitre, not kelvin). So every spelling, in the tables and in the text, passes through `plain_unit` and the
results are compared; what a unit means for an analyte stands in the table units.csv.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻µμ×·∙⋅º％", "0123456789-uux***°%")

_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\s+", ""),
        (r"^per-?cent(?:o|age)?", "%"),
        (r"(?<=[a-z0-9])per(?=[a-z0-9])|^per(?=[a-z])", "/"),
        (r"/100ml$", "/dl"),
        (r"micro-?lit(?:er|re)s?|microl\b|mcl\b|mmc\b|cubicmillimet(?:er|re)s?|cumm\b|mm\^?3", "ul"),
        (r"micro-?mol(?:es?|i)?|mcmol", "umol"),
        (r"micro-?grams?|mcg", "ug"),
        (r"decilit(?:er|re)s?", "dl"),
        (r"millilit(?:er|re)s?", "ml"),
        (r"(?<![a-z])lit(?:er|re)s?|litr[oi]", "l"),
        (r"milligram(?:s|mi|mo)?", "mg"),
        (r"(?<![a-z])(?:grams?|gms?)(?![a-z])", "g"),
        (r"minutes?|minut[oi]|(?<=/)mins", "min"),
        (r"^(?:a?x|\*)(?=10)", ""),
        (r"^(\d+)\*10", r"\1x10"),
        (r"10(?:\*\*|\^|\*|e\+?|exp)(\d{1,2})", r"10^\1"),
        (r"^10([3-9]|1[0-2])(?=/|cells|copies|iu)", r"10^\1"),
        (r"(?:cells?|cellule|cell\.|count|platelets?|leuk?cocytes)(?=/)", ""),
        (r"^(?:k|thousands?|thou|migliaia)(?=/)", "10^3"),
        (r"^(?:m|mil|millions?|milioni)(?=/ul)", "10^6"),
        (r"^(?:millions?|milioni)(?=/)", "10^6"),
        (r"^t(?=/l$)", "10^12"),
        (r"(?:units?|iu|ui)(?=/)", "u"),
        (r"mm/?hg", "mmhg"),
        (r"/1\.73(?:\(?m(?:\^|\*)?2\)?|sqm|mq)?$", "/1.73m2"),
        (r"(?<=ml/min)/m\^?2$", "/1.73m2"),
        (r"ml/m(?=/1\.73|$)", "ml/min"),
        (r"cc(?=/min)", "ml"),
        (r"(?:/|per)?(?:days?|daily|die|giorno|24h(?:ours|rs?|)|24ore|24\.h|\(24\.h\)|24-?hours?|qd|al/d)$", "/d"),
        (r"//", "/"),
        (r"(?<=[a-z])\^(?=2)", ""),
    )
)


@lru_cache(maxsize=4096)
def plain_unit(unit: str) -> str:
    """The unit in the one spelling used for comparison; '' for an empty text."""
    text = unit.translate(_SUPERSCRIPTS).lower().replace("[", "").replace("]", "")
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text
