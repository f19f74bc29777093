"""`cartella cohort`: many patients at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cartella.cli import common
from cartella.errors import PARTIAL

if TYPE_CHECKING:
    from cartella.services.cohorts.running import Effort
    from cartella.services.match import MatchRequest
    from cartella.services.sources import Progress

cohort = typer.Typer(
    help="Many patients at once: which trials are open to whom, which missing test matters most. Records come as "
    "Parquet, CSV, NDJSON (FHIR, Phenopackets, short records), OMOP tables or a database: docs/reference/cohort.md.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Cohort = Annotated[
    str,
    typer.Argument(
        metavar="COHORT",
        help="A file (.parquet, .csv, .ndjson), a folder (OMOP tables, FHIR bulk export, records, facts), or the "
        "address of an OMOP database.",
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for what comes out.")]
Trial = Annotated[list[str] | None, typer.Option("--trial", metavar="ID", help="Only this trial; repeatable.")]
Trials = Annotated[
    Path | None, typer.Option("--trials", metavar="FILE", help="Only the trials named in this file, one a line.")
]
AnyStatus = Annotated[bool, typer.Option("--any-status", help="Also trials that are closed.")]
AnyKind = Annotated[bool, typer.Option("--any-kind", help="Also what is no T-cell therapy of a cancer.")]
Complete = Annotated[
    bool | None,
    typer.Option(
        "--complete/--incomplete",
        help="Take the records' lists of therapies, procedures and medicines as complete, or not. "
        "Default: what each record says.",
    ),
]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: one for each processor.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A Dask cluster (tcp://host:8786) that sees the same files, or 'local'."
    ),
]
Shard = Annotated[int, typer.Option("--shard", min=1, help="Patients of a shard: what is done, or not, as one.")]


@cohort.command("match")
def match(
    lang: common.Lang,
    patients: Cohort,
    out: Out,
    trial: Trial = None,
    trials: Trials = None,
    all_pairs: Annotated[
        bool, typer.Option("--all-pairs", help="Write the pairs in conflict too, which are most.")
    ] = False,
    any_status: AnyStatus = False,
    any_kind: AnyKind = False,
    complete: Complete = None,
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = 8192,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Hold every patient against every trial; write the pairs, and exact counts for each trial.

    The run is cut into shards; one that was interrupted goes on where it was when the command is given again.
    The exit code is 7 when some rows or shards had to be left out: each kind is counted and named.
    """
    from cartella.services.cohorts import match as use
    from cartella.services.cohorts import texts
    from cartella.services.cohorts.running import is_whole

    request = asked(as_of, trial, trials, any_status, any_kind, complete)
    source = common.source_for(db, records)
    with common.progress("shards", every=1) as advance:
        answer = use.match_cohort(
            source, patients, request, out, all_pairs, effort(workers, scheduler, shard, advance), lang.value
        )
    if format is common.Format.JSON:
        common.put_json(texts.match_json(answer, lang.value))
    else:
        common.put("\n".join(texts.match_lines(answer, str(out), lang.value)))
    if not is_whole(answer.report, answer.failures):
        sys.exit(PARTIAL)


@cohort.command("read")
def read(
    lang: common.Lang,
    patients: Cohort,
    out: Out,
    complete: Complete = None,
    as_of: common.AsOf = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = 8192,
) -> None:
    """Read a cohort once into facts (Parquet), which the other commands take as a cohort at full speed.

    Facts hold for one reference day; they hold what matters for matching and nothing else of the records.
    """
    from cartella.services.cohorts import match as use
    from cartella.services.cohorts import texts
    from cartella.services.cohorts.work import Reading
    from cartella.services.match import registers

    reading = Reading(common.reference_day(as_of), registers(complete))
    with common.progress("shards", every=1) as advance:
        report, run = use.read_cohort(patients, reading, out, effort(workers, scheduler, shard, advance))
    lines = [f"{out}: {texts.number(report.patients, lang.value)} {'pazienti' if lang.value == 'it' else 'patients'}"]
    lines += texts.report_lines(report, run.cohort.columns, lang.value)
    common.put("\n".join([*lines, *texts.failure_lines(run.failures, lang.value)]))
    if report.left_out or run.failures:
        sys.exit(PARTIAL)


def effort(workers: int, scheduler: str | None, shard: int, progress: Progress | None) -> Effort:
    """How a run is carried out."""
    from cartella.services.cohorts.running import Effort

    return Effort(workers, scheduler, shard, progress)


