"""The application: pages, their protection, and what is said when something goes wrong."""

from __future__ import annotations

import os
import sys
import traceback
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser

from cartella.errors import CartellaError, NotFound
from cartella.web import (
    about,
    centres,
    clinician,
    clinician_table,
    clinician_tests,
    indexing,
    maps,
    next_question,
    numbers,
    patient,
    plain,
    sheet,
    trials,
)
from cartella.web.addresses import address, language_of, preferred_language
from cartella.web.desk import Desk
from cartella.web.keeping import TooMuchError
from cartella.web.protection import LARGEST_BODY, App, Protection, Receive, Scope, Send
from cartella.web.wording import say, wordings

_STATIC = {"page.css": "text/css", "site.css": "text/css", "site.js": "text/javascript", "icon.svg": "image/svg+xml"}
_PAGES = (plain, about, patient, next_question, sheet, trials, centres, maps, numbers, indexing)
_CLINICIANS = (clinician, clinician_table, clinician_tests)
_SHARED = {"page.css": "cartella.explaining"}


def create_app(desk: Desk | None = None, per_minute: int = 240) -> Protection:
    """The pages on the embedded catalogue, or on what `desk` stands on. `per_minute`: requests from one address."""
    desk = desk or Desk()
    # what a person uploads stays in memory: the parser would write a larger file to the disk
    MultiPartParser.spool_max_size = LARGEST_BODY
    app = FastAPI(title="Cartella", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk

    @app.get("/", include_in_schema=False)
    def door(request: Request) -> Response:
        return RedirectResponse(address("start", preferred_language(request.headers.get("accept-language", ""))), 303)

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        folder = files("cartella.explaining") / "data" if name in _SHARED else files("cartella.web") / "static"
        kept = {"cache-control": "public, max-age=3600"}
        return Response((folder / name).read_bytes(), media_type=_STATIC[name], headers=kept)

    for pages in (*_PAGES, *_CLINICIANS):
        app.include_router(pages.router)

    @app.exception_handler(CartellaError)
    def known(request: Request, error: CartellaError) -> Response:
        lang = language_of(request.url.path)
        status = 404 if isinstance(error, NotFound) else 400
        why = None if error.why is None else error.why.in_language(lang)
        return desk.show(request, "problem.html", "start", status, what=error.what.in_language(lang), why=why)

    @app.exception_handler(TooMuchError)
    def too_much(request: Request, _error: TooMuchError) -> Response:
        lang = language_of(request.url.path)
        return desk.show(request, "problem.html", "start", 413, what=say("problem.too_much", lang), why=None)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        return _problem(desk, request, error.status_code)

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> Response:
        if os.environ.get("CARTELLA_TRACEBACK"):
            traceback.print_exception(error)
        # the text of an unforeseen error may quote the record, so that only its kind is told
        sys.stderr.write(f"cartella: defect in a page ({type(error).__name__})\n")
        return _problem(desk, request, 500)

    def refusal(status: int, path: str) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await _problem(desk, Request({**scope, "path": path}), status)(scope, receive, send)

        return answer

    # around everything, so that also the page of a defect is protected
    return Protection(app, refusal, per_minute)


def _problem(desk: Desk, request: Request, status: int) -> HTMLResponse:
    known = f"problem.{status}"
    what = say(known if known in wordings() else "problem.500", language_of(request.url.path))
    return desk.show(request, "problem.html", "start", status, what=what, why=None)
