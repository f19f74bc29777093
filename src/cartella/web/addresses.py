"""The addresses of the pages, in two languages: one name, two paths. Nothing about a person is ever in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI

from cartella.explaining import Lang

LANGUAGES: tuple[Lang, ...] = ("it", "en")

PATHS: dict[str, tuple[str, str]] = {
    "start": ("/it/", "/en/"),
    "about": ("/it/come-funziona", "/en/how-it-works"),
    "words": ("/it/parole", "/en/words"),
    "question": ("/it/domande/{name}", "/en/questions/{name}"),
    "next": ("/it/prossima-domanda", "/en/next-question"),
    "next_one": ("/it/prossima-domanda/{name}", "/en/next-question/{name}"),
    "answers": ("/it/risposte", "/en/answers"),
    "answers_file": ("/it/risposte/file", "/en/answers/file"),
    "clear": ("/it/cancella", "/en/clear"),
    "results": ("/it/risultati", "/en/results"),
    "result": ("/it/risultati/{number}", "/en/results/{number}"),
    "sheet": ("/it/foglio", "/en/sheet"),
    "sheet_pdf": ("/it/foglio.pdf", "/en/sheet.pdf"),
    "trials": ("/it/studi", "/en/trials"),
    "trial": ("/it/studi/{number}", "/en/trials/{number}"),
    "centres": ("/it/centri", "/en/centres"),
    "centre": ("/it/centri/{slug}", "/en/centres/{slug}"),
    "map": ("/it/mappa", "/en/map"),
    "numbers": ("/it/numeri", "/en/numbers"),
    "numbers_file": ("/it/numeri/{name}.csv", "/en/numbers/{name}.csv"),
    "clinicians": ("/it/medici", "/en/clinicians"),
    "record": ("/it/medici/cartella", "/en/clinicians/record"),
    "table": ("/it/medici/studi", "/en/clinicians/trials"),
    "table_export": ("/it/medici/studi.{form}", "/en/clinicians/trials.{form}"),
    "points": ("/it/medici/studi/{number}", "/en/clinicians/trials/{number}"),
    "tests": ("/it/medici/esami", "/en/clinicians/tests"),
    "record_clear": ("/it/medici/cancella", "/en/clinicians/clear"),
}
"""Name of a page to its paths in Italian and English."""

Handler = Callable[..., Any]


def address(page_name: str, lang: Lang, /, **parts: str) -> str:
    """The path of a page in one language."""
    path = PATHS[page_name][LANGUAGES.index(lang)]
    return path.format(**{key: quote(value, safe="") for key, value in parts.items()})


def page(router: APIRouter | FastAPI, name: str, *methods: str) -> Callable[[Handler], Handler]:
    """Serve a handler at the address of `name` in both languages; it finds the language with `language_of`."""

    def register(handler: Handler) -> Handler:
        for path in PATHS[name]:
            router.add_api_route(path, handler, methods=list(methods or ("GET",)), include_in_schema=False)
        return handler

    return register


def language_of(path: str) -> Lang:
    """The language of a path; Italian for one that has none."""
    return "en" if path == "/en" or path.startswith("/en/") else "it"


def preferred_language(header: str) -> Lang:
    """The language that a browser asks for first (header Accept-Language); Italian where it names neither."""
    ranked = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), position, tag.lower()[:2]))
        except ValueError:
            continue
    for _, _, tag in sorted(ranked):
        if tag in ("it", "en"):
            return "it" if tag == "it" else "en"
    return "it"
