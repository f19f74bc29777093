"""Expressions survive being written: the catalogue and the store depend on it."""

import json

import pytest
from generated_expressions import expressions
from hypothesis import given
from hypothesis import strategies as st

from cartella.catalogue.expressions import Table, from_json, read_table, to_json
from cartella.logic import Expression, numbered


@given(expressions)
def test_round_trip_keeps_meaning_and_spans(node: Expression) -> None:
    again = from_json(json.loads(json.dumps(to_json(node))))
    assert again == node
    assert [(i, n.span) for i, n in numbered(again)] == [(i, n.span) for i, n in numbered(node)]


@given(st.lists(expressions, max_size=6))
def test_table_holds_each_meaning_once(nodes: list[Expression]) -> None:
    table = Table()
    numbers = [table.number(node) for node in nodes]
    rows = read_table(json.loads(json.dumps(table.rows)))
    assert [rows[number] for number in numbers] == nodes
    assert len(set(rows)) == len(rows)
    assert [numbers.index(n) for n in numbers] == [nodes.index(n) for n in nodes]


@pytest.mark.parametrize("damaged", [[], ["number"], ["what", 1, None], ["number", "age", "~", 3, None], 7])
def test_damaged_expressions_are_refused(damaged: object) -> None:
    with pytest.raises(ValueError, match="not an expression"):
        from_json(damaged)  # type: ignore[arg-type]


def test_a_damaged_table_says_which_row() -> None:
    with pytest.raises(ValueError, match="row 1"):
        read_table([["opaque", "judgement"], ["not", 5]])
