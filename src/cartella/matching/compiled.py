"""The points of all studies, compiled into one frozen program over distinct atoms.

Everything that the studies ask is brought into three kinds of nodes: atoms, gates and two constants. A reference to
a node is a *literal*, an integer: ``2 * node``, and one more for the negation, so that *not* costs nothing. Equal
parts are one node (hash-consing), however many studies ask for them.

* A comparison of a number is the single atom "at least `bound`": over integers ``x > b`` is ``x >= b + 1``, the others
  are negations, and ``x = b`` is ``x >= b and not x >= b + 1``. Of an interval each of these has the truth that the
  reference evaluator gives. The same holds for counts.
* ``a or b`` is ``not (not a and not b)``; ``if a then b`` is ``not (a and not b)``. Both are exact in Kleene logic.
* Inputs of a gate are put in order, and repeated inputs of an *and* are dropped. Nothing is ever inferred from ``a``
  beside ``not a``.

The numbering of the nodes follows from what they say alone, so that the same studies, in whatever order they come,
give the same program and the same `key`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

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
    Presence,
    Window,
)
from cartella.trials.criteria import Point, Section

HOLDS, UNKNOWN_LITERAL = 0, 2
"""The literals of the two constants: what always holds, and what nobody knows."""

FIRST_ATOM = 2
"""The number of the first atom's node."""

LARGEST = 2**62
"""Beyond this many millionths a bound is left unknown, so that engines may hold numbers in 64 bits."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The patient's `quantity` is at least `bound` (millionths of the canonical unit)."""

    quantity: str
    bound: int


@dataclass(frozen=True, slots=True)
class Several:
    """There are at least `bound` different events of `concept`; `register` as in a `Count`."""

    concept: str
    register: str | None
    bound: int


Atom = Threshold | Code | Presence | Several


@dataclass(frozen=True, slots=True)
class Gate:
    """At least `count` of the `inputs` (literals, in order) hold: all of them, for an *and*."""

    count: int
    inputs: tuple[int, ...]

    @property
    def is_and(self) -> bool:
        """Whether all inputs must hold."""
        return self.count == len(self.inputs)


@dataclass(frozen=True, slots=True)
class CompiledTrial:
    """One study: the literal of each point (true when the point is ok), in order, and of the whole.

    `root` is true when no obstacle is found, false on any conflict, unknown while something is open. `unread` as in a
    `Tally`.
    """

    id: str
    points: tuple[int, ...]
    unread: int | None
    root: int


@dataclass(frozen=True)
class CompiledTrialSet:
    """All studies. Nodes are numbered: the two constants, the atoms, the gates; inputs come before their gate.

    `layers` are the ranges of gates that need only what comes before the range. `key` is a hash of all that is said
    here: equal keys, equal outcomes.
    """

    atoms: tuple[Atom, ...]
    gates: tuple[Gate, ...]
    layers: tuple[tuple[int, int], ...]
    trials: tuple[CompiledTrial, ...]

    @property
    def first_gate(self) -> int:
        """The number of the first gate's node."""
        return FIRST_ATOM + len(self.atoms)

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return self.first_gate + len(self.gates)

    @cached_property
    def key(self) -> str:
        """The content address: a hash that does not depend on the order in which studies came."""
        whole = [
            [_atom_row(atom) for atom in self.atoms],
            [[gate.count, gate.inputs] for gate in self.gates],
            [[trial.id, trial.points, trial.unread] for trial in self.trials],
        ]
        return hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()

    @cached_property
    def place(self) -> dict[str, int]:
        """The position of each study by its id."""
        return {trial.id: position for position, trial in enumerate(self.trials)}


def compile_trials(trials: Iterable[tuple[str, Sequence[Point], int | None]]) -> CompiledTrialSet:
    """Compile studies, each given by its id, its points and the number of its unread points."""
    draft = _Draft()
    listed = []
    for identifier, points, unread in sorted(trials, key=lambda trial: trial[0]):
        literals = tuple(draft.point(point) for point in points)
        root = draft.all_of(literals if unread == 0 else (*literals, UNKNOWN_LITERAL))
        listed.append(CompiledTrial(identifier, literals, unread, root))
    return draft.numbered(listed)


