"""The patient's path: one question a page, the answers to check, the results, and one study point by point."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from cartella import services
from cartella.errors import CartellaError, NotFound, Words
from cartella.explaining import Group, Lang, ResultView
from cartella.explaining.lines import not_checked
from cartella.services import RankKey, asked
from cartella.web import asking
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.desk import Desk, fragments
from cartella.web.further import answers_given, in_own_words, why, words
from cartella.web.keeping import COOKIE, Answers
from cartella.web.wording import say

router = APIRouter()

PER_PAGE = 10
"""Studies shown of each group."""
LARGEST_FILE = 64 * 1024
"""Bytes of a file of answers; a form that sends more fields than this many texts is not ours."""
ORDERS: dict[str, tuple[RankKey, ...]] = {
    "usual": tuple(RankKey),
    "near": (RankKey.DISEASE, RankKey.DISTANCE),
    "fresh": (RankKey.DISEASE, RankKey.FRESHNESS),
}
"""How the results may be put in order."""


@page(router, "question")
def question(request: Request, name: str) -> Response:
    """One question, with the answer that was given before."""
    return _ask(request, _known(name), None)


@page(router, "question", "POST")
async def answer(request: Request, name: str) -> Response:
    """Take an answer; on to the next question, or back to the answers where one was being changed."""
    asked_for, lang = _known(name), language_of(request.url.path)
    desk: Desk = request.app.state.desk
    fields = await _fields(request)
    answers = desk.answers(request)
    found = asked_for.read(fields, answers, desk.today(), lang)
    if isinstance(found, asking.Retry):
        return _ask(request, asked_for, found, fields)
    answers = {**answers, **found}
    onward = RedirectResponse(_after(asked_for, lang, fields), 303)
    return desk.keep(onward, request, answers)


@page(router, "answers")
def answers_page(request: Request) -> Response:
    """All answers, to check and to change, and what was understood of them."""
    desk: Desk = request.app.state.desk
    answers, lang = desk.answers(request), language_of(request.url.path)
    patient, trouble = None, None
    try:
        patient = asked.patient_of_answers(answers, desk.today())
    except CartellaError as error:
        trouble = error.what.in_language(lang)
    shown = None if patient is None else services.summary(patient, lang)
    listed = [(q, asking.said(q, answers, lang)) for q in asking.QUESTIONS]
    return desk.show(
        request,
        "answers.html",
        "answers",
        answers=listed,
        more=answers_given(answers, lang),
        summary=shown,
        trouble=trouble,
        forgotten=desk.forgotten(request),
    )


@page(router, "answers_file")
def save(request: Request) -> Response:
    """The answers as a file for one's own computer."""
    desk: Desk = request.app.state.desk
    content = json.dumps({"cartella": 1, "answers": desk.answers(request)}, ensure_ascii=False, indent=1)
    headers = {"content-disposition": 'attachment; filename="cartella.json"'}
    return Response(content, media_type="application/json", headers=headers)


@page(router, "answers_file", "POST")
async def open_file(request: Request) -> Response:
    """Open a file of answers. Only what this program knows is taken from it."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    async with request.form(max_files=1, max_fields=4) as form:
        upload = form.get("file")
        raw = b"" if upload is None or isinstance(upload, str) else await upload.read(LARGEST_FILE + 1)
    answers = asking.answers_in(raw) if len(raw) <= LARGEST_FILE else None
    if answers is None:
        raise NotFound(
            Words("This file holds no answers of Cartella.", "Questo file non contiene risposte di Cartella."),
            why=Words(
                "It must be the file that was saved from the page with the answers.",
                "Deve essere il file salvato dalla pagina delle risposte.",
            ),
        )
    return desk.keep(RedirectResponse(address("answers", lang), 303), request, answers)


@page(router, "clear", "POST")
def clear(request: Request) -> Response:
    """Forget everything now."""
    response = RedirectResponse(f"{address('start', language_of(request.url.path))}?cleared=1", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


@page(router, "results")
def results(request: Request) -> Response:
    """The studies in three groups."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    skipped = _whole(request.query_params.get("from"))
    answers = desk.answers(request)
    order = order_of(request, answers)
    view = result_of(desk, answers, lang, order, skipped)
    asks = desk.ready().next_questions(desk.today()).best(answers) if answers else None
    return desk.show(
        request,
        "results.html",
        "results",
        result=view,
        groups=list(Group),
        pieces=fragments(lang, "patient"),
        order=order,
        orders=list(ORDERS),
        skipped=skipped,
        per_page=PER_PAGE,
        no_answers=not answers,
        not_checked=not_checked(view, lang, "patient"),
        next_words="" if asks is None else _question_words(asks.question, lang),
        next_why=[] if asks is None else why(asks, lang),
        forgotten=desk.forgotten(request),
    )


