"""Everything that the public pages show of one release, made when it is first asked for and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cartella.catalogue.entry import Entry
from cartella.network import Burden, burden_group, burdens
from cartella.places import SheetName, sheet
from cartella.services.access import Access
from cartella.services.centres import Centres, Seat, Town
from cartella.services.finding import Finder, Query
from cartella.services.numbers import Count, counts
from cartella.services.sources import Source


@dataclass(frozen=True, slots=True)
class Mark:
    """A town on a map: where on the sheet, and how many trials are listed as open or about to open there."""

    town: Town
    across: float
    down: float
    open: int
    soon: int

    @property
    def trials(self) -> int:
        """All of them."""
        return self.open + self.soon


@dataclass(frozen=True, slots=True)
class MapView:
    """A map with its towns, the largest first. `width`, `height` and the paths are in units of the sheet. `unplaced`
    counts trials with a site that could not be placed."""

    name: SheetName
    width: int
    height: int
    land: str
    lines: str
    marks: tuple[Mark, ...]
    unplaced: int


class Overview:
    """The trials of a source as the public pages show them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.centres = Centres(source)
        self.finder = Finder(source, self.centres)
        self._maps: dict[SheetName, MapView] = {}

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """The tables of the page with numbers."""
        return counts(self.source, self.centres)

    def prepare(self) -> None:
        """Make what most pages need, before somebody asks for it."""
        self.finder.find(Query())
        _ = self.centres.in_country, self.map("italy"), self.map("world")

    def map(self, name: SheetName) -> MapView:
        """The world, or Italy alone."""
        if name not in self._maps:
            self._maps[name] = self._drawn(name)
        return self._maps[name]

    def _drawn(self, name: SheetName) -> MapView:
        paper = sheet(name)
        marks, unplaced = [], set[str]()
        for town, seats in self.centres.trials_in_town.items():
            if name == "italy" and town.country != "IT":
                continue
            if town.point is None or not paper.shows(town.point):
                unplaced |= {seat.entry.id for seat in seats}
                continue
            across, down = paper.place(town.point)
            marks.append(Mark(town, across, down, *_numbers(seats)))
        marks.sort(key=lambda mark: (-mark.trials, mark.town.country, mark.town.key))
        return MapView(name, paper.width, paper.height, paper.land, paper.lines, tuple(marks), len(unplaced))


def _numbers(seats: tuple[Seat, ...]) -> tuple[int, int]:
    open_now = {seat.entry.id for seat in seats if seat.access is Access.OPEN}
    soon = {seat.entry.id for seat in seats if seat.access is Access.NOT_YET} - open_now
    return len(open_now), len(soon)


def burdens_of(entry: Entry) -> tuple[Burden, ...]:
    """What taking part in a trial like this one asks, as far as it is known; empty where no numbers fit."""
    return burdens(burden_group(entry.therapy, entry.phases))
