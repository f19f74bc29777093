"""Dates, ages, status and the difference between "not stated" and any value."""

from __future__ import annotations

from datetime import date

import pytest

from cartella.logic import Period, PeriodUnit
from cartella.trials.dates import StudyDate
from cartella.trials.status import Status, StatusEntry
from cartella.trials.study import AgeLimit, RecordSource, Site, Snapshot, Study

TODAY = date(2026, 11, 24)
SOURCE = RecordSource("invented")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026-08-22", date(2026, 8, 22), date(2026, 8, 22)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-08-22T10:00:00Z", date(2026, 8, 22), date(2026, 8, 22)),
    ],
)
def test_a_date_covers_the_days_that_it_leaves_open(text: str, earliest: date, latest: date) -> None:
    found = StudyDate.read(text)
    assert (found.earliest, found.latest) == (earliest, latest)
    assert str(found) == text[:10]


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "2026-02-30", "22/08/2026", "٢٠٢٦", "0000"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        StudyDate.read(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("18 Years", Period(18, PeriodUnit.YEAR)),
        ("1 Year", Period(1, PeriodUnit.YEAR)),
        ("6 Months", Period(6, PeriodUnit.MONTH)),
        ("2 weeks", Period(2, PeriodUnit.WEEK)),
        (" 0 Days ", Period(0, PeriodUnit.DAY)),
    ],
)
def test_age_limits_in_words_become_periods(text: str, period: Period) -> None:
    limit = AgeLimit.read(text)
    assert limit.period == period
    assert limit.text == text
    assert limit.is_understood and not limit.is_open


@pytest.mark.parametrize("text", ["No maximum", "N/A", "No limit", "none"])
def test_an_open_end_is_a_statement_of_no_limit(text: str) -> None:
    limit = AgeLimit.read(text)
    assert limit.is_open and limit.is_understood and limit.period is None


@pytest.mark.parametrize("text", ["18 Minutes", "adult", "eighteen years", "-1 Years"])
def test_wording_that_is_not_understood_is_not_taken_as_no_limit(text: str) -> None:
    limit = AgeLimit.read(text)
    assert not limit.is_open and not limit.is_understood
    assert limit.text == text


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("RECRUITING", Status.RECRUITING),
        ("Active, not recruiting", Status.ACTIVE_NOT_RECRUITING),
        ("Not yet recruiting", Status.NOT_YET_RECRUITING),
        ("Unknown status", Status.UNKNOWN),
        ("UNKNOWN", Status.UNKNOWN),
        ("unrecognised", Status.UNRECOGNISED),
        ("PAUSED_FOR_NOW", Status.UNRECOGNISED),
    ],
)
def test_status_words(word: str, status: Status) -> None:
    entry = StatusEntry.read(word)
    assert entry.status is status
    assert entry.text == word


def test_only_words_that_say_so_are_open_or_closed() -> None:
    told = {status: status.takes_patients for status in Status}
    assert told[Status.RECRUITING] is True
    assert told[Status.NOT_YET_RECRUITING] is False
    assert told[Status.COMPLETED] is False
    assert [status for status, answer in told.items() if answer is None] == [
        Status.UNKNOWN,
        Status.WITHHELD,
        Status.UNRECOGNISED,
    ]


@pytest.mark.parametrize(
    ("confirmed", "to_be_confirmed"),
    [("2026-11-20", False), ("2026-05-24", False), ("2026-05-23", True), ("2026-05", True), ("2026-06", False)],
)
def test_a_status_is_to_be_confirmed_after_six_months(confirmed: str, to_be_confirmed: bool) -> None:
    entry = StatusEntry.read("RECRUITING", StudyDate.read(confirmed))
    assert entry.to_be_confirmed(TODAY) is to_be_confirmed


def test_a_status_without_a_date_or_meaning_is_always_to_be_confirmed() -> None:
    fresh = StudyDate.read("2026-11-20")
    assert StatusEntry.read("RECRUITING").to_be_confirmed(TODAY)
    assert StatusEntry.read("RECRUITING").age_in_days(TODAY) is None
    assert StatusEntry.read("UNKNOWN", fresh).to_be_confirmed(TODAY)
    assert StatusEntry.read("PAUSED", fresh).to_be_confirmed(TODAY)


def test_the_age_of_a_status_counts_from_the_earliest_possible_day_and_is_never_negative() -> None:
    assert StatusEntry.read("UNKNOWN", StudyDate.read("2021-11")).age_in_days(TODAY) == 1849
    assert StatusEntry.read("RECRUITING", StudyDate.read("2026-12-01")).age_in_days(TODAY) == 0


def test_nothing_is_filled_in() -> None:
    study = Study("NCT90000001", SOURCE)
    assert study.status is None and study.current_status is None
    assert study.enrolment is None and study.sex is None and study.healthy_volunteers is None
    assert study.minimum_age is None and study.criteria_text is None
    assert study.sites == () and study.current_sites == ()


def test_a_later_snapshot_decides_the_status_and_an_earlier_one_does_not() -> None:
    own = StatusEntry.read("RECRUITING", StudyDate.read("2024-03-01"))
    closed = StatusEntry.read("COMPLETED", StudyDate.read("2026-08-01"))
    later = Snapshot(date(2026, 8, 22), status=closed, sites=(Site(city="Bologna"),))
    study = Study("NCT90000001", SOURCE, status=own, last_update=own.confirmed, snapshots=(later,))
    assert study.current_status is closed
    assert study.status is own
    assert study.current_sites == (Site(city="Bologna"),)
    newer_record = Study(
        "NCT90000001", SOURCE, status=own, last_update=StudyDate.read("2026-09-01"), snapshots=(later,)
    )
    assert newer_record.current_status is own
    assert newer_record.current_sites == ()


def test_a_snapshot_that_says_nothing_of_sites_hides_none() -> None:
    study = Study(
        "NCT90000001", SOURCE, sites=(Site(city="Pavia"),), snapshots=(Snapshot(date(2026, 8, 22), site_count=3),)
    )
    assert study.current_sites == (Site(city="Pavia"),)
    assert study.current_status is None
