"""Rewrites that keep the meaning of an expression in Kleene logic: a whitelist.

`simplify` gives engines and readers a smaller vocabulary: *not* stands only above what has no complement of its own,
*if* is gone, *and* and *or* are flat. Truth and causes stay the same for every patient. What is not here is not
allowed: ``a or not a`` is UNKNOWN when ``a`` is, so it is not a truth to be dropped.

The ids of a simplified expression are not those of the original; what is shown to people is the original's trace.
Text that was not read is never merged or dropped, since each piece of it is quoted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cartella.logic.expressions import (
    And,
    AtLeast,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Span,
    children,
    walk,
)

Rewrite = Callable[[Expression], Expression | None]
"""One step at the top of an expression: what may stand in its place, or None where the rewrite does not apply."""

COMPLEMENT = {
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.LESS,
    Operator.GREATER: Operator.AT_MOST,
    Operator.AT_MOST: Operator.GREATER,
}
"""The comparison that holds exactly where the other does not. EQUAL has none."""


def double_negation(node: Expression) -> Expression | None:
    """``not not a`` is ``a``."""
    match node:
        case Not(item=Not(item=inner)):
            return _spanned(inner, node.span)
    return None


def complement(node: Expression) -> Expression | None:
    """``not x >= c`` is ``x < c``, for numbers and counts; also of an interval, and of a missing number."""
    match node:
        case Not(item=Number(operator=operator) | Count(operator=operator) as item) if operator in COMPLEMENT:
            return replace(item, operator=COMPLEMENT[operator], span=node.span or item.span)
    return None


def de_morgan(node: Expression) -> Expression | None:
    """``not (a and b)`` is ``not a or not b``; ``not (a or b)`` is ``not a and not b``."""
    match node:
        case Not(item=And(items=items)):
            return Or(_negated(items), node.span)
        case Not(item=Or(items=items)):
            return And(_negated(items), node.span)
    return None


def not_at_least(node: Expression) -> Expression | None:
    """``not (at least k of n)`` is ``at least n - k + 1 of the n do not hold``."""
    match node:
        case Not(item=AtLeast(count=count, items=items)):
            return AtLeast(len(items) - count + 1, _negated(items), node.span)
    return None


def not_if(node: Expression) -> Expression | None:
    """``not (if a then b)`` is ``a and not b``."""
    match node:
        case Not(item=If(condition=condition, then=then)):
            return And((condition, Not(then, then.span)), node.span)
    return None


def if_as_or(node: Expression) -> Expression | None:
    """``if a then b`` is ``not a or b``."""
    match node:
        case If(condition=condition, then=then):
            return Or((Not(condition, condition.span), then), node.span)
    return None


def at_least_as_or(node: Expression) -> Expression | None:
    """``at least 1 of a, b`` is ``a or b``."""
    match node:
        case AtLeast(count=1, items=items):
            return Or(items, node.span)
    return None


def at_least_as_and(node: Expression) -> Expression | None:
    """``at least 2 of a, b`` is ``a and b``."""
    match node:
        case AtLeast(count=count, items=items) if count == len(items):
            return And(items, node.span)
    return None


def flat(node: Expression) -> Expression | None:
    """``a and (b and c)`` is ``a and b and c``; the same for *or*."""
    match node:
        case And(items=items) if any(isinstance(item, And) for item in items):
            return And(
                tuple(part for item in items for part in (item.items if isinstance(item, And) else (item,))), node.span
            )
        case Or(items=items) if any(isinstance(item, Or) for item in items):
            return Or(
                tuple(part for item in items for part in (item.items if isinstance(item, Or) else (item,))), node.span
            )
    return None


def without_duplicates(node: Expression) -> Expression | None:
    """``a and a`` is ``a``; the same for *or*. Items with unread text stay: equal nodes may quote different texts."""
    match node:
        case And(items=items) | Or(items=items):
            kept = tuple(item for place, item in enumerate(items) if item not in items[:place] or _has_unread(item))
            return replace(node, items=kept) if len(kept) < len(items) else None
    return None


def singleton(node: Expression) -> Expression | None:
    """*And* or *or* of one item is that item."""
    match node:
        case And(items=(item,)) | Or(items=(item,)):
            return _spanned(item, node.span)
    return None


REWRITES: tuple[Rewrite, ...] = (
    double_negation,
    complement,
    de_morgan,
    not_at_least,
    not_if,
    if_as_or,
    at_least_as_or,
    at_least_as_and,
    flat,
    without_duplicates,
    singleton,
)
"""Every rewrite that is allowed. Each is checked over all assignments of the three values."""


def simplify(node: Expression) -> Expression:
    """The expression after all rewrites, until none applies anywhere."""
    node = _rewritten(node)
    rebuilt = _rebuilt(node, tuple(simplify(child) for child in children(node)))
    again = _rewritten(rebuilt)
    return rebuilt if again is rebuilt else simplify(again)


def _rewritten(node: Expression) -> Expression:
    """`node` after all rewrites of its top."""
    while True:
        found = next((simpler for rewrite in REWRITES if (simpler := rewrite(node)) is not None), None)
        if found is None:
            return node
        node = found


def _rebuilt(node: Expression, inside: tuple[Expression, ...]) -> Expression:
    match node:
        case Not():
            return replace(node, item=inside[0])
        case And() | Or() | AtLeast():
            return replace(node, items=inside)
        case If():
            return replace(node, condition=inside[0], then=inside[1])
        case _:
            return node


def _negated(items: tuple[Expression, ...]) -> tuple[Expression, ...]:
    return tuple(Not(item, item.span) for item in items)


def _spanned(node: Expression, span: Span | None) -> Expression:
    """`node`, with the span of what it replaces where it has none of its own."""
    return node if node.span is not None else replace(node, span=span)


def _has_unread(node: Expression) -> bool:
    return any(isinstance(part, Opaque) for part in walk(node))
