"""The centres of each country with what each has open, and one page for each centre."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from cartella.catalogue.titles import composed_title
from cartella.explaining import Lang
from cartella.services.access import Access
from cartella.services.centres import Centre, Centres, Seat, Town, country_name
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.desk import Desk
from cartella.web.trials import card

router = APIRouter()

PER_PAGE = 60
FACTS = ("authorised", "jacie", "transplants", "cell_factory")


@page(router, "centres")
def centres(request: Request) -> Response:
    """The centres of a country, Italy if none is asked for, or of one of its towns."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    known = desk.ready().overview.centres
    code = request.query_params.get("country", "IT")[:2].upper()
    if code not in known.in_country and code not in known.open_in_country:
        code = "IT"
    every = known.in_country.get(code, ())
    town = next((t for t in known.trials_in_town if t.country == code and t.key == _town_asked(request)), None)
    listed = [centre for centre in every if town is None or centre.town == town]
    idle = [centre for centre in listed if not centre.seats]
    busy = sorted((c for c in listed if c.seats), key=lambda c: (-_open(c), -_soon(c), c.name))
    pages = max(1, -(-len(busy) // PER_PAGE))
    asked = request.query_params.get("page", "1")
    number = min(pages, int(asked)) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else 1
    given = {**({"country": code} if code != "IT" else {}), **({"town": town.key} if town else {})}
    return desk.show(
        request,
        "centres.html",
        "centres",
        elsewhere={language: _link(language, given, number) for language in LANGUAGES},
        code=code,
        country=country_name(code, lang),
        town=None if town is None else town.named(lang),
        rows=[_row(centre, lang) for centre in busy[(number - 1) * PER_PAGE : number * PER_PAGE]],
        idle=[_row(centre, lang) for centre in idle] if number == pages else [],
        masked=_masked(known, code, town, lang),
        centres=len(busy),
        open=known.open_in_country.get(code, 0),
        countries=[(c, country_name(c, lang), n) for c, n in known.open_in_country.items()],
        number=number,
        pages=pages,
        before=_link(lang, given, number - 1) if number > 1 else None,
        after=_link(lang, given, number + 1) if number < pages else None,
        whole=_link(lang, {"country": code} if code != "IT" else {}, 1),
    )


@page(router, "centre")
def centre(request: Request, slug: str) -> Response:
    """One centre: what is known of it, and its trials."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    overview = desk.ready().overview
    found = overview.centres.by_slug.get(slug)
    if found is None:
        raise HTTPException(404)
    groups = {
        access.value: [card(seat.entry, overview, desk, lang) for seat in found.with_access(access)]
        for access in (Access.OPEN, Access.NOT_YET, Access.UNTOLD)
    }
    return desk.show(
        request,
        "centre.html",
        "centre",
        parts={"slug": slug},
        centre=found,
        town="" if found.town is None else found.town.named(lang),
        country=country_name(found.country, lang),
        groups=groups,
        closed=[(seat.entry.id, composed_title(seat.entry, lang)) for seat in found.with_access(Access.CLOSED)],
        facts=FACTS,
    )


def _row(centre: Centre, lang: Lang) -> dict[str, object]:
    return {
        "slug": centre.slug,
        "name": centre.name,
        "town": "" if centre.town is None else centre.town.named(lang),
        "region": "" if centre.facts is None else centre.facts.region,
        "open": _open(centre),
        "soon": _soon(centre),
        "untold": len(centre.with_access(Access.UNTOLD)),
        "all": len(centre.seats),
        "facts": centre.facts,
    }


def _open(centre: Centre) -> int:
    return len(centre.with_access(Access.OPEN))


def _soon(centre: Centre) -> int:
    return len(centre.with_access(Access.NOT_YET))


def _masked(known: Centres, code: str, town: Town | None, lang: Lang) -> list[tuple[str, int]]:
    """Towns where trials are open at sites without a name, with the number of those trials."""
    found: dict[str, set[str]] = defaultdict(set)
    for place, seats in known.trials_in_town.items():
        if place.country == code and (town is None or place == town):
            found[place.named(lang)] |= {seat.entry.id for seat in seats if _hidden(seat)}
    return sorted(((name, len(ids)) for name, ids in found.items() if ids), key=lambda item: (-item[1], item[0]))


def _hidden(seat: Seat) -> bool:
    return seat.named.masked


def _town_asked(request: Request) -> str:
    return request.query_params.get("town", "")[:80]


def _link(lang: Lang, given: dict[str, str], number: int) -> str:
    parts = {**given, **({"page": str(number)} if number > 1 else {})}
    return address("centres", lang) + (f"?{urlencode(parts)}" if parts else "")
