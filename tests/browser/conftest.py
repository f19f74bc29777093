"""A real browser before the real pages: Chromium, headless, on this computer; skipped where there is none."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from cartella.web import Desk, create_app

DAY = date(2026, 11, 1)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-quic --no-first-run"
).split()


@dataclass
class Site:
    """The pages as they are served: `url` without a slash at its end."""

    url: str

    def __call__(self, path: str) -> str:
        return self.url + path


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The pages on the embedded catalogue, on a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = create_app(Desk(today=lambda: DAY), per_minute=100_000)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Site(f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each test has a context of its own."""
    if CHROMIUM is None:
        pytest.skip("no browser here: install chromium to run the tests of the pages in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@dataclass
class Watched:
    """A tab, with every address that it asked for and every complaint of the browser."""

    page: Page
    site: Site
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the pages."""
        self.page.goto(self.site(path))
        return self.page

    def check(self) -> None:
        """Nothing left this host, and the browser had nothing to complain of."""
        host = urlsplit(self.site.url).netloc
        elsewhere = [url for url in self.requests if urlsplit(url).netloc != host]
        assert not elsewhere, elsewhere
        assert not self.complaints, self.complaints


def watched(context: BrowserContext, site: Site) -> Watched:
    """A new tab that is watched."""
    tab = Watched(context.new_page(), site)

    def asked(request: Request) -> None:
        tab.requests.append(request.url)

    tab.page.on("request", asked)
    tab.page.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    return tab


@pytest.fixture
def tab(browser: Browser, site: Site) -> Iterator[Watched]:
    """A tab of a fresh browser, Italian, desktop size."""
    context = browser.new_context(locale="it-IT", viewport={"width": 1100, "height": 900})
    found = watched(context, site)
    yield found
    context.close()
