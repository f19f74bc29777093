"""Shards: work that is done part by part, each part final once its record is written.

A task writes its files under other names, renames them, and then writes the record of the part, in the same way. What
has no record is missing, whatever else is there; so a run that was killed, here or on a cluster, is continued by doing
what is missing, and nothing is done twice. Records hold results only: the same work gives the same bytes wherever it
was done.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

ATTEMPTS = 3
"""How often a part is tried before it is given up and reported."""

PATIENCE = 120.0
"""Seconds without any progress after which a cluster is given up."""

Progress = Callable[[int, int], None]


class Numbered(Protocol):
    """A part of the work."""

    @property
    def number(self) -> int: ...


Task = Callable[[Any], None]
"""Does one part and writes its record. It travels to other processes and machines."""


class Records:
    """The records of one run in `folder`. Those of another run, which has another `key`, do not count."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key

    def path(self, number: int) -> Path:
        """The file of a part's record."""
        return self.folder / "shards" / f"{number:06d}.json"

    def read(self, number: int) -> dict[str, Any] | None:
        """The record of a part; None while it is missing, of another run, or without a file that it names."""
        try:
            found = json.loads(self.path(number).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict) or found.get("key") != self.key:
            return None
        files: dict[str, Any] = found.get("files", {})
        whole = all((self.folder / name).is_file() for name in files)
        return found if whole else None

    def write(self, number: int, result: Mapping[str, Any], files: Sequence[Path] = ()) -> None:
        """Make a part final. `files` are those that it wrote."""
        listed = {path.relative_to(self.folder).as_posix(): _hash(path) for path in files}
        put(self.path(number), {"key": self.key, "files": listed, **result})

    def all(self, parts: Sequence[Numbered]) -> Iterator[dict[str, Any]]:
        """The records of those parts that are done, in order."""
        for part in parts:
            if (found := self.read(part.number)) is not None:
                yield found


def put(path: Path, data: object) -> None:
    """Write JSON whole or not at all. Two that write the same at once do not disturb each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(
    task: Task,
    parts: Sequence[Numbered],
    records: Records,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    patience: float = PATIENCE,
) -> dict[int, str]:
    """Do every part that has no record; answers the parts that failed for good, each with the kind of failure.

    With `scheduler` the parts are done by a Dask cluster (an address, or "local" for one of this machine), otherwise by
    `workers` processes.
    """
    missing = [part for part in parts if records.read(part.number) is None]
    done = len(parts) - len(missing)
    tell = progress or (lambda *_: None)
    tell(done, len(parts))
    if not missing:
        return {}
    if scheduler is not None:
        from cartella.matching.cluster import run_on_cluster

        return run_on_cluster(task, missing, records, scheduler, lambda n: tell(done + n, len(parts)), patience)
    if workers > 1 and len(missing) > 1:
        return _in_processes(task, missing, min(workers, len(missing)), lambda n: tell(done + n, len(parts)))
    failures: dict[int, str] = {}
    for count, part in enumerate(missing, start=1):
        if (why := attempted(task, part)) is not None:
            failures[part.number] = why
        tell(done + count, len(parts))
    return failures


def attempted(task: Task, part: Numbered) -> str | None:
    """Do a part here, a second time if need be; the kind of failure if it still fails."""
    why = None
    for _ in range(2):
        try:
            task(part)
        except Exception as error:  # whatever one part does, the others go on; its kind is reported
            why = type(error).__name__
        else:
            return None
    return why


_task: Task | None = None


def _receive(task: Task) -> None:
    global _task  # one task for the life of a worker: it is large, and parts are small
    _task = task


def _perform(part: Numbered) -> str | None:
    assert _task is not None
    return attempted(_task, part)


def _in_processes(task: Task, parts: Sequence[Numbered], workers: int, tell: Callable[[int], None]) -> dict[int, str]:
    """Do parts in processes. A process that dies takes the others with it: the parts that were under way are then done
    one at a time, so that it shows which of them kills, and the rest goes on."""
    failures: dict[int, str] = {}
    finished = 0

    def finish(part: Numbered, why: str | None) -> None:
        nonlocal finished
        finished += 1
        if why is not None:
            failures[part.number] = why
        tell(finished)

    waiting = list(parts)
    while waiting:
        for part in _pooled(task, waiting, workers, finish):
            finish(part, _alone(task, part))
    return failures


def _pooled(
    task: Task, waiting: list[Numbered], workers: int, finish: Callable[[Numbered, str | None], None]
) -> list[Numbered]:
    """Take parts from `waiting` until it is empty, or until a process dies: then those that were under way."""
    running: dict[Future[str | None], Numbered] = {}
    with ProcessPoolExecutor(workers, get_context("spawn"), _receive, (task,)) as pool:
        try:
            while waiting or running:
                while waiting and len(running) <= workers:
                    running[pool.submit(_perform, waiting[0])] = waiting[0]
                    del waiting[0]
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    why = future.result()
                    finish(running.pop(future), why)
        except BrokenProcessPool:
            return sorted(running.values(), key=lambda part: part.number)
    return []


def _alone(task: Task, part: Numbered) -> str | None:
    """Do one part in a process of its own; "killed" when that dies whenever it tries."""
    for _ in range(ATTEMPTS):
        with ProcessPoolExecutor(1, get_context("spawn"), _receive, (task,)) as pool:
            try:
                return pool.submit(_perform, part).result()
            except BrokenProcessPool:
                continue
    return "killed"
