"""What a trial asks, in plain words, for nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass

from cartella.catalogue.embedded import is_unread
from cartella.catalogue.entry import Entry
from cartella.explaining import Lang, words
from cartella.trials.criteria import Section

_LONG = 420
"""Characters above which a point is folded: a longer sentence explains nothing at a glance."""


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """One point. `words` is empty for a point whose words were not understood; `quote` is its own sentence, where the
    text is at hand; `gate` is the step before which it is asked."""

    words: str
    long: bool
    cohort: str | None
    gate: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class PointList:
    """What a trial asks for, or what it excludes; those for everybody first, then group by group."""

    section: str
    points: tuple[ShownPoint, ...]


def point_lists(entry: Entry, text: str | None, lang: Lang) -> list[PointList]:
    """The points of a trial, inclusion and exclusion."""
    found = []
    for section in Section:
        points = [point for point in entry.points if point.section is section]
        shown = []
        for point in sorted(points, key=lambda p: (p.cohort or "", 0 if p.span is None else p.span.start)):
            said = "" if is_unread(point.expression) else words(point.expression, lang, "patient")
            quote = None if text is None or point.span is None else text[point.span.start : point.span.end]
            gate = None if point.gate is None else point.gate.value
            shown.append(ShownPoint(said, len(said) > _LONG, point.cohort, gate, quote))
        found.append(PointList(section.value, tuple(dict.fromkeys(shown))))
    return found
