"""Bringing a record, checking it, correcting it, forgetting it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from cartella.services import Source
from cartella.web import Desk, create_app
from cartella.web.keeping import RECORD_COOKIE, Records

from .clinician_records import FHIR, SHORT, bring, correct, plain
from .invented_trials import DAY, Pages

PACKET = {
    "id": "p",
    "subject": {"id": "invented", "sex": "FEMALE", "dateOfBirth": "1968-05-14"},
    "diseases": [{"term": {"label": "Follicular lymphoma"}}],
    "metaData": {"phenopacketSchemaVersion": "2.0"},
}


@pytest.mark.parametrize(("content", "kind"), [(FHIR, "FHIR"), (PACKET, "Phenopacket"), (SHORT, "cartella breve")])
def test_each_form_is_read_and_shown(site: Pages, content: object, kind: str) -> None:
    answered = bring(site, content)
    assert answered.status_code == 303
    assert answered.headers["location"] == "/it/medici/cartella"
    words = plain(site.text("/it/medici/cartella"))
    assert kind in words
    assert "58 anni" in words
    assert "linfoma follicolare" in words


def test_a_text_can_be_pasted_and_the_example_tried(site: Pages) -> None:
    pasted = site.client.post("/en/clinicians", data={"text": SHORT}, follow_redirects=False)
    assert pasted.headers["location"] == "/en/clinicians/record"
    assert "Prior lines" in site.text("/en/clinicians/record")
    example = site.client.post("/en/clinicians", data={"example": "1", "text": ""}, follow_redirects=False)
    assert example.status_code == 303
    assert "diffuse large B-cell lymphoma" in site.text("/en/clinicians/record")


def test_what_became_of_every_entry_is_shown_with_its_place(site: Pages) -> None:
    bring(site, FHIR)
    words = plain(site.text("/en/clinicians/record"))
    assert "a word that nobody knows" in words
    assert "Bundle.entry[3].resource" in words
    assert "LOINC 777-3" in words
    assert "“Platelets; 30 10*9/L”" in words or "Platelets; 30 10*9/L" in words
    assert "Segretissima" not in site.text("/en/clinicians/record")


def test_the_cookie_holds_a_number_and_nothing_else(site: Pages) -> None:
    given = bring(site, FHIR).headers["set-cookie"]
    assert given.startswith(f"{RECORD_COOKIE}=")
    assert "HttpOnly" in given
    assert "SameSite=strict" in given
    assert "max-age" not in given.lower()
    first = site.client.cookies[RECORD_COOKIE]
    bring(site, SHORT)
    assert site.client.cookies[RECORD_COOKIE] == first, "a new record takes the place of the old one"


def test_lines_and_performance_are_corrected_at_once(site: Pages) -> None:
    bring(site)
    assert correct(site, action="core", lines="4", ecog="3").status_code == 303
    words = plain(site.text("/it/medici/cartella"))
    assert "Linee di terapia: 4" in words
    assert "4 linee di terapia precedenti" in words
    assert "ECOG: 3" in words
    correct(site, action="core", lines="", ecog="")
    words = plain(site.text("/it/medici/cartella"))
    assert "Nessuna correzione finora." in words
    assert "2 linee di terapia precedenti" in words


def test_from_the_table_the_way_leads_back_to_the_same_view(site: Pages) -> None:
    bring(site)
    back = correct(site, action="core", lines="3", back="table", query="country=IT&order=near&<script>=1")
    assert back.headers["location"] == "/it/medici/studi?country=IT&order=near"
    assert (
        correct(site, action="core", lines="3", back="https://elsewhere").headers["location"].startswith("/it/medici/")
    )


LINES = [
    ({"kind": "lab", "name": "piastrine", "value": "95 10*9/L", "when": "28/10/2026"}, "piastrine: 95 10*9/L"),
    ({"kind": "marker", "name": "CD22", "value": "positivo, 80%"}, "CD22"),
    ({"kind": "therapy", "name": "R-ICE", "value": "linea 3", "when": "2026-03"}, "somministrato"),
    ({"kind": "procedure", "name": "trapianto autologo", "when": "2025"}, "procedura"),
    ({"kind": "condition", "name": "ipertensione", "value": "controllata"}, "ipertensione"),
    ({"kind": "absent", "name": "epatite B"}, "epatite B: assenza documentata"),
    ({"kind": "medicine", "name": "prednisone", "value": "5 mg al giorno"}, "assunto ora"),
    ({"kind": "finding", "name": "malattia misurabile", "value": "sì, 3 cm"}, "misurabile"),
    ({"kind": "diagnosis", "name": "linfoma mantellare"}, "diagnosi"),
]


@pytest.mark.parametrize(("line", "understood"), LINES, ids=[line["kind"] for line, _ in LINES])
def test_every_kind_of_line_can_be_added_and_taken_back(site: Pages, line: dict[str, str], understood: str) -> None:
    bring(site)
    assert correct(site, action="add", **line).status_code == 303
    words = plain(site.text("/it/medici/cartella"))
    said = words.partition("Correzioni")[2].partition("Togli")[0]
    assert "Capito come" in said
    assert understood in said, said
    assert "non capito" not in said
    correct(site, action="remove", number="0")
    assert "Nessuna correzione finora." in plain(site.text("/it/medici/cartella"))


def test_what_was_not_understood_of_a_line_is_said(site: Pages) -> None:
    bring(site)
    answered = correct(site, action="add", kind="condition", name="parola ignota qualsiasi", back="tests")
    assert answered.headers["location"].startswith("/it/medici/cartella")
    assert "parola ignota qualsiasi" in plain(site.text("/it/medici/cartella")).partition("Correzioni")[2]


def test_an_entry_is_left_out_and_used_again(site: Pages) -> None:
    bring(site, FHIR)
    entry = "Bundle.entry[4].resource"
    correct(site, action="leave_out", path=entry)
    words = plain(site.text("/it/medici/cartella"))
    assert f"Voci tralasciate: {entry}" in words
    assert "30 × 10⁹/L" not in words
    correct(site, action="take_in", path=entry)
    assert "30 × 10⁹/L" in plain(site.text("/it/medici/cartella"))


def test_lists_are_declared_complete_or_not(site: Pages) -> None:
    bring(site)
    assert "Elenchi completi (3)" in plain(site.text("/it/medici/cartella"))
    correct(site, action="core", list_therapy="no", list_procedure="", list_medication="")
    assert "Elenchi completi (2)" in plain(site.text("/it/medici/cartella"))
    assert "non è considerato completo" in plain(site.text("/it/medici/cartella"))
    correct(site, action="core", lines="2")
    assert "Elenchi completi (2)" in plain(site.text("/it/medici/cartella")), "another form leaves the lists alone"


REFUSED = [
    ({"action": "core", "lines": "two"}, "numero intero da 0 a 30"),
    ({"action": "core", "ecog": "9"}, "numero intero da 0 a 5"),
    ({"action": "core", "age": "-1"}, "numero intero da 0 a 120"),
    ({"action": "core", "age": "999"}, "numero intero da 0 a 120"),
    ({"action": "core", "sex": "x"}, "femminile o maschile"),
    ({"action": "core", "near": "Xyzzyqq"}, "non si trova"),
    ({"action": "core", "near": "San Giovanni"}, "non è chiaro"),
    ({"action": "add", "kind": "drop table", "name": "x"}, "Scelga che cosa aggiungere"),
    ({"action": "add", "kind": "lab", "name": "", "value": "3"}, "Scriva un nome"),
    ({"action": "add", "kind": "lab", "name": "x" * 201, "value": "3"}, "Scriva un nome"),
    ({"action": "add", "kind": "lab", "name": "piastrine"}, "serve un valore"),
    ({"action": "add", "kind": "lab", "name": "piastrine", "value": "3", "when": "ieri"}, "La data si scrive"),
    ({"action": "add", "kind": "lab", "name": "piastrine", "value": "3", "when": "2026-13-40"}, "non è una data"),
    ({"action": "add", "kind": "lab", "name": "date", "value": "3"}, "non è una data"),
]


@pytest.mark.parametrize(("fields", "said"), REFUSED)
def test_a_correction_that_cannot_be_is_refused_in_words(site: Pages, fields: dict[str, str], said: str) -> None:
    bring(site)
    answered = correct(site, **fields)
    assert answered.status_code == 422
    assert said in plain(answered.text)
    assert "Nessuna correzione finora." in plain(site.text("/it/medici/cartella"))


@pytest.mark.parametrize("fields", [{}, {"action": "nothing"}, {"action": "remove", "number": "99"},
                                    {"action": "remove", "number": "x"}, {"action": "leave_out", "path": "nowhere"},
                                    {"action": "take_in", "path": "nowhere"}])  # fmt: skip
def test_a_form_that_means_nothing_changes_nothing(site: Pages, fields: dict[str, str]) -> None:
    bring(site)
    assert correct(site, **fields).status_code == 303
    assert "Nessuna correzione finora." in plain(site.text("/it/medici/cartella"))


@pytest.mark.parametrize("path", ["/it/medici/cartella", "/it/medici/studi", "/it/medici/esami",
                                  "/it/medici/studi.csv", "/it/medici/studi/NCT90000001"])  # fmt: skip
def test_without_a_record_there_is_a_plain_word_and_the_box(site: Pages, path: str) -> None:
    page = site.text(path, 404)
    assert "Qui non c'è nessuna cartella" in plain(page)
    assert 'name="file"' in page
    assert correct(site, action="core", lines="2").status_code == 404


def test_the_record_is_forgotten_on_demand_and_after_a_while(invented: Source) -> None:
    moment = [0.0]
    desk = Desk(lambda: invented, lambda: DAY)
    desk.records = Records(lambda: moment[0])
    site = Pages(TestClient(create_app(desk, per_minute=100_000), base_url="http://localhost"))
    bring(site)
    assert len(desk.records) == 1
    moment[0] += 31 * 60
    site.text("/it/medici/cartella", 404)
    assert len(desk.records) == 0
    bring(site)
    gone = site.client.post("/it/medici/cancella", follow_redirects=False)
    assert gone.headers["location"] == "/it/medici"
    assert gone.headers["clear-site-data"]
    assert len(desk.records) == 0
    site.text("/it/medici/studi", 404)


def test_on_a_new_day_the_record_is_read_anew(invented: Source) -> None:
    today = [DAY]
    desk = Desk(lambda: invented, lambda: today[0])
    site = Pages(TestClient(create_app(desk, per_minute=100_000), base_url="http://localhost"))
    bring(site, FHIR)
    correct(site, action="core", lines="3")
    today[0] = DAY + timedelta(days=365)
    words = plain(site.text("/it/medici/cartella"))
    assert "59 anni" in words
    assert "Linee di terapia: 3" in words


def test_release_knowledge_and_version_are_named(site: Pages) -> None:
    bring(site)
    words = plain(site.text("/en/clinicians/record"))
    assert "Release files; knowledge " in words
    assert "reference day 1 November 2026" in words
    assert 'href="/en/how-it-works"' in site.text("/en/clinicians/record")
