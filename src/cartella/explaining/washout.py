"""The day from which a settled point is open again because a stretch of time has passed."""

from __future__ import annotations

from datetime import date

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    And,
    AtLeast,
    If,
    Interval,
    Not,
    Or,
    PatientFacts,
    Presence,
    Trace,
    Window,
)
from cartella.logic.evaluate import elapsed_days

_LAST_DAY = date.max.toordinal()
_LONGEST_YEARS = 200


def day_of_change(trace: Trace, facts: PatientFacts) -> int | None:
    """The first day (ordinal) on which the trace no longer has the truth it has now, if nothing happens again.

    Only windows of time that run out are counted: "treatment within 4 weeks" runs out 4 weeks after the last day of
    the treatment. None if that does not turn the answer, or if something that counts still goes on.
    """
    if trace.truth is UNKNOWN:
        return None
    parts = trace.parts
    match trace.node:
        case Presence() as presence:
            return _lapse(presence, facts) if trace.truth is TRUE else None
        case Not():
            return day_of_change(parts[0], facts)
        case And():
            return _after(parts, trace.truth, 1 if trace.truth is TRUE else None, facts)
        case Or():
            return _after(parts, trace.truth, 1 if trace.truth is FALSE else None, facts)
        case AtLeast(count=count):
            needed = count if trace.truth is TRUE else len(parts) - count + 1
            spare = sum(p.truth is trace.truth for p in parts) - needed
            return _after(parts, trace.truth, spare + 1, facts)
        case If():
            if trace.truth is FALSE:
                days = [day_of_change(part, facts) for part in parts]
                return min((d for d in days if d is not None), default=None)
            holding = [part for part, truth in zip(parts, (FALSE, TRUE), strict=True) if part.truth is truth]
            days = [day_of_change(part, facts) for part in holding]
            known = [d for d in days if d is not None]
            return max(known) if len(known) == len(days) and known else None
    return None


def _after(parts: tuple[Trace, ...], truth: object, number: int | None, facts: PatientFacts) -> int | None:
    """The day on which `number` of the parts with `truth` (None: all of them) have changed."""
    days = [day_of_change(part, facts) for part in parts if part.truth is truth]
    known = sorted(d for d in days if d is not None)
    wanted = len(days) if number is None else number
    return known[wanted - 1] if 0 < wanted <= len(known) else None


def _lapse(node: Presence, facts: PatientFacts) -> int | None:
    """The first day on which no recorded event of the concept lies in the window any more."""
    window = node.window
    if window is None or window.at_most is None:
        return None
    ends = []
    for event in facts.events:
        if node.concept not in event.concepts and node.concept not in event.may_be:
            continue
        if window.holds(elapsed_days(event.last, facts.reference_day), facts.reference_day) is FALSE:
            continue
        if event.last.high is None or event.last.high >= facts.reference_day:
            return None
        ends.append(event.last.high)
    return _first_day_outside(window, max(ends), facts.reference_day) if ends else None


def _first_day_outside(window: Window, last: int, reference_day: int) -> int | None:
    """By the calendar rules of `logic.periods`, day by day: months differ in length."""
    period = window.at_most
    if period is None or period.days_before(reference_day) > 366 * _LONGEST_YEARS:
        return None
    day = reference_day
    while day <= _LAST_DAY:
        if window.holds(Interval.exactly(day - last), day) is FALSE:
            return day
        day += 1
    return None
