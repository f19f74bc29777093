"""Lists inside one line: ``defined as: 1) ... 2) ...``, ``i. ... ii. ...``, ``a. ... b. ...``, a run of bullets.

A list is broken only where its marks count up without a gap, and never inside brackets: there it is part of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
LETTERS = tuple("abcdefghij")
NUMBERS = tuple(str(n) for n in range(1, 60))


@dataclass(frozen=True, slots=True)
class Style:
    """How the items of a list are marked: the pattern of a mark, and the marks in order."""

    mark: re.Pattern[str]
    order: tuple[str, ...]


STYLES = (
    Style(re.compile(r"(?<=[.;:,)\s])(?P<n>\d{1,2})[.)](?=\s?[A-Za-z(<>])(?!\d)"), NUMBERS),
    Style(re.compile(r"(?:(?<=[.;:,)\s])|^)\((?P<n>\d{1,2})\)(?=\s{0,2}[A-Za-z<>])"), NUMBERS),
    Style(re.compile(r"(?<=[.;:,)\s])\(?(?P<n>i{1,3}|iv|vi{0,3}|ix|x)[.)](?=\s)"), ROMAN),
    Style(re.compile(r"(?<=[.;:,)\s])\(?(?P<n>[a-j])[.)](?=\s+[A-Za-z<>])"), LETTERS),
)
BULLET = re.compile(r"(?<=[.;:,]\s)\*(?=\s+[A-Z])")


def cuts(text: str, start: int, end: int, marker: str) -> list[tuple[int, int]]:
    """Where the list of a line breaks: for each item after the first piece, where its mark begins and its words begin.

    `marker` is the mark that the line itself begins with; the list may go on from there.
    """
    for style in STYLES:
        found = _counted(style, text, start, end, marker)
        if found:
            return found
    bullets = [(m.start(), m.end()) for m in BULLET.finditer(text, start, end) if not _inside(text, start, m.start())]
    return bullets if len(bullets) > 1 or (bullets and text[start : bullets[0][0]].rstrip().endswith(":")) else []


def _counted(style: Style, text: str, start: int, end: int, marker: str) -> list[tuple[int, int]]:
    core = marker.strip("().")
    own = core in style.order and style.mark.match(f" {marker} A", 1) is not None
    position = style.order.index(core) + 1 if own else 0
    found: list[tuple[int, int]] = []
    for match in style.mark.finditer(text, start, end):
        if position < len(style.order) and match.group("n") == style.order[position] and match.start() > start:
            if _inside(text, start, match.start()):
                continue
            found.append((match.start(), match.end()))
            position += 1
    return found if len(found) >= (1 if own else 2) else []


def _inside(text: str, start: int, position: int) -> bool:
    """Whether a bracket is open at the position."""
    depth = 0
    for character in text[start:position]:
        depth += character in "(["
        if character in ")]":
            depth = max(0, depth - 1)
    return depth > 0