def asked(
    as_of: str | None,
    trial: list[str] | None,
    trials: Path | None,
    any_status: bool,
    any_kind: bool,
    complete: bool | None,
) -> MatchRequest:
    """Which trials, on which day, and how records are read."""
    from cartella import services

    named = [number.strip().upper() for number in trial or ()]
    if trials is not None:
        named += common.words_of(trials)
    return services.MatchRequest(
        as_of=common.reference_day(as_of),
        trials=tuple(dict.fromkeys(named)),
        any_status=any_status,
        any_kind=any_kind,
        complete=services.registers(complete),
    )


@cohort.command("tests")
def tests(
    lang: common.Lang,
    patients: Cohort,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the table and each patient's best test.")
    ] = None,
    shown: Annotated[int, typer.Option("--show", min=1, help="How many tests to show.")] = 20,
    trial: Trial = None,
    trials: Trials = None,
    any_status: AnyStatus = False,
    any_kind: AnyKind = False,
    complete: Complete = None,
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = 8192,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Find the missing test that settles most pairs of patient and trial, for the cohort and for each patient.

    Every result that a test can have is tried, for every patient who lacks it: the counts are exact.
    """
    from cartella.services.cohorts import texts
    from cartella.services.cohorts.running import is_whole
    from cartella.services.cohorts.tests import cohort_tests

    request = asked(as_of, trial, trials, any_status, any_kind, complete)
    source = common.source_for(db, records)
    with common.progress("shards", every=1) as advance:
        answer = cohort_tests(source, patients, request, out, effort(workers, scheduler, shard, advance))
    if format is common.Format.JSON:
        common.put_json(texts.tests_json(answer, lang.value))
    else:
        common.put("\n".join(texts.tests_lines(answer, shown, lang.value)))
    if not is_whole(answer.report, answer.failures):
        sys.exit(PARTIAL)


class Form(StrEnum):
    """The forms in which an invented cohort is written."""

    RECORDS = "records"
    FHIR = "fhir"
    PHENOPACKETS = "phenopackets"
    CSV = "csv"
    PARQUET = "parquet"
    LONG_CSV = "long-csv"
    LONG_PARQUET = "long-parquet"
    OMOP_CSV = "omop-csv"
    OMOP_PARQUET = "omop-parquet"
    FACTS = "facts"


@cohort.command("sample")
def sample(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="How many patients.")],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="File to write; a folder for OMOP.")],
    form: Annotated[Form, typer.Option("--form", help="Form of the cohort.")] = Form.CSV,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same patients.")] = 0,
    as_of: common.AsOf = None,
) -> None:
    """Make invented patients, of a realistic spread, to try the other commands on.

    Nobody is meant, and no statistics of a disease are told.
    """
    from cartella.services.cohorts.sampling import write_sample

    with common.progress("patients") as advance:
        write_sample(number, form.value, out, common.reference_day(as_of), seed, advance)
    common.put(f"{out}: {number}")


def feasibility(
    lang: common.Lang,
    patients: Cohort,
    criteria: Annotated[
        str, typer.Argument(metavar="CRITERIA|ID", help="A text file with draft criteria, or the number of a trial.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for points.csv, curves.csv and report.html."),
    ] = None,
    complete: Complete = None,
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = 8192,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Hold a draft protocol, or a registered trial, against a cohort: what does each criterion cost?

    The funnel in the given order; what each criterion costs alone, and given all the others; who is lost to a conflict
    and who is merely unknown; and what another limit of each number would bring.
    """
    from cartella.services.cohorts import feasibility as use
    from cartella.services.cohorts import texts
    from cartella.services.cohorts.running import is_whole
    from cartella.services.cohorts.work import Reading
    from cartella.services.match import registers

    draft = use.draft_of(common.source_for(db, records), criteria)
    reading = Reading(common.reference_day(as_of), registers(complete))
    with common.progress("shards", every=1) as advance:
        answer = use.feasibility(patients, draft, reading, out, effort(workers, scheduler, shard, advance))
    if out is not None:
        for name, content in use.files_of(answer, lang.value):
            common.put(content, out / name)
    if format is common.Format.JSON:
        common.put_json(use.feasibility_json(answer, lang.value))
    else:
        lines = texts.report_lines(answer.report, answer.columns, lang.value)
        lines += texts.failure_lines(answer.failures, lang.value)
        common.put("\n".join([use.feasibility_text(answer, lang.value), *lines]))
    if not is_whole(answer.report, answer.failures):
        sys.exit(PARTIAL)
