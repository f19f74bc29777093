"""The catalogue file: building it from entries, and loading it.

One gzipped JSON object. Expressions, points, places and dates are held once and referred to by number. It holds facts
only: no title, no criteria text, no sentence of a registry. What a point of the text says is worded by our renderer
from its expression; a point without meaning for the program is counted, and the registry's page is where to read it.

The same studies, read by the same program, give the same bytes.
"""

from __future__ import annotations

import gc
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cartella.catalogue.entry import Entry, EntrySite
from cartella.catalogue.expressions import Table, read_table
from cartella.catalogue.rows import entry_row, point_row, row_entry, row_point, row_site, site_row
from cartella.logic import Expression, Opaque, children
from cartella.trials.criteria import Point

FORMAT = 1
FILE = "catalogue.json.gz"

_SHORT_COHORT = re.compile(r"(?:cohort|arm|group|part|phase|stratum|coorte|gruppo|fase)\s+\w{1,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All studies of one release. `as_of` is the newest day on which any record was taken."""

    as_of: date
    name: str
    entries: tuple[Entry, ...]

    @property
    def by_id(self) -> dict[str, Entry]:
        """The entries by registry number."""
        return _by_id(self)


@lru_cache(maxsize=2)
def _by_id(catalogue: Catalogue) -> dict[str, Entry]:
    return {entry.id: entry for entry in catalogue.entries}


def catalogue_bytes(entries: Iterable[Entry], as_of: date) -> bytes:
    """The content of the catalogue file."""
    expressions, points, sites = Table(), _Numbers(), _Numbers()

    def point_number(point: Point) -> int:
        return points.number(point_row(point, expressions.number))

    def site_number(site: EntrySite) -> int:
        return sites.number(site_row(site))

    rows = [entry_row(without_text(entry), point_number, site_number) for entry in sorted(entries, key=lambda e: e.id)]
    data = {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "expressions": expressions.rows,
        "points": points.rows,
        "sites": sites.rows,
        "trials": rows,
    }
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(packed, compresslevel=9, mtime=0)


def without_text(entry: Entry) -> Entry:
    """The entry without anything a registry wrote in sentences: no title, no spans, unread points only counted."""
    kept, unread = [], entry.unread
    cohorts: dict[str, str] = {}
    for point in entry.points:
        if point.span is not None and is_unread(point.expression):
            unread = (unread or 0) + 1
            continue
        cohort = None if point.cohort is None else cohorts.setdefault(point.cohort, _cohort(point.cohort, cohorts))
        kept.append(replace(point, span=None, cohort=cohort))
    return replace(entry, title=None, points=tuple(kept), unread=unread)


def is_unread(expression: Expression) -> bool:
    """Whether nothing in the expression has a meaning for the program."""
    inside = children(expression)
    return all(is_unread(part) for part in inside) if inside else isinstance(expression, Opaque)


def _cohort(name: str, known: dict[str, str]) -> str:
    """A cohort's label; a name longer than a label is a sentence of the registry and becomes a number."""
    return name if _SHORT_COHORT.fullmatch(name.strip()) else f"cohort {len(known) + 1}"


class _Numbers:
    """Distinct rows, numbered in the order in which they come."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._known: dict[str, int] = {}

    def number(self, row: Any) -> int:
        key = json.dumps(row)
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(row)
        return self._known[key]


def read_catalogue(packed: bytes) -> Catalogue:
    """The catalogue in the bytes of a file. ValueError when they are no catalogue of this format."""
    try:
        data = json.loads(gzip.decompress(packed))
        if data["format"] != FORMAT:
            raise ValueError(f"the catalogue has format {data['format']}; this program reads format {FORMAT}")
        expressions = read_table(data["expressions"])
        points = [row_point(row, expressions.__getitem__) for row in data["points"]]
        sites = [row_site(row) for row in data["sites"]]
        entries = tuple(row_entry(row, points.__getitem__, sites.__getitem__) for row in data["trials"])
        as_of = date.fromisoformat(data["as_of"])
    except (OSError, EOFError, KeyError, TypeError, IndexError) as error:
        raise ValueError("this is no catalogue file") from error
    return Catalogue(as_of, f"catalogue-{as_of.isoformat()}", entries)


@cache
def embedded_catalogue() -> Catalogue:
    """The catalogue that is shipped with the program, loaded once."""
    packed = (files("cartella.catalogue") / "data" / FILE).read_bytes()
    collecting = gc.isenabled()
    gc.disable()  # a third of the loading time would go into looking for garbage among objects that all stay
    try:
        return read_catalogue(packed)
    finally:
        gc.freeze()  # and so would half of the time of every match
        if collecting:
            gc.enable()
