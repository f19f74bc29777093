"""A cohort against trials: `cartella cohort match`, and `cartella cohort read`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import title
from cartella.cohorts import CohortReport
from cartella.explaining import Lang, words
from cartella.matching.compiled import CompiledTrialSet, compile_trials
from cartella.matching.pairs import GROUPS, Totals
from cartella.matching.shards import put
from cartella.services.cohorts.running import (
    Effort,
    Run,
    carry_out,
    check_day,
    finish,
    opened_cohort,
    prepare_folder,
    require_patients,
    run_key,
    scratch,
)
from cartella.services.cohorts.work import FactsTask, MatchTask, Reading, engine_of
from cartella.services.match import MatchRequest, chosen_entries
from cartella.services.sources import Release, Source


@dataclass(frozen=True)
class CohortAnswer:
    """What a cohort and the trials gave. `entries` are in the order of `compiled.trials`."""

    name: str
    form: str
    release: Release
    compiled: CompiledTrialSet
    entries: tuple[Entry, ...]
    left_out: int
    totals: Totals
    report: CohortReport
    pairs: int
    failures: dict[int, str]
    shards: int
    columns: tuple[str, ...]


def compiled_entries(entries: Sequence[Entry]) -> tuple[CompiledTrialSet, tuple[Entry, ...]]:
    """The entries compiled, and in the order of the compiled studies."""
    compiled = compile_trials((entry.id, entry.points, entry.unread) for entry in entries)
    by_id = {entry.id: entry for entry in entries}
    return compiled, tuple(by_id[trial.id] for trial in compiled.trials)


def match_cohort(
    source: Source,
    name: str,
    request: MatchRequest,
    folder: Path,
    conflicts_too: bool = False,
    effort: Effort | None = None,
    lang: Lang = "en",
) -> CohortAnswer:
    """Hold every patient of a cohort against the studies of `source`, and write the pairs to `folder`.

    A run that was interrupted is taken up where it was left. Raises InputError for what is no cohort, UsageError where
    the folder holds another run.
    """
    effort = effort or Effort()
    chosen, left_out = chosen_entries(source, request)
    compiled, entries = compiled_entries(chosen)
    with scratch(folder) as work:
        cohort = opened_cohort(name, effort, work)
        check_day(cohort, request.as_of)
        key = run_key("match", compiled.key, cohort.key, request.as_of, request.complete, conflicts_too, effort.shard)
        about = {
            "cohort": Path(name).name,
            "release": source.release.name,
            "trial_set": compiled.key,
            "reference_day": request.as_of.isoformat(),
            "complete": request.complete,
            "conflicts_too": conflicts_too,
            "patients_in_a_shard": effort.shard,
        }
        prepare_folder(folder, key, about)
        task = MatchTask(compiled, Reading(request.as_of, request.complete), str(folder.resolve()), key, conflicts_too)
        run = carry_out(task, cohort, folder.resolve(), key, effort)
        answer = _answer(run, name, source.release, compiled, entries, left_out)
        require_patients(answer.report, name, run.failures)
        _write_tables(answer, folder, lang)
        finish(run, folder, about)
    return answer


def _answer(
    run: Run, name: str, release: Release, compiled: CompiledTrialSet, entries: tuple[Entry, ...], left_out: int
) -> CohortAnswer:
    totals, pairs = Totals.none(engine_of(compiled)), 0
    for found in run.results():
        totals.add(Totals.from_json(found["totals"]))
        pairs += found["pairs"]
    report = run.report()
    return CohortAnswer(
        name,
        run.cohort.form,
        release,
        compiled,
        entries,
        left_out,
        totals,
        report,
        pairs,
        run.failures,
        len(run.cohort.parts),
        run.cohort.columns,
    )


def read_cohort(name: str, reading: Reading, folder: Path, effort: Effort | None = None) -> tuple[CohortReport, Run]:
    """Read a cohort into facts, which other runs use at full speed."""
    effort = effort or Effort()
    with scratch(folder) as work:
        cohort = opened_cohort(name, effort, work)
        check_day(cohort, reading.as_of)
        key = run_key("facts", cohort.key, reading.as_of, reading.complete, effort.shard)
        about = {
            "cohort": Path(name).name,
            "reference_day": reading.as_of.isoformat(),
            "complete": reading.complete,
            "patients_in_a_shard": effort.shard,
        }
        prepare_folder(folder, key, about)
        run = carry_out(FactsTask(reading, str(folder.resolve()), key), cohort, folder.resolve(), key, effort)
        report = run.report()
        require_patients(report, name, run.failures)
        put(folder / "report.json", report.to_json())
        finish(run, folder, about)
    return report, run


def trial_rows(answer: CohortAnswer, lang: Lang) -> list[dict[str, Any]]:
    """The exact counts of every trial, with the point that costs it most patients."""
    rows = []
    first = 0
    for number, (trial, entry) in enumerate(zip(answer.compiled.trials, answer.entries, strict=True)):
        end = first + len(trial.points)
        conflicts = answer.totals.conflicts[first:end]
        costliest = int(conflicts.argmax()) if len(conflicts) and conflicts.max() > 0 else None
        counts = answer.totals.trials[number].tolist()
        rows.append(
            {
                "trial": trial.id,
                "title": title(entry, lang),
                "status": "" if entry.status is None else entry.status.status.value,
                "points": len(trial.points),
                "unread_points": "" if trial.unread is None else trial.unread,
                **{group.value: count for group, count in zip(GROUPS, counts, strict=True)},
                "costliest_point": "" if costliest is None else costliest,
                "costs": 0 if costliest is None else int(conflicts[costliest]),
                "costliest_words": "" if costliest is None else point_words(entry, costliest, lang),
            }
        )
        first = end
    return rows


def point_words(entry: Entry, number: int, lang: Lang) -> str:
    """A point in words, with what it is asked for."""
    point = entry.points[number]
    unwanted = {"en": "not: ", "it": "non: "}[lang] if point.section.value == "exclusion" else ""
    return unwanted + words(point.expression, lang, "clinician")


def point_rows(answer: CohortAnswer, lang: Lang) -> list[dict[str, Any]]:
    """Every point of every trial: the number that `deciding` uses, its words, its exact counts."""
    rows, first = [], 0
    said: dict[int, str] = {}
    for trial, entry in zip(answer.compiled.trials, answer.entries, strict=True):
        for number, point in enumerate(entry.points):
            if id(point) not in said:
                said[id(point)] = point_words(entry, number, lang)
            rows.append(
                {
                    "trial": trial.id,
                    "point": number,
                    "section": point.section.value,
                    "cohort": point.cohort or "",
                    "gate": "" if point.gate is None else point.gate.value,
                    "field": point.field or "",
                    "conflict": int(answer.totals.conflicts[first + number]),
                    "unknown": int(answer.totals.unknowns[first + number]),
                    "words": said[id(point)],
                }
            )
        first += len(entry.points)
    return rows


def csv_text(rows: Sequence[dict[str, Any]], columns: Sequence[str] = ()) -> str:
    """Rows as CSV. `columns` are needed where there may be no row: the heading stands all the same."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _write_tables(answer: CohortAnswer, folder: Path, lang: Lang) -> None:
    for name, rows in (("trials.csv", trial_rows(answer, lang)), ("points.csv", point_rows(answer, lang))):
        part = folder / f"{name}.part"
        part.write_text(csv_text(rows), encoding="utf-8")
        part.replace(folder / name)
    put(folder / "report.json", answer.report.to_json())
