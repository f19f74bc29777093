"""The same shards on a Dask cluster whose workers and scheduler are killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from kits import Part, Task

from cartella.matching.shards import Records, run

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")]
HERE = Path(__file__).parent
PARTS = [Part(number) for number in range(12)]


def await_file(path: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def started(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(HERE), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"}
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def killed(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


class Cluster:
    """A scheduler and workers of our own, each a process group that can be killed."""

    def __init__(self, stack: ExitStack, scratch: Path) -> None:
        self.stack, self.scratch = stack, scratch
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(2)]

    def _kept(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        self.stack.callback(killed, process)
        return process

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        port = str(self.port)
        return self._kept(started("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"))

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._kept(
            started(
                "dask_worker", self.address, "--nthreads", "1", "--no-dashboard", "--nanny",
                "--local-directory", str(self.scratch), "--death-timeout", "60",
            )
        )  # fmt: skip


@contextmanager
def cluster(scratch: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, scratch)


def results(folder: Path) -> dict[str, bytes]:
    """Every file of the results, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "log" and not path.name.startswith("died")
    }


def on_cluster(task: Task, address: str, folder: Path) -> dict[int, str]:
    return run(task, PARTS, Records(folder, "key"), scheduler=address, patience=90)


def test_the_same_bytes_as_here(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    run(Task(str(here)), PARTS, Records(here, "key"))
    with cluster(tmp_path / "scratch") as found:
        assert on_cluster(Task(str(there)), found.address, there) == {}
    assert results(here) == results(there)


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    with cluster(tmp_path / "scratch") as found:

        def kill() -> None:
            await_file(tmp_path / "log")
            killed(found.workers[0])

        killer = threading.Thread(target=kill)
        killer.start()
        assert on_cluster(Task(str(tmp_path), seconds=0.5), found.address, tmp_path) == {}
        killer.join()
    assert len(list((tmp_path / "shards").iterdir())) == len(PARTS)


def test_a_scheduler_that_is_killed_and_started_again_loses_nothing(tmp_path: Path) -> None:
    with cluster(tmp_path / "scratch") as found:

        def kill() -> None:
            await_file(tmp_path / "log")
            killed(found.scheduler)
            for worker in found.workers:
                killed(worker)
            time.sleep(1)
            found.start_scheduler()
            found.start_worker()

        killer = threading.Thread(target=kill)
        killer.start()
        assert on_cluster(Task(str(tmp_path), seconds=0.4), found.address, tmp_path) == {}
        killer.join()
    records = Records(tmp_path, "key")
    assert all(records.read(part.number) for part in PARTS)


def test_poisoned_parts_are_named_and_the_others_are_done(tmp_path: Path) -> None:
    with cluster(tmp_path / "scratch") as found:
        failures = on_cluster(Task(str(tmp_path), fails=(3,), kills=(7,)), found.address, tmp_path)
    assert failures[3] == "LookupError"
    assert failures[7] == "killed"
    assert set(failures) == {3, 7}
    assert len(list((tmp_path / "shards").iterdir())) == len(PARTS) - 2


def test_a_cluster_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        run(
            Task(str(tmp_path)),
            PARTS,
            Records(tmp_path, "key"),
            scheduler=f"tcp://127.0.0.1:{free_port()}",
            patience=3,
        )
