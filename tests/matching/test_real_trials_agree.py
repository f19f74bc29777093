"""On every trial of the catalogue and every sample patient all engines say what the reference evaluator says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shared_data import REPOSITORY

from cartella.catalogue.embedded import embedded_catalogue
from cartella.cohorts.sampling import sample
from cartella.logic import Expression, PatientFacts, Truth, evaluate
from cartella.matching import Memo, group_of, tally
from cartella.matching.bulk.columns import columns_of
from cartella.matching.bulk.engine import Engine
from cartella.matching.compiled import compile_trials
from cartella.matching.prepared import PreparedTrials
from cartella.patients import load_patient, read_record
from cartella.services import CatalogueSource, MatchRequest, match_patient, prepare
from cartella.trials.criteria import Outcome

DAY = date(2026, 11, 1)
OUTCOMES = (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.OK)
GROUPS = ("conflict", "missing_information", "no_obstacle")


def sample_patients(folder: Path) -> list[PatientFacts]:
    """Every record in a folder."""
    found = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".yaml"))
    return [load_patient(path, DAY).facts for path in found]


def compare(patients: list[PatientFacts]) -> int:
    """Compare every point and every group; answers how many points were compared."""
    entries = embedded_catalogue().entries
    compiled = compile_trials((entry.id, entry.points, entry.unread) for entry in entries)
    columns = columns_of([(str(n), facts) for n, facts in enumerate(patients)], DAY.toordinal())
    (piece,) = Engine(compiled).slices(columns)
    bits = np.unpackbits(piece.planes.view(np.uint8), axis=1, bitorder="little").astype(np.int8)
    prepared = PreparedTrials(compiled)
    compared = 0
    for number, facts in enumerate(patients):
        known: dict[int, Truth] = {}

        def truth(node: Expression, known: dict[int, Truth] = known, facts: PatientFacts = facts) -> Truth:
            if id(node) not in known:
                known[id(node)] = evaluate(node, facts).truth
            return known[id(node)]

        single, memo = prepared.values(facts), Memo(facts)
        tallies = prepared.tallies(facts)
        for entry in entries:
            trial = compiled.trials[compiled.place[entry.id]]
            for point, literal in zip(entry.points, trial.points, strict=True):
                outcome = point.outcome(truth(point.expression))
                assert OUTCOMES[1 + bits[literal, number] - bits[literal ^ 1, number]] is outcome, (entry.id, point)
                assert OUTCOMES[single[literal]] is outcome, (entry.id, point)
                compared += 1
            count = tally(entry.points, memo, entry.unread)
            assert tallies[entry.id] == count
            assert GROUPS[1 + bits[trial.root, number] - bits[trial.root ^ 1, number]] == group_of(count).value
    return compared


def test_on_the_example_patients() -> None:
    assert compare(sample_patients(REPOSITORY / "examples")) > 20_000


def test_a_prepared_source_gives_the_same_answer() -> None:
    source = CatalogueSource()
    prepared = prepare(source)
    for name in ("anna.yaml", "carla.fhir.json"):
        patient = load_patient(REPOSITORY / "examples" / name, DAY)
        for request in (MatchRequest(DAY, shown=2), MatchRequest(DAY, any_status=True, any_kind=True, shown=2)):
            answer = match_patient(source, patient, request, prepared)
            assert answer == match_patient(source, patient, request)


@pytest.mark.slow
def test_on_the_labelled_patients(shared: Path) -> None:
    assert compare(sample_patients(shared / "gold" / "patients")) > 100_000


@pytest.mark.slow
def test_on_invented_patients() -> None:
    assert compare([read_record(record, DAY)[0] for record in sample(40, DAY, seed=5)]) > 500_000
