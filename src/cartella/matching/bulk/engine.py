"""The bulk engine: a compiled trial set over the columns of many patients.

Atoms are worked out for a whole shard. Gates follow slice by slice, some thousand patients at a time, so that the
planes of all nodes stay close to the processor; within a slice all gates of a layer and shape go through together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cartella.matching.bulk.atoms import AtomPlan
from cartella.matching.bulk.columns import Columns
from cartella.matching.bulk.planes import Words, everyone, words_for
from cartella.matching.compiled import FIRST_ATOM, HOLDS, CompiledTrialSet, Gate

SLICE = 64
"""Words of a slice: 4,096 patients."""

_WIDTHS = (2, 3, 4, 8, 32, 128)
"""Gates up to each of these widths go through together."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Slice:
    """Some patients of a shard, `first` being the position of the first, with the planes of all nodes.

    Row ``literal`` of `planes` is where the literal holds; ``literal ^ 1`` is where it does not.
    """

    first: int
    patients: int
    planes: Words


@dataclass(frozen=True, slots=True)
class Step:
    """Gates that go through together: the number of the first, how many must hold, gates x inputs."""

    first: int
    count: int
    inputs: Indices


class Engine:
    """A compiled trial set, ready for cohorts."""

    def __init__(self, compiled: CompiledTrialSet) -> None:
        self.compiled = compiled
        self.plan = AtomPlan(compiled)
        self.steps = tuple(_steps(compiled))
        self.roots: Indices = np.array([trial.root for trial in compiled.trials], dtype=np.intp)
        self.points: tuple[Indices, ...] = tuple(np.array(t.points, dtype=np.intp) for t in compiled.trials)

    def slices(self, columns: Columns, words: int = SLICE) -> Iterator[Slice]:
        """Every slice of the shard in order. The planes are those of the slice until the next one is asked for."""
        patients = len(columns)
        atoms = self.atoms(columns)
        whole = words_for(patients)
        planes = np.empty((2 * self.compiled.size, min(words, whole)), dtype=np.uint64)
        for start in range(0, whole, words):
            stop = min(start + words, whole)
            if stop - start < planes.shape[1]:
                planes = np.empty((2 * self.compiled.size, stop - start), dtype=np.uint64)
            planes[: len(atoms)] = atoms[:, start:stop]
            self.run(planes)
            yield Slice(64 * start, min(64 * stop, patients) - 64 * start, planes)

    def atoms(self, columns: Columns) -> Words:
        """The planes of the constants and the atoms for all patients of a shard."""
        planes = np.zeros((2 * self.compiled.first_gate, words_for(len(columns))), dtype=np.uint64)
        planes[HOLDS] = everyone(len(columns))
        self.plan.fill(planes, columns)
        return planes

    def run(self, planes: Words, steps: tuple[Step, ...] | None = None) -> None:
        """Work out the planes of gates from those of the atoms, in place."""
        for step in self.steps if steps is None else steps:
            end = step.first + len(step.inputs)
            holds, fails = planes[2 * step.first : 2 * end : 2], planes[2 * step.first + 1 : 2 * end : 2]
            width = step.inputs.shape[1]
            if step.count == width:
                _fold(planes, step.inputs, np.bitwise_and, holds)
                _fold(planes, step.inputs ^ 1, np.bitwise_or, fails)
            else:
                holds[:], fails[:] = self.at_least(planes, step.inputs, step.count)

    @staticmethod
    def at_least(planes: Words, inputs: Indices, count: int) -> tuple[Words, Words]:
        """Where at least `count` of the inputs hold, and where too few can."""
        width = inputs.shape[1]
        return _at_least(planes, inputs, count), _at_least(planes, inputs ^ 1, width - count + 1)

    def cone(self, nodes: Indices) -> tuple[NDArray[np.bool_], Indices]:
        """Which gates depend on these atoms (by node), and the positions of the studies whose root does."""
        touched = np.zeros(self.compiled.size, dtype=bool)
        touched[nodes] = True
        for step in self.steps:
            touched[step.first : step.first + len(step.inputs)] |= touched[step.inputs >> 1].any(axis=1)
        return touched, np.flatnonzero(touched[self.roots >> 1])


def _steps(compiled: CompiledTrialSet) -> Iterator[Step]:
    for begin, end in compiled.layers:
        position = begin
        for (width, count), gates in groupby(compiled.gates[begin:end], key=_shape):
            rows = [gate.inputs + gate.inputs[-1:] * (width - len(gate.inputs)) for gate in gates]
            inputs = np.array(rows, dtype=np.intp)
            yield Step(FIRST_ATOM + len(compiled.atoms) + position, count or width, inputs)
            position += len(inputs)


def _shape(gate: Gate) -> tuple[int, int]:
    """Width and count. An *and* is made as wide as others of about its size by repeating an input; its count is 0."""
    if not gate.is_and:
        return len(gate.inputs), gate.count
    return next((width for width in _WIDTHS if width >= len(gate.inputs)), len(gate.inputs)), 0


def _fold(planes: Words, inputs: Indices, join: np.ufunc, out: Words) -> None:
    found = planes[inputs[:, 0]]
    for column in range(1, inputs.shape[1]):
        join(found, planes[inputs[:, column]], out=found)
    out[:] = found


def _at_least(planes: Words, inputs: Indices, count: int) -> Words:
    """Where at least `count` of the inputs hold: ``reached[n]`` is where more than `n` of those seen so far do."""
    reached = np.zeros((count, len(inputs), planes.shape[1]), dtype=np.uint64)
    for column in range(inputs.shape[1]):
        holds = planes[inputs[:, column]]
        for level in range(count - 1, 0, -1):
            reached[level] |= reached[level - 1] & holds
        reached[0] |= holds
    most: Words = reached[count - 1]
    return most
