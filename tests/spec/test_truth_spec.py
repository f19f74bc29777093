"""Truth: three values, and the tables of Kleene's strong logic.

The tables are written here a second time, in the order a textbook prints them, so that a slip in either is seen.
"""

from __future__ import annotations

from itertools import product

import pytest

from cartella.logic import FALSE, TRUE, UNKNOWN, Truth
from cartella.logic.truth import AND, NOT, OR, at_least, conjunction, disjunction, negation

VALUES = (TRUE, UNKNOWN, FALSE)
LETTER = {"T": TRUE, "U": UNKNOWN, "F": FALSE}

AND_TABLE = """
      T U F
    T T U F
    U U U F
    F F F F
"""
OR_TABLE = """
      T U F
    T T T T
    U T U U
    F T U F
"""


def table(text: str) -> dict[tuple[Truth, Truth], Truth]:
    """A printed table as a mapping from (row, column) to the value."""
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return {
        (LETTER[row], LETTER[col]): LETTER[cell] for row, *cells in rows for col, cell in zip(head, cells, strict=True)
    }


def worlds(value: Truth) -> tuple[bool, ...]:
    """What a value could turn out to be."""
    return {TRUE: (True,), FALSE: (False,), UNKNOWN: (True, False)}[value]


def settled(results: set[bool]) -> Truth:
    """The value that a set of possible results leaves."""
    return UNKNOWN if len(results) == 2 else TRUE if True in results else FALSE


def test_and_is_the_textbook_table() -> None:
    assert table(AND_TABLE) == AND


def test_or_is_the_textbook_table() -> None:
    assert table(OR_TABLE) == OR


def test_not_swaps_true_and_false_and_keeps_unknown() -> None:
    assert {TRUE: FALSE, UNKNOWN: UNKNOWN, FALSE: TRUE} == NOT


@pytest.mark.parametrize("length", range(5))
def test_every_connective_says_what_all_possible_worlds_say(length: int) -> None:
    """With different operands, Kleene's value is exactly what is common to all ways the unknowns may turn out."""
    for values in product(VALUES, repeat=length):
        possible = list(product(*(worlds(value) for value in values)))
        assert conjunction(values) is settled({all(world) for world in possible})
        assert disjunction(values) is settled({any(world) for world in possible})
        for count in range(length + 2):
            assert at_least(count, values) is settled({sum(world) >= count for world in possible})


def test_nothing_asked_is_true_and_nothing_offered_is_false() -> None:
    assert conjunction(()) is TRUE
    assert disjunction(()) is FALSE
    assert at_least(0, ()) is TRUE
    assert at_least(1, ()) is FALSE


def test_the_classical_laws_do_not_hold() -> None:
    assert disjunction((UNKNOWN, negation(UNKNOWN))) is UNKNOWN
    assert conjunction((UNKNOWN, negation(UNKNOWN))) is UNKNOWN


def test_more_information_never_flips_a_connective() -> None:
    """Replacing one operand by UNKNOWN may only make the result UNKNOWN."""
    for values in product(VALUES, repeat=3):
        for position in range(3):
            blanked = [*values[:position], UNKNOWN, *values[position + 1 :]]
            for connective in (conjunction, disjunction, lambda v: at_least(2, v)):
                assert connective(blanked) in (UNKNOWN, connective(values))


def test_a_truth_refuses_to_be_used_as_a_condition() -> None:
    """``if truth:`` would read UNKNOWN as one of the other two without anybody noticing."""
    for value in VALUES:
        with pytest.raises(TypeError, match="three values"):
            bool(value)
