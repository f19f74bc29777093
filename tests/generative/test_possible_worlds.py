"""The evaluator against an independent semantics: complete worlds in which everything is simply true or false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from generated import CODES, HIGHEST, LOWEST, QUANTITIES, VARIABLES, code_atoms, number_atoms, patients, trees
from hypothesis import given
from hypothesis import strategies as st

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    And,
    AtLeast,
    Code,
    Coding,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Number,
    Operator,
    Or,
    PatientFacts,
    Source,
    evaluate,
    numbered,
)

World = Mapping[str, int | str]

decidable = trees(st.one_of(number_atoms, code_atoms), most=6)


def holds(node: Expression, world: World) -> bool:
    """Whether `node` holds in a world in which every number and code is known. Two-valued, by Python's own means."""
    match node:
        case Number():
            number = world[node.quantity]
            assert isinstance(number, int)
            order = (number > node.bound) - (number < node.bound)
            return {
                Operator.LESS: order < 0,
                Operator.AT_MOST: order <= 0,
                Operator.EQUAL: order == 0,
                Operator.AT_LEAST: order >= 0,
                Operator.GREATER: order > 0,
            }[node.operator]
        case Code():
            return world[node.variable] in node.codes
        case Not():
            return not holds(node.item, world)
        case And():
            return all(holds(item, world) for item in node.items)
        case Or():
            return any(holds(item, world) for item in node.items)
        case AtLeast():
            return sum(holds(item, world) for item in node.items) >= node.count
        case If():
            return holds(node.then, world) if holds(node.condition, world) else True
        case _:
            raise AssertionError(f"no two-valued meaning for {node}")


def possible_numbers(measure: Measure | None) -> range:
    """The numbers that a fact leaves possible; one beyond the bounds that are asked stands for all beyond."""
    lowest, highest = LOWEST - 1, HIGHEST + 1
    if measure is None or measure.stale:
        return range(lowest, highest + 1)
    low, high = measure.value.low, measure.value.high
    return range(lowest if low is None else low, (highest if high is None else high) + 1)


def possible_codes(coding: Coding | None) -> tuple[str, ...]:
    """The codes that a fact leaves possible; "other" stands for all that are not asked."""
    return (*CODES, "other") if coding is None or coding.stale else tuple(coding.possible)


def worlds(facts: PatientFacts) -> Iterator[World]:
    """Every complete world that the facts leave possible."""
    names = (*QUANTITIES, *VARIABLES)
    ways: list[Sequence[int | str]] = [possible_numbers(facts.measures.get(name)) for name in QUANTITIES]
    ways += [possible_codes(facts.codings.get(name)) for name in VARIABLES]
    for values in product(*ways):
        yield dict(zip(names, values, strict=True))


@given(decidable, patients())
def test_what_is_known_is_so_in_every_possible_world(node: Expression, facts: PatientFacts) -> None:
    """Soundness, at every node of the tree: a wrong "no" would be a world in which it is not so."""
    truths = {identifier: evaluate(part, facts).truth for identifier, part in numbered(node)}
    for world in worlds(facts):
        for identifier, part in numbered(node):
            if truths[identifier] is not UNKNOWN:
                assert holds(part, world) == (truths[identifier] is TRUE), (part, world)


@given(st.one_of(number_atoms, code_atoms), patients())
def test_an_atom_is_unknown_only_where_the_worlds_differ(node: Expression, facts: PatientFacts) -> None:
    """Completeness holds of atoms. Of trees it cannot: "a or not a" is unknown when a is."""
    if isinstance(node, Code) and not node.codes:
        return  # nothing is one of no codes; the evaluator does not look that far, and no criterion asks it
    answers = {holds(node, world) for world in worlds(facts)}
    if evaluate(node, facts).truth is UNKNOWN:
        assert answers == {True, False}


@given(
    decidable,
    st.fixed_dictionaries({name: st.integers(LOWEST, HIGHEST) for name in QUANTITIES}),
    st.fixed_dictionaries({name: st.sampled_from(CODES) for name in VARIABLES}),
)
def test_with_every_fact_exact_the_logic_is_two_valued(
    node: Expression, numbers: dict[str, int], codes: dict[str, str]
) -> None:
    source = Source("record", "stated")
    facts = PatientFacts(
        1000,
        {name: Measure(Interval.exactly(value), source) for name, value in numbers.items()},
        {name: Coding(frozenset({code}), source) for name, code in codes.items()},
    )
    assert evaluate(node, facts).truth is (TRUE if holds(node, {**numbers, **codes}) else FALSE)
