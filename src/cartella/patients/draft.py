"""Facts in the making: what has been read so far, the remarks on it, and the settling of contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cartella.logic import Absence, Coding, Event, Interval, Measure, PatientFacts, Source
from cartella.patients.dates import iso
from cartella.patients.report import Fate, Remark, Report


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

    def remark(self, fate: Fate, path: str, message: str, **parameters: str) -> None:
        """Add a line to the report."""
        self.remarks.append(Remark(fate, path, message, parameters))

    def declare(self, register: str, path: str, message: str = "complete_declared", **parameters: str) -> None:
        """Take a register as complete."""
        if register not in self.complete:
            self.complete[register] = Source(path, register)
            fate = Fate.USED if message == "complete_declared" else Fate.ASSUMED
            self.remark(fate, path, message, register=register, **parameters)

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
        self.events.append(Event(certain, source, possible, last or Interval(None, self.reference_day), traits or {}, counts_as))

    def absence(self, concept: str, kinds: frozenset[str], source: Source) -> None:
        """A documented absence of `concept` and all its `kinds`."""
        self.absences.append((concept, Absence(kinds | {concept}, source)))

    def settle(self) -> tuple[PatientFacts, Report]:
        """The facts, with contradictions taken out of both sides, and the report."""
        measures = {key: best for key, found in self.measures.items() if (best := self._newest(key, found))}
        codings = {key: best for key, found in self.codings.items() if (best := self._agreed(key, found))}
        events, absences = self._consistent()
        facts = PatientFacts(self.reference_day, measures, codings, events, absences, self.complete)
        return facts, Report(tuple(self.remarks))

    def _newest(self, key: str, found: list[Measure]) -> Measure | None:
        stated = [measure for measure in found if measure.source.derived is None] or found
        day = max((measure.source.day or 0) for measure in stated)
        latest = [measure for measure in stated if (measure.source.day or 0) == day]
        for older in (measure for measure in stated if measure not in latest):
            self.remark(Fate.IGNORED, older.source.path, "older_value", name=key)
        value = latest[0].value
        for other in latest[1:]:
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
        for older in (coding for coding in stated if coding not in latest):
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
                for path in (event.source.path, absence.source.path):
                    self.remark(Fate.AMBIGUOUS, path, "stated_and_denied", name=own)
                if own == concept:
                    kept = replace(kept, concepts=frozenset())
                    events[index] = replace(event, concepts=frozenset(), may_be=event.concepts | event.may_be)
                else:
                    doubtful = event.concepts & absence.concepts - {own}
                    kept = replace(kept, concepts=kept.concepts - event.concepts)
                    events[index] = replace(
                        event, concepts=event.concepts - doubtful, may_be=event.may_be | doubtful
                    )
            if kept.concepts:
                absences.append(kept)
        kept_events = [event for event in events if event.concepts or event.may_be]
        return tuple(_distinct(kept_events)), tuple(absences)


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


def _meet(first: Interval, second: Interval) -> Interval | None:
    lows = [side for side in (first.low, second.low) if side is not None]
    highs = [side for side in (first.high, second.high) if side is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Interval(low, high)


def described(days: Interval | None) -> Mapping[str, str]:
    """The day parameter of a remark."""
    return {"day": iso(days) if days is not None else ""}
