"""Opening a patient's file: what it is, whether it can be read, and the facts in it."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cartella.errors import InputError
from cartella.logic import PatientFacts
from cartella.patients import fhir, record
from cartella.patients.draft import Draft
from cartella.patients.report import Report
from cartella.patients.statements import Person
from cartella.patients.understanding import understand

LARGEST = 256 * 1024 * 1024
"""The largest file that is read, in bytes after unpacking: far above any patient's record."""

_PHENOPACKET = frozenset({"phenotypicFeatures", "metaData", "interpretations"})


@dataclass(frozen=True, slots=True)
class LoadedPatient:
    """A patient's record: the facts, the report on how they were read, and where the patient lives.

    `kind` is "fhir" or "record"; `label` is what the record calls itself (an id, never a person's name).
    """

    facts: PatientFacts
    report: Report
    kind: str
    label: str = ""
    city: str = ""
    country: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """City and country as the record writes them."""
        return self.city, self.country


def read_fhir(bundle: Any, as_of: date, complete: Iterable[str] | None = None) -> tuple[PatientFacts, Report]:
    """The facts of FHIR R4 data: a Bundle, one resource, or a list of resources.

    `complete` names the lists ("therapy", "procedure", "medication") that are complete; None applies the rule for
    curated summaries. Raises InputError for several patients in one record or a birth date after `as_of`.
    """
    return _from_fhir(bundle, as_of, complete, "FHIR record")[:2]


def read_record(data: Any, as_of: date, complete: Iterable[str] | None = None) -> tuple[PatientFacts, Report]:
    """The facts of a short record (parsed YAML or JSON); `complete` as in `read_fhir`.

    Raises InputError where the record does not have the documented form.
    """
    return _from_record(data, as_of, complete, "record")[:2]


def load_patient(path: str | Path, as_of: date, complete: Iterable[str] | None = None) -> LoadedPatient:
    """Read a patient's file, FHIR (JSON, NDJSON) or short record (YAML, JSON), plain or gzipped; "-" is standard input.

    Raises InputError with what, where, why and the next step when the file cannot be read as a patient.
    """
    where = "standard input" if str(path) == "-" else str(path)
    text = _text(path, where)
    data = _parsed(text, where)
    if _is_phenopacket(data):
        raise _error(where, "this is a Phenopacket, which is not read", "Bring the record as FHIR R4 or as a short record.")
    if _is_fhir(data):
        facts, report, person = _from_fhir(data, as_of, complete, where)
        kind = "fhir"
    elif record.is_record(data):
        facts, report, person = _from_record(data, as_of, complete, where)
        kind = "record"
    else:
        raise _error(
            where,
            "it is neither a FHIR record nor a short record",
            "Bring a FHIR R4 Bundle, or write a short record as in docs/reference/record.md.",
        )
    if person is None:
        return LoadedPatient(facts, report, kind)
    return LoadedPatient(facts, report, kind, person.label, person.city, person.country)


def _from_fhir(
    data: Any, as_of: date, complete: Iterable[str] | None, where: str
) -> tuple[PatientFacts, Report, Person | None]:
    patients = list(fhir.patients_of(data))
    if len(patients) > 1:
        raise _error(
            where,
            f"it holds {len(patients)} patients ({patients[0]} and {patients[1]} are the first)",
            "Bring one patient at a time.",
        )
    draft = Draft(as_of.toordinal())
    person, statements = fhir.statements_of(data, draft)
    if person is None and not statements:
        raise _error(where, "it holds no patient and no clinical entry", "Bring the patient's Bundle, not a list of trials or places.")
    _born(person, as_of, where, "birthDate")
    facts, report = understand(person, statements, draft, complete)
    return facts, report, person


def _from_record(
    data: Any, as_of: date, complete: Iterable[str] | None, where: str
) -> tuple[PatientFacts, Report, Person | None]:
    draft = Draft(as_of.toordinal())
    person, statements = record.statements_of(data, draft, where)
    _born(person, as_of, where, "birth_date")
    facts, report = understand(person, statements, draft, complete)
    return facts, report, person


def _born(person: Person | None, as_of: date, where: str, field: str) -> None:
    if person is not None and person.birth is not None and (person.birth.low or 0) > as_of.toordinal():
        raise _error(
            f"{where}: {person.path}.{field}",
            f"the date of birth lies after the reference day {as_of.isoformat()}",
            "Correct the date of birth, or give a later reference day.",
        )


def _text(path: str | Path, where: str) -> str:
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if str(path) == "-" else _file(Path(path), where)
    except OSError as problem:
        raise _error(where, problem.strerror or "it cannot be opened", "Check the path and the permissions.") from None
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw, where)
    if len(raw) > LARGEST:
        raise _error(where, f"it is larger than {LARGEST // 2**20} MB", "Bring the record of one patient.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _error(f"{where}, byte {problem.start}", "it is not UTF-8 text", "Save the file as UTF-8.") from None


def _file(path: Path, where: str) -> bytes:
    if path.is_dir():
        raise _error(where, "it is a directory", "Name the file of the patient.")
    if not path.exists():
        raise _error(where, "there is no such file", "Check the path.")
    if path.stat().st_size > LARGEST:
        raise _error(where, f"it is larger than {LARGEST // 2**20} MB", "Bring the record of one patient.")
    return path.read_bytes()


def _unpacked(raw: bytes, where: str) -> bytes:
    """The content of a gzipped file, in pieces, so that a small file cannot unpack into all of memory."""
    import io

    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            return packed.read(LARGEST + 1)
    except (EOFError, OSError, zlib.error):
        raise _error(where, "the gzip data end too early or are damaged", "Copy or download the file again.") from None


def _parsed(text: str, where: str) -> Any:
    if not text.strip():
        raise _error(where, "it is empty", "Bring a FHIR record or a short record.")
    if text.lstrip()[0] in "{[":
        return _json(text, where)
    return _yaml(text, where)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise _error(where, "it is nested too deeply", "Bring a FHIR record or a short record.") from None
    except json.JSONDecodeError as problem:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and _is_json_object(lines[0]):
            return _ndjson(text, where)
        raise _error(f"{where}, line {problem.lineno}, column {problem.colno}", f"it is not JSON: {problem.msg}", "Correct the file.") from None


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False


def _ndjson(text: str, where: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line, parse_float=Decimal))
        except json.JSONDecodeError as problem:
            raise _error(f"{where}, line {number}", f"it is not JSON: {problem.msg}", "Correct or remove this line.") from None
    return found


def _yaml(text: str, where: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"{where}, line {mark.line + 1}, column {mark.column + 1}" if mark is not None else where
        why = str(getattr(problem, "problem", None) or "it is not well formed")
        raise _error(place, f"it is neither JSON nor YAML: {why}", "Correct the file.") from None


def _is_fhir(data: Any) -> bool:
    if isinstance(data, list):
        return bool(data) and all(isinstance(item, dict) and "resourceType" in item for item in data)
    return isinstance(data, dict) and isinstance(data.get("resourceType"), str)


def _is_phenopacket(data: Any) -> bool:
    first = data[0] if isinstance(data, list) and data else data
    return isinstance(first, dict) and "subject" in first and bool(_PHENOPACKET & set(first)) and "resourceType" not in first


def _error(where: str, why: str, next_step: str) -> InputError:
    return InputError(what="The patient's record cannot be read", where=where, why=why, next_step=next_step)
