"""Today and now: the only place where time enters the program."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime

_fixed: ContextVar[date | None] = ContextVar("fixed day", default=None)


def today() -> date:
    """The current day on this machine's calendar, or the day that `fixed` holds."""
    return _fixed.get() or datetime.now().astimezone().date()


def now() -> datetime:
    """The current moment in UTC, to the second; midnight of the day that `fixed` holds."""
    day = _fixed.get()
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime.now(UTC).replace(microsecond=0)


@contextlib.contextmanager
def fixed(day: date) -> Iterator[None]:
    """Within the block it is `day`: for tests and for answers that must be repeatable."""
    token = _fixed.set(day)
    try:
        yield
    finally:
        _fixed.reset(token)
