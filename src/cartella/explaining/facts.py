"""The facts of a record in words, each with its codes and where it comes from: what a clinician checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from cartella.explaining.amounts import day
from cartella.explaining.names import called, listed, name, trait, values
from cartella.explaining.phrases import amount
from cartella.explaining.tables import Lang, Register, message
from cartella.knowledge import knowledge
from cartella.logic import (
    Code,
    Coding,
    Count,
    Event,
    Expression,
    Interval,
    Measure,
    Number,
    PatientFacts,
    Presence,
    Source,
    walk,
)
from cartella.patients import worded

KINDS = ("person", "disease", "marker", "test", "treatment", "illness", "absent", "list")
"""The kinds of facts, in the order in which they are shown."""

SYSTEMS = {"icd10": "ICD-10", "loinc": "LOINC", "atc": "ATC", "ncit": "NCIt", "oncotree": "OncoTree"}
_PERSON = frozenset({"age", "sex", "ecog", "karnofsky", "lansky"})
_UNDATED = frozenset({"age", "diagnosis"})
_TREATMENTS = frozenset({"drug", "class", "regimen"})
_MARKERS = frozenset({"antigen", "hla", "gene", "variant"})
_SAID_IF_TRUE = ("_line", "current", "study_agent", "_half_lives")
_ROUNDED = 10_000
"""Millionths: the ratio to a laboratory's limit is shown to two digits."""
_ANNOTATION = re.compile(r"\s*\{[^{}]*\}")
"""What UCUM says of a unit that is none: {score}, {count}."""
_MOST_CODES = 3
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class FactWords:
    """One fact. `kind` is one of `KINDS`; `codes` are those of our vocabulary ("LOINC 777-3"); `derived` is the rule by
    which it was worked out, empty for one that is stated. `open` says that it leaves a question: out of date, or one of
    several things."""

    kind: str
    subject: str
    name: str
    value: str
    codes: tuple[str, ...]
    path: str
    words: str
    day: str
    derived: str
    open: bool = False


def facts_in_words(facts: PatientFacts, lang: Lang, register: Register) -> list[FactWords]:
    """All facts, by kind, those of one kind in the order of the record."""
    found = list(_Wording(facts, lang, register).all())
    return sorted(found, key=lambda fact: KINDS.index(fact.kind))


def codes_of(subject: str) -> tuple[str, ...]:
    """The codes of a quantity, variable or concept in other systems; empty where the vocabulary has none."""
    house = knowledge()
    concept = house.concepts.get(subject) or house.concepts.get(subject.partition(".")[0])
    if concept is None:
        return ()
    return tuple(
        f"{label} {code}" for system, label in SYSTEMS.items() for code in concept.codes.get(system, ())[:_MOST_CODES]
    )


def without_annotations(words: str) -> str:
    """The words of a record without what stands in braces behind a number: that is no unit but a remark on it."""
    return _ANNOTATION.sub("", words).strip()


def subjects_of(expression: Expression) -> tuple[str, ...]:
    """What an expression asks of: quantities, variables and concepts, each once, diagnoses by their widest."""
    found: list[str] = []
    for node in walk(expression):
        match node:
            case Code(variable="diagnosis", codes=codes):
                found += _widest(codes)
            case Number(quantity=subject) | Code(variable=subject) | Presence(concept=subject) | Count(concept=subject):
                found.append(subject)
    return tuple(dict.fromkeys(found))


def _widest(concepts: Iterable[str]) -> list[str]:
    house, some = knowledge(), frozenset(concepts)
    return sorted(
        c for c in some if c not in house.concepts or not any(a in some for a in house.ancestors(c) if a != c)
    )


