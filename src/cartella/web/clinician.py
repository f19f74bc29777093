"""The clinician's path: bring a record, check what was understood of it, correct it on the spot, forget it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from cartella import services
from cartella.errors import InputError
from cartella.explaining import FactWords, Lang, day_words, facts_in_words
from cartella.web import correcting
from cartella.web.addresses import address, language_of, page
from cartella.web.correcting import RefusedError
from cartella.web.desk import Desk
from cartella.web.filtering import query_of
from cartella.web.held import KINDS, LIMITS, Addition, Held, example, held_by, hold, opened
from cartella.web.keeping import RECORD_COOKIE
from cartella.web.wording import say

router = APIRouter()

LONGEST_SHOWN = 100_000
"""Characters of a pasted text that are given back to be mended."""
_MOST_REMARKS = 200
_LONGEST_PLACE = 120
_FACT_KINDS = ("person", "disease", "marker", "test", "treatment", "illness", "absent", "list")


@page(router, "clinicians")
def start(request: Request) -> Response:
    """Where a record is brought: a file, a text, or the invented example."""
    return start_page(request)


def start_page(request: Request, status: int = 200, **more: Any) -> Response:
    """The page where a record is brought, with what went wrong, if something did."""
    desk: Desk = request.app.state.desk
    context: dict[str, Any] = {"gone": False, "trouble": None, "pasted": "", "held": _held(request), **more}
    context["sample"] = example().decode()
    return desk.show(request, "clinician_start.html", "clinicians", status, **context)


def gone(request: Request) -> Response:
    """What is shown instead of a page that needs a record where there is none, or none any more."""
    return start_page(request, 404, gone=True)


@page(router, "clinicians", "POST")
async def bring(request: Request) -> Response:
    """Read a record; on to what was understood of it."""
    desk: Desk = request.app.state.desk
    async with request.form(max_files=1, max_fields=5, max_part_size=LIMITS.size) as form:
        upload, text = form.get("file"), form.get("text")
        raw = b"" if upload is None or isinstance(upload, str) else await upload.read()
        wants_example = "example" in form
    pasted = text if isinstance(text, str) else ""
    content = example() if wants_example else raw or pasted.encode("utf-8", "replace")
    try:
        held = await run_in_threadpool(opened, content, desk.today())
    except InputError as error:
        shown = pasted if len(pasted) <= LONGEST_SHOWN and not raw else ""
        return start_page(request, 422, trouble=trouble(error, language_of(request.url.path)), pasted=shown)
    return hold(RedirectResponse(address("record", language_of(request.url.path)), 303), request, held)


@page(router, "record")
def record(request: Request) -> Response:
    """What was used, assumed, ambiguous and ignored of the record, its facts, and the forms to correct it."""
    held = _held(request)
    return gone(request) if held is None else record_page(request, held)


def record_page(request: Request, held: Held, status: int = 200, **more: Any) -> Response:
    """The page of a record, with what went wrong with a correction, if something did."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    facts = facts_in_words(held.patient.facts, lang, "clinician")
    context: dict[str, Any] = {
        "held": held,
        "day": day_words(held.day.toordinal(), lang),
        "provenance": services.provenance_of(desk.ready().source),
        "own": {kind: correcting.own_value(held, kind) for kind in ("age", "sex", "lines", "ecog")},
        "lines_known": _known(facts, "lines"),
        "near": "" if held.near is None else services.place_name(held.near, lang),
        "home": ", ".join(filter(None, held.patient.place)),
        "additions": _additions(held, lang),
        "kinds": KINDS,
        "remarks": {fate: _remarks(held, fate, lang) for fate in ("ambiguous", "assumed", "ignored", "used")},
        "facts": [(kind, *_parted([fact for fact in facts if fact.kind == kind])) for kind in _FACT_KINDS],
        "trouble": None,
        "typed": Addition(""),
        **more,
    }
    return desk.show(request, "clinician_record.html", "record", status, **context)


@page(router, "record", "POST")
async def correct(request: Request) -> Response:
    """Take a correction and read the record anew; back to the page that the form was on."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    held = await run_in_threadpool(_held, request)
    async with request.form(max_files=0, max_fields=20) as form:
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
    if held is None:
        return gone(request)
    try:
        new = await run_in_threadpool(correcting.corrected, held, fields, desk.today())
    except RefusedError as refused:
        return record_page(
            request, held, 422, trouble=[say(refused.why, lang, **refused.parameters)], typed=_typed(fields)
        )
    except InputError as error:
        return record_page(request, held, 422, trouble=trouble(error, lang), typed=_typed(fields))
    back = "" if fields.get("action") == "add" and not _understood(new) else fields.get("back", "")
    where = address(back, lang) if back in ("table", "tests") else f"{address('record', lang)}#corrections"
    return hold(RedirectResponse(where + query_of(fields.get("query", ""), back), 303), request, new)


@page(router, "record_clear", "POST")
def clear(request: Request) -> Response:
    """Forget the record now."""
    desk: Desk = request.app.state.desk
    desk.records.drop(request.cookies.get(RECORD_COOKIE))
    response = RedirectResponse(address("clinicians", language_of(request.url.path)), 303)
    response.delete_cookie(RECORD_COOKIE, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def trouble(error: InputError, lang: Lang) -> list[str]:
    """Why a record, or an addition to it, cannot be read: in sentences, with the place in it."""
    lines = [error.what.in_language(lang)]
    if error.why is not None:
        lines[0] += f": {error.why.in_language(lang)}."
    place = "" if error.where is None else error.where.in_language(lang)
    if place:
        shown = place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]} …"
        lines.append(say("clinician.trouble.where", lang, x=shown))
    if error.next_step is not None:
        lines.append(error.next_step.in_language(lang))
    return lines


def _held(request: Request) -> Held | None:
    return held_by(request)


def _typed(fields: correcting.Fields) -> Addition:
    return Addition(*(fields.get(part, "")[:400] for part in ("kind", "name", "value", "when")))


def _additions(held: Held, lang: Lang) -> list[tuple[Addition, list[str]]]:
    """What was added, each with what became of it."""
    said: dict[str, list[str]] = {}
    for remark in held.patient.report:
        said.setdefault(remark.path, []).append(services.remark_words(remark, lang))
    return [
        (
            addition,
            [line for path, lines in said.items() if path == own or path.startswith(f"{own}.") for line in lines],
        )
        for addition, own in held.added()
    ]


def _understood(held: Held) -> bool:
    """Whether the last addition gave any fact; if not, the person is shown what became of it."""
    path = list(held.added())[-1][1]
    return any(
        remark.fate in (services.Fate.USED, services.Fate.ASSUMED)
        and (remark.path == path or remark.path.startswith(f"{path}."))
        for remark in held.patient.report
    )


def _remarks(held: Held, fate: str, lang: Lang) -> list[tuple[str, str]]:
    """What the report says of one fate, each with the place in the record; at most so many."""
    found = [(services.remark_words(r, lang), r.path) for r in held.patient.report if r.fate.value == fate]
    return list(dict.fromkeys(found))[:_MOST_REMARKS]


def _known(facts: list[FactWords], subject: str) -> FactWords | None:
    return next((fact for fact in facts if fact.subject == subject), None)


def _parted(facts: list[FactWords]) -> tuple[list[FactWords], list[FactWords]]:
    """The facts that are stated, and those that were worked out from them."""
    return [fact for fact in facts if not fact.derived], [fact for fact in facts if fact.derived]
