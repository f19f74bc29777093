"""Points from the structured fields of a study: age limits, sex, and the conditions it is registered for.

An open end is no limit and gives no point. Ages are compared as registries mean them: both ends included, in
completed years or months ("17 Years" as the upper limit takes who has not turned 18).
"""

from __future__ import annotations

from collections.abc import Iterable

from cartella.knowledge import knowledge
from cartella.logic import (
    SCALE,
    And,
    Code,
    Expression,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Unread,
)
from cartella.trials.criteria import Point, Section
from cartella.trials.study import AgeLimit, SexLimit

MINIMUM_AGE = "minimumAge"
MAXIMUM_AGE = "maximumAge"
SEX = "sex"
CONDITIONS = "conditions"

_SHORTEST_MONTH = 28
_LONGEST_MONTH = 31


def structured_points(
    minimum_age: AgeLimit | None, maximum_age: AgeLimit | None, sex: SexLimit | None
) -> tuple[Point, ...]:
    """The points of the age limits and the sex; a limit whose wording was not understood is always unknown."""
    points = []
    if minimum_age is not None and not minimum_age.is_open:
        age = minimum_age.period
        if age is None or age.amount > 0:
            points.append(Point(Section.INCLUSION, Opaque() if age is None else _at_least(age), field=MINIMUM_AGE))
    if maximum_age is not None and not maximum_age.is_open:
        age = maximum_age.period
        points.append(Point(Section.INCLUSION, Opaque() if age is None else _at_most(age), field=MAXIMUM_AGE))
    if sex in (SexLimit.MALE, SexLimit.FEMALE):
        points.append(Point(Section.INCLUSION, Code("sex", frozenset({sex.value})), field=SEX))
    elif sex is SexLimit.UNRECOGNISED:
        points.append(Point(Section.INCLUSION, Opaque(), field=SEX))
    return tuple(points)


def condition_point(diseases: Iterable[str], *, all_read: bool) -> Point | None:
    """The conditions that a study is registered for, as a point; None when no condition was read.

    Who has one of them, or a kind of one, is among those the study is for. Who has none of them is not, but only if
    every condition on the list was read (`all_read`): otherwise the one that was not read may be theirs.
    """
    house = knowledge()
    named = frozenset(diseases)
    if not named:
        return None
    codes = frozenset().union(*(house.descendants(disease) for disease in named))
    expression: Expression = Code("diagnosis", codes)
    if not all_read:
        expression = Or((expression, Opaque(Unread.NOT_UNDERSTOOD)))
    return Point(Section.INCLUSION, expression, field=CONDITIONS)


def _at_least(age: Period) -> Expression:
    if age.unit is PeriodUnit.YEAR:
        return Number("age", Operator.AT_LEAST, age.amount * SCALE)
    if age.unit is PeriodUnit.MONTH:
        return Number("age.months", Operator.AT_LEAST, age.amount * SCALE)
    days = _days(age)
    surely, perhaps = -(-days // _SHORTEST_MONTH), days // _LONGEST_MONTH
    return Or((_months(Operator.AT_LEAST, surely), And((_months(Operator.AT_LEAST, perhaps), Opaque()))))


def _at_most(age: Period) -> Expression:
    if age.unit is PeriodUnit.YEAR:
        return Number("age", Operator.AT_MOST, age.amount * SCALE)
    if age.unit is PeriodUnit.MONTH:
        return Number("age.months", Operator.AT_MOST, age.amount * SCALE)
    days = _days(age)
    surely, perhaps = days // _LONGEST_MONTH, days // _SHORTEST_MONTH
    return Or((_months(Operator.LESS, surely), And((_months(Operator.AT_MOST, perhaps), Opaque()))))


def _months(operator: Operator, months: int) -> Expression:
    return Number("age.months", operator, months * SCALE)


def _days(age: Period) -> int:
    """An age in weeks, days or hours as whole days, which need no calendar.

    Patients' ages are known in completed months: a limit in days leaves open what lies between the shortest and the
    longest months that it can be.
    """
    return age.days_before(0)
