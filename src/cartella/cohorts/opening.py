"""What a cohort is, and how it is cut into parts that can be read one by one, in any order, on any machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cartella.cohorts import spooling
from cartella.cohorts.files import (
    CSV_SUFFIXES,
    LINES_SUFFIXES,
    PARQUET_SUFFIXES,
    Table,
    has_suffix,
    line_starts,
    opened,
    parquet_file,
    unreadable,
)
from cartella.cohorts.omop import CONCEPTS, TABLES
from cartella.cohorts.tables import LONG, text_of

FACTS, LINES, SPOOL, ROWS, FILES = "facts", "lines", "spool", "rows", "files"
"""How a part is read: facts in Parquet, lines as the user brought them, spooled lines, Parquet rows, whole files."""

_RECORDS = (*LINES_SUFFIXES, ".yaml", ".yml")
Omop = Callable[[str], Iterable[tuple[str, Iterable[dict[str, Any]]]]]
"""Gives the OMOP tables behind a database URL, `person` first, with their concepts."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some patients of a cohort: bytes of a file of lines, rows of Parquet, or files. `first` is the position of the
    first patient, counted from 1; `label` is how the user named what is read."""

    number: int
    form: str
    path: str
    start: int
    stop: int
    first: int
    label: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort, cut. `form` says what was found in `name`; `key` is a hash of all its data."""

    name: str
    form: str
    key: str
    parts: tuple[Part, ...]
    columns: tuple[str, ...] = ()


def open_cohort(name: str, size: int, work: Path, omop: Omop | None = None) -> Cohort:
    """Find out what `name` is, and cut it into parts of about `size` patients.

    `work` is a folder for what has to be brought together first; what is there already is used again. Raises InputError
    for what is no cohort.
    """
    if "://" in name:
        if omop is None:
            raise unreadable(Path(name), "a database is not read here", "qui non si leggono basi di dati")
        source, kind = omop, name.partition("://")[0]  # the address may hold a password
        return _spooled(kind, "omop", size, work, lambda out: spooling.spool_omop(source(name), out, work / "buckets"))
    path = Path(name)
    if path.is_dir():
        return _folder(path, size, work)
    if not path.exists():
        raise unreadable(path, "there is no such file", "il file non esiste")
    if has_suffix(path, PARQUET_SUFFIXES):
        return _parquet(path, size, work)
    if has_suffix(path, CSV_SUFFIXES):
        table = Table(path)
        if {column.lower() for column in table.columns} >= LONG:
            return _spooled(name, "long", size, work, lambda o: spooling.spool_long(table, o, work / "buckets"), table)
        return _spooled(name, "wide", size, work, lambda out: spooling.spool_wide(table, out), table)
    if has_suffix(path, LINES_SUFFIXES):
        return _lines(path, size, work)
    if has_suffix(path, _RECORDS):
        return Cohort(name, FILES, _digest([path]), _file_parts(path, [path], size))
    raise unreadable(path, "its name has no ending that is known here", "il nome non ha un'estensione nota")


def _parquet(path: Path, size: int, work: Path) -> Cohort:
    file = parquet_file(path)
    names = set(file.schema_arrow.names)
    rows = file.metadata.num_rows
    if {"patient", "measures", "codings", "events"} <= names:
        return Cohort(str(path), FACTS, _digest([path]), _ranges(FACTS, [path], size))
    if {column.lower() for column in names} >= LONG:
        table = Table(path)
        return _spooled(str(path), "long", size, work, lambda o: spooling.spool_long(table, o, work / "buckets"), table)
    parts = tuple(
        Part(number, ROWS, str(path), start, min(start + size, rows), start + 1, str(path))
        for number, start in enumerate(range(0, rows, size))
    )
    return Cohort(str(path), "wide", _digest([path]), parts, tuple(file.schema_arrow.names))


