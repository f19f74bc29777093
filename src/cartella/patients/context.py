"""What all readers of a record share while one record is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Event, Interval, Source
from cartella.patients.dates import iso
from cartella.patients.draft import Draft
from cartella.patients.report import Fate
from cartella.patients.statements import Statement


@dataclass(frozen=True, slots=True)
class Given:
    """A treatment that was given, as the rules on lines and refractoriness need it."""

    path: str
    name: str
    parts: tuple[str, ...]
    lines: frozenset[int]
    start: Interval | None
    end: Interval | None
    current: bool
    systemic: bool


@dataclass(slots=True)
class Context:
    """The draft, the reference day, and what later rules need to know of earlier entries."""

    draft: Draft
    day: int
    sex: str = ""
    solid: bool | None = None
    given: list[Given] = field(default_factory=list)
    refractory_to: dict[str, Source] = field(default_factory=dict)
    last_failed: Source | None = None
    mentioned: list[Event] = field(default_factory=list)
    doses: dict[str, list[tuple[int, Source]]] = field(default_factory=dict)
    undosed: list[Source] = field(default_factory=list)
    stated_lines: bool = False
    spared: set[str] = field(default_factory=set)
    metastases: list[tuple[str, Source]] = field(default_factory=list)

    def source(self, statement: Statement, derived: str | None = None, day: Interval | None = None) -> Source:
        """The source of a fact that a statement gives; its day is the last day that the statement's date allows."""
        when = day or statement.start
        known = when.high if when is not None else None
        return Source(statement.path, statement.words, known, derived)

    def mention(
        self, statement: Statement, concept: str, last: Interval, traits: Mapping[str, bool] | None = None
    ) -> None:
        """Keep a treatment that is named in passing; it counts if no entry of its own tells of it."""
        event = Event(above(concept), self.source(statement), last=last, traits=traits or {}, counts_as=concept)
        self.mentioned.append(event)

    def used(self, statement: Statement, message: str, **parameters: str) -> None:
        """Report that something of the statement was understood."""
        self.draft.remark(Fate.USED, statement.path, message, **parameters)

    def ignored(self, statement: Statement, message: str, **parameters: str) -> None:
        """Report that something of the statement gives no fact."""
        self.draft.remark(Fate.IGNORED, statement.path, message, **parameters)

    def ambiguous(self, statement: Statement, message: str, **parameters: str) -> None:
        """Report that something of the statement can be understood in more than one way."""
        self.draft.remark(Fate.AMBIGUOUS, statement.path, message, **parameters)

    def assumed(self, statement: Statement, message: str, **parameters: str) -> None:
        """Report a reading that rests on an assumption."""
        self.draft.remark(Fate.ASSUMED, statement.path, message, **parameters)


def millionths(value: int) -> int:
    """A whole number in the scale of measures."""
    return value * SCALE


def above(concept: str) -> frozenset[str]:
    """Everything the concept certainly is; the concept alone for states and sites, which have no kinds."""
    house = knowledge()
    if concept in house.concepts:
        return house.ancestors(concept)
    return frozenset({concept, *WIDER.get(concept, ())})


def below(concept: str) -> frozenset[str]:
    """All kinds of the concept, itself included."""
    house = knowledge()
    if concept in house.concepts:
        return house.descendants(concept)
    return frozenset({concept} | {narrow for narrow, wide in WIDER.items() if concept in wide})


WIDER = {
    "state:primary_refractory": ("state:refractory",),
    "state:platinum_refractory": ("state:platinum_resistant",),
    "state:complete_remission": ("state:remission",),
    "state:partial_remission": ("state:remission",),
}


def whole(days: Interval | None) -> str:
    """Days in words for a report, "-" where none are known."""
    return iso(days) if days is not None and days.low is not None and days.high is not None else "-"
