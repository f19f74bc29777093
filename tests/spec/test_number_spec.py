"""Numbers: intervals of exact integers compared with a bound, checked against brute force."""

from __future__ import annotations

import operator
from collections.abc import Callable, Set
from itertools import product

import pytest
from facts_in_short import facts, found, measure, truth

from cartella.logic import (
    ANY,
    FALSE,
    SCALE,
    TRUE,
    UNKNOWN,
    Cause,
    Interval,
    Not,
    Number,
    Operator,
    Truth,
)
from cartella.logic.evaluate import compare

PYTHON: dict[Operator, Callable[[int, int], bool]] = {
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.AT_LEAST: operator.ge,
    Operator.GREATER: operator.gt,
    Operator.EQUAL: operator.eq,
}
BOUNDS = range(-3, 4)
ENDS = (None, *range(-3, 4))
FAR = 10
"""Stands for no end: beyond every bound that is tried, so going further changes nothing."""

INTERVALS = [Interval(low, high) for low, high in product(ENDS, repeat=2) if low is None or high is None or low <= high]


def members(interval: Interval) -> range:
    """The integers of an interval."""
    low = -FAR if interval.low is None else interval.low
    high = FAR if interval.high is None else interval.high
    return range(low, high + 1)


def test_every_operator_is_compared_here() -> None:
    assert set(PYTHON) == set(Operator)


@pytest.mark.parametrize("sign", Operator, ids=lambda sign: sign.value)
def test_a_comparison_is_settled_only_if_every_number_of_the_interval_agrees(sign: Operator) -> None:
    for interval, bound in product(INTERVALS, BOUNDS):
        answers = {PYTHON[sign](number, bound) for number in members(interval)}
        expected = UNKNOWN if len(answers) == 2 else TRUE if True in answers else FALSE
        assert compare(interval, sign, bound) is expected, (interval, sign, bound)


def test_containing_is_holding_every_number() -> None:
    for outer, inner in product(INTERVALS, repeat=2):
        assert outer.contains(inner) == set(members(outer)).issuperset(members(inner)), (outer, inner)


def test_exact_is_one_number() -> None:
    for interval in INTERVALS:
        assert interval.is_exact == (len(members(interval)) == 1)


def test_an_empty_interval_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="empty interval: 2 > 1"):
        Interval(2, 1)


PLATELETS = Number("lab:plt", Operator.AT_LEAST, 50 * SCALE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (measure(50), (TRUE, frozenset())),
        (measure(49.999999), (FALSE, frozenset())),
        (measure(60, 90), (TRUE, frozenset())),
        (measure(40, 60), (UNKNOWN, {Cause.IMPRECISE})),
        (measure(80, stale=True), (UNKNOWN, {Cause.OUT_OF_DATE})),
    ],
    ids=["at the bound", "just below", "interval above", "interval across", "out of date"],
)
def test_platelets_of_at_least_fifty(value: object, expected: tuple[Truth, Set[Cause]]) -> None:
    assert found(PLATELETS, facts(measures={"lab:plt": value})) == expected  # type: ignore[dict-item]


def test_a_number_that_is_not_in_the_record_is_unknown_because_it_was_not_told() -> None:
    assert found(PLATELETS, facts()) == (UNKNOWN, {Cause.NOT_TOLD})


def test_missing_is_the_widest_interval() -> None:
    """A missing number and a number of which nothing is known cannot be told apart by any comparison."""
    for sign in Operator:
        node = Number("lab:plt", sign, 50 * SCALE)
        assert truth(node, facts()) is compare(ANY, sign, 50 * SCALE) is UNKNOWN


def test_a_ratio_to_the_limit_of_the_laboratory_is_a_quantity_of_its_own() -> None:
    """ALT in U/L says nothing of ALT as a multiple of a limit that the record does not give."""
    node = Number("lab:alt.uln", Operator.AT_MOST, 3 * SCALE)
    assert truth(node, facts(measures={"lab:alt": measure(20)})) is UNKNOWN
    assert truth(node, facts(measures={"lab:alt.uln": measure(2.5)})) is TRUE


def test_the_negation_of_a_comparison_is_unknown_with_it() -> None:
    assert found(Not(PLATELETS), facts()) == (UNKNOWN, {Cause.NOT_TOLD})
    assert truth(Not(PLATELETS), facts(measures={"lab:plt": measure(20)})) is TRUE
