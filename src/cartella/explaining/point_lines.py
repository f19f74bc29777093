"""The points of a trial for a clinician: what is asked, what came out, each fact with its place, the codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from cartella.explaining import lines
from cartella.explaining.amounts import day
from cartella.explaining.facts import codes_of, subjects_of, without_annotations
from cartella.explaining.names import called, name
from cartella.explaining.saying import asks, because
from cartella.explaining.tables import Lang
from cartella.explaining.view import PointView, TrialView
from cartella.logic import Source
from cartella.patients import worded
from cartella.trials.criteria import Outcome

_MOST_CODED = 8


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that decided a point: the words of the record, their place in it, the day, the rule if it was derived."""

    words: str
    path: str
    day: str
    derived: str


@dataclass(frozen=True, slots=True)
class PointLines:
    """One point in words. `found` says the outcome and why, without the facts; `coded` are the names of what is asked
    with their codes; the rest is the sentence of the study with the text around it, None where it is not at hand."""

    outcome: Outcome
    section: str
    asked: str
    found: str
    facts: tuple[UsedFact, ...]
    coded: tuple[tuple[str, tuple[str, ...]], ...]
    quote: str | None
    before: str
    after: str


def point_lines(trial: TrialView, lang: Lang) -> list[tuple[str, tuple[PointLines, ...]]]:
    """All points under their headings: conflicts first, then what is open, then what is fine."""
    return [
        (heading, tuple(_lines(point, lang) for point in points))
        for outcome in (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.OK)
        for heading, points in lines.sections(trial, outcome, lang, "clinician")
    ]


def _lines(point: PointView, lang: Lang) -> PointLines:
    explanation = point.explanation
    return PointLines(
        explanation.outcome,
        explanation.section.value,
        " ".join(asks(explanation, lang, "clinician")),
        " ".join(because(replace(explanation, facts=()), lang, "clinician")),
        tuple(_used(source, lang) for source in explanation.facts),
        tuple(_coded(point, lang)),
        explanation.quote,
        point.before,
        point.after,
    )


def _used(source: Source, lang: Lang) -> UsedFact:
    namer = partial(called, lang=lang, register="clinician")
    return UsedFact(
        without_annotations(source.words),
        source.path,
        "" if source.day is None else day(source.day, lang),
        worded(source.derived, lang, namer) if source.derived else "",
    )


def _coded(point: PointView, lang: Lang) -> Iterator[tuple[str, tuple[str, ...]]]:
    named: dict[str, tuple[str, ...]] = {}
    for subject in subjects_of(point.explanation.expression):
        if codes := codes_of(subject):
            named.setdefault(name(subject, lang, "clinician"), codes)
    yield from list(named.items())[:_MOST_CODED]
