"""From the results to the next question, by the keyboard and without scripts, and to the sheet for the doctor."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from .conftest import Site, Watched, watched

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def begin(page: Page, site: Site) -> None:
    """Somebody of 70 with follicular lymphoma in Lecce."""
    for slug, label, value in (
        ("malattia", "Qual è la malattia?", "linfoma follicolare"),
        ("eta", "Quanti anni ha la persona malata?", "70"),
        ("luogo", "In quale città vive?", "Lecce"),
    ):
        page.goto(site(f"/it/domande/{slug}"))
        page.get_by_label(label).fill(value)
        page.get_by_role("button", name="Avanti", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_next_question_again_and_again(browser: Browser, site: Site, scripts: bool) -> None:
    context = browser.new_context(locale="it-IT", java_script_enabled=scripts)
    tab = watched(context, site)
    page = tab.page
    begin(page, site)
    page.goto(site("/it/risultati"))
    page.get_by_role("link", name=re.compile("Rispondi")).click()
    seen = []
    for _ in range(6):
        seen.append(page.get_by_role("heading", level=1).inner_text())
        expect(page.get_by_text(re.compile(r"La risposta può decidere \d+ studi"))).to_be_visible()
        button = page.get_by_role("button", name="Non lo so")
        if button.count():
            button.click()
        else:
            page.get_by_label("Non lo so").check()
            page.get_by_role("button", name="Avanti", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Risposta salvata.")
    assert len(set(seen)) == 6, "one question twice"
    page.get_by_role("link", name="Le mie risposte").click()
    expect(page.locator("dl.answers")).to_contain_text("Non lo so")
    for url in tab.requests:
        assert not re.search(r"follicol|lecce|70\b|unknown", url, re.IGNORECASE), url
    if scripts:
        tab.check()
    context.close()


def test_a_value_by_the_keyboard_alone(tab: Watched) -> None:
    begin(tab.page, tab.site)
    page = tab.open("/it/prossima-domanda/lab%3Ahb")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "value":
            break
    page.keyboard.type("10,4")
    page.keyboard.press("Enter")
    expect(page).to_have_url(tab.site("/it/risposte"))
    expect(page.locator("dl.answers")).to_contain_text("10,4 g/dL")
    tab.check()


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_sheet_is_read_and_saved(tab: Watched, lang: str) -> None:
    begin(tab.page, tab.site)
    page = tab.open("/it/foglio" if lang == "it" else "/en/sheet")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Foglio per il medico" if lang == "it" else "Sheet for the doctor"
    )
    assert Axe().run(page, options=RULES).violations_count == 0
    with page.expect_download() as saving:
        page.get_by_role("link", name=re.compile("PDF")).click()
    pages = PdfReader(io.BytesIO(saving.value.path().read_bytes())).pages
    assert 1 <= len(pages) <= 2
    text = " ".join(" ".join(found.extract_text() for found in pages).split())
    assert ("Linfoma follicolare" if lang == "it" else "Follicular lymphoma") in text
    for question in page.locator(".questions li").all_inner_texts():
        assert " ".join(question.split()) in text
    tab.check()


def test_pages_with_answers_have_no_barrier(tab: Watched) -> None:
    begin(tab.page, tab.site)
    for path in ("/it/risultati", "/it/prossima-domanda", "/it/prossima-domanda/stroke", "/it/risposte"):
        found = Axe().run(tab.open(path), options=RULES)
        assert found.violations_count == 0, found.generate_report()
    first = tab.open("/it/risultati").locator("#missing_information article h3 a").first
    first.click()
    found = Axe().run(tab.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
