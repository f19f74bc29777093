"""Trials and patients by a seeded random generator: many more, and much faster, than a search for small examples.

The vocabulary is that of `generated`, where the rules for consistent patients are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from generated import CODES, CONCEPTS, HIGHEST, LOWEST, QUANTITIES, REFERENCE_DAY, REGISTERS, TRAITS, VARIABLES

from cartella.logic import (
    Absence,
    And,
    AtLeast,
    Code,
    Coding,
    Count,
    Event,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    PatientFacts,
    Period,
    PeriodUnit,
    Presence,
    Source,
    Unread,
    Window,
)
from cartella.trials.criteria import Point, Section

STATED = Source("record", "stated")
Trial = tuple[str, tuple[Point, ...], int | None]


class Cases:
    """An endless supply; the same seed gives the same cases. `whole_days` leaves out calendars and hours."""

    def __init__(self, seed: int, whole_days: bool = False, counts: bool = True) -> None:
        self.random = Random(seed)
        self.units = (PeriodUnit.DAY, PeriodUnit.WEEK) if whole_days else tuple(PeriodUnit)
        self.counts = counts

    def trials(self, number: int) -> list[Trial]:
        """Studies with up to six points; some have unread points, or no criteria text at all."""
        return [
            (f"NCT{position:08d}", tuple(self.points()), self.random.choice((0, 0, 0, 1, 2, None)))
            for position in range(number)
        ]

    def points(self) -> Iterator[Point]:
        """The points of one study."""
        for _ in range(self.random.randint(0, 6)):
            yield Point(self.random.choice(tuple(Section)), self.expression(self.random.randint(0, 3)))

    def expression(self, depth: int) -> Expression:
        """A tree of at most this depth."""
        if depth == 0 or self.random.random() < 0.25:
            return self.atom()
        inside = tuple(self.expression(depth - 1) for _ in range(self.random.choice((0, 1, 2, 2, 3, 4, 5))))
        match self.random.randrange(6):
            case 5:
                several = tuple(self.atom() for _ in range(6))
                return AtLeast(self.random.randint(2, 5), several)
            case 0:
                return Not(self.expression(depth - 1))
            case 1:
                return And(inside)
            case 2:
                return Or(inside)
            case 3:
                return AtLeast(self.random.randint(-1, len(inside) + 1), inside)
            case _:
                return If(self.expression(depth - 1), self.expression(depth - 1))

    def atom(self) -> Expression:
        """An atom of any kind."""
        chance = self.random
        match chance.choice(("number", "number", "code", "presence", "presence", "presence", "count", "opaque")):
            case "number":
                return Number(
                    chance.choice(QUANTITIES), chance.choice(tuple(Operator)), chance.randint(LOWEST - 1, HIGHEST + 1)
                )
            case "code":
                return Code(chance.choice(VARIABLES), self.some(CODES))
            case "count" if self.counts:
                return Count(
                    chance.choice(CONCEPTS), chance.choice(tuple(Operator)), chance.randint(-1, 4), self.register()
                )
            case "opaque":
                return Opaque(chance.choice(tuple(Unread)))
        traits = self.some([*TRAITS, *(f"!{trait}" for trait in TRAITS)]) if chance.random() < 0.5 else frozenset()
        return Presence(chance.choice(CONCEPTS), traits, self.window(), self.register())

    def window(self) -> Window | None:
        """A window, or none."""
        if self.random.random() < 0.4:
            return None
        return Window(self.period(), self.period(), self.random.random() < 0.5, self.random.random() < 0.5)

    def period(self) -> Period | None:
        """A period, or none."""
        unit = self.random.choice(self.units)
        most = {PeriodUnit.HOUR: 60, PeriodUnit.DAY: 40, PeriodUnit.WEEK: 6}.get(unit, 4)
        return None if self.random.random() < 0.4 else Period(self.random.randint(0, most), unit)

    def register(self) -> str | None:
        """A register, or none."""
        return self.random.choice((None, *REGISTERS))

    def some(self, members: list[str] | tuple[str, ...]) -> frozenset[str]:
        """A few of the members, perhaps none."""
        return frozenset(self.random.sample(members, self.random.randint(0, min(3, len(members)))))

    def patients(self, number: int) -> list[PatientFacts]:
        """Consistent facts."""
        return [self.patient() for _ in range(number)]

    def patient(self) -> PatientFacts:
        """The facts of one patient."""
        chance = self.random
        events = tuple(self.event() for _ in range(chance.randint(0, 4)))
        certain = frozenset[str]().union(*(event.concepts for event in events))
        denied = [self.some(CONCEPTS) - certain for _ in range(chance.randint(0, 2))]
        return PatientFacts(
            REFERENCE_DAY,
            {
                name: Measure(self.interval(chance.randint(LOWEST, HIGHEST), 2), STATED, chance.random() < 0.15)
                for name in QUANTITIES
                if chance.random() < 0.7
            },
            {
                name: Coding(self.some(CODES) or frozenset({CODES[0]}), STATED, chance.random() < 0.15)
                for name in VARIABLES
                if chance.random() < 0.7
            },
            events,
            tuple(Absence(concepts, STATED) for concepts in denied if concepts),
            {name: STATED for name in REGISTERS if chance.random() < 0.3},
            {name: STATED for name in CONCEPTS if chance.random() < 0.15},
        )

    def event(self) -> Event:
        """An event; an imprecise one may be what it is not certainly."""
        certain = self.some(CONCEPTS)
        besides = self.some(CONCEPTS) - certain if self.random.random() < 0.3 else frozenset[str]()
        days = self.interval(REFERENCE_DAY - self.random.choice((-4, 0, 1, 2, 3, 7, 14, 28, 30, 31, 59, 90, 120)), 30)
        traits = {trait: self.random.random() < 0.5 for trait in TRAITS if self.random.random() < 0.6}
        return Event(certain, STATED, besides, days, traits, self.random.choice(CONCEPTS))

    def interval(self, low: int, width: int) -> Interval:
        """An interval that begins at `low`; often exact, sometimes without ends."""
        match self.random.randrange(6):
            case 0:
                return Interval(low, low + self.random.randint(0, width))
            case 1:
                return Interval(low, None)
            case 2:
                return Interval(None, low)
            case 3:
                return Interval()
        return Interval(low, low)
