"""Which parts of a trace decide: a view of the evaluator's results, never a second evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    And,
    AtLeast,
    Code,
    Count,
    If,
    Not,
    Number,
    Operator,
    Or,
    Presence,
    Trace,
)


class Change(Enum):
    """Whether what stands in the way may change."""

    FIXED = "fixed"
    MAY_CHANGE = "may_change"


_FIXED_CODES = frozenset({"sex", "diagnosis"})
_GROWING = frozenset({"age", "age.months", "lines"})
_TREATMENTS = frozenset({"therapy", "procedure"})


def deciding(trace: Trace) -> tuple[Trace, ...]:
    """The smallest set of leaves that settles the trace; if it is open, all the leaves that keep it open.

    Among sets that settle it, one that cannot change comes first: who is over the age limit need not look at the
    blood values.
    """
    parts, truth = trace.parts, trace.truth
    if not parts:
        return (trace,)
    if truth is UNKNOWN:
        return _all(p for p in parts if p.truth is UNKNOWN)
    match trace.node:
        case Not():
            return deciding(parts[0])
        case And():
            return _all(parts) if truth is TRUE else _cheapest(parts, FALSE, 1)
        case Or():
            return _all(parts) if truth is FALSE else _cheapest(parts, TRUE, 1)
        case AtLeast(count=count):
            enough = count if truth is TRUE else len(parts) - count + 1
            return _cheapest(parts, truth, enough)
        case If():
            condition, then = parts
            if truth is FALSE:
                return _all(parts)
            return deciding(condition) if condition.truth is FALSE else deciding(then)
    return (trace,)


def is_applicable(trace: Trace) -> bool:
    """False where the point is met only because its conditions do not hold: it is about other patients."""
    match trace.node:
        case If():
            return not (trace.truth is TRUE and trace.parts[0].truth is FALSE)
        case And() if trace.truth is TRUE and trace.parts:
            return any(is_applicable(part) for part in trace.parts)
    return True


def change(leaf: Trace) -> Change | None:
    """Whether a settled leaf may turn over in time; None where nothing is known about that.

    Fixed are age over a limit and lines of therapy over a limit (both only grow), sex, diagnosis, HLA type, and a
    treatment once given. May change: other measured values, and whatever is asked for within a stretch of time.
    """
    node, holds = leaf.node, leaf.truth is TRUE
    match node:
        case Number(quantity=quantity, operator=operator) if quantity in _GROWING:
            upper = operator in (Operator.AT_MOST, Operator.LESS)
            return Change.FIXED if operator is not Operator.EQUAL and upper is not holds else Change.MAY_CHANGE
        case Number():
            return Change.MAY_CHANGE
        case Count(operator=operator):
            upper = operator in (Operator.AT_MOST, Operator.LESS)
            return Change.FIXED if operator is not Operator.EQUAL and upper is not holds else Change.MAY_CHANGE
        case Code(variable=variable):
            return Change.FIXED if variable in _FIXED_CODES else None
        case Presence(concept=concept) if concept.startswith("hla:"):
            return Change.FIXED
        case Presence(window=None, traits=traits, register=register) if (
            holds and not traits and register in _TREATMENTS
        ):
            return Change.FIXED
        case Presence(window=window) if window is not None and window.at_most is not None and holds:
            return Change.MAY_CHANGE
        case Presence(traits=traits, register=register) if traits or register is not None:
            return Change.MAY_CHANGE
    return None


def _all(parts: Iterable[Trace]) -> tuple[Trace, ...]:
    found = [leaf for part in parts for leaf in deciding(part)]
    return tuple({leaf.identifier: leaf for leaf in found}.values())


def _cheapest(parts: tuple[Trace, ...], truth: object, number: int) -> tuple[Trace, ...]:
    settled = sorted((deciding(p) for p in parts if p.truth is truth), key=_cost)
    return tuple(leaf for leaves in settled[:number] for leaf in leaves)


def _cost(leaves: tuple[Trace, ...]) -> tuple[int, int]:
    return sum(change(leaf) is not Change.FIXED for leaf in leaves), len(leaves)
