"""What scripts add to the public pages, and that nothing is missing without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Site, Watched, watched

pytestmark = pytest.mark.slow


def test_a_row_of_a_chart_shows_its_bar(tab: Watched) -> None:
    page = tab.open("/it/numeri")
    targets = page.locator("#targets")
    targets.locator("summary").click()
    targets.locator("tbody tr").nth(1).hover()
    expect(targets.locator(".mark-rect .looked")).to_have_count(1)
    tab.check()


def test_search_and_map_work_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = watched(context, site).open("/it/studi")
    page.get_by_label("Malattia").fill("mieloma")
    page.get_by_label("Paese").select_option("IT")
    page.get_by_role("button", name="Cerca").click()
    expect(page.locator("article.trial").first).to_contain_text("In Italia")
    page.locator("article.trial h3 a").first.click()
    expect(page.locator("h1")).to_contain_text("mieloma")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h2").first).to_contain_text("Where it is run")
    page.goto(site("/en/map"))
    page.get_by_role("link", name="Bologna").click()
    expect(page.locator("h1")).to_have_text("The centres: Bologna, Italy")
    context.close()
