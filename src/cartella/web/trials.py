"""All trials to search, and one page for each: nothing about a person is asked here, and nothing is known of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cartella import services
from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import composed_title, target_name, therapy_words
from cartella.explaining import Lang, day_words, phase_said, status_said
from cartella.services.access import Access
from cartella.services.centres import Seat, country_name
from cartella.services.finding import FACETS, KINDS, ORDERS, Finding, Query
from cartella.services.overview import Overview, burdens_of
from cartella.trials.status import StatusEntry
from cartella.trials.therapy import Bucket
from cartella.web import asking
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.desk import Desk
from cartella.web.points import point_lists
from cartella.web.wording import grouped, say

router = APIRouter()

PER_PAGE = 12
LONGEST = 100
"""Characters of one field of the search; what is longer is cut."""
_MOST_TARGETS = 40
_PHASES = ("early_phase1", "phase1", "phase2", "phase3", "phase4", "none")
_MOST_TOWNS = 6


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a facet, with the number of trials that it would leave."""

    value: str
    words: str
    number: int


@page(router, "trials")
def trials(request: Request) -> Response:
    """Search: words, disease, kind of cells, target, phase, country, status."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    overview = desk.ready().overview
    query = _query(request)
    if services.is_number(query.words) and overview.source.entry(query.words.strip().upper()) is not None:
        return RedirectResponse(address("trial", lang, number=query.words.strip().upper()), 303)
    found = overview.finder.find(query)
    pages = max(1, -(-len(found.entries) // PER_PAGE))
    number = min(pages, max(1, _whole(request.query_params.get("page"))))
    shown = found.entries[(number - 1) * PER_PAGE : number * PER_PAGE]
    given = _given(query)
    return desk.show(
        request,
        "trials.html",
        "trials",
        elsewhere={code: _link(code, given, number) for code in LANGUAGES},
        query=query,
        searched=bool(given) or number > 1,
        found=found,
        diseases=[services.disease_name(disease, lang) for disease in found.diseases],
        suggestions=[(name, _link(lang, {**given, "disease": name})) for name in found.suggestions.get(lang, ())],
        options={name: _options(name, found, getattr(query, name), lang) for name in FACETS},
        chips=_chips(query, lang),
        orders=ORDERS,
        cards=[card(entry, overview, desk, lang) for entry in shown],
        total=grouped(len(found.entries), lang),
        number=number,
        pages=pages,
        before=_link(lang, given, number - 1) if number > 1 else None,
        after=_link(lang, given, number + 1) if number < pages else None,
        wider=_link(lang, {**given, "access": "any"}) if query.access != "any" else None,
        disease_names=sorted({name for name in services.disease_names(lang) if len(name) < 60}, key=str.lower),
        begin=_to_questions(lang),
    )


@page(router, "trial")
def trial(request: Request, number: str) -> Response:
    """Everything that is known of one trial, whoever asks."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    overview = desk.ready().overview
    entry = services.get_entry(overview.source, number[:40])
    if number != entry.id:
        return RedirectResponse(address("trial", lang, number=entry.id), 301)
    seats = overview.centres.seats_of(entry)
    text = overview.source.text(entry.id)
    return desk.show(
        request,
        "trial.html",
        "trial",
        parts={"number": entry.id},
        entry=entry,
        title=composed_title(entry, lang),
        registered_title=entry.title,
        tested="" if entry.therapy is None else therapy_words(entry.therapy, lang),
        kinds=_kinds(entry),
        bucket=None if entry.bucket in (None, Bucket.T_CELL_CANCER) else entry.bucket,
        diseases=[services.disease_name(disease, lang) for disease in entry.diseases],
        targets=[] if entry.therapy is None else [target_name(target, lang) for target in entry.therapy.targets],
        products=[] if entry.therapy is None else entry.therapy.products,
        said=status_of(entry.status, desk, lang),
        schema_status=_SCHEMA_STATUS.get("" if entry.status is None else entry.status.status.value),
        phase=phase_said(tuple(phase.upper() for phase in entry.phases), lang, "patient"),
        countries=_by_country(seats, overview, desk, lang),
        sites=len(seats),
        sections=point_lists(entry, text, lang),
        has_text=text is not None,
        burdens=burdens_of(entry),
        dates=_dates(entry, lang),
        check=address("result", lang, number=entry.id) if desk.answers(request) else _to_questions(lang),
        answered=bool(desk.answers(request)),
    )


def card(entry: Entry, overview: Overview, desk: Desk, lang: Lang) -> Mapping[str, object]:
    """A trial in a list: title, status with its age, phase, where."""
    seats = [
        seat for seat in overview.centres.seats[entry.id] if seat.access is not Access.CLOSED and not seat.visits_only
    ]
    codes = list(dict.fromkeys(seat.country for seat in seats if seat.country is not None))
    codes.sort(key=lambda code: (code != "IT", -sum(seat.country == code for seat in seats), code))
    towns = dict.fromkeys(s.town.named(lang) for s in seats if s.country == "IT" and s.town is not None)
    return {
        "id": entry.id,
        "title": composed_title(entry, lang),
        "status": status_of(entry.status, desk, lang),
        "phase": phase_said(tuple(phase.upper() for phase in entry.phases), lang, "patient"),
        "towns": list(towns)[:_MOST_TOWNS],
        "more_towns": max(0, len(towns) - _MOST_TOWNS),
        "countries": [country_name(code, lang) for code in codes if code != "IT"][:3],
        "more_countries": max(0, len([code for code in codes if code != "IT"]) - 3),
    }


