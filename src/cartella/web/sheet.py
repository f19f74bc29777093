"""The sheet for the doctor: a page to print, and the same as a tagged PDF."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cartella import services
from cartella.explaining import Lang, Sheet, sheet_of
from cartella.web import asking
from cartella.web.addresses import language_of, page
from cartella.web.desk import Desk, fragments
from cartella.web.further import answers_given
from cartella.web.keeping import Answers
from cartella.web.patient import order_of, result_of
from cartella.web.wording import say

router = APIRouter()

FILE = {"it": "foglio-per-il-medico.pdf", "en": "sheet-for-the-doctor.pdf"}


@page(router, "sheet")
def sheet_page(request: Request) -> Response:
    """The sheet as a page."""
    desk: Desk = request.app.state.desk
    lang, answers = language_of(request.url.path), desk.answers(request)
    return desk.show(
        request,
        "sheet.html",
        "sheet",
        sheet=_sheet(request, desk, answers, lang),
        pieces=fragments(lang, "patient"),
        order=order_of(request, answers),
        no_answers=not answers,
        forgotten=desk.forgotten(request),
    )


@page(router, "sheet_pdf")
def sheet_file(request: Request) -> Response:
    """The sheet as a file."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    content = services.pdf_of(_sheet(request, desk, desk.answers(request), lang))
    headers = {"content-disposition": f'attachment; filename="{FILE[lang]}"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _sheet(request: Request, desk: Desk, answers: Answers, lang: Lang) -> Sheet:
    facts, unknown = said_and_unknown(answers, lang)
    return sheet_of(result_of(desk, answers, lang, order_of(request, answers)), lang, "patient", facts, unknown)


def said_and_unknown(answers: Answers, lang: Lang) -> tuple[list[tuple[str, str]], list[str]]:
    """The answers in words, each with its short name; and the short names of what is not known."""
    listed = [(say(f"short.{q.name}", lang), asking.said(q, answers, lang)) for q in asking.QUESTIONS]
    listed += [(short, words) for _, short, words in answers_given(answers, lang)]
    nothing = say("unknown", lang)
    return [fact for fact in listed if fact[1] != nothing], [short for short, words in listed if words == nothing]
