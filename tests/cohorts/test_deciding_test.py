"""The deciding test: exact against trying every answer on the record itself, with the reference evaluator."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cartella.logic import Code, Coding, Interval, Measure, Number, PatientFacts, Source, evaluate, walk
from cartella.matching import Group, Memo, group_of, tally
from cartella.matching.bulk.columns import columns_of
from cartella.matching.bulk.engine import Engine
from cartella.matching.compiled import compile_trials
from cartella.matching.questions import Questions

sys.path.append(str(Path(__file__).parent.parent / "generative"))
from generated import REFERENCE_DAY
from random_cases import Cases, Trial

ANSWER = Source("answer", "answer")


def answered(facts: PatientFacts, subject: str, numbers: range, codes: list[str]) -> list[PatientFacts]:
    """The record with each answer that it leaves possible."""
    found = []
    if subject == "lab:plt":
        known = facts.measures.get(subject)
        inside = Interval() if known is None or known.stale else known.value
        for number in numbers:
            if inside.contains(Interval.exactly(number)):
                measure = Measure(Interval.exactly(number), ANSWER)
                found.append(replace(facts, measures={**facts.measures, subject: measure}))
        return found
    coding = facts.codings.get(subject)
    for code in codes:
        if coding is None or coding.stale or code in coding.possible:
            found.append(replace(facts, codings={**facts.codings, subject: Coding(frozenset({code}), ANSWER)}))
    return found


def group(trial: Trial, facts: PatientFacts) -> Group:
    return group_of(tally(trial[1], Memo(facts), 0))


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_trying_every_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartella.matching.questions.NO_TESTS", frozenset[str]())
    cases = Cases(seed)
    trials = [(identifier, points, 0) for identifier, points, _ in cases.trials(10)]
    patients = cases.patients(60)
    questions = Questions(Engine(compile_trials(trials)), REFERENCE_DAY)
    counts, best = questions.count(columns_of([(str(n), f) for n, f in enumerate(patients)], REFERENCE_DAY))
    place = {subject.name: number for number, subject in enumerate(questions.subjects)}
    open_pairs = [
        (trial, facts) for trial in trials for facts in patients if group(trial, facts) is Group.MISSING_INFORMATION
    ]
    assert counts.open_pairs == len(open_pairs)
    for subject in ("lab:plt", "sex"):
        settled = possible = clear = excluded = 0
        for trial, facts in open_pairs:
            nodes = [node for point in trial[1] for node in walk(point.expression)]
            asked = [n for n in nodes if subject in (getattr(n, "quantity", ""), getattr(n, "variable", ""))]
            if not any(evaluate(node, facts).causes for node in asked):
                continue
            groups = [
                group(trial, found) for found in answered(facts, subject, range(-9, 10), ["a", "b", "c", "other"])
            ]
            settled += all(g is not Group.MISSING_INFORMATION for g in groups)
            possible += any(g is not Group.MISSING_INFORMATION for g in groups)
            clear += Group.NO_OBSTACLE in groups
            excluded += Group.CONFLICT in groups
        number = place[subject]
        found = (counts.settled, counts.can_settle, counts.can_clear, counts.can_exclude)
        assert [int(array[number]) for array in found] == [settled, possible, clear, excluded], subject
    assert len(best.subject) == len(patients)
    assert bool(np.all(best.settled <= best.can_settle))


def test_the_answers_to_a_number_are_one_for_each_range() -> None:
    from cartella.logic import Operator
    from cartella.matching.questions import subjects_of
    from cartella.trials.criteria import Point, Section

    asked = (
        Number("lab:plt", Operator.AT_LEAST, 50),
        Number("lab:plt", Operator.LESS, 100),
        Code("nyha", frozenset({"I", "II"})),
    )
    points = [Point(Section.INCLUSION, node) for node in asked]
    subjects = {s.name: len(s.answers) for s in subjects_of(compile_trials([("NCT1", points, 0)]), REFERENCE_DAY)}
    assert subjects == {"lab:plt": 3, "nyha": 2}
