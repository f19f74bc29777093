"""Cohorts as they come: what cannot be used is counted, named and reported; the run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kits import DAY, records

from cartella.cohorts import CohortReport, open_cohort, read_part
from cartella.cohorts.tables import WideTable
from cartella.cohorts.writing import Form, write_cohort
from cartella.errors import InputError


def report_of(path: Path, work: Path, size: int = 50) -> tuple[list[str], CohortReport]:
    """The labels of the patients that are used, and the report."""
    report = CohortReport()
    cohort = open_cohort(str(path), size, work)
    return [patient.label for part in cohort.parts for patient in read_part(part, DAY, None, report)], report


def test_lines_of_rubbish_are_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "cohort.ndjson"
    write_cohort(records(14), Form.FHIR, path)
    lines = path.read_bytes().splitlines()
    rubbish = [b"{", b"\xff\xfe\x00rubbish", b"[]", b"null", b'"text"', b'{"a": 1}']
    path.write_bytes(b"\n".join(lines[:7] + rubbish + lines[7:]) + b"\n\n")
    labels, report = report_of(path, tmp_path / "work", 4)
    assert len(labels) == 14
    assert sum(report.left_out.values()) == 6
    assert report.left_out["not_json"] == 2
    assert report.places["not_json"][0].endswith("cohort.ndjson, 8")


def test_a_row_with_too_many_cells_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text("patient,sex,birth_date\na,female,1960-01-01\nb,female,1961-01-01,oops\nc,male,1970-01-01\n")
    labels, report = report_of(path, tmp_path / "work")
    assert labels == ["a", "c"]
    assert report.left_out == {"wrong_number_of_cells": 1}
    assert report.places["wrong_number_of_cells"] == [f"{path}, 3"]


def test_a_patient_without_birth_date_is_used_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text("patient,sex,birth_date,diagnosis\na,female,,Multiple myeloma\nb,,1961-01-01,Multiple myeloma\n")
    labels, report = report_of(path, tmp_path / "work")
    assert labels == ["a", "b"]
    assert report.doubts == {"no_birth_date": 1, "no_sex": 1}


def test_a_birth_date_in_the_future_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text("patient,sex,birth_date\na,female,2062-01-01\nb,male,1961-01-01\n")
    labels, report = report_of(path, tmp_path / "work")
    assert labels == ["b"] and report.left_out == {"unborn": 1}


def test_a_unit_that_changes_is_read_as_written_and_told(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    rows = [f"p{n},platelets,{90 + n},10*9/L" if n < 3 else f"p{n},platelets,{1000 * (90 + n)},/uL" for n in range(6)]
    path.write_text("patient,name,value,unit,section\n" + "".join(f"{row},laboratory\n" for row in rows))
    cohort = open_cohort(str(path), 10, tmp_path / "work")
    report = CohortReport()
    found = [p for part in cohort.parts for p in read_part(part, DAY, None, report)]
    assert [p.facts.measures["lab:plt"].value.low for p in found] == [(90 + n) * 1_000_000 for n in range(6)]
    assert report.changed_units == {"platelets": [("10*9/L", 3, 1), ("/uL", 3, 4)]}


def test_a_column_that_is_missing_or_not_read_is_named() -> None:
    table = WideTable(["id", "birth_date", "Platelets [10*9/L]", "ward"])
    assert table.missing == ("sex", "diagnosis")
    assert table.unread == ("ward",)
    assert WideTable(["sex", "diagnosis"]).missing == ("patient", "birth_date")


def test_the_dead_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cohort.ndjson"
    patient = {"resourceType": "Patient", "id": "a", "gender": "male", "birthDate": "1950-01-01"}
    path.write_text(json.dumps({**patient, "deceasedDateTime": "2026-01-01"}) + "\n" + json.dumps(patient) + "\n")
    labels, report = report_of(path, tmp_path / "work")
    assert labels == ["a"] and report.left_out == {"died": 1}


def test_rows_of_a_person_who_is_not_there_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "omop"
    folder.mkdir()
    (folder / "person.csv").write_text(
        "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n1,8507,1961\n2,8532,1970\n"
    )
    (folder / "death.csv").write_text("person_id,death_date\n2,2026-01-01\n9,2026-01-01\n")
    labels, report = report_of(folder, tmp_path / "work")
    assert labels == ["1"]
    assert report.left_out == {"person_twice": 1, "person_unknown": 1, "died": 1}


@pytest.mark.parametrize(
    "name", ["none.csv", "text.pdf", "broken.parquet", "empty.csv", "empty.ndjson", "broken.json.gz"]
)
def test_what_is_no_cohort_is_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name != "none.csv":
        path.write_bytes({"broken.parquet": b"PAR1 no", "broken.json.gz": b"\x1f\x8b\x08 no"}.get(name, b""))
    with pytest.raises(InputError) as error:
        open_cohort(str(path), 10, tmp_path / "work")
    assert error.value.why is not None and error.value.next_step is not None


def test_reports_add_up(tmp_path: Path) -> None:
    path = tmp_path / "cohort.ndjson"
    write_cohort(records(9), Form.RECORDS, path)
    path.write_bytes(path.read_bytes() + b"rubbish\n" * 8)
    _, once = report_of(path, tmp_path / "w1", 100)
    added = CohortReport()
    for part in open_cohort(str(path), 2, tmp_path / "w2").parts:
        piece = CohortReport()
        list(read_part(part, DAY, None, piece))
        added.add(CohortReport.from_json(piece.to_json()))
    assert (added.patients, added.left_out, added.remarks) == (once.patients, once.left_out, once.remarks)
    assert added.places == once.places
