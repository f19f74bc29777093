"""What a record states about a patient, in the form in which expressions are evaluated.

Open world: what is not here is unknown. A documented absence, or a list that the record declares complete, makes an
absence known. Facts are made consistent when they are extracted: a contradiction in the record is reported there and
reaches neither side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartella.logic.interval import ANY, Interval


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the path in the record, the words that were read, the day (ordinal) it speaks of.

    `derived` says how a fact was computed from what is recorded ("ECOG 1 = Karnofsky 70-80"), None if it was stated.
    """

    path: str
    words: str
    day: int | None = None
    derived: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number: `value` in millionths of the canonical unit of the quantity. `stale`: true once, to be repeated."""

    value: Interval
    source: Source
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Coding:
    """A coded value that is one of `possible`; a single code when the record is precise.

    Raises ValueError for no possible code at all: it would be inside and outside of every set at once.
    """

    possible: frozenset[str]
    source: Source
    stale: bool = False

    def __post_init__(self) -> None:
        if not self.possible:
            raise ValueError("a coding needs at least one possible code; leave out what is not known")


@dataclass(frozen=True, slots=True)
class Event:
    """Something the patient has, had or was given.

    `concepts` is everything it certainly is (rituximab: the drug, its classes, systemic therapy ...); `may_be`
    is what it could be besides (a chemotherapy without names could be any chemotherapy). `last` is the interval of
    days (ordinals) on which it was last active: the reference day or later when it goes on. `traits` are what the
    record states of it. `counts_as` names what it is counted as in a Count: equal names are one.
    """

    concepts: frozenset[str]
    source: Source
    may_be: frozenset[str] = frozenset()
    last: Interval = ANY
    traits: Mapping[str, bool] = field(default_factory=dict)
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A documented absence: of the concept that was named and of all its kinds."""

    concepts: frozenset[str]
    source: Source


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """All facts of one record on one reference day (an ordinal day number).

    `told` names illnesses of which the recorded events are the whole story: whoever records a stroke with its date, or
    a controlled hypertension, says by that that there is no later stroke and no uncontrolled hypertension beside it.
    `complete` names the registers that the record declares complete; its values say where it does so.
    """

    reference_day: int
    measures: Mapping[str, Measure] = field(default_factory=dict)
    codings: Mapping[str, Coding] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    absences: tuple[Absence, ...] = ()
    complete: Mapping[str, Source] = field(default_factory=dict)
    told: Mapping[str, Source] = field(default_factory=dict)
