"""Atoms over columns: the planes of every atom of a compiled trial set, for one shard of patients.

What an atom means is specified by the reference evaluator (`cartella.logic.evaluate`); here the same is said for all
patients at once. All atoms that ask of one thing are worked out together: every bound of a quantity, every set of codes
of a variable, every window of a concept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartella.logic import Code, Presence, Window
from cartella.matching.bulk.columns import HIGH, LOW, Coded, Columns, Kind, Measured, Places
from cartella.matching.bulk.planes import Words, everyone, marked, packed, words_for
from cartella.matching.compiled import FIRST_ATOM, CompiledTrialSet, Several, Threshold

_ENDLESS = 2**31 - 1
"""Days for "no end": more than any calendar holds."""


@dataclass(frozen=True, slots=True)
class _Thresholds:
    nodes: NDArray[np.int64]
    bounds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Codes:
    nodes: NDArray[np.int64]
    number: dict[str, int]
    asked: NDArray[np.float32]  # codes x atoms: which atom asks for which code


class AtomPlan:
    """The atoms of a program, by what they ask of. Made once, used for every shard."""

    def __init__(self, compiled: CompiledTrialSet) -> None:
        thresholds: dict[str, list[tuple[int, int]]] = defaultdict(list)
        codes: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self.presences: dict[str, list[tuple[int, Presence]]] = defaultdict(list)
        self.several: dict[str, list[tuple[int, Several]]] = defaultdict(list)
        for node, atom in enumerate(compiled.atoms, start=FIRST_ATOM):
            match atom:
                case Threshold(quantity=quantity, bound=bound):
                    thresholds[quantity].append((node, bound))
                case Code(variable=variable, codes=members):
                    codes[variable].append((node, members))
                case Presence(concept=concept):
                    self.presences[concept].append((node, atom))
                case Several(concept=concept):
                    self.several[concept].append((node, atom))
        self.thresholds = {name: _Thresholds(*np.array(found, dtype=np.int64).T) for name, found in thresholds.items()}
        self.codes = {name: _codes(found) for name, found in codes.items()}
        self.concepts = frozenset(self.presences) | frozenset(self.several)
        asked = {trait.removeprefix("!") for found in self.presences.values() for _, p in found for trait in p.traits}
        self.traits = frozenset(asked)

    def fill(self, planes: Words, columns: Columns) -> None:
        """Write the planes of every atom: row ``2 * node`` where it holds, the next row where it does not.

        The rows of atoms are expected to be 0.
        """
        for quantity, thresholds in self.thresholds.items():
            if (measured := columns.measures.get(quantity)) is not None:
                _fill_thresholds(planes, thresholds, measured, len(columns))
        for variable, codes in self.codes.items():
            if (coded := columns.codings.get(variable)) is not None:
                _fill_codes(planes, codes, coded, columns)
        if self.concepts:
            events = _Events(self, columns)
            for concept, presences in self.presences.items():
                events.fill_presences(planes, concept, presences)
            for concept, several in self.several.items():
                events.fill_several(planes, concept, several)


def _codes(found: list[tuple[int, frozenset[str]]]) -> _Codes:
    number = {code: position for position, code in enumerate(sorted(frozenset().union(*(m for _, m in found))))}
    asked = np.zeros((len(number), len(found)), dtype=np.float32)
    for atom, (_, members) in enumerate(found):
        asked[[number[code] for code in members], atom] = 1
    return _Codes(np.array([node for node, _ in found], dtype=np.int64), number, asked)


def _write(planes: Words, nodes: NDArray[np.int64], holds: Words, fails: Words) -> None:
    planes[2 * nodes] = holds
    planes[2 * nodes + 1] = fails


def _fill_thresholds(planes: Words, asked: _Thresholds, measured: Measured, patients: int) -> None:
    room = 64 * words_for(patients)
    low, high = np.full(room, LOW), np.full(room, HIGH)
    low[measured.patients] = measured.low
    high[measured.patients] = measured.high
    bounds = asked.bounds[:, None]
    _write(planes, asked.nodes, packed(low >= bounds), packed(high < bounds))


def _fill_codes(planes: Words, asked: _Codes, coded: Coded, columns: Columns) -> None:
    used, position = np.unique(coded.sets, return_inverse=True)
    possible = np.zeros((len(used), len(asked.number)), dtype=np.float32)
    size = np.empty(len(used), dtype=np.float32)
    for row, number in enumerate(used):
        members = columns.sets[number]
        size[row] = len(members)
        possible[row, [asked.number[code] for code in members if code in asked.number]] = 1
    inside = np.ascontiguousarray(
        (possible @ asked.asked).T
    )  # atoms x sets: how many of the possible codes are asked for
    nobody = np.zeros((len(asked.nodes), 1), dtype=bool)
    holds = np.concatenate([inside == size, nobody], axis=1)
    fails = np.concatenate([inside == 0, nobody], axis=1)
    value = np.full(64 * words_for(len(columns)), len(used))
    value[coded.patients] = position
    _write(planes, asked.nodes, packed(holds[:, value]), packed(fails[:, value]))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Events that are a concept or may be it, with the days from their last activity to the reference day."""

    patients: Places
    least: Places
    most: Places
    certain: NDArray[np.bool_]
    traits: Places  # numbers of distinct traits


