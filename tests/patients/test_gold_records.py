"""The labelled records: every value, every absence and every treatment of them becomes a fact or a remark."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from patient_facts import has, number

from cartella.logic import TRUE
from cartella.patients import LoadedPatient, load_patient

DAY = date(2026, 11, 1)
NAMES = (
    "d1_lbcl",
    "d2_ball_child",
    "d3_myeloma",
    "d4_neuroblastoma",
    "d5_synovial_sarcoma",
    "d6_gastric",
    "d7_aml",
    "d8_glioblastoma",
    "s1_lbcl_complicated",
    "s2_solid_complicated",
)


@pytest.fixture(params=NAMES)
def record(request: pytest.FixtureRequest, shared: Path) -> tuple[LoadedPatient, list[dict[str, Any]]]:
    path = shared / "gold" / "patients" / f"{request.param}.fhir.json"
    entries = json.loads(path.read_text(encoding="utf-8"))["entry"]
    return load_patient(path, DAY), [entry["resource"] for entry in entries]


Record = tuple[LoadedPatient, list[dict[str, Any]]]


def test_every_entry_has_a_remark(record: Record) -> None:
    loaded, resources = record
    for index in range(len(resources)):
        assert any(f"entry[{index}]" in remark.path for remark in loaded.report), resources[index]


def test_every_laboratory_value_is_a_measure(record: Record) -> None:
    loaded, resources = record
    values = [
        resource
        for resource in resources
        if "valueQuantity" in resource and not re.search(r"ECOG|Karnofsky|Lansky|lines", resource["code"]["text"])
    ]
    measured = [key for key in loaded.facts.measures if re.fullmatch(r"lab:\w+", key)]
    limits = [key for key, m in loaded.facts.measures.items() if key.endswith(".uln") and m.source.derived is None]
    assert len(measured) >= len(values)
    assert len(limits) == sum("referenceRange" in resource for resource in values)


def test_every_refuted_condition_is_an_absence(record: Record) -> None:
    loaded, resources = record
    refuted = [r["code"]["text"] for r in resources if "refuted" in json.dumps(r.get("verificationStatus", {}))]
    denied = [absence.source.words for absence in loaded.facts.absences]
    assert [text for text in refuted if text not in denied] == []


def test_every_treatment_is_an_event(record: Record) -> None:
    loaded, resources = record
    paths = {event.source.path for event in loaded.facts.events}
    paths |= {remark.path for remark in loaded.report if remark.message in {"taken_now", "given"}}
    for index, resource in enumerate(resources):
        if resource["resourceType"] in {"MedicationStatement", "Procedure"}:
            assert f"Bundle.entry[{index}].resource" in paths, resource


def test_every_antigen_that_was_tested_is_coded(record: Record) -> None:
    loaded, resources = record
    tested = [r for r in resources if "expression" in r.get("code", {}).get("text", "") and "valueCodeableConcept" in r]
    not_known = [remark for remark in loaded.report if remark.message == "protein_or_gene"]
    coded = [key for key in loaded.facts.codings if key.startswith("antigen:")]
    assert len(coded) + len(not_known) == len(tested)


def test_the_lists_are_complete_and_the_diagnosis_is_known(record: Record) -> None:
    facts = record[0].facts
    assert {"therapy", "procedure", "medication"} <= set(facts.complete)
    assert facts.codings["diagnosis"].possible
    assert {"age", "ecog", "lines", "steroid_dose"} <= set(facts.measures)


def test_some_facts_that_need_care(shared: Path) -> None:
    folder = shared / "gold" / "patients"

    def facts(name: str) -> Any:
        return load_patient(folder / f"{name}.fhir.json", DAY).facts

    ovary = facts("s2_solid_complicated")
    assert has(ovary, "cond:brain_metastases", "!treated", "symptomatic") is TRUE
    assert has(ovary, "state:platinum_resistant") is TRUE
    assert has(ovary, "cond:bowel_obstruction") is TRUE
    assert number(ovary, "lab:hbv_dna") == 50_000
    lymphoma = facts("s1_lbcl_complicated")
    assert has(lymphoma, "cond:cns_active") is TRUE
    assert has(lymphoma, "drug:glofitamab", "refractory") is TRUE
    assert number(lymphoma, "lab:hiv_rna") == 12_000
    myeloma = facts("d3_myeloma")
    assert has(myeloma, "class:anti_cd38_antibody", "refractory") is TRUE
    gastric = facts("d6_gastric")
    assert gastric.codings["antigen:ERBB2"].possible == {"negative"}
    assert gastric.codings["lab:hbsag.detected"].possible == {"yes"}
