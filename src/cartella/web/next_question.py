"""The next best question: one more page, as often as the person likes, and back to the results at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from cartella import services
from cartella.services import Askable
from cartella.web import asking
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.asking import Retry
from cartella.web.desk import Desk
from cartella.web.further import read, unit_words, why, words

router = APIRouter()


@page(router, "next")
def next_page(request: Request) -> Response:
    """The question that decides most now; or that there is none."""
    desk: Desk = request.app.state.desk
    lang, answers = language_of(request.url.path), desk.answers(request)
    found = desk.ready().next_questions(desk.today()).best(answers)
    if found is not None and found.question.kind == "core":
        core = next(q for q in asking.QUESTIONS if q.name == found.question.name)
        said = "&saved=1" if "saved" in request.query_params else ""
        return RedirectResponse(f"{address('question', lang, name=core.slug(lang))}?onward=1{said}", 303)
    saved = "saved" in request.query_params
    return desk.show(request, "next.html", "next", **_context(desk, request, found, False), saved=saved)


@page(router, "next_one")
def one_page(request: Request, name: str) -> Response:
    """One further question, to answer it again."""
    desk: Desk = request.app.state.desk
    question = _known(name)
    found = desk.ready().next_questions(desk.today()).of(question, desk.answers(request))
    context = _context(desk, request, found, True)
    return desk.show(request, "next.html", "next_one", parts={"name": name}, **context, saved=False)


@page(router, "next", "POST")
async def answer(request: Request) -> Response:
    """Take the answer to a further question; on to the next one, or back to the answers."""
    desk: Desk = request.app.state.desk
    lang, answers = language_of(request.url.path), desk.answers(request)
    async with request.form(max_files=0, max_fields=20) as form:
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
    question = _known(fields.get("name", ""))
    changing = bool(fields.get("change"))
    more = dict(answers.get("more", {}))
    if fields.get("skip_values"):
        more[services.ALL_VALUES] = services.UNKNOWN
    elif question.name == services.ALL_VALUES:
        more.pop(services.ALL_VALUES, None)
    else:
        found = read(question, fields, desk.today())
        if isinstance(found, Retry):
            shown = desk.ready().next_questions(desk.today()).of(question, answers)
            context = _context(desk, request, shown, changing, found, fields)
            return desk.show(request, "next.html", "next", 422, **context, saved=False)
        more[question.name] = found
    onward = address("answers", lang) if changing else f"{address('next', lang)}?saved=1"
    return desk.keep(RedirectResponse(onward, 303), request, {**answers, "more": more})


def _known(identifier: str) -> Askable:
    found = services.askable(identifier)
    if found is None or found.kind == "core":
        raise HTTPException(404)
    return found


def _context(
    desk: Desk,
    request: Request,
    found: services.NextQuestion | None,
    changing: bool,
    retry: Retry | None = None,
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the page of a further question shows."""
    lang, answers = language_of(request.url.path), desk.answers(request)
    question = None if found is None else found.question
    kept = "" if question is None else answers.get("more", {}).get(question.name, "")
    year, month = services.year_and_month(kept)
    value, unit, limit = services.parts_of_value(kept)
    if question is not None and question.kind == "hla" and kept != services.UNKNOWN:
        value = kept
    given = {
        "answer": kept.partition(":")[0],
        "year": year,
        "month": month,
        "value": value,
        "unit": unit,
        "limit": limit,
    }
    context: dict[str, Any] = {"question": question, "why": [], "retry": retry, "changing": changing}
    context |= {"given": {**given, **(typed or {})}, "forgotten": desk.forgotten(request)}
    if found is not None and question is not None:
        context["why"] = why(found, lang)
        context["words"] = {part or "question": words(question, part, lang) for part in ("", "hint", "short")}
        context["units"] = [(unit, unit_words(unit, long=True)) for unit in question.units]
    if question is not None and retry is not None:
        context["elsewhere"] = {code: address("next_one", code, name=question.name) for code in LANGUAGES}
    return context
