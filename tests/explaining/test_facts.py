"""The facts of a record in words: every fact once, with its codes, its place and the rule by which it was derived."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest
from shared_data import REPOSITORY

from cartella.explaining import FactWords, codes_of, facts_in_words, subjects_of
from cartella.explaining.facts import KINDS
from cartella.explaining.tables import Lang
from cartella.logic import And, Code, Number, Operator, Or, Presence
from cartella.patients import load_patient, read_record

DAY = date(2026, 11, 1)
LANGUAGES = get_args(Lang)


def of(lang: Lang = "en", **sections: object) -> dict[str, FactWords]:
    facts, _ = read_record(sections, DAY)
    return {fact.subject: fact for fact in facts_in_words(facts, lang, "clinician")}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["anna.yaml", "luca.yaml", "carla.fhir.json"])
def test_every_fact_of_the_examples_is_there_in_words(name: str, lang: Lang) -> None:
    facts = load_patient(REPOSITORY / "examples" / name, DAY).facts
    said = facts_in_words(facts, lang, "clinician")
    parts = (facts.measures, facts.codings, facts.events, facts.absences, facts.complete)
    assert len(said) == sum(map(len, parts)) - ("age.months" in facts.measures)
    for fact in said:
        assert fact.kind in KINDS
        assert fact.path
        for text in (fact.name, fact.value, fact.derived):
            assert not re.search(r"⟦|_|\b(lab|cond|disease|drug|class|state|site|trait):\S", text), fact
    assert [KINDS.index(fact.kind) for fact in said] == sorted(KINDS.index(fact.kind) for fact in said)


def test_values_with_units_codes_days_and_places() -> None:
    found = of(laboratory={"date": "2026-10-20", "platelets": "112 10*9/L", "ALT": "25 U/L (ULN 40)"})
    platelets = found["lab:plt"]
    assert (platelets.kind, platelets.value, platelets.codes) == ("test", "112 × 10⁹/L", ("LOINC 777-3",))
    assert (platelets.day, platelets.path) == ("20 October 2026", "laboratory.platelets")
    assert found["lab:alt.uln"].value == "0.62 × ULN"


def test_spans_and_derived_facts_say_so() -> None:
    found = of("it", performance={"ecog": 1})
    assert found["karnofsky"].value == "70 – 80"
    assert found["karnofsky"].derived == "ECOG 1 = Karnofsky 70-80"
    assert not found["ecog"].derived
    assert of(laboratory={"neutrophils": "2 10*9/L", "lymphocytes": "1 10*9/L"})["lab:wbc"].value.startswith("≥ 3")


def test_a_diagnosis_with_its_codes_and_a_treatment_with_its_last_day() -> None:
    found = of(diagnosis="Mantle cell lymphoma", therapies=[{"name": "rituximab", "end": "2026-03-15", "line": 1}])
    assert found["diagnosis"].codes[0].startswith("ICD-10 C83.1")
    assert found["drug:rituximab"].day == "15 March 2026"
    assert found["drug:rituximab"].value == "first line"
    assert found["drug:rituximab"].kind == "treatment"


def test_what_is_imprecise_leaves_a_question_open() -> None:
    assert of(conditions=["heart failure, NYHA class I-II"])["nyha"].open


def test_a_remark_on_a_unit_is_no_part_of_the_words() -> None:
    facts, _ = read_record({"lines": 2}, DAY)
    assert "{" not in facts_in_words(facts, "en", "clinician")[0].words


def test_what_an_expression_asks_of_and_its_codes() -> None:
    expression = And(
        (
            Number("lab:plt", Operator.AT_LEAST, 50_000_000),
            Or((Code("diagnosis", frozenset({"disease:MCL", "disease:NHL"})), Presence("cond:hiv_infection"))),
            Number("lab:plt", Operator.AT_MOST, 900_000_000),
        )
    )
    assert subjects_of(expression) == ("lab:plt", "disease:NHL", "cond:hiv_infection")
    assert codes_of("lab:alt.uln") == codes_of("lab:alt") == ("LOINC 1742-6",)
    assert codes_of("antigen:CD19") == codes_of("nothing:known") == ()
