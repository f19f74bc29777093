"""Staging systems with levels of their own: which of them a text names, and at which levels.

Levels: BCLC 0 and A to D (hepatocellular carcinoma), Rai 0 to IV and Binet A to C (chronic lymphocytic leukaemia), ISS
and R-ISS I to III (myeloma). Source: the systems' own publications, read from memory, 2026-11; the levels are those
that trial texts use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROMAN = ("I", "II", "III")
_SYSTEMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("bclc", r"barcelona(?:[ -]clinic)?(?:[ -]liver)?(?:[ -]cancer)?(?:\s*\(BCLC\))?|BCLC", ("0", "A", "B", "C", "D")),
    ("rai", r"(?:modified\s+)?Rai", ("0", *_ROMAN, "IV")),
    ("binet", r"Binet", ("A", "B", "C")),
    ("riss", r"R-?ISS|revised\s+(?:ISS|international\s+staging\s+system)(?:\s*\(R-?ISS\))?", _ROMAN),
    ("iss", r"ISS|international\s+staging\s+system(?:\s*\(ISS\))?", _ROMAN),
)
SYSTEMS = frozenset(name for name, _, _ in _SYSTEMS)
_ARABIC = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_LEVEL = r"(?:IV|I{1,3}|[0-4]|[A-D])(?![A-Za-z\d])"
_LEVELS = rf"{_LEVEL}(?:\s*(?:,|/|-|–|\bto\b|\bor\b|\band\b|\bo\b|\be\b)+\s*(?:stages?\s+)?{_LEVEL})*"
_BETWEEN = r"(?:[\s:,=-]|\(?staging\)?|stages?|stadio|system|class(?:ification)?|group|risk|is|of)*"
_PATTERNS = tuple(
    (name, levels, re.compile(rf"(?<![\w-])(?:{words}){_BETWEEN}(?<![\w])(?P<levels>{_LEVELS})", re.IGNORECASE))
    for name, words, levels in _SYSTEMS
)


@dataclass(frozen=True, slots=True)
class Staged:
    """A staging system with the levels named, at characters `start` to `end`."""

    system: str
    levels: frozenset[str]
    start: int
    end: int


def stages_in(text: str) -> Iterator[Staged]:
    """Each system that the text names with its levels; ``Rai III-IV`` names all from the first to the last."""
    taken: list[tuple[int, int]] = []
    for name, order, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            written = match["levels"].upper()
            named = re.findall(r"IV|I{1,3}|[0-4]|\b[A-D]\b", written)
            if "I" in order:
                named = [_ARABIC.get(level, level) for level in named]
            if not named or any(level not in order for level in named):
                continue
            taken.append(match.span())
            if len(named) == 2 and re.search(r"-|–|\bTO\b", written):
                named = list(order[order.index(named[0]) : order.index(named[1]) + 1])
            if named:
                yield Staged(name, frozenset(named), match.start(), match.end())
