"""OMOP CDM rows of one person as the statements of a record.

Concepts are taken by their names, and by their codes where the vocabulary is one that records use: the rows carry the
columns of the CDM and, for each ``..._concept_id``, the columns ``..._concept_name``, ``..._concept_code`` and
``..._vocabulary_id`` joined from the table ``concept``. Where a concept is missing (id 0) the ``..._source_value`` is
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cartella.logic import Interval
from cartella.patients.dates import days_of, parse_day
from cartella.patients.statements import Person, Quantity, Standing, Statement, Topic, exact

TABLES = (
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "measurement",
    "observation",
    "death",
)
"""The clinical tables that are read, besides `person`; each has a `person_id`."""

CONCEPTS = {
    "person": ("gender_concept_id",),
    "condition_occurrence": ("condition_concept_id", "condition_status_concept_id"),
    "drug_exposure": ("drug_concept_id",),
    "procedure_occurrence": ("procedure_concept_id",),
    "measurement": ("measurement_concept_id", "unit_concept_id", "value_as_concept_id", "operator_concept_id"),
    "observation": ("observation_concept_id", "value_as_concept_id", "unit_concept_id"),
    "death": (),
}
"""The concept ids of each table that need a name."""

_SYSTEMS = {
    "SNOMED": "snomed",
    "ICD10": "icd10",
    "ICD10CM": "icd10",
    "ICD9CM": "icd9",
    "LOINC": "loinc",
    "RxNorm": "rxnorm",
    "ATC": "atc",
    "NCIt": "ncit",
}
_SEX = {"8507": "male", "8532": "female"}
_OPERATORS = {"4171754": "<=", "4171755": ">=", "4171756": "<", "4172704": ">", "4172703": ""}
_UNITS = {"billion per liter": "10*9/L", "thousand per microliter": "10*3/uL", "gram per deciliter": "g/dL"}

Row = Mapping[str, Any]


def person_of(row: Row) -> Person:
    """Who the record speaks of."""
    sex = _SEX.get(_text(row, "gender_concept_id")) or _text(row, "gender_concept_name").lower()
    if sex not in ("male", "female"):
        sex = {"m": "male", "f": "female"}.get(_text(row, "gender_source_value").lower()[:1], sex)
    return Person("person", _text(row, "person_id"), sex, _birth(row))


def _birth(row: Row) -> Interval | None:
    if whole := _text(row, "birth_datetime"):
        found = parse_day(whole)
        if found is not None:
            return found
    year, month, day = (_whole(row, f"{part}_of_birth") for part in ("year", "month", "day"))
    return None if year is None else days_of(year, month, day if month is not None else None)


def died(rows: Mapping[str, list[Row]]) -> bool:
    """Whether the person is recorded as dead."""
    return bool(rows.get("death"))


def statements_of(rows: Mapping[str, list[Row]]) -> Iterator[Statement]:
    """Everything that the rows of one person state, table by table."""
    for number, row in enumerate(rows.get("condition_occurrence", ())):
        yield _condition(f"condition_occurrence[{_key(row, 'condition_occurrence_id', number)}]", row)
    for number, row in enumerate(rows.get("drug_exposure", ())):
        yield _drug(f"drug_exposure[{_key(row, 'drug_exposure_id', number)}]", row)
    for number, row in enumerate(rows.get("procedure_occurrence", ())):
        path = f"procedure_occurrence[{_key(row, 'procedure_occurrence_id', number)}]"
        name, codes = _concept(row, "procedure")
        day = _day(row, "procedure_date", "procedure_datetime")
        yield Statement(Topic.PROCEDURE, path, name, codes, start=day, end=day, standing=Standing.PAST)
    for table in ("measurement", "observation"):
        for number, row in enumerate(rows.get(table, ())):
            yield _finding(table, f"{table}[{_key(row, f'{table}_id', number)}]", row)


def _condition(path: str, row: Row) -> Statement:
    name, codes = _concept(row, "condition")
    start = _day(row, "condition_start_date", "condition_start_datetime")
    end = _day(row, "condition_end_date", "condition_end_datetime")
    reason = _text(row, "stop_reason")
    return Statement(
        Topic.CONDITION,
        path,
        name,
        codes,
        start=start,
        end=end,
        standing=Standing.PAST if end is not None else Standing.STATED,
        notes=(reason,) if reason else (),
    )


def _drug(path: str, row: Row) -> Statement:
    name, codes = _concept(row, "drug")
    start = _day(row, "drug_exposure_start_date", "drug_exposure_start_datetime")
    end = _day(row, "drug_exposure_end_date", "verbatim_end_date", "drug_exposure_end_datetime")
    notes = tuple(text for key in ("sig", "stop_reason") if (text := _text(row, key)))
    return Statement(
        Topic.MEDICATION, path, name, codes, start=start, end=end, standing=Standing.PAST if end else Standing.STATED,
        notes=notes,
    )  # fmt: skip


def _finding(table: str, path: str, row: Row) -> Statement:
    name, codes = _concept(row, table)
    day = _day(row, f"{table}_date", f"{table}_datetime")
    number = exact(row.get("value_as_number")) if _text(row, "value_as_number") else None
    if number is not None:
        operator = _OPERATORS.get(_text(row, "operator_concept_id"), "")
        low, high = (exact(row.get(side)) if _text(row, side) else None for side in ("range_low", "range_high"))
        return Statement(
            Topic.OBSERVATION, path, name, codes, quantity=Quantity(number, _unit(row), operator, low, high), start=day
        )
    answer = _text(row, "value_as_concept_name") or _text(row, "value_as_string") or _text(row, "value_source_value")
    return Statement(Topic.OBSERVATION, path, name, codes, value=answer, start=day)


def _unit(row: Row) -> str:
    code, name = _text(row, "unit_concept_code"), _text(row, "unit_concept_name")
    return code or _UNITS.get(name.lower(), name) or _text(row, "unit_source_value")


def _concept(row: Row, kind: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    name = _text(row, f"{kind}_concept_name")
    system = _SYSTEMS.get(_text(row, f"{kind}_vocabulary_id"))
    code = _text(row, f"{kind}_concept_code")
    if not name or name == "No matching concept":
        return _text(row, f"{kind}_source_value"), ()
    return name, ((system, code),) if system and code else ()


def _key(row: Row, column: str, number: int) -> str:
    return _text(row, column) or str(number)


def _day(row: Row, *columns: str) -> Interval | None:
    return next((day for name in columns if (text := _text(row, name)) and (day := parse_day(text))), None)


def _whole(row: Row, column: str) -> int | None:
    text = _text(row, column).removesuffix(".0")
    return int(text) if text.isdigit() else None


def _text(row: Row, column: str) -> str:
    cell = row.get(column)
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
