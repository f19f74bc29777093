"""What follows for the cancer: stage, measurability, course, other cancers, markers in other wordings."""

from __future__ import annotations

from typing import Any

import pytest
from patient_facts import days, event, has, number, of

from cartella.logic import FALSE, TRUE, UNKNOWN, PatientFacts


def cancer(name: str, **sections: Any) -> PatientFacts:
    return of(diagnosis=name, **sections)[0]


def codes(facts: PatientFacts, variable: str) -> set[str]:
    coding = facts.codings.get(variable)
    return set(coding.possible) if coding else set()


@pytest.mark.parametrize(
    "name",
    ["synovial sarcoma, metastatic to lung", "metastatic breast cancer", "gastric adenocarcinoma, liver metastases"],
)
def test_distant_metastases_of_a_solid_tumour_are_stage_four(name: str) -> None:
    facts = cancer(name)
    assert codes(facts, "stage") == {"IV"}
    assert facts.codings["stage"].source.derived


@pytest.mark.parametrize(
    "name",
    [
        "breast cancer, lymph node metastases",
        "papillary thyroid carcinoma, metastatic to lung",
        "high-grade serous ovarian carcinoma, metastatic to the peritoneum",
        "hepatocellular carcinoma, liver lesion 4 cm",
        "diffuse large B-cell lymphoma, liver lesion 4 cm",
    ],
)
def test_other_spread_is_no_certain_stage(name: str) -> None:
    assert "stage" not in cancer(name).codings


def test_a_stated_stage_stays() -> None:
    assert codes(cancer("colon cancer, stage III, liver metastases"), "stage") == {"III"}


MEASURABLE = [
    ("B-cell acute lymphoblastic leukaemia", {"findings": {"bone marrow blasts": "34 %"}}, TRUE),
    ("B-cell acute lymphoblastic leukaemia", {"findings": {"bone marrow blasts": "2 %"}}, UNKNOWN),
    ("B-cell acute lymphoblastic leukaemia", {"findings": {"MRD": "positive"}}, TRUE),
    ("diffuse large B-cell lymphoma", {"findings": {"largest node": "3.1 cm"}}, TRUE),
    ("diffuse large B-cell lymphoma", {"findings": {"largest node": "1.2 cm"}}, UNKNOWN),
    ("diffuse large B-cell lymphoma", {"findings": {"lesions": "spleen 17 cm"}}, UNKNOWN),
    ("multiple myeloma", {"laboratory": {"serum M-protein": "0.6 g/dL"}}, TRUE),
    ("multiple myeloma", {"laboratory": {"serum M-protein": "0.3 g/dL"}}, UNKNOWN),
    ("gastric adenocarcinoma", {"findings": {"target lesion": "22 mm, liver"}}, TRUE),
    ("gastric adenocarcinoma", {"findings": {"lesion": "lymph node 12 mm"}}, UNKNOWN),
]


@pytest.mark.parametrize(("name", "sections", "expected"), MEASURABLE)
def test_what_is_measurable(name: str, sections: dict[str, Any], expected: object) -> None:
    assert has(cancer(name, **sections), "state:measurable") is expected


def test_of_several_lesions_of_a_day_the_largest_counts() -> None:
    facts = cancer("melanoma", findings={"lung lesion": "2.6 cm", "skin lesion": "1.4 cm"})
    assert number(facts, "lab:lesion_ld") == 26


def last(note: str) -> PatientFacts:
    lines = [
        {"name": "R-CHOP", "start": "2025-01-10", "end": "2025-06-01", "line": 1, "response": "complete remission"},
        {"name": "glofitamab", "start": "2026-01-10", "end": "2026-09-20", "line": 2, "response": note},
    ]
    return cancer("diffuse large B-cell lymphoma", therapies=lines, medicines=["ruxolitinib 10 mg"])


def test_the_end_of_the_last_line_is_how_the_cancer_stands() -> None:
    assert has(last("progression"), "state:progressive") is TRUE
    assert has(last("progression"), "state:refractory") is UNKNOWN
    assert has(last("no response"), "state:refractory") is TRUE
    assert has(last("no response"), "state:progressive") is UNKNOWN
    assert has(last("partial response"), "state:progressive") is UNKNOWN


