"""How a text hangs together: headings, lists of every style, and what a line takes from the lines around it."""

from __future__ import annotations

import pytest

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
    "Other protocol-defined inclusion/exclusion criteria may apply.",
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
