"""The fast way over many studies must say what the reference evaluator says."""

from typing import get_args

import pytest
from generated_expressions import expressions, facts, points
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from cartella.logic import Expression, PatientFacts, evaluate, walk
from cartella.matching import Interned, Memo, check, tally
from cartella.trials.criteria import Outcome, Point

several = st.lists(expressions, max_size=6)


@given(several, facts)
@settings(max_examples=300)
def test_memo_agrees_with_the_reference_evaluator(nodes: list[Expression], record: PatientFacts) -> None:
    memo = Memo(record)
    for node in nodes + nodes:
        assert memo.truth(node) is evaluate(node, record).truth


@given(several, facts)
def test_sharing_equal_expressions_changes_no_answer(nodes: list[Expression], record: PatientFacts) -> None:
    interned, memo = Interned(), Memo(record)
    for node in nodes:
        assert memo.truth(interned.one(node)) is evaluate(node, record).truth


@given(st.lists(points, max_size=8), facts)
def test_tally_counts_what_the_results_say(asked: list[Point], record: PatientFacts) -> None:
    outcomes = [result.outcome for result in check(asked, record)]
    count = tally(asked, Memo(record))
    assert (count.ok, count.conflicts, count.unknowns) == (
        outcomes.count(Outcome.OK),
        outcomes.count(Outcome.CONFLICT),
        outcomes.count(Outcome.UNKNOWN),
    )


@pytest.mark.parametrize("kind", get_args(Expression), ids=lambda kind: str(kind.__name__))
def test_every_kind_of_node_is_generated(kind: type[Expression]) -> None:
    def has_one(node: Expression) -> bool:
        return any(isinstance(part, kind) for part in walk(node))

    quiet = settings(suppress_health_check=list(HealthCheck), database=None, max_examples=5000)
    assert has_one(find(expressions, has_one, settings=quiet))