def test_a_present_medicine_of_no_line_is_not_the_last_regimen() -> None:
    facts = cancer(
        "acute lymphoblastic leukaemia, refractory to last therapy",
        therapies=[{"name": "venetoclax", "end": "2026-10-12", "line": 1}],
        medicines=["ruxolitinib 10 mg twice daily"],
    )
    assert has(facts, "drug:venetoclax", "refractory") is TRUE
    assert has(facts, "drug:ruxolitinib", "refractory") is not TRUE


def test_no_second_malignancy_denies_the_cancers_of_other_families_only() -> None:
    facts = cancer("gastric adenocarcinoma", absent=["second malignancy"])
    assert has(facts, "disease:LYMPHOID") is FALSE
    assert has(facts, "disease:BREAST") is FALSE
    assert has(facts, "disease:STOMACH") is UNKNOWN
    assert has(facts, "disease:MDS") is UNKNOWN
    lymphoma = cancer("diffuse large B-cell lymphoma", absent=["second malignancy"])
    assert has(lymphoma, "disease:CLL") is UNKNOWN


def test_no_malignancy_other_than_those_named() -> None:
    facts = cancer(
        "mantle cell lymphoma",
        conditions=[{"name": "prostate carcinoma treated by surgery", "status": "resolved", "since": "2018-10"}],
        procedures=[{"name": "radical prostatectomy", "date": "2018-11-12"}],
        absent=["malignancy other than lymphoma and prostate carcinoma"],
    )
    assert has(facts, "cond:second_malignancy") is TRUE
    assert has(facts, "cond:second_malignancy", "active") is FALSE
    assert event(facts, "cond:second_malignancy").last == days("2018-11-12", "2018-11-12")
    assert has(facts, "disease:CLL") is UNKNOWN
    assert has(facts, "disease:BREAST") is FALSE


def test_no_involvement_of_the_nervous_system_denies_its_lymphoma() -> None:
    facts = cancer("mantle cell lymphoma", absent=["central nervous system involvement"])
    assert has(facts, "disease:CNS_LYMPHOMA") is FALSE
    primary = cancer("primary CNS lymphoma", absent=["central nervous system involvement"])
    assert has(primary, "disease:CNS_LYMPHOMA") is not FALSE


def test_mutated_npm1_is_not_promyelocytic() -> None:
    assert "disease:APLPMLRARA" not in codes(cancer("acute myeloid leukaemia, NPM1 mutated"), "diagnosis")
    assert "disease:APLPMLRARA" in codes(cancer("acute myeloid leukaemia"), "diagnosis")


MARKERS = [
    ("HER2", "IHC 3+", "antigen:ERBB2", {"positive"}),
    ("HER2", "2+", "antigen:ERBB2", {"positive", "negative"}),
    ("FISH", "HER2 not amplified", "antigen:ERBB2", {"negative"}),
    ("BCMA expression", "on 80 % of plasma cells", "antigen:TNFRSF17", {"positive"}),
    ("mesothelin", "H-score 210", "antigen:MSLN", {"positive"}),
    ("mesothelin", "H-score 0", "antigen:MSLN", {"negative"}),
    ("HPV", "HPV16 positive", "antigen:HPV16-E6", {"positive"}),
    ("HPV16", "negative", "antigen:HPV16-E7", {"negative"}),
    ("EBER", "positive", "antigen:EBV", {"positive"}),
    ("PD-L1", "TPS 60 %", "antigen:CD274", {"positive"}),
    ("PD-L1", "CPS 0", "antigen:CD274", {"negative"}),
    ("immunophenotype", "CD19+, CD20-, CD22 dim", "antigen:MS4A1", {"negative"}),
    ("immunophenotype", "CD19+, CD20-, CD22 dim", "antigen:CD19", {"positive"}),
    ("GD2", "presumed positive", "antigen:GD2", set[str]()),
]


@pytest.mark.parametrize(("name", "answer", "variable", "expected"), MARKERS)
def test_markers_in_other_wordings(name: str, answer: str, variable: str, expected: set[str]) -> None:
    assert codes(of(findings={name: answer})[0], variable) == expected


def test_a_changed_gene_with_its_variant() -> None:
    facts = of(findings={"KRAS": "G12D mutated", "BRAF": "V600E"})[0]
    assert has(facts, "variant:KRAS G12D") is TRUE
    assert has(facts, "gene:BRAF") is TRUE
