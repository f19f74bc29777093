"""The map: Italy or the world, drawn here, with a list beside it that says the same."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cartella.explaining import Lang
from cartella.services.centres import country_name
from cartella.services.overview import Mark
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.desk import Desk

router = APIRouter()

_NEAR = 24
"""Units of the map that two numbers keep from each other."""


@page(router, "map")
def map_page(request: Request) -> Response:
    """Where trials are listed as open or about to open, town by town."""
    desk: Desk = request.app.state.desk
    lang = language_of(request.url.path)
    world = request.query_params.get("view") == "world"
    view = desk.ready().overview.map("world" if world else "italy")
    by_country: dict[str, list[dict[str, object]]] = defaultdict(list)
    for mark in view.marks:
        by_country[mark.town.country].append(_town(mark, lang))
    countries = [
        (country_name(code, lang), sorted(towns, key=lambda town: str(town["name"])))
        for code, towns in sorted(by_country.items(), key=lambda item: (item[0] != "IT", country_name(item[0], lang)))
    ]
    suffix = "?view=world" if world else ""
    return desk.show(
        request,
        "map.html",
        "map",
        elsewhere={code: address("map", code) + suffix for code in LANGUAGES},
        view=view,
        world=world,
        circles=[_circle(mark, world, lang) for mark in view.marks],
        numbered=set() if world else _numbered(view.marks),
        countries=countries,
        towns=len(view.marks),
    )


def _numbered(marks: Sequence[Mark]) -> set[str]:
    """The towns whose number fits on the map: not those that a larger one lies upon."""
    shown: list[Mark] = []
    for mark in marks:
        near = (math.hypot(mark.across - other.across, mark.down - other.down) for other in shown)
        if mark.trials > 1 and all(distance > _NEAR for distance in near):
            shown.append(mark)
    return {mark.town.key for mark in shown}


def _town(mark: Mark, lang: Lang) -> dict[str, object]:
    return {"name": mark.town.named(lang), "open": mark.open, "soon": mark.soon, "link": _link(mark, lang)}


def _circle(mark: Mark, world: bool, lang: Lang) -> dict[str, object]:
    """A circle whose area grows with the number of trials."""
    least, grows = (2.2, 1.0) if world else (6.0, 3.2)
    return {
        "x": f"{mark.across:.0f}",
        "y": f"{mark.down:.0f}",
        "r": f"{min(26.0, least + grows * math.sqrt(mark.trials)):.1f}".removesuffix(".0"),
        "name": mark.town.named(lang),
        "trials": mark.trials,
        "key": mark.town.key,
        "link": _link(mark, lang),
    }


def _link(mark: Mark, lang: Lang) -> str:
    return f"{address('centres', lang)}?{urlencode({'country': mark.town.country, 'town': mark.town.key})}"
