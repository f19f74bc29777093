"""The next best question of one patient: the same counts as the engine for cohorts, and as trying every answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cartella.logic import Absence, Event, Interval, Measure, PatientFacts, Presence, Source, evaluate
from cartella.matching import Group, Memo, group_of, tally
from cartella.matching.bulk.columns import columns_of
from cartella.matching.compiled import FIRST_ATOM, compile_trials
from cartella.matching.one_patient import Decided, OnePatient
from cartella.matching.questions import Questions, subjects_of
from cartella.trials.criteria import Outcome

sys.path.append(str(Path(__file__).parent.parent / "generative"))
from generated import REFERENCE_DAY
from random_cases import Cases, Trial

NOTHING = Decided(frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize("seed", range(4))
def test_each_patient_is_a_cohort_of_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Questions.__module__], "NO_TESTS", frozenset[str]())
    cases = Cases(seed)
    one = OnePatient(compile_trials(cases.trials(25)), REFERENCE_DAY)
    questions = Questions(one.engine, REFERENCE_DAY)
    assert questions.subjects == one.subjects
    decided_anything = 0
    for facts in cases.patients(25):
        counts, _ = questions.count(columns_of([("one", facts)], REFERENCE_DAY))
        decided = one.decided(facts)
        for number, subject in enumerate(questions.subjects):
            found = decided.get(subject.name, NOTHING)
            arrays = (counts.settled, counts.can_settle, counts.can_clear, counts.can_exclude)
            sizes = (len(found.settled), len(found.can_settle), len(found.clears), len(found.excludes))
            assert tuple(int(array[number]) for array in arrays) == sizes, subject.name
            if subject.name in decided:
                assert found.waiting == counts.open_pairs
                decided_anything += 1
    assert decided_anything > 50


def test_only_the_subjects_that_are_wanted_are_tried() -> None:
    one = OnePatient(compile_trials(Cases(3).trials(25)), REFERENCE_DAY, lambda name: name == "lab:plt")
    assert [subject.name for subject in one.subjects] == ["lab:plt"]
    assert OnePatient(compile_trials([]), REFERENCE_DAY).decided(PatientFacts(REFERENCE_DAY)) == {}


def group(trial: Trial, facts: PatientFacts) -> Group:
    return group_of(tally(trial[1], Memo(facts), trial[2]))


@pytest.mark.parametrize("seed", range(4))
def test_what_real_answers_decide_is_what_the_groups_say(seed: int) -> None:
    cases = Cases(seed)
    trials = cases.trials(25)
    one = OnePatient(compile_trials(trials), REFERENCE_DAY)
    for now, *rest in zip(*[iter(cases.patients(80))] * 4, strict=True):
        questions = [rest[:1], rest[1:], []]
        for answered, found in zip(questions, one.after(now, questions), strict=True):
            waiting = [trial for trial in trials if group(trial, now) is Group.MISSING_INFORMATION]
            after = {trial[0]: [group(trial, facts) for facts in answered] for trial in waiting}
            assert found.waiting == len(waiting)
            assert found.clears == {name for name, groups in after.items() if Group.NO_OBSTACLE in groups}
            assert found.excludes == {name for name, groups in after.items() if Group.CONFLICT in groups}
            assert found.settled == {
                name for name, groups in after.items() if groups and Group.MISSING_INFORMATION not in groups
            }


def with_number(facts: PatientFacts, quantity: str, number: int) -> PatientFacts | None:
    """The facts with this number, if the record leaves it possible."""
    known = facts.measures.get(quantity)
    inside = Interval() if known is None or known.stale else known.value
    if not inside.contains(Interval.exactly(number)):
        return None
    measure = Measure(Interval.exactly(number), Source("answer", "answer"))
    return replace(facts, measures={**facts.measures, quantity: measure})


@pytest.mark.parametrize("seed", range(4))
def test_the_trials_that_ask_are_those_with_a_point_that_an_answer_settles(seed: int) -> None:
    cases = Cases(seed)
    trials = cases.trials(25)
    one = OnePatient(compile_trials(trials), REFERENCE_DAY)
    asked_at_all = 0
    for facts in cases.patients(25):
        decided, asked = one.effects(facts)
        assert decided == one.decided(facts)
        answers = [found for n in range(-9, 10) if (found := with_number(facts, "lab:plt", n)) is not None]
        expected = {
            trial[0]
            for trial in trials
            if group(trial, facts) is Group.MISSING_INFORMATION
            for point in trial[1]
            if point.outcome(evaluate(point.expression, facts).truth) is Outcome.UNKNOWN
            if any(point.outcome(evaluate(point.expression, found).truth) is not Outcome.UNKNOWN for found in answers)
        }
        assert asked.get("lab:plt", frozenset()) == expected
        asked_at_all += len(expected)
    assert asked_at_all > 10
    assert OnePatient(compile_trials([]), REFERENCE_DAY).effects(PatientFacts(REFERENCE_DAY)) == ({}, {})


def records_of(concept: str, atoms: list[Presence]) -> Iterator[PatientFacts]:
    """A record for each answer: the concept absent; then present, at each time and with each set of traits that the
    atoms can tell apart."""
    source = Source("answer", "answer")
    yield PatientFacts(REFERENCE_DAY, absences=(Absence(frozenset({concept}), source),))
    periods = [p for a in atoms if a.window for p in (a.window.at_least, a.window.at_most) if p is not None]
    edges = {0, 40_000} | {max(0, p.days_before(REFERENCE_DAY) + shift) for p in periods for shift in (-1, 0, 1)}
    for ago in edges:
        for traits in {frozenset[str](), *(atom.traits for atom in atoms)}:
            for as_asked in (True, False):
                stated = {trait.removeprefix("!"): trait.startswith("!") is not as_asked for trait in traits}
                last = Interval.exactly(REFERENCE_DAY - ago)
                event = Event(frozenset({concept}), source, last=last, traits=stated, counts_as=concept)
                yield PatientFacts(REFERENCE_DAY, events=(event,), told={concept: source})


@pytest.mark.parametrize("seed", range(6))
def test_the_answers_on_a_concept_are_what_the_evaluator_says(seed: int) -> None:
    compiled = compile_trials(Cases(seed, counts=False).trials(40))
    compared = 0
    for subject in subjects_of(compiled, REFERENCE_DAY):
        atoms = [atom for node in subject.nodes if isinstance(atom := compiled.atoms[node - FIRST_ATOM], Presence)]
        if atoms:
            truths = {tuple(evaluate(atom, facts).truth for atom in atoms) for facts in records_of(subject.name, atoms)}
            assert set(subject.answers) == truths
            assert len(subject.answers) == len(truths)
            compared += len(truths)
    assert compared > 50
