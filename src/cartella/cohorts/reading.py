"""From a part of a cohort to the facts of its patients, one by one, with a report. What cannot be read is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from cartella.cohorts import omop, spooling
from cartella.cohorts.files import lines, parquet_rows
from cartella.cohorts.opening import FILES, ROWS, SPOOL, Part
from cartella.cohorts.tables import WideTable, long_record
from cartella.cohorts.tally import CohortReport
from cartella.errors import InputError
from cartella.logic import Interval, PatientFacts
from cartella.patients import fhir, load_patient, phenopackets, record
from cartella.patients.draft import Draft
from cartella.patients.parsing import loads
from cartella.patients.report import Report
from cartella.patients.statements import Person, Statement, exact
from cartella.patients.understanding import understand


@dataclass(frozen=True, slots=True)
class ReadPatient:
    """One patient of a cohort: the position (from 1; line, row or file), the id, the facts."""

    position: int
    label: str
    facts: PatientFacts


class _LeftOut(Exception):  # noqa: N818  # no error: a reason
    """A patient who is not used; the message is the reason."""


def read_part(part: Part, as_of: date, complete: Iterable[str] | None, report: CohortReport) -> Iterator[ReadPatient]:
    """The patients of a part, in order; what becomes of them is counted in `report`."""
    reader = _Reader(as_of, None if complete is None else tuple(complete), report)
    for position, place, item in _items(part):
        label, facts = "", None
        try:
            label, facts = reader.patient(item)
        except _LeftOut as found:
            report.leave_out(str(found), place)
        except InputError as error:
            report.leave_out(_reason(error), place)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            report.leave_out("defect", place)  # one odd record must not stop thousands; it is named in the report
        if facts is None:
            continue
        report.patients += 1
        if not label:
            label = f"#{position}"
            report.doubt("id_made", place)
        for reason, there in (
            ("no_birth_date", "age" in facts.measures),
            ("no_sex", "sex" in facts.codings),
            ("no_diagnosis", "diagnosis" in facts.codings),
        ):
            if not there:
                report.doubt(reason, place)
        yield ReadPatient(position, label, facts)


def _reason(error: InputError) -> str:
    why = "" if error.why is None else error.why.en
    if "birth" in why:
        return "unborn"
    return "several_patients" if "patients" in why else "unreadable"


def _items(part: Part) -> Iterator[tuple[int, str, Any]]:
    """Position, place in words, and the raw data of each patient."""
    match part.form:
        case str(form) if form == ROWS:
            for number, row in enumerate(parquet_rows(Path(part.path), part.start, part.stop), start=part.first):
                yield number, f"{part.label}, {number}", {spooling.ROW: row}
        case str(form) if form == FILES:
            for number, name in enumerate(part.files, start=part.first):
                yield number, name, Path(name)
        case str(form) if form == SPOOL:
            for number, line in enumerate(lines(Path(part.path), part.start, part.stop), start=part.first):
                item = loads(line)
                yield number, ", ".join(filter(None, (part.label, item.get("table"), str(item["at"])))), item
        case _:
            for number, line in enumerate(lines(Path(part.path), part.start, part.stop), start=part.first):
                if line.strip():
                    yield number, f"{part.label}, {number}", line


class _Reader:
    """Reads one patient's raw data after another."""

    def __init__(self, as_of: date, complete: tuple[str, ...] | None, report: CohortReport) -> None:
        self.as_of, self.complete, self.report = as_of, complete, report
        self.day = as_of.toordinal()

    def patient(self, item: Any) -> tuple[str, PatientFacts]:
        if isinstance(item, Path):
            return self._file(item)
        if isinstance(item, bytes):
            try:
                item = loads(item)
            except (ValueError, RecursionError):
                raise _LeftOut("not_json") from None
        if not isinstance(item, dict):
            return self._record(item)
        if spooling.BAD in item and "at" in item:
            raise _LeftOut(str(item[spooling.BAD]))
        if spooling.ROW in item and ("at" in item or len(item) == 1):
            return self._wide(item[spooling.ROW])
        if spooling.ENTRIES in item and "at" in item:
            return self._short(long_record(item[spooling.ENTRIES]), item["id"])
        if spooling.OMOP in item and "at" in item:
            return self._omop(item[spooling.OMOP])
        if spooling.RESOURCES in item and "at" in item:
            return self._fhir(item[spooling.RESOURCES], item["id"])
        return self._record(item)

    def _file(self, path: Path) -> tuple[str, PatientFacts]:
        if path.suffix.lower() == ".json":
            try:
                data = loads(path.read_bytes())
            except (ValueError, OSError, RecursionError):
                raise _LeftOut("not_json") from None
            label, facts = self._record(data)
            return label or path.stem, facts
        loaded = load_patient(path, self.as_of, self.complete)
        self._remarks(loaded.report)
        return loaded.label or path.stem, loaded.facts

    def _record(self, data: Any) -> tuple[str, PatientFacts]:
        """A whole record of any kind."""
        if phenopackets.is_phenopacket(data):
            if phenopackets.died(data):
                raise _LeftOut("died")
            draft = self._draft()
            return self._understood(phenopackets.person_of(data), list(phenopackets.statements_of(data, draft)), draft)
        if isinstance(data, dict) and isinstance(data.get("resourceType"), str):
            return self._fhir(data, "")
        if isinstance(data, list) and data and all(isinstance(r, dict) and "resourceType" in r for r in data):
            return self._fhir(data, "")
        if record.is_record(data):
            return self._short(data, "")
        raise _LeftOut("not_a_record")

    def _fhir(self, data: Any, label: str) -> tuple[str, PatientFacts]:
        if len(list(fhir.patients_of(data))) > 1:
            raise _LeftOut("several_patients")
        if _dead(data):
            raise _LeftOut("died")
        draft = self._draft()
        person, statements = fhir.statements_of(data, draft)
        if person is None and not statements:
            raise _LeftOut("not_a_record")
        found, facts = self._understood(person, statements, draft)
        return found or label, facts

    def _wide(self, row: dict[str, Any]) -> tuple[str, PatientFacts]:
        table = _table(tuple(row))
        data = table.record(row)
        if not data:
            raise _LeftOut("empty")
        return self._short(data, table.identifier(row))

    def _short(self, data: dict[str, Any], label: str) -> tuple[str, PatientFacts]:
        draft = self._draft()
        age = None
        person_part = data.get("patient")
        if isinstance(person_part, dict) and "age" in person_part:
            age = exact(person_part["age"])
            data = {**data, "patient": {key: v for key, v in person_part.items() if key != "age"}}
        person, statements = record.statements_of(data, draft)
        if person is not None and person.birth is None and age is not None and 0 <= age < 150:
            person = replace(person, birth=_born(int(age), self.as_of))
        found, facts = self._understood(person, statements, draft)
        return label or found, facts

    def _omop(self, rows: dict[str, list[omop.Row]]) -> tuple[str, PatientFacts]:
        if omop.died(rows):
            raise _LeftOut("died")
        person = omop.person_of(rows["person"][0])
        return self._understood(person, list(omop.statements_of(rows)), self._draft())

    def _draft(self) -> Draft:
        return Draft(self.day)

    def _understood(self, person: Person | None, statements: list[Statement], draft: Draft) -> tuple[str, PatientFacts]:
        if person is not None and person.birth is not None and (person.birth.low or 0) > self.day:
            raise _LeftOut("unborn")
        for statement in statements:
            if statement.quantity is not None and statement.name:
                self.report.unit(statement.name, statement.quantity.unit, self.report.patients + 1)
        facts, report = understand(person, statements, draft, self.complete)
        self._remarks(report)
        return ("" if person is None else person.label), facts

    def _remarks(self, report: Report) -> None:
        for remark in report:
            self.report.remarks[remark.fate.value, remark.message] += 1


@lru_cache(maxsize=64)
def _table(columns: tuple[str, ...]) -> WideTable:
    return WideTable(columns)


def _born(age: int, as_of: date) -> Interval:
    """The days on which somebody can be born who is `age` on the reference day."""
    last = as_of.replace(year=as_of.year - age, day=min(as_of.day, 28)) if as_of.day > 28 else None
    newest = (last or as_of.replace(year=as_of.year - age)).toordinal()
    oldest = as_of.replace(year=as_of.year - age - 1, day=min(as_of.day, 28)).toordinal() + 1
    return Interval(oldest, newest)


def _dead(data: Any) -> bool:
    resources = data if isinstance(data, list) else [data]
    for resource in resources:
        if not isinstance(resource, dict):
            continue
        entries = resource.get("entry") if resource.get("resourceType") == "Bundle" else [{"resource": resource}]
        for entry in entries if isinstance(entries, list) else ():
            found = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(found, dict) and found.get("resourceType") == "Patient":
                return found.get("deceasedBoolean") is True or bool(found.get("deceasedDateTime"))
    return False
