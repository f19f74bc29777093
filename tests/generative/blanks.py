"""Every way to take one piece of information out of a patient's facts.

Each way is a fact that might as well not have been recorded, or recorded less precisely, so no answer may turn into
its opposite: it may stay or become unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from generated import CODES

from cartella.logic import Event, Interval, PatientFacts

T = TypeVar("T")

STEPS = (1, 40)
"""By how much an interval is widened: a little, and far enough to cross a bound or a window."""


def measure_dropped(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A number that was not recorded."""
    for key in facts.measures:
        yield replace(facts, measures=_without(facts.measures, key))


def measure_widened(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A number that was recorded less precisely."""
    for key, measure in facts.measures.items():
        for wider in _wider(measure.value):
            yield replace(facts, measures={**facts.measures, key: replace(measure, value=wider)})


def measure_stale(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A number that is out of date."""
    for key, measure in facts.measures.items():
        yield replace(facts, measures={**facts.measures, key: replace(measure, stale=True)})


def coding_dropped(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A coded value that was not recorded."""
    for key in facts.codings:
        yield replace(facts, codings=_without(facts.codings, key))


def coding_widened(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A coded value that could be one more."""
    for key, coding in facts.codings.items():
        for code in CODES:
            wider = replace(coding, possible=coding.possible | {code})
            yield replace(facts, codings={**facts.codings, key: wider})


def coding_stale(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A coded value that is out of date."""
    for key, coding in facts.codings.items():
        yield replace(facts, codings={**facts.codings, key: replace(coding, stale=True)})


def event_dropped(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An event that was not recorded; so no list can be declared complete, and no illness told in full."""
    for place in range(len(facts.events)):
        yield replace(facts, events=facts.events[:place] + facts.events[place + 1 :], complete={}, told={})


def event_days_widened(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An event whose days are known less precisely."""
    for place, event in enumerate(facts.events):
        for wider in _wider(event.last):
            yield _with_event(facts, place, replace(event, last=wider))


def event_trait_forgotten(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A trait that was not stated."""
    for place, event in enumerate(facts.events):
        for trait in event.traits:
            yield _with_event(facts, place, replace(event, traits=_without(event.traits, trait)))


def event_less_certain(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An event that only may be what it was."""
    for place, event in enumerate(facts.events):
        for concept in event.concepts:
            less = replace(event, concepts=event.concepts - {concept}, may_be=event.may_be | {concept})
            yield _with_event(facts, place, less)


def event_without_its_name(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An event recorded by its class only: what it was is open, and so is what it counts as."""
    for place, event in enumerate(facts.events):
        for concept in event.concepts:
            less = replace(event, concepts=event.concepts - {concept}, may_be=event.may_be | {concept})
            for other in facts.events:
                yield _with_event(facts, place, replace(less, counts_as=other.counts_as))
            yield _with_event(facts, place, replace(less, counts_as="unnamed"))


def absence_dropped(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An absence that was not documented."""
    for place in range(len(facts.absences)):
        yield replace(facts, absences=facts.absences[:place] + facts.absences[place + 1 :])


def register_open(facts: PatientFacts) -> Iterator[PatientFacts]:
    """A list that was not declared complete."""
    for register in facts.complete:
        yield replace(facts, complete=_without(facts.complete, register))


def illness_not_told_in_full(facts: PatientFacts) -> Iterator[PatientFacts]:
    """An illness of which there may be more than what is recorded."""
    for concept in facts.told:
        yield replace(facts, told=_without(facts.told, concept))


BLANKS: tuple[Callable[[PatientFacts], Iterator[PatientFacts]], ...] = (
    measure_dropped,
    measure_widened,
    measure_stale,
    coding_dropped,
    coding_widened,
    coding_stale,
    event_dropped,
    event_days_widened,
    event_trait_forgotten,
    event_less_certain,
    event_without_its_name,
    absence_dropped,
    register_open,
    illness_not_told_in_full,
)


def _without(mapping: Mapping[str, T], key: str) -> dict[str, T]:
    return {other: value for other, value in mapping.items() if other != key}


def _with_event(facts: PatientFacts, place: int, event: Event) -> PatientFacts:
    return replace(facts, events=(*facts.events[:place], event, *facts.events[place + 1 :]))


def _wider(interval: Interval) -> Iterator[Interval]:
    low, high = interval.low, interval.high
    for step in STEPS:
        if low is not None:
            yield Interval(low - step, high)
        if high is not None:
            yield Interval(low, high + step)
    if low is not None:
        yield Interval(None, high)
    if high is not None:
        yield Interval(low, None)
