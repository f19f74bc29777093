"""What comes out of a shard: pairs of patient and trial with group, counts and deciding points, and exact totals."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cartella.matching.bulk.columns import Columns
from cartella.matching.bulk.engine import Engine, Slice
from cartella.matching.bulk.planes import counted, everyone, unpacked
from cartella.matching.questions import BestTests
from cartella.matching.results import Group

Ints = NDArray[np.int64]

PAIRS = pa.schema(
    [
        ("row", pa.int64()),
        ("patient", pa.string()),
        ("trial", pa.dictionary(pa.int32(), pa.string())),
        ("group", pa.dictionary(pa.int8(), pa.string())),
        ("conflicts", pa.int16()),
        ("unknowns", pa.int16()),
        ("deciding", pa.list_(pa.int16())),
    ]
)
"""`row` is the position of the patient in the cohort; `deciding` are the numbers of the points, from 0 in the order of
the trial, that conflict, or, where none does, that are unknown."""

PATIENTS = pa.schema([("row", pa.int64()), ("patient", pa.string()), *((g.value, pa.int32()) for g in Group)])
"""How many trials of each group every patient has."""

GROUPS = tuple(Group)


def positions(rows: Iterable[int]) -> Ints:
    """Positions of patients in a cohort."""
    return np.array(list(rows), dtype=np.int64)


@dataclass
class Totals:
    """Exact counts: of patients for each trial by group, and for each point of each trial by outcome."""

    trials: Ints  # trials x groups
    conflicts: Ints  # one for each point, trial after trial
    unknowns: Ints
    patients: int = 0

    @classmethod
    def none(cls, engine: Engine) -> Totals:
        """The counts of no patients."""
        points = sum(map(len, engine.points))
        return cls(
            np.zeros((len(engine.roots), len(GROUPS)), dtype=np.int64),
            np.zeros(points, dtype=np.int64),
            np.zeros(points, dtype=np.int64),
        )

    def add(self, other: Totals) -> None:
        """Put the counts of other patients to these."""
        self.trials += other.trials
        self.conflicts += other.conflicts
        self.unknowns += other.unknowns
        self.patients += other.patients

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "patients": self.patients,
            "trials": self.trials.tolist(),
            "conflicts": self.conflicts.tolist(),
            "unknowns": self.unknowns.tolist(),
        }

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Totals:
        """What `to_json` wrote."""
        trials, conflicts, unknowns = (np.array(data[n], dtype=np.int64) for n in ("trials", "conflicts", "unknowns"))
        return cls(trials.reshape(-1, len(GROUPS)), conflicts, unknowns, int(str(data["patients"])))


@dataclass(frozen=True, slots=True)
class ShardResult:
    """The tables and the totals of one shard."""

    pairs: pa.Table
    patients: pa.Table
    totals: Totals


def match_shard(engine: Engine, columns: Columns, rows: Ints, conflicts_too: bool) -> ShardResult:
    """Every pair of a shard; `rows` are the positions of its patients in the cohort.

    Pairs in conflict are left out unless `conflicts_too`: they are most of all pairs. They are counted in any case.
    """
    totals = Totals.none(engine)
    tables, standing = [], []
    all_points = np.concatenate(engine.points) if engine.points else np.zeros(0, dtype=np.intp)
    for piece in engine.slices(columns):
        here = everyone(piece.patients)
        clean, blocked = piece.planes[engine.roots], piece.planes[engine.roots ^ 1]
        open_ = here & ~clean & ~blocked
        totals.trials += np.stack([counted(clean), counted(open_), counted(blocked)], axis=1)
        totals.conflicts += counted(piece.planes[all_points ^ 1])
        totals.unknowns += counted(here & ~piece.planes[all_points] & ~piece.planes[all_points ^ 1])
        totals.patients += piece.patients
        standing.append([unpacked(p, piece.patients).sum(axis=0, dtype=np.int32) for p in (clean, open_, blocked)])
        kept = unpacked(np.broadcast_to(here, blocked.shape) if conflicts_too else ~blocked & here, piece.patients)
        tables.append(_pairs(engine, piece, kept, columns, rows))
    counts = np.concatenate(standing, axis=1) if standing else np.zeros((len(GROUPS), 0), dtype=np.int32)
    patients = pa.table([pa.array(rows), pa.array(columns.ids, pa.string()), *map(pa.array, counts)], schema=PATIENTS)
    return ShardResult(pa.concat_tables(tables) if tables else PAIRS.empty_table(), patients, totals)


def best_tests_table(best: BestTests, names: Sequence[str], rows: Ints, ids: Sequence[str]) -> pa.Table:
    """For each patient the missing test that settles most of their trials; null where none does anything."""
    named = pa.array([names[number] if number >= 0 else None for number in best.subject.tolist()], pa.string())
    return pa.table(
        {
            "row": pa.array(rows),
            "patient": pa.array(ids, pa.string()),
            "test": named.dictionary_encode(),
            "settles": pa.array(best.settled, pa.int32()),
            "can_settle": pa.array(best.can_settle, pa.int32()),
        }
    )


def _pairs(engine: Engine, piece: Slice, kept: NDArray[np.uint8], columns: Columns, rows: Ints) -> pa.Table:
    """The pairs of a slice that are kept, patient by patient."""
    trials, places, groups, conflicts, unknowns, deciding, lengths = [], [], [], [], [], [], []
    for trial, flags in enumerate(kept):
        here = np.flatnonzero(flags)
        if not len(here):
            continue
        points, root = engine.points[trial], engine.compiled.trials[trial].root
        ok, conflict = (_bits(piece.planes[literals], here) for literals in (points, points ^ 1))
        unknown = (ok | conflict) ^ 1
        many = conflict.sum(axis=0, dtype=np.int16)
        which = np.where(many > 0, conflict, unknown)
        places.append(here)
        trials.append(np.full(len(here), trial, dtype=np.int32))
        clean, blocked = (_bits(piece.planes[[literal]], here)[0] for literal in (root, root ^ 1))
        groups.append(np.where(clean == 1, 0, np.where(blocked == 1, 2, 1)).astype(np.int8))
        conflicts.append(many)
        unknowns.append(unknown.sum(axis=0, dtype=np.int16))
        lengths.append(which.sum(axis=0, dtype=np.int32))
        deciding.append(np.nonzero(which.T)[1].astype(np.int16))
    if not trials:
        return PAIRS.empty_table()
    place = np.concatenate(places) + piece.first
    trial_of = np.concatenate(trials)
    names = pa.array([trial.id for trial in engine.compiled.trials], pa.string())
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int32)
    table = pa.table(
        [
            pa.array(rows[place]),
            pa.array(columns.ids, pa.string()).take(pa.array(place)),
            pa.DictionaryArray.from_arrays(pa.array(trial_of), names),
            pa.DictionaryArray.from_arrays(pa.array(np.concatenate(groups)), pa.array([g.value for g in GROUPS])),
            pa.array(np.concatenate(conflicts)),
            pa.array(np.concatenate(unknowns)),
            pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(deciding))),
        ],
        schema=PAIRS,
    )
    return table.take(pa.array(np.lexsort((trial_of, place))))


def _bits(planes: NDArray[np.uint64], places: NDArray[np.intp]) -> NDArray[np.uint8]:
    """The bits of some patients: planes x patients."""
    found = planes.view(np.uint8)[:, places >> 3]
    bits: NDArray[np.uint8] = np.bitwise_and(found >> (places & 7).astype(np.uint8), 1).astype(np.uint8)
    return bits


def write_table(table: pa.Table, path: Path) -> Path:
    """Write a table whole or not at all; the same table gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    pq.write_table(table, part, compression="zstd", row_group_size=1 << 20)
    part.replace(path)
    return path
