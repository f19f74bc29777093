"""Antigens, genes and HLA types in records."""

from __future__ import annotations

import pytest
from patient_facts import has, messages, number, of

from cartella.logic import FALSE, SCALE, TRUE, UNKNOWN, Interval, PatientFacts


def marker(name: str, result: str, **more: str) -> PatientFacts:
    return of(markers=[{"name": name, "result": result, **more}])[0]


def test_percent_method_and_intensity() -> None:
    facts = marker("MAGE-A4", "positive, 2+/3+ in 85% of tumour cells by immunohistochemistry")
    assert facts.codings["antigen:MAGEA4"].possible == {"positive"}
    assert number(facts, "antigen:MAGEA4.percent") == 85
    assert number(facts, "antigen:MAGEA4.percent.ihc") == 85
    assert facts.measures["antigen:MAGEA4.intensity"].value == Interval(2 * SCALE, 3 * SCALE)
    assert "antigen:MAGEA4.percent.flow" not in facts.measures


@pytest.mark.parametrize(
    ("name", "result", "code", "possible"),
    [
        ("CD19", "positive", "antigen:CD19", {"positive"}),
        ("CD19", "negative", "antigen:CD19", {"negative"}),
        ("CD19", "dim", "antigen:CD19", {"positive"}),
        ("CD19", "loss of expression", "antigen:CD19", {"negative"}),
        ("CD20", "positivo nel 90% dei blasti", "antigen:MS4A1", {"positive"}),
        ("IL13Ra2", "positive, H-score 150", "antigen:IL13RA2", {"positive"}),
        ("HER2", "0 by immunohistochemistry", "antigen:ERBB2", {"negative"}),
        ("HER2", "1+ by immunohistochemistry", "antigen:ERBB2", {"negative"}),
        ("HER2", "2+ by immunohistochemistry", "antigen:ERBB2", {"positive", "negative"}),
        ("HER2", "2+, ISH amplified", "antigen:ERBB2", {"positive"}),
        ("HER2", "3+", "antigen:ERBB2", {"positive"}),
        ("EGFRvIII", "negative", "antigen:EGFRvIII", {"negative"}),
    ],
)
def test_positive_or_negative(name: str, result: str, code: str, possible: set[str]) -> None:
    assert marker(name, result).codings[code].possible == possible


@pytest.mark.parametrize("result", ["not tested", "unknown", "pending", "non eseguito", "not assessed"])
def test_not_tested_is_unknown(result: str) -> None:
    facts, report = of(markers=[{"name": "PRAME", "result": result}])
    assert not [key for key in facts.codings if key.startswith("antigen:")]
    assert "not_tested" in messages(report, "ignored")


def test_a_result_that_says_both_is_ambiguous() -> None:
    facts, report = of(markers=[{"name": "CD22", "result": "positive at diagnosis and negative at relapse"}])
    assert "antigen:CD22" not in facts.codings
    assert "result_not_clear" in messages(report, "ambiguous")


def test_h_score_and_bounds() -> None:
    assert number(marker("IL13Ra2", "positive, H-score 150"), "antigen:IL13RA2.h_score") == 150
    bound = marker("CD22", "positive in more than 50% of cells").measures["antigen:CD22.percent"].value
    assert bound == Interval(50 * SCALE + 1, 100 * SCALE)


def test_an_antigen_before_the_therapy_directed_at_it_is_out_of_date() -> None:
    therapy = [{"name": "glofitamab", "start": "2026-08-01", "end": "2026-10-20"}]
    before = of(markers=[{"name": "CD20", "result": "positive", "date": "2026-07-01"}], therapies=therapy)[0]
    after = of(markers=[{"name": "CD20", "result": "positive", "date": "2026-10-25"}], therapies=therapy)[0]
    assert before.codings["antigen:MS4A1"].stale
    assert not after.codings["antigen:MS4A1"].stale


def test_genes() -> None:
    facts = of(diagnosis="Acute myeloid leukaemia, FLT3-ITD negative, NPM1 mutated")[0]
    assert has(facts, "gene:NPM1") is TRUE
    assert has(facts, "variant:FLT3 ITD") is FALSE
    assert has(facts, "gene:FLT3") is UNKNOWN
    melanoma = of(diagnosis="Melanoma, BRAF V600E mutated, NRAS wild type")[0]
    assert has(melanoma, "variant:BRAF V600E") is TRUE
    assert has(melanoma, "gene:BRAF") is TRUE
    assert has(melanoma, "gene:NRAS") is FALSE
    assert has(of(findings={"Philadelphia chromosome": "negative"})[0], "gene:BCR::ABL1") is FALSE


def test_hla_alleles_of_both_chromosomes_make_the_locus_complete() -> None:
    facts = of(findings={"HLA type": "HLA-A*02:01 / HLA-A*24:02"})[0]
    assert has(facts, "hla:A*02:01", register="hla:A") is TRUE
    assert has(facts, "hla:A*02", register="hla:A") is TRUE
    assert has(facts, "hla:A*11:01", register="hla:A") is FALSE
    assert has(facts, "hla:B*07:02", register="hla:B") is UNKNOWN


def test_one_allele_says_nothing_of_the_other() -> None:
    facts = of(findings={"HLA type": "HLA-A*02:01"})[0]
    assert has(facts, "hla:A*03:01", register="hla:A") is UNKNOWN


def test_a_serological_type_may_be_any_allele_of_its_group() -> None:
    facts = of(findings={"HLA type": "HLA-A2 positive"})[0]
    assert has(facts, "hla:A*02") is TRUE
    assert has(facts, "hla:A*02:01") is UNKNOWN
    negative = of(findings={"HLA-A2": "negative"})[0]
    assert has(negative, "hla:A*02:01") is FALSE
