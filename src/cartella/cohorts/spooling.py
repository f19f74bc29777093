"""Files that cannot be cut where one likes, brought into one: a line a patient, in JSON.

A table with many rows a patient, OMOP tables and FHIR bulk exports are brought together by patient in buckets on disk,
so that never more than one bucket is in memory. Gzipped files and CSV are unpacked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from cartella.cohorts.files import Table, opened
from cartella.cohorts.tables import WideTable, text_of

BUCKET = 5000
_OPEN_FILES = 200
_FLUSH = 2000

ROW, ENTRIES, OMOP, RESOURCES, BAD = "row", "entries", "omop", "resources", "bad"
"""What a spooled line holds: a wide row, long rows, OMOP rows, FHIR resources, or the reason why it was not read."""


def encoded(value: Mapping[str, Any]) -> str:
    """One line of the spool."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def spool_wide(table: Table, out: IO[str]) -> None:
    """A table of one row a patient."""
    for number, row in table.rows():
        out.write(encoded({BAD: row, "at": number} if isinstance(row, str) else {ROW: row, "at": number}))


def spool_lines(path: Path, out: IO[bytes]) -> None:
    """A gzipped file of lines, unpacked."""
    with opened(path) as file:
        while block := file.read(1 << 22):
            out.write(block)


class Grouped:
    """Brings together what belongs to one patient; patients come out in the order in which they came first."""

    def __init__(self, work: Path, expected: int = 0) -> None:
        self.work = work
        self.size = max(BUCKET, -(-expected // _OPEN_FILES))
        self.order: dict[str, int] = {}
        self._waiting: dict[int, list[str]] = {}
        self._held = 0
        work.mkdir(parents=True, exist_ok=True)

    def patient(self, identifier: str) -> int:
        """The number of a patient, a new one for a new id."""
        return self.order.setdefault(identifier, len(self.order))

    def add(self, patient: int, part: Mapping[str, Any]) -> None:
        """Put a part of a patient's data to the others."""
        self._waiting.setdefault(patient // self.size, []).append(f"{patient}\t{encoded(part)}")
        self._held += 1
        if self._held >= _FLUSH * 10:
            self._flush()

    def _flush(self) -> None:
        for bucket, held in self._waiting.items():
            with (self.work / f"bucket-{bucket:05d}").open("a", encoding="utf-8") as file:
                file.writelines(held)
        self._waiting, self._held = {}, 0

    def patients(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Each patient's parts, in the order in which they came; the buckets are gone afterwards."""
        self._flush()
        for bucket in sorted(self.work.glob("bucket-*")):
            found: dict[int, list[dict[str, Any]]] = {}
            with bucket.open(encoding="utf-8") as file:
                for line in file:
                    number, _, part = line.partition("\t")
                    found.setdefault(int(number), []).append(json.loads(part))
            yield from sorted(found.items())
            bucket.unlink()


def spool_long(table: Table, out: IO[str], work: Path) -> None:
    """A table of many rows a patient."""
    column = WideTable(table.columns).id_column
    grouped = Grouped(work)
    for number, row in table.rows():
        identifier = "" if isinstance(row, str) or column is None else text_of(row.get(column))
        if isinstance(row, str):
            out.write(encoded({BAD: row, "at": number}))
        elif not identifier:
            out.write(encoded({BAD: "no_patient_id", "at": number}))
        else:
            kept = {name: text for name, cell in row.items() if name != column and (text := text_of(cell))}
            grouped.add(grouped.patient(identifier), {"id": identifier, "row": kept, "at": number})
    for _, parts in grouped.patients():
        rows = [part["row"] for part in parts]
        out.write(encoded({ENTRIES: rows, "id": parts[0]["id"], "at": parts[0]["at"]}))


def spool_omop(tables: Iterable[tuple[str, Iterable[dict[str, Any] | str]]], out: IO[str], work: Path) -> None:
    """OMOP tables, `person` first, each with its rows; concepts are joined already."""
    grouped = Grouped(work)
    for name, rows in tables:
        for number, row in enumerate(rows, start=1):
            if isinstance(row, str):
                out.write(encoded({BAD: row, "table": name, "at": number}))
                continue
            identifier = text_of(row.get("person_id"))
            if not identifier:
                out.write(encoded({BAD: "no_patient_id", "table": name, "at": number}))
            elif name == "person" and identifier in grouped.order:
                out.write(encoded({BAD: "person_twice", "table": name, "at": number}))
            elif name != "person" and identifier not in grouped.order:
                out.write(encoded({BAD: "person_unknown", "table": name, "at": number}))
            else:
                kept = {key: cell for key, cell in row.items() if cell is not None and cell != ""}
                grouped.add(grouped.patient(identifier), {"table": name, "row": kept})
    for number, parts in grouped.patients():
        found: dict[str, list[Any]] = {}
        for part in parts:
            found.setdefault(part["table"], []).append(part["row"])
        out.write(encoded({OMOP: found, "at": number + 1}))


def spool_resources(folder: Path, out: IO[str], work: Path) -> None:
    """A FHIR bulk export: a folder of files with one resource a line, brought together by the patient they speak of."""
    grouped = Grouped(work)
    files = sorted(folder.glob("*.ndjson*"), key=lambda path: (not path.name.startswith("Patient"), path.name))
    for path in files:
        with opened(path) as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    resource = json.loads(line)
                    owner = _owner(resource)
                except (ValueError, AttributeError, RecursionError):
                    out.write(encoded({BAD: "not_json", "table": path.name, "at": number}))
                    continue
                if owner:
                    grouped.add(grouped.patient(owner), resource)
                else:
                    out.write(encoded({BAD: "no_patient_id", "table": path.name, "at": number}))
    names = {number: identifier for identifier, number in grouped.order.items()}
    for number, resources in grouped.patients():
        out.write(encoded({RESOURCES: resources, "id": names[number], "at": number + 1}))


def _owner(resource: dict[str, Any]) -> str:
    if resource.get("resourceType") == "Patient":
        return str(resource.get("id") or "")
    reference = (resource.get("subject") or resource.get("patient") or {}).get("reference")
    return str(reference or "").rpartition("/")[2].removeprefix("urn:uuid:")
