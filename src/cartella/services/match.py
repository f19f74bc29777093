"""Holding one patient against studies: the main use-case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cartella.catalogue.entry import Entry, EntrySite
from cartella.errors import Lang, NotFound, Words
from cartella.knowledge import knowledge
from cartella.logic import PatientFacts
from cartella.matching import DEFAULT_ORDER, Group, Memo, RankKey, Standing, check, ranked, tally
from cartella.matching.compiled import compile_trials
from cartella.matching.prepared import PreparedTrials
from cartella.patients import LoadedPatient
from cartella.places import Place, PlaceSearch, Point, distance_km, find_place
from cartella.services.answers import MatchAnswer, TrialAnswer
from cartella.services.sources import Source
from cartella.trials.therapy import Bucket

REGISTERS = ("therapy", "procedure", "medication")


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What is asked.

    `trials` limits the answer to these ids, whatever their status or kind. Otherwise studies whose status rules out
    entering are left out unless `any_status`, and those that are no T-cell therapy of a cancer unless `any_kind`.
    `shown` is how many trials get their points worked out in full (None: all). `near` is a place name; without it the
    patient's own town is used where the record gives one. `complete` is passed to the reader of the record. With
    `by_group` the trials shown are `shown` of each group, after the first `skipped` of it.
    """

    as_of: date
    trials: tuple[str, ...] = ()
    near: str | None = None
    order: tuple[RankKey, ...] = DEFAULT_ORDER
    any_status: bool = False
    any_kind: bool = False
    shown: int | None = 20
    complete: tuple[str, ...] | None = None
    by_group: bool = False
    skipped: int = 0


def registers(complete: bool | None) -> tuple[str, ...] | None:
    """The lists of a record to take as complete: all, none, or (None) what the record itself says."""
    if complete is None:
        return None
    return REGISTERS if complete else ()


def prepare(source: Source) -> PreparedTrials:
    """The studies of a source compiled, for programs that answer patient after patient: see `match_patient`."""
    return PreparedTrials(compile_trials((entry.id, entry.points, entry.unread) for entry in source.entries()))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One study in its place. `nearest` is the nearest site not known to be closed, with kilometres."""

    rank: int
    standing: Standing
    entry: Entry
    nearest: tuple[EntrySite, int] | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All studies considered, in order, for one patient. `left_out` and `missing` as in a `MatchAnswer`."""

    request: MatchRequest
    patient: LoadedPatient
    place: Place | None
    rows: tuple[Ranked, ...]
    left_out: int
    missing: tuple[str, ...]

    def answer(self, source: Source, rows: Iterable[Ranked]) -> MatchAnswer:
        """The answer that shows these rows with all their points."""
        return MatchAnswer(
            source.release,
            self.patient,
            self.request.as_of,
            self.request.order,
            self.place,
            tuple(_answer(source, self.patient.facts, row) for row in rows),
            tuple(row.standing for row in self.rows),
            self.left_out,
            self.missing,
        )


def match_patient(
    source: Source, patient: LoadedPatient, request: MatchRequest, prepared: PreparedTrials | None = None
) -> MatchAnswer:
    """Hold a patient's record against the studies of `source`; with `prepared` of the same source it is faster."""
    ranking = rank_trials(source, patient, request, prepared)
    return ranking.answer(source, _shown(ranking.rows, request))


def rank_trials(
    source: Source, patient: LoadedPatient, request: MatchRequest, prepared: PreparedTrials | None = None
) -> Ranking:
    """The studies in order, without their points; `prepared` as in `match_patient`."""
    chosen, left_out = chosen_entries(source, request)
    place = _place(patient, request)
    memo = Memo(patient.facts)
    known = {} if prepared is None else prepared.tallies(patient.facts, [entry.id for entry in chosen])
    diseases = _diseases_of(patient.facts)
    standings = []
    for entry in chosen:
        nearest = nearest_site(entry, place)
        standing = Standing(
            entry.id,
            known.get(entry.id) or tally(entry.points, memo, entry.unread),
            None if nearest is None else nearest[1],
            entry.status_days(request.as_of),
            not diseases.isdisjoint(entry.diseases),
        )
        standings.append((standing, (entry, nearest)))
    order = ranked(standings, request.order)
    rows = tuple(
        Ranked(rank, standing, entry, nearest) for rank, (standing, (entry, nearest)) in enumerate(order, start=1)
    )
    here = {entry.id for entry in chosen}
    return Ranking(request, patient, place, rows, left_out, tuple(i for i in request.trials if i not in here))


