"""A draft protocol against a cohort: what each criterion costs, in the given order, alone, and given all the others.

Counts only, exact, and additive over shards. A point that was not read as a whole says nothing of any patient; it is
left out of the counts and named beside them. "Lost" is lost to a conflict; whoever is merely unknown stays and is
counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cartella.logic import SCALE, And, AtLeast, Expression, If, Not, Number, Opaque, Or, children, numbered
from cartella.matching.bulk.columns import HIGH, LOW, Columns
from cartella.matching.bulk.engine import Engine
from cartella.matching.bulk.planes import Words, counted, everyone
from cartella.matching.compiled import CompiledTrialSet, compile_trials
from cartella.trials.criteria import Point

Ints = NDArray[np.int64]

BASE = "0"
_QUANTILES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_ENOUGH = 20
"""Known values from which a range is taken."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The protocol with one bound changed: the number (id `node`) in the point `point` compared with `bound`."""

    point: int
    node: str
    bound: int


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol ready to be counted: its points, those that were read, the variants, and all of it compiled."""

    points: tuple[Point, ...]
    judged: tuple[int, ...]
    variants: tuple[Variant, ...]
    compiled: CompiledTrialSet


@dataclass
class Counts:
    """What a cohort gives. The arrays have one element for each judged point, in order.

    `remaining`: without conflict up to here; `certain`: of these, ok in every point up to here; `conflicts` and
    `unknowns`: of the point by itself; `only`: who would be without conflict but for this point; `only_unknown`: who
    would be ok throughout but for this point being unknown; `open`: unknown here among those without any conflict.
    `curve`: for each variant, patients without conflict, and of these ok throughout.
    """

    patients: int
    remaining: Ints
    certain: Ints
    conflicts: Ints
    unknowns: Ints
    only: Ints
    only_unknown: Ints
    open: Ints
    curve: Ints

    @classmethod
    def none(cls, protocol: Protocol) -> Counts:
        """The counts of no patients."""
        arrays = {name: np.zeros(len(protocol.judged), dtype=np.int64) for name in _ARRAYS}
        return cls(0, **{**arrays, "curve": np.zeros((len(protocol.variants), 2), dtype=np.int64)})

    def add(self, other: Counts) -> None:
        """Put the counts of other patients to these."""
        self.patients += other.patients
        for name in _ARRAYS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        return {"patients": self.patients, **{name: getattr(self, name).tolist() for name in _ARRAYS}}

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Counts:
        """What `to_json` wrote."""
        arrays = {name: np.array(data[name], dtype=np.int64) for name in _ARRAYS}
        arrays["curve"] = arrays["curve"].reshape(-1, 2)
        return cls(int(str(data["patients"])), **arrays)


_ARRAYS = ("remaining", "certain", "conflicts", "unknowns", "only", "only_unknown", "open", "curve")


def protocol_of(points: Sequence[Point], bounds: dict[str, tuple[int, ...]]) -> Protocol:
    """A protocol; `bounds` are the other bounds to try for each quantity."""
    judged = tuple(number for number, point in enumerate(points) if not _unread(point.expression))
    variants = tuple(_variants(points, judged, bounds))
    trials = [(BASE, [points[number] for number in judged], 0)]
    for position, variant in enumerate(variants, start=1):
        changed = replace(
            points[variant.point], expression=_with_bound(points[variant.point].expression, variant.node, variant.bound)
        )
        trials.append((str(position), [changed if n == variant.point else points[n] for n in judged], 0))
    return Protocol(tuple(points), judged, variants, compile_trials(trials))


def numbers_of(points: Sequence[Point]) -> Iterator[tuple[int, str, Number]]:
    """Every comparison of a number: the point, the id of the node, the node."""
    for place, point in enumerate(points):
        for identifier, node in numbered(point.expression):
            if isinstance(node, Number):
                yield place, identifier, node


def _variants(points: Sequence[Point], judged: Sequence[int], bounds: dict[str, tuple[int, ...]]) -> Iterator[Variant]:
    for place, identifier, node in numbers_of(points):
        if place in judged:
            for bound in sorted({*bounds.get(node.quantity, ()), node.bound}):
                yield Variant(place, identifier, bound)


def bounds_from(patients: Sequence[Columns], points: Sequence[Point]) -> dict[str, tuple[int, ...]]:
    """Round bounds for each quantity, over the range in which most of these patients lie."""
    found = {}
    for quantity in sorted({node.quantity for _, _, node in numbers_of(points)}):
        measured = [columns.measures[quantity] for columns in patients if quantity in columns.measures]
        known = [each.low[(each.low != LOW) & (each.high != HIGH)] for each in measured]
        if sum(map(len, known)) >= _ENOUGH:
            found[quantity] = _round_bounds(np.concatenate(known))
    return found


def _round_bounds(known: Ints) -> tuple[int, ...]:
    """The deciles of the known values, and the ends, in two significant digits; whole where all values are whole."""
    whole = not (known % SCALE).any()
    found = set()
    for value in np.quantile(known, _QUANTILES, method="nearest").tolist():
        unit = 10 ** max(0, len(str(abs(value))) - 2)
        rounded = (value + unit // 2) // unit * unit
        found.add((rounded + SCALE // 2) // SCALE * SCALE if whole else rounded)
    return tuple(sorted(found))


def _unread(expression: Expression) -> bool:
    inside = children(expression)
    return all(map(_unread, inside)) if inside else isinstance(expression, Opaque)


def _with_bound(node: Expression, identifier: str, bound: int, here: str = "0") -> Expression:
    if here == identifier:
        assert isinstance(node, Number)
        return replace(node, bound=bound)
    parts = tuple(_with_bound(c, identifier, bound, f"{here}.{n}") for n, c in enumerate(children(node)))
    match node:
        case Not():
            return replace(node, item=parts[0])
        case And() | Or() | AtLeast():
            return replace(node, items=parts)
        case If():
            return replace(node, condition=parts[0], then=parts[1])
        case _:
            return node


def count(protocol: Protocol, engine: Engine, columns: Columns) -> Counts:
    """What the patients of a shard give."""
    total = Counts.none(protocol)
    place = protocol.compiled.place
    literals = np.array(protocol.compiled.trials[place[BASE]].points, dtype=np.intp)
    roots = np.array(
        [protocol.compiled.trials[place[str(n)]].root for n in range(1, len(protocol.variants) + 1)], dtype=np.intp
    )
    for piece in engine.slices(columns):
        here = everyone(piece.patients)
        holds, fails = piece.planes[literals], piece.planes[literals ^ 1]
        unknown = here & ~holds & ~fails
        total.patients += piece.patients
        total.conflicts += counted(fails)
        total.unknowns += counted(unknown)
        alive = here & ~np.bitwise_or.accumulate(fails, axis=0) if len(literals) else fails
        total.remaining += counted(alive)
        total.certain += counted(np.bitwise_and.accumulate(holds, axis=0) if len(literals) else holds)
        total.only += counted(fails & here & ~_others(fails, np.bitwise_or, empty=np.zeros_like(here)))
        total.only_unknown += counted(unknown & _others(holds, np.bitwise_and, empty=here))
        if len(literals):
            total.open += counted(unknown & alive[-1])
        without = here & ~piece.planes[roots ^ 1]
        total.curve += np.stack([counted(without), counted(piece.planes[roots])], axis=1)
    return total


def _others(planes: Words, join: np.ufunc, empty: Words) -> Words:
    """For each plane, all the others joined."""
    result = np.empty_like(planes)
    before = empty.copy()
    for number in range(len(planes)):
        result[number] = before
        before = join(before, planes[number])
    after = empty.copy()
    for number in reversed(range(len(planes))):
        result[number] = join(result[number], after)
        after = join(after, planes[number])
    return result
