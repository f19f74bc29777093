"""The next best question for a person: the one whose answer can decide most of the trials that are still open.

Which answer decides what is exact (`matching.one_patient`). First every subject that the trials ask of is tried with
all states that it can have; what decides nothing then is left out. The other questions are tried with the answers that
can really be given to them. For this each answer is read once by itself, as a record of one entry, and put to what the
person's record says already; the question that comes out first is then tried with records read in full, and those are
the numbers that the person is told. Trials without criteria text here are left aside, as no answer decides them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from cartella.logic import PatientFacts
from cartella.matching.compiled import compile_trials
from cartella.matching.one_patient import Decided, OnePatient
from cartella.services import asked
from cartella.services.askable import ALL_VALUES, MARKER, Askable, askable, listed, possible_answers
from cartella.services.match import MatchRequest, chosen_entries
from cartella.services.sources import Source

FIRST = ("disease", "age")
"""Core questions that come before all others: without them hardly a trial can be judged."""

_HLA = "hla:"
_CORE_ROWS: Mapping[str, Mapping[str, object]] = {"illnesses": asked.ILLNESSES, "therapies": asked.THERAPIES}
_Fact = TypeVar("_Fact")
_Candidate = tuple[Askable, Decided]
_Reading = Callable[[Askable, Mapping[str, Any], PatientFacts], list[PatientFacts]]


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question with what its answer decides, in numbers of trials that are open now: `settles` whatever the answer
    is, `can_settle` with some answer; `open_trials` are all that are open.

    A core question that comes before all others (`FIRST`) has no numbers.
    """

    question: Askable
    settles: int = 0
    can_settle: int = 0
    can_exclude: int = 0
    can_clear: int = 0
    open_trials: int = 0


class NextQuestions:
    """The trials of a source on one day, ready for person after person."""

    def __init__(self, source: Source, day: date) -> None:
        chosen, _ = chosen_entries(source, MatchRequest(as_of=day))
        compiled = compile_trials((e.id, e.points, e.unread) for e in chosen if e.unread is not None)
        names = {subject for question in listed().values() for subject in question.subjects}
        self.day = day
        self._one = OnePatient(
            compiled, day.toordinal(), lambda name: name in names or name.startswith(_HLA) or _is_marker(name)
        )
        self._markers = tuple(s.name for s in self._one.subjects if s.name.startswith(MARKER))
        self._hla = tuple(s.name for s in self._one.subjects if s.name.startswith(_HLA))

    def best(self, answers: Mapping[str, Any]) -> NextQuestion | None:
        """The next question for these answers; None when no further answer can decide anything."""
        for name in FIRST:
            if name not in answers:
                return NextQuestion(Askable(name, "core", "", name, (), ()))
        facts = self._facts(answers)
        by_subject = self._one.decided(facts)
        candidates = list(self._candidates(answers, by_subject))
        tried = self._tried(candidates, answers, facts, self._quickly)
        order = sorted(zip(candidates, tried, strict=True), key=lambda item: _rank(item[0][0], item[1]))
        for candidate, decided in order:
            if not decided.can_settle:
                return None
            (real,) = self._tried([candidate], answers, facts, self._in_full)
            if real.can_settle:
                return _numbers(candidate[0], real)
        return None

    def of(self, question: Askable, answers: Mapping[str, Any]) -> NextQuestion:
        """What the answer to one question decides, asked or not; what was answered to it before is left aside."""
        more = {name: answer for name, answer in answers.get("more", {}).items() if name != question.name}
        before = {**answers, "more": more}
        facts = self._facts(before)
        most = self._union(question, self._one.decided(facts))
        (real,) = self._tried([(question, most)], before, facts, self._in_full)
        return _numbers(question, real)

    def _facts(self, answers: Mapping[str, Any]) -> PatientFacts:
        return asked.patient_of_answers(answers, self.day).facts

    def _candidates(self, answers: Mapping[str, Any], by_subject: Mapping[str, Decided]) -> Iterator[_Candidate]:
        """The questions that were not asked yet, with the most that any state of their subjects decides."""
        done = _asked_already(answers)
        for question in (*listed().values(), *filter(None, map(askable, self._markers))):
            if question.name not in done:
                decided = self._union(question, by_subject)
                if decided.can_settle:
                    yield question, decided

    def _union(self, question: Askable, by_subject: Mapping[str, Decided]) -> Decided:
        subjects = self._hla if question.kind == "hla" else question.subjects
        found = [by_subject[subject] for subject in subjects if subject in by_subject]
        nothing = frozenset[str]()
        return Decided(
            nothing.union(*(one.settled for one in found)),
            nothing.union(*(one.clears for one in found)),
            nothing.union(*(one.excludes for one in found)),
            found[0].waiting if found else 0,
        )

    def _tried(
        self, candidates: Sequence[_Candidate], answers: Mapping[str, Any], now: PatientFacts, reading: _Reading
    ) -> list[Decided]:
        """What the answers that can be given decide; of numbers and types, whose states are their answers, the most."""
        read = [reading(question, answers, now) for question, _ in candidates]
        tried = self._one.after(now, read)
        return [real if some else most for (_, most), some, real in zip(candidates, read, tried, strict=True)]

    def _given(self, question: Askable) -> tuple[Any, ...]:
        if question.kind == "core":
            return _CORE_ANSWERS[question.name](self.day)
        return possible_answers(question, self.day)

    def _in_full(self, question: Askable, answers: Mapping[str, Any], _now: PatientFacts) -> list[PatientFacts]:
        return [self._facts(_with(answers, question, answer)) for answer in self._given(question)]

    def _quickly(self, question: Askable, answers: Mapping[str, Any], now: PatientFacts) -> list[PatientFacts]:
        page = next((page for page in _CORE_ROWS if question.name in answers.get(page, {})), None)
        if page is not None:  # this answer takes the place of that one
            rest = {row: given for row, given in answers[page].items() if row != question.name}
            now = self._facts({**answers, page: rest})
        return [_joined(now, _alone(question, answer, self.day)) for answer in self._given(question)]


