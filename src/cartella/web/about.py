"""How it works, how well it reads, what is not stored; and the difficult words explained."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cartella import services
from cartella.explaining import Group
from cartella.web.addresses import language_of, page
from cartella.web.desk import Desk, fragments
from cartella.web.glossary import terms

router = APIRouter()

NEW = {"low": 68, "high": 73, "wrong_low": 1, "wrong_high": 2}
"""Of 100 lines of trials that nobody had looked at: read rightly, and wrongly called a conflict, in two sets of pairs.
Rounded from docs/reference/quality.md; a test holds them to it."""
NOW = {"low": 83, "high": 88, "wrong": 1}
"""The same sets after the corrections; `wrong` of 1,000."""


@page(router, "about")
def about(request: Request) -> Response:
    """How it works, what is stored (nothing), what it is not, how well it reads."""
    desk: Desk = request.app.state.desk
    looked_at, silent = services.considered(desk.ready().source, desk.today())
    return desk.show(
        request,
        "about.html",
        "about",
        groups=list(Group),
        pieces=fragments(language_of(request.url.path), "patient"),
        new=NEW,
        now=NOW,
        looked_at=looked_at,
        silent=silent,
    )


@page(router, "words")
def words(request: Request) -> Response:
    """The difficult words of these pages, each with an address of its own."""
    desk: Desk = request.app.state.desk
    return desk.show(request, "words.html", "words", terms=terms(language_of(request.url.path)))
