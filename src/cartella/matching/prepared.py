"""One patient against a compiled trial set: what a running program uses for patient after patient.

Compiling takes a moment, so that a single command is answered by a `Memo`; pages and services prepare once. Standard
library only. Of the atoms only those are worked out that ask of something the record speaks of; all others are settled
by their register alone, which is known beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from cartella.logic import Code, Event, PatientFacts, Presence
from cartella.logic.evaluate import elapsed_days
from cartella.logic.truth import FALSE, TRUE, UNKNOWN
from cartella.matching.compiled import FIRST_ATOM, HOLDS, CompiledTrialSet, Several, Threshold
from cartella.matching.results import Tally

_FALSE, _UNKNOWN, _TRUE = 0, 1, 2
_NARROW = 4
_NEGATED = bytes([_TRUE, _UNKNOWN, _FALSE]) + bytes(253)
Getter = Callable[[bytearray], tuple[int, ...]]
_BYTE = {FALSE: _FALSE, UNKNOWN: _UNKNOWN, TRUE: _TRUE}


class PreparedTrials:
    """A compiled trial set, ready for one patient at a time."""

    def __init__(self, compiled: CompiledTrialSet) -> None:
        self.compiled = compiled
        self._thresholds: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._codes: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self._concepts: dict[str, list[tuple[int, Presence | Several]]] = defaultdict(list)
        self._registers: dict[str, list[int]] = defaultdict(list)
        for node, atom in enumerate(compiled.atoms, start=FIRST_ATOM):
            match atom:
                case Threshold(quantity=quantity, bound=bound):
                    self._thresholds[quantity].append((node, bound))
                case Code(variable=variable, codes=codes):
                    self._codes[variable].append((node, codes))
                case Presence() | Several():
                    self._concepts[atom.concept].append((node, atom))
                    if atom.register is not None and not (isinstance(atom, Several) and atom.bound <= 0):
                        self._registers[atom.register].append(node)
        self._always = [n for n, a in enumerate(compiled.atoms, FIRST_ATOM) if isinstance(a, Several) and a.bound <= 0]
        self._steps = list(_steps(compiled))
        self._points = {trial.id: (trial, _getter(trial.points)) for trial in compiled.trials}

    def values(self, facts: PatientFacts) -> bytearray:
        """For each literal 2 where it holds, 0 where it does not, 1 where nobody knows."""
        found = bytearray(b"\x01") * (2 * self.compiled.size)
        found[HOLDS], found[HOLDS + 1] = _TRUE, _FALSE
        for register in facts.complete:
            for node in self._registers.get(register, ()):
                found[2 * node], found[2 * node + 1] = _FALSE, _TRUE
        for node in self._always:
            found[2 * node], found[2 * node + 1] = _TRUE, _FALSE
        for node, value in self._stated(facts):
            found[2 * node], found[2 * node + 1] = value, 2 - value
        for first, end, take in self._steps:
            values = take(found)
            found[first:end:2] = values
            found[first + 1 : end + 1 : 2] = values.translate(_NEGATED)
        return found

    def tallies(self, facts: PatientFacts, wanted: Iterable[str] | None = None) -> dict[str, Tally]:
        """How the points of every study come out for the patient, or of those studies that are wanted and there."""
        found = self.values(facts)
        tallies = {}
        for identifier in self._points if wanted is None else wanted:
            if (known := self._points.get(identifier)) is not None:
                trial, points = known
                outcomes = points(found)
                conflicts, unknowns = outcomes.count(_FALSE), outcomes.count(_UNKNOWN)
                tallies[identifier] = Tally(len(outcomes) - conflicts - unknowns, conflicts, unknowns, trial.unread)
        return tallies

    def _stated(self, facts: PatientFacts) -> Iterable[tuple[int, int]]:
        """The atoms that the record speaks of, with their values."""
        for quantity, measure in facts.measures.items():
            if not measure.stale:
                low, high = measure.value.low, measure.value.high
                for node, bound in self._thresholds.get(quantity, ()):
                    if low is not None and low >= bound:
                        yield node, _TRUE
                    elif high is not None and high < bound:
                        yield node, _FALSE
        for variable, coding in facts.codings.items():
            if not coding.stale:
                for node, codes in self._codes.get(variable, ()):
                    if coding.possible <= codes:
                        yield node, _TRUE
                    elif coding.possible.isdisjoint(codes):
                        yield node, _FALSE
        yield from self._concepts_of(facts)

    def _concepts_of(self, facts: PatientFacts) -> Iterable[tuple[int, int]]:
        events: dict[str, list[Event]] = defaultdict(list)
        for event in facts.events:
            for concept in event.concepts | event.may_be:
                if concept in self._concepts:
                    events[concept].append(event)
        absent = frozenset[str]().union(*(absence.concepts for absence in facts.absences))
        for concept in self._concepts.keys() & (events.keys() | absent | facts.told.keys()):
            spoken = [e for e in events.get(concept, ()) if concept in e.concepts or concept not in absent]
            settled = concept in absent or concept in facts.told
            for node, atom in self._concepts[concept]:
                closed = settled or (atom.register is not None and atom.register in facts.complete)
                if isinstance(atom, Presence):
                    yield node, _presence(atom, spoken, closed, facts.reference_day)
                else:
                    yield node, _several(atom, spoken, closed)


def _steps(compiled: CompiledTrialSet) -> Iterator[tuple[int, int, Callable[[bytearray], bytes]]]:
    """Gates of one layer and shape, to go through together: their first and last place, and what works them out."""
    for begin, end in compiled.layers:
        place = begin
        for (width, count), gates in groupby(compiled.gates[begin:end], key=lambda g: (len(g.inputs), g.count)):
            inputs = [gate.inputs for gate in gates]
            first = 2 * (compiled.first_gate + place)
            place += len(inputs)
            yield first, 2 * (compiled.first_gate + place), _taking(inputs, width, count)


def _taking(inputs: list[tuple[int, ...]], width: int, count: int) -> Callable[[bytearray], bytes]:
    """The values of some gates: for many narrow ones input by input, for others gate by gate."""
    if count == width <= _NARROW:
        columns = [_getter(column) for column in zip(*inputs, strict=True)]
        return lambda found: bytes(map(min, *[column(found) for column in columns]))
    gates = [_getter(gate) for gate in inputs]
    if count == width:
        return lambda found: bytes([min(gate(found)) for gate in gates])
    return lambda found: bytes([sorted(gate(found))[width - count] for gate in gates])


def _getter(literals: Sequence[int]) -> Getter:
    if len(literals) > 1:
        return itemgetter(*literals)
    return lambda found: tuple(found[literal] for literal in literals)


def _presence(atom: Presence, spoken: list[Event], closed: bool, day: int) -> int:
    best = _FALSE if closed else _UNKNOWN
    for event in spoken:
        value = _TRUE if atom.concept in event.concepts else _UNKNOWN
        for trait in atom.traits:
            stated = event.traits.get(trait.removeprefix("!"))
            if stated is None:
                value = min(value, _UNKNOWN)
            elif stated is trait.startswith("!"):
                value = _FALSE
        if value and atom.window is not None:
            value = min(value, _BYTE[atom.window.holds(elapsed_days(event.last, day), day)])
        best = max(best, value)
    return best


def _several(atom: Several, spoken: list[Event], closed: bool) -> int:
    named = len({event.counts_as for event in spoken if not event.may_be})
    least = named or int(any(atom.concept in event.concepts for event in spoken))
    if least >= atom.bound:
        return _TRUE
    exact = closed and not any(event.may_be for event in spoken)
    return _FALSE if exact and named < atom.bound else _UNKNOWN
