"""Larger cohorts from smaller ones, for trying and measuring: patients drawn again, with other ages and values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cartella.logic import SCALE
from cartella.matching.bulk.columns import HIGH, LOW, Coded, Columns, Happened, Measured, Places

SHARD = 1 << 16
_YEARS = 3
_SPREAD = 0.15


def repeated(columns: Columns, number: int, seed: int = 0) -> Iterator[Columns]:
    """`number` patients, shard by shard: the first are those of `columns`, the others are drawn from them.

    Of those drawn, ages are shifted by up to three years and laboratory values by some per cent; all else stays.
    """
    for part, start in enumerate(range(0, number, SHARD)):
        chance = np.random.default_rng([seed, part])
        size = min(SHARD, number - start)
        drawn = chance.integers(0, len(columns), size).astype(np.int32)
        if start == 0:
            drawn[: min(size, len(columns))] = np.arange(min(size, len(columns)), dtype=np.int32)
        fresh = np.arange(start, start + size) >= len(columns)
        yield _drawn(columns, drawn, fresh, start, chance)


def _drawn(
    columns: Columns, drawn: Places, fresh: NDArray[np.bool_], start: int, chance: np.random.Generator
) -> Columns:
    years = chance.integers(-_YEARS, _YEARS + 1, len(drawn))
    measures = {}
    for name, measured in columns.measures.items():
        patients, rows = _rows(measured.patients, drawn, len(columns))
        low, high = measured.low[rows], measured.high[rows]
        if name in ("age", "age.months"):
            shift = years[patients] * SCALE * (1 if name == "age" else 12)
        elif name.startswith("lab:"):
            shift = np.where(low == high, (low * chance.normal(0, _SPREAD, len(low))).astype(np.int64), 0)
        else:
            shift = np.zeros(len(low), dtype=np.int64)
        shift = np.where(fresh[patients] & (low != LOW) & (high != HIGH) & (low + shift >= 0), shift, 0)
        measures[name] = Measured(patients, low + shift, high + shift)
    codings = {}
    for name, coded in columns.codings.items():
        patients, rows = _rows(coded.patients, drawn, len(columns))
        codings[name] = Coded(patients, coded.sets[rows])
    patients, rows = _rows(columns.events.patients, drawn, len(columns))
    events = columns.events
    absent, absences = _rows(columns.absences.patients, drawn, len(columns))
    return Columns(
        columns.reference_day,
        tuple(f"S{number + 1:07d}" for number in range(start, start + len(drawn))),
        measures,
        codings,
        Happened(patients, events.kinds[rows], events.low[rows], events.high[rows]),
        Coded(absent, columns.absences.sets[absences]),
        {name: _rows(found, drawn, len(columns))[0] for name, found in columns.complete.items()},
        {name: _rows(found, drawn, len(columns))[0] for name, found in columns.told.items()},
        columns.kinds,
        columns.sets,
    )


def _rows(owners: Places, drawn: Places, patients: int) -> tuple[Places, NDArray[np.intp]]:
    """For patients drawn from `patients` others: the new owner and the old row of every element."""
    order = np.argsort(owners, kind="stable")
    begin = np.searchsorted(owners[order], np.arange(patients + 1))
    lengths = (begin[1:] - begin[:-1])[drawn]
    new = np.repeat(np.arange(len(drawn), dtype=np.int32), lengths)
    within = np.arange(len(new)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return new, order[np.repeat(begin[:-1][drawn], lengths) + within]
