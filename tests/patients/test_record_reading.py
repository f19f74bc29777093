"""Opening patients' files: forms that are read, forms that are refused, and records of other programs."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from patient_facts import DAY, has, messages, number

from cartella.errors import InputError
from cartella.logic import FALSE, TRUE, UNKNOWN
from cartella.patients import load_patient, read_fhir
from cartella.patients.messages import WORDING

PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-01-01"}


def platelets(value: float = 100, **more: Any) -> dict[str, Any]:
    code = {"text": "platelets"}
    quantity = {"value": value, "unit": "10*9/L"}
    return {"resourceType": "Observation", "code": code, "valueQuantity": quantity, **more}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": item} for item in resources]}


@pytest.mark.parametrize("form", ["json", "ndjson", "gzip", "bom", "indented"])
def test_forms_of_a_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"patient.{form}"
    whole = json.dumps(bundle(PATIENT, platelets()))
    lines = "\n".join(json.dumps(item) for item in (PATIENT, platelets()))
    content = {
        "json": whole.encode(),
        "ndjson": lines.encode(),
        "gzip": gzip.compress(whole.encode()),
        "bom": b"\xef\xbb\xbf" + whole.encode(),
        "indented": json.dumps(bundle(PATIENT, platelets()), indent=2).encode(),
    }[form]
    path.write_bytes(content)
    loaded = load_patient(path, DAY)
    assert loaded.kind == "fhir"
    assert loaded.label == "p1"
    assert number(loaded.facts, "lab:plt") == 100


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(json.dumps(bundle(PATIENT, platelets())).encode())

    monkeypatch.setattr("sys.stdin", Input())
    assert number(load_patient("-", DAY).facts, "lab:plt") == 100


def test_the_place_and_the_name_of_a_patient(tmp_path: Path) -> None:
    named = {**PATIENT, "name": [{"family": "Rossi"}], "address": [{"city": "Pisa", "country": "IT"}]}
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(named), encoding="utf-8")
    loaded = load_patient(path, DAY)
    assert loaded.place == ("Pisa", "IT")
    assert "Rossi" not in repr(loaded)


REFUSED = [
    ("empty.json", b"", None),
    ("broken.json", b'{"resourceType": "Bundle", "entry": [', None),
    ("cut.json.gz", gzip.compress(json.dumps(bundle(PATIENT)).encode() * 50)[:60], None),
    ("latin.yaml", b"patient:\n  city: Forl\xec\n", None),
    ("list.json", b"[1, 2, 3]", None),
    ("other.json", b'{"trial": 1}', None),
    ("broken.yaml", b"patient: [unclosed\n", None),
    ("section.yaml", b"patient:\n  sex: male\nhobbies: chess\n", "hobbies"),
    ("date.yaml", b"patient:\n  birth_date: yesterday\n", "patient.birth_date"),
    ("age.yaml", b"patient:\n  age: old\n", "patient.age"),
    ("future.yaml", b"patient:\n  birth_date: 2031-01-01\n", "patient.birth_date"),
    ("norway.yaml", b"patient:\n  country: NO\n", "patient.country"),
    ("two.json", json.dumps(bundle(PATIENT, {**PATIENT, "id": "p2"})).encode(), "Bundle.entry[1].resource"),
    ("unborn.json", json.dumps(bundle({**PATIENT, "birthDate": "2031-01-01"})).encode(), None),
    ("places.json", json.dumps(bundle({"resourceType": "Location"})).encode(), None),
    ("pheno.json", b'[{"subject": {"id": "a"}, "metaData": {}}, {"subject": {"id": "b"}, "metaData": {}}]', "[1]"),
    ("deep.json", b"[" * 100_000, None),
]


@pytest.mark.parametrize(("name", "content", "field"), REFUSED)
def test_files_that_are_refused(tmp_path: Path, name: str, content: bytes, field: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_patient(path, DAY)
    error = caught.value
    assert error.why is not None
    assert error.next_step is not None
    assert error.where is not None
    assert error.where.path == str(path)
    if field is not None:
        assert error.where.field == field
    assert error.why.it != error.why.en


def test_a_directory_and_a_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nobody.json"):
        with pytest.raises(InputError) as caught:
            load_patient(path, DAY)
        assert caught.value.where is not None
        assert caught.value.where.path == str(path)


def test_errors_hold_no_values_of_the_record(tmp_path: Path) -> None:
    path = tmp_path / "patient.yaml"
    path.write_text("patient:\n  birth_date: the secret day\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_patient(path, DAY)
    assert "secret" not in caught.value.render("en") + caught.value.render("it")


def test_ten_thousand_resources_are_read() -> None:
    many = [platelets(100 + n % 7, effectiveDateTime=f"2020-{1 + n % 12:02}-{1 + n % 28:02}") for n in range(9_990)]
    facts, report = read_fhir(bundle(PATIENT, *many, platelets(88, effectiveDateTime="2026-10-01")), DAY)
    assert number(facts, "lab:plt") == 88
    assert len(report.remarks) > 9_000


ODD: list[dict[str, Any]] = [
    {"resourceType": "Condition"},
    {"resourceType": "Condition", "code": "text"},
    {"resourceType": "Condition", "code": {"coding": "x"}, "clinicalStatus": "active"},
    {"resourceType": "Observation", "code": None, "valueQuantity": {"value": "many"}},
    {"resourceType": "Observation", "code": {"text": "ALT"}, "valueQuantity": None, "referenceRange": "no"},
    {"resourceType": "Observation", "code": {"text": "ECOG"}, "valueInteger": None},
    {"resourceType": "MedicationStatement", "medicationReference": {"reference": "#nothing"}},
    {"resourceType": "MedicationStatement", "effectivePeriod": "2020", "status": 7},
    {"resourceType": "Procedure", "performedPeriod": {"start": "the past"}},
    {"resourceType": "Immunization"},
    {"resourceType": "AllergyIntolerance"},
    {"resourceType": "DiagnosticReport"},
    {"resourceType": "List"},
    {"resourceType": "Unheard"},
    {"resourceType": "Bundle", "entry": [None, 3, {"resource": "x"}]},
]


@pytest.mark.parametrize("resource", ODD)
def test_odd_resources_never_crash_and_never_vanish(resource: dict[str, Any]) -> None:
    facts, report = read_fhir(bundle(PATIENT, resource), DAY)
    assert not facts.events
    own = [remark for remark in report if "entry[1]" in remark.path]
    assert own
    assert all(remark.fate.value in {"ignored", "ambiguous"} for remark in own)


def test_every_resource_has_a_remark() -> None:
    texts = ["hypertension", "flibber", "suspected stroke", "no diabetes", "HIV negative"]
    resources = [{"resourceType": "Condition", "code": {"text": text}} for text in texts]
    _, report = read_fhir(bundle(PATIENT, *resources), DAY)
    for number_ in range(1, len(resources) + 1):
        assert any(f"entry[{number_}]" in remark.path for remark in report)


def test_entries_of_other_people_and_errors_are_not_used() -> None:
    stroke = {"resourceType": "Condition", "code": {"text": "stroke"}}
    other = {**stroke, "subject": {"reference": "Patient/donor"}}
    wrong = {**stroke, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    relative = {"resourceType": "FamilyMemberHistory", "condition": [{"code": {"text": "stroke"}}]}
    facts, report = read_fhir(bundle(PATIENT, other, wrong, relative), DAY)
    assert has(facts, "cond:stroke") is UNKNOWN
    assert {"other_person", "entered_in_error", "family_history"} <= set(messages(report, "ignored"))


def test_refuted_is_absent_and_unconfirmed_is_open() -> None:
    def stroke(code: str) -> dict[str, Any]:
        return {
            "resourceType": "Condition",
            "code": {"text": "stroke"},
            "verificationStatus": {"coding": [{"code": code}]},
        }

    assert has(read_fhir(bundle(PATIENT, stroke("refuted")), DAY)[0], "cond:stroke") is FALSE
    assert has(read_fhir(bundle(PATIENT, stroke("confirmed")), DAY)[0], "cond:stroke") is TRUE
    assert has(read_fhir(bundle(PATIENT, stroke("provisional")), DAY)[0], "cond:stroke") is UNKNOWN


def test_codes_without_words() -> None:
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C79.31"}]}
    facts, _ = read_fhir(bundle(PATIENT, {"resourceType": "Condition", "code": code}), DAY)
    assert has(facts, "cond:brain_metastases") is TRUE
    loinc = {"coding": [{"system": "http://loinc.org", "code": "777-3"}]}
    coded = {"resourceType": "Observation", "code": loinc, "valueQuantity": {"value": 90, "unit": "10*9/L"}}
    assert number(read_fhir(bundle(PATIENT, coded), DAY)[0], "lab:plt") == 90


def test_a_code_that_contradicts_its_words_is_not_used() -> None:
    code = {"text": "haemoglobin", "coding": [{"system": "http://loinc.org", "code": "777-3"}]}
    odd = {"resourceType": "Observation", "code": code, "valueQuantity": {"value": 90, "unit": "10*9/L"}}
    facts, report = read_fhir(bundle(PATIENT, odd), DAY)
    assert not [key for key in facts.measures if key.startswith("lab:")]
    assert "code_and_text_differ" in messages(report, "ambiguous")


def test_contained_medicines_and_doses() -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "prednisone"}}],
        "medicationReference": {"reference": "#m"},
        "dosage": [
            {
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg"}}],
            }
        ],
    }
    facts, _ = read_fhir(bundle(PATIENT, statement), DAY)
    assert number(facts, "steroid_dose") == 10


def test_a_list_that_is_complete() -> None:
    snapshot = {"resourceType": "List", "status": "current", "mode": "snapshot", "title": "Medication list"}
    assert "medication" in read_fhir(bundle(PATIENT, snapshot), DAY)[0].complete
    working = {**snapshot, "mode": "working"}
    assert read_fhir(bundle(PATIENT, working), DAY)[0].complete == {}
    nil = {**working, "emptyReason": {"coding": [{"code": "nilknown"}]}}
    assert "medication" in read_fhir(bundle(PATIENT, nil), DAY)[0].complete


def test_mcode_variant_and_stage() -> None:
    variant = {
        "resourceType": "Observation",
        "code": {"coding": [{"system": "http://loinc.org", "code": "69548-6"}]},
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "48018-6"}]},
                "valueCodeableConcept": {"text": "BRAF"},
            },
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "48005-3"}]},
                "valueCodeableConcept": {"text": "p.V600E"},
            },
        ],
    }
    facts, _ = read_fhir(bundle(PATIENT, variant), DAY)
    assert has(facts, "variant:BRAF V600E") is TRUE


def test_all_wordings_stand_in_both_languages_with_the_same_parameters() -> None:
    import string

    for name, words in WORDING.items():
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(words[language]) if field}
            for language in ("en", "it")
        ]
        assert fields[0] == fields[1], name


def test_the_report_speaks_both_languages(repository: Path) -> None:
    patients = [path for path in sorted((repository / "examples").glob("*")) if path.suffix in {".yaml", ".json"}]
    assert patients
    for path in patients:
        for remark in load_patient(path, date(2026, 11, 1)).report:
            assert remark.words("en")
            assert remark.words("it")


def test_records_of_other_programs_load_with_a_truthful_report(shared: Path) -> None:
    folder = shared / "patients-third-party"
    loaded = refused = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".json", ".ndjson", ".jsonl"}:
            continue
        if path.name == "SOURCE.txt":
            continue
        try:
            patient = load_patient(path, date(2026, 11, 24))
        except InputError as error:
            assert error.why is not None
            refused += 1
            continue
        loaded += 1
        entries = sum('"resourceType"' in part for part in path.read_text(encoding="utf-8").split('"resource"'))
        assert len({remark.path.split(".resource")[0] for remark in patient.report}) >= entries - 1
    assert loaded >= 5
    assert refused > 20


def test_a_third_party_breast_cancer(shared: Path) -> None:
    path = shared / "patients-third-party/clinical-trial-matching-app/src/__mocks__/query.json"
    facts = load_patient(path, date(2026, 11, 24)).facts
    assert "disease:BREAST" in facts.codings["diagnosis"].possible
    assert facts.codings["stage"].possible == {"IV"}
    assert has(facts, "site:bone") is TRUE
    assert has(facts, "drug:fulvestrant") is TRUE
    assert facts.codings["antigen:ERBB2"].possible == {"negative"}