class _Draft:
    """Nodes in the making, numbered as they come; atoms and gates each have numbers of their own until the end."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}
        self._nodes: list[Atom | Gate | None] = [None, None]
        self._levels: list[int] = [0, 0]
        self._by_object: dict[int, int] = {}
        self._kept: list[Expression] = []  # an id stands for an object only while the object is there

    def point(self, point: Point) -> int:
        """The literal of a point: polarity is applied here, once."""
        literal = self.expression(point.expression)
        return literal if point.section is Section.INCLUSION else literal ^ 1

    def expression(self, node: Expression) -> int:
        """The literal of an expression."""
        known = self._by_object.get(id(node))
        if known is None:
            known = self._by_object[id(node)] = self._expression(node)
            self._kept.append(node)
        return known

    def _expression(self, node: Expression) -> int:
        match node:
            case And(items=items):
                return self.all_of([self.expression(item) for item in items])
            case Or(items=items):
                return self._any_of([self.expression(item) for item in items])
            case Not(item=item):
                return self.expression(item) ^ 1
            case If(condition=condition, then=then):
                return self.all_of((self.expression(condition), self.expression(then) ^ 1)) ^ 1
            case AtLeast(count=count, items=items):
                return self._at_least(count, [self.expression(item) for item in items])
            case Opaque():
                return UNKNOWN_LITERAL
            case Number(quantity=quantity, operator=operator, bound=bound):
                return self._compared(operator, bound, lambda least: Threshold(quantity, least))
            case Count(concept=concept, operator=operator, bound=bound, register=register):
                return self._compared(operator, bound, lambda least: Several(concept, register, least))
            case Code(variable=variable, codes=codes):
                return self._atom(Code(variable, codes))
            case Presence():
                return self._atom(Presence(node.concept, node.traits, node.window, node.register))

    def _compared(self, operator: Operator, bound: int, make: Callable[[int], Atom]) -> int:
        if abs(bound) >= LARGEST:
            return UNKNOWN_LITERAL
        match operator:
            case Operator.AT_LEAST:
                return self._atom(make(bound))
            case Operator.GREATER:
                return self._atom(make(bound + 1))
            case Operator.LESS:
                return self._atom(make(bound)) ^ 1
            case Operator.AT_MOST:
                return self._atom(make(bound + 1)) ^ 1
            case Operator.EQUAL:
                return self.all_of((self._atom(make(bound)), self._atom(make(bound + 1)) ^ 1))

    def _atom(self, atom: Atom) -> int:
        known = self._known.get(atom)
        if known is None:
            known = self._known[atom] = 2 * len(self._nodes)
            self._nodes.append(atom)
            self._levels.append(0)
        return known

    def all_of(self, literals: Iterable[int]) -> int:
        """The literal of *and*."""
        inputs = set(literals)
        inputs.discard(HOLDS)
        if HOLDS ^ 1 in inputs:
            return HOLDS ^ 1
        if len(inputs) < 2:
            return inputs.pop() if inputs else HOLDS
        return self._gate(len(inputs), tuple(sorted(inputs)))

    def _any_of(self, literals: Iterable[int]) -> int:
        return self.all_of([literal ^ 1 for literal in literals]) ^ 1

    def _at_least(self, count: int, literals: list[int]) -> int:
        if count <= 0:
            return HOLDS
        if count > len(literals):
            return HOLDS ^ 1
        if count == 1:
            return self._any_of(literals)
        if count == len(literals):
            return self.all_of(literals)
        return self._gate(count, tuple(sorted(literals)))

    def _gate(self, count: int, inputs: tuple[int, ...]) -> int:
        known = self._known.get((count, inputs))
        if known is None:
            known = self._known[count, inputs] = 2 * len(self._nodes)
            self._nodes.append(Gate(count, inputs))
            self._levels.append(1 + max(self._levels[literal >> 1] for literal in inputs))
        return known

    def numbered(self, trials: list[CompiledTrial]) -> CompiledTrialSet:
        """The program, its nodes in the order that follows from what they say."""
        found = [(old, node) for old, node in enumerate(self._nodes) if node is not None and not isinstance(node, Gate)]
        atoms = sorted(found, key=lambda item: json.dumps(_atom_row(item[1])))
        new = [0, 1] + [0] * (len(self._nodes) - 2)
        for position, (old, _) in enumerate(atoms):
            new[old] = FIRST_ATOM + position
        gates: list[Gate] = []
        layers: list[tuple[int, int]] = []
        by_level: list[list[int]] = [[] for _ in range(1 + max(self._levels))]
        for old, node in enumerate(self._nodes):
            if isinstance(node, Gate):
                by_level[self._levels[old]].append(old)
        first = FIRST_ATOM + len(atoms)
        for level in by_level[1:]:
            moved = []
            for old in level:
                gate = self._nodes[old]
                assert isinstance(gate, Gate)
                inputs = tuple(sorted(2 * new[literal >> 1] + (literal & 1) for literal in gate.inputs))
                moved.append((len(inputs), gate.count, inputs, old))
            moved.sort()
            layers.append((len(gates), len(gates) + len(moved)))
            for _, count, inputs, old in moved:
                new[old] = first + len(gates)
                gates.append(Gate(count, inputs))

        def literal(old: int) -> int:
            return 2 * new[old >> 1] + (old & 1)

        listed = tuple(
            CompiledTrial(trial.id, tuple(map(literal, trial.points)), trial.unread, literal(trial.root))
            for trial in trials
        )
        return CompiledTrialSet(tuple(atom for _, atom in atoms), tuple(gates), tuple(layers), listed)


def _atom_row(atom: Atom) -> list[object]:
    """An atom as plain data: the order of the atoms, and their part of the key."""
    match atom:
        case Threshold():
            return ["at_least", atom.quantity, atom.bound]
        case Code():
            return ["code", atom.variable, sorted(atom.codes)]
        case Presence():
            return ["presence", atom.concept, sorted(atom.traits), atom.register or "", _window_row(atom.window)]
        case Several():
            return ["several", atom.concept, atom.register or "", atom.bound]


def _window_row(window: Window | None) -> list[object]:
    if window is None:
        return []
    periods = [None if p is None else [p.amount, p.unit.value] for p in (window.at_least, window.at_most)]
    return [*periods, window.at_least_strict, window.at_most_strict]
