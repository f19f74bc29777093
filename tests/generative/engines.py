"""Holding engines against the reference evaluator: every point of every study for every patient, and every group."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from generated import REFERENCE_DAY
from random_cases import Trial

import cartella.matching.bulk.columns
import cartella.matching.bulk.engine
import cartella.matching.compiled
import cartella.matching.prepared
from cartella.logic import PatientFacts, evaluate
from cartella.matching import Memo, group_of, tally
from cartella.trials.criteria import Outcome

OURS = SimpleNamespace(
    compile_trials=cartella.matching.compiled.compile_trials,
    columns_of=cartella.matching.bulk.columns.columns_of,
    Engine=cartella.matching.bulk.engine.Engine,
    PreparedTrials=cartella.matching.prepared.PreparedTrials,
)
"""The engines as they are; a test may bring others, with a bug in them."""

_OUTCOMES = {(1, 0): Outcome.OK, (0, 1): Outcome.CONFLICT, (0, 0): Outcome.UNKNOWN}
_GROUPS = {(1, 0): "no_obstacle", (0, 1): "conflict", (0, 0): "missing_information"}


def expected(trials: Sequence[Trial], patients: Sequence[PatientFacts]) -> list[list[list[Outcome]]]:
    """By the reference evaluator: trial by trial, point by point, patient by patient."""
    return [
        [[point.outcome(evaluate(point.expression, facts).truth) for facts in patients] for point in points]
        for _, points, _ in trials
    ]


def bulk_differs(trials: Sequence[Trial], patients: Sequence[PatientFacts], engines: Any = OURS, words: int = 2) -> int:
    """How many outcomes of points, and groups, the bulk engine gives that the reference evaluator does not."""
    compiled = engines.compile_trials(trials)
    columns = engines.columns_of([(str(n), facts) for n, facts in enumerate(patients)], REFERENCE_DAY)
    reference = expected(trials, patients)
    wrong = seen = 0
    for piece in engines.Engine(compiled).slices(columns, words):
        bits = np.unpackbits(piece.planes.view(np.uint8), axis=1, bitorder="little")
        assert not bits[:, piece.patients :].any(), "a bit behind the last patient is set"
        for trial, (_, points, _), outcomes in zip(compiled.trials, trials, reference, strict=True):
            for literal, row in zip(trial.points, outcomes, strict=True):
                for patient in range(piece.patients):
                    found = _OUTCOMES[int(bits[literal, patient]), int(bits[literal ^ 1, patient])]
                    wrong += found is not row[piece.first + patient]
            for patient in range(piece.patients):
                group = group_of(tally(points, Memo(patients[piece.first + patient]), trial.unread))
                found_group = _GROUPS[int(bits[trial.root, patient]), int(bits[trial.root ^ 1, patient])]
                wrong += found_group != group.value
        seen += piece.patients
    assert seen == len(patients)
    return wrong


def prepared_differs(trials: Sequence[Trial], patients: Sequence[PatientFacts], engines: Any = OURS) -> int:
    """How many outcomes of points the engine for one patient at a time gives that the reference does not."""
    prepared = engines.PreparedTrials(engines.compile_trials(trials))
    wrong = 0
    for number, facts in enumerate(patients):
        values = prepared.values(facts)
        for trial, rows in zip(prepared.compiled.trials, expected(trials, [facts]), strict=True):
            for literal, (outcome,) in zip(trial.points, rows, strict=True):
                assert values[literal] + values[literal ^ 1] == 2, number
                wrong += (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.OK)[values[literal]] is not outcome
    return wrong