def _diseases_of(facts: PatientFacts) -> frozenset[str]:
    """The patient's disease, and the groups it belongs to but for the widest, which every cancer belongs to."""
    coding = facts.codings.get("diagnosis")
    if coding is None or len(coding.possible) == 0:
        return frozenset()
    house = knowledge()
    wider = [{disease, *house.ancestors(disease)} for disease in coding.possible]
    return frozenset(set.intersection(*wider)) - {"disease:CANCER"}


def _shown(rows: Sequence[Ranked], request: MatchRequest) -> Sequence[Ranked]:
    """The trials to work out in full."""
    if request.shown is None or request.trials:
        return rows
    end = request.skipped + request.shown
    if not request.by_group:
        return rows[request.skipped : end]
    groups = [[row for row in rows if row.standing.group is group] for group in Group]
    return [row for group in groups for row in group[request.skipped : end]]


def nearest_site(entry: Entry, place: Place | None) -> tuple[EntrySite, int] | None:
    """The nearest site that nothing says is closed, with its distance in kilometres."""
    if place is None:
        return None
    near = [
        (_distance(place.point, site.place), number)
        for number, site in enumerate(entry.sites)
        if site.place is not None and site.may_take_patients
    ]
    if not near:
        return None
    distance, number = min(near)
    return entry.sites[number], distance


@lru_cache(maxsize=20_000)
def _distance(one: Point, other: Point) -> int:
    """Kilometres; most sites lie in a few hundred towns."""
    return distance_km(one, other)


def chosen_entries(source: Source, request: MatchRequest) -> tuple[list[Entry], int]:
    """The studies to match against, and how many were left aside because of their status or kind."""
    if request.trials:
        wanted = dict.fromkeys(request.trials)
        found = [entry for entry in map(source.entry, wanted) if entry is not None]
        return found, 0
    entries = source.entries()
    chosen = [
        entry
        for entry in entries
        if (request.any_status or entry.may_be_entered)
        and (request.any_kind or entry.bucket in (Bucket.T_CELL_CANCER, None))
    ]
    return chosen, len(entries) - len(chosen)


def considered(source: Source, day: date) -> tuple[int, int]:
    """How many studies a match looks at unless told otherwise, and of how many of them no criteria text is here."""
    chosen, _ = chosen_entries(source, MatchRequest(as_of=day))
    return len(chosen), sum(entry.unread is None for entry in chosen)


def look_up_place(text: str) -> PlaceSearch:
    """What the gazetteer finds for a name that a person typed."""
    return find_place(text)


def place_name(text: str, lang: Lang) -> str:
    """The name of a place in a language; the text itself where it is not found."""
    found = find_place(text).place
    return text if found is None else found.described(lang)


def find_one_place(text: str) -> Place:
    """The place that a person named. Raises NotFound for a name that is not known or may be several places."""
    found = find_place(text)
    if found.place is None:
        raise NotFound(
            Words("The place is not clear.", "Il luogo non è chiaro."), why=Words(found.says("en"), found.says("it"))
        )
    return found.place


def _place(patient: LoadedPatient, request: MatchRequest) -> Place | None:
    """The place to measure from: the one that was named, or the patient's town.

    A town of the record that is not found is no error: there is only no distance then.
    """
    if request.near is not None:
        return find_one_place(request.near)
    if not patient.city:
        return None
    return find_place(f"{patient.city}, {patient.country}" if patient.country else patient.city).place


def _answer(source: Source, facts: PatientFacts, row: Ranked) -> TrialAnswer:
    entry = row.entry
    return TrialAnswer(entry, row.rank, row.standing, row.nearest, check(entry.points, facts), source.text(entry.id))
