"""What no trial would mean is never used against a patient, and the point says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from facts import patient

from cartella.explaining import concern, explain, says
from cartella.explaining.tables import messages
from cartella.logic import evaluate
from cartella.reading import lint, read_criteria
from cartella.trials.criteria import Criteria, Outcome

CONCERNS = ("direction", "polarity", "empty_range", "contradiction", "implausible", "unit")


def read(inclusions: list[str], exclusions: list[str] | None = None) -> Criteria:
    lines = [f"- {line}" for line in inclusions]
    text = "\n".join(["Inclusion Criteria:", "", *lines, "", "Exclusion Criteria:", ""])
    return read_criteria(text + "\n".join(f"- {line}" for line in exclusions or []))


def concerns(criteria: Criteria) -> list[str | None]:
    return [point.concern for point in criteria.points]


@pytest.mark.parametrize(
    ("inclusion", "found"),
    [
        ("Haemoglobin at most 8 g/dL", "direction"),
        ("ALT ≥ 3 x ULN", "direction"),
        ("ECOG ≥ 2", "direction"),
        ("Active infection", "polarity"),
        ("Heart failure or stroke", "polarity"),
        ("Platelets ≥ 100 x 10^9/L and platelets ≤ 50 x 10^9/L", "empty_range"),
        ("Albumin ≥ 2.5 mg/dL", "implausible"),
        ("Haemoglobin ≥ 90 g/dL", "implausible"),
        ("Platelets ≥ 50 mg/dL", "unit"),
        ("Bilirubin ≤ 2 mL/min", "unit"),
    ],
)
def test_a_doubtful_inclusion_decides_nothing(inclusion: str, found: str) -> None:
    (point,) = read([inclusion]).points
    assert point.concern == found
    facts = patient(
        {"lab:hb": 12, "lab:alt.uln": 1, "ecog": 0, "lab:plt": 200, "lab:bilirubin_total": 0.5},
        absent=("cond:infection", "cond:heart_failure", "cond:stroke"),
    )
    assert point.outcome(evaluate(point.expression, facts).truth) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("exclusion", "found"),
    [
        ("Platelets ≥ 50 x 10^9/L", "direction"),
        ("Haemoglobin < 80 g/dL", "implausible"),
        ("Creatinine > 2 mmHg", "unit"),
    ],
)
def test_a_doubtful_exclusion_decides_nothing(exclusion: str, found: str) -> None:
    (point,) = read([], [exclusion]).points
    assert point.concern == found
    facts = patient({"lab:plt": 200, "lab:hb": 12, "lab:creatinine": 0.8}, absent=("cond:infection",))
    assert point.outcome(evaluate(point.expression, facts).truth) is Outcome.UNKNOWN


def test_an_illness_denied_among_the_exclusions_lets_in_and_keeps_nobody_out() -> None:
    (point,) = read([], ["No active infection"]).points
    without, ill = patient({}, absent=("cond:infection",)), patient({}, has={"cond:infection_active": None})
    assert point.outcome(evaluate(point.expression, without).truth) is Outcome.OK
    assert point.outcome(evaluate(point.expression, ill).truth) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("inclusions", "exclusions", "found"),
    [
        (["Multiple myeloma"], ["Any haematological malignancy, or HIV infection"], [None, "contradiction"]),
        (["Age ≥ 18 years", "Age ≤ 16 years"], [], ["empty_range", "empty_range"]),
        (["Age ≥ 18 years"], ["Age > 17 years"], ["empty_range", "contradiction"]),
        (["Prior CAR-T therapy"], ["Prior CAR-T therapy"], ["contradiction", None]),
    ],
)
def test_points_that_nobody_can_satisfy_together(
    inclusions: list[str], exclusions: list[str], found: list[str | None]
) -> None:
    assert concerns(read(inclusions, exclusions)) == found


@pytest.mark.parametrize(
    ("inclusions", "exclusions"),
    [
        (["Age ≥ 18 years", "Age ≤ 75 years"], ["Age > 80 years"]),
        (["Diffuse large B-cell lymphoma"], ["Primary CNS lymphoma"]),
        (["Multiple myeloma"], ["Plasma cell leukaemia, or amyloidosis"]),
        (["Prior chemotherapy"], ["Chemotherapy within 2 weeks"]),
        (["Platelets ≥ 50 x 10^9/L"], ["Platelets < 50 x 10^9/L"]),
        ([], ["Bilirubin > 2 x ULN, except in Gilbert syndrome"]),
        ([], ["Heart disease other than hypertension"]),
        (["No active infection", "Measurable disease"], ["Active infection"]),
        (["Creatinine clearance ≥ 50 mL/min/1.73 m2", "eGFR ≥ 50 mL/min"], []),
    ],
)
def test_what_a_trial_may_well_mean_is_not_doubted(inclusions: list[str], exclusions: list[str]) -> None:
    assert set(concerns(read(inclusions, exclusions))) == {None}


def test_an_exception_of_an_exclusion_lifts_it() -> None:
    (point,) = read([], ["Bilirubin > 2 x ULN, except in Gilbert syndrome"]).points
    high = {"lab:bilirubin_total.uln": 3.0}
    without = patient(high, absent=("cond:gilbert",))
    assert point.outcome(evaluate(point.expression, without).truth) is Outcome.CONFLICT
    assert point.outcome(evaluate(point.expression, patient(high, has={"cond:gilbert": None})).truth) is Outcome.OK


def test_the_treatment_of_a_disease_is_not_the_disease() -> None:
    (asked, excluded) = read(["Multiple myeloma"], ["Prior treatment for myeloma"]).points
    untreated = patient(codes={"diagnosis": "disease:PCM"}, complete=("therapy",))
    assert excluded.concern is None
    assert excluded.outcome(evaluate(excluded.expression, untreated).truth) is Outcome.OK
    assert asked.outcome(evaluate(asked.expression, untreated).truth) is Outcome.OK


@pytest.mark.parametrize(
    ("line", "quantity", "value"),
    [
        ("Platelets ≥ 100,000/mm3 Note: transfusions are not allowed within 14 days", "lab:plt", 60),
        ("ANC ≥ 1000/µL (growth factors cannot be used within 5 days)", "lab:anc", 0.5),
        ("(no transfusion within 3 days): haemoglobin ≥ 80 g/L", "lab:hb", 7),
        ("Participants not receiving anticoagulants: INR ≤ 1.5", "lab:inr", 2),
    ],
)
def test_what_is_forbidden_beside_a_limit_does_not_turn_it_round(line: str, quantity: str, value: float) -> None:
    points = read([line]).points
    facts = patient({quantity: value}, complete=("medication", "therapy"))
    assert {point.concern for point in points} == {None}
    assert Outcome.CONFLICT in [p.outcome(evaluate(p.expression, facts).truth) for p in points]


@pytest.mark.parametrize("doubt", CONCERNS)
def test_every_doubt_is_said_in_words(doubt: str) -> None:
    said = {concern(doubt, lang, register) for lang in ("it", "en") for register in ("patient", "clinician")}
    assert len(said) == 4
    (point,) = read(["Haemoglobin at most 8 g/dL"]).points
    explanation = explain(point, evaluate(point.expression, patient()), None)
    assert concern("direction", "en", "clinician") in says(explanation, "en", "clinician")


def test_no_doubt_without_words() -> None:
    source = Path(lint.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"(direction|polarity|empty_range|contradiction|implausible|unit)"', source))
    assert named == set(CONCERNS) == {i.removeprefix("concern.") for i in messages() if i.startswith("concern.")}
