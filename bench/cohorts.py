#!/usr/bin/env python3
"""Speed of whole cohorts, by one command: `python bench/cohorts.py`.

Holds sampled patients against every trial of the catalogue that has points: the evaluation alone (all points in planes,
the group of every pair), and from facts on disk to pairs on disk. Beside it, on the same pairs in the same run: the
reference evaluator, the engine for one patient, and what one writes in an afternoon, NumPy arrays trial by trial.
Then the cost of a pair from a thousand to a million patients, and the memory. `--update` writes
docs/reference/cohort-speed.md.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from speed import baseline, machine

from cartella.catalogue.embedded import embedded_catalogue
from cartella.cohorts.sampling import sample
from cartella.logic import And, Code, Expression, If, Not, Number, Opaque, Operator, Or, Presence
from cartella.matching import check
from cartella.matching.bulk.columns import HIGH, LOW, Columns, columns_of
from cartella.matching.bulk.engine import Engine
from cartella.matching.bulk.facts_file import read_facts
from cartella.matching.bulk.planes import unpacked
from cartella.matching.bulk.repeating import repeated
from cartella.matching.compiled import FIRST_ATOM, CompiledTrialSet, compile_trials
from cartella.matching.prepared import PreparedTrials
from cartella.patients import read_record

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "reference" / "cohort-speed.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
DAY = date(2026, 11, 1)
READ = 1000
"""Invented records that are read; larger cohorts are drawn from them, with other ages and values."""

TRIALS = [entry for entry in embedded_catalogue().entries if entry.points]
Flags = NDArray[np.bool_]


def compiled_trials() -> CompiledTrialSet:
    """Every trial of the catalogue with points."""
    return compile_trials((entry.id, entry.points, entry.unread) for entry in TRIALS)


def evaluated(engine: Engine, columns: Columns) -> int:
    """All points of all trials in planes, and the group of every pair; answers the number of pairs."""
    pairs = 0
    for piece in engine.slices(columns):
        clean, blocked = piece.planes[engine.roots], piece.planes[engine.roots ^ 1]
        pairs += len(clean) * piece.patients + 0 * int(clean[0, 0] & blocked[0, 0])
    return pairs


def _worker(path: str, start: int, stop: int, ready: object, go: object) -> None:
    engine = Engine(compiled_trials())
    columns = read_facts(Path(path), start, stop, DAY.toordinal())
    ready.release()  # type: ignore[attr-defined]
    go.wait()  # type: ignore[attr-defined]
    evaluated(engine, columns)
    ready.release()  # type: ignore[attr-defined]


def on_two_cores(path: Path, patients: int) -> float:
    """Seconds for the evaluation of a cohort by two processes, each with its half already in memory."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    half = patients // 2
    runs = [
        context.Process(target=_worker, args=(str(path), start, stop, ready, go))
        for start, stop in ((0, half), (half, patients))
    ]
    for run in runs:
        run.start()
    for _ in runs:
        ready.acquire()
    start = time.perf_counter()
    go.set()
    for _ in runs:
        ready.acquire()
    seconds = time.perf_counter() - start
    for run in runs:
        run.join()
    return seconds


