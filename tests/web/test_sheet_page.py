"""The sheet as a page and as a file: the same answers, the same questions, nothing kept on the way."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from .invented_trials import Pages

ANSWERS: dict[str, Any] = {
    "disease": "disease:FL", "age": 70, "sex": "female", "place": "Lecce", "state": "relapsed", "medicines": "R-CHOP",
    "therapies": {"chemotherapy": "yes", "car_t": "no"}, "ecog": "unknown",
    "more": {"stroke": "never", "lab:hb": "10.4 g/dL", "lab:plt": "unknown"},
}  # fmt: skip


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(("page", "file", "said", "unknown"), [
    ("/it/foglio", "/it/foglio.pdf",
     ["Linfoma follicolare", "70 anni", "Lecce (LE), Italia", "R-CHOP", "Cellule CAR-T: No", "Emoglobina", "10,4 g/dL"],
     ["Vita di ogni giorno", "Piastrine"]),
    ("/en/sheet", "/en/sheet.pdf",
     ["Follicular lymphoma", "70 years", "R-CHOP", "CAR-T cells: No", "Haemoglobin", "10.4 g/dL"],
     ["Daily life", "Platelets"]),
])  # fmt: skip
def test_page_and_file_say_the_same(site: Pages, page: str, file: str, said: list[str], unknown: list[str]) -> None:
    site.keep(ANSWERS)
    shown = site.text(page)
    plain = " ".join(re.sub(r"<[^>]+>", " ", shown.partition("<main")[2]).replace("&#39;", "'").split())
    answered = site.client.get(file)
    assert answered.headers["content-type"] == "application/pdf"
    assert answered.headers["content-disposition"].startswith("attachment")
    assert answered.headers["cache-control"] == "no-store"
    printed = pdf_text(answered.content)
    for words in (*said, *unknown, "NCT90000001", "Ospedale Inventato", "HIV"):
        assert words in printed, words
        assert words in plain, words
    questions = re.findall(r"<li>(.+?)<span class=\"line\">", shown)
    assert 0 < len(questions) <= 7
    for question in questions:
        assert question.replace("&#39;", "'") in printed


def test_the_way_there_and_back(site: Pages) -> None:
    site.keep(ANSWERS)
    assert 'href="/it/foglio' in site.text("/it/risultati")
    assert 'href="/it/foglio?order=near"' in site.text("/it/risultati?order=near")
    page = site.text("/it/foglio?order=near")
    assert 'href="/it/foglio.pdf?order=near"' in page
    assert 'href="/it/risultati"' in page
    assert 'href="/en/sheet"' in page


def test_without_answers_the_sheet_says_so(site: Pages) -> None:
    assert "Il foglio è ancora vuoto." in site.text("/it/foglio")
    assert "Sheet for the doctor" in pdf_text(site.client.get("/en/sheet.pdf").content)


def test_an_unknown_order_is_the_usual_one(site: Pages) -> None:
    site.keep(ANSWERS)
    assert 'href="/it/foglio.pdf' in site.text("/it/foglio?order=%3Cscript%3E")


def test_nothing_promises_or_judges(site: Pages) -> None:
    site.keep(ANSWERS)
    for path in ("/it/foglio", "/en/sheet", "/it/risultati", "/en/results", "/en/next-question"):
        assert not re.search(r"eligib|idone[oi]\b|congrat|%", site.text(path).partition("<main")[2], re.IGNORECASE), (
            path
        )
