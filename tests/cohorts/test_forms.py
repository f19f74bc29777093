"""The same invented patients in every form that is read."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from kits import DAY, facts_of, records

from cartella.cohorts import CohortReport, ReadPatient, open_cohort, read_part
from cartella.cohorts.writing import Form, write_cohort
from cartella.logic import PatientFacts
from cartella.store.omop import omop_tables

RECORDS = records(12)
FACTS = [facts_of(record) for record in RECORDS]
SUFFIX = {Form.CSV: ".csv", Form.LONG_CSV: ".csv", Form.PARQUET: ".parquet", Form.LONG_PARQUET: ".parquet"}
DLBCL = "Diffuse large B-cell lymphoma"
LOSSLESS = [Form.RECORDS, Form.CSV, Form.PARQUET, Form.LONG_CSV, Form.LONG_PARQUET]


def read(name: str | Path, work: Path, size: int = 5) -> tuple[list[ReadPatient], CohortReport]:
    """All patients of a cohort, and the report."""
    report = CohortReport()
    cohort = open_cohort(str(name), size, work, omop_tables)
    return [patient for part in cohort.parts for patient in read_part(part, DAY, None, report)], report


def written(form: Form, folder: Path) -> Path:
    """The invented patients in a form."""
    path = folder / f"cohort{SUFFIX.get(form, '' if form.name.startswith('OMOP') else '.ndjson')}"
    write_cohort(RECORDS, form, path)
    return path


def said(facts: PatientFacts) -> tuple[object, ...]:
    """What the facts say, without where they come from."""
    events = {(e.concepts, e.may_be, e.last, tuple(sorted(e.traits.items())), e.counts_as) for e in facts.events}
    return (
        {name: (measure.value, measure.stale) for name, measure in facts.measures.items()},
        {name: coding.possible for name, coding in facts.codings.items()},
        events,
        {absence.concepts for absence in facts.absences},
        set(facts.complete),
        set(facts.told),
    )


@pytest.mark.parametrize("form", LOSSLESS)
def test_tables_say_what_the_records_say(form: Form, tmp_path: Path) -> None:
    found, report = read(written(form, tmp_path), tmp_path / "work")
    assert [patient.label for patient in found] == [record["patient"]["label"] for record in RECORDS]
    assert not report.left_out and not report.doubts
    # a cell of markers has no day: whether an antigen is out of date is then not known
    compared = [said(patient.facts) for patient in found], [said(facts) for facts in FACTS]
    if form in (Form.CSV, Form.PARQUET):
        compared = [row[1:] for row in compared[0]], [row[1:] for row in compared[1]]
    assert compared[0] == compared[1]


def test_a_fhir_bundle_a_line_says_what_the_records_say(tmp_path: Path) -> None:
    found, _ = read(written(Form.FHIR, tmp_path), tmp_path / "work")
    assert [said(patient.facts) for patient in found] == [said(facts) for facts in FACTS]


@pytest.mark.parametrize("form", [Form.PHENOPACKETS, Form.OMOP_CSV, Form.OMOP_PARQUET])
def test_what_other_forms_can_hold_is_the_same(form: Form, tmp_path: Path) -> None:
    found, report = read(written(form, tmp_path), tmp_path / "work")
    assert report.patients == len(RECORDS) and not report.left_out
    for patient, facts in zip(found, FACTS, strict=True):
        assert patient.facts.codings["diagnosis"].possible == facts.codings["diagnosis"].possible
        for name in {"age", "ecog", "lab:plt", "lab:anc", "lab:alt.uln"} & set(facts.measures):
            assert patient.facts.measures[name].value == facts.measures[name].value
        assert {e.counts_as for e in facts.events if e.counts_as.startswith(("drug", "regimen"))} <= {
            e.counts_as for e in patient.facts.events
        }


def test_omop_concepts_are_joined_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.csv").write_text(
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\n7,8532,1960,2,3\n"
    )
    (folder / "condition_occurrence.csv").write_text(
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,7,4038838,2024-05-01\n"
    )
    (folder / "measurement.csv").write_text(
        "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id\n"
        "1,7,3024929,2026-10-01,88,9444\n"
    )
    (folder / "concept.csv").write_text(
        "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n"
        f"4038838\t{DLBCL}\tSNOMED\t46732000\n"
        "3024929\tPlatelets [#/volume] in Blood by Automated count\tLOINC\t777-3\n"
        "9444\tbillion per liter\tUCUM\t10*9/L\n"
    )
    found, _ = read(folder, tmp_path / "work")
    (patient,) = found
    assert patient.label == "7"
    assert patient.facts.codings["diagnosis"].possible == facts_of({"diagnosis": DLBCL}).codings["diagnosis"].possible
    assert patient.facts.measures["lab:plt"].value.low == 88_000_000
    assert patient.facts.codings["sex"].possible == {"female"}

    database = tmp_path / "cdm.db"
    with sqlite3.connect(database) as connection:
        for name in ("person", "condition_occurrence", "measurement", "concept"):
            lines = (folder / f"{name}.csv").read_text().splitlines()
            separator = "\t" if name == "concept" else ","
            heads = lines[0].split(separator)
            connection.execute(f"create table {name} ({', '.join(heads)})")
            for line in lines[1:]:
                connection.execute(f"insert into {name} values ({', '.join('?' * len(heads))})", line.split(separator))
    again, _ = read(f"sqlite:///{database}", tmp_path / "work-sql")
    assert said(again[0].facts) == said(patient.facts)


def test_a_bulk_export_is_brought_together_by_patient(tmp_path: Path) -> None:
    write_cohort(RECORDS, Form.FHIR, tmp_path / "bundles.ndjson")
    folder = tmp_path / "export"
    folder.mkdir()
    by_type: dict[str, list[str]] = {}
    for line in (tmp_path / "bundles.ndjson").read_text().splitlines():
        for entry in json.loads(line)["entry"]:
            by_type.setdefault(entry["resource"]["resourceType"], []).append(json.dumps(entry["resource"]))
    for kind, lines in by_type.items():
        (folder / f"{kind}.ndjson").write_text("\n".join(reversed(lines)) + "\n")
    found, report = read(folder, tmp_path / "work")
    expected = {record["patient"]["label"]: said(facts)[0] for record, facts in zip(RECORDS, FACTS, strict=True)}
    assert {patient.label: said(patient.facts)[0] for patient in found} == expected
    assert not report.left_out


def test_a_gzipped_file_reads_the_same(tmp_path: Path) -> None:
    plain = written(Form.RECORDS, tmp_path)
    packed = tmp_path / "packed.ndjson.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [said(p.facts) for p in read(packed, tmp_path / "w1")[0]] == [
        said(p.facts) for p in read(plain, tmp_path / "w2")[0]
    ]


def test_the_size_of_the_parts_changes_nothing(tmp_path: Path) -> None:
    path = written(Form.LONG_CSV, tmp_path)
    once, many = read(path, tmp_path / "w1", 100), read(path, tmp_path / "w2", 1)
    assert [(p.position, p.label, said(p.facts)) for p in once[0]] == [
        (p.position, p.label, said(p.facts)) for p in many[0]
    ]


def test_an_age_without_a_birth_date_is_an_age(tmp_path: Path) -> None:
    path = tmp_path / "ages.csv"
    path.write_text("patient;age;sex;diagnosis;platelets [10*9/L]\na;52;F;Multiple myeloma;88,5\n", encoding="cp1252")
    found, _ = read(path, tmp_path / "work")
    age = found[0].facts.measures["age"].value
    assert (age.low, age.high) == (52_000_000, 52_000_000)
    assert found[0].facts.measures["lab:plt"].value.low == 88_500_000
