"""The next best question for one patient: every possible answer of every subject, tried at once.

For one patient the bulk engine is used the other way round: its columns are not patients but answers. The first column
is the patient as the record tells; in each of the others one subject has one of the answers that the trials can tell
apart (`questions.subjects_of`), and everything else is as it is. One run of the gates then gives what every answer
decides. The meaning is that of `questions.Questions` for a cohort of one; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartella.logic import PatientFacts
from cartella.logic.truth import FALSE, TRUE
from cartella.matching.bulk.columns import columns_of
from cartella.matching.bulk.engine import Engine
from cartella.matching.bulk.planes import Words, everyone, packed, unpacked, words_for
from cartella.matching.compiled import CompiledTrialSet
from cartella.matching.questions import subjects_of

Flags = NDArray[np.bool_]
_LABEL = "one"


@dataclass(frozen=True, slots=True)
class Decided:
    """The trials, still open now, that answers decide: `settled` by every possible answer; without obstacle
    (`clears`), or in conflict (`excludes`), after some possible answer. `waiting` is how many are open now."""

    settled: frozenset[str]
    clears: frozenset[str]
    excludes: frozenset[str]
    waiting: int = 0

    @property
    def can_settle(self) -> frozenset[str]:
        """The trials that some possible answer decides."""
        return self.clears | self.excludes


class OnePatient:
    """A trial set on a reference day, ready to say for one patient after another what an answer would decide.

    `wanted` says of the name of a subject whether it can be asked.
    """

    def __init__(
        self, compiled: CompiledTrialSet, day: int, wanted: Callable[[str], bool] = lambda _name: True
    ) -> None:
        self.engine = Engine(compiled)
        self.day = day
        self.ids = tuple(trial.id for trial in compiled.trials)
        self.subjects = subjects_of(compiled, day, wanted)
        self._size = 1 + sum(len(subject.answers) for subject in self.subjects)
        self._starts = np.zeros(len(self.subjects), dtype=np.intp)
        self._answers = self._answer_planes()

    def _answer_planes(self) -> Words:
        """For each atom, the columns in which an answer makes it true (its row), and false (the next row)."""
        flags = np.zeros((2 * self.engine.compiled.first_gate, 64 * words_for(self._size)), dtype=bool)
        column = 1
        for number, subject in enumerate(self.subjects):
            self._starts[number] = column
            for answer in subject.answers:
                for node, truth in zip(subject.nodes, answer, strict=True):
                    flags[2 * node, column] = truth is TRUE
                    flags[2 * node + 1, column] = truth is FALSE
                column += 1
        return packed(flags)

    def decided(self, facts: PatientFacts) -> dict[str, Decided]:
        """What an answer about each subject would decide; subjects that can decide nothing are left out."""
        return self._summed(*self._answered(facts)) if self.subjects else {}

    def effects(self, facts: PatientFacts) -> tuple[dict[str, Decided], dict[str, frozenset[str]]]:
        """What `decided` says; and for each subject the trials, open now, in which some possible answer settles a
        point that is open now. Subjects that settle no point are left out."""
        if not self.subjects:
            return {}, {}
        planes, possible = self._answered(facts)
        return self._summed(planes, possible), self._concerned(planes, possible)

    def _concerned(self, planes: Words, possible: Flags) -> dict[str, frozenset[str]]:
        points = np.concatenate([*self.engine.points, np.empty(0, dtype=np.intp)])
        owners = np.repeat(np.arange(len(self.ids)), [len(literals) for literals in self.engine.points])
        now = (planes[points, 0] | planes[points ^ 1, 0]) & np.uint64(1)
        roots = self.engine.roots
        settled_trials = ((planes[roots, 0] | planes[roots ^ 1, 0]) & np.uint64(1)).astype(bool)
        waiting = np.flatnonzero((now == 0) & ~settled_trials[owners])
        if not len(waiting):
            return {}
        points, owners = points[waiting], owners[waiting]
        settled = unpacked(planes[points] | planes[points ^ 1], self._size).astype(bool)[:, 1:] & possible
        some = np.logical_or.reduceat(settled, self._starts - 1, axis=1)
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        by_trial = np.logical_or.reduceat(some, first, axis=0)
        return {
            self.subjects[number].name: self._named(owners[first][by_trial[:, number]])
            for number in np.flatnonzero(by_trial.any(axis=0)).tolist()
        }

    def _answered(self, facts: PatientFacts) -> tuple[Words, Flags]:
        """All nodes for each answer of each subject, and which of the answers the record leaves possible."""
        stated = unpacked(self.engine.atoms(columns_of([(_LABEL, facts)], self.day)), 1)[:, 0].astype(bool)
        here = everyone(self._size)
        open_atoms = np.repeat(~(stated[::2] | stated[1::2]), 2)
        planes = np.empty((2 * self.engine.compiled.size, len(here)), dtype=np.uint64)
        atoms = planes[: len(stated)]
        atoms[:] = np.where(open_atoms[:, None], self._answers, 0)
        atoms[stated] = here
        against = np.zeros_like(here)
        swapped = np.arange(len(stated)) ^ 1
        against |= np.bitwise_or.reduce(self._answers[swapped[stated]], axis=0)
        self.engine.run(planes)
        return planes, unpacked(~against & here, self._size).astype(bool)[1:]

    def _summed(self, planes: Words, possible: Flags) -> dict[str, Decided]:
        roots = self.engine.roots
        clear = unpacked(planes[roots], self._size).astype(bool)
        conflict = unpacked(planes[roots ^ 1], self._size).astype(bool)
        waiting = np.flatnonzero(~clear[:, 0] & ~conflict[:, 0])
        clear, conflict = clear[waiting, 1:], conflict[waiting, 1:]
        starts = self._starts - 1
        always = np.logical_and.reduceat(clear | conflict | ~possible, starts, axis=1)
        clears = np.logical_or.reduceat(clear & possible, starts, axis=1)
        excludes = np.logical_or.reduceat(conflict & possible, starts, axis=1)
        settled = always & (clears | excludes)
        return {
            self.subjects[number].name: Decided(
                self._named(waiting[settled[:, number]]),
                self._named(waiting[clears[:, number]]),
                self._named(waiting[excludes[:, number]]),
                len(waiting),
            )
            for number in np.flatnonzero((clears | excludes).any(axis=0)).tolist()
        }

    def _named(self, positions: NDArray[np.intp]) -> frozenset[str]:
        return frozenset(self.ids[position] for position in positions.tolist())

    def after(self, now: PatientFacts, answered: Sequence[Sequence[PatientFacts]]) -> list[Decided]:
        """For each question what is decided when the facts of now become those after one or another of its answers."""
        columns = columns_of(
            [(_LABEL, facts) for facts in (now, *(one for some in answered for one in some))], self.day
        )
        planes = next(self.engine.slices(columns)).planes
        roots = self.engine.roots
        clear = unpacked(planes[roots], len(columns)).astype(bool)
        conflict = unpacked(planes[roots ^ 1], len(columns)).astype(bool)
        waiting = np.flatnonzero(~clear[:, 0] & ~conflict[:, 0])
        clear, conflict = clear[waiting], conflict[waiting]
        found, start = [], 1
        for some in answered:
            here = slice(start, start + len(some))
            start += len(some)
            found.append(
                Decided(
                    self._named(waiting[(clear | conflict)[:, here].all(axis=1) & bool(some)]),
                    self._named(waiting[clear[:, here].any(axis=1)]),
                    self._named(waiting[conflict[:, here].any(axis=1)]),
                    len(waiting),
                )
            )
        return found
