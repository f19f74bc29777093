"""Generated expressions and patients for the laws of the logic.

The vocabulary is tiny so that expressions and facts meet often. Patients are consistent, as extraction guarantees:
no event is certainly something that is documented absent.
"""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from cartella.logic import (
    Absence,
    And,
    AtLeast,
    Code,
    Coding,
    Count,
    Event,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    PatientFacts,
    Period,
    PeriodUnit,
    Presence,
    Source,
    Unread,
    Window,
)

REFERENCE_DAY = date(2026, 3, 31).toordinal()
"""A day whose months back are clipped: there is no 31 February."""

QUANTITIES = ("age", "lab:plt")
VARIABLES = ("diagnosis", "sex")
CODES = ("a", "b", "c")
CONCEPTS = ("drug:one", "drug:two", "class:both", "cond:other")
TRAITS = ("active", "severe")
REGISTERS = ("therapy", "medication")
LOWEST, HIGHEST = -2, 2

numbers = st.integers(LOWEST, HIGHEST)
periods = st.builds(
    Period,
    st.integers(0, 4),
    st.sampled_from(PeriodUnit),
)
windows = st.builds(
    Window,
    st.none() | periods,
    st.none() | periods,
    st.booleans(),
    st.booleans(),
)
number_atoms = st.builds(Number, st.sampled_from(QUANTITIES), st.sampled_from(Operator), numbers)
code_atoms = st.builds(Code, st.sampled_from(VARIABLES), st.frozensets(st.sampled_from(CODES), max_size=3))
presence_atoms = st.builds(
    Presence,
    st.sampled_from(CONCEPTS),
    st.frozensets(st.sampled_from([*TRAITS, *(f"!{trait}" for trait in TRAITS)]), max_size=2),
    st.none() | windows,
    st.none() | st.sampled_from(REGISTERS),
)
count_atoms = st.builds(
    Count,
    st.sampled_from(CONCEPTS),
    st.sampled_from(Operator),
    st.integers(0, 3),
    st.none() | st.sampled_from(REGISTERS),
)
opaque_atoms = st.builds(Opaque, st.sampled_from(Unread))
atoms: st.SearchStrategy[Expression] = st.one_of(number_atoms, code_atoms, presence_atoms, count_atoms, opaque_atoms)


def trees(leaves: st.SearchStrategy[Expression], most: int = 10) -> st.SearchStrategy[Expression]:
    """Expressions of every kind of inner node above `leaves`."""

    def above(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(inside, max_size=4).map(tuple)
        return st.one_of(
            st.builds(Not, inside),
            st.builds(And, several),
            st.builds(Or, several),
            st.builds(AtLeast, st.integers(0, 4), several),
            st.builds(If, inside, inside),
        )

    return st.recursive(leaves, above, max_leaves=most)


expressions = trees(atoms)
many_atoms = st.builds(
    lambda several, tree: And((*several, tree)), st.lists(atoms, min_size=8, max_size=8), trees(atoms, most=6)
)
"""Wide expressions, for tests that look at many nodes of one patient."""

stated = st.builds(Source, st.sampled_from(["record.one", "record.two"]), st.just("stated"))


@st.composite
def intervals(draw: st.DrawFn, members: st.SearchStrategy[int]) -> Interval:
    """Intervals, with and without ends; often exact."""
    first, second = draw(members), draw(members)
    low, high = min(first, second), max(first, second)
    match draw(st.sampled_from(["exact", "exact", "closed", "from", "to", "any"])):
        case "exact":
            return Interval(low, low)
        case "closed":
            return Interval(low, high)
        case "from":
            return Interval(low, None)
        case "to":
            return Interval(None, high)
        case _:
            return Interval()


days = st.integers(-5, 130).map(lambda ago: REFERENCE_DAY - ago)
rarely = st.integers(0, 4).map(lambda number: number == 0)
measures = st.builds(Measure, intervals(numbers), stated, rarely)
codings = st.builds(Coding, st.frozensets(st.sampled_from(CODES), min_size=1, max_size=3), stated, rarely)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Events; an imprecise one may be what it is not certainly."""
    certain = draw(st.frozensets(st.sampled_from(CONCEPTS), max_size=2))
    besides = draw(st.just(frozenset[str]()) | st.frozensets(st.sampled_from(CONCEPTS), max_size=2))
    return Event(
        certain,
        draw(stated),
        besides - certain,
        draw(intervals(days)),
        draw(st.dictionaries(st.sampled_from(TRAITS), st.booleans())),
        draw(st.sampled_from(CONCEPTS)),
    )


@st.composite
def patients(draw: st.DrawFn) -> PatientFacts:
    """Consistent facts."""
    happened = draw(st.lists(events(), max_size=3))
    certain = frozenset[str]().union(*(event.concepts for event in happened))
    denied = draw(st.lists(st.frozensets(st.sampled_from(CONCEPTS), min_size=1, max_size=2), max_size=2))
    absences = [Absence(concepts - certain, draw(stated)) for concepts in denied if concepts - certain]
    told_measures = draw(st.fixed_dictionaries(dict.fromkeys(QUANTITIES, st.one_of(st.none(), measures, measures))))
    told_codings = draw(st.fixed_dictionaries(dict.fromkeys(VARIABLES, st.one_of(st.none(), codings, codings))))
    return PatientFacts(
        REFERENCE_DAY,
        {key: measure for key, measure in told_measures.items() if measure is not None},
        {key: coding for key, coding in told_codings.items() if coding is not None},
        tuple(happened),
        tuple(absences),
        draw(st.dictionaries(st.sampled_from(REGISTERS), stated)),
        draw(st.dictionaries(st.sampled_from(CONCEPTS), stated, max_size=2)),
    )
