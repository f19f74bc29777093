"""Facts in few words, so that a specification reads as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date

from cartella.logic import (
    ANY,
    SCALE,
    Absence,
    Cause,
    Coding,
    Event,
    Expression,
    Interval,
    Measure,
    PatientFacts,
    Source,
    Trace,
    Truth,
    evaluate,
)

TODAY = date(2026, 11, 24)
REFERENCE_DAY = TODAY.toordinal()


def source(words: str = "stated") -> Source:
    """Where an invented fact comes from."""
    return Source("record", words)


def days_ago(first: int, last: int | None = None) -> Interval:
    """The day `first` days before the reference day; with `last`, some day from `first` to `last` days before it."""
    return Interval(REFERENCE_DAY - (first if last is None else last), REFERENCE_DAY - first)


def measure(low: float | None, high: float | None = None, stale: bool = False) -> Measure:
    """A number, exactly `low` or between `low` and `high`, in the canonical unit."""
    ends = (low, low if high is None else high)
    scaled = [None if end is None else round(end * SCALE) for end in ends]
    return Measure(Interval(scaled[0], scaled[1]), source(), stale)


def coding(*possible: str, stale: bool = False) -> Coding:
    """A coded value that is one of `possible`."""
    return Coding(frozenset(possible), source(), stale)


def event(
    *concepts: str,
    may_be: Iterable[str] = (),
    last: Interval = ANY,
    traits: Mapping[str, bool] | None = None,
    counts_as: str | None = None,
) -> Event:
    """Something that is all of `concepts`, and counts as the first of them unless said otherwise."""
    name = concepts[0] if counts_as is None else counts_as
    return Event(frozenset(concepts), source(concepts[0]), frozenset(may_be), last, traits or {}, name)


def absent(*concepts: str) -> Absence:
    """A documented absence of `concepts`."""
    return Absence(frozenset(concepts), source("no " + concepts[0]))


def facts(
    *events: Event,
    absences: tuple[Absence, ...] = (),
    complete: Iterable[str] = (),
    measures: Mapping[str, Measure] | None = None,
    codings: Mapping[str, Coding] | None = None,
) -> PatientFacts:
    """A patient on the reference day."""
    registers = {name: source(f"all of {name}") for name in complete}
    return PatientFacts(REFERENCE_DAY, measures or {}, codings or {}, events, absences, registers)


def truth(node: Expression, patient: PatientFacts) -> Truth:
    """Whether `node` holds for the patient."""
    return evaluate(node, patient).truth


def found(node: Expression, patient: PatientFacts) -> tuple[Truth, Set[Cause]]:
    """Whether `node` holds for the patient, and if unknown, why."""
    trace: Trace = evaluate(node, patient)
    return trace.truth, trace.causes
