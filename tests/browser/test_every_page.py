"""What holds for every page, in both languages: accessible, narrow enough, light enough, nothing from elsewhere."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from .conftest import Site, Watched, watched

PAGES = [
    "/it/",
    "/en/",
    "/it/come-funziona",
    "/en/how-it-works",
    "/it/parole",
    "/en/words",
    "/it/foglio",
    "/en/sheet",
    "/it/prossima-domanda/lab%3Aast",
    "/en/next-question/lab%3Aplt",
    "/it/prossima-domanda/stroke",
    "/en/next-question/immunosuppressant",
    "/it/prossima-domanda/values",
    "/it/domande/malattia",
    "/en/questions/disease",
    "/it/domande/eta",
    "/it/domande/sesso",
    "/en/questions/place",
    "/it/domande/andamento",
    "/it/domande/cure",
    "/en/questions/medicines",
    "/it/domande/linee",
    "/en/questions/last-treatment",
    "/it/domande/forze",
    "/en/questions/other-illnesses",
    "/it/domande/esami",
    "/it/risposte",
    "/en/answers",
    "/it/risultati",
    "/en/results",
    "/it/risultati/NCT07188558",
    "/en/results/NCT07188558",
    "/it/studi",
    "/en/trials?disease=myeloma&country=IT",
    "/it/studi?disease=mieloomaa",
    "/it/studi/NCT07188558",
    "/en/trials/NCT06615479",
    "/it/centri",
    "/en/centres?country=US",
    "/it/centri/it-mi-san-raffaele",
    "/it/mappa",
    "/en/map?view=world",
    "/it/numeri",
    "/en/numbers",
    "/it/questa-pagina-non-esiste",
    "/en/no-such-page",
]
LARGEST = 150 * 1024
"""Bytes of a page with all that it loads."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_is_found(tab: Watched, path: str) -> None:
    page = tab.open(path)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/it/",
        "/it/domande/cure",
        "/it/prossima-domanda/stroke",
        "/it/parole",
        "/it/risultati",
        "/it/risultati/NCT07188558",
        "/it/studi?disease=mieloma",
        "/it/studi/NCT03263208",
        "/it/centri",
        "/it/mappa",
        "/it/numeri",
    ],
)
def test_colours_are_readable_in_both_schemes(browser: Browser, site: Site, path: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = watched(context, site).open(path)
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.response["passes"], "the rule looked at nothing"
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_at_320_pixels(browser: Browser, site: Site, path: str) -> None:
    """320 CSS pixels are also what 1,280 pixels at 400 % zoom leave."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = watched(context, site).open(path)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, f"{wide} pixels wide"
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_and_asks_nobody_else(tab: Watched, path: str) -> None:
    sizes: list[int] = []
    tab.page.on("response", lambda response: sizes.append(len(response.body())))
    page = tab.open(path)
    page.wait_for_load_state("networkidle")
    tab.complaints = [said for said in tab.complaints if "404" not in said]  # the page that does not exist
    tab.check()
    assert sum(sizes) <= LARGEST, f"{sum(sizes)} bytes"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_its_language_title_and_limits(tab: Watched, path: str) -> None:
    page = tab.open(path)
    lang = path[1:3]
    assert page.locator("html").get_attribute("lang") == lang
    assert page.title().endswith("Cartella")
    assert page.locator("h1").count() == 1
    assert page.locator("footer .limits").count() == 1
    assert page.locator(f'link[hreflang="{"en" if lang == "it" else "it"}"]').count() == 1
