"""The patient's path in a real browser: with the mouse, with the keyboard alone, without scripts, in two tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Site, Watched, watched

LECCE = {"it": "linfoma follicolare", "en": "follicular lymphoma"}
NEXT = {"it": "Avanti", "en": "Next"}
FIRST = {"it": "/it/domande/malattia", "en": "/en/questions/disease"}
RESULTS = {"it": "/it/risultati", "en": "/en/results"}
DONT_KNOW = {"it": "Non lo so", "en": "I don't know"}
QUESTIONS = 12


def walk(page: Page, lang: str, answers: dict[int, tuple[str, str]]) -> None:
    """Through all questions: some answered, the others with "I don't know" or left as they are."""
    for number in range(1, QUESTIONS + 1):
        expect(page.locator(".step")).to_contain_text(str(number))
        if number in answers:
            label, value = answers[number]
            field = page.get_by_label(label)
            if value:
                field.fill(value)
            else:
                field.check()
            page.get_by_role("button", name=NEXT[lang], exact=True).click()
        else:
            unknown = page.get_by_role("button", name=DONT_KNOW[lang])
            (unknown if unknown.count() else page.get_by_role("button", name=NEXT[lang], exact=True)).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_half_of_the_answers_reach_a_list_of_trials(browser: Browser, site: Site, scripts: bool) -> None:
    """Somebody with follicular lymphoma in Lecce who answers "I don't know" to half of the questions."""
    context = browser.new_context(locale="it-IT", java_script_enabled=scripts)
    tab = watched(context, site)
    page = tab.open("/")
    expect(page).to_have_url(site("/it/"))
    page.get_by_role("link", name="Per me o per una persona cara").click()
    walk(
        page,
        "it",
        {
            1: ("Qual è la malattia?", "linfoma follicolare"),
            2: ("Quanti anni ha la persona malata?", "71"),
            4: ("In quale città vive?", "Lecce"),
            5: ("È tornata dopo una cura che aveva funzionato.", ""),
            8: ("Due", ""),
        },
    )
    expect(page).to_have_url(site("/it/risposte"))
    expect(page.locator("dl.answers")).to_contain_text("71 anni")
    expect(page.locator("dl.answers")).to_contain_text("Lecce")
    page.get_by_role("link", name="Vai ai risultati").first.click()
    expect(page.get_by_role("heading", level=2)).to_contain_text(
        [re.compile("Nessun ostacolo"), re.compile("Mancano informazioni"), re.compile("non corrisponde")]
    )
    expect(page.locator("#missing_information article").first).to_contain_text("km")
    page.locator("#missing_information article a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "71" not in page.url and "Lecce" not in page.url
    for url in tab.requests:
        assert not re.search(r"follicol|lecce|71\b", url, re.IGNORECASE), url
    if scripts:
        tab.check()
    context.close()


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_keyboard_alone_is_enough(tab: Watched, lang: str) -> None:
    page = tab.open(FIRST[lang])
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "disease")
    page.keyboard.type(LECCE[lang])
    page.keyboard.press("Escape")  # the list of names
    page.keyboard.press("Enter")
    expect(page.locator(".step")).to_contain_text("2")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "age":
            break
    page.keyboard.type("71")
    page.keyboard.press("Enter")
    expect(page.locator(".step")).to_contain_text("3")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "sex":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".step")).to_contain_text("4")
    tab.check()


def test_back_two_tabs_and_clear(tab: Watched) -> None:
    """What was answered in one tab is there in the other; going back shows it; clearing forgets it in both."""
    page = tab.open(FIRST["it"])
    page.get_by_label("Qual è la malattia?").fill("mieloma multiplo")
    page.get_by_role("button", name="Avanti", exact=True).click()
    other = page.context.new_page()
    other.goto(tab.site("/it/domande/luogo"))
    other.get_by_label("In quale città vive?").fill("Torino")
    other.get_by_role("button", name="Avanti", exact=True).click()
    page.get_by_label("Quanti anni ha la persona malata?").fill("64")
    page.get_by_role("button", name="Avanti", exact=True).click()
    page.go_back()
    expect(page.get_by_label("Quanti anni ha la persona malata?")).to_have_value("64")
    page.goto(tab.site("/it/risposte"))
    for words in ("64 anni", "Torino", "ieloma multiplo"):
        expect(page.locator("dl.answers")).to_contain_text(words)
    page.get_by_role("button", name="Cancella tutto adesso").click()
    expect(page.get_by_role("status")).to_contain_text("cancellate")
    other.goto(tab.site("/it/risposte"))
    expect(other.locator("dl.answers")).not_to_contain_text("Torino")


def test_answers_saved_to_a_file_can_be_opened_again(tab: Watched, tmp_path_factory: pytest.TempPathFactory) -> None:
    page = tab.open("/it/domande/eta")
    page.get_by_label("Quanti anni ha la persona malata?").fill("9")
    page.get_by_role("button", name="Avanti", exact=True).click()
    page.goto(tab.site("/it/risposte"))
    with page.expect_download() as saving:
        page.get_by_role("link", name="Salva le risposte in un file").click()
    saved = tmp_path_factory.mktemp("saved") / "cartella.json"
    saving.value.save_as(saved)
    page.get_by_role("button", name="Cancella tutto adesso").click()
    page.get_by_text("Ho un file con le mie risposte").click()
    page.get_by_label("Scelga il file").set_input_files(saved)
    page.get_by_role("button", name="Apri il file").click()
    expect(page.locator("dl.answers")).to_contain_text("9 anni")
