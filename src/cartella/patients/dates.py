"""Dates as records write them: whole or partial, as intervals of day numbers.

A day number is `datetime.date.toordinal`. "2025" is any day of that year, "2025-03" any day of that month.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from cartella.logic import Interval

_WRITTEN = re.compile(r"^\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ][0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?\s*$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan gennaio gen",
            "february feb febbraio",
            "march mar marzo",
            "april apr aprile",
            "may maggio mag",
            "june jun giugno giu",
            "july jul luglio lug",
            "august aug agosto ago",
            "september sept sep settembre set",
            "october oct ottobre ott",
            "november nov novembre",
            "december dec dicembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_IN_TEXT = re.compile(
    r"(?<![\d.,/-])(?:"
    r"(?P<y>(?:19|20)\d\d)(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?"
    r"|(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})[/.](?P<y2>(?:19|20)\d\d)"
    r"|(?:(?P<d3>\d{1,2})\s+)?(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?\s+"
    r"(?P<y3>(?:19|20)\d\d)"
    r")(?![\d/-]|[.,]\d)",
    re.IGNORECASE,
)


def parse_day(value: object) -> Interval | None:
    """The days that a date of a record may mean, or None if it is not a date.

    Accepts ISO text of any precision (FHIR date, dateTime, instant), Python dates (YAML) and a bare year (YAML).
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return Interval.exactly(value.date().toordinal())
    if isinstance(value, date):
        return Interval.exactly(value.toordinal())
    found = _WRITTEN.match(str(value))
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    return days_of(year, month, day) if year else None


def days_of(year: int, month: int | None = None, day: int | None = None) -> Interval | None:
    """The days of a year, month or day; None if there is no such day."""
    try:
        if month is None:
            return Interval(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return Interval(date(year, month, 1).toordinal(), date(year, month, last).toordinal())
        return Interval.exactly(date(year, month, day).toordinal())
    except (ValueError, calendar.IllegalMonthError):
        return None


def find_dates(text: str) -> list[tuple[int, int, Interval]]:
    """The dates written in a text: start, end, days. Day-first for numeric dates with slashes or points."""
    found = []
    for match in _IN_TEXT.finditer(text):
        groups = match.groupdict()
        if groups["y"]:
            days = days_of(int(groups["y"]), _number(groups["m"]), _number(groups["d"]))
        elif groups["y2"]:
            days = days_of(int(groups["y2"]), _number(groups["m2"]), _number(groups["d2"]))
        else:
            days = days_of(int(groups["y3"]), _MONTHS[groups["month"].lower()], _number(groups["d3"]))
        if days is not None:
            found.append((match.start(), match.end(), days))
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def completed_months(birth: Interval, day: int) -> Interval:
    """Completed calendar months between a birth date, possibly partial, and `day`."""
    if birth.low is None or birth.high is None:
        return Interval(0, None)
    return Interval(_months(min(birth.high, day), day), _months(birth.low, day))


def birth_at_age(years: int, day: int) -> Interval:
    """The days on which somebody was born who is that old on `day`."""
    today = date.fromordinal(day)
    return Interval(_years_before(today, years + 1) + 1, _years_before(today, years))


def _years_before(day: date, years: int) -> int:
    try:
        return day.replace(year=day.year - years).toordinal()
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28).toordinal()


def _months(start: int, end: int) -> int:
    first, last = date.fromordinal(start), date.fromordinal(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def iso(days: Interval) -> str:
    """The interval in words of dates, for a report."""
    if days.low is None or days.high is None:
        return "?"
    low, high = date.fromordinal(days.low).isoformat(), date.fromordinal(days.high).isoformat()
    return low if low == high else f"{low}/{high}"


def not_before(last: Interval, low: int | None) -> Interval:
    """The days of `last` that do not lie before the day `low`, where there are such days."""
    if low is None or last.low is None or last.high is None or low <= last.low or low > last.high:
        return last
    return Interval(low, last.high)
