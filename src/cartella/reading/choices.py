"""Lines that an "or" joins, at the end of the one or on a line of its own: any of them will do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.logic import And, Expression, If, Number, Or
from cartella.reading.circles import circle_of
from cartella.reading.clause import conjunction
from cartella.reading.layout import Item
from cartella.reading.text import PlainText
from cartella.trials.criteria import Point, Section

ENDS_WITH_OR = re.compile(r"\b(?:and/)?or\W*$", re.I)
ONLY_OR = re.compile(r"\W*(?:and/)?or\W*", re.I)


def is_only_or(item: Item, plain: PlainText) -> bool:
    """Whether a line says nothing but "or"."""
    return not item.children and bool(ONLY_OR.fullmatch(item.text(plain)))


def runs(items: Sequence[Item], plain: PlainText) -> list[list[Item]]:
    """Items that an "or" between them holds together."""
    found: list[list[Item]] = []
    linked = False
    for item in items:
        alone = is_only_or(item, plain)
        if found and not item.heading and (linked or alone):
            found[-1].append(item)
        else:
            found.append([item])
        linked = alone or (not item.children and not item.heading and bool(ENDS_WITH_OR.search(item.text(plain))))
    return found


def alternatives(read: Sequence[tuple[Item, list[Point]]]) -> list[Point]:
    """The points of items of which any one will do: each says the whole choice.

    An item with a list below it gives the choice only the member that stands beside the "or". Diseases that are listed
    are groups of patients, and are told apart with all the others of the text.
    """
    found = [point for _, own in read for point in own]
    choice = [own if not item.children else own[-1:] if n == 0 else own[:1] for n, (item, own) in enumerate(read)]
    inner = any(item.children for item, _ in read[1:-1])
    if len(read) < 2 or inner or not all(choice) or any(p.section is not Section.INCLUSION for p in found):
        return found
    if any(circle_of(p.expression) is not None for p in found):
        return found
    whole = Or(tuple(conjunction([_of_whom(point.expression) for point in own]) for own in choice))
    chosen = {id(point) for own in choice for point in own}
    return [replace(point, expression=whole) if id(point) in chosen else point for point in found]


def _of_whom(expression: Expression) -> Expression:
    """An alternative for some is one for them alone: whoever is not among them needs another.

    A condition on a measured value is no group: with a normal creatinine nobody needs a clearance.
    """
    if not isinstance(expression, If) or isinstance(expression.condition, Number):
        return expression
    return And((expression.condition, expression.then))
