"""The missing test that settles most pairs of patient and trial: by asking every answer that it can have.

A subject is what one test or question is about: a quantity, a coded variable, a concept. Its answers are those that the
trials can tell apart: a number in each range between two bounds; each code; the concept absent, or present in each
stretch of time between the windows, with the traits that are asked for or without. For each answer the atoms of the
subject that are still unknown take the truth that the reference evaluator gives them, and all that depends on them is
worked out again. An answer against what the record says of the subject is no possible answer for that patient.

A pair is *settled* by a test when it is open now and no possible answer leaves it open; it *can be settled* when some
possible answer does not. Only points that were read are judged: what was not read no test can settle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartella.logic import Code, Interval, Presence, Window
from cartella.logic.evaluate import elapsed_days
from cartella.logic.truth import AND, FALSE, TRUE, UNKNOWN, Truth, conjunction
from cartella.matching.bulk.columns import Columns
from cartella.matching.bulk.engine import Engine, Indices, Slice
from cartella.matching.bulk.planes import Words, counted, everyone, unpacked
from cartella.matching.compiled import FIRST_ATOM, Atom, CompiledTrialSet, Several, Threshold

NO_TESTS = frozenset({"age", "age.months", "sex", "diagnosis"})
"""What is no test: who lacks it lacks the record's first page."""

_LONG_AGO = 40_000
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Subject:
    """What one test is about, with its atoms (nodes) and, for each answer, the truth of each of them."""

    name: str
    nodes: tuple[int, ...]
    answers: tuple[tuple[Truth, ...], ...]


@dataclass(frozen=True, slots=True)
class _Cone:
    """All that depends on a subject: the gates to work out again, and the positions of the trials concerned."""

    steps: tuple[tuple[Indices, int, Indices], ...]  # nodes, how many inputs must hold, inputs
    rows: Indices  # every row of the planes that may change
    trials: Indices


@dataclass
class TestCounts:
    """What each test does for a cohort, in the order of the subjects; additive over shards.

    `settled`, `can_settle`: pairs; `can_clear`, `can_exclude`: pairs that some answer leaves without obstacle, or in
    conflict; `patients`: for how many patients it can settle anything; `missing`: for how many it is not known.
    """

    __test__ = False

    settled: Ints
    can_settle: Ints
    can_clear: Ints
    can_exclude: Ints
    patients: Ints
    missing: Ints
    open_pairs: int = 0
    people: int = 0

    @classmethod
    def none(cls, subjects: int) -> TestCounts:
        """The counts of no patients."""
        nothing = {name: np.zeros(subjects, dtype=np.int64) for name in _ARRAYS}
        return cls(**nothing, open_pairs=0, people=0)

    def add(self, other: TestCounts) -> None:
        """Put the counts of other patients to these."""
        for name in _ARRAYS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.open_pairs += other.open_pairs
        self.people += other.people

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        found: dict[str, object] = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {**found, "open_pairs": self.open_pairs, "people": self.people}

    @classmethod
    def from_json(cls, data: dict[str, object]) -> TestCounts:
        """What `to_json` wrote."""
        arrays = {name: np.array(data[name], dtype=np.int64) for name in _ARRAYS}
        return cls(**arrays, open_pairs=int(str(data["open_pairs"])), people=int(str(data["people"])))


_ARRAYS = ("settled", "can_settle", "can_clear", "can_exclude", "patients", "missing")


@dataclass(frozen=True, slots=True)
class BestTests:
    """For each patient of a shard the test that settles most of their pairs: its number (-1: none), and how many it
    settles, and can settle."""

    subject: Ints
    settled: Ints
    can_settle: Ints


def subjects_of(
    compiled: CompiledTrialSet, day: int, wanted: Callable[[str], bool] = lambda _name: True
) -> tuple[Subject, ...]:
    """The subjects of the trials whose names are `wanted`, with their answers on the reference day."""
    atoms: dict[str, list[tuple[int, Atom]]] = defaultdict(list)
    for node, atom in enumerate(compiled.atoms, start=FIRST_ATOM):
        match atom:
            case Threshold(quantity=name) | Code(variable=name):
                atoms[name].append((node, atom))
            case Presence(concept=name) | Several(concept=name):
                atoms[name].append((node, atom))
    return tuple(
        Subject(name, tuple(node for node, _ in found), tuple(_answers([atom for _, atom in found], day)))
        for name, found in sorted(atoms.items())
        if name not in NO_TESTS and wanted(name)
    )


