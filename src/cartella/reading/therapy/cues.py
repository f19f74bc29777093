"""Cues: words in a table, each standing for one value of one aspect."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cartella.reading.therapy.source import Passage


class CueError(Exception):
    """A table of cues breaks its own rules: says which file, which row and why."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One row. `needs` are pieces of small-lettered text of which one must be there before the pattern is tried."""

    value: str
    group: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a passage."""

    value: str
    group: str
    passage: Passage
    start: int
    end: int


def table(name: str, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The rows of a data file of this package, in the order of `columns`."""
    text = (files("cartella.reading.therapy") / "data" / name).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    heading = tuple(next(reader))
    if heading != columns:
        raise CueError(f"{name}, row 1: the columns are {', '.join(heading)}, expected {', '.join(columns)}")
    return [tuple(row) for row in reader if row]


# A cue does not begin inside a word.
_LEFT_EDGE = r"(?<![A-Za-z])"


@cache
def cues(name: str) -> tuple[Cue, ...]:
    """The cues of a file. A pattern is read in any case unless it begins with `=`."""
    found = []
    for number, (group, value, pattern, needs) in enumerate(table(name, ("group", "value", "pattern", "needs")), 2):
        try:
            cased = pattern.startswith("=")
            compiled = re.compile(_LEFT_EDGE + f"(?:{pattern.removeprefix('=')})", 0 if cased else re.IGNORECASE)
        except re.error as error:
            raise CueError(f"{name}, row {number}: the pattern cannot be read ({error})") from error
        if not needs or needs != needs.lower():
            raise CueError(f"{name}, row {number}: `needs` must name a piece of text in small letters")
        found.append(Cue(value, group, compiled, tuple(needs.split("|"))))
    return tuple(found)


def scan(all_cues: Iterable[Cue], passage: Passage) -> Iterator[Hit]:
    """All hits of the cues in the passage."""
    lower = passage.lower
    for cue in all_cues:
        for need in cue.needs:
            if need in lower:
                for match in cue.pattern.finditer(passage.text):
                    yield Hit(cue.value, cue.group, passage, match.start(), match.end())
                break


def first(pattern: re.Pattern[str], all_passages: Iterable[Passage]) -> tuple[Passage, re.Match[str]] | None:
    """The first passage in which the pattern is found, with its match."""
    for passage in all_passages:
        match = pattern.search(passage.text)
        if match:
            return passage, match
    return None
