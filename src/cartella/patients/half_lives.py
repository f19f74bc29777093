"""Half-lives: whether a medicine was given so lately that it may still be there.

Trials count "5 half-lives" of a medicine beside a fixed time. The half-lives of the vocabulary are ranges; what lies
inside a range stays open, and so does every medicine that the table does not hold.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import Event, Interval
from cartella.logic.evaluate import elapsed_days
from cartella.patients.context import Context

COUNTED = (2, 3, 4, 5)
"""The numbers of half-lives that trials ask for (3 and 5 make up 95 of 100 in the registry texts)."""


def trait(number: int) -> str:
    """The trait of an event that lies no more than so many half-lives back."""
    return f"within_{number}_half_lives"


def draw(context: Context) -> None:
    """Put on each medicine whether it was given within 2 to 5 of its half-lives."""
    for index, event in enumerate(context.draft.events):
        parts = _parts(event)
        elapsed = elapsed_days(event.last, context.day)
        found = {trait(n): value for n in COUNTED if (value := _within(parts, n, elapsed)) is not None}
        if found:
            context.draft.events[index] = replace(event, traits={**event.traits, **found})


def _parts(event: Event) -> tuple[str, ...]:
    """The drugs of an event: itself, or those of its regimen."""
    regimen = knowledge().regimens.get(event.counts_as)
    return regimen.components if regimen is not None else (event.counts_as,)


def _within(parts: tuple[str, ...], number: int, elapsed: Interval) -> bool | None:
    """Whether all parts are within so many half-lives, or none; None where they differ or one is not known."""
    found = {_one_within(part, number, elapsed) for part in parts}
    return found.pop() if len(found) == 1 else None


def _one_within(drug: str, number: int, elapsed: Interval) -> bool | None:
    range_ = knowledge().half_life(drug)
    if range_ is None:
        return None
    shortest, longest = (number * Fraction(end) for end in range_)
    if elapsed.high is not None and elapsed.high <= shortest:
        return True
    return False if elapsed.low is not None and elapsed.low > longest else None
