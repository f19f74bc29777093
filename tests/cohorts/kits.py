"""What the tests of cohorts share: invented patients, a day, small tasks that fail in their own ways."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartella.cohorts.sampling import sample
from cartella.logic import PatientFacts
from cartella.matching.shards import Records
from cartella.patients import read_record

DAY = date(2026, 11, 1)


def records(number: int, seed: int = 0) -> list[dict[str, Any]]:
    """Invented patients as short records."""
    return list(sample(number, DAY, seed))


def facts_of(record: dict[str, Any]) -> PatientFacts:
    """The facts of a short record."""
    return read_record(record, DAY)[0]


@dataclass(frozen=True)
class Part:
    """A part of nothing."""

    number: int


@dataclass(frozen=True)
class Task:
    """Writes a file and its record; on some parts it fails, kills its process, or takes long.

    `kills` dies every time, `kills_once` only until the file `died` is there, which it leaves behind.
    """

    folder: str
    fails: tuple[int, ...] = ()
    kills: tuple[int, ...] = ()
    kills_once: tuple[int, ...] = ()
    seconds: float = 0.0

    def __call__(self, part: Part) -> None:
        folder = Path(self.folder)
        if part.number in self.fails:
            raise LookupError(part.number)
        if part.number in self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        if part.number in self.kills_once:
            mark = folder / f"died-{part.number}"
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.seconds)
        with (folder / "log").open("a") as log:
            log.write(f"{part.number}\n")
        path = folder / f"out-{part.number}"
        path.write_text(str(part.number**2))
        Records(folder, "key").write(part.number, {"square": part.number**2}, [path])
