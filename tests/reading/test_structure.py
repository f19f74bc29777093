"""How a text hangs together: headings, lists of every style, and what a line takes from the lines around it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from cartella.logic import If, evaluate
from cartella.patients import read_record
from cartella.reading import read_criteria
from cartella.trials.criteria import Criteria, Section


def asked(criteria: Criteria, text: str) -> list[tuple[str, str]]:
    """Section and words of every point."""
    return [(p.section.value, text[p.span.start : p.span.end].strip()) for p in criteria.points if p.span]


HEADINGS = [
    "Exclusion Criteria",
    "EXCLUSION CRITERIA AT TIME OF INFUSION",
    "3. EXCLUSION CRITERIA AT TIME OF INFUSION",
    "Retreatment Exclusion Criteria",
    "Recipient Exclusion Criteria for Initial and Later Infusions:",
    "Exclusion criteria to be met prior to cell infusion",
    "Patients who meet any of the following criteria are not eligible for this study:",
    "Subjects with any of the conditions below will be excluded",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_opens_its_section(heading: str) -> None:
    text = f"Inclusion Criteria:\n\n* Age >= 18 years\n\n{heading}\n\n* Pregnant or breastfeeding\n"
    assert [section for section, _ in asked(read_criteria(text), text)] == ["inclusion", "exclusion"]


SENTENCES = [
    "* Patients who do not match the inclusion criteria of the programme",
    "* Must have met all eligibility criteria for cell collection",
    "Further inclusion/exclusion criteria of the protocol may apply to some.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_speaks_of_criteria_is_no_heading(sentence: str) -> None:
    text = f"Exclusion Criteria:\n\n* Active infection\n{sentence}\n* Pregnancy\n"
    points = read_criteria(text).points
    assert all(point.section is Section.EXCLUSION for point in points)
    assert len(points) == 3


LISTS = [
    "Adequate organ function: 1) platelets >= 50 x 10^9/L; 2) haemoglobin >= 8 g/dL; 3) creatinine <= 1.5 mg/dL",
    "Adequate organ function: i. platelets >= 50 x 10^9/L ii. haemoglobin >= 8 g/dL iii. creatinine <= 1.5 mg/dL",
    "Adequate organ function: a. platelets >= 50 x 10^9/L b. haemoglobin >= 8 g/dL c. creatinine <= 1.5 mg/dL",
    "Adequate organ function: (1) platelets >= 50 x 10^9/L (2) haemoglobin >= 8 g/dL (3) creatinine <= 1.5 mg/dL",
    "Adequate organ function：① platelets ≥ 50 x 10^9/L；② haemoglobin ≥ 8 g/dL；③ creatinine ≤ 1.5 mg/dL",
    "Adequate organ function:\n  1. platelets >= 50 x 10^9/L\n  2. haemoglobin >= 8 g/dL\n  3. creatinine <= 1.5 mg/dL",
    "{Step 2} Adequate organ function:\n  * platelets >= 50 x 10^9/L\n  * haemoglobin >= 8 g/dL\n"
    "  * creatinine <= 1.5 mg/dL",
]


@pytest.mark.parametrize("line", LISTS)
def test_a_list_means_the_same_in_every_style(line: str) -> None:
    plain = "* platelets >= 50 x 10^9/L\n* haemoglobin >= 8 g/dL\n* creatinine <= 1.5 mg/dL\n"
    want = [p.expression for p in read_criteria("Inclusion Criteria:\n\n" + plain).points]
    read = [p.expression for p in read_criteria(f"Inclusion Criteria:\n\n* {line}\n").points]
    assert read == want


def test_a_number_that_goes_on_counting_is_on_its_old_level() -> None:
    text = (
        "Inclusion Criteria:\n\n1. Age >= 18 years\n2. Blood counts:\n  a. platelets >= 50 x 10^9/L\n"
        "  b. haemoglobin >= 8 g/dL\n  3. Not pregnant\n"
    )
    assert len(read_criteria(text).points) == 4


def outcomes(text: str, record: Mapping[str, object]) -> list[str]:
    """The outcome of every point for an invented patient on 1 November 2026."""
    facts, _ = read_record(dict(record), date(2026, 11, 1))
    return [p.outcome(evaluate(p.expression, facts).truth).value for p in read_criteria(text).points]


CHOICES = [
    "* Age >= 70 years, or\n* Karnofsky >= 80, or\n* Platelets >= 50 x 10^9/L\n",
    "* Age >= 70 years\n* OR\n* Karnofsky >= 80\n* OR\n* Platelets >= 50 x 10^9/L\n",
    "* Age >= 70 years\n\nOR\n\n* Karnofsky >= 80\n\nOR\n\n* Platelets >= 50 x 10^9/L\n",
    "* Age >= 70 years OR\n* Karnofsky >= 80 OR\n* Platelets >= 50 x 10^9/L\n",
]


@pytest.mark.parametrize("lines", CHOICES)
def test_lines_joined_by_or_are_alternatives(lines: str) -> None:
    text = f"Inclusion Criteria:\n\n{lines}"
    one: dict[str, object] = {"patient": {"birth_date": "1990-01-01"}, "laboratory": {"platelets": "80 10*9/L"}}
    none: dict[str, object] = {"patient": {"birth_date": "1990-01-01"}, "laboratory": {"platelets": "20 10*9/L"}}
    low = none | {"performance": {"karnofsky": 60}}
    assert set(outcomes(text, one)) == {"ok"}
    assert set(outcomes(text, none)) == {"unknown"}
    assert set(outcomes(text, low)) == {"conflict"}


def test_an_and_closes_the_choice() -> None:
    text = "Inclusion Criteria:\n\n* Age >= 70 years, or\n* Platelets >= 50 x 10^9/L AND\n* Haemoglobin >= 8 g/dL\n"
    record = {
        "patient": {"birth_date": "1990-01-01"},
        "laboratory": {"platelets": "80 10*9/L", "haemoglobin": "7 g/dL"},
    }
    assert outcomes(text, record) == ["ok", "ok", "conflict"]


def test_lines_joined_by_or_among_exclusions_each_exclude() -> None:
    text = "Exclusion Criteria:\n\n* Heart failure, or\n* Stroke\n"
    assert outcomes(text, {"conditions": ["stroke"], "absent": ["heart failure"]}) == ["ok", "conflict"]


OPENINGS = [
    "Other malignancy, except for:",
    "Other malignancy with the following exceptions:",
    "Other malignancy. The following are exceptions to this criterion:",
    "Other malignancy; the following are not exclusionary:",
]


@pytest.mark.parametrize("opening", OPENINGS)
def test_exceptions_in_the_lines_below(opening: str) -> None:
    below = "  * Basal cell carcinoma of the skin\n  * Carcinoma in situ of the cervix\n"
    text = f"Exclusion Criteria:\n\n* {opening}\n{below}"
    ill: dict[str, object] = {"diagnosis": {"name": "multiple myeloma"}}
    excepted = ["basal cell carcinoma of the skin", "carcinoma in situ of the cervix"]
    assert set(outcomes(text, ill | {"conditions": ["basal cell carcinoma of the skin"]})) == {"ok"}
    assert "conflict" in outcomes(text, ill | {"conditions": ["colon cancer"], "absent": excepted})


def test_a_line_of_its_own_takes_exceptions_out_of_the_point_before() -> None:
    text = "Exclusion Criteria:\n\n* Other malignancy\n* Exceptions:\n  * Basal cell carcinoma of the skin\n"
    ill: dict[str, object] = {"diagnosis": {"name": "multiple myeloma"}}
    skin = "basal cell carcinoma of the skin"
    assert outcomes(text, ill | {"conditions": [skin]}) == ["ok", "ok"]
    assert outcomes(text, ill | {"conditions": ["colon cancer"], "absent": [skin]}) == ["conflict", "ok"]


def test_all_of_the_following_permits_nothing() -> None:
    text = "Inclusion Criteria:\n\n* Patients must meet all of the following to be eligible:\n  * Age >= 18 years\n"
    assert outcomes(text, {"patient": {"birth_date": "2015-01-01"}}) == ["conflict"]


def test_a_list_of_what_must_not_be_among_the_inclusions() -> None:
    listed = "* Must not have any of the following:\n  * Stroke\n  * Heart failure\n"
    text = f"Inclusion Criteria:\n\n{listed}* Age >= 18 years\n"
    record: dict[str, object] = {
        "patient": {"birth_date": "1980-01-01"},
        "conditions": ["stroke"],
        "absent": ["heart failure"],
    }
    assert outcomes(text, record) == ["conflict", "ok", "ok"]


def test_lines_below_a_group_of_patients_concern_that_group_only() -> None:
    text = (
        "Inclusion Criteria:\n\n1. Subjects with CLL must have:\n   a. prior treatment with a BTK inhibitor\n"
        "2. Female participants:\n   a. negative pregnancy test\n3. ECOG 0-1\n"
    )
    read = {text[p.span.start : p.span.end].strip(): p.expression for p in read_criteria(text).points if p.span}
    assert set(read) == {"a. prior treatment with a BTK inhibitor", "a. negative pregnancy test", "3. ECOG 0-1"}
    treated, pregnant = read["a. prior treatment with a BTK inhibitor"], read["a. negative pregnancy test"]
    assert isinstance(treated, If) and "disease:CLL" in str(treated.condition)
    assert isinstance(pregnant, If) and "'female'" in str(pregnant.condition)


def test_a_cohort_named_before_a_line_limits_it_and_lines_of_diseases_are_alternatives() -> None:
    text = (
        "Inclusion Criteria:\n\n* Cohort A (NHL): relapsed follicular lymphoma\n* Cohort B (CLL): relapsed CLL\n"
        "* Cohorts A and B: measurable disease\n* Phase 2 only: prior lenalidomide\n"
    )
    first, _, third, last = (point.expression for point in read_criteria(text).points)
    assert not isinstance(first, If) and "disease:CLL" in str(first)
    assert isinstance(third, If) and "state:measurable" in str(third.then)
    assert isinstance(last, If) and "drug:lenalidomide" in str(last.then)


def test_what_a_line_below_defines_excludes_and_its_introduction_does_not() -> None:
    text = "Exclusion Criteria:\n\n* Active heart disease, defined as:\n  * NYHA class III or IV\n  * stroke\n"
    assert [text[p.span.start : p.span.end].strip() for p in read_criteria(text).points if p.span] == [
        "* NYHA class III or IV",
        "* stroke",
    ]


def test_the_age_line_of_the_registry_is_about_the_patient_and_not_the_donor() -> None:
    text = (
        "Inclusion Criteria:\n\nDonor Inclusion Criteria:\n\n* Weight over 50 kg\n\nMust have minimum age of 18 Years"
    )
    donor, age = read_criteria(text).points
    assert donor.cohort == "donor" and age.cohort is None and "age" in str(age.expression)
