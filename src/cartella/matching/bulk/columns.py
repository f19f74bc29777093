"""The facts of many patients as columns: what the bulk engine looks at instead of `PatientFacts`.

A number is two 64-bit integers, its interval; the ends `LOW` and `HIGH` stand for "without end". What is coded, and
what events are, stands once in a list and is referred to by number. A fact that is out of date settles nothing and
stands here as one that is missing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartella.logic import Event, Interval, PatientFacts
from cartella.matching.compiled import LARGEST

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
"""Positions of patients in a cohort, or numbers of list entries."""

LOW, HIGH = -(2**63), 2**63 - 1
"""The ends of an interval without end."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is: everything of it but the patient and the days."""

    concepts: frozenset[str]
    may_be: frozenset[str]
    traits: tuple[tuple[str, bool], ...]
    counts_as: str

    @classmethod
    def of(cls, event: Event) -> Kind:
        """The kind of an event."""
        return cls(event.concepts, event.may_be, tuple(sorted(event.traits.items())), event.counts_as)


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of one quantity: at most one for a patient."""

    patients: Places
    low: Ints
    high: Ints


@dataclass(frozen=True, slots=True)
class Coded:
    """Numbers of `Columns.sets`: of the possible codes of one variable, or of documented absences."""

    patients: Places
    sets: Places


@dataclass(frozen=True, slots=True)
class Happened:
    """Events: the patient, the number of the kind, the days between which it was last active."""

    patients: Places
    kinds: Places
    low: Ints
    high: Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """The facts of the patients `ids`, all on one reference day (an ordinal)."""

    reference_day: int
    ids: tuple[str, ...]
    measures: dict[str, Measured]
    codings: dict[str, Coded]
    events: Happened
    absences: Coded
    complete: dict[str, Places]
    told: dict[str, Places]
    kinds: tuple[Kind, ...]
    sets: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.ids)


def columns_of(patients: Iterable[tuple[str, PatientFacts]], reference_day: int) -> Columns:
    """The columns of patients, each with an id. ValueError for facts of another reference day."""
    builder = ColumnsBuilder(reference_day)
    for identifier, facts in patients:
        builder.add(identifier, facts)
    return builder.columns()


@dataclass
class ColumnsBuilder:
    """Takes patients one by one, so that never more than the columns is held."""

    reference_day: int
    _ids: list[str] = field(default_factory=list)
    _measures: dict[str, tuple[array[int], array[int], array[int]]] = field(default_factory=dict)
    _codings: dict[str, tuple[array[int], array[int]]] = field(default_factory=dict)
    _events: tuple[array[int], array[int], array[int], array[int]] = field(
        default_factory=lambda: (array("i"), array("i"), array("q"), array("q"))
    )
    _absences: tuple[array[int], array[int]] = field(default_factory=lambda: (array("i"), array("i")))
    _complete: dict[str, array[int]] = field(default_factory=dict)
    _told: dict[str, array[int]] = field(default_factory=dict)
    _kinds: dict[Kind, int] = field(default_factory=dict)
    _sets: dict[frozenset[str], int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, identifier: str, facts: PatientFacts) -> None:
        """Put one patient behind the others."""
        if facts.reference_day != self.reference_day:
            raise ValueError("the facts of one cohort have one reference day")
        patient = len(self._ids)
        self._ids.append(identifier)
        for quantity, measure in facts.measures.items():
            if not measure.stale:
                self.number(patient, quantity, measure.value)
        for variable, coding in facts.codings.items():
            if not coding.stale:
                self.code(patient, variable, coding.possible)
        for event in facts.events:
            self.event(patient, Kind.of(event), event.last)
        for absence in facts.absences:
            self._absences[0].append(patient)
            self._absences[1].append(self._set(absence.concepts))
        for register in facts.complete:
            self._complete.setdefault(register, array("i")).append(patient)
        for concept in facts.told:
            self._told.setdefault(concept, array("i")).append(patient)

    def number(self, patient: int, quantity: str, value: Interval) -> None:
        """A number of the patient at a position."""
        place, low, high = self._measures.setdefault(quantity, (array("i"), array("q"), array("q")))
        place.append(patient)
        low.append(_low(value.low))
        high.append(_high(value.high))

    def code(self, patient: int, variable: str, possible: frozenset[str]) -> None:
        """A coded value of the patient at a position."""
        place, sets = self._codings.setdefault(variable, (array("i"), array("i")))
        place.append(patient)
        sets.append(self._set(possible))

    def event(self, patient: int, kind: Kind, last: Interval) -> None:
        """An event of the patient at a position."""
        place, kinds, low, high = self._events
        place.append(patient)
        kinds.append(self._kinds.setdefault(kind, len(self._kinds)))
        low.append(_low(last.low))
        high.append(_high(last.high))

    def _set(self, members: frozenset[str]) -> int:
        return self._sets.setdefault(members, len(self._sets))

    def columns(self) -> Columns:
        """What was added, as columns."""
        place, kinds, low, high = self._events
        return Columns(
            self.reference_day,
            tuple(self._ids),
            {name: Measured(_places(p), _ints(lo), _ints(hi)) for name, (p, lo, hi) in sorted(self._measures.items())},
            {name: Coded(_places(p), _places(s)) for name, (p, s) in sorted(self._codings.items())},
            Happened(_places(place), _places(kinds), _ints(low), _ints(high)),
            Coded(*map(_places, self._absences)),
            {name: _places(found) for name, found in sorted(self._complete.items())},
            {name: _places(found) for name, found in sorted(self._told.items())},
            tuple(self._kinds),
            tuple(self._sets),
        )


def _low(end: int | None) -> int:
    """The lower end in 64 bits; one too large to hold is made lower, which says less and nothing false."""
    return LOW if end is None or end <= -LARGEST else min(end, LARGEST)


def _high(end: int | None) -> int:
    return HIGH if end is None or end >= LARGEST else max(end, -LARGEST)


def _places(values: array[int]) -> Places:
    return np.array(values, dtype=np.int32)


def _ints(values: array[int]) -> Ints:
    return np.array(values, dtype=np.int64)
