"""Counts of registered trials as tables, each with its finding, its scope and its denominator.

They count trials that are registered, which says nothing of what the treatments do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import target_name
from cartella.services.access import Access, access_of
from cartella.services.centres import Centres, is_t_cell_therapy
from cartella.services.sources import Source

ChartName = Literal["freshness", "years", "targets", "phases", "countries"]
CHARTS: tuple[ChartName, ...] = ("freshness", "years", "targets", "phases", "countries")
_MOST_ROWS = 12
_FIRST_YEAR = 2012
_AGES = ((91, "months3"), (183, "months6"), (365, "year1"), (730, "years2"))
"""Days up to which a status belongs to a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `key` is a country's code, a phase, an age or a label as it is shown; `partial`: still going on."""

    key: str
    number: int
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """One chart's table. `of` is the number of trials that were looked at; a trial may be in several rows."""

    name: ChartName
    rows: tuple[Row, ...]
    of: int
    as_of: date | None

    @property
    def largest(self) -> Row:
        """The row with the most trials, the last of equals."""
        return max(self.rows, key=lambda row: row.number)

    def total(self, *keys: str) -> int:
        """The trials of some rows together."""
        return sum(row.number for row in self.rows if row.key in keys)


def counts(source: Source, centres: Centres) -> tuple[Count, ...]:
    """All tables of a release, as of its own day, so that the same release gives the same tables."""
    entries = [entry for entry in source.entries() if is_t_cell_therapy(entry)]
    day = source.release.as_of
    tables = (_freshness(entries, day), _years(entries, day), _targets(entries, day), _phases(entries, day))
    return tuple(table for table in (*tables, _countries(entries, centres, day)) if table.rows)


def _freshness(entries: Sequence[Entry], day: date | None) -> Count:
    open_now = [entry for entry in entries if access_of(entry.status) is Access.OPEN]
    found: Counter[str] = Counter()
    for entry in open_now:
        days = None if day is None else entry.status_days(day)
        name = "undated" if days is None else next((name for limit, name in _AGES if days <= limit), "older")
        found[name] += 1
    keys = [*(name for _, name in _AGES), "older", *(["undated"] if found["undated"] else [])]
    return Count("freshness", tuple(Row(key, found[key]) for key in keys) if open_now else (), len(open_now), day)


def _years(entries: Sequence[Entry], day: date | None) -> Count:
    begun = [entry.start.earliest for entry in entries if entry.start is not None]
    begun = [start for start in begun if start.year >= _FIRST_YEAR and (day is None or start <= day)]
    found = Counter(start.year for start in begun)
    years = range(min(found), max(found) + 1) if found else range(0)
    rows = tuple(Row(str(year), found[year], day is not None and year == day.year) for year in years)
    return Count("years", rows, len(begun), day)


def _targets(entries: Sequence[Entry], day: date | None) -> Count:
    typed = [entry.therapy for entry in entries if entry.therapy is not None]
    found = Counter(target_name(target, "en") for therapy in typed for target in therapy.targets)
    return Count("targets", _most(found), len(typed), day)


def _phases(entries: Sequence[Entry], day: date | None) -> Count:
    found = Counter("_".join(phase for phase in entry.phases if phase != "na") or "none" for entry in entries)
    order = ("early_phase1", "phase1", "phase1_phase2", "phase2", "phase2_phase3", "phase3", "phase4", "none")
    return Count("phases", tuple(Row(key, found[key]) for key in order if found[key]), len(entries), day)


def _countries(entries: Sequence[Entry], centres: Centres, day: date | None) -> Count:
    open_now = [entry for entry in entries if access_of(entry.status) is Access.OPEN]
    found: Counter[str] = Counter()
    for entry in open_now:
        found.update(
            {s.country for s in centres.seats[entry.id] if s.country and s.access is Access.OPEN and not s.visits_only}
        )
    rows = _most(found)
    if "IT" in found and all(row.key != "IT" for row in rows):
        rows = (*rows[:-1], Row("IT", found["IT"]))
    return Count("countries", rows, len(open_now), day)


def _most(found: Counter[str]) -> tuple[Row, ...]:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ROWS]
    return tuple(Row(key, number) for key, number in ordered)
