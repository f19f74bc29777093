"""Limits of one organ that stand for each other: ``neutrophils >= 1, creatinine <= 1.5 or clearance >= 60``.

A list that lost its "and" looks like a choice among all of its members. What is measured of one organ tells where the
choice begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from cartella.logic import Expression, Number, walk
from cartella.reading.clause import conjunction, conjuncts, disjunction, either_reading

ORGANS = (
    frozenset({"lab:creatinine", "lab:crcl", "lab:egfr", "lab:gfr_measured", "lab:cystatin_c"}),
    frozenset({"lab:bilirubin_total", "lab:bilirubin_direct", "lab:bilirubin_indirect"}),
    frozenset({"lab:inr", "lab:pt", "lab:aptt"}),
    frozenset({"lab:alt", "lab:ast", "lab:alp"}),
    frozenset({"lab:lvef", "lab:shortening_fraction"}),
    frozenset({"lab:spo2", "lab:pao2", "lab:dlco", "lab:fev1", "lab:fvc"}),
    frozenset({"lab:hb", "lab:hct"}),
    frozenset({"lab:anc", "lab:wbc"}),
)
RUN_ON = 3
"""So many limits in one part without a word between them are a list that lost its commas."""


def of_measures(items: Sequence[Expression], joins: Sequence[str]) -> Expression | None:
    """Limits of several organs, the last of them joined by "or"; None if they are no such list."""
    parts = [conjuncts(item) for item in items]
    if len(joins) != len(items) - 1 or set(joins) - {"", "or"} or not all(_is_limit(p) for part in parts for p in part):
        return None
    if len(items) < 3 and not any(len(part) >= RUN_ON for part in parts):
        return None
    narrow: list[Expression] = list(parts[0])
    sure = True
    for join, part in zip(joins, parts[1:], strict=True):
        if join == "or":
            sure = sure and _one_organ(narrow[-1], part[0])
            narrow[-1] = disjunction([narrow[-1], part[0]])
            narrow += part[1:]
        else:
            narrow += part
    if len(narrow) == 1:
        return None
    closest = conjunction(narrow)
    return closest if sure else either_reading(closest, disjunction(list(items)), None)


def _is_limit(expression: Expression) -> bool:
    return any(isinstance(n, Number) and n.quantity.startswith("lab:") for n in walk(expression))


def _one_organ(first: Expression, second: Expression) -> bool:
    return any(_measured(first) <= organ and _measured(second) <= organ for organ in ORGANS)


def _measured(expression: Expression) -> frozenset[str]:
    names = (n.quantity for n in walk(expression) if isinstance(n, Number))
    return frozenset(name.removesuffix(".uln").removesuffix(".lln") for name in names)
