"""The wordings of this package: messages and names as tables, in two languages and two registers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Lang = Literal["it", "en"]
Register = Literal["patient", "clinician"]

_COLUMNS: dict[tuple[Lang, Register], int] = {
    ("it", "patient"): 1,
    ("it", "clinician"): 2,
    ("en", "patient"): 3,
    ("en", "clinician"): 4,
}


def message(identifier: str, lang: Lang, register: Register, **parameters: object) -> str:
    """The wording of one message, with its parameters put in. KeyError for an id that is not in messages.csv."""
    return messages()[identifier][_COLUMNS[lang, register] - 1].format(**parameters)


def own_name(identifier: str, lang: Lang, register: Register) -> str | None:
    """The name that names.csv gives to a quantity, a trait or a concept; None where it gives none."""
    row = _names().get(identifier)
    if row is None:
        return None
    patient, clinician = _COLUMNS[lang, "patient"] - 1, _COLUMNS[lang, "clinician"] - 1
    return row[clinician] or None if register == "clinician" else row[patient] or row[clinician] or None


@cache
def messages() -> Mapping[str, tuple[str, ...]]:
    """All messages by id: Italian for patients, for clinicians; English for patients, for clinicians."""
    return _rows("messages.csv")


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    return _rows("names.csv")


def _rows(table: str) -> dict[str, tuple[str, ...]]:
    text = (files("cartella.explaining") / "data" / table).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    next(reader)
    return {row[0]: tuple(row[1:]) for row in reader}