class Plain:
    """The plain way: for each trial, point by point, arrays of one byte a patient, nothing shared between trials.

    The arrays of codes and presences are given, as they need an engine; numbers are compared here.
    """

    def __init__(self, engine: Engine, columns: Columns) -> None:
        self.patients, self.columns = len(columns), columns
        self.atoms = unpacked(engine.atoms(columns), len(columns)).astype(bool)
        self.place = {atom: node for node, atom in enumerate(engine.compiled.atoms, start=FIRST_ATOM)}

    def trials(self, count: int) -> int:
        """Evaluate the first trials; answers the number of pairs."""
        for entry in TRIALS[:count]:
            conflict = np.zeros(self.patients, dtype=bool)
            clean = np.ones(self.patients, dtype=bool)
            for point in entry.points:
                holds, fails = self.truth(point.expression)
                wanted, unwanted = (holds, fails) if point.section.value == "inclusion" else (fails, holds)
                conflict |= unwanted
                clean &= wanted
        return count * self.patients

    def truth(self, node: Expression) -> tuple[Flags, Flags]:
        """Where a node holds, and where it does not."""
        match node:
            case And(items=items):
                return self.all_of([self.truth(item) for item in items])
            case Or(items=items):
                fails, holds = self.all_of([self.truth(item)[::-1] for item in items])
                return holds, fails
            case Not(item=item):
                holds, fails = self.truth(item)
                return fails, holds
            case If(condition=condition, then=then):
                return self.truth(Or((Not(condition), then)))
            case Opaque():
                nobody = np.zeros(self.patients, dtype=bool)
                return nobody, nobody
            case Number(quantity=quantity, operator=operator, bound=bound):
                return self.number(quantity, operator, bound)
            case Code() | Presence():
                place = 2 * self.place[replace(node, span=None)]
                return self.atoms[place], self.atoms[place + 1]
        raise TypeError(node)

    def all_of(self, parts: list[tuple[Flags, Flags]]) -> tuple[Flags, Flags]:
        """Kleene's and."""
        holds, fails = np.ones(self.patients, dtype=bool), np.zeros(self.patients, dtype=bool)
        for part_holds, part_fails in parts:
            holds = holds & part_holds
            fails = fails | part_fails
        return holds, fails

    def number(self, quantity: str, operator: Operator, bound: int) -> tuple[Flags, Flags]:
        """A comparison over the column of the quantity."""
        low, high = np.full(self.patients, LOW), np.full(self.patients, HIGH)
        if (measured := self.columns.measures.get(quantity)) is not None:
            low[measured.patients], high[measured.patients] = measured.low, measured.high
        match operator:
            case Operator.AT_LEAST:
                return low >= bound, high < bound
            case Operator.GREATER:
                return low > bound, high <= bound
            case Operator.AT_MOST:
                return high <= bound, low > bound
            case Operator.LESS:
                return high < bound, low >= bound
            case Operator.EQUAL:
                return (low == bound) & (high == bound), (low > bound) | (high < bound)


def timed(work: Callable[[], object], runs: int = 1) -> float:
    """The median of the seconds that `work` takes."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def end_to_end(facts: Path, out: Path, workers: int) -> tuple[float, dict[str, object]]:
    """Seconds and summary of `cartella cohort match` from the shell: facts on disk to pairs on disk."""
    command = [
        sys.executable, "-m", "cartella", "cohort", "match", str(facts), "--out", str(out), "--as-of", DAY.isoformat(),
        "--any-status", "--any-kind", "--format", "json", "--workers", str(workers), "--shard", "16384",
    ]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start, json.loads(done.stdout)


def children_mb() -> int:
    """The largest memory of any process that was started here, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def row(what: str, pairs: int, seconds: float, slowest: float) -> str:
    """One line of the table."""
    rate = pairs / seconds
    return f"| {what} | {pairs:,} | {seconds:.2f} | {rate:,.0f} | {rate / slowest:,.0f} |"


