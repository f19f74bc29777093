"""What one measurement of an organ says of another: filtration and clearance, the QT interval, oxygen, bilirubin.

Every fact made here is marked as derived, with the rule in words; one that is stated comes before it. Rules: general
internal medicine (own knowledge, 2026-11; confidence: from memory, checked against the cases in tests/patients).
"""

from __future__ import annotations

import re

from cartella.logic import SCALE, Interval, Measure
from cartella.patients.consequences import derive, tell
from cartella.patients.context import Context, below
from cartella.patients.wording import mark

_CLEARANCE, _FILTRATION = "lab:crcl", "lab:egfr"
_ROOM_AIR = re.compile(r"\b(?:room|ambient)\s+air\b|\baria\s+(?:ambiente|ambientale)\b|\bAA\b", re.IGNORECASE)
_WITHOUT_OXYGEN = 92 * SCALE
"""A saturation on room air from which nobody is given oxygen for long (long-term oxygen begins at 88 %)."""


def draw(context: Context) -> None:
    """Add what follows from one measurement for another."""
    _kidneys(context)
    _heart(context)
    _oxygen(context)
    _bilirubin(context)


def _kidneys(context: Context) -> None:
    """Creatinine clearance and estimated filtration estimate the same: each stands for the other within a tenth."""
    for told, wanted in ((_CLEARANCE, _FILTRATION), (_FILTRATION, _CLEARANCE)):
        stated = _only(context, told)
        if stated is None or wanted in context.draft.measures:
            continue
        low, high = stated.value.low, stated.value.high
        around = Interval(None if low is None else low * 9 // 10, None if high is None else -(-high * 11 // 10))
        rule = f"estimated by the {mark(told)}, within a tenth"
        context.draft.measure(wanted, around, derive(stated.source, rule))
        tell(context, stated.source, mark(wanted), rule)
        return


def _heart(context: Context) -> None:
    """A corrected QT interval by a named formula is a corrected QT interval."""
    if "lab:qtc" in context.draft.measures:
        return
    for formula in ("lab:qtcf", "lab:qtcb"):
        stated = _only(context, formula)
        if stated is not None:
            rule = f"as {mark(formula)}"
            context.draft.measure("lab:qtc", stated.value, derive(stated.source, rule))
            tell(context, stated.source, mark("lab:qtc"), rule)
            return


def _oxygen(context: Context) -> None:
    """Whoever is well saturated on room air does not depend on oxygen."""
    concept = "cond:oxygen_dependence"
    stated = _only(context, "lab:spo2")
    if stated is None or stated.value.low is None or stated.value.low < _WITHOUT_OXYGEN:
        return
    told = any(concept in e.concepts | e.may_be for e in context.draft.events)
    if _ROOM_AIR.search(stated.source.words) and not told:
        rule = "well saturated on room air"
        context.draft.absence(concept, below(concept), derive(stated.source, rule))
        tell(context, stated.source, mark(concept), rule)


def _bilirubin(context: Context) -> None:
    """A fraction of the bilirubin is at most the whole of it."""
    total = _only(context, "lab:bilirubin_total")
    if total is None or total.value.high is None:
        return
    for fraction in ("lab:bilirubin_direct", "lab:bilirubin_indirect"):
        if fraction not in context.draft.measures:
            rule = f"at most the {mark('lab:bilirubin_total')}"
            context.draft.measure(fraction, Interval(0, total.value.high), derive(total.source, rule))
            tell(context, total.source, mark(fraction), rule)


def _only(context: Context, key: str) -> Measure | None:
    """The newest value, where the record agrees with itself on that day."""
    found = context.draft.measures.get(key, [])
    day = max((m.source.day or 0 for m in found), default=0)
    newest = [m for m in found if (m.source.day or 0) == day]
    return newest[0] if newest and len({m.value for m in newest}) == 1 else None
