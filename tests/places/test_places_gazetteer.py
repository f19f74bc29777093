"""The shipped gazetteer: complete for Italy, named in the languages people use, stated sources, quick to open."""

import tomllib
import zipfile
from collections import Counter

import pytest

from cartella.places import countries, country_code, distance_km, find_place, places_named
from cartella.places.countries import DATA
from cartella.places.folding import fold, name_key
from cartella.places.gazetteer import is_region, lies_in


def rows() -> list[list[str]]:
    with zipfile.ZipFile(DATA / "gazetteer.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("places/")]
        return [line.split("\t") for name in names for line in archive.read(name).decode().split("\n")]


def test_every_italian_municipality_is_there_with_its_province_and_can_be_found() -> None:
    municipalities = [row for row in rows() if row[0].startswith("i")]
    assert len(municipalities) == 7899
    assert len({row[0] for row in municipalities}) == 7899
    assert len({row[6] for row in municipalities}) == 107
    for row in municipalities[::97]:
        assert f"istat-{row[0][1:]}" in {place.id for place in places_named(row[1])}, row


def test_points_lie_in_their_country_and_italian_towns_in_italy() -> None:
    seen = Counter(row[4] for row in rows())
    assert seen["US"] > 5_000
    assert len(seen) > 200
    for row in rows()[::53]:
        place = next(place for place in places_named(row[1]) if place.id.endswith(f"-{row[0][1:]}"))
        assert countries()[place.country].holds(place.point), place


@pytest.mark.parametrize(
    ("spellings", "name", "country"),
    [
        (("Milano", "Milan", "MILANO", "Mailand"), "Milano", "IT"),
        (("Firenze", "Florence", "firenze"), "Firenze", "IT"),
        (("Bolzano", "Bozen", "Bolzano/Bozen", "bolzano bozen"), "Bolzano/Bozen", "IT"),
        (("Forlì", "Forli", "Forli'"), "Forlì", "IT"),
        (("L'Aquila", "L’Aquila", "laquila", "L Aquila"), "L'Aquila", "IT"),
        (("Reggio Emilia", "Reggio nell'Emilia"), "Reggio nell'Emilia", "IT"),
        (("Reggio Calabria", "Reggio di Calabria"), "Reggio di Calabria", "IT"),
        (("S. Giovanni Rotondo", "San Giovanni Rotondo"), "San Giovanni Rotondo", "IT"),
        (("Munich", "München", "Muenchen", "Monaco di Baviera"), "Munich", "DE"),
        (("Peking", "Beijing", "Pechino"), "Beijing", "CN"),
        (("New York", "New York City", "NEW YORK"), "New York City", "US"),
        (("Saint Louis", "St. Louis", "St Louis"), "St. Louis", "US"),
        (("Köln", "Cologne", "Colonia", "Koeln"), "Köln", "DE"),
        (("Saint Gallen", "St. Gallen", "Sankt Gallen"), "Sankt Gallen", "CH"),
    ],
)
def test_all_usual_spellings_lead_to_one_place(spellings: tuple[str, ...], name: str, country: str) -> None:
    for spelling in spellings:
        found = [place for place in places_named(spelling) if place.country == country]
        assert found, spelling
        assert found[0].name == name, spelling


def test_the_registrys_wrong_points_are_not_ours() -> None:
    """Milan in Umbria, Rome in Emilia, Turin in the Po delta: the points that a registry gives for these cities."""
    wrong = {"Milan": (42.78, 12.60), "Roma": (44.99, 11.11), "Torino": (44.89, 11.99), "Genova": (45.22, 11.87)}
    right = {"Milan": (45.46, 9.19), "Roma": (41.89, 12.51), "Torino": (45.07, 7.69), "Genova": (44.41, 8.93)}
    for city, (latitude, longitude) in right.items():
        place = find_place(city, "Italy").place
        assert place is not None
        assert abs(place.point.latitude - latitude) < 0.05
        assert abs(place.point.longitude - longitude) < 0.05
        assert (round(place.point.latitude), round(place.point.longitude)) != tuple(map(round, wrong[city]))


def test_countries_by_code_and_by_name_in_two_languages() -> None:
    for text in ("IT", "ITA", "Italy", "Italia", "italia"):
        assert country_code(text) == "IT"
    assert country_code("Turkey (Türkiye)") == "TR"
    assert country_code("Corea del Sud") == country_code("Korea, Republic of") == country_code("South Korea") == "KR"
    assert country_code("USA") == country_code("Stati Uniti") == "US"
    assert country_code("Atlantis") is None
    assert country_code(None) is None


def test_regions_by_name_and_code() -> None:
    rozzano = places_named("Rozzano")[0]
    for part in ("MI", "Milano", "Milan", "Lombardia", "Lombardy", "Italy", "IT"):
        assert lies_in(rozzano, part), part
    assert not lies_in(rozzano, "Roma")
    assert is_region("Illinois", "US")
    assert is_region("IL", "US")
    assert is_region("D.C.", "US")
    assert not is_region("MI", "IT")


def test_folding() -> None:
    assert fold("  Sant'Angelo   in VADO ") == "sant angelo in vado"
    assert fold("Łódź") == "lodz"
    assert fold("Straße") == "strasse"
    assert name_key("Saint-Denis") == name_key("St. Denis") == "stdenis"


def test_each_data_file_states_where_it_comes_from() -> None:
    sources = tomllib.loads((DATA / "SOURCES.toml").read_text(encoding="utf-8"))
    assert "GeoNames" in sources.pop("notice")
    assert set(sources) == {path.name for path in DATA.iterdir()} - {"SOURCES.toml"}
    for entry in sources.values():
        assert set(entry) == {"origin", "date", "licence", "confidence"}


def test_the_data_stay_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= 3_200_000


def test_distance_between_two_found_places() -> None:
    milan, rome = find_place("Milano").place, find_place("Roma").place
    assert milan is not None
    assert rome is not None
    assert 470 <= distance_km(milan.point, rome.point) <= 485
