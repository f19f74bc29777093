"""Expressions and facts over a small vocabulary, so that generated ones meet often."""

from __future__ import annotations

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
    Span,
    Unread,
    Window,
)
from cartella.trials.criteria import Point, Section

DAY = 739_555
QUANTITIES = ("age", "lab:plt", "ecog")
VARIABLES = ("sex", "diagnosis")
CONCEPTS = ("class:car_t", "cond:hiv", "drug:rituximab")
TRAITS = ("active", "!active", "refractory")
CODES = ("a", "b", "c")
REGISTERS = ("therapy", "procedure")
SOURCE = Source("record", "words")

spans = st.none() | st.builds(lambda start, length: Span(start, start + length), st.integers(0, 99), st.integers(0, 99))
periods = st.builds(Period, st.integers(0, 30), st.sampled_from(PeriodUnit))
windows = st.builds(Window, st.none() | periods, st.none() | periods, st.booleans(), st.booleans())
atoms = st.one_of(
    st.builds(Number, st.sampled_from(QUANTITIES), st.sampled_from(Operator), st.integers(0, 5), spans),
    st.builds(Code, st.sampled_from(VARIABLES), st.frozensets(st.sampled_from(CODES), min_size=1), spans),
    st.builds(
        Presence,
        st.sampled_from(CONCEPTS),
        st.frozensets(st.sampled_from(TRAITS), max_size=2),
        st.none() | windows,
        st.none() | st.sampled_from(REGISTERS),
        spans,
    ),
    st.builds(
        Count,
        st.sampled_from(CONCEPTS),
        st.sampled_from(Operator),
        st.integers(0, 3),
        st.none() | st.sampled_from(REGISTERS),
        spans,
    ),
    st.builds(Opaque, st.sampled_from(Unread), spans),
)


def _above(items: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(items, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, items, spans),
        st.builds(And, several, spans),
        st.builds(Or, several, spans),
        st.builds(AtLeast, st.integers(0, 3), several, spans),
        st.builds(If, items, items, spans),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(atoms, _above, max_leaves=8)
points = st.builds(Point, st.sampled_from(Section), expressions)

_days = st.builds(lambda low, more: Interval(low, low + more), st.integers(DAY - 400, DAY), st.integers(0, 60))
_numbers = st.builds(lambda low, more: Interval(low, low + more), st.integers(0, 5), st.integers(0, 2))
_events = st.builds(
    Event,
    st.frozensets(st.sampled_from(CONCEPTS), max_size=2),
    st.just(SOURCE),
    st.frozensets(st.sampled_from(CONCEPTS), max_size=2),
    st.one_of(st.just(Interval()), _days),
    st.dictionaries(st.sampled_from(("active", "refractory")), st.booleans()),
    st.sampled_from(("one", "two")),
)
facts = st.builds(
    PatientFacts,
    st.just(DAY),
    st.dictionaries(st.sampled_from(QUANTITIES), st.builds(Measure, _numbers, st.just(SOURCE), st.booleans())),
    st.dictionaries(
        st.sampled_from(VARIABLES),
        st.builds(Coding, st.frozensets(st.sampled_from(CODES), min_size=1), st.just(SOURCE), st.booleans()),
    ),
    st.lists(_events, max_size=3).map(tuple),
    st.lists(st.builds(Absence, st.frozensets(st.sampled_from(CONCEPTS)), st.just(SOURCE)), max_size=2).map(tuple),
    st.dictionaries(st.sampled_from(REGISTERS), st.just(SOURCE)),
)
