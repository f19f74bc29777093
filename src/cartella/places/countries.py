"""Countries by name or code, in English and Italian, with the box in which their towns lie."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cartella.places.folding import name_key
from cartella.places.points import Point

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by ISO 3166-1 code; `box` is south, north, west, east in hundredths of a degree, half a degree wide of
    its towns, or None where no town is known."""

    code: str
    code3: str
    name_en: str
    name_it: str
    aliases: tuple[str, ...]
    box: tuple[int, int, int, int] | None

    def holds(self, point: Point) -> bool:
        """Whether the point may lie in the country: inside its box. Without a box the answer is no."""
        if self.box is None:
            return False
        south, north, west, east = self.box
        return south <= 100 * point.latitude <= north and west <= 100 * point.longitude <= east


@cache
def countries() -> dict[str, Country]:
    """All countries by their two-letter code."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as lines:
        found = {}
        for row in csv.DictReader(lines):
            sides = [row[side] for side in ("south", "north", "west", "east")]
            box = (int(sides[0]), int(sides[1]), int(sides[2]), int(sides[3])) if sides[0] else None
            aliases = tuple(row["aliases"].split("; ")) if row["aliases"] else ()
            found[row["code"]] = Country(row["code"], row["code3"], row["name_en"], row["name_it"], aliases, box)
        return found


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for country in countries().values():
        for name in (country.code, country.code3, country.name_en, country.name_it, *country.aliases):
            codes.setdefault(name_key(name), country.code)
    return codes


def country_code(text: str | None) -> str | None:
    """The two-letter code of a country named by code, or by name in English or Italian ("Italia", "USA", "Corea del
    Sud", "Turkey (Türkiye)"); None when it is not known or not given."""
    return _codes().get(name_key(text)) if text else None
