"""Facts in Parquet: one row a patient, everything the engines look at, nothing else of the record.

A cohort that was read once can be asked again from here at the speed of the engine. The schema is documented in
docs/reference/cohort.md. What an event is, and sets of codes, are JSON texts in dictionary columns: each is stored, and
parsed, once a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cartella.matching.bulk.columns import HIGH, LOW, Coded, Columns, Happened, Kind, Measured, Places

_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field("patient", pa.string()),
        pa.field(
            "measures",
            pa.list_(pa.struct([("quantity", _TEXT), ("low", pa.int64()), ("high", pa.int64())])),
        ),
        pa.field("codings", pa.list_(pa.struct([("variable", _TEXT), ("possible", _TEXT)]))),
        pa.field("events", pa.list_(pa.struct([("kind", _TEXT), ("low", pa.int64()), ("high", pa.int64())]))),
        pa.field("absences", pa.list_(_TEXT)),
        pa.field("complete", pa.list_(_TEXT)),
        pa.field("told", pa.list_(_TEXT)),
    ]
)
"""The columns. Numbers are millionths of the canonical unit, days ordinals; null is "without end"."""

_DAY = b"cartella.reference_day"


def write_facts(columns: Columns, path: Path) -> None:
    """Write the facts of a shard; the same facts give the same bytes."""
    patients = len(columns)
    table = pa.table(
        [
            pa.array(columns.ids, pa.string()),
            _measures(columns, patients),
            _codings(columns, patients),
            _events(columns, patients),
            _lists(columns.absences.patients, columns.absences.sets, [_set_text(s) for s in columns.sets], patients),
            _named(columns.complete, patients),
            _named(columns.told, patients),
        ],
        schema=SCHEMA.with_metadata({_DAY: str(columns.reference_day).encode()}),
    )
    part = path.with_name(f"{path.name}.part")
    pq.write_table(table, part, compression="zstd", row_group_size=1 << 16)
    part.replace(path)


def reference_day(path: Path) -> int | None:
    """The reference day of a file of facts; None where it states none."""
    stated = (pq.read_schema(path).metadata or {}).get(_DAY)
    return None if stated is None else int(stated)


def read_facts(path: Path, start: int, stop: int, day: int) -> Columns:
    """The patients at the rows `start` to `stop` (exclusive)."""
    file = pq.ParquetFile(path)
    pieces, first = [], 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        if first < stop and first + length > start:
            begin = max(0, start - first)
            pieces.append(file.read_row_group(group).slice(begin, min(stop - first, length) - begin))
        first += length
    table = pa.concat_tables(pieces).unify_dictionaries() if pieces else SCHEMA.empty_table()
    return _columns(table, day)


def _columns(table: pa.Table, day: int) -> Columns:
    sets: dict[frozenset[str], int] = {}
    measures: dict[str, Measured] = {}
    owner, part = _flat(table, "measures")
    for name, rows in _by_text(part.field("quantity")):
        low, high = _ends(part.field("low"), LOW)[rows], _ends(part.field("high"), HIGH)[rows]
        measures[name] = Measured(owner[rows], low, high)
    codings: dict[str, Coded] = {}
    owner, part = _flat(table, "codings")
    possible = _numbers(part.field("possible"), lambda text: sets.setdefault(frozenset(json.loads(text)), len(sets)))
    for name, rows in _by_text(part.field("variable")):
        codings[name] = Coded(owner[rows], possible[rows])
    kinds: dict[Kind, int] = {}
    owner, part = _flat(table, "events")
    numbers = _numbers(part.field("kind"), lambda text: kinds.setdefault(_kind(text), len(kinds)))
    events = Happened(owner, numbers, _ends(part.field("low"), LOW), _ends(part.field("high"), HIGH))
    owner, part = _flat(table, "absences")
    absent = _numbers(part, lambda text: sets.setdefault(frozenset(json.loads(text)), len(sets)))
    lists: list[dict[str, Places]] = []
    for column in ("complete", "told"):
        places, names = _flat(table, column)
        lists.append({name: places[rows] for name, rows in _by_text(names)})
    return Columns(
        day,
        tuple(table["patient"].to_pylist()),
        measures,
        codings,
        events,
        Coded(owner, absent),
        lists[0],
        lists[1],
        tuple(kinds),
        tuple(sets),
    )


def _flat(table: pa.Table, name: str) -> tuple[Places, Any]:
    """The elements of a list column, with the position of the patient of each."""
    column = table[name].combine_chunks()
    column = column if isinstance(column, pa.ListArray) else pa.concat_arrays(column.chunks)
    lengths = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return np.repeat(np.arange(len(column), dtype=np.int32), lengths), column.flatten()


def _texts(column: Any) -> tuple[NDArray[np.int64], list[str]]:
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def _by_text(column: Any) -> Iterable[tuple[str, NDArray[np.intp]]]:
    """Each text that occurs, in order, with the rows where it does."""
    indices, texts = _texts(column)
    order = np.argsort(indices, kind="stable")
    bounds = np.searchsorted(indices[order], np.arange(len(texts) + 1))
    found = {text: order[bounds[number] : bounds[number + 1]] for number, text in enumerate(texts)}
    return sorted((text, rows) for text, rows in found.items() if len(rows))


def _numbers(column: Any, number: Any) -> Places:
    """Each text as the number that it is given; only texts that occur are given one."""
    indices, texts = _texts(column)
    used, back = np.unique(indices, return_inverse=True)
    return np.array([number(texts[position]) for position in used], dtype=np.int32)[back.reshape(-1)]


def _ends(column: Any, missing: int) -> NDArray[np.int64]:
    found: NDArray[np.int64] = column.fill_null(missing).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _offsets(owners: Places, patients: int) -> tuple[NDArray[np.intp], Any]:
    """The order that puts elements by patient, and where each patient's begin."""
    order = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=patients)
    return order, pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))