def _ranges(form: str, files: list[Path], size: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    first = 1
    for path in files:
        rows = parquet_file(path).metadata.num_rows
        for start in range(0, rows, size):
            stop = min(start + size, rows)
            parts.append(Part(len(parts), form, str(path), start, stop, first, str(path)))
            first += stop - start
    return tuple(parts)


def _folder(path: Path, size: int, work: Path) -> Cohort:
    tables = {found.name.lower().split(".")[0]: found for found in sorted(path.iterdir()) if found.is_file()}
    if "person" in tables and has_suffix(tables["person"], (*CSV_SUFFIXES, *PARQUET_SUFFIXES)):
        return _omop_files(path, tables, size, work)
    listed = [found for found in sorted(path.iterdir()) if found.is_file()]
    if any(found.name.startswith("Patient") and ".ndjson" in found.name for found in listed):
        return _spooled(
            str(path), "bulk", size, work, lambda out: spooling.spool_resources(path, out, work / "buckets")
        )
    facts = [found for found in listed if has_suffix(found, PARQUET_SUFFIXES)]
    if facts:
        return Cohort(str(path), FACTS, _digest(facts), _ranges(FACTS, facts, size))
    records = [found for found in listed if has_suffix(found, _RECORDS)]
    if not records:
        raise unreadable(path, "the folder holds no file that is read here", "la cartella non contiene file leggibili")
    return Cohort(str(path), FILES, _digest(records), _file_parts(path, records, size))


def _file_parts(path: Path, records: list[Path], size: int) -> tuple[Part, ...]:
    return tuple(
        Part(number, FILES, str(path), start, min(start + size, len(records)), start + 1, str(path), tuple(map(str, c)))
        for number, start in enumerate(range(0, len(records), size))
        if (c := records[start : start + size])
    )


def _lines(path: Path, size: int, work: Path) -> Cohort:
    with opened(path) as file:
        try:
            start = file.read(1 << 16)
        except (OSError, EOFError):
            raise unreadable(path, "the gzip data are damaged", "i dati gzip sono rovinati") from None
    if not start.strip():
        raise unreadable(path, "it is empty", "è vuoto")
    if has_suffix(path, (".json", ".json.gz")) and not _line_is_json(start):
        listed = start.lstrip()[:1] == b"["
        if not listed:
            return Cohort(str(path), FILES, _digest([path]), _file_parts(path, [path], size))
        return _spooled(str(path), LINES, size, work, lambda out: _spool_array(path, out), form=LINES)
    if _is_gzip(path):
        return _spooled(str(path), LINES, size, work, lambda out: spooling.spool_lines(path, out.buffer), form=LINES)  # type: ignore[attr-defined]
    return Cohort(str(path), LINES, _digest([path]), _line_parts(path, size, str(path), LINES))


def _spool_array(path: Path, out: IO[str]) -> None:
    with opened(path) as file:
        try:
            for record in json.load(file):
                out.write(spooling.encoded(record))
        except (ValueError, RecursionError, TypeError):
            raise unreadable(path, "it is not well-formed JSON", "non è JSON ben formato") from None


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _line_is_json(start: bytes) -> bool:
    line, newline, _ = start.partition(b"\n")
    if not newline and len(start) >= 1 << 16:
        return True  # one line longer than any that a person wraps by hand
    with contextlib.suppress(ValueError):
        return isinstance(json.loads(line), dict)
    return False


def _line_parts(path: Path, size: int, label: str, form: str) -> tuple[Part, ...]:
    return tuple(
        Part(number, form, str(path), start, stop, first, label)
        for number, (start, stop, first) in enumerate(line_starts(path, size))
    )


def _spooled(
    name: str,
    kind: str,
    size: int,
    work: Path,
    write: Callable[[IO[str]], None],
    table: Table | None = None,
    form: str = SPOOL,
) -> Cohort:
    work.mkdir(parents=True, exist_ok=True)
    spool = work / "patients.ndjson"
    if not spool.exists():
        part = spool.with_name(f"{spool.name}.part")
        with part.open("w", encoding="utf-8") as out:
            write(out)
        part.replace(spool)
    columns = () if table is None else table.columns
    return Cohort(name, kind, _digest([spool]), _line_parts(spool, size, name, form), columns)


def _omop_files(path: Path, files: dict[str, Path], size: int, work: Path) -> Cohort:
    def tables() -> Iterator[tuple[str, Iterable[dict[str, Any] | str]]]:
        present = [name for name in ("person", *TABLES) if name in files]
        names = _concept_names(files, present)
        for name in present:
            yield name, _joined(Table(files[name]), CONCEPTS[name], names)

    return _spooled(str(path), "omop", size, work, lambda out: spooling.spool_omop(tables(), out, work / "buckets"))


def _concept_names(files: dict[str, Path], present: list[str]) -> dict[str, tuple[str, str, str]]:
    """Name, code and vocabulary of every concept that the tables use."""
    if "concept" not in files:
        return {}
    used: set[str] = set()
    for name in present:
        for _, row in Table(files[name]).rows():
            if isinstance(row, dict):
                lowered = {key.lower(): cell for key, cell in row.items()}
                used.update(text_of(lowered.get(column)) for column in CONCEPTS[name])
    found = {}
    for _, row in Table(files["concept"]).rows():
        if isinstance(row, dict):
            lowered = {key.lower(): cell for key, cell in row.items()}
            key = text_of(lowered.get("concept_id"))
            if key in used and key != "0":
                texts = (text_of(lowered.get(c)) for c in ("concept_name", "concept_code", "vocabulary_id"))
                found[key] = tuple(texts)
    return found  # type: ignore[return-value]


def _joined(
    table: Table, columns: tuple[str, ...], names: dict[str, tuple[str, str, str]]
) -> Iterator[dict[str, Any] | str]:
    for _, row in table.rows():
        if isinstance(row, str):
            yield row
            continue
        found = {key.lower(): cell for key, cell in row.items()}
        for column in columns:
            known = names.get(text_of(found.get(column)))
            stem = column.removesuffix("_id")
            if known is not None and f"{stem}_name" not in found:
                found[f"{stem}_name"], found[f"{stem}_code"] = known[0], known[1]
                found[stem.removesuffix("_concept") + "_vocabulary_id"] = known[2]
        yield found


def _digest(paths: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
