"""What a person corrects on the spot goes before the record, and the report says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from patient_facts import DAY, has, messages, number

from cartella.errors import InputError
from cartella.logic import FALSE, TRUE, UNKNOWN
from cartella.patients import Corrections, LoadedPatient, read_patient

RECORD = {
    "patient": {"sex": "female", "birth_date": "1968-05-14", "city": "Milano"},
    "diagnosis": {"name": "Follicular lymphoma", "note": "relapsed, stage IV"},
    "performance": {"karnofsky": 70, "date": "2026-10-30"},
    "markers": [{"name": "CD19", "result": "positive, 90% of tumour cells by flow cytometry", "date": "2026-10-30"}],
    "laboratory": {"date": "2026-10-30", "platelets": "112 10*9/L", "ALT": "28 U/L (ULN 40)"},
    "lines": 2,
    "therapies": [
        {"name": "R-CHOP", "line": 1, "end": "2024-08-20"},
        {"name": "R-ICE", "line": 2, "end": "2026-03-01"},
    ],
    "conditions": ["hepatitis C"],
    "absent": ["HIV infection", "stroke"],
}


def corrected(**parts: Any) -> LoadedPatient:
    return read_patient(json.dumps(RECORD).encode(), DAY, corrections=Corrections(**parts))


def test_an_added_value_goes_before_a_newer_one_of_the_record() -> None:
    found = corrected(added={"laboratory": {"date": "2026-01-01", "platelets": "30 10*9/L"}})
    assert number(found.facts, "lab:plt") == 30
    assert found.facts.measures["lab:plt"].source.path == "added.laboratory.platelets"
    assert "corrected" in messages(found.report, "ignored")


def test_a_corrected_value_takes_its_ratio_to_the_old_limits_along() -> None:
    facts = corrected(added={"laboratory": {"ALT": "300 U/L"}}).facts
    assert number(facts, "lab:alt") == 300
    assert "lab:alt.uln" not in facts.measures


def test_one_performance_scale_replaces_the_others() -> None:
    facts = corrected(added={"performance": {"ecog": 0}}).facts
    assert number(facts, "ecog") == 0
    assert facts.measures["karnofsky"].source.path == "added.performance.ecog"


def test_a_marker_takes_its_share_of_cells_along() -> None:
    facts = corrected(added={"markers": [{"name": "CD19", "result": "negative"}]}).facts
    assert facts.codings["antigen:CD19"].possible == {"negative"}
    assert not [key for key in facts.measures if key.startswith("antigen:CD19.percent")]


def test_the_number_of_lines() -> None:
    assert number(corrected(added={"lines": 3}).facts, "lines") == 3


def test_added_absences_and_conditions_go_before_their_opposite() -> None:
    facts = corrected(added={"absent": ["hepatitis C"], "conditions": ["HIV infection"]}).facts
    assert has(facts, "cond:hepatitis_c") is FALSE
    assert has(facts, "cond:hiv_infection") is TRUE
    assert has(facts, "cond:stroke") is FALSE


def test_an_added_diagnosis_replaces_that_of_the_record() -> None:
    found = corrected(added={"diagnosis": {"name": "Mantle cell lymphoma"}})
    assert found.facts.codings["diagnosis"].source.path == "added.diagnosis"
    assert has(found.facts, "cond:second_malignancy") is not TRUE


def test_an_added_age_and_sex_say_that_they_were_added() -> None:
    facts = corrected(added={"patient": {"age": 40, "city": "Roma"}}).facts
    assert facts.measures["age"].source.path == "added.patient.birth"
    assert number(facts, "age") == 40
    assert facts.codings["sex"].source.path == "patient.gender"


def test_entries_that_are_left_out_give_no_fact() -> None:
    before = corrected()
    assert "conditions[0]" in before.entries
    after = corrected(left_out=frozenset({"conditions[0]", "therapies[1]"}))
    assert has(before.facts, "cond:hepatitis_c") is TRUE
    assert has(after.facts, "cond:hepatitis_c") is UNKNOWN
    assert messages(after.report, "ignored").count("left_out") == 2


@pytest.mark.parametrize("whole", [True, False])
def test_lists_are_complete_as_the_person_says(whole: bool) -> None:
    assert set(corrected().facts.complete) == {"therapy", "procedure", "medication"}
    found = corrected(lists={"therapy": whole})
    assert ("therapy" in found.facts.complete) is whole
    assert "procedure" in found.facts.complete
    assert ("incomplete_by_caller" in messages(found.report, "assumed")) is not whole


def test_a_malformed_addition_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        corrected(added={"laboratory": {"date": "yesterday"}})
    assert caught.value.where is not None
    assert caught.value.where.field == "laboratory.date"