def _answers(atoms: Sequence[Atom], day: int) -> Iterator[tuple[Truth, ...]]:
    """The distinct answers, each as the truth of every atom."""
    found: Iterator[tuple[Truth, ...]]
    match atoms[0]:
        case Threshold():
            bounds = [atom.bound for atom in atoms if isinstance(atom, Threshold)]
            values = [min(bounds) - 1, *sorted(set(bounds))]
            found = (tuple(TRUE if value >= bound else FALSE for bound in bounds) for value in values)
        case Code():
            sets = [atom.codes for atom in atoms if isinstance(atom, Code)]
            codes = [*sorted(frozenset().union(*sets)), ""]
            found = (tuple(TRUE if code in members else FALSE for members in sets) for code in codes)
        case _:
            found = _of_concept(atoms, day)
    yield from dict.fromkeys(found)


def _of_concept(atoms: Sequence[Atom], day: int) -> Iterator[tuple[Truth, ...]]:
    """The concept absent; then present, at each time and with each set of traits that the atoms can tell apart.

    The truths are those of the reference evaluator for a record with that one event, of which all is told. Times and
    traits are worked out apart, as most of the many pairs of the two share one or the other.
    """
    yield tuple(FALSE if isinstance(atom, Presence) else _counted(atom, 0) for atom in atoms)
    presences = [atom for atom in atoms if isinstance(atom, Presence)]
    windows = {atom.window for atom in presences if atom.window is not None}
    periods = [p for window in windows for p in (window.at_least, window.at_most) if p is not None]
    edges = {0, _LONG_AGO} | {max(0, p.days_before(day) + shift) for p in periods for shift in (-1, 0, 1)}
    asked = {frozenset[str]()} | {atom.traits for atom in presences}
    stated = [
        {trait.removeprefix("!"): trait.startswith("!") is not as_asked for trait in traits}
        for traits in sorted(asked, key=sorted)
        for as_asked in ((True, False) if traits else (True,))
    ]
    having = [{traits: _having(traits, known) for traits in asked} for known in stated]
    for ago in sorted(edges):
        elapsed = elapsed_days(Interval.exactly(max(1, day - ago)), day)
        within: dict[Window | None, Truth] = {window: window.holds(elapsed, day) for window in windows}
        within[None] = TRUE
        for known in having:
            yield tuple(
                AND[within[atom.window], known[atom.traits]] if isinstance(atom, Presence) else _counted(atom, 1)
                for atom in atoms
            )


def _having(traits: frozenset[str], stated: dict[str, bool]) -> Truth:
    """Whether an event with the stated traits has those that are asked for."""
    plain = [(trait.removeprefix("!"), not trait.startswith("!")) for trait in traits]
    return conjunction(
        UNKNOWN if name not in stated else TRUE if stated[name] is wanted else FALSE for name, wanted in plain
    )


def _counted(atom: Atom, events: int) -> Truth:
    assert isinstance(atom, Several)
    return TRUE if events >= atom.bound else UNKNOWN if events else FALSE