def _struct(name: str, arrays: list[Any]) -> Any:
    return pa.StructArray.from_arrays(arrays, fields=list(SCHEMA.field(name).type.value_type))


def _text_array(numbers: NDArray[Any], texts: list[str]) -> Any:
    """A dictionary column; its dictionary holds what occurs, in the order of the alphabet."""
    used, back = np.unique(numbers, return_inverse=True)
    named = [texts[position] for position in used]
    order = sorted(range(len(named)), key=named.__getitem__)
    place = np.empty(len(named), dtype=np.int32)
    place[order] = np.arange(len(named), dtype=np.int32)
    indices = place[back.reshape(-1)] if len(named) else np.zeros(0, dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(sorted(named), pa.string()))


def _nullable(values: NDArray[np.int64], missing: int) -> Any:
    return pa.array(values, pa.int64(), mask=values == missing)


def _measures(columns: Columns, patients: int) -> Any:
    names = sorted(columns.measures)
    found = [columns.measures[name] for name in names]
    owners = _joined([m.patients for m in found], np.int32)
    numbers = np.repeat(np.arange(len(names)), [len(m.patients) for m in found])
    order, offsets = _offsets(owners, patients)
    low, high = _joined([m.low for m in found], np.int64)[order], _joined([m.high for m in found], np.int64)[order]
    parts = [_text_array(numbers[order], names), _nullable(low, LOW), _nullable(high, HIGH)]
    return pa.ListArray.from_arrays(offsets, _struct("measures", parts))


def _codings(columns: Columns, patients: int) -> Any:
    names = sorted(columns.codings)
    found = [columns.codings[name] for name in names]
    owners = _joined([c.patients for c in found], np.int32)
    numbers = np.repeat(np.arange(len(names)), [len(c.patients) for c in found])
    order, offsets = _offsets(owners, patients)
    sets = _joined([c.sets for c in found], np.int32)[order]
    parts = [_text_array(numbers[order], names), _text_array(sets, [_set_text(s) for s in columns.sets])]
    return pa.ListArray.from_arrays(offsets, _struct("codings", parts))


def _events(columns: Columns, patients: int) -> Any:
    events = columns.events
    order, offsets = _offsets(events.patients, patients)
    kinds = _text_array(events.kinds[order], [_kind_text(kind) for kind in columns.kinds])
    parts = [kinds, _nullable(events.low[order], LOW), _nullable(events.high[order], HIGH)]
    return pa.ListArray.from_arrays(offsets, _struct("events", parts))


def _lists(owners: Places, numbers: Places, texts: list[str], patients: int) -> Any:
    order, offsets = _offsets(owners, patients)
    return pa.ListArray.from_arrays(offsets, _text_array(numbers[order], texts))


def _named(places: dict[str, Places], patients: int) -> Any:
    names = sorted(places)
    owners = _joined([places[name] for name in names], np.int32)
    numbers = np.repeat(np.arange(len(names), dtype=np.int32), [len(places[name]) for name in names])
    return _lists(owners, numbers, names, patients)


def _joined(arrays: list[Any], kind: Any) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=kind)


def _set_text(members: frozenset[str]) -> str:
    return json.dumps(sorted(members), ensure_ascii=False, separators=(",", ":"))


def _kind_text(kind: Kind) -> str:
    stated = {"is": sorted(kind.concepts), "may_be": sorted(kind.may_be), "traits": dict(kind.traits)}
    return json.dumps({**stated, "counts_as": kind.counts_as}, ensure_ascii=False, separators=(",", ":"))


def _kind(text: str) -> Kind:
    stated = json.loads(text)
    traits = tuple(sorted(stated["traits"].items()))
    return Kind(frozenset(stated["is"]), frozenset(stated["may_be"]), traits, stated["counts_as"])