def measure(patients: int, largest: int, folder: Path) -> list[str]:
    """The lines of the page."""
    compiled = compiled_trials()
    compile_seconds = timed(compiled_trials)
    engine = Engine(compiled)
    records = [read_record(record, DAY)[0] for record in sample(READ, DAY)]
    base = columns_of([(str(n), facts) for n, facts in enumerate(records)], DAY.toordinal())
    trials = len(TRIALS)
    reference_seconds = timed(lambda: [check(e.points, facts) for facts in records[:4] for e in TRIALS])
    reference = 4 * trials / reference_seconds
    prepared = PreparedTrials(compiled)
    prepared.values(records[0])
    single = timed(lambda: [prepared.tallies(facts) for facts in records[:20]])
    many = next(iter(repeated(base, 8192, 0)))
    plain = Plain(engine, many)
    plain_seconds = timed(lambda: plain.trials(trials))
    facts = folder / "facts"
    make(base, patients, facts)
    whole = next(iter(repeated(base, min(patients, 1 << 16), 0)))
    evaluated(engine, base)
    one = timed(lambda: evaluated(engine, whole), 3)
    joined = joined_facts(facts, folder)
    two = min(on_two_cores(joined, patients) for _ in range(2))
    ended, summary = end_to_end(facts, folder / "out", os.cpu_count() or 1)
    lines = [
        f"{trials:,} trials, {sum(len(entry.points) for entry in TRIALS):,} points; {len(compiled.atoms):,} distinct "
        f"atoms and {len(compiled.gates):,} gates after sharing; compiled in {compile_seconds:.2f} s. {patients:,} "
        f"patients drawn from {READ:,} invented records, with other ages and values.",
        "",
        "| what | pairs | seconds | pairs/s | × reference |",
        "|---|---|---|---|---|",
        row("reference evaluator, with traces", 4 * trials, reference_seconds, reference),
        row("plain NumPy, trial by trial", len(many) * trials, plain_seconds, reference),
        row("engine for one patient, pure Python", 20 * trials, single, reference),
        row("bulk engine, one process", trials * len(whole), one, reference),
        row("bulk engine, two processes", trials * patients, two, reference),
        row("facts on disk to pairs on disk, from the shell", trials * patients, ended, reference),
        "",
        f"From the shell {int(str(summary['pairs_written'])):,} pairs without conflict were written, each with its "
        f"deciding points; largest memory of a process: {children_mb()} MB.",
        "",
        "| patients | evaluation, one process (s) | ns a pair | from the shell (s) | largest memory of a process |",
        "|---|---|---|---|---|",
    ]
    size = 1000
    while size <= largest:
        seconds = timed(lambda size=size: [evaluated(engine, part) for part in repeated(base, size, 1)])  # type: ignore[misc]
        drawing = timed(lambda size=size: list(repeated(base, size, 1)))  # type: ignore[misc]
        here = folder / f"facts-{size}"
        make(base, size, here)
        shell, _ = end_to_end(here, folder / f"out-{size}", os.cpu_count() or 1)
        nanoseconds = 1e9 * (seconds - drawing) / (size * trials)
        lines.append(f"| {size:,} | {seconds - drawing:.2f} | {nanoseconds:.1f} | {shell:.1f} | {children_mb()} MB |")
        size *= 10
    return lines


def make(base: Columns, number: int, folder: Path) -> None:
    """A cohort of facts."""
    from cartella.matching.bulk.facts_file import write_facts

    folder.mkdir()
    for part, columns in enumerate(repeated(base, number, 1)):
        write_facts(columns, folder / f"facts-{part:06d}.parquet")


def joined_facts(facts: Path, folder: Path) -> Path:
    """The first file of a cohort, or all of them in one."""
    import pyarrow.parquet as pq

    files = sorted(facts.glob("*.parquet"))
    if len(files) == 1:
        return files[0]
    with pq.ParquetWriter(folder / "joined.parquet", pq.read_schema(files[0])) as writer:
        for path in files:
            writer.write_table(pq.read_table(path))
    return folder / "joined.parquet"


def main() -> None:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--largest", type=int, default=1_000_000, help="end of the curve")
    parser.add_argument("--update", action="store_true", help="write docs/reference/cohort-speed.md")
    chosen = parser.parse_args()
    unit = baseline()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(chosen.patients, chosen.largest, Path(folder))
    about = f"Machine: {machine()}. Load of the machine while measuring: {os.getloadavg()[1]:.1f}. "
    about += f"Baseline of this run: {unit:.3f} s of plain Python work."
    text = "\n".join([about, "", *lines])
    print(text)
    if chosen.update:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
