"""Every rewrite of the whitelist keeps the meaning: over all assignments, and for generated cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from generated import REFERENCE_DAY, expressions, patients
from hypothesis import given

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    Absence,
    And,
    AtLeast,
    Count,
    Event,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    PatientFacts,
    Presence,
    Source,
    Span,
    Truth,
    Unread,
    evaluate,
    walk,
)
from cartella.logic.rewrites import COMPLEMENT, REWRITES, Rewrite, simplify

A, B, C = (Presence(f"cond:{name}") for name in "abc")
SOURCE = Source("record", "stated")

SHAPES: dict[str, tuple[Expression, ...]] = {
    "double_negation": (Not(Not(A)), Not(Not(And((A, B))))),
    "de_morgan": (
        *(Not(kind(items)) for kind in (And, Or) for items in ((), (A,), (A, B), (A, A), (A, B, C))),
        Not(And((A, Not(A)))),
    ),
    "not_at_least": (
        *(Not(AtLeast(k, (A, B, C)[:n])) for n in range(4) for k in range(5)),
        Not(AtLeast(2, (A, A, B))),
    ),
    "not_if": (Not(If(A, B)), Not(If(A, A)), Not(If(A, Or((B, C))))),
    "if_as_or": (If(A, B), If(A, A), If(Not(A), B), If(A, If(B, C))),
    "at_least_as_or": (AtLeast(1, ()), AtLeast(1, (A,)), AtLeast(1, (A, A)), AtLeast(1, (A, B, C))),
    "at_least_as_and": (
        AtLeast(0, ()),
        AtLeast(1, (A,)),
        AtLeast(2, (A, B)),
        AtLeast(2, (A, A)),
        AtLeast(3, (A, B, C)),
    ),
    "flat": tuple(
        kind(items)
        for kind in (And, Or)
        for items in ((kind((A, B)), C), (A, kind(()), B), (kind((A, kind((B, C)))),), (kind((A,)), kind((A, B))))
    ),
    "without_duplicates": tuple(
        kind(items) for kind in (And, Or) for items in ((A, A), (A, B, A), (Not(A), B, Not(A)))
    ),
    "singleton": (And((A,)), Or((A,)), And((Or((A, B)),))),
}
"""For each rewrite, expressions that it applies to, in at most three atoms."""


def assignments(node: Expression) -> Iterator[PatientFacts]:
    """A patient for each way in which the atoms of `node` may be true, false or unknown."""
    concepts = sorted({part.concept for part in walk(node) if isinstance(part, Presence)})
    for values in product(Truth, repeat=len(concepts)):
        told = dict(zip(concepts, values, strict=True))
        yield PatientFacts(
            REFERENCE_DAY,
            events=tuple(Event(frozenset({concept}), SOURCE) for concept, value in told.items() if value is TRUE),
            absences=tuple(Absence(frozenset({concept}), SOURCE) for concept, value in told.items() if value is FALSE),
        )


def applied(rewrite: Rewrite, node: Expression) -> Expression:
    """What `rewrite` makes of `node`; it must apply."""
    result = rewrite(node)
    assert result is not None, f"{rewrite.__name__} does not apply to {node}"
    return result


def test_every_rewrite_is_checked_here() -> None:
    assert {rewrite.__name__ for rewrite in REWRITES} == {*SHAPES, "complement"}


@pytest.mark.parametrize("rewrite", [r for r in REWRITES if r.__name__ in SHAPES], ids=lambda rewrite: rewrite.__name__)
def test_a_rewrite_keeps_the_meaning_for_all_assignments(rewrite: Rewrite) -> None:
    for node in SHAPES[rewrite.__name__]:
        simpler = applied(rewrite, node)
        assert simpler != node
        for facts in assignments(node):
            before, after = evaluate(node, facts), evaluate(simpler, facts)
            assert (after.truth, after.causes) == (before.truth, before.causes), (node, simpler, facts)


@pytest.mark.parametrize("operator", COMPLEMENT, ids=lambda operator: operator.value)
def test_the_complement_of_a_comparison_is_its_negation_for_every_interval(operator: Operator) -> None:
    (complement,) = (rewrite for rewrite in REWRITES if rewrite.__name__ == "complement")
    ends = (None, *range(-3, 4))
    intervals = [Interval(x, y) for x, y in product(ends, repeat=2) if x is None or y is None or x <= y]
    for bound in range(-2, 3):
        node = Not(Number("age", operator, bound))
        simpler = applied(complement, node)
        assert isinstance(simpler, Number)
        for interval in intervals:
            facts = PatientFacts(REFERENCE_DAY, {"age": Measure(interval, SOURCE)})
            assert evaluate(node, facts).truth is evaluate(simpler, facts).truth, (node, interval)
        assert evaluate(simpler, PatientFacts(REFERENCE_DAY)).truth is UNKNOWN


@pytest.mark.parametrize("operator", COMPLEMENT, ids=lambda operator: operator.value)
def test_the_complement_of_a_count_is_its_negation_for_every_number(operator: Operator) -> None:
    (complement,) = (rewrite for rewrite in REWRITES if rewrite.__name__ == "complement")
    for bound, number, complete in product(range(4), range(4), (False, True)):
        given_drugs = tuple(Event(frozenset({"class:x"}), SOURCE, counts_as=str(n)) for n in range(number))
        registers = {"therapy": SOURCE} if complete else {}
        facts = PatientFacts(REFERENCE_DAY, events=given_drugs, complete=registers)
        node = Not(Count("class:x", operator, bound, "therapy"))
        assert evaluate(node, facts).truth is evaluate(applied(complement, node), facts).truth


def test_being_equal_has_no_complement() -> None:
    node = Not(Number("age", Operator.EQUAL, 1))
    assert simplify(node) == node


def test_the_classical_laws_are_not_used() -> None:
    unknown = PatientFacts(REFERENCE_DAY)
    for node in (Or((A, Not(A))), And((A, Not(A)))):
        assert simplify(node) == node
        assert evaluate(simplify(node), unknown).truth is UNKNOWN


def test_text_that_was_not_read_is_never_merged() -> None:
    """The two are equal as meanings, and are two different sentences."""
    first, second = Opaque(span=Span(0, 9)), Opaque(span=Span(10, 19))
    simple = simplify(Or((first, Or((second, A)), A)))
    assert isinstance(simple, Or)
    assert [item.span for item in simple.items] == [Span(0, 9), Span(10, 19), None]


def test_a_rewritten_node_keeps_the_text_it_stands_for() -> None:
    node = If(Number("age", Operator.LESS, 18, Span(3, 11)), And((A, B), Span(13, 20)), Span(0, 20))
    simple = simplify(node)
    assert isinstance(simple, Or)
    assert simple.span == Span(0, 20)
    assert simple.items[0].span == Span(3, 11)
    assert simple.items[0] == Number("age", Operator.AT_LEAST, 18)
    assert simplify(Not(Number("age", Operator.LESS, 18, Span(4, 9)), Span(0, 9))).span == Span(0, 9)


@given(expressions, patients())
def test_simplify_keeps_the_meaning_and_the_causes(node: Expression, facts: PatientFacts) -> None:
    before, after = evaluate(node, facts), evaluate(simplify(node), facts)
    assert (after.truth, after.causes) == (before.truth, before.causes)


@given(expressions)
def test_simplify_leaves_nothing_to_rewrite(node: Expression) -> None:
    for part in walk(simplify(node)):
        assert not isinstance(part, If)
        assert all(rewrite(part) is None for rewrite in REWRITES)


@given(expressions)
def test_simplify_keeps_every_piece_of_unread_text(node: Expression) -> None:
    def unread(tree: Expression) -> list[Unread]:
        return sorted((part.why for part in walk(tree) if isinstance(part, Opaque)), key=lambda why: why.value)

    assert unread(simplify(node)) == unread(node)
