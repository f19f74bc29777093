"""Another limit in another case: one structure in many wordings, and what it means for those in the case and not."""

from __future__ import annotations

import itertools

import pytest
from facts import outcome, patient

from cartella.trials.criteria import Outcome

OK, CONFLICT, UNKNOWN = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN

CASES = {"liver metastases": "site:liver", "Gilbert syndrome": "cond:gilbert", "hepatic involvement": "site:liver"}
FRAMES = (
    "{q} ≤ 2 × ULN (≤ 4 × ULN if {c})",
    "{q} ≤ 2 × ULN (≤ 4 × ULN with {c})",
    "{q} ≤ 2 × ULN (or ≤ 4 × ULN for subjects with {c})",
    "{q} ≤ 2 × ULN ({c}: ≤ 4 × ULN)",
    "{q} ≤ 2 × ULN (4 × ULN in patients with {c})",
    "{q} ≤ 2 × ULN (up to 4 × ULN allowed in {c})",
    "{q} ≤ 2 × ULN, or ≤ 4 × ULN in the presence of {c}",
    "{q} ≤ 2 × ULN or ≤ 4 × ULN if known {c}",
    "{q} ≤ 2 × ULN, if there is {c} ≤ 4 × ULN",
    "{q} ≤ 2 × ULN unless {c} is present, in which case it must be ≤ 4 × ULN",
    "{q} ≤ 2 × ULN, except for patients with {c}, who may have ≤ 4 × ULN",
    "{q} ≤ 2 × ULN with the exception of patients with {c}, where ≤ 4 × ULN is acceptable",
    "{q} ≤ 2 × ULN (exception: {c} ≤ 4 × ULN)",
    "{q} ≤ 2 × ULN; for patients with {c} ≤ 4 × ULN",
    "{q} ≤ 2 × ULN; {q} of patients with {c} ≤ 4 × ULN",
    "{q} ≤ 2 × ULN; patients with {c} must be ≤ 4 × ULN;",
    "{q} ≤ 2 × ULN; if there is {c}, allow {q} ≤ 4 × ULN",
    "{q} ≤ 2 × ULN. In case of {c}, ≤ 4 × ULN is permitted.",
    "{q} ≤ 2 × ULN. For participants with {c}, {q} ≤ 4 × ULN is required.",
    "{q} ≤ 2 times the upper limit of normal (4 times if {c})",
    "{q} ≤ 2 times (4 times if {c}) the upper limit of normal",
    "{q} ≤ upper limit of normal x 2, in case of {c} ≤ upper limit of normal x 4",
)
QUANTITIES = {"ALT and AST": "lab:alt.uln", "Total bilirubin": "lab:bilirubin_total.uln"}


@pytest.mark.parametrize(("frame", "case"), list(itertools.product(FRAMES, CASES)))
@pytest.mark.parametrize("named", QUANTITIES)
def test_the_wider_limit_is_for_those_in_the_case(frame: str, case: str, named: str) -> None:
    line = frame.format(q=named, c=case)
    others = {"lab:ast.uln": 1.0, "lab:bilirubin_total.uln": 0.5}

    def with_value(value: float, has: tuple[str, ...] = (), absent: tuple[str, ...] = ()) -> Outcome:
        return outcome(line, patient({**others, QUANTITIES[named]: value}, has=dict.fromkeys(has), absent=absent))

    concept = CASES[case]
    assert with_value(1.5) is OK
    assert with_value(3, has=(concept,)) is OK
    assert with_value(3, absent=(concept,)) is CONFLICT
    assert with_value(3) is UNKNOWN
    assert with_value(5, has=(concept,)) is CONFLICT
    assert with_value(5) is CONFLICT


def test_the_other_limit_concerns_the_quantity_that_it_stands_beside() -> None:
    line = "ALT ≤ 3 × ULN and total bilirubin ≤ 2 mg/dL (≤ 3 mg/dL if Gilbert syndrome)"
    gilbert: dict[str, int | None] = {"cond:gilbert": None}
    assert outcome(line, patient({"lab:alt.uln": 4, "lab:bilirubin_total": 1}, has=gilbert)) is CONFLICT
    assert outcome(line, patient({"lab:alt.uln": 2, "lab:bilirubin_total": 2.5}, has=gilbert)) is OK


