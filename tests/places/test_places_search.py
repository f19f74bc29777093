"""What a person types, and what is found, asked back or suggested."""

import pytest

from cartella.places import find_place


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("Milano", "Milan (MI), Italy"),
        ("Milano, IT", "Milan (MI), Italy"),
        ("milano (mi)", "Milan (MI), Italy"),
        ("20133 Milano", "Milan (MI), Italy"),
        ("Roma RM", "Rome (RM), Italy"),
        ("Firenze, Toscana", "Florence (FI), Italy"),
        ("Meldola (FC)", "Meldola (FC), Italy"),
        ("San Giovanni Rotondo FG", "San Giovanni Rotondo (FG), Italy"),
        ("Castro, Lecce", "Castro (LE), Italy"),
        ("Castro (BG)", "Castro (BG), Italy"),
        ("Springfield, Illinois", "Springfield (Illinois), United States"),
        ("Springfield, MA, USA", "Springfield (Massachusetts), United States"),
        ("Portland Oregon", "Portland (Oregon), United States"),
        ("Pechino", "Beijing, China"),
        ("Newport, Wales", "Newport (Wales), United Kingdom"),
        ("Guadalajara, Mexico", "Guadalajara (Jalisco), Mexico"),
        ("Parigi", "Paris (Ile-de-France), France"),
    ],
)
def test_one_place_is_meant(text: str, described: str) -> None:
    found = find_place(text)
    assert found.place is not None, found.says("en")
    assert found.place.described("en") == described


def test_an_ambiguous_name_is_asked_back_with_the_most_populous_first() -> None:
    found = find_place("Springfield")
    assert found.place is None
    assert found.ambiguous
    populations = [place.population for place in found.candidates]
    assert len(populations) > 3
    assert populations == sorted(populations, reverse=True)
    assert "may be" in found.says("en")
    assert "Aggiungere la provincia" in found.says("it")


def test_a_much_larger_namesake_is_taken_and_the_others_told() -> None:
    found = find_place("Roma")
    assert found.place is not None
    assert found.place.country == "IT"
    assert len(found.candidates) > 1
    assert "esiste anche" in found.says("it")


def test_a_place_is_never_moved_into_a_country_where_it_is_not() -> None:
    found = find_place("Rozzano, France")
    assert found.place is None
    assert found.not_matched == ("France",)
    assert [place.province for place in found.candidates] == ["MI"]
    assert "no place of this name in France" in found.says("en")


def test_the_country_limits_the_answer() -> None:
    found = find_place("Castro", country="Italia")
    assert {place.country for place in found.candidates} == {"IT"}
    assert found.ambiguous


def test_a_typing_error_gets_suggestions_and_no_place() -> None:
    found = find_place("Rozanno")
    assert found.place is None
    assert not found.ambiguous
    assert "Rozzano" in [place.name for place in found.suggestions]
    assert "Rozzano" in found.says("it")
    assert "Bologna" in [place.name for place in find_place("Bolgona", country="IT").suggestions]


@pytest.mark.parametrize("text", ["", "   ", ",", "12345", "?!", "\n"])
def test_nothing_to_look_up_is_answered_calmly(text: str) -> None:
    found = find_place(text)
    assert found.place is None
    assert found.candidates == ()
    assert "not found" in found.says("en")


def test_an_unknown_country_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="English or Italian"):
        find_place("Milano", country="Ruritania")
