"""Names of institutions: merged where they are one, kept apart where not, never invented where hidden."""

import csv
from pathlib import Path

import pytest

from cartella.places import facility, institutions, is_masked


@pytest.mark.parametrize(
    "name",
    [
        "Research Site", "Local Institution - 0012", "Local Institution", "Investigational Site 123", "Study Site",
        "Novartis Investigative Site", "Acme Pharma Investigational Site", "GSK Investigational Site", "Site 0012",
        "Clinical Trial Site", "Research Facility ID 123", "Site #: 45", "Facility 17", "A23", "", "  ",
        "Local Institution - Site 0007", "Acme Clinical Research Site", "For more information, call the sponsor",
    ],
)  # fmt: skip
def test_masked_names(name: str) -> None:
    assert is_masked(name)
    found = facility(name, "Milan", "Italy")
    assert found.masked
    assert found.key is None
    assert found.worded("en") == "a site in Milan, name not given"
    assert found.worded("it") == "un centro a Milano, nome non indicato"


@pytest.mark.parametrize(
    "name",
    [
        "Fred Hutchinson Cancer Research Center", "Ironwood Cancer & Research Centers", "Siteman Cancer Center",
        "National Institutes of Health Clinical Center", "Institut Curie - Site de Paris", "401 Military Hospital",
        "Istituto Nazionale dei Tumori", "Local Hospital", "Clinical Research Institute of Montreal",
        "Cancer Therapy and Research Center", "Princess Margaret Cancer Centre ( Site 0006)", "920th Hospital",
    ],
)  # fmt: skip
def test_real_names_are_not_masked(name: str) -> None:
    assert not is_masked(name)


def test_a_masked_site_is_worded_by_its_city_in_good_italian() -> None:
    assert facility(None, "Ancona", "Italy").worded("it") == "un centro ad Ancona, nome non indicato"
    assert facility(None, "L'Aquila", "Italy").worded("it") == "un centro all'Aquila, nome non indicato"
    assert facility(None, "Munich", "Germany").worded("it") == "un centro a Monaco di Baviera, nome non indicato"
    assert facility(None, None, "Italy").worded("it") == "un centro, nome non indicato"
    assert facility(None, None, None).worded("en") == "a site, name not given"


@pytest.mark.parametrize(
    "name",
    [
        "Anna Example", "Prof. A. Example", "Office of A. Example, M.D.", "An Example 13700000000 example@example.org",
        "No.3, Example East Road", "Example Therapeutics Co., Ltd.", "Example, Inc.", "Exampletown",
    ],
)  # fmt: skip
def test_persons_addresses_and_companies_are_not_shown(name: str) -> None:
    found = facility(name, "Milan", "Italy")
    assert found.masked and found.key is None and not found.name
    assert found.worded("en") == "a site in Milan, name not given"


@pytest.mark.parametrize(
    "name",
    [
        "UZ Leuven", "FN Ostrava", "CHU de Nîmes", "Kantonsspital Aarau", "Semmelweis Egyetem", "Polyclinique du Nord",
        "Dr. A. Example Research Hospital", "Royal Children's Hospital /ID# 163322", "City of Hope", "Blood and Marrow",
        "Beneficencia Portuguesa de Sao Paulo", "APHP Necker", "UCSD", "IRCCS Example",
    ],
)  # fmt: skip
def test_places_of_care_keep_their_name(name: str) -> None:
    assert not facility(name, "Milan", "Italy").masked


def test_one_hospital_under_many_spellings_is_one() -> None:
    spellings = [
        ("IRCCS Ospedale San Raffaele", "Milan"), ("Ospedale San Raffaele", "Milano"), ("SAN RAFFAELE", "Roma"),
        ("IRCCS San Raffaele", "Milano (MI)"), ("Ospedale San Raffaele /ID# 123456", "Milan"),
        ("Ospedale San Raffaele - Accepting Adult Patients", "Milan"), ("Ospedale San Raffaele ( Site 0012)", "MILANO"),
    ]  # fmt: skip
    keys = [facility(name, city, "Italy").key for name, city in spellings]
    assert set(keys[:2] + keys[3:]) == {"it-mi-san-raffaele"}
    assert keys[2] != "it-mi-san-raffaele"


def test_a_general_name_counts_only_in_its_city() -> None:
    """A spelling such as "Policlinico" or "University Hospital" belongs to one institution of its own city."""
    lille, elsewhere = (facility("Centre Hospitalier Universitaire", city, "France") for city in ("Lille", "Grenoble"))
    assert lille.key == "fr-chu-de-lille-hopital-claude-huriez"
    assert not elsewhere.listed
    assert lille.key != elsewhere.key


def test_names_outside_the_table_merge_by_rules_within_their_city() -> None:
    one = facility("Clinica Santa Rita", "Milan", "Italy")
    two = facility("CLINICA  Santa-Rita /ID# 77", "Milano", "Italia")
    other = facility("Clinica Santa Rita", "Napoli", "Italy")
    assert one.key == two.key
    assert one.key != other.key
    assert two.name == "CLINICA Santa-Rita"
    assert not one.listed


def test_the_table_is_sound() -> None:
    table = institutions()
    assert len(table) > 450
    for institution in table.values():
        again = facility(institution.name, institution.city, institution.country)
        assert again.key == institution.key, institution


def test_every_spelling_of_the_sheet_leads_to_its_institution(shared: Path) -> None:
    wrong = []
    with (shared / "domain" / "facilities_aliases.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for spelling in row["spellings"].split("; "):
                found = facility(spelling, row["city"], row["country"])
                if found.key != row["key"] and not found.masked:
                    wrong.append((row["key"], spelling, found.key))
    assert len(wrong) <= 12, wrong
