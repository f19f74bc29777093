"""The table of the highest creatinine for an age: a row settles for those of another age and those below its limit."""

from __future__ import annotations

import pytest
from facts import outcome, patient

from cartella.trials.criteria import Outcome

OK, CONFLICT, UNKNOWN = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN


@pytest.mark.parametrize(
    "row",
    [
        "Age greater than 5 and less than or equal to 10 Maximum creatinine (mg/dL) 1.0",
        "5 < age ≤ 10 years - Serum creatinine (mg/dL) = 1.0",
        "> 5 to 10 years: creatinine 1.0 mg/dL",
        "Maximum serum creatinine (mg/dL) Age Male Female 1 to < 6 years 0.8 0.8 6 to 10 years 1.0 1.0",
    ],
)
def test_a_row_is_asked_of_its_age(row: str) -> None:
    assert outcome(row, patient({"age": 8, "lab:creatinine": 0.9})) is OK
    assert outcome(row, patient({"age": 8, "lab:creatinine": 1.4})) is UNKNOWN
    assert outcome(row, patient({"age": 40, "lab:creatinine": 1.4})) is OK


def test_a_column_for_each_sex() -> None:
    row = "Creatinine: age ≥ 16 years 1.7 1.4"
    assert outcome(row, patient({"age": 17, "lab:creatinine": 1.6}, codes={"sex": "male"})) is OK
    assert outcome(row, patient({"age": 17, "lab:creatinine": 1.6}, codes={"sex": "female"})) is UNKNOWN


@pytest.mark.parametrize("line", ["Creatinine ≤ 1.5 mg/dL", "Creatinine ≤ 1.5 mg/dL for age ≥ 2 years"])
def test_a_plain_limit_is_no_table(line: str) -> None:
    assert outcome(line, patient({"age": 40, "lab:creatinine": 2.5})) is CONFLICT
