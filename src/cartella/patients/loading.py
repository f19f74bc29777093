"""Opening a patient's file: what it is, whether it can be read, and the facts in it."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cartella.errors import Where
from cartella.logic import PatientFacts
from cartella.patients import fhir, record
from cartella.patients.draft import Draft
from cartella.patients.problems import problem
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
    return _from_fhir(bundle, as_of, complete, "")[:2]


def read_record(data: Any, as_of: date, complete: Iterable[str] | None = None) -> tuple[PatientFacts, Report]:
    """The facts of a short record (parsed YAML or JSON); `complete` as in `read_fhir`.

    Raises InputError where the record does not have the documented form.
    """
    return _from_record(data, as_of, complete, "")[:2]


def load_patient(path: str | Path, as_of: date, complete: Iterable[str] | None = None) -> LoadedPatient:
    """Read a patient's file, FHIR (JSON, NDJSON) or short record (YAML, JSON), plain or gzipped; "-" is standard input.

    Raises InputError with what, where, why and the next step when the file cannot be read as a patient.
    """
    where = str(path)
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if where == "-" else _file(Path(where), where)
    except OSError:
        raise problem("unreadable", Where(path=where or None)) from None
    return read_patient(raw, as_of, complete, where)


def read_patient(
    raw: bytes, as_of: date, complete: Iterable[str] | None = None, where: str = "", largest: int = LARGEST
) -> LoadedPatient:
    """What `load_patient` reads, from its bytes; `where` names them in an error, `largest` limits them unpacked."""
    data = _parsed(_text(raw, where, largest), where)
    if _is_phenopacket(data):
        raise problem("phenopacket", Where(path=where or None))
    if _is_fhir(data):
        return _loaded("fhir", *_from_fhir(data, as_of, complete, where))
    if record.is_record(data):
        return _loaded("record", *_from_record(data, as_of, complete, where))
    raise problem("neither", Where(path=where or None))


def patient_of_record(data: Any, as_of: date) -> LoadedPatient:
    """The patient of a short record that is already parsed."""
    return _loaded("record", *_from_record(data, as_of, None, ""))


def _loaded(kind: str, facts: PatientFacts, report: Report, person: Person | None) -> LoadedPatient:
    if person is None:
        return LoadedPatient(facts, report, kind)
    return LoadedPatient(facts, report, kind, person.label, person.city, person.country)


def _from_fhir(
    data: Any, as_of: date, complete: Iterable[str] | None, where: str
) -> tuple[PatientFacts, Report, Person | None]:
    patients = list(fhir.patients_of(data))
    if len(patients) > 1:
        raise problem("several", Where(path=where or None, field=patients[1]), count=str(len(patients)))
    draft = Draft(as_of.toordinal())
    person, statements = fhir.statements_of(data, draft)
    if person is None and not statements:
        raise problem("no_patient", Where(path=where or None))
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
        raise problem("unborn", Where(path=where or None, field=f"{person.path}.{field}"))


def _text(raw: bytes, where: str, largest: int) -> str:
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw, where, largest)
    if len(raw) > largest:
        raise problem("too_large", Where(path=where or None), limit=str(largest // 2**20))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise problem("encoding", Where(path=where or None, offset=error.start)) from None


def _file(path: Path, where: str) -> bytes:
    if path.is_dir():
        raise problem("directory", Where(path=where or None))
    if not path.exists():
        raise problem("missing", Where(path=where or None))
    if path.stat().st_size > LARGEST:
        raise problem("too_large", Where(path=where or None), limit=str(LARGEST // 2**20))
    return path.read_bytes()


def _unpacked(raw: bytes, where: str, largest: int) -> bytes:
    """The content of a gzipped file, up to the limit, so that a small file cannot unpack into all of memory."""
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            return packed.read(largest + 1)
    except (EOFError, OSError, zlib.error):
        raise problem("gzip", Where(path=where or None)) from None


def _parsed(text: str, where: str) -> Any:
    if not text.strip():
        raise problem("empty", Where(path=where or None))
    if text.lstrip()[0] in "{[":
        return _json(text, where)
    return _yaml(text, where)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise problem("too_deep", Where(path=where or None)) from None
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and _is_json_object(lines[0]):
            return _ndjson(text, where)
        raise problem(
            "not_json", Where(path=where or None, line=error.lineno, offset=_offset(text, error.pos))
        ) from None


def _offset(text: str, position: int) -> int:
    """The byte of a character, as the error speaks of bytes."""
    return len(text[:position].encode("utf-8"))


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (json.JSONDecodeError, RecursionError):
        return False


def _ndjson(text: str, where: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line, parse_float=Decimal))
        except (json.JSONDecodeError, RecursionError):
            raise problem("not_json", Where(path=where or None, line=number)) from None
    return found


def _yaml(text: str, where: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except RecursionError:
        raise problem("too_deep", Where(path=where or None)) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise problem("not_yaml", Where(path=where or None, line=mark.line + 1 if mark is not None else None)) from None


def _is_fhir(data: Any) -> bool:
    if isinstance(data, list):
        return bool(data) and all(isinstance(item, dict) and "resourceType" in item for item in data)
    return isinstance(data, dict) and isinstance(data.get("resourceType"), str)


def _is_phenopacket(data: Any) -> bool:
    first = data[0] if isinstance(data, list) and data else data
    return (
        isinstance(first, dict)
        and "subject" in first
        and bool(_PHENOPACKET & set(first))
        and "resourceType" not in first
    )
