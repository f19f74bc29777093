"""A cohort against trials: every pair and every count is what the reference evaluator says, however the work is cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from kits import DAY, facts_of, records

from cartella.cohorts.writing import Form, write_cohort
from cartella.errors import InputError, UsageError
from cartella.matching import Group, Memo, check, group_of, tally
from cartella.services import CatalogueSource, MatchRequest
from cartella.services.cohorts.match import match_cohort, point_rows, read_cohort, trial_rows
from cartella.services.cohorts.running import Effort
from cartella.services.cohorts.work import Reading
from cartella.services.match import chosen_entries
from cartella.trials.criteria import Outcome

PATIENTS = records(10)
FACTS = [facts_of(record) for record in PATIENTS]
SOURCE = CatalogueSource()
ENTRIES = [entry for entry in chosen_entries(SOURCE, MatchRequest(DAY))[0] if entry.unread is not None][::6]
ASKED = MatchRequest(DAY, trials=tuple(entry.id for entry in ENTRIES))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cohort") / "cohort.csv"
    write_cohort(PATIENTS, Form.LONG_CSV, path)
    return path


def pairs_in(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "pairs").to_pylist()
    return sorted(rows, key=lambda row: (row["row"], row["trial"]))


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("conflicts_too", [True, False])
def test_pairs_are_what_the_reference_evaluator_says(cohort: Path, tmp_path: Path, conflicts_too: bool) -> None:
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path, conflicts_too, Effort(workers=1, shard=4))
    found = {(row["patient"], row["trial"]): row for row in pairs_in(tmp_path)}
    expected = 0
    for record, facts in zip(PATIENTS, FACTS, strict=True):
        for entry in ENTRIES:
            outcomes = [result.outcome for result in check(entry.points, facts)]
            group = group_of(tally(entry.points, Memo(facts), entry.unread))
            row = found.get((record["patient"]["label"], entry.id))
            if group is Group.CONFLICT and not conflicts_too:
                assert row is None
                continue
            expected += 1
            assert row is not None
            assert (row["group"], row["conflicts"]) == (group.value, outcomes.count(Outcome.CONFLICT))
            assert row["unknowns"] == outcomes.count(Outcome.UNKNOWN)
            decides = Outcome.CONFLICT if Outcome.CONFLICT in outcomes else Outcome.UNKNOWN
            assert row["deciding"] == [number for number, outcome in enumerate(outcomes) if outcome is decides]
    assert len(found) == expected


def test_counts_are_exact(cohort: Path, tmp_path: Path) -> None:
    answer = match_cohort(SOURCE, str(cohort), ASKED, tmp_path, effort=Effort(workers=1, shard=3))
    groups = {entry.id: [group_of(tally(entry.points, Memo(f), entry.unread)) for f in FACTS] for entry in ENTRIES}
    for row in trial_rows(answer, "en"):
        assert [row[group.value] for group in Group] == [groups[row["trial"]].count(group) for group in Group]
    by_id = {entry.id: entry for entry in ENTRIES}
    for row in point_rows(answer, "it"):
        point = by_id[row["trial"]].points[row["point"]]
        outcomes = [check([point], facts)[0].outcome for facts in FACTS]
        assert (row["conflict"], row["unknown"]) == (outcomes.count(Outcome.CONFLICT), outcomes.count(Outcome.UNKNOWN))


def test_an_interrupted_run_goes_on_and_ends_in_the_same_bytes(cohort: Path, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    effort = Effort(workers=1, shard=2)
    match_cohort(SOURCE, str(cohort), ASKED, whole, effort=effort)
    match_cohort(SOURCE, str(cohort), ASKED, broken, effort=effort)
    (broken / "shards" / "000001.json").unlink()
    (broken / "pairs" / "part-000003.parquet").unlink()
    (broken / "patients" / "part-000001.parquet.part").write_bytes(b"half of it")
    kept = (broken / "pairs" / "part-000000.parquet").stat().st_mtime_ns
    match_cohort(SOURCE, str(cohort), ASKED, broken, effort=effort)
    assert (broken / "pairs" / "part-000000.parquet").stat().st_mtime_ns == kept
    again = files_in(broken)
    again.pop("patients/part-000001.parquet.part")
    assert again == files_in(whole)


def test_processes_and_facts_change_no_result(cohort: Path, tmp_path: Path) -> None:
    effort = Effort(workers=1, shard=4)
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path / "one", effort=effort)
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path / "two", effort=Effort(workers=2, shard=4))
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    read_cohort(str(cohort), Reading(DAY), tmp_path / "facts", effort)
    match_cohort(SOURCE, str(tmp_path / "facts"), ASKED, tmp_path / "three", effort=effort)
    assert pairs_in(tmp_path / "three") == pairs_in(tmp_path / "one")


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(cohort: Path, tmp_path: Path) -> None:
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path / "here", effort=Effort(workers=1, shard=4))
    effort = Effort(scheduler="local", shard=4)
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path / "there", effort=effort)
    assert files_in(tmp_path / "here") == files_in(tmp_path / "there")


def test_a_folder_with_another_run_is_not_touched(cohort: Path, tmp_path: Path) -> None:
    match_cohort(SOURCE, str(cohort), ASKED, tmp_path, effort=Effort(workers=1))
    before = files_in(tmp_path)
    with pytest.raises(UsageError, match="another run"):
        match_cohort(SOURCE, str(cohort), ASKED, tmp_path, True, Effort(workers=1))
    assert {n: b for n, b in files_in(tmp_path).items() if not n.startswith("work")} == before


def test_facts_of_another_day_are_refused(cohort: Path, tmp_path: Path) -> None:
    read_cohort(str(cohort), Reading(DAY), tmp_path / "facts", Effort(workers=1))
    later = MatchRequest(DAY.replace(day=2), trials=ASKED.trials)
    with pytest.raises(UsageError, match="another day"):
        match_cohort(SOURCE, str(tmp_path / "facts"), later, tmp_path / "out", effort=Effort(workers=1))


def test_a_cohort_without_one_readable_patient_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.ndjson"
    path.write_text("rubbish\n" * 5)
    with pytest.raises(InputError, match="No patient"):
        match_cohort(SOURCE, str(path), ASKED, tmp_path / "out", effort=Effort(workers=1))