def test_a_stricter_limit_is_asked_of_those_in_the_case() -> None:
    line = "Platelets ≥ 50,000/µL (≥ 75,000/µL for patients with liver metastases)"
    liver: dict[str, int | None] = {"site:liver": None}
    assert outcome(line, patient({"lab:plt": 60}, has=liver)) is CONFLICT
    assert outcome(line, patient({"lab:plt": 60}, absent=("site:liver",))) is OK
    assert outcome(line, patient({"lab:plt": 80})) is OK


def test_an_exclusion_with_another_limit() -> None:
    line = "ALT or AST > 3 × ULN (> 5 × ULN if liver metastases)"
    liver: dict[str, int | None] = {"site:liver": None}
    values = {"lab:alt.uln": 4.0, "lab:ast.uln": 1.0}
    assert outcome(line, patient(values, has=liver), "Exclusion") is OK
    assert outcome(line, patient(values, absent=("site:liver",)), "Exclusion") is CONFLICT
    assert outcome(line, patient({**values, "lab:alt.uln": 6.0}, has=liver), "Exclusion") is CONFLICT


def test_a_limit_for_those_above_another_limit() -> None:
    line = "Creatinine clearance ≥ 50 mL/min for patients with creatinine levels above the institutional normal"
    assert outcome(line, patient({"lab:creatinine.uln": 0.8, "lab:crcl": 40})) is OK
    assert outcome(line, patient({"lab:creatinine.uln": 1.4, "lab:crcl": 40})) is CONFLICT


def test_a_case_ends_where_another_quantity_begins() -> None:
    line = "Total bilirubin ≤ 1.5 × ULN, or ≤ 3 × ULN if Gilbert syndrome, and creatinine ≤ 1.5 × ULN"
    gilbert: dict[str, int | None] = {"cond:gilbert": None}
    values = {"lab:bilirubin_total.uln": 2.0, "lab:creatinine.uln": 1.0}
    assert outcome(line, patient(values, has=gilbert)) is OK
    assert outcome(line, patient({**values, "lab:creatinine.uln": 2.0}, has=gilbert)) is CONFLICT


def test_names_in_brackets_share_the_other_limit() -> None:
    line = "AST (SGOT)/ALT (SGPT) ≤ 3 × ULN; ≤ 5 × ULN if the patient has liver metastases"
    liver: dict[str, int | None] = {"site:liver": None}
    for high in ("ast", "alt"):
        values = {"lab:ast.uln": 1.0, "lab:alt.uln": 1.0} | {f"lab:{high}.uln": 4.0}
        assert outcome(line, patient(values, has=liver)) is OK


def test_each_limit_with_its_own_case() -> None:
    line = "AST ≤ 2 × ULN if no liver metastases; AST ≤ 4 × ULN if liver metastases"
    liver: dict[str, int | None] = {"site:liver": None}
    assert outcome(line, patient({"lab:ast.uln": 3}, has=liver)) is OK
    assert outcome(line, patient({"lab:ast.uln": 5}, has=liver)) is CONFLICT
    assert outcome(line, patient({"lab:ast.uln": 3}, absent=("site:liver",))) is CONFLICT


@pytest.mark.parametrize(
    "line",
    [
        "Creatinine ≤ 1.5 × ULN, or if creatinine > 1.5 × ULN, creatinine clearance ≥ 50 mL/min",
        "Creatinine ≤ 1.5 × ULN; if creatinine exceeds this, creatinine clearance must be ≥ 50 mL/min",
        "Creatinine ≤ 1.5 × ULN; otherwise, clearance ≥ 50 mL/min",
        "Creatinine ≤ 1.5 × ULN or clearance (by Cockcroft-Gault) ≥ 50 mL/min for patients with creatinine > 1.5 × ULN",
    ],
)
def test_what_will_do_where_a_limit_is_missed(line: str) -> None:
    assert outcome(line, patient({"lab:creatinine.uln": 1.2, "lab:crcl": 40})) is OK
    assert outcome(line, patient({"lab:creatinine.uln": 2, "lab:crcl": 60})) is OK
    assert outcome(line, patient({"lab:creatinine.uln": 2, "lab:crcl": 40})) is CONFLICT
    assert outcome(line, patient({"lab:creatinine.uln": 2})) is UNKNOWN


