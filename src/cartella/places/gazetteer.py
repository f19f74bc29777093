"""The places that Cartella ships, read piece by piece.

The archive holds names in order of their key and places in order of population, both in small pieces. A look-up unpacks
one piece of names and the pieces of the places found, so that it costs a few milliseconds and not the whole archive.
"""

import csv
import json
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from cartella.places.countries import DATA, countries
from cartella.places.folding import name_key
from cartella.places.points import Point

Kind = Literal["municipality", "locality", "city"]
Language = Literal["it", "en"]
_KINDS: dict[str, Kind] = {"m": "municipality", "l": "locality", "c": "city"}


@dataclass(frozen=True, slots=True)
class Place:
    """A town. `id` is "istat-" and the ISTAT code of an Italian municipality, or "geonames-" and the GeoNames id.

    `country` is the ISO code, `region` the first administrative level as GeoNames codes it (in Italy its name),
    `province` the Italian car-plate code, `population` the number of inhabitants (0: not known).
    """

    id: str
    name: str
    name_en: str
    name_it: str
    country: str
    region: str
    province: str
    point: Point
    population: int
    kind: Kind

    def named(self, language: Language) -> str:
        """The name in a language, or its own name: Munich's own is "Munich", its Italian "Monaco di Baviera"."""
        if language == "it":
            return self.name_it or self.name
        return self.name_en or self.name

    def described(self, language: Language) -> str:
        """The name with what tells it from its namesakes: "Castro (LE), Italy", "Springfield (Illinois), USA"."""
        country = countries()[self.country]
        part = self.province or region_name(self.country, self.region)
        land = country.name_it if language == "it" else country.name_en
        inside = f" ({part})" if part and part != self.named(language) else ""
        return f"{self.named(language)}{inside}, {land}"


@cache
def _archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(DATA / "gazetteer.zip")


@cache
def _first_keys() -> list[str]:
    first: list[str] = json.loads(_archive().read("index.json"))["first"]
    return first


@cache
def _places_per_piece() -> int:
    size: int = json.loads(_archive().read("index.json"))["places_per_shard"]
    return size


@lru_cache(maxsize=256)
def _names(piece: int) -> dict[str, str]:
    lines = _archive().read(f"names/{piece:03d}.tsv").decode("utf-8").split("\n")
    return dict(line.split("\t") for line in lines)


@lru_cache(maxsize=512)
def _place_lines(piece: int) -> list[str]:
    return _archive().read(f"places/{piece:03d}.tsv").decode("utf-8").split("\n")


@lru_cache(maxsize=4096)
def _place(number: int) -> Place:
    piece, line = divmod(number, _places_per_piece())
    fields = _place_lines(piece)[line].split("\t")
    identifier, name, english, italian, country, region, province, latitude, longitude, population, kind = fields
    source = "istat" if identifier[0] == "i" else "geonames"
    return Place(
        id=f"{source}-{identifier[1:]}",
        name=name,
        name_en=english,
        name_it=italian,
        country=country,
        region=region,
        province=province,
        point=Point(float(latitude), float(longitude)),
        population=int(population),
        kind=_KINDS[kind],
    )


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split()]


@lru_cache(maxsize=4096)
def places_named(name: str) -> tuple[Place, ...]:
    """Every place that bears the name, in any of its languages, the most populous first."""
    key = name_key(name)
    piece = bisect_right(_first_keys(), key) - 1
    if not key or piece < 0:
        return ()
    return tuple(_place(number) for number in _numbers(_names(piece).get(key, "")))


def _close_keys(key: str) -> Iterator[tuple[int, str, str]]:
    """Known names that begin with the same letter, with their edit distance of one or two."""
    allowed = 1 if len(key) < 6 else 2
    start = max(0, bisect_right(_first_keys(), key[0]) - 1)
    for piece in range(start, len(_first_keys())):
        if _first_keys()[piece][0] > key[0]:
            break
        for known, numbers in _names(piece).items():
            if known[0] == key[0] and abs(len(known) - len(key)) <= allowed:
                distance = _edits(key, known, allowed)
                if distance <= allowed:
                    yield distance, known, numbers


def _edits(a: str, b: str, allowed: int) -> int:
    """Edit distance in which a swap of two neighbours is one edit; `allowed` + 1 as soon as it is beyond that."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return allowed + 1
    return row[-1]


def places_like(name: str, country: str | None = None, limit: int = 5) -> tuple[Place, ...]:
    """Places whose name is one or two typing errors away: the closest, then the most populous, first."""
    key = name_key(name)
    if len(key) < 3:
        return ()
    best: dict[str, tuple[int, int, Place]] = {}
    for distance, _, numbers in _close_keys(key):
        for number in _numbers(numbers)[:20]:
            place = _place(number)
            if country is None or place.country == country:
                rank = (distance, number, place)
                best[place.id] = min(best.get(place.id, rank), rank, key=lambda item: item[:2])
    ordered = sorted(best.values(), key=lambda item: item[:2])
    return tuple(place for _, _, place in ordered[:limit])


@cache
def _regions() -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as lines:
        found = {}
        for row in csv.DictReader(lines):
            names = [row["code"], row["name"], *row["aliases"].split("; ")]
            keys = frozenset(name_key(name) for name in names if name)
            found[row["country"], row["code"]] = (row["name"], keys)
        return found


def region_name(country: str, code: str) -> str:
    """The name of a first-level region ("Illinois"), or "" when the code is not known."""
    return _regions().get((country, code), ("", frozenset()))[0]


def lies_in(place: Place, part: str) -> bool:
    """Whether `part` names the region, the province or the country in which the place lies, by name or code.

    Wales is a region of the United Kingdom although it is also written for the whole: as a region it is read.
    """
    key = name_key(part)
    country = countries()[place.country]
    if key in {name_key(name) for name in (country.code, country.code3, country.name_en, country.name_it)}:
        return True
    if not is_region(part, place.country) and key in {name_key(name) for name in country.aliases}:
        return True
    region = _regions().get((place.country, place.region))
    province = _regions().get(("IT-province", place.province)) if place.province else None
    return any(known is not None and key in known[1] for known in (region, province))


@cache
def _region_keys(country: str) -> frozenset[str]:
    return frozenset(key for (family, _), (_, keys) in _regions().items() if family == country for key in keys)


def is_region(part: str, country: str) -> bool:
    """Whether the text names a first-level region of the country, by name or code."""
    return name_key(part) in _region_keys(country)
