"""Three-valued truth (Kleene's strong logic), written out as tables.

Source: S. C. Kleene, *Introduction to Metamathematics*, 1952, section 64. Note that ``a or not a`` and
``a and not a`` are UNKNOWN when ``a`` is: the classical laws do not hold, so no rewrite may use them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """TRUE, FALSE, or UNKNOWN: not known from what was stated."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values: compare it with TRUE, FALSE or UNKNOWN")


FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

NOT = {FALSE: TRUE, UNKNOWN: UNKNOWN, TRUE: FALSE}

AND = {
    (FALSE, FALSE): FALSE,
    (FALSE, UNKNOWN): FALSE,
    (FALSE, TRUE): FALSE,
    (UNKNOWN, FALSE): FALSE,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, TRUE): UNKNOWN,
    (TRUE, FALSE): FALSE,
    (TRUE, UNKNOWN): UNKNOWN,
    (TRUE, TRUE): TRUE,
}

OR = {
    (FALSE, FALSE): FALSE,
    (FALSE, UNKNOWN): UNKNOWN,
    (FALSE, TRUE): TRUE,
    (UNKNOWN, FALSE): UNKNOWN,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, TRUE): TRUE,
    (TRUE, FALSE): TRUE,
    (TRUE, UNKNOWN): TRUE,
    (TRUE, TRUE): TRUE,
}


def negation(value: Truth) -> Truth:
    """Kleene negation."""
    return NOT[value]


def conjunction(values: Iterable[Truth]) -> Truth:
    """Kleene *and* over any number of values; TRUE for none."""
    result = TRUE
    for value in values:
        result = AND[result, value]
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """Kleene *or* over any number of values; FALSE for none."""
    result = FALSE
    for value in values:
        result = OR[result, value]
    return result


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """TRUE when `count` values are TRUE for certain, FALSE when fewer than `count` can be, else UNKNOWN."""
    certain = possible = 0
    for value in values:
        certain += value is TRUE
        possible += value is not FALSE
    if certain >= count:
        return TRUE
    return UNKNOWN if possible >= count else FALSE
