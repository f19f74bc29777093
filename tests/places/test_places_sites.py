"""Where sites are: invented rows with the faults of real ones, and a measure over the real records."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from cartella.places import SiteLocation, distance_km, locate_site


def at(city: str, state: str | None, country: str, *point: float) -> SiteLocation:
    return locate_site("Some Hospital", city, state, country, *point)


@pytest.mark.parametrize(
    ("city", "state", "country", "latitude", "longitude"),
    [
        ("Milan", "MI", "Italy", 42.78235, 12.59836),
        ("Roma", None, "Italy", 44.99364, 11.10642),
        ("Torino", None, "Italy", 44.88856, 11.99138),
        ("Genova", "GE", "Italy", 45.21604, 11.87211),
        ("Padova", None, "Italy", 44.38225, 11.14261),
        ("München", None, "Germany", 51.60698, 13.31243),
    ],
)
def test_city_and_country_decide_and_a_far_point_is_only_reported(
    city: str, state: str | None, country: str, latitude: float, longitude: float
) -> None:
    alone, with_point = at(city, state, country), at(city, state, country, latitude, longitude)
    assert with_point.basis == "city"
    assert with_point.agreement == "disagrees"
    assert with_point.point == alone.point
    assert with_point.confirmed


@pytest.mark.parametrize(
    ("city", "state", "country", "described"),
    [
        ("Milano", None, "Italy", "Milan (MI), Italy"),
        ("Rozzano (MI)", None, "Italy", "Rozzano (MI), Italy"),
        ("Roma RM", None, "Italy", "Rome (RM), Italy"),
        ("Firenze, FI", None, "Italy", "Florence (FI), Italy"),
        ("San Giovanni Rotondo", "Foggia", "Italy", "San Giovanni Rotondo (FG), Italy"),
        ("Meldola (FC)", "Forlì-Cesena", "Italy", "Meldola (FC), Italy"),
        ("Monza", "MI", "Italy", "Monza (MB), Italy"),  # its province until 2009
        ("Castro", "LE", "Italy", "Castro (LE), Italy"),
        ("Torino", "Torino/Piemonte", "Italy", "Turin (TO), Italy"),
        ("New York", "New York", "United States", "New York City (New York), United States"),
        ("Portland", "Maine", "United States", "Portland (Maine), United States"),
        ("Saint Louis", "MO", "United States", "St. Louis (Missouri), United States"),
        ("Paris Cedex 13", None, "France", "Paris (Ile-de-France), France"),
        ("Wuhan City", "Hubei", "China", "Wuhan (Hubei), China"),
        ("Beijing Haidian", None, "China", "Beijing, China"),
        ("Xi'an", "Shanxi", "China", "Xi’an (Shaanxi), China"),
        ("Praha 5", None, "Czechia", "Prague (Praha), Czechia"),
        ("Saint Gallen", None, "Switzerland", "Sankt Gallen, Switzerland"),
    ],
)
def test_spellings_of_registries(city: str, state: str | None, country: str, described: str) -> None:
    found = at(city, state, country)
    assert found.basis == "city"
    assert found.place is not None
    assert found.place.described("en").replace(" (Saint Gallen)", "") == described
    assert found.confirmed


def test_a_stated_region_outweighs_namesakes_elsewhere() -> None:
    """A town too small for the gazetteer is not put into the state where a larger namesake lies."""
    assert at("Westwood", "Kansas", "United States").basis == "none"
    by_point = at("Westwood", "Kansas", "United States", 39.04, -94.62)
    assert by_point.basis == "registry"
    assert not by_point.confirmed


def test_part_of_a_name_is_not_the_name() -> None:
    assert at("Fort Sam Houston", "Texas", "United States").basis == "none"
    assert at("Blue Bell", "Pennsylvania", "United States", 40.15, -75.27).basis in {"city", "registry"}


def test_a_column_that_names_a_whole_region_is_no_place() -> None:
    for city, country, point in [("Shandong", "China", (26.8, 114.9)), ("Hokkaido", "Japan", (43.4, 142.9))]:
        assert at(city, None, country, *point).point is None


def test_a_district_of_a_city_that_is_its_own_region() -> None:
    found = at("Jongno-gu", "Seoul", "South Korea")
    assert found.basis == "region"
    assert found.place is not None
    assert found.place.name == "Seoul"
    assert not found.confirmed


def test_the_point_picks_between_namesakes() -> None:
    found = at("Castro", None, "Italy", 45.80, 10.07)
    assert found.place is not None
    assert found.place.province == "BG"
    assert found.agreement == "agrees"
    assert found.confirmed
    assert at("Castro", None, "Italy").ambiguous


def test_the_registrys_point_must_lie_in_the_country() -> None:
    inside, outside = at("Nowhereville", None, "Italy", 45.0, 9.0), at("Nowhereville", None, "Italy", 52.0, 9.0)
    assert (inside.basis, outside.basis) == ("registry", "none")
    assert outside.point is None


def test_a_city_known_only_by_a_similar_name_is_marked() -> None:
    found = at("Tuscallosa", "Alabama", "United States")
    assert found.place is not None
    assert found.place.name == "Tuscaloosa"
    assert found.ambiguous
    assert not found.confirmed


def test_missing_and_impossible_columns() -> None:
    assert locate_site(None, None, None, None).basis == "none"
    assert at("Milan", None, "Ruritania", 45.4, 9.2).point is None
    assert at("Nowhereville", None, "Italy", 0.0, 0.0).basis == "none"
    assert at("Nowhereville", None, "Italy", 451.0, float("nan")).basis == "none"
    assert at("Milan", None, "Italy", float("nan"), 9.2).agreement == "no point"


def test_without_a_city_a_known_institution_brings_its_own() -> None:
    found = locate_site("Istituto Europeo di Oncologia", None, None, "Italy")
    assert found.place is not None
    assert found.place.named("it") == "Milano"
    assert locate_site("Hospital of Nowhere", None, None, "Italy").basis == "none"


def test_sites_of_the_real_records(shared: Path) -> None:
    counts: Counter[tuple[bool, str, str]] = Counter()
    with gzip.open(shared / "registry" / "tcell-studies.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            study = json.loads(line)["protocolSection"]
            for site in study.get("contactsLocationsModule", {}).get("locations", []):
                point = site.get("geoPoint") or {}
                facility, city, state, country = (site.get(k) for k in ("facility", "city", "state", "country"))
                found = locate_site(facility, city, state, country, point.get("lat"), point.get("lon"))
                counts[country == "Italy", found.basis, found.agreement] += 1
                if found.place is not None and found.agreement == "agrees":
                    assert found.point is not None
                    assert distance_km(found.point, found.place.point) == 0
    italian = {key[1:]: count for key, count in counts.items() if key[0]}
    assert sum(italian.values()) == 196
    assert {basis for basis, _ in italian} == {"city"}
    assert italian["city", "disagrees"] == 72
    located_by_city = sum(count for (_, basis, _), count in counts.items() if basis == "city")
    assert located_by_city / counts.total() >= 0.98
