"""The evaluator against completed records: all that a record leaves open is filled in at random.

Whatever the evaluator says of the record must be so of every completion, for all kinds of atoms: an imprecise entry
turns out to be one thing or several, a rough date turns out to be a day, and what was not told turns out to have been.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from generated import (
    CODES,
    CONCEPTS,
    HIGHEST,
    LOWEST,
    QUANTITIES,
    REFERENCE_DAY,
    TRAITS,
    VARIABLES,
    many_atoms,
    patients,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cartella.logic import (
    TRUE,
    UNKNOWN,
    And,
    AtLeast,
    Code,
    Count,
    Event,
    Expression,
    If,
    Interval,
    Not,
    Number,
    Opaque,
    Or,
    PatientFacts,
    Presence,
    children,
    evaluate,
    numbered,
)
from cartella.logic.evaluate import compare

NAMES = (*CONCEPTS, "another")
Draw = Callable[..., Any]


@dataclass(frozen=True)
class Happening:
    """Something that was so, without anything left open; `told` if the record speaks of it."""

    concepts: frozenset[str]
    day: int
    traits: Mapping[str, bool]
    name: str
    told: bool


@dataclass(frozen=True)
class Completion:
    """A record without anything left open. `doubt` settles what a date cannot say of hours."""

    numbers: Mapping[str, int]
    codes: Mapping[str, str]
    happenings: tuple[Happening, ...]
    complete: frozenset[str]
    opaque: Mapping[str, bool]
    doubt: bool

    def seen(self, concept: str, register: str | None) -> list[Happening]:
        """What there is of a concept: on a list that is complete, only what was told."""
        return [h for h in self.happenings if concept in h.concepts and (h.told or register not in self.complete)]


def some_day(draw: Draw, last: Interval) -> int:
    """A day of the interval, not far beyond the days that are generated."""
    low = REFERENCE_DAY - 300 if last.low is None else last.low
    return int(draw(st.integers(low, REFERENCE_DAY + 20 if last.high is None else last.high)))


def completed(draw: Draw, event: Event, denied: frozenset[str]) -> list[Happening]:
    """What an entry turns out to have been: one thing, or several if it was imprecise."""
    day = some_day(draw, event.last)
    traits = {**draw(st.fixed_dictionaries(dict.fromkeys(TRAITS, st.booleans()))), **event.traits}
    if not event.may_be:
        return [Happening(event.concepts, day, traits, event.counts_as, True)]
    besides = st.frozensets(st.sampled_from(sorted(event.may_be)))
    return [
        Happening(event.concepts | (draw(besides) - denied), day, traits, draw(st.sampled_from(NAMES)), True)
        for _ in range(draw(st.integers(1, 3)))
    ]


@st.composite
def completions(draw: Draw, facts: PatientFacts, node: Expression) -> Completion:
    """One of the ways in which everything may really be."""
    denied = frozenset[str]().union(*(absence.concepts for absence in facts.absences))
    told = [happening for event in facts.events for happening in completed(draw, event, denied)]
    extra = st.builds(
        Happening,
        st.frozensets(st.sampled_from(CONCEPTS)).map(lambda concepts: concepts - denied),
        st.integers(REFERENCE_DAY - 150, REFERENCE_DAY),
        st.fixed_dictionaries(dict.fromkeys(TRAITS, st.booleans())),
        st.sampled_from(NAMES),
        st.just(False),
    )
    numbers, codes = {}, {}
    for quantity in QUANTITIES:
        measure = facts.measures.get(quantity)
        value = Interval() if measure is None or measure.stale else measure.value
        low = LOWEST - 1 if value.low is None else value.low
        numbers[quantity] = draw(st.integers(low, max(low, HIGHEST + 1) if value.high is None else value.high))
    for variable in VARIABLES:
        coding = facts.codings.get(variable)
        possible = CODES if coding is None or coding.stale else sorted(coding.possible)
        codes[variable] = draw(st.sampled_from(possible))
    opaque = {identifier: draw(st.booleans()) for identifier, part in numbered(node) if isinstance(part, Opaque)}
    untold = [h for h in draw(st.lists(extra, max_size=2)) if h.concepts.isdisjoint(facts.told)]
    return Completion(numbers, codes, (*told, *untold), frozenset(facts.complete), opaque, draw(st.booleans()))


def holds(node: Expression, world: Completion, identifier: str = "0") -> bool:
    """Whether `node` holds of a completed record: true or false."""
    parts = [holds(child, world, f"{identifier}.{place}") for place, child in enumerate(children(node))]
    match node:
        case Number():
            return compare(Interval.exactly(world.numbers[node.quantity]), node.operator, node.bound) is TRUE
        case Code():
            return world.codes[node.variable] in node.codes
        case Presence():
            return any(_is_asked(node, happening, world.doubt) for happening in world.seen(node.concept, node.register))
        case Count():
            names = {happening.name for happening in world.seen(node.concept, node.register)}
            return compare(Interval.exactly(len(names)), node.operator, node.bound) is TRUE
        case Opaque():
            return world.opaque[identifier]
        case Not():
            return not parts[0]
        case And():
            return all(parts)
        case Or():
            return any(parts)
        case AtLeast():
            return sum(parts) >= node.count
        case If():
            return parts[1] if parts[0] else True


def _is_asked(node: Presence, happening: Happening, doubt: bool) -> bool:
    for trait in node.traits:
        if happening.traits[trait.removeprefix("!")] == trait.startswith("!"):
            return False
    if node.window is None:
        return True
    elapsed = Interval.exactly(max(0, REFERENCE_DAY - happening.day))
    within = node.window.holds(elapsed, REFERENCE_DAY)
    return doubt if within is UNKNOWN else within is TRUE


@settings(max_examples=400)
@given(many_atoms, patients(), st.data())
def test_what_is_known_is_so_of_every_completed_record(node: Expression, facts: PatientFacts, data: Any) -> None:
    known = [
        (identifier, part, found is TRUE)
        for identifier, part in numbered(node)
        if (found := evaluate(part, facts, identifier).truth) is not UNKNOWN
    ]
    for world in data.draw(st.lists(completions(facts, node), min_size=6, max_size=6)):
        for identifier, part, expected in known:
            assert holds(part, world, identifier) == expected, (identifier, part)
