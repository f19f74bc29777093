"""The expressions that criteria are made of.

An expression says what the patient *has*; whether that is wanted (inclusion) or not (exclusion) is applied once, at
the edge, by the point that owns the expression. Nodes are frozen. The span says which characters of the original text
a node stands for; it takes no part in equality, so equal meanings are equal nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from cartella.logic.periods import Window

SCALE = 1_000_000
"""Numbers are integers in millionths of the quantity's canonical unit: 1.5 g/dL is 1_500_000."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of the original text."""

    start: int
    end: int


class Operator(Enum):
    """How a number is compared with a bound."""

    LESS = "<"
    AT_MOST = "<="
    AT_LEAST = ">="
    GREATER = ">"
    EQUAL = "="


class Unread(Enum):
    """Why a piece of text has no meaning for the program."""

    NOT_UNDERSTOOD = "not_understood"
    JUDGEMENT = "judgement"
    IMPLAUSIBLE = "implausible"  # a number that no patient could have in its unit
    UNIT = "unit"  # a number in a unit that its quantity is not measured in


@dataclass(frozen=True, slots=True)
class Number:
    """The patient's `quantity` compared with `bound` (millionths of the canonical unit).

    A ratio to the laboratory's upper or lower limit is a quantity of its own: ``lab:alt.uln``, ``lab:hb.lln``.
    """

    quantity: str
    operator: Operator
    bound: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Code:
    """The patient's `variable` (diagnosis, sex, stage ...) is one of `codes`."""

    variable: str
    codes: frozenset[str]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Presence:
    """The patient has, or had, `concept`, with all `traits`, last active within `window`.

    `traits` are names that an event may state as true or false ("active", "symptomatic"); a name that begins with
    ``!`` asks for false. `register` names the list of the record which, when declared complete, settles absence
    ("therapy", "medication", "hla:A"); None means that only a documented absence settles it.
    """

    concept: str
    traits: frozenset[str] = frozenset()
    window: Window | None = None
    register: str | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """The number of different events of `concept` compared with the plain number `bound`."""

    concept: str
    operator: Operator
    bound: int
    register: str | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Text without a meaning for the program: always unknown, always shown in full."""

    why: Unread = Unread.NOT_UNDERSTOOD
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold."""

    item: Expression
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All items hold."""

    items: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one item holds."""

    items: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the items hold."""

    count: int
    items: tuple[Expression, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """`then` is asked only of patients for whom `condition` holds; others pass."""

    condition: Expression
    then: Expression
    span: Span | None = field(default=None, compare=False)


Expression = Number | Code | Presence | Count | Opaque | Not | And | Or | AtLeast | If


def children(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside `node`, in order."""
    match node:
        case Not(item=item):
            return (item,)
        case And(items=items) | Or(items=items) | AtLeast(items=items):
            return items
        case If(condition=condition, then=then):
            return (condition, then)
        case _:
            return ()


def walk(node: Expression) -> Iterator[Expression]:
    """`node` and everything inside it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def numbered(node: Expression, identifier: str = "0") -> Iterator[tuple[str, Expression]]:
    """Every node with its id: the path from the root, such as ``0.1.2``."""
    yield identifier, node
    for position, child in enumerate(children(node)):
        yield from numbered(child, f"{identifier}.{position}")
