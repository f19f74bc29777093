"""Facts in the making: what has been read so far, the remarks on it, and the settling of contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cartella.logic import Absence, Coding, Event, Interval, Measure, PatientFacts, Source
from cartella.patients.dates import iso
from cartella.patients.report import Fate, Remark, Report
from cartella.patients.wording import mark

_LARGEST = frozenset({"lab:lesion_ld", "lab:lesion_short_axis"})
"""Measures of which several of one day are of several things, and the largest counts."""

_OTHER_CANCER = "cond:second_malignancy"


@dataclass(slots=True)
class Draft:
    """Collects candidates in the order of the record; `settle` makes them consistent facts.

    Of several values of one quantity the newest counts; values of the same day that differ are ambiguous.
    """

    reference_day: int
    remarks: list[Remark] = field(default_factory=list)
    measures: dict[str, list[Measure]] = field(default_factory=dict)
    codings: dict[str, list[Coding]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    absences: list[tuple[str, Absence]] = field(default_factory=list)
    complete: dict[str, Source] = field(default_factory=dict)
    lists: dict[str, bool] = field(default_factory=dict)
    """Lists that a person says are complete or not, whatever the record says."""

    def remark(self, fate: Fate, path: str, message: str, **parameters: str) -> None:
        """Add a line to the report."""
        self.remarks.append(Remark(fate, path, message, parameters))

    def declare(self, register: str, path: str, message: str = "complete_declared", **parameters: str) -> None:
        """Take a register as complete."""
        if register not in self.complete:
            self.complete[register] = Source(path, register)
            fate = Fate.USED if message == "complete_declared" else Fate.ASSUMED
            self.remark(fate, path, message, register=mark(f"register:{register}"), **parameters)

    def measure(self, key: str, value: Interval, source: Source) -> None:
        """A number that was read."""
        self.measures.setdefault(key, []).append(Measure(value, source))

    def coding(self, variable: str, possible: Iterable[str], source: Source) -> None:
        """A coded value that was read."""
        self.codings.setdefault(variable, []).append(Coding(frozenset(possible), source))

    def event(
        self,
        counts_as: str,
        concepts: Iterable[str],
        source: Source,
        *,
        may_be: Iterable[str] = (),
        last: Interval | None = None,
        traits: Mapping[str, bool] | None = None,
    ) -> None:
        """Something the patient has, had or was given."""
        certain = frozenset(concepts)
        possible = frozenset(may_be) - certain
        self.events.append(
            Event(certain, source, possible, last or Interval(None, self.reference_day), traits or {}, counts_as)
        )

    def absence(self, concept: str, kinds: frozenset[str], source: Source) -> None:
        """A documented absence of `concept` and all its `kinds`."""
        self.absences.append((concept, Absence(kinds | {concept}, source)))

    def settle(self) -> tuple[PatientFacts, Report]:
        """The facts, with contradictions taken out of both sides, and the report."""
        newest = {key: self._newest(key, found) for key, found in self.measures.items()}
        agreed = {key: self._agreed(key, found) for key, found in self.codings.items()}
        measures = {key: measure for key, measure in newest.items() if measure is not None}
        codings = {key: coding for key, coding in agreed.items() if coding is not None}
        events, absences = self._consistent()
        # an illness that is recorded is told in full: its dates and traits are those of its only course
        told = {event.counts_as: event.source for event in events if event.counts_as.startswith("cond:")}
        for event in events:
            if _OTHER_CANCER in event.concepts:
                told.setdefault(_OTHER_CANCER, event.source)
        facts = PatientFacts(self.reference_day, measures, codings, events, absences, self.complete, told)
        return facts, Report(tuple(self.remarks))

    def _newest(self, key: str, found: list[Measure]) -> Measure | None:
        stated = [measure for measure in found if measure.source.derived is None] or found
        day = max((measure.source.day or 0) for measure in stated)
        latest = [measure for measure in stated if (measure.source.day or 0) == day]
        for older in (measure for measure in stated if measure not in latest and measure.value != latest[0].value):
            self.remark(Fate.IGNORED, older.source.path, "older_value", name=key)
        value = latest[0].value
        for other in latest[1:]:
            if key in _LARGEST and value.low is not None and other.value.low is not None:
                value = max(value, other.value, key=lambda v: v.low or 0)
                continue
            both = _meet(value, other.value)
            if both is None:
                for measure in latest:
                    self.remark(Fate.AMBIGUOUS, measure.source.path, "values_differ", name=key)
                return None
            value = both
        chosen = next((m for m in latest if m.value == value), latest[0])
        return replace(chosen, value=value)

    def _agreed(self, key: str, found: list[Coding]) -> Coding | None:
        stated = [coding for coding in found if coding.source.derived is None] or found
        day = max((coding.source.day or 0) for coding in stated)
        latest = [coding for coding in stated if (coding.source.day or 0) == day]
        for older in (coding for coding in stated if coding not in latest and coding.possible != latest[0].possible):
            self.remark(Fate.IGNORED, older.source.path, "older_value", name=key)
        possible = frozenset.intersection(*(coding.possible for coding in latest))
        if not possible:
            for coding in latest:
                self.remark(Fate.AMBIGUOUS, coding.source.path, "values_differ", name=key)
            if key != "diagnosis":
                return None
            possible = frozenset.union(*(coding.possible for coding in latest))
        return replace(latest[0], possible=possible)

    def _consistent(self) -> tuple[tuple[Event, ...], tuple[Absence, ...]]:
        """Events and absences without contradiction.

        An event of the very concept that is denied, or of a wider one: both sides are taken out. An event of a kind
        of the denied concept ("heart disease: absent" beside "atrial fibrillation"): the wide denial is not meant of
        this kind, so the kind is taken out of the denial and the denial's own name out of the event.
        """
        events = list(self.events)
        absences: list[Absence] = []
        for concept, absence in self.absences:
            kept = absence
            for index, event in enumerate(events):
                own = event.counts_as
                if own not in kept.concepts or event.traits.get("past_only"):
                    continue
                message = "stated_and_denied" if own == concept else "denied_more_widely"
                for path in (event.source.path, absence.source.path):
                    self.remark(
                        Fate.AMBIGUOUS, path, message, name=own.split(":", 1)[-1], wider=concept.split(":", 1)[-1]
                    )
                if own == concept:
                    kept = replace(kept, concepts=frozenset())
                    events[index] = replace(event, concepts=frozenset(), may_be=event.concepts | event.may_be)
                else:
                    doubtful = event.concepts & absence.concepts - {own}
                    kept = replace(kept, concepts=kept.concepts - event.concepts)
                    events[index] = replace(event, concepts=event.concepts - doubtful, may_be=event.may_be | doubtful)
            if kept.concepts:
                absences.append(kept)
        kept_events = [event for event in events if event.concepts or event.may_be]
        return tuple(_merged(_distinct(kept_events))), tuple(absences)


def _bare(concept: str) -> str:
    return concept.split(":", 1)[-1].replace("_", " ")


def _distinct(events: list[Event]) -> list[Event]:
    """Events that differ only in their source are one; the first source stays."""
    kept: list[Event] = []
    seen: set[object] = set()
    for event in events:
        key = (event.concepts, event.may_be, event.last, tuple(sorted(event.traits.items())), event.counts_as)
        if key not in seen:
            seen.add(key)
            kept.append(event)
    return kept


def _merged(events: list[Event]) -> list[Event]:
    """Entries that speak of one present condition are one event: the traits of both, where they agree.

    A bare mention of a wider condition ("hepatitis B") beside a narrower one on the same days adds nothing.
    """
    kept: list[Event] = []
    for event in events:
        for index, other in enumerate(kept):
            if not event.counts_as.startswith("cond:") or event.last != other.last:
                continue
            if event.counts_as == other.counts_as and event.concepts == other.concepts:
                differing = {t for t, v in event.traits.items() if other.traits.get(t, v) is not v}
                traits = {t: v for t, v in {**other.traits, **event.traits}.items() if t not in differing}
                kept[index] = replace(other, traits=traits)
                break
            if event.counts_as in other.concepts and not event.traits:
                break
        else:
            kept.append(event)
    return [
        event
        for event in kept
        if event.traits
        or not any(
            event is not other
            and event.counts_as.startswith("cond:")
            and event.counts_as in other.concepts
            and event.counts_as != other.counts_as
            and event.last == other.last
            for other in kept
        )
    ]


def _meet(first: Interval, second: Interval) -> Interval | None:
    lows = [side for side in (first.low, second.low) if side is not None]
    highs = [side for side in (first.high, second.high) if side is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Interval(low, high)


def described(days: Interval | None) -> Mapping[str, str]:
    """The day parameter of a remark."""
    return {"day": iso(days) if days is not None else ""}
