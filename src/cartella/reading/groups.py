"""Groups of patients that a text never names: each disease of a basket trial, each age group.

Lines that cannot all hold for one patient are alternatives: such a line is a group's own, asked only of those who
belong to it. A patient whom none of the groups takes in still meets a conflict. A list of diseases below a line that
names their whole kind says which of the kind are meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import And, Code, Expression, If, Number, Opaque, Operator, Or
from cartella.reading.circles import Circle, circle_of, joined, without_disease
from cartella.reading.clause import conjunction, conjuncts
from cartella.reading.cohorts import without_spans
from cartella.trials.criteria import Point, Section

LOWER = (Operator.AT_LEAST, Operator.GREATER)
LISTS = re.compile(
    r"(?:\binclud(?:es?|ing)(?:\s+but\s+not\s+limited\s+to)?|\bfollowing(?:\s+\w+){0,3}|\bbelow|\bone\s+of|\beither"
    r"|\b(?:sub)?types|\bhistologies|\bdefined\s+(?:as|by)|\bcriteria|\bapplicable|\bclassification|:)\W*$",
    re.I,
)
DEMANDS = re.compile(r"\b(?:must|should|have\s+to|need|if|who|patients?|subjects?|participants?|received)\b", re.I)
NAMES_CANCER = re.compile(r"lymphoma|leuk[a]?emia|carcinoma|cancer|sarcoma|tumou?r|myeloma|blastoma|CLL|NHL|BCL", re.I)


def with_groups(points: list[Point], text: str) -> list[Point]:
    """The points, with the lines of unnamed groups limited to those whom they concern."""
    listed = _with_lists(points, text)
    return _by_age(_by_disease(points, listed))


def _circle(point: Point) -> Circle:
    """The diseases that a point of the inclusions leaves open to everybody."""
    if point.section is not Section.INCLUSION or point.cohort is not None:
        return None
    return circle_of(point.expression)


def _with_lists(points: list[Point], text: str) -> list[Point]:
    """``B-cell lymphoma, including:`` and the kinds in lines of their own: they and no others."""
    result = list(points)
    for n, head in enumerate(points):
        wide = _circle(head)
        if wide is None or not _is_one_kind(wide) or not LISTS.search(_words(head, text)):
            continue
        members = _members(points[n + 1 :], wide, text)
        read = [c for _, c in members if c is not None]
        if len(read) + sum(_alternatives(point) for point, _ in members) < 2:
            continue
        inside: Expression = Code("diagnosis", frozenset().union(*read), head.span)
        if len(read) < len(members):
            result[n] = replace(head, expression=And((head.expression, Or((inside, Opaque(span=head.span))))))
            continue
        result[n] = replace(head, expression=And((head.expression, inside)))
        for m, (point, circle) in enumerate(members, n + 1):
            result[m] = replace(point, expression=And((inside, _own(point, circle))))
    return result


def _alternatives(point: Point) -> int:
    """How many diseases one point lets choose among, beyond the first: a list may be one point over its lines."""
    if not isinstance(point.expression, Or):
        return 0
    return sum(circle_of(item) is not None for item in point.expression.items) - 1


def _is_one_kind(circle: frozenset[str]) -> bool:
    """Whether the diseases are those of one name."""
    house = knowledge()
    return any(house.descendants(name) == circle for name in circle)


def _members(points: Sequence[Point], wide: frozenset[str], text: str) -> list[tuple[Point, Circle]]:
    """The lines of a list of diseases; a line that names a cancer and was not read is one of them."""
    found: list[tuple[Point, Circle]] = []
    for point in points:
        words = _words(point, text)
        circle = _circle(point)
        named = circle is not None and not circle.isdisjoint(wide) and circle != wide
        unread = circle is None and len(words) < 140 and bool(NAMES_CANCER.search(words))
        if point.section is not Section.INCLUSION or DEMANDS.search(words) or not (named or unread):
            break
        found.append((point, circle))
    return found


def _own(point: Point, circle: Circle) -> Expression:
    """What a line of a list asks of those with its disease."""
    if circle is None:
        return point.expression
    rest = without_disease(point.expression)
    return If(Code("diagnosis", circle, point.span), conjunction(rest)) if rest else And(())


def _words(point: Point, text: str) -> str:
    return text[point.span.start : point.span.end] if point.span else ""


def _by_disease(points: list[Point], listed: list[Point]) -> list[Point]:
    circles = [_circle(point) for point in points]
    # whoever comes has a cancer: the bare word names no circle of its own
    named = [c for c in circles if c is not None and "disease:CANCER" not in c]
    result = []
    for before, point, circle in zip(points, listed, circles, strict=True):
        others = [c for c in named if c != circle]
        if circle is None or before is not point:
            result.append(point)
        elif wider := [other for other in others if circle < other]:
            # another line names a wider circle of diseases: this line may be one group's own
            whole = frozenset[str]().union(*wider)
            outside = Code("diagnosis", whole - circle, point.span)
            rivals = [p for p, c in zip(points, circles, strict=True) if c is not None and circle.isdisjoint(c)]
            met = [without_spans(rival.expression) for rival in rivals]
            other_group = And((outside, Or((*met, Opaque(span=point.span)))))
            own: Expression = Or((point.expression, other_group))
            if any(circle < c for c in circles[: len(result)] if c is not None):
                # the line before says who is wanted at all
                own = If(Code("diagnosis", whole, point.span), own)
            result.append(replace(point, expression=own))
        elif any(circle.isdisjoint(other) for other in others):
            elsewhere = joined([o for o in others if circle.isdisjoint(o)]) or frozenset()
            rivals = [p for p, c in zip(points, circles, strict=True) if c is not None and circle.isdisjoint(c)]
            met = [without_spans(rival.expression) for rival in rivals]
            other_group = And((Code("diagnosis", elsewhere), Or((*met, Opaque(span=point.span)))))
            result.append(replace(point, expression=Or((point.expression, other_group))))
        else:
            result.append(point)
    return result


def _age(point: Point) -> tuple[Number, ...]:
    if point.section is not Section.INCLUSION or point.cohort is not None:
        return ()
    return tuple(n for n in conjuncts(point.expression) if isinstance(n, Number) and n.quantity == "age")


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
