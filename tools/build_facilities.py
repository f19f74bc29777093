"""Compile facility names (src/cartella/places/data/facilities.csv, spellings.csv) from the domain sheets.

Development tool. Usage: python tools/build_facilities.py FOLDER, where FOLDER holds facilities_aliases.csv,
centres_it.csv and centres_eu.csv. Only facts are taken over: which spellings, in normalised form, name which
institution in which city.
"""

import csv
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from cartella.places.countries import country_code  # noqa: E402
from cartella.places.facility_names import normal_name  # noqa: E402

DATA = ROOT / "src" / "cartella" / "places" / "data"
_OLD = re.compile(r"\s*\((?:old name|laboratory)\)")
ACCENTS = {"Gesu": "Gesù", "Citta": "Città", "Carita": "Carità", "Hopital": "Hôpital"}  # the sheets are written without
GENERIC_SHORT = 4  # short names such as CSS or GOM name many things; shorter ones are left out


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main(folder: Path) -> None:
    facilities: dict[str, list[str]] = {}
    spellings: dict[tuple[str, str], str] = {}

    def add(key: str, name: str, network: str, city: str, country: str, names: list[str]) -> None:
        code = country_code(country)
        if code is None:
            raise SystemExit(f"{key}: country {country!r} is not in countries.csv")
        shown = re.sub(r"\w+", lambda word: ACCENTS.get(word[0], word[0]), name)
        facilities.setdefault(key, [key, shown, network, re.sub(r"\s*\(.*\)", "", city), code])
        for spelling in [name, *names]:
            normal = normal_name(_OLD.sub("", spelling))
            if normal:
                spellings.setdefault((key, normal), spelling)

    for row in rows_of(folder, "centres_it.csv"):
        short = [name for name in row["short_names"].split("; ") if len(name) > GENERIC_SHORT]
        short = [name for name in short if normal_name(name) != normal_name(row["city"])]
        names = [*short, *row["spellings_in_registry"].split("; ")]
        add(row["key"], row["official_name"], "", row["city"], "Italy", names)
    for row in rows_of(folder, "facilities_aliases.csv"):
        names = row["spellings"].split("; ")
        add(row["key"], row["canonical_name"], row["parent_network"], row["city"], row["country"], names)
    for row in rows_of(folder, "centres_eu.csv"):
        add(row["key"], row["name"], row["parent_network"], row["city"], row["country"], row["spellings"].split("; "))

    write("facilities.csv", ["key", "name", "network", "city", "country"], sorted(facilities.values()))
    write("spellings.csv", ["key", "spelling"], sorted(spellings))
    print(f"{len(facilities)} facilities, {len(spellings)} spellings")


def write(name: str, header: list[str], rows: list[Any]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