class Questions:
    """The tests of a trial set on a reference day, ready for cohorts."""

    def __init__(self, engine: Engine, day: int) -> None:
        self.engine = engine
        self.subjects = subjects_of(engine.compiled, day)
        self._cones: dict[int, _Cone] = {}

    def count(self, columns: Columns) -> tuple[TestCounts, BestTests]:
        """What every test does for the patients of a shard, and the best test of each patient."""
        total = TestCounts.none(len(self.subjects))
        best: list[BestTests] = []
        for piece in self.engine.slices(columns):
            best.append(self._slice(piece, total))
        parts = zip(*((b.subject, b.settled, b.can_settle) for b in best), strict=True)
        empty = [np.zeros(0, dtype=np.int64)] * 3
        return total, BestTests(*(np.concatenate(part) for part in parts)) if best else BestTests(*empty)

    def _slice(self, piece: Slice, total: TestCounts) -> BestTests:
        planes, roots = piece.planes, self.engine.roots
        here = everyone(piece.patients)
        is_open = here & ~planes[roots] & ~planes[roots ^ 1]
        total.open_pairs += int(counted(is_open).sum())
        total.people += piece.patients
        subject = np.full(piece.patients, -1, dtype=np.int64)
        settled, can = np.zeros((2, piece.patients), dtype=np.int64)
        for number, asked in enumerate(self.subjects):
            nodes = np.array(asked.nodes, dtype=np.intp)
            unknown = here & ~planes[2 * nodes] & ~planes[2 * nodes + 1]
            missing = np.bitwise_or.reduce(unknown, axis=0)
            if not missing.any():
                continue
            cone = self._cone(number, nodes)
            waiting = is_open[cone.trials] & missing
            total.missing[number] += int(counted(missing))
            if not waiting.any():
                continue
            always, clears, excludes = self._answered(planes, asked, nodes, unknown, cone, waiting)
            some = clears | excludes
            for array, found in (
                (total.settled, always),
                (total.can_settle, some),
                (total.can_clear, clears),
                (total.can_exclude, excludes),
            ):
                array[number] += int(counted(found).sum())
            total.patients[number] += int(counted(np.bitwise_or.reduce(some, axis=0)))
            now = unpacked(always, piece.patients).sum(axis=0, dtype=np.int64)
            perhaps = unpacked(some, piece.patients).sum(axis=0, dtype=np.int64)
            better = (now > settled) | ((now == settled) & (perhaps > can))
            subject[better], settled[better], can[better] = number, now[better], perhaps[better]
        return BestTests(subject, settled, can)

    def _answered(
        self, planes: Words, asked: Subject, nodes: Indices, unknown: Words, cone: _Cone, waiting: Words
    ) -> tuple[Words, Words, Words]:
        """Of the waiting pairs: settled by every possible answer; without obstacle, and in conflict, by some."""
        kept = planes[cone.rows]
        roots = self.engine.roots[cone.trials]
        always, clears, excludes = waiting.copy(), np.zeros_like(waiting), np.zeros_like(waiting)
        holds, fails = planes[2 * nodes], planes[2 * nodes + 1]
        for answer in asked.answers:
            true = np.array([value is TRUE for value in answer])
            false = np.array([value is FALSE for value in answer])
            against = np.bitwise_or.reduce(
                np.where(false[:, None], holds, 0) | np.where(true[:, None], fails, 0), axis=0
            )
            possible = ~against
            planes[2 * nodes] = holds | np.where(true[:, None], unknown, 0)
            planes[2 * nodes + 1] = fails | np.where(false[:, None], unknown, 0)
            _run(planes, cone)
            clear, conflict = planes[roots], planes[roots ^ 1]
            always &= ~possible | clear | conflict
            clears |= waiting & possible & clear
            excludes |= waiting & possible & conflict
        planes[cone.rows] = kept
        return always & (clears | excludes), clears, excludes

    def _cone(self, number: int, nodes: Indices) -> _Cone:
        found = self._cones.get(number)
        if found is None:
            touched, trials = self.engine.cone(nodes)
            steps = []
            for step in self.engine.steps:
                here = np.flatnonzero(touched[step.first : step.first + len(step.inputs)])
                if len(here):
                    steps.append((step.first + here, step.count, step.inputs[here]))
            rows = np.flatnonzero(np.repeat(touched, 2))
            found = self._cones[number] = _Cone(tuple(steps), rows, trials)
        return found


def _run(planes: Words, cone: _Cone) -> None:
    for nodes, count, inputs in cone.steps:
        if count == inputs.shape[1]:
            planes[2 * nodes] = np.bitwise_and.reduce(planes[inputs], axis=1)
            planes[2 * nodes + 1] = np.bitwise_or.reduce(planes[inputs ^ 1], axis=1)
        else:
            planes[2 * nodes], planes[2 * nodes + 1] = Engine.at_least(planes, inputs, count)
