"""Rows of tables as short records: one row a patient (wide), or one row an entry (long).

The columns are documented in docs/reference/cohort.md. A wide row and a long group of rows give the same record as the
short record that says the same; nothing is understood here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

ID_COLUMNS = ("patient", "patient_id", "id", "label", "person_id")
"""Names under which the column with the patient's id is found, the first that is there."""

_PERSON = {"sex": "sex", "gender": "sex", "birth_date": "birth_date", "city": "city", "country": "country"}
_DIAGNOSIS = {"diagnosis": "name", "icd10": "icd10", "diagnosis_since": "since", "diagnosis_note": "note"}
_SCALES = ("ecog", "karnofsky", "lansky")
_LISTS = ("therapies", "procedures", "conditions", "absent", "medicines", "allergies", "vaccines", "complete")
_PLAIN_LISTS = ("absent", "allergies", "vaccines", "complete")
_SIDES = ("unit", "lower", "upper", "date")
_UNIT = re.compile(r"^(?P<name>.*?)\s*\[(?P<unit>[^\]]*)\]$")
_ENTRY = re.compile(
    r"^(?P<name>.*?)\s*(?:@\s*(?P<start>[\d-]+)?\s*(?:\.\.\s*(?P<end>[\d-]+)?)?)?\s*(?:#\s*(?P<line>\d+))?\s*(?::\s(?P<note>.*))?$",
    re.DOTALL,
)
_LABORATORY_DATE = "laboratory_date"
LONG = frozenset({"section", "name"})
"""Columns that make a table a long one, besides the patient's."""

Row = Mapping[str, Any]


class WideTable:
    """How the columns of a table with one row a patient are read. `unread` are columns that are not."""

    def __init__(self, columns: Iterable[str]) -> None:
        listed = [str(column) for column in columns]
        by_name = {column.strip().lower(): column for column in listed}
        self.id_column = next((by_name[name] for name in ID_COLUMNS if name in by_name), None)
        self._direct: dict[str, tuple[str, str]] = {}
        self._values: list[tuple[str, str, str, dict[str, str]]] = []
        taken = {self.id_column}
        for name, column in by_name.items():
            if column in taken:
                continue
            if (place := _direct(name)) is not None:
                self._direct[column] = place
                taken.add(column)
            elif (unit := _UNIT.match(column.strip())) is not None:
                self._values.append((column, unit["name"], unit["unit"], self._sides(unit["name"], by_name)))
            elif f"{name}_unit" in by_name:
                self._values.append((column, column.strip(), "", self._sides(column.strip(), by_name)))
        for column, _, _, sides in self._values:
            taken |= {column, *sides.values()}
        self.unread = tuple(column for column in listed if column not in taken)
        named = {place for place, _ in self._direct.values()}
        self.missing = tuple(
            column
            for column, there in (
                ("patient", self.id_column is not None),
                ("sex", "patient" in named and any(key == "sex" for _, key in self._direct.values())),
                ("birth_date", any(key in ("birth_date", "age") for _, key in self._direct.values())),
                ("diagnosis", "diagnosis" in named),
            )
            if not there
        )

    def _sides(self, name: str, by_name: Mapping[str, str]) -> dict[str, str]:
        return {side: by_name[key] for side in _SIDES if (key := f"{name.lower()}_{side}") in by_name}

    def identifier(self, row: Row) -> str:
        """The patient's id; empty where there is none."""
        return "" if self.id_column is None else text_of(row.get(self.id_column))

    def record(self, row: Row) -> dict[str, Any]:
        """The row as a short record."""
        found: dict[str, Any] = {}
        for column, (section, key) in self._direct.items():
            text = text_of(row.get(column))
            if not text:
                continue
            if section in ("patient", "diagnosis", "performance"):
                found.setdefault(section, {})[key] = text
            elif section in _LISTS:
                found[section] = entries(text, section in _PLAIN_LISTS)
            elif section in ("markers", "findings"):
                found[section] = answers(text)
            else:
                found[section] = text
        laboratory = {}
        for column, name, unit, sides in self._values:
            if text := text_of(row.get(column)):
                laboratory[name] = value(text, unit, {side: text_of(row.get(c)) for side, c in sides.items()})
        if laboratory:
            if day := found.pop(_LABORATORY_DATE, None):
                laboratory["date"] = day
            found["laboratory"] = laboratory
        found.pop(_LABORATORY_DATE, None)
        return found


