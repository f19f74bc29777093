"""An engine that shares nothing with the others, SQL, agrees with the reference evaluator on what it covers."""

from __future__ import annotations

import pytest
from random_cases import Cases
from sql_witness import Witness

from cartella.logic import FALSE, TRUE, evaluate

TRUTHS = {TRUE: True, FALSE: False}


def differences(seed: int, points: int, people: int) -> list[str]:
    """Expressions and patients on which the two do not agree."""
    cases = Cases(seed, whole_days=True, counts=False)
    patients = cases.patients(people)
    witness = Witness(patients)
    found = []
    for _ in range(points):
        expression = cases.expression(2)
        for facts, truth in zip(patients, witness.truths(expression), strict=True):
            if TRUTHS.get(evaluate(expression, facts).truth) is not truth:
                found.append(f"{expression}\n{facts}\nSQL: {truth}")
    return found


@pytest.mark.parametrize("seed", range(3))
def test_on_thousands_of_pairs(seed: int) -> None:
    assert differences(seed, 40, 40)[:1] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50, 60))
def test_on_hundreds_of_thousands_of_pairs(seed: int) -> None:
    assert differences(seed, 150, 150)[:1] == []
