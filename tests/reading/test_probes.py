"""Mistakes measured in other matchers, each as a rule: the wording, a patient, what is right."""

from __future__ import annotations

import pytest
from facts import outcome, patient

from cartella.logic import PatientFacts
from cartella.trials.criteria import Outcome

OK, CONFLICT, UNKNOWN = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN
THERAPY = ("therapy", "procedure", "medication")
IN, EX = "Inclusion", "Exclusion"

CASES: list[tuple[str, str, str, PatientFacts, Outcome]] = [
    ("remission of another cancer is no age", EX, "Other malignancy not in remission for at least 3 years", patient({"age": 60}, absent=("cond:second_malignancy",)), OK),
    ("remission of another cancer is no age", EX, "Other malignancy not in remission for at least 3 years", patient({"age": 60}), UNKNOWN),
    ("time since a repair is no age", EX, "Aortic aneurysm, except at least 1 year following repair", patient({"age": 60}), UNKNOWN),
    ("any age is no limit", IN, "Patients of any age with measurable disease", patient({"age": 1}, has={"state:measurable": None}), OK),
    ("earlier CAR-T against an inclusion", IN, "No prior CAR-T therapy", patient(has={"class:car_t": 400}, complete=THERAPY), CONFLICT),
    ("earlier CAR-T against an inclusion", IN, "No prior CAR-T therapy", patient(complete=THERAPY), OK),
    ("an empty record denies nothing", EX, "Active hepatitis B", patient(), UNKNOWN),
    ("an empty record denies nothing", EX, "Prior CAR-T therapy", patient(), UNKNOWN),
    ("clearance is not creatinine", IN, "Creatinine clearance ≥ 60 mL/min", patient({"lab:creatinine": 0.9, "lab:crcl": 82}), OK),
    ("clearance is not creatinine", IN, "Creatinine clearance ≥ 60 mL/min", patient({"lab:creatinine": 0.9}), UNKNOWN),
    ("clearance by its unit", IN, "Serum creatinine (as estimated by Cockcroft Gault) ≥ 60 cc/min", patient({"lab:crcl": 40, "lab:creatinine": 70}), CONFLICT),
    ("scale by age", IN, "Karnofsky (age ≥ 16) or Lansky (age < 16) ≥ 50", patient({"age": 9, "lansky": 80}), OK),
    ("scale by age", IN, "Karnofsky (age ≥ 16) or Lansky (age < 16) ≥ 50", patient({"age": 40, "karnofsky": 40, "lansky": 40}), CONFLICT),
    ("or is or", IN, "Haemoglobin ≥ 8 g/dL or platelets ≥ 50,000/µL", patient({"lab:hb": 7, "lab:plt": 60}), OK),
    ("or is or", IN, "Haemoglobin ≥ 8 g/dL or platelets ≥ 50,000/µL", patient({"lab:hb": 7, "lab:plt": 40}), CONFLICT),
    ("for age is no age", IN, "ALT/AST < 5 × ULN for age", patient({"age": 40, "lab:alt.uln": 2, "lab:ast.uln": 3}), OK),
    ("both enzymes", IN, "ALT and AST ≤ 3 × ULN", patient({"lab:alt.uln": 4, "lab:ast.uln": 1}), CONFLICT),
    ("both enzymes", IN, "ALT and AST ≤ 3 × ULN", patient({"lab:ast.uln": 1}), UNKNOWN),
    ("two classes of heart failure", EX, "Heart failure, NYHA class III or IV", patient(codes={"nyha": "II"}, has={"cond:heart_failure": None}), OK),
    ("two classes of heart failure", EX, "NYHA class III or IV", patient(codes={"nyha": "IV"}), CONFLICT),
    ("lines and classes", IN, "At least 2 prior lines including an anti-CD20 antibody and an anthracycline", patient({"lines": 2}, has={"drug:rituximab": 200, "drug:doxorubicin": 200}, complete=THERAPY), OK),
    ("lines and classes", IN, "At least 2 prior lines including an anti-CD20 antibody and an anthracycline", patient({"lines": 2}, has={"drug:rituximab": 200}, complete=THERAPY), CONFLICT),
    ("lines and classes", IN, "At least 2 prior lines including an anti-CD20 antibody and an anthracycline", patient({"lines": 1}, has={"drug:rituximab": 200, "drug:doxorubicin": 200}, complete=THERAPY), CONFLICT),
    ("an allele", IN, "HLA-A*02:01 positive", patient(has={"hla:A*02:01": None}, complete=("hla:A",)), OK),
    ("an allele", IN, "HLA-A*02:01 positive", patient(has={"hla:A*24:02": None}, complete=("hla:A",)), CONFLICT),
    ("an allele that was not typed", IN, "HLA-A*02:01 positive", patient(), UNKNOWN),
    ("antigen with percent", IN, "CLDN18.2 expression in ≥ 40 % of tumor cells", patient({"antigen:CLDN18.percent": 30}, {"antigen:CLDN18": "positive"}), CONFLICT),
    ("antigen not tested", IN, "CD19 positive", patient(), UNKNOWN),
    ("antigen not tested", IN, "HER2-positive disease", patient(), UNKNOWN),
    ("time and absence", IN, "≥ 100 days after allogeneic transplant and no GVHD", patient(has={"class:allogeneic_hsct": 60}, absent=("cond:gvhd",)), CONFLICT),
    ("time and absence", IN, "≥ 100 days after allogeneic transplant and no GVHD", patient(has={"class:allogeneic_hsct": 200}, absent=("cond:gvhd",), complete=THERAPY), OK),
    ("an exception lifts", EX, "HIV, unless viral load undetectable", patient(codes={"lab:hiv_rna.detected": "no"}, has={"cond:hiv_infection": None}), OK),
    ("an exception lifts", EX, "HIV, unless viral load undetectable", patient(codes={"lab:hiv_rna.detected": "yes"}, has={"cond:hiv_infection": None}), CONFLICT),
    ("an exception that was not told", EX, "HIV, unless viral load undetectable", patient(has={"cond:hiv_infection": None}), UNKNOWN),
    ("washout", EX, "< 4 weeks from anti-PD-1", patient(has={"drug:pembrolizumab": 12}), CONFLICT),
    ("washout", EX, "< 4 weeks from anti-PD-1", patient(has={"drug:pembrolizumab": 28}, complete=THERAPY), OK),
    ("another limit under a condition", IN, "ALT ≤ 3 × ULN (≤ 5 × ULN if liver metastases)", patient({"lab:alt.uln": 4}, has={"site:liver": None}), OK),
    ("another limit under a condition", IN, "ALT ≤ 3 × ULN (≤ 5 × ULN if liver metastases)", patient({"lab:alt.uln": 4}), UNKNOWN),
    ("another limit under a condition", IN, "ALT ≤ 3 × ULN (≤ 5 × ULN if liver metastases)", patient({"lab:alt.uln": 6}), CONFLICT),
    ("an exclusion inside an inclusion list", IN, "Patients with active infection will be excluded", patient(has={"cond:infection_active": None}), CONFLICT),
    ("an exclusion inside an inclusion list", IN, "Patients with active infection will be excluded", patient(absent=("cond:infection_active",)), OK),
    ("a slip of the text", IN, "Left ventricular ejection fraction ≤ 50 %", patient({"lab:lvef": 60}), UNKNOWN),
    ("nobody asks for an infection", IN, "Active infection", patient(absent=("cond:infection_active",)), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "section", "line", "facts", "right"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_probe(rule: str, section: str, line: str, facts: PatientFacts, right: Outcome) -> None:
    assert outcome(line, facts, section) is right, rule


@pytest.mark.parametrize(
    "written",
    [
        "50,000/uL",
        "50.000/mm3",
        "5 x 10^4/µL",
        "50 × 10⁹/L",
        "50 x 10^9/L",
        "50 G/L",
        "50 K/uL",
        "50 x 109/L",
        "50000 /mm3",
        "50,000 cells/mm^3",
        "50×10\\^9/L",
    ],
)
def test_one_threshold_in_many_spellings(written: str) -> None:
    line = f"Platelets \\>= {written}"
    assert outcome(line, patient({"lab:plt": 50})) is OK
    assert outcome(line, patient({"lab:plt": 49.9})) is CONFLICT


def test_a_number_without_a_plausible_unit_decides_nothing() -> None:
    assert outcome("Platelets ≥ 50 mg/dL", patient({"lab:plt": 200})) is UNKNOWN


def test_abbreviations_are_settled_by_the_text_that_names_them() -> None:
    facts = patient(codes={"diagnosis": "disease:PCM"})
    assert outcome("Diagnosis of MM", facts) is UNKNOWN
    assert outcome("Diagnosis of MM", facts, context="CAR-T in multiple myeloma") is OK
