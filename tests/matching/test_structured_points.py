"""Age limits, sex and conditions as points."""

import pytest

from cartella.knowledge import knowledge
from cartella.logic import (
    SCALE,
    Coding,
    Interval,
    Measure,
    PatientFacts,
    Source,
    evaluate,
)
from cartella.matching import condition_point, structured_points
from cartella.trials.criteria import Outcome, Point
from cartella.trials.study import AgeLimit, SexLimit

SOURCE = Source("record", "words")


def limit(text: str) -> AgeLimit:
    return AgeLimit.read(text)


def outcome(point: Point, facts: PatientFacts) -> Outcome:
    return point.outcome(evaluate(point.expression, facts).truth)


def aged(age: int | None = None, months: int | None = None) -> PatientFacts:
    found = {"age": age, "age.months": months}
    return PatientFacts(
        739_555, {k: Measure(Interval.exactly(v * SCALE), SOURCE) for k, v in found.items() if v is not None}
    )


def with_diagnosis(*possible: str) -> PatientFacts:
    return PatientFacts(739_555, codings={"diagnosis": Coding(frozenset(possible), SOURCE)})


def test_an_open_end_is_no_limit() -> None:
    assert structured_points(None, limit("N/A"), SexLimit.ALL) == ()
    assert structured_points(limit("0 Days"), None, None) == ()
    assert [p.field for p in structured_points(limit("18 Years"), None, None)] == ["minimumAge"]


@pytest.mark.parametrize(("age", "expected"), [(17, Outcome.CONFLICT), (18, Outcome.OK), (None, Outcome.UNKNOWN)])
def test_minimum_age(age: int | None, expected: Outcome) -> None:
    (point,) = structured_points(limit("18 Years"), None, None)
    assert (point.span, point.field) == (None, "minimumAge")
    assert outcome(point, aged(age)) is expected


@pytest.mark.parametrize(("age", "expected"), [(70, Outcome.OK), (71, Outcome.CONFLICT)])
def test_maximum_age_takes_the_whole_year(age: int, expected: Outcome) -> None:
    (point,) = structured_points(None, limit("70 Years"), None)
    assert outcome(point, aged(age)) is expected


@pytest.mark.parametrize(("months", "expected"), [(0, Outcome.CONFLICT), (1, Outcome.UNKNOWN), (2, Outcome.OK)])
def test_a_minimum_in_weeks_is_left_open_where_completed_months_do_not_tell(months: int, expected: Outcome) -> None:
    (point,) = structured_points(limit("6 Weeks"), None, None)
    assert outcome(point, aged(months=months)) is expected


@pytest.mark.parametrize(("months", "expected"), [(0, Outcome.OK), (1, Outcome.UNKNOWN), (2, Outcome.CONFLICT)])
def test_a_maximum_in_weeks_is_left_open_where_completed_months_do_not_tell(months: int, expected: Outcome) -> None:
    (point,) = structured_points(None, limit("6 Weeks"), None)
    assert outcome(point, aged(months=months)) is expected


def test_a_limit_in_words_that_are_not_understood_is_unknown() -> None:
    (point,) = structured_points(limit("adult"), None, None)
    assert (point.field, outcome(point, aged(30))) == ("minimumAge", Outcome.UNKNOWN)


def test_sex() -> None:
    (point,) = structured_points(None, None, SexLimit.FEMALE)
    man = PatientFacts(739_555, codings={"sex": Coding(frozenset({"male"}), SOURCE)})
    assert outcome(point, man) is Outcome.CONFLICT
    assert outcome(point, aged()) is Outcome.UNKNOWN


def test_conditions_take_every_kind_of_the_disease() -> None:
    point = condition_point(["disease:B_NHL"], all_read=True)
    assert point is not None
    assert outcome(point, with_diagnosis("disease:DLBCLNOS")) is Outcome.OK
    assert outcome(point, with_diagnosis("disease:NBL")) is Outcome.CONFLICT
    assert outcome(point, with_diagnosis(*knowledge().descendants("disease:LYMPHOMA"))) is Outcome.UNKNOWN
    assert outcome(point, aged()) is Outcome.UNKNOWN


def test_a_condition_that_was_not_read_may_be_the_patients() -> None:
    point = condition_point(["disease:B_NHL"], all_read=False)
    assert point is not None
    assert outcome(point, with_diagnosis("disease:NBL")) is Outcome.UNKNOWN
    assert outcome(point, with_diagnosis("disease:DLBCLNOS")) is Outcome.OK
    assert condition_point([], all_read=False) is None
