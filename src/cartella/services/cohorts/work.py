"""What is done with one part of a cohort, here or on another machine: read it, hold it against the trials, write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartella.cohorts import CohortReport, Part, read_part
from cartella.cohorts.opening import FACTS
from cartella.matching.bulk.columns import Columns, ColumnsBuilder
from cartella.matching.bulk.engine import Engine
from cartella.matching.bulk.facts_file import read_facts, write_facts
from cartella.matching.compiled import CompiledTrialSet
from cartella.matching.feasibility import Protocol, count
from cartella.matching.pairs import Ints, best_tests_table, match_shard, positions, write_table
from cartella.matching.questions import Questions
from cartella.matching.shards import Records


@dataclass(frozen=True, slots=True)
class Reading:
    """How the patients of a cohort are read: the reference day, and the lists taken as complete."""

    as_of: date
    complete: tuple[str, ...] | None = None

    def columns(self, part: Part) -> tuple[Columns, Ints, CohortReport]:
        """The facts of a part, the positions of its patients in the cohort, and what became of it."""
        report = CohortReport()
        day = self.as_of.toordinal()
        if part.form == FACTS:
            columns = read_facts(Path(part.path), part.start, part.stop, day)
            report.patients = len(columns)
            return columns, positions(range(part.first, part.first + len(columns))), report
        builder = ColumnsBuilder(day)
        rows = []
        for patient in read_part(part, self.as_of, self.complete, report):
            builder.add(patient.label, patient.facts)
            rows.append(patient.position)
        return builder.columns(), positions(rows), report


_engines: dict[str, Engine] = {}


def engine_of(compiled: CompiledTrialSet) -> Engine:
    """The engine of a trial set, made once in a process; one at a time is kept."""
    if compiled.key not in _engines:
        _engines.clear()
        _engines[compiled.key] = Engine(compiled)
    return _engines[compiled.key]


@dataclass(frozen=True)
class MatchTask:
    """Hold a part against the trials, write its pairs and patients, and record the totals."""

    compiled: CompiledTrialSet
    reading: Reading
    folder: str
    key: str
    conflicts_too: bool

    def __call__(self, part: Part) -> None:
        columns, rows, report = self.reading.columns(part)
        result = match_shard(engine_of(self.compiled), columns, rows, self.conflicts_too)
        folder = Path(self.folder)
        name = f"part-{part.number:06d}.parquet"
        files = [
            write_table(result.pairs, folder / "pairs" / name),
            write_table(result.patients, folder / "patients" / name),
        ]
        found: dict[str, Any] = {
            "pairs": result.pairs.num_rows,
            "report": report.to_json(),
            "totals": result.totals.to_json(),
        }
        Records(folder, self.key).write(part.number, found, files)


@dataclass(frozen=True)
class TestsTask:
    """Work out what every missing test does for a part, and the best test of each of its patients."""

    __test__ = False

    compiled: CompiledTrialSet
    reading: Reading
    folder: str
    key: str

    def __call__(self, part: Part) -> None:
        columns, rows, report = self.reading.columns(part)
        questions = Questions(engine_of(self.compiled), self.reading.as_of.toordinal())
        counts, best = questions.count(columns)
        folder = Path(self.folder)
        names = [subject.name for subject in questions.subjects]
        table = best_tests_table(best, names, rows, columns.ids)
        path = write_table(table, folder / "patients" / f"part-{part.number:06d}.parquet")
        found = {"report": report.to_json(), "counts": counts.to_json()}
        Records(folder, self.key).write(part.number, found, [path])


@dataclass(frozen=True)
class FeasibilityTask:
    """Count a protocol over a part."""

    protocol: Protocol
    reading: Reading
    folder: str
    key: str

    def __call__(self, part: Part) -> None:
        columns, _, report = self.reading.columns(part)
        counts = count(self.protocol, engine_of(self.protocol.compiled), columns)
        found = {"report": report.to_json(), "counts": counts.to_json()}
        Records(Path(self.folder), self.key).write(part.number, found)


@dataclass(frozen=True)
class FactsTask:
    """Read a part and write its facts."""

    reading: Reading
    folder: str
    key: str

    def __call__(self, part: Part) -> None:
        columns, _, report = self.reading.columns(part)
        path = Path(self.folder) / f"facts-{part.number:06d}.parquet"
        write_facts(columns, path)
        Records(Path(self.folder), self.key).write(part.number, {"report": report.to_json()}, [path])
