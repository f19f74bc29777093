"""What the tests of records ask of facts, in short words."""

from __future__ import annotations

from datetime import date
from typing import Any

from cartella.logic import SCALE, Event, Interval, PatientFacts, Presence, Truth, evaluate
from cartella.patients import Report, read_record

DAY = date(2026, 11, 1)


def of(**sections: Any) -> tuple[PatientFacts, Report]:
    """The facts and the report of a short record with these sections."""
    return read_record(sections, DAY)


def condition(text: str, **details: Any) -> PatientFacts:
    """The facts of a record whose only entry is a condition."""
    return of(conditions=[{"name": text, **details}])[0]


def has(facts: PatientFacts, concept: str, *traits: str, register: str | None = None) -> Truth:
    """Whether the patient has the concept with the traits."""
    return evaluate(Presence(concept, frozenset(traits), None, register), facts).truth


def event(facts: PatientFacts, concept: str) -> Event:
    """The one event that is certainly of the concept."""
    found = [item for item in facts.events if concept in item.concepts]
    assert len(found) == 1, [item.counts_as for item in found]
    return found[0]


def number(facts: PatientFacts, key: str) -> float:
    """The exact value of a measure, in its unit."""
    value = facts.measures[key].value
    assert value.low is not None
    assert value.is_exact, value
    return value.low / SCALE


def days(first: str, last: str) -> Interval:
    """The interval of days between two dates."""
    return Interval(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


def messages(report: Report, fate: str) -> list[str]:
    """The message ids of the remarks of one kind."""
    return [remark.message for remark in report if remark.fate.value == fate]
