"""The page with numbers: charts made on the server, each with its table and a file of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from markupsafe import Markup

from cartella.explaining import Lang, day_words, phase_said
from cartella.services.centres import country_name
from cartella.services.numbers import Count, Row
from cartella.web.addresses import language_of, page
from cartella.web.charts import chart
from cartella.web.desk import Desk
from cartella.web.wording import grouped, say

router = APIRouter()


@page(router, "numbers")
def numbers(request: Request) -> Response:
    """Counts of registered trials, as of the day of the data."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    shown = [_shown(count, lang) for count in desk.ready().overview.counts]
    return desk.show(request, "numbers.html", "numbers", charts=shown)


@page(router, "numbers_file")
def numbers_file(request: Request, name: str) -> Response:
    """One table as a file; its first lines say what was counted and when."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    count = next((count for count in desk.ready().overview.counts if count.name == name), None)
    if count is None:
        raise HTTPException(404)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((say(f"numbers.{name}.label", lang), say("numbers.trials", lang)))
    writer.writerows((label(count, row, lang), row.number) for row in count.rows)
    writer.writerow(())
    writer.writerow((_scope(count, lang),))
    writer.writerow((say("numbers.not_results", lang),))
    headers = {"content-disposition": f'attachment; filename="cartella-{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _shown(count: Count, lang: Lang) -> Mapping[str, object]:
    labels = tuple(label(count, row, lang) for row in count.rows)
    values = tuple(row.number for row in count.rows)
    return {
        "name": count.name,
        "finding": finding(count, lang),
        "scope": _scope(count, lang),
        "svg": Markup(chart(count.name == "years", labels, values, "." if lang == "it" else ",")),
        "rows": [(words, grouped(value, lang)) for words, value in zip(labels, values, strict=True)],
    }


def finding(count: Count, lang: Lang) -> str:
    """What the chart shows, as a sentence that is made from its numbers."""
    top = count.largest
    known = {"of": grouped(count.of, lang), "n": grouped(top.number, lang), "top": label(count, top, lang)}
    match count.name:
        case "freshness":
            known["old"] = grouped(count.of - count.total("months3", "months6"), lang)
        case "phases":
            known["first"] = grouped(count.total("early_phase1", "phase1", "phase1_phase2"), lang)
        case "countries":
            known["italy"] = grouped(count.total("IT"), lang)
    return say(f"numbers.{count.name}.finding", lang, **known)


def label(count: Count, row: Row, lang: Lang) -> str:
    """A row in words."""
    match count.name:
        case "freshness":
            words = say(f"numbers.age.{row.key}", lang)
        case "phases":
            words = say("numbers.phase.none", lang) if row.key == "none" else _phase(row.key, lang)
        case "countries":
            words = country_name(row.key, lang)
        case _:
            words = row.key
    return say("numbers.partial", lang, x=words) if row.partial else words


def _phase(key: str, lang: Lang) -> str:
    phases = tuple(re.findall(r"(?:EARLY_)?PHASE\d", key.upper()))
    return f"{say('numbers.phase', lang)} {phase_said(phases, lang, 'clinician')}"


def _scope(count: Count, lang: Lang) -> str:
    day = "–" if count.as_of is None else day_words(count.as_of.toordinal(), lang)
    return say(f"numbers.{count.name}.scope", lang, of=grouped(count.of, lang), day=day)
