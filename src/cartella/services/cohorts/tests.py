"""The missing test that settles most pairs of patient and trial: `cartella cohort tests`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cartella.catalogue.embedded import is_unread
from cartella.catalogue.entry import Entry
from cartella.cohorts import CohortReport
from cartella.explaining import Lang, name
from cartella.matching.compiled import CompiledTrialSet, compile_trials
from cartella.matching.questions import Questions, TestCounts
from cartella.services.cohorts.match import csv_text
from cartella.services.cohorts.running import (
    Effort,
    carry_out,
    check_day,
    finish,
    opened_cohort,
    prepare_folder,
    require_patients,
    run_key,
    scratch,
)
from cartella.services.cohorts.work import Reading, TestsTask, engine_of
from cartella.services.match import MatchRequest, chosen_entries
from cartella.services.sources import Source

SMALLER = 8
"""A shard of this command is so much smaller than one of `match`: every answer of every test is tried on it."""


@dataclass(frozen=True)
class TestsAnswer:
    """What every test does. `silent` trials have no criteria text here and are not considered."""

    __test__ = False

    subjects: tuple[str, ...]
    counts: TestCounts
    trials: int
    silent: int
    report: CohortReport
    columns: tuple[str, ...]
    failures: dict[int, str]


def cohort_tests(
    source: Source, cohort_name: str, request: MatchRequest, folder: Path | None = None, effort: Effort | None = None
) -> TestsAnswer:
    """What each missing test would settle, over all patients and trials; `folder` gets the best test of each patient.

    Points that were not read are left aside, as no test can settle them; so are trials without criteria text.
    """
    effort = effort or Effort()
    chosen, _ = chosen_entries(source, request)
    worded = [entry for entry in chosen if entry.unread is not None]
    compiled = _readable(worded)
    with scratch(folder) as work:
        cohort = opened_cohort(cohort_name, replace(effort, shard=max(1, effort.shard // SMALLER)), work)
        check_day(cohort, request.as_of)
        key = run_key("tests", compiled.key, cohort.key, request.as_of, request.complete, effort.shard)
        about = {
            "cohort": Path(cohort_name).name,
            "release": source.release.name,
            "trial_set": compiled.key,
            "reference_day": request.as_of.isoformat(),
            "complete": request.complete,
            "patients_in_a_shard": effort.shard // SMALLER,
        }
        target = (folder or work / "out").resolve()
        prepare_folder(target, key, about)
        task = TestsTask(compiled, Reading(request.as_of, request.complete), str(target), key)
        run = carry_out(task, cohort, target, key, effort)
        questions = Questions(engine_of(compiled), request.as_of.toordinal())
        counts = TestCounts.none(len(questions.subjects))
        for found in run.results():
            counts.add(TestCounts.from_json(found["counts"]))
        answer = TestsAnswer(
            tuple(subject.name for subject in questions.subjects),
            counts,
            len(worded),
            len(chosen) - len(worded),
            run.report(),
            cohort.columns,
            run.failures,
        )
        require_patients(answer.report, cohort_name, run.failures)
        if folder is not None:
            part = folder / "tests.csv.part"
            part.write_text(csv_text(test_rows(answer, "en"), TEST_COLUMNS), encoding="utf-8")
            part.replace(folder / "tests.csv")
            finish(run, folder, about)
    return answer


def _readable(entries: Sequence[Entry]) -> CompiledTrialSet:
    return compile_trials(
        (entry.id, [point for point in entry.points if not is_unread(point.expression)], 0) for entry in entries
    )


TEST_COLUMNS = (
    "test", "name", "settles", "can_settle", "can_leave_no_obstacle", "can_exclude", "patients", "missing_in",
)  # fmt: skip


def test_rows(answer: TestsAnswer, lang: Lang) -> list[dict[str, Any]]:
    """Every test that can settle anything, the one that settles most first."""
    counts = answer.counts
    rows = [
        {
            "test": subject,
            "name": name(subject, lang, "clinician"),
            "settles": int(counts.settled[number]),
            "can_settle": int(counts.can_settle[number]),
            "can_leave_no_obstacle": int(counts.can_clear[number]),
            "can_exclude": int(counts.can_exclude[number]),
            "patients": int(counts.patients[number]),
            "missing_in": int(counts.missing[number]),
        }
        for number, subject in enumerate(answer.subjects)
        if counts.can_settle[number]
    ]
    return sorted(rows, key=lambda row: (-row["settles"], -row["can_settle"], row["test"]))


test_rows.__test__ = False  # type: ignore[attr-defined]
