"""Search and trial pages: nothing is asked of a person, every status has its age, odd input gives plain pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from cartella.services import CatalogueSource
from cartella.services.finding import Query
from cartella.services.overview import Overview
from cartella.web.addresses import address

from .invented_trials import Pages, pages

OVERVIEW = Overview(CatalogueSource())


@pytest.fixture(scope="session")
def whole() -> Pages:
    """The pages on the embedded catalogue."""
    return pages(CatalogueSource())


def words(html: str) -> str:
    """The page without its marks, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_trial_page_says_what_is_known(site: Pages) -> None:
    page = site.text("/it/studi/NCT90000001")
    said = words(page)
    for part in (
        "Lo studio prova: CAR-T anti-CD19 (dalle cellule del paziente).",
        "prima fase, soprattutto sicurezza e dose",
        "risulta aperto; notizia di 4 settimane fa",
        "Ospedale Inventato",
        "Lo studio esclude",
        "Pagina ufficiale dello studio NCT90000001",
        "Stima nostra, da verificare con il centro",
        "da 14 a 28",
    ):
        assert part in said, part
    assert "Age 18 years or older" in said  # the sentence itself, since its text is loaded
    assert 'itemtype="https://schema.org/MedicalTrial"' in page
    assert 'href="https://schema.org/Recruiting"' in page
    assert '<link rel="canonical" href="http://localhost/it/studi/NCT90000001">' in page
    assert 'hreflang="en" href="http://localhost/en/trials/NCT90000001"' in page
    assert "noindex" not in page


def test_the_embedded_catalogue_shows_no_sentence_of_a_registry(whole: Pages) -> None:
    number = next(entry.id for entry in CatalogueSource().entries() if entry.unread and entry.may_be_entered)
    page = whole.text(f"/en/trials/{number}")
    assert "<blockquote" not in page
    assert "understood by the program" in page


def test_the_page_leads_to_the_questions_or_to_the_answers(site: Pages) -> None:
    assert 'href="/it/domande/malattia"' in site.text("/it/studi/NCT90000001")
    site.keep({"age": 50})
    assert 'href="/it/risultati/NCT90000001"' in site.text("/it/studi/NCT90000001")


def test_an_old_status_is_to_be_confirmed(whole: Pages) -> None:
    assert "Da confermare: la notizia ha più di sei mesi." in whole.text("/it/studi/NCT03263208")


def test_a_number_in_small_letters_leads_to_its_page(site: Pages) -> None:
    answer = site.client.get("/en/trials/nct90000001", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/trials/NCT90000001")
    found = site.client.get("/en/trials?words=nct90000001", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, "/en/trials/NCT90000001")
    assert site.client.get("/en/trials/NCT99999999").status_code == 404


@pytest.mark.parametrize(
    "name", ["mieloma", "myeloma", "mieloma multiplo", "multiple myeloma", "MM", "linfoma follicolare", "LLA", "CLL"]
)
def test_diseases_are_found_by_everyday_and_medical_names(name: str) -> None:
    found = OVERVIEW.finder.find(Query(disease=name))
    assert found.diseases and found.entries


def test_the_count_of_a_choice_is_what_it_leaves() -> None:
    """Choosing any value of a facet gives as many trials as its count said."""
    start = Query(disease="lymphoma", country="IT")
    found = OVERVIEW.finder.find(start)
    for facet in ("kind", "target", "phase", "access", "scope"):
        for value, number in list(found.counts[facet].items())[:6]:
            narrowed = replace(start, **{facet: value})  # type: ignore[arg-type]  # the facets are all texts
            assert len(OVERVIEW.finder.find(narrowed).entries) == number, (facet, value)


def test_usual_search_leaves_out_what_is_closed_and_says_how_to_widen(whole: Pages) -> None:
    usual = OVERVIEW.finder.find(Query())
    every = OVERVIEW.finder.find(Query(access="any", scope="any"))
    assert 0 < len(usual.entries) < len(every.entries) == len(OVERVIEW.source.entries())
    page = whole.text("/it/studi?words=parolachenonesiste")
    assert "Nessuno studio corrisponde" in page and "access=any" in page


def test_an_unknown_disease_gives_names_that_come_close(whole: Pages) -> None:
    page = words(whole.text("/it/studi?disease=linfomaa%20folicolare"))
    assert "Non conosciamo questo nome di malattia." in page and "Linfoma follicolare" in page


HOSTILE: list[Mapping[str, str]] = [
    {"words": "<script>alert(1)</script>"},
    {"words": "a" * 20_000},
    {"words": "\x00\x1f\u202e%00"},
    {"disease": "'\"><img src=x onerror=alert(1)>"},
    {"disease": "(" * 5000},
    {"country": "<b>"},
    {"country": "XX"},
    {"access": "../../etc"},
    {"page": "-1"},
    {"page": "99999999999999999999"},
    {"page": "1e9"},
    {"page": "٣"},
    {"order": "DROP TABLE"},
    {"phase": "phase1'--"},
    {"target": "{{7*7}}"},
    {"view": "<svg/onload=1>"},
    {"town": "<i>" * 50},
]


@pytest.mark.parametrize("parameters", HOSTILE, ids=str)
@pytest.mark.parametrize("name", ["trials", "centres", "map", "numbers"])
def test_odd_input_gives_a_plain_page(site: Pages, name: str, parameters: Mapping[str, str]) -> None:
    answer = site.client.get(address(name, "it"), params=dict(parameters))
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    for value in parameters.values():
        if "<" in value:
            assert value not in answer.text
    assert "{{7*7}}" not in answer.text or "49" not in words(answer.text)


@pytest.mark.parametrize("odd", ["<script>", "NCT" + "9" * 300, "NCT90000001'", "%00"])
def test_an_odd_address_is_a_page_that_is_not_there(site: Pages, odd: str) -> None:
    for name, part in (("trial", "number"), ("centre", "slug"), ("numbers_file", "name")):
        answer = site.client.get(address(name, "en", **{part: odd}))
        assert answer.status_code == 404
        assert "<script>" not in answer.text.replace('<script src="/static/site.js" defer></script>', "")
