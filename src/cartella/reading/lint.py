"""Doubts about what was read: a meaning that no trial would intend is a misreading or a slip of the text.

Such a reading is never used against a patient: the part in doubt becomes unknown, and the point says why.
"""

from __future__ import annotations

from dataclasses import replace

from cartella.logic import And, Code, Expression, If, Not, Number, Opaque, Operator, Or, Presence
from cartella.trials.criteria import Point, Section

LOW_IS_BAD = frozenset(
    """lab:plt lab:anc lab:hb lab:lvef lab:shortening_fraction lab:spo2 lab:crcl lab:egfr lab:gfr_measured lab:albumin
    lab:fev1 lab:fvc lab:dlco lab:life_expectancy karnofsky lansky""".split()
)
HIGH_IS_BAD = frozenset(
    """lab:alt lab:ast lab:bilirubin_total lab:bilirubin_direct lab:creatinine lab:inr lab:pt lab:aptt lab:qtc
    lab:qtcf ecog steroid_dose""".split()
)
WELCOME = frozenset(
    """cond:measurable_disease cond:postmenopausal cond:surgical_sterility cond:contraception
    cond:childbearing_potential cond:brain_metastases cond:cns_involvement cond:cns_active cond:leptomeningeal
    cond:cns_ever""".split()
)
UPPER = (Operator.AT_MOST, Operator.LESS)
LOWER = (Operator.AT_LEAST, Operator.GREATER)


def doubted(point: Point) -> Point:
    """The point with its doubtful parts made unknown and `concern` naming the doubt; or the point as it is."""
    wanted = point.section is Section.INCLUSION
    expression, concern = _checked(point.expression, wanted, alone=True)
    return point if concern is None else replace(point, expression=expression, concern=concern)


def _checked(node: Expression, wanted: bool, *, alone: bool = False) -> tuple[Expression, str | None]:
    """Walk down as long as the polarity is plain."""
    match node:
        case Number():
            if _wrong_way(node, wanted):
                return Opaque(span=node.span), "direction"
            return node, None
        case Presence() if wanted and _is_unwelcome(node):
            # nobody asks for an infection: the sentence meant something else
            return Or((node, Opaque(span=node.span))), "polarity"
        case Presence(window=window) if wanted and window is not None:
            # "for 6 months after the last dose": a time to come, not a treatment that is asked for
            return Or((node, Opaque(span=node.span))), "polarity"
        case Code(variable="sex") if wanted and not alone:
            # a sex named beside other things says whom they concern
            return Or((node, Opaque(span=node.span))), "polarity"
        case Not(item=item):
            inner, concern = _checked(item, not wanted)
            return (Not(inner, node.span), concern) if concern else (node, None)
        case And(items=items):
            if concern := _empty_range(items):
                return Opaque(span=node.span), concern
            return _all(node, items, wanted)
        case Or(items=items) if wanted and all(_is_unwelcome(i) for i in items):
            return Or((node, Opaque(span=node.span))), "polarity"
        case Or(items=items) if not wanted or any(isinstance(i, Code) and i.variable == "sex" for i in items):
            return _all(node, items, wanted)
        case If(condition=condition, then=then):
            inner, concern = _checked(then, wanted)
            return (If(condition, inner, node.span), concern) if concern else (node, None)
        case _:
            return node, None


def _is_unwelcome(node: Expression) -> bool:
    """An illness, pregnancy, an infection: nobody asks for it, nor for a choice of such."""
    match node:
        case Presence(concept=concept):
            return concept.startswith("cond:") and concept not in WELCOME
        case Or(items=items) | And(items=items):
            return bool(items) and all(_is_unwelcome(i) for i in items)
        case _:
            return False


def _all(node: And | Or, items: tuple[Expression, ...], wanted: bool) -> tuple[Expression, str | None]:
    if isinstance(node, And) and len(items) > 1 and any(isinstance(i, Number) for i in items) and _is_range(items):
        return node, None
    checked = [_checked(item, wanted) for item in items]
    concern = next((c for _, c in checked if c), None)
    if concern is None:
        return node, None
    return replace(node, items=tuple(e for e, _ in checked)), concern


def _wrong_way(node: Number, wanted: bool) -> bool:
    if node.operator is Operator.EQUAL and node.quantity.startswith(("age", "lab:")):
        return True  # a sign was lost on the way: nobody asks for exactly 18 years
    base = node.quantity.removesuffix(".uln").removesuffix(".lln")
    if base in LOW_IS_BAD:
        return node.operator in (UPPER if wanted else LOWER)
    if base in HIGH_IS_BAD:
        return node.operator in (LOWER if wanted else UPPER)
    return False


def _is_range(items: tuple[Expression, ...]) -> bool:
    quantities = {i.quantity for i in items if isinstance(i, Number)}
    return len(quantities) == 1 and all(isinstance(i, Number) for i in items)


def _empty_range(items: tuple[Expression, ...]) -> str | None:
    """Two limits of one quantity that no number can meet."""
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    for item in items:
        if isinstance(item, Number) and item.operator in LOWER:
            low[item.quantity] = max(item.bound, low.get(item.quantity, item.bound))
        elif isinstance(item, Number) and item.operator in UPPER:
            high[item.quantity] = min(item.bound, high.get(item.quantity, item.bound))
    return "empty_range" if any(low[q] > high[q] for q in low.keys() & high.keys()) else None
