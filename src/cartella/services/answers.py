"""What `match` answers, and its JSON contract (docs/reference/match.md, docs/reference/match.schema.json)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from cartella.catalogue.entry import Entry, EntrySite
from cartella.catalogue.rows import therapy_out
from cartella.catalogue.titles import therapy_words, title
from cartella.explaining import Explanation, Lang, Register, called, explain, says
from cartella.logic import PatientFacts, Source
from cartella.matching import Group, PointResult, RankKey, Standing
from cartella.patients import LoadedPatient, worded
from cartella.places import Place, distance_km, facility
from cartella.services.sources import Release
from cartella.trials.status import StatusEntry

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

    def explanations(self, facts: PatientFacts) -> tuple[Explanation, ...]:
        """The explanation of each result, in the same order."""
        return tuple(explain(result.point, result.trace, self.text, facts) for result in self.results)


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """The whole answer. `standings` holds every study considered, also those beyond the ones shown in `trials`.

    `left_out` counts studies left aside because of their status or kind; `missing` are ids that were asked for and are
    not in the source.
    """

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


def match_json(answer: MatchAnswer, lang: Lang, register: Register) -> dict[str, Any]:
    """The answer in the documented form. The same answer gives the same JSON."""
    patient = answer.patient
    return {
        "format": FORMAT,
        "release": release_json(answer.release),
        "reference_day": answer.as_of.isoformat(),
        "patient": {
            "label": patient.label,
            "kind": patient.kind,
            "place": None if answer.place is None else answer.place.described(lang),
            "complete": sorted(patient.facts.complete),
            "report": patient.report.counts(),
        },
        "order": [key.value for key in answer.order],
        "groups": {group.value: answer.count(group) for group in Group},
        "left_out": answer.left_out,
        "missing": list(answer.missing),
        "trials": [_trial(trial, answer, lang, register) for trial in answer.trials],
    }


def release_json(release: Release) -> dict[str, Any]:
    """What the answer was made from."""
    return {
        "name": release.name,
        "origin": release.origin,
        "as_of": None if release.as_of is None else release.as_of.isoformat(),
        "trials": release.trials,
        "version": release.version,
    }


def _trial(trial: TrialAnswer, answer: MatchAnswer, lang: Lang, register: Register) -> dict[str, Any]:
    entry, standing = trial.entry, trial.standing
    explanations = trial.explanations(answer.patient.facts)
    return {
        "id": entry.id,
        "title": title(entry, lang),
        "acronym": entry.acronym,
        "link": entry.url,
        "group": standing.group.value,
        "rank": trial.rank,
        "terms": {
            "conflicts": standing.tally.conflicts,
            "unknowns": standing.tally.open_points,
            "distance_km": standing.distance_km,
            "status_days": standing.status_days,
        },
        "status": status_json(entry.status, answer.as_of),
        "phases": list(entry.phases),
        "sponsor": entry.sponsor,
        "sites": [site_json(site, answer.place, answer.as_of, lang) for site in entry.sites],
        "therapy": therapy_json(entry, lang),
        "unread_points": entry.unread,
        "points": [
            _point(result, explanation, trial.text, lang, register)
            for result, explanation in zip(trial.results, explanations, strict=True)
        ],
    }


def _point(
    result: PointResult, explanation: Explanation, text: str | None, lang: Lang, register: Register
) -> dict[str, Any]:
    point = result.point
    span = None if point.span is None or text is None else [point.span.start, point.span.end]
    return {
        "section": point.section.value,
        "cohort": point.cohort,
        "gate": None if point.gate is None else point.gate.value,
        "field": point.field,
        "span": span,
        "text": None if span is None or text is None else text[span[0] : span[1]],
        "outcome": result.outcome.value,
        "reason": explanation.reason.value,
        "causes": sorted(cause.value for cause in explanation.causes),
        "facts": [_fact(source, lang, register) for source in explanation.facts],
        "missing": [{"subject": m.subject, "cause": m.cause.value} for m in explanation.missing],
        "may_change": None if explanation.change is None else explanation.change.value,
        "free_from": None if explanation.free_from is None else date.fromordinal(explanation.free_from).isoformat(),
        "says": says(explanation, lang, register),
    }


def _fact(source: Source, lang: Lang, register: Register) -> dict[str, Any]:
    return {
        "path": source.path,
        "words": source.words,
        "day": None if source.day is None else date.fromordinal(source.day).isoformat(),
        "derived": source.derived and worded(source.derived, lang, partial(called, lang=lang, register=register)),
    }


def status_json(status: StatusEntry | None, as_of: date) -> dict[str, Any] | None:
    """A status with its age on the reference day; None where the record states none."""
    if status is None:
        return None
    return {
        "value": status.status.value,
        "confirmed": None if status.confirmed is None else str(status.confirmed),
        "days": status.age_in_days(as_of),
        "to_be_confirmed": status.to_be_confirmed(as_of),
    }


def site_json(site: EntrySite, place: Place | None, as_of: date, lang: Lang) -> dict[str, Any]:
    """A site. A masked name is not shown as a name; coordinates are those of our gazetteer."""
    where = facility(site.facility, site.city, site.country)
    distance = None if place is None or site.place is None else distance_km(place.point, site.place)
    return {
        "facility": where.worded(lang),
        "masked": where.masked,
        "city": site.city,
        "country": site.country,
        "latitude": None if site.place is None else site.place.latitude,
        "longitude": None if site.place is None else site.place.longitude,
        "status": status_json(site.status, as_of),
        "distance_km": distance,
    }


def therapy_json(entry: Entry, lang: Lang) -> dict[str, Any] | None:
    """What is given, as codes and in words; None where the study was not typed."""
    if entry.therapy is None:
        return None
    return {**therapy_out(entry.therapy), "says": therapy_words(entry.therapy, lang)}
