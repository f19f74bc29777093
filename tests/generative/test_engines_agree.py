"""One meaning, many engines: the bulk engine and the engine for one patient say what the reference evaluator says."""

from __future__ import annotations

from typing import get_args

import pytest
from engines import bulk_differs, prepared_differs
from generated import REFERENCE_DAY, atoms, patients, trees
from hypothesis import given
from hypothesis import strategies as st
from random_cases import Cases, Trial

from cartella.logic import AtLeast, Expression, PatientFacts, Presence, walk
from cartella.matching.bulk.columns import LOW, columns_of
from cartella.matching.compiled import LARGEST, compile_trials
from cartella.trials.criteria import Point, Section

trials = st.lists(st.builds(Point, st.sampled_from(Section), trees(atoms, most=6)), max_size=3).map(
    lambda points: [("NCT1", tuple(points), 0)]
)


@given(trials, st.lists(patients(), min_size=1, max_size=3))
def test_on_small_cases_that_are_searched_for(asked: list[Trial], people: list[PatientFacts]) -> None:
    assert bulk_differs(asked, people) == 0
    assert prepared_differs(asked, people) == 0


@pytest.mark.parametrize("seed", range(4))
def test_on_thousands_of_random_pairs(seed: int) -> None:
    cases = Cases(seed)
    asked, people = cases.trials(15), cases.patients(150)
    assert bulk_differs(asked, people) == 0
    assert prepared_differs(asked, people[:40]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 116))
def test_on_millions_of_random_points(seed: int) -> None:
    cases = Cases(seed)
    asked, people = cases.trials(70), cases.patients(500)
    assert sum(len(points) for _, points, _ in asked) * len(people) > 70_000
    assert bulk_differs(asked, people) == 0
    assert prepared_differs(asked, people[:100]) == 0


def test_the_random_cases_hold_everything_that_can_be_said() -> None:
    cases = Cases(7)
    asked, people = cases.trials(400), cases.patients(400)
    nodes = [node for _, points, _ in asked for point in points for node in walk(point.expression)]
    assert {type(node) for node in nodes} == set(get_args(Expression))
    windows = [node.window for node in nodes if isinstance(node, Presence) and node.window is not None]
    periods = {p.unit for window in windows for p in (window.at_least, window.at_most) if p is not None}
    assert len(periods) == 5
    assert any(not p.is_whole_days for w in windows for p in (w.at_least, w.at_most) if p is not None)
    assert any(w.at_least_strict and w.at_least and w.at_most for w in windows)
    assert {node.count < 0 for node in nodes if isinstance(node, AtLeast)} == {True, False}
    assert any(node.count > len(node.items) for node in nodes if isinstance(node, AtLeast))
    events = [event for facts in people for event in facts.events]
    assert any(event.may_be and event.concepts for event in events)
    assert {value for event in events for value in event.traits.values()} == {True, False}
    ends = {(event.last.low is None, event.last.high is None) for event in events}
    assert len(ends) == 4
    assert all(any(getattr(facts, name) for facts in people) for name in ("absences", "complete", "told"))
    assert any(measure.stale for facts in people for measure in facts.measures.values())
    assert any(coding.stale for facts in people for coding in facts.codings.values())


def test_the_program_does_not_depend_on_the_order_of_studies() -> None:
    asked = Cases(3).trials(40)
    first, second = compile_trials(asked), compile_trials(reversed(asked))
    assert first == second
    assert first.key == second.key
    assert compile_trials(asked[1:]).key != first.key


def test_equal_parts_are_one_node() -> None:
    asked = Cases(5).trials(30)
    twice = [*asked, *((f"{identifier}-again", points, unread) for identifier, points, unread in asked)]
    once, both = compile_trials(asked), compile_trials(twice)
    assert (both.atoms, len(both.gates)) == (once.atoms, len(once.gates))


def test_a_number_too_large_for_the_columns_says_less_and_nothing_false() -> None:
    from cartella.logic import Interval, Measure, Number, Operator, Source

    huge = 10 * LARGEST
    facts = PatientFacts(REFERENCE_DAY, {"age": Measure(Interval.exactly(huge), Source("x", ""))})
    measured = columns_of([("one", facts)], REFERENCE_DAY).measures["age"]
    assert (int(measured.low[0]), int(measured.high[0])) == (LARGEST, 2**63 - 1)
    small = PatientFacts(REFERENCE_DAY, {"age": Measure(Interval.exactly(-huge), Source("x", ""))})
    assert int(columns_of([("one", small)], REFERENCE_DAY).measures["age"].low[0]) == LOW
    points = (Point(Section.INCLUSION, Number("age", Operator.AT_LEAST, 5)),)
    assert bulk_differs([("NCT1", points, 0)], [facts, small]) == 0
    beyond = compile_trials([("NCT1", (Point(Section.INCLUSION, Number("age", Operator.LESS, huge)),), 0)])
    assert beyond.atoms == ()
