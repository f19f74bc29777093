"""What `match` answers, and its JSON contract (docs/reference/match.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cartella.catalogue.entry import Entry, EntrySite
from cartella.matching import Group, PointResult, RankKey, Standing
from cartella.patients import LoadedPatient
from cartella.places import Place
from cartella.services.sources import Release

FORMAT = 1
"""The version of the JSON contract; it grows when a reader of the former version could misread the new one."""


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """One study held against the patient. `nearest` is the nearest site not known to be closed, with kilometres."""

    entry: Entry
    rank: int
    standing: Standing
    nearest: tuple[EntrySite, int] | None
    results: tuple[PointResult, ...]
    text: str | None


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """The whole answer. `standings` holds every study considered, also those beyond the ones shown in `trials`."""

    release: Release
    patient: LoadedPatient
    as_of: date
    order: tuple[RankKey, ...]
    place: Place | None
    trials: tuple[TrialAnswer, ...]
    standings: tuple[Standing, ...]
    left_out: int
    missing: tuple[str, ...]

    def count(self, group: Group) -> int:
        """How many of all studies considered fall into `group`."""
        return sum(standing.group is group for standing in self.standings)


def to_json(answer: MatchAnswer, lang: str) -> dict[str, Any]:
    """The answer in the documented form."""
    return {
        "format": FORMAT,
        "release": {"name": answer.release.name, "origin": answer.release.origin},
        "patient": {"label": answer.patient.label, "kind": answer.patient.kind, "as_of": answer.as_of.isoformat()},
        "trials": [_trial(trial) for trial in answer.trials],
    }


def _trial(trial: TrialAnswer) -> dict[str, Any]:
    return {
        "id": trial.entry.id,
        "title": trial.entry.title,
        "group": trial.standing.group.value,
        "rank": trial.rank,
        "points": [_point(result, trial.text) for result in trial.results],
    }


def _point(result: PointResult, text: str | None) -> dict[str, Any]:
    point = result.point
    span = None if point.span is None else [point.span.start, point.span.end]
    return {
        "section": point.section.value,
        "cohort": point.cohort,
        "gate": None if point.gate is None else point.gate.value,
        "field": point.field,
        "span": span,
        "text": None if point.span is None or text is None else text[point.span.start : point.span.end],
        "outcome": result.outcome.value,
    }
