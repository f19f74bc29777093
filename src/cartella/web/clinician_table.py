"""The clinician's table of trials with its filters, the same as a file, and one trial point by point."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from cartella import services
from cartella.catalogue.titles import short_title, target_name
from cartella.explaining import Group, Lang, ResultView, day_words, point_lines, sheet_of
from cartella.services import Ranked
from cartella.services.centres import country_name
from cartella.services.table import (
    choices,
    countries_of,
    csv_of,
    filtered,
    nearest_words,
    phase_of,
    status_parts,
    text_of_table,
)
from cartella.web import correcting
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.clinician import gone
from cartella.web.desk import Desk, fragments
from cartella.web.filtering import KILOMETRES, MONTHS, view_of
from cartella.web.held import ORDERS, Held, held_by

router = APIRouter()

PER_PAGE = 25
MOST_DETAILED = 200
"""Trials of a file that holds all points of each."""
_FILES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
}
_MOST_TARGETS = 60
_MOST_COUNTRIES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words."""

    rank: int
    id: str
    title: str
    sponsor: str
    group: Group
    conflicts: int
    open_points: int | None
    phase: str
    targets: str
    site: str
    distance: int | None
    countries: str
    status: str
    confirmed: str
    doubtful: bool


@page(router, "table")
def table(request: Request) -> Response:
    """The trials in order, limited by filters, page by page."""
    desk: Desk = request.app.state.desk
    held = held_by(request)
    if held is None:
        return gone(request)
    lang, view = language_of(request.url.path), view_of(request.query_params)
    ready = desk.ready()
    ranking = held.ranking(ready, view.order, view.closed)
    rows = filtered(ranking.rows, view.filters)
    skipped = min(view.skipped, max(0, len(rows) - 1) // PER_PAGE * PER_PAGE)
    shown = rows[skipped : skipped + PER_PAGE]
    offered = choices(ranking.rows, lang)
    return desk.show(
        request,
        "clinician_table.html",
        "table",
        elsewhere={code: address("table", code) + view.link() for code in LANGUAGES},
        held=held,
        view=view,
        lines=[line(row, lang) for row in shown],
        text=text_of_table(ranking, shown, services.provenance_of(ready.source), lang),
        total=len(rows),
        considered=len(ranking.rows),
        left_out=ranking.left_out,
        without_text=sum(row.entry.unread is None for row in rows),
        counts=[(group, sum(r.standing.group.value == group.value for r in ranking.rows)) for group in Group],
        skipped=skipped,
        per_page=PER_PAGE,
        offered=offered,
        targets=offered.targets[:_MOST_TARGETS],
        kilometres=KILOMETRES if ranking.place is not None else (),
        place=None if ranking.place is None else ranking.place.described(lang),
        months=MONTHS,
        orders=[order for order in ORDERS if order != "near" or ranking.place is not None],
        own={kind: correcting.own_value(held, kind) for kind in ("lines", "ecog")},
        pieces=fragments(lang, "clinician"),
        most_detailed=MOST_DETAILED,
    )


def line(row: Ranked, lang: Lang) -> Line:
    """A row in words."""
    entry, standing = row.entry, row.standing
    targets = () if entry.therapy is None else entry.therapy.targets
    lands = [country_name(code, lang) for code in countries_of(entry)]
    more = f" +{len(lands) - _MOST_COUNTRIES}" if len(lands) > _MOST_COUNTRIES else ""
    return Line(
        row.rank,
        entry.id,
        short_title(entry, lang),
        entry.sponsor or "",
        Group(standing.group.value),
        standing.tally.conflicts,
        standing.tally.open_points,
        phase_of(entry, lang),
        ", ".join(target_name(target, lang) for target in targets),
        nearest_words(row, lang),
        standing.distance_km,
        ", ".join(lands[:_MOST_COUNTRIES]) + more,
        *status_parts(row, lang),
    )


@page(router, "table_export")
def export(request: Request, form: str) -> Response:
    """The rows that fit the filters, as a file."""
    desk: Desk = request.app.state.desk
    if form not in _FILES:
        raise HTTPException(404)
    held = held_by(request)
    if held is None:
        return gone(request)
    lang, view = language_of(request.url.path), view_of(request.query_params)
    ready = desk.ready()
    ranking = held.ranking(ready, view.order, view.closed)
    rows = filtered(ranking.rows, view.filters)
    provenance = services.provenance_of(ready.source)
    content: str | bytes
    match form:
        case "csv":
            content = "\ufeff" + csv_of(ranking, rows, provenance, lang)
        case "txt":
            content = text_of_table(ranking, rows, provenance, lang)
        case "json":
            answer = ranking.answer(ready.source, rows[:MOST_DETAILED])
            data = services.match_json(answer, lang, "clinician") | {"knowledge": provenance.knowledge}
            content = json.dumps(data, ensure_ascii=False, indent=1)
        case _:
            result = services.result_view(ranking.answer(ready.source, _of_each_group(rows)), lang, "clinician")
            content = services.pdf_of(sheet_of(result, lang, "clinician"))
    where = "inline" if form == "txt" else "attachment"
    headers = {"content-disposition": f'{where}; filename="cartella-{held.day.isoformat()}.{form}"'}
    return Response(content, media_type=_FILES[form], headers=headers)


def _of_each_group(rows: list[Ranked]) -> list[Ranked]:
    """The first rows of each group: the sheet shows some of each."""
    groups = [[row for row in rows if row.standing.group.value == group.value] for group in Group]
    return [row for group in groups for row in group[:10]]


@page(router, "points")
def points(request: Request, number: str) -> Response:
    """One trial held against the record: every point with its sentence, facts and codes."""
    desk: Desk = request.app.state.desk
    held = held_by(request)
    if held is None:
        return gone(request)
    lang, view = language_of(request.url.path), view_of(request.query_params)
    ready = desk.ready()
    entry = services.get_entry(ready.source, number[:40])
    found = _one(held, ready.source, entry.id, lang)
    trial = found.trials[0]
    context: dict[str, Any] = {
        "trial": trial,
        "registered_title": entry.title,
        "sections": point_lines(trial, lang),
        "has_text": ready.source.text(entry.id) is not None,
        "no_criteria": entry.unread is None,
        "provenance": services.provenance_of(ready.source),
        "day": day_words(held.day.toordinal(), lang),
        "back": view.link(),
        "pieces": fragments(lang, "clinician"),
    }
    elsewhere = {code: address("points", code, number=entry.id) + view.link() for code in LANGUAGES}
    parts = {"number": entry.id}
    return desk.show(request, "clinician_points.html", "points", parts=parts, elsewhere=elsewhere, **context)


def _one(held: Held, source: services.Source, identifier: str, lang: Lang) -> ResultView:
    request = services.MatchRequest(as_of=held.day, trials=(identifier,), near=held.near)
    return services.result_view(services.match_patient(source, held.patient, request), lang, "clinician")
