"""Expressions as plain JSON arrays, exactly and compactly.

    Number   ["number", quantity, operator, bound]        Not      ["not", item]
    Code     ["code", variable, [code ...]]               And      ["and", [item ...]]
    Presence ["presence", concept, [trait ...], window, register]
    Count    ["count", concept, operator, bound, register]
    Opaque   ["opaque", why]                              Or       ["or", [item ...]]
    If       ["if", condition, then]                      AtLeast  ["at_least", count, [item ...]]
    window   null or [at_least, at_most, at_least_strict, at_most_strict], a period being null or [amount, unit]

With spans, the span ``[start, end]`` or null is one more element at the end. In a `Table` an item is the number of
another row, always an earlier one, so that equal parts are stored, loaded and evaluated once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cartella.logic import (
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Presence,
    Span,
    Unread,
    Window,
)

Json = list[Any]

_OPERATORS = {operator.value: operator for operator in Operator}
_UNITS = {unit.value: unit for unit in PeriodUnit}
_UNREAD = {why.value: why for why in Unread}


def to_json(node: Expression) -> Json:
    """The expression with all spans."""
    return [*_row(node, to_json), _span_out(node.span)]


def from_json(data: Json) -> Expression:
    """The expression that `to_json` wrote. ValueError for anything else."""
    try:
        return _node(data, from_json, _span_in(data[-1]))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"not an expression: {data!r:.80}") from error


class Table:
    """Distinct expressions as numbered rows, without spans."""

    def __init__(self) -> None:
        self.rows: list[Json] = []
        self._known: dict[Expression, int] = {}

    def number(self, node: Expression) -> int:
        """The row of `node`, written when it is new."""
        known = self._known.get(node)
        if known is None:
            row = _row(node, self.number)
            known = self._known[node] = len(self.rows)
            self.rows.append(row)
        return known


def read_table(rows: Sequence[Json]) -> list[Expression]:
    """The expressions of a table by row number; equal parts are one object. ValueError for a damaged table."""
    found: list[Expression] = []
    try:
        for row in rows:
            found.append(_node(row, found.__getitem__, None))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"row {len(found)} of the expressions is damaged") from error
    return found


def _row(node: Expression, item: Callable[[Expression], Any]) -> Json:
    match node:
        case Number():
            return ["number", node.quantity, node.operator.value, node.bound]
        case Code():
            return ["code", node.variable, sorted(node.codes)]
        case Presence():
            return ["presence", node.concept, sorted(node.traits), _window_out(node.window), node.register]
        case Count():
            return ["count", node.concept, node.operator.value, node.bound, node.register]
        case Opaque():
            return ["opaque", node.why.value]
        case Not():
            return ["not", item(node.item)]
        case And():
            return ["and", [item(part) for part in node.items]]
        case Or():
            return ["or", [item(part) for part in node.items]]
        case AtLeast():
            return ["at_least", node.count, [item(part) for part in node.items]]
        case If():
            return ["if", item(node.condition), item(node.then)]


def _node(row: Json, item: Callable[[Any], Expression], span: Span | None) -> Expression:
    match row[0]:
        case "number":
            return Number(row[1], _OPERATORS[row[2]], row[3], span)
        case "code":
            return Code(row[1], frozenset(row[2]), span)
        case "presence":
            return Presence(row[1], frozenset(row[2]), _window_in(row[3]), row[4], span)
        case "count":
            return Count(row[1], _OPERATORS[row[2]], row[3], row[4], span)
        case "opaque":
            return Opaque(_UNREAD[row[1]], span)
        case "not":
            return Not(item(row[1]), span)
        case "and":
            return And(tuple(map(item, row[1])), span)
        case "or":
            return Or(tuple(map(item, row[1])), span)
        case "at_least":
            return AtLeast(row[1], tuple(map(item, row[2])), span)
        case "if":
            return If(item(row[1]), item(row[2]), span)
        case other:
            raise KeyError(other)


def _span_out(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _span_in(data: Sequence[int] | None) -> Span | None:
    return None if data is None else Span(data[0], data[1])


def _window_out(window: Window | None) -> Json | None:
    if window is None:
        return None
    return [
        _period_out(window.at_least),
        _period_out(window.at_most),
        int(window.at_least_strict),
        int(window.at_most_strict),
    ]


def _window_in(data: Json | None) -> Window | None:
    if data is None:
        return None
    return Window(_period_in(data[0]), _period_in(data[1]), bool(data[2]), bool(data[3]))


def _period_out(period: Period | None) -> Json | None:
    return None if period is None else [period.amount, period.unit.value]


def _period_in(data: Json | None) -> Period | None:
    return None if data is None else Period(data[0], _UNITS[data[1]])
