"""Invented cohorts as files, in every form that is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from cartella.cohorts import forms

Record = dict[str, Any]
_BATCH = 5000


class Form(StrEnum):
    """The forms of a cohort."""

    RECORDS = "records"
    FHIR = "fhir"
    PHENOPACKETS = "phenopackets"
    CSV = "csv"
    PARQUET = "parquet"
    LONG_CSV = "long-csv"
    LONG_PARQUET = "long-parquet"
    OMOP_CSV = "omop-csv"
    OMOP_PARQUET = "omop-parquet"
    FACTS = "facts"


_LINES: dict[Form, Callable[[Record], Record]] = {
    Form.RECORDS: lambda record: record,
    Form.FHIR: forms.fhir_bundle,
    Form.PHENOPACKETS: forms.phenopacket,
}

_OMOP_COLUMNS = {
    "person": """person_id gender_concept_id year_of_birth month_of_birth day_of_birth person_source_value""",
    "condition_occurrence": """person_id condition_concept_id condition_source_value condition_start_date
        condition_end_date""",
    "drug_exposure": """person_id drug_concept_id drug_source_value drug_exposure_start_date drug_exposure_end_date
        stop_reason""",
    "measurement": """person_id measurement_concept_id measurement_source_value measurement_date value_as_number
        unit_source_value range_high""",
    "observation": """person_id observation_concept_id observation_source_value observation_date value_as_string""",
}


def write_cohort(records: Iterable[Record], form: Form, output: Path) -> None:
    """Write records to a file, or to a folder of tables for OMOP, whole or not at all."""
    if form in (Form.OMOP_CSV, Form.OMOP_PARQUET):
        _omop(records, output, "csv" if form is Form.OMOP_CSV else "parquet")
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(f"{output.name}.part")
    if form in _LINES:
        with part.open("w", encoding="utf-8") as file:
            for record in records:
                file.write(json.dumps(_LINES[form](record), ensure_ascii=False, separators=(",", ":")) + "\n")
    elif form in (Form.CSV, Form.PARQUET):
        rows: Iterable[Record] = [forms.wide_row(record) for record in records]
        _table(rows, list(dict.fromkeys(name for row in rows for name in row)), part, form is Form.CSV)
    else:
        rows = (row for record in records for row in forms.long_rows(record))
        _table(rows, list(forms.LONG_COLUMNS), part, form is Form.LONG_CSV)
    part.replace(output)


def _table(rows: Iterable[Record], columns: list[str], path: Path, as_csv: bool) -> None:
    if as_csv:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return
    with _ParquetTable(path, columns) as table:
        for row in rows:
            table.add(row)


class _ParquetTable:
    """A table of texts in Parquet, written batch by batch."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._arrow = pa
        self._schema = pa.schema([(name, pa.string()) for name in columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Record] = []

    def __enter__(self) -> _ParquetTable:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, row: Record) -> None:
        """One more row."""
        self._rows.append({key: None if value in (None, "") else str(value) for key, value in row.items()})
        if len(self._rows) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
            self._rows = []


def _omop(records: Iterable[Record], folder: Path, suffix: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = {name: text.split() for name, text in _OMOP_COLUMNS.items()}
    rows: dict[str, list[Record]] = {name: [] for name in columns}
    for name, row in _omop_rows(records):
        rows[name].append(row)
    for name, listed in rows.items():
        part = folder / f"{name}.{suffix}.part"
        _table(listed, columns[name], part, suffix == "csv")
        part.replace(folder / f"{name}.{suffix}")


def _omop_rows(records: Iterable[Record]) -> Iterator[tuple[str, Record]]:
    for number, record in enumerate(records, start=1):
        yield from forms.omop_rows(record, number)