def test_what_will_do_instead_of_one_limit_leaves_the_others() -> None:
    line = "Neutrophils ≥ 1000/µL, creatinine ≤ 1.5 × ULN; otherwise, clearance ≥ 50 mL/min"
    assert outcome(line, patient({"lab:anc": 0.5, "lab:creatinine.uln": 2, "lab:crcl": 60})) is CONFLICT


@pytest.mark.parametrize("words", ["due to", "attributed to", "thought to be secondary to", "related to"])
def test_a_cause_that_lifts_a_limit(words: str) -> None:
    line = f"Total bilirubin ≤ 2 × ULN unless {words} Gilbert syndrome"
    values = {"lab:bilirubin_total.uln": 3.0}
    assert outcome(line, patient(values, has={"cond:gilbert": None})) is OK
    assert outcome(line, patient(values, absent=("cond:gilbert",))) is CONFLICT
    assert outcome(line, patient(values)) is UNKNOWN


@pytest.mark.parametrize(
    "line",
    [
        "No significant dysfunction of the heart: LVEF ≥ 45%",
        "Cardiac function sufficient for intensive chemotherapy: the ejection fraction must be ≥ 45%",
        "SCREENING: LVEF ≥ 45%",
        "Heart: an ejection fraction of at least 45 percent (≥ 45%)",
    ],
)
def test_a_heading_before_its_limit(line: str) -> None:
    assert outcome(line, patient({"lab:lvef": 50})) is OK
    assert outcome(line, patient({"lab:lvef": 40})) is CONFLICT


def test_an_equation_is_no_limit() -> None:
    line = "eGFR ≥ 60 mL/min [eGFR = 186 × SCr - 1.154 × age - 0.203, times 0.742 if female]"
    assert outcome(line, patient({"lab:egfr": 70})) is OK
    assert outcome(line, patient({"lab:egfr": 50})) is CONFLICT


@pytest.mark.parametrize(
    "line",
    [
        "Neutrophils ≥ 1000/µL, platelets ≥ 50,000/µL, creatinine ≤ 1.5 × ULN or creatinine clearance ≥ 60 mL/min",
        "Neutrophils ≥ 1000/µL platelets ≥ 50,000/µL creatinine ≤ 1.5 × ULN or creatinine clearance ≥ 60 mL/min",
    ],
)
def test_a_choice_of_one_organ_in_a_list_that_lost_its_and(line: str) -> None:
    well = {"lab:anc": 2.0, "lab:plt": 80.0, "lab:creatinine.uln": 1.0, "lab:crcl": 90.0}
    assert outcome(line, patient({**well, "lab:creatinine.uln": 2.0})) is OK
    assert outcome(line, patient({**well, "lab:plt": 40.0})) is CONFLICT
    assert outcome(line, patient({**well, "lab:creatinine.uln": 2.0, "lab:crcl": 40.0})) is CONFLICT


def test_a_choice_of_several_organs_is_settled_only_where_both_readings_agree() -> None:
    line = "Neutrophils ≥ 1000/µL, platelets ≥ 50,000/µL, or haemoglobin ≥ 8 g/dL"
    assert outcome(line, patient({"lab:anc": 2.0, "lab:plt": 80.0, "lab:hb": 9.0})) is OK
    assert outcome(line, patient({"lab:anc": 0.5, "lab:plt": 80.0, "lab:hb": 9.0})) is UNKNOWN
    assert outcome(line, patient({"lab:anc": 0.5, "lab:plt": 40.0, "lab:hb": 7.0})) is CONFLICT
