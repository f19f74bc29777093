"""Periods of time as a text writes them, and windows counted back from the reference day.

Days are proleptic ordinal numbers (`datetime.date.toordinal`). A week is seven days. Months and years are counted on
the calendar, as a person would: six months before 2026-11-01 is 2026-05-01; where the day does not exist in the
target month, the last day of that month is taken.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cartella.logic.interval import Interval
from cartella.logic.truth import FALSE, TRUE, UNKNOWN, Truth


class PeriodUnit(Enum):
    """The unit in which a text states a period."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: `amount` units, amount a whole number of at least 0."""

    amount: int
    unit: PeriodUnit

    @property
    def is_whole_days(self) -> bool:
        """Whether the period ends at the end of a day; false of 12 or 36 hours."""
        return self.unit is not PeriodUnit.HOUR or self.amount % 24 == 0

    def days_before(self, day: int) -> int:
        """How many days this period covers, counted back from `day`. Hours are rounded up to whole days."""
        match self.unit:
            case PeriodUnit.HOUR:
                return -(-self.amount // 24)
            case PeriodUnit.DAY:
                return self.amount
            case PeriodUnit.WEEK:
                return 7 * self.amount
            case PeriodUnit.MONTH:
                return day - months_back(day, self.amount)
            case PeriodUnit.YEAR:
                return day - months_back(day, 12 * self.amount)


def months_back(day: int, months: int) -> int:
    """The day number `months` calendar months before `day`; never earlier than day 1."""
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 - months
    if index < 12:
        return 1
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).toordinal()


@dataclass(frozen=True, slots=True)
class Window:
    """How long ago something may have been: at least `at_least`, at most `at_most`; strict where the text is.

    "within 4 weeks" is ``Window(at_most=4 weeks)``; "more than 3 years ago" is
    ``Window(at_least=3 years, at_least_strict=True)``; "less than 14 days" is strict on the other side.
    """

    at_least: Period | None = None
    at_most: Period | None = None
    at_least_strict: bool = False
    at_most_strict: bool = False

    def holds(self, elapsed: Interval, reference_day: int) -> Truth:
        """Whether `elapsed` (days before the reference day) lies in the window.

        Records hold days. A bound in hours that is no whole number of days leaves the day it falls on open: something
        of yesterday may or may not have been within 12 hours.
        """
        earliest = possible_from = 0
        if self.at_least is not None:
            earliest = self.at_least.days_before(reference_day) + (self.at_least_strict and self.at_least.is_whole_days)
            possible_from = earliest - (not self.at_least.is_whole_days)
        latest = possible_to = None
        if self.at_most is not None:
            possible_to = self.at_most.days_before(reference_day) - (self.at_most_strict and self.at_most.is_whole_days)
            latest = possible_to - (not self.at_most.is_whole_days)
        if elapsed.high is not None and elapsed.high < possible_from:
            return FALSE
        if possible_to is not None:
            if possible_to < possible_from or (elapsed.low is not None and elapsed.low > possible_to):
                return FALSE
            if latest is not None and latest < earliest:
                return UNKNOWN
        return TRUE if Interval(earliest, latest).contains(elapsed) else UNKNOWN