@page(router, "result")
def result(request: Request, number: str) -> Response:
    """One study held against the answers, point by point."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    ready = desk.ready()
    entry = services.get_entry(ready.source, number)
    answers = desk.answers(request)
    view = _matched(desk, answers, lang, services.MatchRequest(as_of=desk.today(), trials=(entry.id,)))
    return desk.show(
        request,
        "result.html",
        "result",
        parts={"number": entry.id},
        trial=view.trials[0],
        pieces=fragments(lang, "patient"),
        forgotten=desk.forgotten(request),
    )


def _question_words(question: services.Askable, lang: Lang) -> str:
    return say(f"ask.{question.name}", lang) if question.kind == "core" else words(question, "", lang)


def order_of(request: Request, answers: Answers) -> str:
    """The order that the address asks for; without one the nearest site first, where the person's town is known."""
    order = request.query_params.get("order", "")
    if order in ORDERS:
        return order
    return "near" if answers.get("place") not in (None, "", services.UNKNOWN) else "usual"


def result_of(desk: Desk, answers: Answers, lang: Lang, order: str = "usual", skipped: int = 0) -> ResultView:
    """The studies for these answers, so many of each group."""
    request = services.MatchRequest(
        as_of=desk.today(), order=ORDERS[order], shown=PER_PAGE, by_group=True, skipped=skipped
    )
    return _matched(desk, answers, lang, request)


def _matched(desk: Desk, answers: Answers, lang: Lang, request: services.MatchRequest) -> ResultView:
    ready = desk.ready()
    patient = asked.patient_of_answers(answers, desk.today())
    answer = services.match_patient(ready.source, patient, request, ready.prepared)
    return services.result_view(answer, lang, said=in_own_words(answers, lang))


class _Blanks(dict[str, Any]):
    """What was given, empty where nothing was."""

    def __missing__(self, _key: str) -> str:
        return ""


def _known(name: str) -> asking.Question:
    found = asking.question_of(name)
    if found is None:
        raise HTTPException(404)
    return found


def _ask(
    request: Request, asked_for: asking.Question, retry: asking.Retry | None, typed: asking.Fields | None = None
) -> Response:
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    answers = desk.answers(request)
    place = asking.QUESTIONS.index(asked_for)
    onward = "onward" in request.query_params or bool(typed and typed.get("onward"))
    before = None if place == 0 else address("question", lang, name=asking.QUESTIONS[place - 1].slug(lang))
    return desk.show(
        request,
        f"ask_{asked_for.form}.html",
        "question",
        200 if retry is None else 422,
        {"name": asked_for.slug(lang)},
        elsewhere={code: address("question", code, name=asked_for.slug(code)) for code in LANGUAGES},
        question=asked_for,
        rows=asking.rows_of(asked_for, answers),
        markers=asked.markers_for(answers.get("disease")),
        given=_Blanks(answers),
        typed=_Blanks(typed or {}),
        number=place + 1,
        total=len(asking.QUESTIONS),
        before=before,
        retry=retry,
        changing="change" in request.query_params,
        onward=onward,
        saved="saved" in request.query_params,
        why=_why_core(desk, asked_for, answers, lang) if onward else [],
        disease_names=services.disease_names(lang) if asked_for.form == "disease" else (),
        disease_said=asking.said(asked_for, answers, lang) if asked_for.form == "disease" else "",
        forgotten=desk.forgotten(request),
    )


def _why_core(desk: Desk, asked_for: asking.Question, answers: Answers, lang: Lang) -> list[str]:
    """What the answer to a core question decides, where it is asked as the next one."""
    question = services.askable(asked_for.name)
    if question is None:
        return [say("next.core", lang)]
    return why(desk.ready().next_questions(desk.today()).of(question, answers), lang)


def _after(asked_for: asking.Question, lang: Lang, fields: asking.Fields) -> str:
    place = asking.QUESTIONS.index(asked_for)
    if fields.get("onward"):
        return f"{address('next', lang)}?saved=1"
    if fields.get("change") or place + 1 == len(asking.QUESTIONS):
        return address("answers", lang)
    return address("question", lang, name=asking.QUESTIONS[place + 1].slug(lang))


async def _fields(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=100) as form:
        return {key: value for key, value in form.items() if isinstance(value, str)}


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else 0
