"""Centres with what each has open: the sites of all trials brought together by institution and by town.

A masked site is never counted as a centre; it is counted in its town. Centres and towns show the trials of T-cell
therapy of cancer; other studies have their own pages with their sites. Made once for a release.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cartella.catalogue.entry import Entry, EntrySite
from cartella.explaining import Lang
from cartella.network import CentreFacts, centre_facts
from cartella.places import Facility, Point, countries, country_code, facility, find_place, institutions
from cartella.places.folding import fold
from cartella.services.access import Access, site_access
from cartella.services.sources import Source
from cartella.trials.therapy import Bucket

_PART_ONLY = re.compile(
    r"limited protocol|consent (?:and|&|only)|follow[- ]?up|data (?:collection|analysis)", re.IGNORECASE
)
_LONGEST_SLUG = 90
_ORDER = list(Access)


@dataclass(frozen=True, slots=True)
class Town:
    """A town with trial sites. `key` is unique in its country; `point` is None for one that could not be placed."""

    key: str
    country: str
    name_en: str
    name_it: str
    point: Point | None

    def named(self, lang: Lang) -> str:
        """The name in a language."""
        return self.name_it if lang == "it" else self.name_en


@dataclass(frozen=True, slots=True)
class Seat:
    """A trial at one of its sites: where it is, what it is called, whether patients can enter there."""

    entry: Entry
    site: EntrySite
    access: Access
    named: Facility
    town: Town | None
    country: str | None
    slug: str | None

    @property
    def visits_only(self) -> bool:
        """Whether the registry says that this site takes part with visits or data only: no cells are given there."""
        return _PART_ONLY.search(self.site.facility or "") is not None

    def worded(self, lang: Lang) -> str:
        """The name to show."""
        return self.named.worded(lang)


@dataclass(frozen=True, slots=True)
class Centre:
    """An institution. `listed`: our table of institutions knows it; `facts` are there for Italian centres only."""

    slug: str
    name: str
    network: str
    town: Town | None
    country: str
    listed: bool
    facts: CentreFacts | None
    seats: tuple[Seat, ...]

    def with_access(self, *wanted: Access) -> tuple[Seat, ...]:
        """Its trials of these kinds, each once, freshest status first."""
        return tuple(seat for seat in self.seats if seat.access in wanted)


class Centres:
    """All centres and towns of a release."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @cached_property
    def seats(self) -> Mapping[str, tuple[Seat, ...]]:
        """The sites of every trial by its number; a centre that stands there twice is one."""
        return {entry.id: tuple(_merged(_seats(entry, self._towns))) for entry in self._source.entries()}

    def seats_of(self, entry: Entry) -> tuple[Seat, ...]:
        """The sites of a trial, also of one that lies behind the release (see `LayeredSource`)."""
        found = self.seats.get(entry.id)
        return tuple(_merged(_seats(entry, self._towns))) if found is None else found

    @cached_property
    def by_slug(self) -> Mapping[str, Centre]:
        """Every centre by its part of the address."""
        gathered: dict[str, list[Seat]] = defaultdict(list)
        for seat in self._shown:
            if seat.slug is not None and seat.country is not None:
                gathered[seat.slug].append(seat)
        for slug in centre_facts():
            gathered.setdefault(slug, [])
        return {slug: self._centre(slug, seats) for slug, seats in sorted(gathered.items())}

    @cached_property
    def in_country(self) -> Mapping[str, tuple[Centre, ...]]:
        """The centres of each country, by name."""
        found: dict[str, list[Centre]] = defaultdict(list)
        for centre in self.by_slug.values():
            found[centre.country].append(centre)
        return {code: tuple(sorted(some, key=lambda c: fold(c.name))) for code, some in found.items()}

    @cached_property
    def trials_in_town(self) -> Mapping[Town, tuple[Seat, ...]]:
        """The sites of every town, masked ones included, where patients may enter now or soon."""
        found: dict[Town, list[Seat]] = defaultdict(list)
        for seat in self._shown:
            if seat.town is not None and seat.access in (Access.OPEN, Access.NOT_YET):
                found[seat.town].append(seat)
        return {town: tuple(seats) for town, seats in found.items()}

    @cached_property
    def open_in_country(self) -> Mapping[str, int]:
        """How many trials are listed as open in each country; most first."""
        found: dict[str, set[str]] = defaultdict(set)
        for seat in self._shown:
            if seat.country is not None and seat.access is Access.OPEN:
                found[seat.country].add(seat.entry.id)
        return dict(sorted(((c, len(ids)) for c, ids in found.items()), key=lambda item: (-item[1], item[0])))

    @property
    def _shown(self) -> Iterable[Seat]:
        return (seat for seats in self.seats.values() for seat in seats if _counts(seat))

    @cached_property
    def _towns(self) -> Mapping[tuple[str, str, Point | None], Town]:
        met: dict[tuple[str, str], dict[Point | None, tuple[str, str]]] = defaultdict(dict)
        for entry in self._source.entries():
            for site in entry.sites:
                code = country_code(site.country)
                named = facility(site.facility, site.city, site.country)
                if code and named.city_en:
                    met[code, _slug(named.city_en)][site.place] = (named.city_en, named.city_it)
        found = {}
        for (code, slug), points in met.items():
            ordered = sorted(points, key=lambda p: (p is None, () if p is None else (p.latitude, p.longitude)))
            for number, point in enumerate(ordered, start=1):
                english, italian = points[point]
                key = slug if number == 1 else f"{slug}-{number}"
                found[code, slug, point] = Town(key, code, english, italian, point)
        return found

    def _centre(self, slug: str, seats: list[Seat]) -> Centre:
        seats = sorted(seats, key=_freshest_first)
        known = institutions().get(slug)
        facts = centre_facts().get(slug)
        if known is None:
            first = seats[0]
            return Centre(slug, first.named.name, "", first.town, first.country or "", False, None, tuple(seats))
        town = next((seat.town for seat in seats if seat.town is not None), None)
        town = town or _own_town(known.city, known.country)
        return Centre(slug, known.name, known.network, town, known.country, True, facts, tuple(seats))


