"""The same shards on a Dask cluster: the trial set travels to the data, the records say what is done.

The records are the only truth: a worker that is killed loses the part it was at, a scheduler that is killed loses the
queue, and both are made up for by asking the records what is missing. All machines must see the same files.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from distributed import Client, LocalCluster
from distributed.scheduler import KilledWorker

from cartella.matching.shards import ATTEMPTS, Numbered, Records, Task

_STEP = 0.2
_AHEAD = 8
"""Parts that a cluster holds for each of its threads, so that a long queue is not lost with its scheduler."""


def run_on_cluster(
    task: Task,
    parts: Sequence[Numbered],
    records: Records,
    address: str,
    tell: Callable[[int], None],
    patience: float,
) -> dict[int, str]:
    """Do the parts; answers those that failed for good. Raises TimeoutError when the cluster stays away."""
    waiting = {part.number: part for part in parts}
    failures: dict[int, str] = {}
    tries: dict[int, int] = {}
    last = time.monotonic()
    with _cluster(address) as reached:
        while waiting:
            before = len(waiting)
            with contextlib.suppress(OSError, TimeoutError), _client(reached) as client:
                _round(client, task, waiting, records, failures, tries, lambda: tell(len(parts) - len(waiting)))
            _settle(waiting, records, failures)
            tell(len(parts) - len(waiting))
            if len(waiting) < before:
                last = time.monotonic()
            elif time.monotonic() - last > patience:
                raise TimeoutError(address)
            if waiting:
                time.sleep(_STEP)
    return failures


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[str]:
    """The address of the cluster; "local" starts one on this machine, with a process for each processor."""
    if address != "local":
        yield address
        return
    with LocalCluster(threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


@contextlib.contextmanager
def _client(address: str) -> Iterator[Client]:
    client = Client(address, timeout=5, set_as_default=False)
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be told goodbye
            client.close(timeout=2)


def _round(
    client: Client,
    task: Task,
    waiting: dict[int, Numbered],
    records: Records,
    failures: dict[int, str],
    tries: dict[int, int],
    tell: Callable[[], None],
) -> None:
    """Give out parts until all are done, or until the scheduler is gone.

    Each part takes the task along, as it is small beside the patients: kept on the workers, it would be lost with them.
    """
    given: dict[int, Any] = {}
    queue = list(waiting.values())
    while queue or given:
        if client.status != "running":
            return
        room = _AHEAD * max(1, sum(client.nthreads().values())) - len(given)
        for part in queue[:room]:
            tries[part.number] = tries.get(part.number, 0) + 1
            given[part.number] = client.submit(_do, task, part, pure=False, retries=1)
        del queue[:room]
        time.sleep(_STEP)
        for number, future in list(given.items()):
            if future.status == "finished":
                del given[number]
            elif future.status == "error":
                del given[number]
                error = future.exception()
                if isinstance(error, KilledWorker):
                    failures[number] = "killed"
                elif tries[number] >= ATTEMPTS or not isinstance(error, OSError):
                    failures[number] = type(error).__name__
            elif future.status in ("cancelled", "lost"):
                return
        _settle(waiting, records, failures)
        tell()


def _do(task: Task, part: Numbered) -> None:
    task(part)


def _settle(waiting: dict[int, Numbered], records: Records, failures: dict[int, str]) -> None:
    """Take out of `waiting` what is done or given up; a record outweighs a failure."""
    for number in list(waiting):
        if records.read(number) is not None:
            failures.pop(number, None)
            del waiting[number]
        elif number in failures:
            del waiting[number]
