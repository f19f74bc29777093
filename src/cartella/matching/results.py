"""What the points of one study mean for one patient, and the group that the study falls into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from cartella.logic import PatientFacts, Trace, evaluate
from cartella.matching.memo import Memo
from cartella.trials.criteria import Outcome, Point


class Group(Enum):
    """The three groups of an answer, best first. Never "eligible": the last word is a person's."""

    NO_OBSTACLE = "no_obstacle"
    MISSING_INFORMATION = "missing_information"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PointResult:
    """One point with what came out for the patient, and how."""

    point: Point
    trace: Trace
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """How many points came out how.

    `unread` counts points that are known to exist and cannot be judged here (the embedded catalogue holds no text);
    None means that the record has no criteria text at all, so that nobody can say how many there are.
    """

    ok: int
    conflicts: int
    unknowns: int
    unread: int | None = 0

    @property
    def open_points(self) -> int | None:
        """Points that still have to be settled: unknown and unread ones; None when they cannot be counted."""
        return None if self.unread is None else self.unknowns + self.unread


def check(points: Iterable[Point], facts: PatientFacts) -> tuple[PointResult, ...]:
    """The outcome of every point, with its trace (the reference evaluator)."""
    results = []
    for point in points:
        trace = evaluate(point.expression, facts)
        results.append(PointResult(point, trace, point.outcome(trace.truth)))
    return tuple(results)


def tally(points: Iterable[Point], memo: Memo, unread: int | None = 0) -> Tally:
    """How many points came out how, without traces: the fast way over many studies."""
    outcomes = [memo.outcome(point) for point in points]
    conflicts, unknowns = outcomes.count(Outcome.CONFLICT), outcomes.count(Outcome.UNKNOWN)
    return Tally(len(outcomes) - conflicts - unknowns, conflicts, unknowns, unread)


def group_of(count: Tally) -> Group:
    """A conflict outweighs all; a study with anything unknown or unread can never come out clean."""
    if count.conflicts:
        return Group.CONFLICT
    return Group.NO_OBSTACLE if count.open_points == 0 else Group.MISSING_INFORMATION
