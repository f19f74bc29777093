"""One patient as a Phenopacket: the same facts as the same patient in a short record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from patient_facts import DAY, has, messages, number, of

from cartella.logic import FALSE, TRUE
from cartella.patients import read_patient

PACKET: dict[str, Any] = {
    "id": "invented-1",
    "subject": {
        "id": "invented",
        "sex": "FEMALE",
        "dateOfBirth": "1968-05-14T00:00:00Z",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P58Y"}},
    },
    "diseases": [
        {
            "term": {"id": "ICD10:C83.3", "label": "Diffuse large B-cell lymphoma"},
            "onset": {"timestamp": "2024-03-11T00:00:00Z"},
            "diseaseStage": [{"label": "stage IV"}],
        }
    ],
    "phenotypicFeatures": [
        {"type": {"label": "hepatitis B"}, "excluded": True},
        {"type": {"label": "hypertension"}, "modifiers": [{"label": "controlled"}]},
    ],
    "measurements": [
        {
            "assay": {"id": "LOINC:777-3", "label": "Platelets"},
            "value": {"quantity": {"value": 112, "unit": {"id": "UCUM:10*9/L"}}},
            "timeObserved": {"timestamp": "2026-10-20T00:00:00Z"},
        },
        {"assay": {"label": "CD19 expression"}, "value": {"ontologyClass": {"label": "positive"}}},
    ],
    "medicalActions": [
        {
            "treatment": {
                "agent": {"label": "rituximab"},
                "doseIntervals": [
                    {"interval": {"start": "2024-04-02T00:00:00Z", "end": "2024-08-20T00:00:00Z"}},
                ],
            }
        },
        {"procedure": {"code": {"label": "Autologous stem cell transplant"}, "performed": {"timestamp": "2025-01-10"}}},
    ],
    "biosamples": [{"id": "b"}],
    "metaData": {"phenopacketSchemaVersion": "2.0"},
}


def raw(packet: Any = PACKET) -> bytes:
    return json.dumps(packet).encode()


def test_a_packet_says_what_a_record_says() -> None:
    loaded = read_patient(raw(), DAY)
    assert (loaded.kind, loaded.label) == ("phenopacket", "invented")
    told, _ = of(
        patient={"sex": "female", "birth_date": "1968-05-14"},
        diagnosis={"name": "Diffuse large B-cell lymphoma", "icd10": "C83.3", "note": "stage IV"},
        markers=[{"name": "CD19", "result": "positive"}],
    )
    facts = loaded.facts
    for variable in ("sex", "diagnosis", "stage", "antigen:CD19"):
        assert facts.codings[variable].possible == told.codings[variable].possible, variable
    assert number(facts, "age") == 58
    assert number(facts, "lab:plt") == 112
    assert has(facts, "cond:hepatitis_b") is FALSE
    assert has(facts, "cond:hypertension", "controlled") is TRUE
    assert has(facts, "drug:rituximab") is TRUE
    assert has(facts, "class:autologous_hsct") is TRUE
    assert {"diseases[0]", "measurements[1]", "medicalActions[0]"} <= loaded.entries


def test_what_is_not_read_of_a_packet_is_reported() -> None:
    undated = {**PACKET, "subject": {**PACKET["subject"], "dateOfBirth": None}}
    report = read_patient(raw(undated), DAY).report
    assert {"resource_not_read", "age_undated", "no_birth_date"} <= set(messages(report, "ignored"))


def test_a_list_of_one_packet_is_that_packet() -> None:
    assert read_patient(raw([PACKET]), DAY).label == "invented"


def test_a_person_who_has_died_is_reported() -> None:
    dead = {**PACKET, "subject": {**PACKET["subject"], "vitalStatus": {"status": "DECEASED"}}}
    assert messages(read_patient(raw(dead), DAY).report, "ambiguous") == ["deceased"]
    patient = {"resourceType": "Patient", "id": "p", "deceasedBoolean": True}
    assert "deceased" in messages(read_patient(raw(patient), DAY).report, "ambiguous")


@pytest.mark.parametrize("age", ["P9999Y", "P" + "9" * 5000 + "Y", "P", "58", "P٥Y"])
def test_odd_ages_are_no_days(age: str) -> None:
    packet = {**PACKET, "diseases": [{**PACKET["diseases"][0], "onset": {"age": {"iso8601duration": age}}}]}
    assert "diagnosis" in read_patient(raw(packet), DAY).facts.codings