def status_of(status: StatusEntry | None, desk: Desk, lang: Lang) -> list[str]:
    """A status in words with its age, and that it is to be confirmed where it is old; for none that it is not given."""
    if status is None:
        return [say("trial.status.none", lang)]
    return status_said(status.text, status.age_in_days(desk.today()), lang, "patient")


def _by_country(seats: tuple[Seat, ...], overview: Overview, desk: Desk, lang: Lang) -> list[dict[str, object]]:
    """The sites by country, Italy first, then the countries with most sites; in each by town."""
    codes = {seat.country or "" for seat in seats}
    sized = sorted(codes, key=lambda c: (c != "IT", -sum((seat.country or "") == c for seat in seats), c))
    return [
        {
            "code": code,
            "name": country_name(code, lang) if code else say("trial.country.none", lang),
            "seats": sorted(
                (
                    {
                        "town": "" if seat.town is None else seat.town.named(lang),
                        "name": seat.worded(lang),
                        "masked": seat.named.masked,
                        "slug": seat.slug if seat.slug in overview.centres.by_slug else None,
                        "visits_only": seat.visits_only,
                        "status": say("trial.site.none", lang)
                        if seat.site.status is None
                        else " ".join(status_of(seat.site.status, desk, lang)),
                    }
                    for seat in seats
                    if (seat.country or "") == code
                ),
                key=lambda row: (row["town"] == "", str(row["town"]), row["masked"], str(row["name"])),
            ),
        }
        for code in sized
    ]


def _dates(entry: Entry, lang: Lang) -> list[tuple[str, str]]:
    named = {
        "start": entry.start,
        "completion": entry.completion,
        "first_posted": entry.first_posted,
        "last_update": entry.last_update,
    }
    return [
        (name, day_words(found.earliest.toordinal(), lang) if found.earliest == found.latest else str(found))
        for name, found in named.items()
        if found is not None
    ]


def _kinds(entry: Entry) -> list[str]:
    classes = () if entry.therapy is None else entry.therapy.classes
    return [name for name, starts in KINDS if starts and any(c.value.startswith(starts) for c in classes)]


def _query(request: Request) -> Query:
    given: dict[str, Any] = {
        name: request.query_params.get(name, "").replace("\0", " ").strip()[:LONGEST]
        for name in ("words", "disease", *FACETS)
    }
    order = request.query_params.get("order", "")
    known = next((name for name in ORDERS if name == order), ORDERS[0])
    return Query(order=known, **given)


def _given(query: Query) -> dict[str, str]:
    """The parts of a query that are not as usual, for an address."""
    usual = Query()
    names = ("words", "disease", *FACETS, "order")
    return {name: getattr(query, name) for name in names if getattr(query, name) != getattr(usual, name)}


def _link(lang: Lang, given: Mapping[str, str], number: int = 1) -> str:
    parts = {**given, **({"page": str(number)} if number > 1 else {})}
    return address("trials", lang) + (f"?{urlencode(parts)}" if parts else "")


def _options(name: str, found: Finding, chosen: str, lang: Lang) -> list[Option]:
    counted = found.counts[name]
    match name:
        case "kind":
            values = [kind for kind, _ in KINDS]
        case "phase":
            values = list(_PHASES)
        case "access":
            values = [access.value for access in Access]
        case "scope":
            values = [bucket.value for bucket in Bucket]
        case "country":
            values = sorted(counted, key=lambda code: (code != "IT", country_name(code, lang)))
        case _:
            values = sorted(counted, key=lambda target: (-counted[target], target))[:_MOST_TARGETS]
    if chosen and chosen != "any" and chosen not in values and counted.get(chosen):
        values = [*values, chosen]
    return [Option(v, _value_words(name, v, lang), counted.get(v, 0)) for v in values if counted.get(v) or v == chosen]


def _value_words(name: str, value: str, lang: Lang) -> str:
    if name == "country":
        return country_name(value, lang)
    if name == "target":
        return target_name(value, lang)
    try:
        return say(f"trials.{name}.{value}", lang)
    except KeyError:
        return value


def _chips(query: Query, lang: Lang) -> list[tuple[str, str]]:
    """What limits the search, in words, each with the address of the search without it."""
    given = _given(query)
    found = []
    for name, value in given.items():
        if name == "order":
            continue
        rest = {other: kept for other, kept in given.items() if other != name}
        words = value if name in ("words", "disease") else _value_words(name, value, lang)
        found.append((f"{say(f'trials.field.{name}', lang)}: {words}", _link(lang, rest)))
    return found


def _to_questions(lang: Lang) -> str:
    return address("question", lang, name=asking.QUESTIONS[0].slug(lang))


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else 1


_SCHEMA_STATUS = {
    "recruiting": "Recruiting",
    "not_yet_recruiting": "NotYetRecruiting",
    "enrolling_by_invitation": "EnrollingByInvitation",
    "active_not_recruiting": "ActiveNotRecruiting",
    "completed": "Completed",
    "suspended": "Suspended",
    "terminated": "Terminated",
    "withdrawn": "Withdrawn",
}
"""The words of schema.org for the status of a study."""
