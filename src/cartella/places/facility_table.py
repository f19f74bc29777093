"""Our own table of institutions and the spellings of their names (data/facilities.csv, data/spellings.csv)."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from cartella.places.countries import DATA
from cartella.places.facility_names import normal_name


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution: key, name to show, the network it belongs to ("" if none is known), city, country code."""

    key: str
    name: str
    network: str
    city: str
    country: str


@cache
def institutions() -> dict[str, Institution]:
    """Every institution of the table by its key."""
    with (DATA / "facilities.csv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: Institution(**row) for row in csv.DictReader(lines)}


@cache
def _spellings() -> dict[tuple[str, str], tuple[Institution, ...]]:
    found: dict[tuple[str, str], list[Institution]] = defaultdict(list)
    with (DATA / "spellings.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            institution = institutions()[row["key"]]
            found[row["spelling"], institution.country].append(institution)
    return {spelling: tuple(bearers) for spelling, bearers in found.items()}


def institutions_named(name: str, country: str) -> tuple[Institution, ...]:
    """The institutions of a country (ISO code) that bear the name in one of its known spellings."""
    return _spellings().get((normal_name(name), country), ())
