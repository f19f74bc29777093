"""Count: how many different ones."""

from __future__ import annotations

import pytest
from facts_in_short import absent, event, facts, found, truth

from cartella.logic import FALSE, TRUE, UNKNOWN, Cause, Count, Event, Operator, Truth

IMATINIB = event("drug:imatinib", "class:tki")
DASATINIB = event("drug:dasatinib", "class:tki")
SOME_TKI = event("class:tki", may_be=("drug:imatinib", "drug:dasatinib", "drug:ponatinib"))
PERHAPS_TKI = event("class:targeted", may_be=("class:tki", "drug:imatinib"))


def at_least(bound: int) -> Count:
    return Count("class:tki", Operator.AT_LEAST, bound, register="therapy")


def at_most(bound: int) -> Count:
    return Count("class:tki", Operator.AT_MOST, bound, register="therapy")


def test_nothing_told_is_no_number() -> None:
    assert found(at_least(1), facts()) == (UNKNOWN, {Cause.NOT_TOLD})
    assert found(at_most(3), facts()) == (UNKNOWN, {Cause.NOT_TOLD})


def test_an_open_list_gives_a_number_that_may_grow() -> None:
    patient = facts(IMATINIB, DASATINIB)
    assert truth(at_least(2), patient) is TRUE
    assert truth(at_least(3), patient) is UNKNOWN
    assert truth(at_most(2), patient) is UNKNOWN
    assert truth(at_most(1), patient) is FALSE


def test_a_complete_list_gives_the_number() -> None:
    patient = facts(IMATINIB, DASATINIB, complete=["therapy"])
    assert truth(at_least(3), patient) is FALSE
    assert truth(at_most(2), patient) is TRUE
    assert truth(Count("class:tki", Operator.EQUAL, 2, "therapy"), patient) is TRUE


def test_equal_names_are_counted_once() -> None:
    patient = facts(IMATINIB, IMATINIB, complete=["therapy"])
    assert truth(at_least(2), patient) is FALSE
    assert truth(at_most(1), patient) is TRUE


@pytest.mark.parametrize("patient", [facts(absences=(absent("class:tki"),)), facts(complete=["therapy"])])
def test_none_is_a_number(patient: object) -> None:
    assert truth(at_least(1), patient) is FALSE  # type: ignore[arg-type]
    assert truth(at_most(0), patient) is TRUE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        ((SOME_TKI,), 1, None),
        ((IMATINIB, SOME_TKI), 1, None),
        ((IMATINIB, DASATINIB, SOME_TKI), 2, None),
        ((SOME_TKI, SOME_TKI), 1, None),
        ((PERHAPS_TKI,), 0, None),
        ((IMATINIB, PERHAPS_TKI), 1, None),
    ],
    ids=["a class", "a drug and its class", "two drugs and their class", "a class twice", "perhaps", "one and perhaps"],
)
def test_an_imprecise_entry_may_repeat_another_or_stand_for_several(
    events: tuple[Event, ...], low: int, high: int | None
) -> None:
    """ "A TKI" next to imatinib may be imatinib again, and "TKIs" may be three: only what is named adds up."""
    patient = facts(*events, complete=["therapy"])
    for bound in range(4):
        expected: Truth = TRUE if low >= bound else FALSE if high is not None and high < bound else UNKNOWN
        assert truth(at_least(bound), patient) is expected, bound
