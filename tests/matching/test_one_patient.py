"""The next best question of one patient: the same counts as the engine for cohorts, and as trying every answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cartella.logic import PatientFacts
from cartella.matching import Group, Memo, group_of, tally
from cartella.matching.bulk.columns import columns_of
from cartella.matching.compiled import compile_trials
from cartella.matching.one_patient import Decided, OnePatient
from cartella.matching.questions import Questions

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