def is_t_cell_therapy(entry: Entry) -> bool:
    """Whether a study is, as far as is known, one of T-cell therapy of a cancer."""
    return entry.bucket in (Bucket.T_CELL_CANCER, None)


def country_name(code: str, lang: Lang) -> str:
    """The name of a country by its code; the code itself where it is not known."""
    known = countries().get(code)
    return code if known is None else known.name_it if lang == "it" else known.name_en


def _seats(entry: Entry, towns: Mapping[tuple[str, str, Point | None], Town]) -> Iterable[Seat]:
    for site in entry.sites:
        code = country_code(site.country)
        named = facility(site.facility, site.city, site.country)
        town = towns.get((code, _slug(named.city_en), site.place)) if code else None
        yield Seat(entry, site, site_access(entry, site), named, town, code, _centre_slug(named, code, town))


def _merged(seats: Iterable[Seat]) -> Iterable[Seat]:
    """One seat for each centre and trial: of two, the one where the cells are given, then the one that is more open."""
    kept: dict[str, Seat] = {}
    for number, seat in enumerate(seats):
        key = seat.slug or str(number)
        if key not in kept or _rank(seat) < _rank(kept[key]):
            kept[key] = seat
    return kept.values()


def _rank(seat: Seat) -> tuple[bool, int]:
    return seat.visits_only, _ORDER.index(seat.access)


def _counts(seat: Seat) -> bool:
    """Whether a site counts for its centre and town: one where cells of a T-cell therapy of cancer are given."""
    return is_t_cell_therapy(seat.entry) and not seat.visits_only


def _centre_slug(named: Facility, code: str | None, town: Town | None) -> str | None:
    """The part of the address that stands for a centre: made of names alone, so that it stays what it is."""
    if named.masked or named.key is None or code is None:
        return None
    if named.listed:
        return named.key
    where = town.key if town is not None else ""
    return _slug(f"{code} {where} {named.key.rpartition('/')[2]}")[:_LONGEST_SLUG].strip("-")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def _own_town(city: str, country: str) -> Town:
    place = find_place(city, country).place
    if place is None:
        return Town(_slug(city), country, city, city, None)
    return Town(_slug(place.named("en")), country, place.named("en"), place.named("it"), place.point)


def _freshest_first(seat: Seat) -> tuple[int, int, str]:
    status = seat.entry.status
    confirmed = 0 if status is None or status.confirmed is None else status.confirmed.earliest.toordinal()
    return _ORDER.index(seat.access), -confirmed, seat.entry.id
