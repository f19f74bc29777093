"""A run over a cohort: the folder it writes to, its manifest, its shards, and what became of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartella import __version__
from cartella.cohorts import Cohort, CohortReport, open_cohort
from cartella.cohorts.opening import FACTS
from cartella.errors import CartellaError, InputError, UsageError, Where, Words
from cartella.matching.shards import Records, Task, put, run
from cartella.services.sources import Progress

FORMAT = 1
"""The version of the files of a run."""

SHARD = 8192
"""Patients of a shard."""

MANIFEST = "manifest.json"


def is_whole(report: CohortReport, failures: Mapping[int, str]) -> bool:
    """Whether nothing of a cohort had to be left out, neither rows nor shards."""
    return not failures and not report.left_out


@dataclass(frozen=True, slots=True)
class Effort:
    """How a run is carried out; it changes no result. `scheduler` is the address of a Dask cluster, or "local"."""

    workers: int = 0
    scheduler: str | None = None
    shard: int = SHARD
    progress: Progress | None = None

    @property
    def processes(self) -> int:
        """How many processes: as many as processors, unless told otherwise."""
        return self.workers or os.cpu_count() or 1


@dataclass(frozen=True)
class Run:
    """A cohort with the records of what was done with it. `failures` are the shards that failed, with the kind."""

    cohort: Cohort
    records: Records
    failures: dict[int, str]

    def results(self) -> Iterator[dict[str, Any]]:
        """The records of the shards that are done, in order."""
        return self.records.all(self.cohort.parts)

    def report(self) -> CohortReport:
        """What became of the rows of the whole cohort."""
        whole = CohortReport()
        for found in self.results():
            whole.add(CohortReport.from_json(found["report"]))
        return whole


def opened_cohort(name: str, effort: Effort, work: Path) -> Cohort:
    """The cohort, cut into shards; a database is read by the store."""
    if "://" in name:
        from cartella.store.omop import omop_tables

        return open_cohort(name, effort.shard, work, omop_tables)
    return open_cohort(name, effort.shard, work)


def check_day(cohort: Cohort, as_of: date) -> None:
    """Facts hold for one reference day. UsageError where another one is asked for."""
    if cohort.form != FACTS:
        return
    from cartella.matching.bulk.facts_file import reference_day

    for path in sorted({part.path for part in cohort.parts}):
        day = reference_day(Path(path))
        if day is not None and day != as_of.toordinal():
            held = date.fromordinal(day).isoformat()
            raise UsageError(
                Words("The facts are of another day.", "I fatti sono di un altro giorno."),
                where=Where(path),
                why=Words(
                    f"Ages and times were counted on {held}, and {as_of.isoformat()} is asked for.",
                    f"Età e tempi sono contati al {held}, ed è richiesto il {as_of.isoformat()}.",
                ),
                next_step=Words(
                    f"Use --as-of {held}, or read the cohort again: cartella cohort read.",
                    f"Usare --as-of {held}, o rileggere la coorte: cartella cohort read.",
                ),
            )


def run_key(*parts: object) -> str:
    """What tells one run from another: everything that its results depend on."""
    text = json.dumps([FORMAT, __version__, *parts], default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def carry_out(task: Task, cohort: Cohort, folder: Path, key: str, effort: Effort) -> Run:
    """Do what is missing. A CartellaError where a cluster cannot be reached."""
    records = Records(folder, key)
    try:
        failures = run(
            task,
            cohort.parts,
            records,
            workers=effort.processes,
            scheduler=effort.scheduler,
            progress=effort.progress,
        )
    except (TimeoutError, ValueError) as error:
        if effort.scheduler is None:
            raise
        raise CartellaError(
            Words("The cluster does not answer.", "Il cluster non risponde."),
            where=Where(field="--scheduler"),
            why=Words(
                f"{effort.scheduler} ended the connection: {type(error).__name__}",
                f"{effort.scheduler} ha chiuso il collegamento: {type(error).__name__}",
            ),
            next_step=Words(
                "Start it and run the same command again: finished shards are kept.",
                "Avviarlo e ripetere lo stesso comando: le parti finite restano.",
            ),
        ) from None
    return Run(cohort, records, failures)


def prepare_folder(folder: Path, key: str, about: dict[str, Any]) -> None:
    """Make the output folder, or take up the run that was begun in it. UsageError where it holds another run."""
    found: dict[str, Any] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise _folder_error(folder, type(error).__name__) from None
    if found and found.get("key") != key:
        raise UsageError(
            Words("The folder holds another run.", "La cartella contiene un'altra esecuzione."),
            where=Where(str(folder)),
            why=Words(
                "Its trials, cohort, day or options are others than those asked for.",
                "Gli studi, la coorte, il giorno o le opzioni sono diversi da quelli richiesti.",
            ),
            next_step=Words(
                "Name another folder, or remove this one.", "Indicare un'altra cartella o togliere questa."
            ),
        )
    if not found:
        put(folder / MANIFEST, {"format": FORMAT, "key": key, "state": "running", **about})


def _folder_error(folder: Path, why: str) -> UsageError:
    return UsageError(
        Words("The output folder cannot be used.", "La cartella di uscita non è utilizzabile."),
        where=Where(str(folder)),
        why=Words(why, why),
        next_step=Words("Name a folder that you may write to.", "Indicare una cartella scrivibile."),
    )


def finish(run_: Run, folder: Path, about: dict[str, Any]) -> None:
    """Write the final manifest: every shard with the hashes of its files, and those that failed."""
    shards = {
        str(part.number): found["files"] for part in run_.cohort.parts if (found := run_.records.read(part.number))
    }
    state = "complete" if not run_.failures else "incomplete"
    manifest = {"format": FORMAT, "key": run_.records.key, "state": state, **about}
    failed = {str(number): why for number, why in sorted(run_.failures.items())}
    put(folder / MANIFEST, {**manifest, "shards": shards, "failed": failed})
    if not run_.failures:
        shutil.rmtree(folder / "work", ignore_errors=True)


def require_patients(report: CohortReport, name: str, failures: dict[int, str]) -> None:
    """InputError where not one patient could be read: then there is nothing to say."""
    if report.patients or failures:
        return
    raise InputError(
        Words("No patient of the cohort can be read.", "Nessun paziente della coorte è leggibile."),
        where=Where(name, field=next((places[0] for places in report.places.values() if places), None)),
        next_step=Words(
            "See docs/reference/cohort.md for the forms that are read.",
            "I formati leggibili sono descritti in docs/reference/cohort.md.",
        ),
    )


@contextmanager
def scratch(folder: Path | None) -> Iterator[Path]:
    """A folder for what is needed on the way: inside the output folder, or one that is gone afterwards."""
    if folder is not None:
        (folder / "work").mkdir(parents=True, exist_ok=True)
        yield folder / "work"
        return
    with tempfile.TemporaryDirectory(prefix="cartella-") as found:
        yield Path(found)