def _direct(name: str) -> tuple[str, str] | None:
    if name in _PERSON:
        return "patient", _PERSON[name]
    if name == "age":
        return "patient", "age"
    if name in _DIAGNOSIS:
        return "diagnosis", _DIAGNOSIS[name]
    if name in _SCALES:
        return "performance", name
    if name == "performance_date":
        return "performance", "date"
    if name in (*_LISTS, "markers", "findings", "lines", _LABORATORY_DATE):
        return name, ""
    return None


def text_of(cell: object) -> str:
    """A cell as text; a whole number loses its decimals, an empty cell is empty."""
    if cell is None or cell != cell:  # NaN, as tables write what is missing
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | tuple):
        return "; ".join(filter(None, map(text_of, cell)))
    return str(cell).strip()


def entries(text: str, plain: bool) -> list[Any]:
    """The entries of a list in one cell: ``name @ start..end # line : note``, separated by semicolons."""
    found: list[Any] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = None if plain else _ENTRY.match(part)
        details = {} if match is None else {key: text for key, text in match.groupdict().items() if text}
        found.append(part if len(details) < 2 else details)
    return found


def answers(text: str) -> list[dict[str, str]]:
    """Names with answers in one cell: ``CD19: positive; CD20: negative``. Without an answer: yes."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, colon, answer = part.partition(":")
        found.append({name.strip(): answer.strip() if colon else "yes"})
    return found


def value(text: str, unit: str, sides: Mapping[str, str]) -> Any:
    """A laboratory value with its unit, limits and day; as plain text where it is no number."""
    parts = {"value": text, "unit": sides.get("unit") or unit}
    parts |= {side: found for side in ("lower", "upper", "date") if (found := sides.get(side))}
    return {key: part for key, part in parts.items() if part}


def long_record(rows: Iterable[Row]) -> dict[str, Any]:
    """The rows of one patient in a long table as a short record.

    Each row has `section` (a section of the short record) and `name`, and what is stated of it: `value`, `unit`,
    `lower`, `upper`, `date`, `start`, `end`, `line`, `status`, `response`, `note`, `method`, `icd10`.
    """
    found: dict[str, Any] = {}
    laboratory: list[dict[str, Any]] = []
    for raw in rows:
        row = {str(key).strip().lower(): text_of(cell) for key, cell in raw.items()}
        section, name = row.get("section", "").lower(), row.get("name", "")
        stated = row.get("value", "")
        match section:
            case "patient":
                found.setdefault("patient", {})[name] = stated
            case "diagnosis":
                parts = {"name": name or stated, "icd10": row.get("icd10"), "note": row.get("note")}
                parts["since"] = row.get("start") or row.get("date")
                found["diagnosis"] = {key: part for key, part in parts.items() if part}
            case "performance":
                part = found.setdefault("performance", {})
                part[name.lower()] = stated
                if day := row.get("date"):
                    part["date"] = day
            case "laboratory":
                laboratory.append({name: value(stated, row.get("unit", ""), row)})
            case "markers":
                parts = {"name": name, "result": stated, "date": row.get("date"), "method": row.get("method")}
                found.setdefault("markers", []).append({key: part for key, part in parts.items() if part})
            case "findings":
                answer = {"value": stated or "yes", "date": row.get("date")}
                found.setdefault("findings", []).append({name: {key: part for key, part in answer.items() if part}})
            case "lines":
                found["lines"] = stated or name
            case _ if section in _LISTS:
                found.setdefault(section, []).append(name if section in _PLAIN_LISTS else _entry(name, row))
            case _:
                found[section or "section"] = stated  # a section that does not exist: the reader of records says so
    if laboratory:
        found["laboratory"] = laboratory
    return found


def _entry(name: str, row: Row) -> dict[str, str]:
    keys = ("start", "end", "date", "line", "status", "response", "note", "icd10")
    parts = {key: row[key] for key in keys if row.get(key)}
    if row.get("value"):
        parts["dose"] = f"{row['value']} {row.get('unit', '')}".strip()
    if "start" in parts or "end" in parts:
        parts.pop("date", None)
    return {"name": name, **parts}
