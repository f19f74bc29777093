"""Periods and windows: how long ago something was, on the calendar."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from facts_in_short import REFERENCE_DAY, days_ago

from cartella.logic import FALSE, TRUE, UNKNOWN, Interval, Period, PeriodUnit, Truth, Window
from cartella.logic.evaluate import elapsed_days

HOUR, DAY, WEEK, MONTH, YEAR = PeriodUnit
SMALL = range(4)


def day_before(day: str, amount: int, unit: PeriodUnit) -> str:
    """The day that lies a period before `day`."""
    ordinal = date.fromisoformat(day).toordinal()
    return date.fromordinal(ordinal - Period(amount, unit).days_before(ordinal)).isoformat()


@pytest.mark.parametrize(
    ("day", "amount", "unit", "expected"),
    [
        ("2026-11-24", 0, DAY, "2026-11-24"),
        ("2026-11-24", 14, DAY, "2026-11-10"),
        ("2026-11-24", 2, WEEK, "2026-11-10"),
        ("2026-11-01", 6, MONTH, "2026-05-01"),
        ("2026-11-24", 12, MONTH, "2025-11-24"),
        ("2026-11-24", 1, YEAR, "2025-11-24"),
        ("2026-03-31", 1, MONTH, "2026-02-28"),
        ("2024-03-31", 1, MONTH, "2024-02-29"),
        ("2024-02-29", 1, YEAR, "2023-02-28"),
        ("2026-01-15", 1, MONTH, "2025-12-15"),
        ("2026-12-15", 12, MONTH, "2025-12-15"),
        ("2026-12-31", 13, MONTH, "2025-11-30"),
    ],
)
def test_months_and_years_are_counted_on_the_calendar(day: str, amount: int, unit: PeriodUnit, expected: str) -> None:
    assert day_before(day, amount, unit) == expected


def test_months_do_not_reach_before_the_first_day_of_the_calendar() -> None:
    day = date(2, 6, 15).toordinal()
    assert day - Period(5, YEAR).days_before(day) == 1
    assert day - Period(17, MONTH).days_before(day) == date(1, 1, 15).toordinal()


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (1, 1), (24, 1), (25, 2), (48, 2), (72, 3)])
def test_hours_are_rounded_up_to_whole_days(hours: int, days: int) -> None:
    """The days that a period touches, since a record holds days."""
    assert Period(hours, HOUR).days_before(REFERENCE_DAY) == days


@pytest.mark.parametrize(
    ("window", "by_elapsed_days"),
    [
        (Window(at_most=Period(72, HOUR)), "TTTTF"),
        (Window(at_most=Period(72, HOUR), at_most_strict=True), "TTTFF"),
        (Window(at_least=Period(48, HOUR)), "FFTTT"),
        (Window(at_most=Period(12, HOUR)), "TUFFF"),
        (Window(at_most=Period(36, HOUR)), "TTUFF"),
        (Window(at_most=Period(36, HOUR), at_most_strict=True), "TTUFF"),
        (Window(at_least=Period(12, HOUR)), "UTTTT"),
        (Window(at_least=Period(36, HOUR)), "FUTTT"),
        (Window(at_least=Period(36, HOUR), at_least_strict=True), "FUTTT"),
        (Window(at_least=Period(12, HOUR), at_most=Period(12, HOUR)), "UUFFF"),
        (Window(at_least=Period(12, HOUR), at_most=Period(36, HOUR)), "UTUFF"),
    ],
)
def test_hours_that_are_no_whole_days_leave_the_day_they_fall_on_open(window: Window, by_elapsed_days: str) -> None:
    """Yesterday may or may not be within 12 hours: neither a conflict nor ok can be read off a date."""
    letter = {TRUE: "T", FALSE: "F", UNKNOWN: "U"}
    found = [window.holds(Interval.exactly(elapsed), REFERENCE_DAY) for elapsed in range(5)]
    assert "".join(letter[value] for value in found) == by_elapsed_days


def test_a_longer_period_reaches_at_least_as_far_back() -> None:
    for unit in PeriodUnit:
        for offset in range(0, 800, 37):
            reach = [Period(amount, unit).days_before(REFERENCE_DAY - offset) for amount in range(40)]
            assert reach == sorted(reach)


@pytest.mark.parametrize(
    ("window", "elapsed", "expected"),
    [
        (Window(at_most=Period(4, WEEK)), 28, TRUE),
        (Window(at_most=Period(4, WEEK)), 29, FALSE),
        (Window(at_most=Period(14, DAY), at_most_strict=True), 13, TRUE),
        (Window(at_most=Period(14, DAY), at_most_strict=True), 14, FALSE),
        (Window(at_least=Period(2, WEEK)), 14, TRUE),
        (Window(at_least=Period(2, WEEK)), 13, FALSE),
        (Window(at_least=Period(2, WEEK), at_least_strict=True), 14, FALSE),
        (Window(at_least=Period(2, WEEK), at_least_strict=True), 15, TRUE),
        (Window(at_least=Period(3, DAY), at_most=Period(5, DAY)), 4, TRUE),
        (Window(at_least=Period(3, DAY), at_most=Period(5, DAY)), 2, FALSE),
        (Window(at_least=Period(3, DAY), at_most=Period(5, DAY)), 6, FALSE),
        (Window(), 99999, TRUE),
    ],
)
def test_a_known_day_is_in_the_window_or_not(window: Window, elapsed: int, expected: Truth) -> None:
    assert window.holds(Interval.exactly(elapsed), REFERENCE_DAY) is expected


def test_an_interval_of_days_is_settled_only_if_every_day_agrees() -> None:
    """All small windows, strict and not, against all small intervals, by brute force."""
    bounds = [None, *(Period(amount, DAY) for amount in SMALL)]
    ends = [(low, high) for low, high in product(SMALL, (None, *SMALL)) if high is None or low <= high]
    for least, most, least_strict, most_strict in product(bounds, bounds, (False, True), (False, True)):
        window = Window(least, most, least_strict and least is not None, most_strict and most is not None)
        for low, high in ends:
            days = range(low, 10 if high is None else high + 1)
            answers = {_inside(day, window) for day in days}
            expected = UNKNOWN if len(answers) == 2 else TRUE if True in answers else FALSE
            assert window.holds(Interval(low, high), REFERENCE_DAY) is expected, (window, low, high)


def _inside(day: int, window: Window) -> bool:
    least, most = window.at_least, window.at_most
    if least is not None and (day <= least.amount if window.at_least_strict else day < least.amount):
        return False
    return most is None or (day < most.amount if window.at_most_strict else day <= most.amount)


def test_elapsed_days_count_back_from_the_reference_day() -> None:
    assert elapsed_days(days_ago(10), REFERENCE_DAY) == Interval(10, 10)
    assert elapsed_days(days_ago(10, 40), REFERENCE_DAY) == Interval(10, 40)


def test_what_still_goes_on_or_lies_ahead_was_zero_days_ago() -> None:
    assert elapsed_days(days_ago(0), REFERENCE_DAY) == Interval(0, 0)
    assert elapsed_days(days_ago(-30), REFERENCE_DAY) == Interval(0, 0)
    assert elapsed_days(days_ago(-30, 5), REFERENCE_DAY) == Interval(0, 5)


def test_without_a_first_or_a_last_day_the_interval_stays_open() -> None:
    assert elapsed_days(Interval(None, REFERENCE_DAY - 3), REFERENCE_DAY) == Interval(3, None)
    assert elapsed_days(Interval(REFERENCE_DAY - 3, None), REFERENCE_DAY) == Interval(0, 3)
    assert elapsed_days(Interval(), REFERENCE_DAY) == Interval(0, None)
