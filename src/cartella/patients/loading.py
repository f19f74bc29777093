"""Opening a patient's file: what it is, whether it can be read, and the facts in it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartella.errors import Where
from cartella.logic import PatientFacts
from cartella.patients import fhir, phenopackets, record
from cartella.patients.corrections import NO_CORRECTIONS, Corrections, corrected
from cartella.patients.draft import Draft
from cartella.patients.parsing import LARGEST, parsed
from cartella.patients.problems import problem
from cartella.patients.report import Report
from cartella.patients.statements import Person, Statement
from cartella.patients.understanding import TooSlowError, understand

_Stated = tuple[Person | None, list[Statement]]


@dataclass(frozen=True, slots=True)
class LoadedPatient:
    """A patient's record: the facts, the report on how they were read, and where the patient lives.

    `kind` is "fhir", "phenopacket" or "record"; `label` is what the record calls itself (an id, never a person's name).
    `entries` are the paths of all entries that were held against the vocabulary.
    """

    facts: PatientFacts
    report: Report
    kind: str
    label: str = ""
    city: str = ""
    country: str = ""
    entries: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, str]:
        """City and country as the record writes them."""
        return self.city, self.country


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of one record: bytes unpacked, entries, seconds."""

    size: int = LARGEST
    entries: int | None = None
    seconds: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a record is to be read. `where` names it in an error."""

    as_of: date
    complete: Iterable[str] | None = None
    where: str = ""
    corrections: Corrections = NO_CORRECTIONS
    limits: Limits = NO_LIMITS


def read_fhir(bundle: Any, as_of: date, complete: Iterable[str] | None = None) -> tuple[PatientFacts, Report]:
    """The facts of FHIR R4 data: a Bundle, one resource, or a list of resources.

    `complete` names the lists ("therapy", "procedure", "medication") that are complete; None applies the rule for
    curated summaries. Raises InputError for several patients in one record or a birth date after `as_of`.
    """
    found = _read("fhir", bundle, _Reading(as_of, complete))
    return found.facts, found.report


def read_record(data: Any, as_of: date, complete: Iterable[str] | None = None) -> tuple[PatientFacts, Report]:
    """The facts of a short record (parsed YAML or JSON); `complete` as in `read_fhir`.

    Raises InputError where the record does not have the documented form.
    """
    found = _read("record", data, _Reading(as_of, complete))
    return found.facts, found.report


def load_patient(path: str | Path, as_of: date, complete: Iterable[str] | None = None) -> LoadedPatient:
    """Read a patient's file, FHIR (JSON, NDJSON), Phenopacket (JSON) or short record (YAML, JSON), plain or gzipped;
    "-" is standard input.

    Raises InputError with what, where, why and the next step when the file cannot be read as a patient.
    """
    where = str(path)
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if where == "-" else _file(Path(where), where)
    except OSError:
        raise problem("unreadable", Where(path=where or None)) from None
    return read_patient(raw, as_of, complete, where)


def read_patient(
    raw: bytes,
    as_of: date,
    complete: Iterable[str] | None = None,
    where: str = "",
    corrections: Corrections = NO_CORRECTIONS,
    limits: Limits = NO_LIMITS,
) -> LoadedPatient:
    """What `load_patient` reads, from its bytes, with what a person corrected of it; `where` names it in an error."""
    reading = _Reading(as_of, complete, where, corrections, limits)
    data = parsed(raw, where, limits.size)
    try:
        if (packet := _packet(data, where)) is not None:
            return _read("phenopacket", packet, reading)
        if _is_fhir(data):
            return _read("fhir", data, reading)
        if record.is_record(data):
            return _read("record", data, reading)
    except RecursionError:
        raise problem("too_deep", Where(path=where or None)) from None
    raise problem("neither", Where(path=where or None))


def patient_of_record(data: Any, as_of: date) -> LoadedPatient:
    """The patient of a short record that is already parsed."""
    return _read("record", data, _Reading(as_of))


def _read(kind: str, data: Any, reading: _Reading) -> LoadedPatient:
    draft = Draft(reading.as_of.toordinal())
    person, statements = _STATED[kind](data, draft, reading.where)
    limits, where = reading.limits, Where(path=reading.where or None)
    if limits.entries is not None and len(statements) > limits.entries:
        raise problem("too_many", where, limit=str(limits.entries))
    _born(person, reading, "birth_date" if kind == "record" else "birthDate")
    entries = frozenset(statement.path for statement in statements)
    person, statements = corrected(person, statements, reading.corrections, draft)
    _born(person, reading, "birth_date")
    until = math.inf if limits.seconds is None else time.monotonic() + limits.seconds
    try:
        facts, report = understand(person, statements, draft, reading.complete, until)
    except TooSlowError:
        raise problem("too_slow", where, limit=str(limits.seconds)) from None
    found = person or Person("")
    return LoadedPatient(facts, report, kind, found.label, found.city, found.country, entries)


def _of_fhir(data: Any, draft: Draft, where: str) -> _Stated:
    patients = list(fhir.patients_of(data))
    if len(patients) > 1:
        raise problem("several", Where(path=where or None, field=patients[1]), count=str(len(patients)))
    person, statements = fhir.statements_of(data, draft)
    if person is None and not statements:
        raise problem("no_patient", Where(path=where or None))
    return person, statements


def _of_phenopacket(data: Any, draft: Draft, _where: str) -> _Stated:
    return phenopackets.person_of(data), list(phenopackets.statements_of(data, draft))


_STATED = {"fhir": _of_fhir, "phenopacket": _of_phenopacket, "record": record.statements_of}


def _born(person: Person | None, reading: _Reading, field: str) -> None:
    if person is not None and person.birth is not None and (person.birth.low or 0) > reading.as_of.toordinal():
        raise problem("unborn", Where(path=reading.where or None, field=f"{person.path}.{field}"))


def _file(path: Path, where: str) -> bytes:
    if path.is_dir():
        raise problem("directory", Where(path=where or None))
    if not path.exists():
        raise problem("missing", Where(path=where or None))
    if path.stat().st_size > LARGEST:
        raise problem("too_large", Where(path=where or None), limit=str(LARGEST // 2**20))
    return path.read_bytes()


def _is_fhir(data: Any) -> bool:
    if isinstance(data, list):
        return bool(data) and all(isinstance(item, dict) and "resourceType" in item for item in data)
    return isinstance(data, dict) and isinstance(data.get("resourceType"), str)


def _packet(data: Any, where: str) -> Any:
    """The Phenopacket that the data are, alone or as the only one of a list; None where they are something else."""
    packets = data if isinstance(data, list) else [data]
    if not packets or not all(map(phenopackets.is_phenopacket, packets)):
        return None
    if len(packets) > 1:
        raise problem("several", Where(path=where or None, field="[1]"), count=str(len(packets)))
    return packets[0]