class _Wording:
    def __init__(self, facts: PatientFacts, lang: Lang, register: Register) -> None:
        self.facts, self.lang, self.register = facts, lang, register

    def all(self) -> Iterator[FactWords]:
        for quantity, measure in self.facts.measures.items():
            if quantity != "age.months":
                yield self._measure(quantity, measure)
        for variable, coding in self.facts.codings.items():
            yield self._coding(variable, coding)
        for event in self.facts.events:
            yield self._event(event)
        for absence in self.facts.absences:
            named = _widest(absence.concepts)
            codes = codes_of(named[0]) if len(named) == 1 else ()
            yield self._fact("absent", named[0], self._names(named), "", codes, absence.source)
        for register, source in self.facts.complete.items():
            yield self._fact("list", register, self._name(f"register:{register}"), "", (), source)

    def _measure(self, quantity: str, measure: Measure) -> FactWords:
        value = self._span(quantity, measure.value)
        kind = _kind(quantity)
        return self._fact(
            kind, quantity, self._name(quantity), value, codes_of(quantity), measure.source, measure.stale
        )

    def _span(self, quantity: str, value: Interval) -> str:
        said = partial(amount, quantity, lang=self.lang, register=self.register)
        low, high = value.low, value.high
        if quantity.endswith((".uln", ".lln")):
            low, high = (None if side is None else round(side / _ROUNDED) * _ROUNDED for side in (low, high))
        if low is not None and high is not None:
            return said(low) if low == high else f"{said(low)} – {said(high)}"
        return f"≥ {said(low)}" if low is not None else f"≤ {said(high)}" if high is not None else ""

    def _coding(self, variable: str, coding: Coding) -> FactWords:
        some = coding.possible
        value = values(variable, some, self.lang, self.register)
        named = _widest(some) if variable == "diagnosis" else []
        codes = codes_of(named[0]) if len(named) == 1 else codes_of(variable)
        several = len(some) > 1 and variable != "diagnosis"
        return self._fact(
            _kind(variable), variable, self._name(variable), value, codes, coding.source, coding.stale or several
        )

    def _event(self, event: Event) -> FactWords:
        said = sorted((t, holds) for t, holds in event.traits.items() if holds or not t.endswith(_SAID_IF_TRUE))
        told = [trait(t if holds else f"!{t}", self.lang, self.register) for t, holds in said]
        last = event.last.low if event.last.is_exact else None
        when = day(last, self.lang) if last is not None and last < self.facts.reference_day else ""
        subject = event.counts_as or min(event.concepts or event.may_be)
        codes, is_open = codes_of(subject), not event.concepts
        kind = "treatment" if "class:medication" in event.concepts else _kind(subject)
        fact = self._fact(kind, subject, self._name(subject), ", ".join(told), codes, event.source, is_open)
        return replace(fact, day=when)

    def _fact(
        self,
        kind: str,
        subject: str,
        called_: str,
        value: str,
        codes: tuple[str, ...],
        source: Source,
        is_open: bool = False,
    ) -> FactWords:
        namer = partial(called, lang=self.lang, register=self.register)
        return FactWords(
            kind,
            subject,
            called_,
            value,
            codes,
            source.path,
            without_annotations(source.words),
            "" if source.day is None or subject in _UNDATED else day(source.day, self.lang),
            worded(source.derived, self.lang, namer) if source.derived else "",
            is_open,
        )

    def _name(self, identifier: str) -> str:
        return name(identifier, self.lang, self.register)

    def _names(self, concepts: list[str]) -> str:
        named = [self._name(concept) for concept in concepts[:_MOST_NAMED]]
        if len(concepts) > _MOST_NAMED:
            named.append(message("missing.more", self.lang, self.register, n=len(concepts) - _MOST_NAMED))
        return listed(named, "and", self.lang, self.register)


def _kind(subject: str) -> str:
    prefix = subject.partition(":")[0]
    if subject in _PERSON:
        return "person"
    if prefix in _MARKERS:
        return "marker"
    if prefix in _TREATMENTS or subject.startswith("steroid_dose"):
        return "treatment"
    if prefix == "cond":
        return "illness"
    return "test" if prefix == "lab" else "disease"
