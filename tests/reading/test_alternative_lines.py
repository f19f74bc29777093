"""Lines that an "or" joins, at the end of the one or on a line of its own: any of them will do."""

from __future__ import annotations

import pytest
from facts import patient

from cartella.logic import PatientFacts, evaluate
from cartella.reading import read_criteria
from cartella.trials.criteria import Outcome

OK, CONFLICT, UNKNOWN = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN


def outcomes(text: str, facts: PatientFacts) -> list[Outcome]:
    return [point.outcome(evaluate(point.expression, facts).truth) for point in read_criteria(text).points]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n* Creatinine ≤ 1.5 mg/dL OR\n* Creatinine clearance ≥ 60 mL/min\n* LVEF ≥ 45%\n",
        "Inclusion Criteria:\n\n* Creatinine ≤ 1.5 mg/dL\n\nOR\n\n* Creatinine clearance ≥ 60 mL/min\n* LVEF ≥ 45%\n",
        "Inclusion Criteria:\n\n1. Renal function:\n\n   * Creatinine ≤ 1.5 mg/dL; or\n"
        "   * Creatinine clearance ≥ 60 mL/min\n2. LVEF ≥ 45%\n",
    ],
)
def test_either_line_will_do(text: str) -> None:
    well = {"lab:creatinine": 1.0, "lab:crcl": 80.0, "lab:lvef": 60.0}
    assert outcomes(text, patient({**well, "lab:creatinine": 2.0})) == [OK, OK, OK]
    assert outcomes(text, patient({**well, "lab:crcl": 40.0})) == [OK, OK, OK]
    assert outcomes(text, patient({**well, "lab:creatinine": 2.0, "lab:crcl": 40.0})) == [CONFLICT, CONFLICT, OK]
    assert outcomes(text, patient({**well, "lab:lvef": 30.0})) == [OK, OK, CONFLICT]


def test_an_or_behind_a_list_joins_its_last_member_alone() -> None:
    text = (
        "Inclusion Criteria:\n\n* Organ function:\n\n  * Platelets ≥ 50,000/µL\n  * Creatinine ≤ 1.5 mg/dL\n\nOR\n\n"
        "* Creatinine clearance ≥ 60 mL/min\n"
    )
    facts = patient({"lab:plt": 30.0, "lab:creatinine": 2.0, "lab:crcl": 80.0})
    assert outcomes(text, facts) == [CONFLICT, OK, OK]


def test_among_exclusions_each_line_stands_alone() -> None:
    text = "Exclusion Criteria:\n\n* Creatinine > 1.5 mg/dL; or\n* LVEF < 45%\n"
    assert outcomes(text, patient({"lab:creatinine": 2.0, "lab:lvef": 60.0})) == [CONFLICT, OK]
