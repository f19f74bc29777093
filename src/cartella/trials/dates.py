"""Dates as registries state them: a day, a month or a year, reached or expected."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class StudyDate:
    """A date known to the day, the month or the year: every day from `earliest` to `latest` is possible.

    `estimated`: True for a date that is expected, False for one that was reached, None where the record does not say.
    """

    earliest: date
    latest: date
    estimated: bool | None = None

    @classmethod
    def read(cls, text: str, estimated: bool | None = None) -> StudyDate:
        """The date written as ``2026``, ``2026-08`` or ``2026-08-22``; a time after the day is left out.

        Raises:
            ValueError: `text` is not such a date, or the day does not exist.
        """
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError(f"{text!r} is not a date like 2026, 2026-08 or 2026-08-22")
        year, month, day = (None if part is None else int(part) for part in written.groups())
        if year is None or month is None:
            return cls(date(year or 0, 1, 1), date(year or 0, 12, 31), estimated)
        if day is None:
            first = date(year, month, 1)
            return cls(first, first.replace(day=calendar.monthrange(year, month)[1]), estimated)
        return cls(date(year, month, day), date(year, month, day), estimated)

    def __str__(self) -> str:
        """ISO 8601, as precise as it is known."""
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        if (self.earliest.year, self.earliest.month) == (self.latest.year, self.latest.month):
            return self.earliest.isoformat()[:7]
        return self.earliest.isoformat()[:4]
