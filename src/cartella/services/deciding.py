"""The missing test that decides most for one patient, among the trials that nothing known rules out.

Every subject that the trials ask of is tried with all answers that it can have (`matching.one_patient`), so that the
numbers are exact. Trials already in conflict are left aside: no further test takes a conflict back.

What we could not read no test settles, and a trial with an unread point is never settled without conflict. So each
trial is tried twice: as it is, and only its points that were read in full. Of the second a test can be the last thing
missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cartella.explaining import Lang, unit_words
from cartella.knowledge import knowledge
from cartella.logic import Opaque, PatientFacts, walk
from cartella.matching.compiled import compile_trials
from cartella.matching.one_patient import Decided, OnePatient
from cartella.services.match import MatchRequest, chosen_entries
from cartella.services.sources import Source
from cartella.trials.criteria import Point

_READ = "/read"
_NOTHING = Decided(frozenset(), frozenset(), frozenset())

KINDS = ("test", "marker", "illness", "treatment", "disease")
"""What a subject is: a value or test, a marker of the tumour, an illness, a treatment, the course of the disease."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the answer to one subject does, in ids of trials open now.

    `settles`: every possible answer decides the trial; `can_settle`: some answer does; `can_exclude`: after some answer
    a point does not match; `last`: after some answer nothing that was read in full is open any more; `asked`: some
    answer settles at least one open point.
    """

    subject: str
    settles: frozenset[str]
    can_settle: frozenset[str]
    can_exclude: frozenset[str]
    last: frozenset[str]
    asked: frozenset[str]

    @property
    def kind(self) -> str:
        """Which of `KINDS` the subject is."""
        prefix = self.subject.partition(":")[0]
        if prefix in ("antigen", "hla", "gene", "variant"):
            return "marker"
        if prefix in ("drug", "class", "regimen"):
            return "treatment"
        if prefix == "cond":
            return "illness"
        if prefix in ("state", "site", "disease") or self.subject in ("lines", "relapses", "stage"):
            return "disease"
        return "test"


@dataclass(frozen=True, slots=True)
class Effects:
    """All subjects that settle anything, the one that decides most first; `open_trials` are what they are counted in,
    `without_criteria` the open trials of which no criteria are read here."""

    effects: tuple[Effect, ...]
    open_trials: int
    without_criteria: int


class DecidingTests:
    """The trials of a source on one day, ready for patient after patient."""

    def __init__(self, source: Source, day: date) -> None:
        chosen, _ = chosen_entries(source, MatchRequest(as_of=day))
        read = [entry for entry in chosen if entry.unread is not None]
        self.day = day
        self._unread = frozenset(entry.id for entry in chosen) - {entry.id for entry in read}
        trials = [(entry.id, entry.points, entry.unread) for entry in read]
        trials += [(entry.id + _READ, tuple(_in_full(entry.points)), 0) for entry in read]
        self._one = OnePatient(compile_trials(trials), day.toordinal())

    def of(self, facts: PatientFacts, open_trials: frozenset[str]) -> Effects:
        """What each missing test decides for these facts; `open_trials` are those without a conflict."""
        decided, asked = self._one.effects(facts)
        here = open_trials - self._unread
        found = [_effect(subject, decided.get(subject, _NOTHING), asked[subject], here) for subject in asked]
        return Effects(
            tuple(sorted((effect for effect in found if effect.asked), key=_rank)),
            len(here),
            len(open_trials & self._unread),
        )


def entry_name(subject: str) -> str:
    """The name under which a record states an answer to the subject."""
    house = knowledge()
    base = subject.partition(".")[0]
    return house.label(base, "en") if base in house.concepts else ""


def usual_unit(subject: str, lang: Lang) -> str:
    """The unit in which the value of a subject is usually given; empty for what has none."""
    analyte = knowledge().analytes.get(subject.partition(".")[0])
    if analyte is None:
        return ""
    unit = unit_words(analyte.unit, lang, "clinician")
    return f"{unit} (ULN …)" if subject.endswith(".uln") else f"{unit} (LLN …)" if subject.endswith(".lln") else unit


def answer_kind(subject: str) -> str:
    """What kind of entry states an answer: "lab" and "marker" for a value or a result, "condition" and "therapy" for
    what is there or was given, or not; empty where an answer takes more than a name and a result."""
    if not entry_name(subject):
        return ""
    prefix, _, rest = subject.partition(":")
    if prefix == "lab" and not rest.endswith(".detected"):
        return "lab"
    return {"antigen": "marker", "cond": "condition", "drug": "therapy", "class": "therapy"}.get(prefix, "")


def _in_full(points: Iterable[Point]) -> Iterable[Point]:
    return (point for point in points if not any(isinstance(node, Opaque) for node in walk(point.expression)))


def _effect(subject: str, decided: Decided, asked: frozenset[str], here: frozenset[str]) -> Effect:
    last = {found.removesuffix(_READ) for found in decided.clears if found.endswith(_READ)}
    return Effect(
        subject,
        decided.settled & here,
        decided.can_settle & here,
        decided.excludes & here,
        frozenset(last) & here,
        asked & here,
    )


def _rank(effect: Effect) -> tuple[int, int, int, int, str]:
    return (
        -len(effect.settles),
        -len(effect.can_settle | effect.last),
        -len(effect.last),
        -len(effect.asked),
        effect.subject,
    )
