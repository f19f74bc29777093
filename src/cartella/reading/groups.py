"""Groups of patients that a text never names: each disease of a basket trial, each age group.

Lines that cannot all hold for one patient are alternatives: such a line is a group's own, asked only of those who
belong to it. A patient whom none of the groups takes in still meets a conflict.
"""

from __future__ import annotations

from dataclasses import replace

from cartella.logic import And, Code, Expression, If, Number, Opaque, Operator, Or, walk
from cartella.reading.clause import conjunction
from cartella.trials.criteria import Point, Section

LOWER = (Operator.AT_LEAST, Operator.GREATER)


def with_groups(points: list[Point]) -> list[Point]:
    """The points, with the lines of unnamed groups limited to those whom they concern."""
    return _by_age(_by_disease(points))


def _conjuncts(expression: Expression) -> tuple[Expression, ...]:
    if not isinstance(expression, And):
        return (expression,)
    return tuple(part for item in expression.items for part in _conjuncts(item))


def _diagnosis(point: Point) -> Code | None:
    """The diagnosis that a point of the inclusions asks of everybody."""
    if point.section is not Section.INCLUSION or point.cohort is not None:
        return None
    named = [n for n in _conjuncts(point.expression) if isinstance(n, Code) and n.variable == "diagnosis"]
    return named[0] if len(named) == 1 else None


def _circle(point: Point) -> frozenset[str]:
    """All the diseases among which a point lets choose."""
    if point.section is not Section.INCLUSION or point.cohort is not None or not isinstance(point.expression, Or):
        return frozenset()
    named = [n.codes for n in walk(point.expression) if isinstance(n, Code) and n.variable == "diagnosis"]
    return frozenset().union(*named) if len(named) > 1 else frozenset()


def _by_disease(points: list[Point]) -> list[Point]:
    asked = [_diagnosis(point) for point in points]
    codes = [code.codes for code in asked if code is not None]
    codes += [wide for point in points if (wide := _circle(point))]
    result = []
    for point, code in zip(points, asked, strict=True):
        if code is None:
            result.append(point)
            continue
        others = [c for c in codes if c != code.codes]
        rest = tuple(n for n in _conjuncts(point.expression) if n is not code)
        if any(code.codes < other for other in others):
            # another line names a wider circle of diseases: this line is one group's own
            then = conjunction(rest) if rest else And(())
            result.append(replace(point, expression=If(code, then)))
        elif any(code.codes.isdisjoint(other) for other in others):
            elsewhere = frozenset().union(*(o for o in others if code.codes.isdisjoint(o)))
            other_group = And((Code("diagnosis", elsewhere), Opaque(span=point.span)))
            result.append(replace(point, expression=Or((point.expression, other_group))))
        else:
            result.append(point)
    return result


def _age(point: Point) -> tuple[Number, ...]:
    if point.section is not Section.INCLUSION or point.cohort is not None:
        return ()
    return tuple(n for n in _conjuncts(point.expression) if isinstance(n, Number) and n.quantity == "age")


def _by_age(points: list[Point]) -> list[Point]:
    """Two lines with different lower (or upper) limits of age speak of two groups."""
    asked = [_age(point) for point in points]
    result = []
    for n, (point, limits) in enumerate(zip(points, asked, strict=True)):
        others = [other for m, other in enumerate(asked) if m != n and other and _rival(limits, other)]
        if not limits or not others:
            result.append(point)
            continue
        other_group = And((Or(tuple(conjunction(other) for other in others)), Opaque(span=point.span)))
        result.append(replace(point, expression=Or((point.expression, other_group))))
    return result


def _rival(mine: tuple[Number, ...], other: tuple[Number, ...]) -> bool:
    def bounds(limits: tuple[Number, ...], low: bool) -> set[int]:
        return {n.bound for n in limits if (n.operator in LOWER) is low}

    return any(
        bounds(mine, low) and bounds(other, low) and bounds(mine, low) != bounds(other, low) for low in (True, False)
    )