def _numbers(question: Askable, decided: Decided) -> NextQuestion:
    return NextQuestion(
        question,
        len(decided.settled),
        len(decided.can_settle),
        len(decided.excludes),
        len(decided.clears),
        decided.waiting,
    )


def _with(answers: Mapping[str, Any], question: Askable, answer: Any) -> dict[str, Any]:
    if question.kind == "core":
        return {**answers, question.name: answer}
    return {**answers, "more": {**answers.get("more", {}), question.name: answer}}


_SOMEBODY = {"disease": "disease:CANCER"}


@lru_cache(maxsize=4096)
def _alone(question: Askable, answer: Any, day: date) -> PatientFacts:
    """What an answer says by itself: of somebody with a cancer, less what that says."""
    with_it = asked.patient_of_answers(_with(_SOMEBODY, question, answer), day).facts
    without = _without(day)
    return replace(
        with_it,
        measures=_less(with_it.measures, without.measures),
        codings=_less(with_it.codings, without.codings),
        events=tuple(event for event in with_it.events if event not in without.events),
        absences=tuple(absence for absence in with_it.absences if absence not in without.absences),
        told=_less(with_it.told, without.told),
    )


@lru_cache(maxsize=4)
def _without(day: date) -> PatientFacts:
    return asked.patient_of_answers(_SOMEBODY, day).facts


def _less(some: Mapping[str, _Fact], others: Mapping[str, _Fact]) -> dict[str, _Fact]:
    return {name: fact for name, fact in some.items() if others.get(name) != fact}


def _joined(one: PatientFacts, other: PatientFacts) -> PatientFacts:
    return replace(
        one,
        measures={**other.measures, **one.measures},
        codings={**other.codings, **one.codings},
        events=(*one.events, *other.events),
        absences=(*one.absences, *other.absences),
        told={**other.told, **one.told},
    )


_CORE_ANSWERS: dict[str, Callable[[date], tuple[Any, ...]]] = {
    "ecog": lambda _: tuple(range(5)),
    "lines": lambda _: tuple(range(6)),
    "state": lambda _: tuple(asked.STATES),
    "last": lambda day: (f"{day.year}-{day.month:02d}", *(str(day.year - ago) for ago in (1, 2, 5))),
}
"""The core questions that may be the next one, with their possible answers."""


def _is_marker(name: str) -> bool:
    return name.startswith(MARKER) and "." not in name


def _asked_already(answers: Mapping[str, Any]) -> set[str]:
    """The questions that were answered, "I don't know" included. A core "yes" may be asked for its day."""
    done = set(answers.get("more", {}))
    if ALL_VALUES in done:
        done |= {question.name for question in listed().values() if question.kind == "value"}
    done |= {name for name in _CORE_ANSWERS if name in answers}
    for page, rows in _CORE_ROWS.items():
        if page in answers:
            done |= {row for row in rows if answers[page].get(row) != "yes"}
    if "markers" in answers:
        asked_for = asked.markers_for(answers.get("disease"))
        done |= {concept for marker in asked_for if (concept := asked.marker_concept(marker)) is not None}
    if answers.get("hla") or "markers" in answers:
        done.add("hla")
    return done


def _rank(question: Askable, decided: Decided) -> tuple[int, int, str]:
    return -len(decided.settled), -len(decided.can_settle), question.name
