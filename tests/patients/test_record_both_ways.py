"""The same patient, written as FHIR and as a short record, gives the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cartella.logic import PatientFacts, Source
from cartella.patients import read_fhir, read_record

DAY = date(2026, 11, 1)
NOWHERE = Source("", "")


def blank(facts: PatientFacts) -> PatientFacts:
    """The facts without where they come from; what is derived stays marked as derived."""

    def source(old: Source) -> Source:
        return Source("", "", None, old.derived)

    events = [replace(event, source=source(event.source)) for event in facts.events]
    absences = [replace(absence, source=source(absence.source)) for absence in facts.absences]
    return replace(
        facts,
        measures={k: replace(m, source=source(m.source)) for k, m in facts.measures.items()},
        codings={k: replace(c, source=source(c.source)) for k, c in facts.codings.items()},
        events=tuple(sorted(events, key=repr)),
        absences=tuple(sorted(absences, key=lambda a: sorted(a.concepts))),
        complete=dict.fromkeys(facts.complete, NOWHERE),
        told=dict.fromkeys(facts.told, NOWHERE),
    )


def concept(text: str, icd10: str | None = None) -> dict[str, Any]:
    coding = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd10}] if icd10 else []
    return {"text": text, "coding": coding}


def condition(name: str, verification: str, clinical: str | None = None, **more: Any) -> dict[str, Any]:
    status = {"clinicalStatus": {"coding": [{"code": clinical}]}} if clinical else {}
    return {
        "resourceType": "Condition",
        "verificationStatus": {"coding": [{"code": verification}]},
        "code": concept(name, more.pop("icd10", None)),
        **status,
        **more,
    }


def quantity(text: str) -> dict[str, Any]:
    """ "28 U/L (ULN 40)" as a FHIR value with its range."""
    head, _, tail = str(text).partition(" (ULN ")
    value, _, unit = head.partition(" ")
    found: dict[str, Any] = {"valueQuantity": {"value": float(value), "unit": unit}}
    if tail:
        found["referenceRange"] = [{"high": {"value": float(tail.rstrip(")")), "unit": unit}}]
    return found


def as_fhir(record: Mapping[str, Any]) -> dict[str, Any]:
    """A short record (of the forms that the examples use) as a Bundle, written here apart from the product."""
    person = record["patient"]
    found: list[dict[str, Any]] = [
        {
            "resourceType": "Patient",
            "id": person["label"],
            "gender": person["sex"],
            "birthDate": str(person["birth_date"]),
            "address": [{"city": person["city"], "country": person["country"]}],
        }
    ]
    diagnosis = record["diagnosis"]
    found.append(
        condition(
            diagnosis["name"],
            "confirmed",
            "active",
            icd10=diagnosis.get("icd10"),
            meta={"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"]},
            onsetDateTime=str(diagnosis["since"]),
            note=[{"text": diagnosis["note"]}],
        )
    )

    def observation(name: str, day: object = None, **value: Any) -> None:
        when = {"effectiveDateTime": str(day)} if day else {}
        found.append({"resourceType": "Observation", "status": "final", "code": concept(name), **when, **value})

    scales = {"ecog": "ECOG performance status", "karnofsky": "Karnofsky performance status", "lansky": "Lansky score"}
    for key, value in record["performance"].items():
        if key != "date":
            observation(scales[key], record["performance"]["date"], valueInteger=value)
    for name, value in record["laboratory"].items():
        if name != "date":
            observation(name, record["laboratory"]["date"], **quantity(value))
    for marker in record["markers"]:
        observation(f"{marker['name']} expression", marker["date"], valueString=marker["result"])
    for name, answer in record["findings"].items():
        observation(name, valueCodeableConcept={"text": answer})
    if "lines" in record:
        observation("Number of prior lines of systemic therapy", valueQuantity={"value": record["lines"]})
    for therapy in record["therapies"]:
        notes = [f"line {therapy['line']}", *([therapy["response"]] if "response" in therapy else [])]
        found.append(
            {
                "resourceType": "MedicationStatement",
                "status": "completed",
                "medicationCodeableConcept": {"text": therapy["name"]},
                "effectivePeriod": {"start": str(therapy["start"]), "end": str(therapy["end"])},
                "note": [{"text": text} for text in notes],
            }
        )
    for procedure in record.get("procedures", []):
        found.append(
            {
                "resourceType": "Procedure",
                "status": "completed",
                "code": {"text": procedure["name"]},
                "performedDateTime": str(procedure["date"]),
            }
        )
    found += [condition(name, "confirmed", "active") for name in record.get("conditions", [])]
    found += [condition(name, "refuted") for name in record.get("absent", [])]
    for medicine in record.get("medicines", []):
        found.append(
            {
                "resourceType": "MedicationStatement",
                "status": "active",
                "medicationCodeableConcept": {"text": medicine},
            }
        )
    titles = {"therapy": "Oncology treatments", "procedure": "Procedures", "medication": "Medications"}
    for register in record.get("complete", []):
        found.append({"resourceType": "List", "mode": "snapshot", "status": "current", "title": titles[register]})
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": item} for item in found]}


@pytest.mark.parametrize("name", ["anna", "luca"])
def test_both_ways_give_the_same_facts(repository: Path, name: str) -> None:
    record = yaml.safe_load((repository / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    written, _ = read_record(record, DAY)
    exported, _ = read_fhir(as_fhir(record), DAY)
    assert blank(written) == blank(exported)
    assert len(written.measures) > 10
    assert len(written.events) >= 5


@pytest.mark.parametrize("changed", ["lines", "absent", "therapies", "laboratory"])
def test_the_comparison_notices_a_difference(repository: Path, changed: str) -> None:
    record = yaml.safe_load((repository / "examples" / "anna.yaml").read_text(encoding="utf-8"))
    other = as_fhir({key: value for key, value in record.items() if key != changed} | _nothing(changed))
    assert blank(read_record(record, DAY)[0]) != blank(read_fhir(other, DAY)[0])


def _nothing(section: str) -> dict[str, Any]:
    empty: dict[str, dict[str, Any]] = {"therapies": {"therapies": []}, "laboratory": {"laboratory": {}}}
    return empty.get(section, {})


def test_examples_follow_the_schema(repository: Path) -> None:
    import json

    import jsonschema

    schema = json.loads((repository / "docs/reference/record.schema.json").read_text(encoding="utf-8"))
    for path in sorted((repository / "examples").glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        plain = json.loads(json.dumps(data, default=str))
        jsonschema.validate(plain, schema)


def test_the_schema_and_the_reader_know_the_same_sections(repository: Path) -> None:
    import json

    from cartella.patients.record import SECTIONS

    schema = json.loads((repository / "docs/reference/record.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == SECTIONS