class _Events:
    """The events of a shard, reduced to what is asked of and put in order by what they are."""

    def __init__(self, plan: AtomPlan, columns: Columns) -> None:
        self.columns, self.patients = columns, len(columns)
        asked = plan.concepts
        reduced: dict[tuple[frozenset[str], frozenset[str], int], int] = {}
        new = np.empty(len(columns.kinds), dtype=np.int32)
        traits: dict[tuple[tuple[str, bool], ...], int] = {}
        for number, kind in enumerate(columns.kinds):
            stated = tuple(item for item in kind.traits if item[0] in plan.traits)
            key = (kind.concepts & asked, kind.may_be & asked, traits.setdefault(stated, len(traits)))
            new[number] = reduced.setdefault(key, len(reduced))
        self.traits = list(traits)
        self.kinds = list(reduced)
        events = columns.events
        kinds = new[events.kinds] if len(new) else events.kinds
        order = np.argsort(kinds, kind="stable")
        self.of_patient = events.patients[order]
        self.start = np.searchsorted(kinds[order], np.arange(len(reduced) + 1))
        day = columns.reference_day
        last_low, last_high = events.low[order], events.high[order]
        self.least = np.where(last_high == HIGH, 0, np.maximum(0, day - np.minimum(last_high, 2**40))).astype(np.int32)
        most = np.where(last_low == LOW, _ENDLESS, np.maximum(0, day - np.maximum(last_low, -_ENDLESS // 2)))
        self.most = np.minimum(most, _ENDLESS).astype(np.int32)
        self.certain_kinds: dict[str, list[int]] = defaultdict(list)
        self.possible_kinds: dict[str, list[int]] = defaultdict(list)
        for number, (concepts, may_be, _) in enumerate(self.kinds):
            for concept in concepts:
                self.certain_kinds[concept].append(number)
            for concept in may_be - concepts:
                self.possible_kinds[concept].append(number)
        self.absent = self._absent(asked)

    def _absent(self, asked: frozenset[str]) -> dict[str, Words]:
        """The patients of whom each concept is documented absent."""
        absences = self.columns.absences
        order = np.argsort(absences.sets, kind="stable")
        used, first = np.unique(absences.sets[order], return_index=True)
        groups = (
            dict(zip(used.tolist(), np.split(absences.patients[order], first[1:]), strict=True)) if len(used) else {}
        )
        found: dict[str, list[Places]] = defaultdict(list)
        for number, places in groups.items():
            for concept in self.columns.sets[number] & asked:
                found[concept].append(places)
        return {concept: marked(np.concatenate(places), self.patients) for concept, places in found.items()}

    def settled(self, concept: str, register: str | None) -> Words:
        """The patients of whom nothing else of this concept can be: absent, told in full, or the list is complete."""
        plane = self.absent.get(concept, np.zeros(words_for(self.patients), dtype=np.uint64)).copy()
        if (told := self.columns.told.get(concept)) is not None:
            plane |= marked(told, self.patients)
        if register is not None and (complete := self.columns.complete.get(register)) is not None:
            plane |= marked(complete, self.patients)
        return plane

    def rows(self, concept: str) -> _Rows | None:
        """The events that speak of the concept. A documented absence denies what an imprecise entry may be."""
        certain, possible = self.certain_kinds.get(concept, []), self.possible_kinds.get(concept, [])
        kinds = certain + possible
        if not kinds:
            return None
        pieces = [slice(self.start[kind], self.start[kind + 1]) for kind in kinds]
        lengths = np.array([piece.stop - piece.start for piece in pieces])
        is_certain = np.repeat(np.arange(len(kinds)) < len(certain), lengths)
        traits = np.repeat(np.array([self.kinds[kind][2] for kind in kinds], dtype=np.int32), lengths)
        patients, least, most = (
            np.concatenate([whole[piece] for piece in pieces]) for whole in (self.of_patient, self.least, self.most)
        )
        if possible and (absent := self.absent.get(concept)) is not None:
            denied = (absent.view(np.uint8)[patients >> 3] >> (patients & 7)) & 1
            kept = is_certain | (denied == 0)
            patients, least, most, is_certain, traits = (
                part[kept] for part in (patients, least, most, is_certain, traits)
            )
        return _Rows(patients, least, most, is_certain, traits)

    def fill_presences(self, planes: Words, concept: str, presences: list[tuple[int, Presence]]) -> None:
        """The planes of all presences of one concept."""
        rows = self.rows(concept)
        base: dict[str | None, Words] = {}
        by_traits: dict[frozenset[str], tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        for node, asked in presences:
            if asked.register not in base:
                base[asked.register] = self.settled(concept, asked.register)
            if rows is None or not len(rows.patients):
                planes[2 * node + 1] = base[asked.register]
                continue
            if asked.traits not in by_traits:
                by_traits[asked.traits] = self._with_traits(rows, asked.traits)
            holds, possible = by_traits[asked.traits]
            if asked.window is not None:
                inside, perhaps = _within(asked.window, rows, self.columns.reference_day)
                holds, possible = holds & inside, possible & perhaps
            planes[2 * node] = marked(rows.patients[holds], self.patients)
            planes[2 * node + 1] = base[asked.register] & ~marked(rows.patients[possible], self.patients)

    def _with_traits(self, rows: _Rows, asked: frozenset[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which events certainly are what is asked, as far as traits go, and which may be."""
        if not asked:
            return rows.certain, np.ones(len(rows.patients), dtype=bool)
        holds, possible = np.ones((2, len(self.traits)), dtype=bool)
        for number, stated in enumerate(self.traits):
            values = dict(stated)
            for trait in asked:
                value = values.get(trait.removeprefix("!"))
                holds[number] &= value is not None and value is not trait.startswith("!")
                possible[number] &= value is None or value is not trait.startswith("!")
        return rows.certain & holds[rows.traits], possible[rows.traits]

    def fill_several(self, planes: Words, concept: str, several: list[tuple[int, Several]]) -> None:
        """The planes of all counts of one concept. An imprecise entry adds nothing that is certain."""
        room = 64 * words_for(self.patients)
        certain, imprecise, named = self._how_many(concept, room)
        low = np.where(named > 0, named, certain)
        for node, asked in several:
            settled = self.settled(concept, asked.register) & ~packed(imprecise)
            planes[2 * node] = packed(low >= asked.bound) & everyone(self.patients)
            planes[2 * node + 1] = settled & packed(named < asked.bound)

    def _how_many(self, concept: str, room: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
        """For each patient: whether there certainly is one, whether an entry is imprecise, how many are named."""
        kinds, events = self.columns.kinds, self.columns.events
        speaks = np.array([_speaks(kind, concept) for kind in kinds], dtype=np.int8)
        speaks = speaks[events.kinds] if len(kinds) else np.zeros(0, dtype=np.int8)
        absent = self.absent.get(concept)
        if absent is not None:
            places = events.patients
            denied = ((absent.view(np.uint8)[places >> 3] >> (places & 7)) & 1) == 1
            speaks = np.where(denied & (speaks == 1), 0, speaks)
        certain = np.zeros(room, dtype=np.int64)
        certain[events.patients[speaks >= 2]] = 1
        imprecise = np.zeros(room, dtype=bool)
        imprecise[events.patients[(speaks == 1) | (speaks == 2)]] = True
        names: dict[str, int] = {}
        name_of = np.array([names.setdefault(kind.counts_as, len(names)) for kind in kinds], dtype=np.int64)
        exact = speaks == 3
        if not exact.any():
            return certain, imprecise, np.zeros(room, dtype=np.int64)
        pairs = np.unique(events.patients[exact].astype(np.int64) * len(names) + name_of[events.kinds[exact]])
        return certain, imprecise, np.bincount(pairs // len(names), minlength=room)


def _speaks(kind: Kind, concept: str) -> int:
    """3: it is the concept, and exactly known; 2: it is, but what it is besides is open; 1: it may be; 0: it is not."""
    if concept in kind.concepts:
        return 2 if kind.may_be else 3
    return 1 if concept in kind.may_be else 0


def _within(window: Window, rows: _Rows, day: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which events certainly lie in the window, and which may: `Window.holds` for all of them."""
    earliest = possible_from = 0
    if window.at_least is not None:
        whole = window.at_least.is_whole_days
        earliest = window.at_least.days_before(day) + (window.at_least_strict and whole)
        possible_from = earliest - (not whole)
    inside, perhaps = rows.least >= earliest, rows.most >= possible_from
    if window.at_most is not None:
        whole = window.at_most.is_whole_days
        possible_to = window.at_most.days_before(day) - (window.at_most_strict and whole)
        latest = possible_to - (not whole)
        inside = inside & (rows.most <= latest)
        perhaps = perhaps & (rows.least <= possible_to) & (possible_to >= possible_from)
    return inside, perhaps
