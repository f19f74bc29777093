"""What search engines are told: which pages there are, and which to leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from cartella.web.addresses import LANGUAGES, address
from cartella.web.desk import Desk

router = APIRouter()

PUBLIC = ("start", "about", "words", "trials", "centres", "map", "numbers")
"""Pages that are the same for everybody and have one address in each language."""
MOST = 1_000
"""Trials in one part of the site map; every part stays well below what search engines take."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@router.get("/robots.txt", include_in_schema=False)
def robots(request: Request) -> Response:
    """Everything may be read but addresses with a search in them; the pages of a person say so themselves."""
    lines = ("User-agent: *", "Disallow: /*?", f"Sitemap: {_base(request)}/sitemap.xml", "")
    return Response("\n".join(lines), media_type="text/plain")


@router.get("/sitemap.xml", include_in_schema=False)
def sitemap(request: Request) -> Response:
    """The list of the parts of the site map."""
    parts = [f"{_base(request)}/sitemap-{number}.xml" for number in range(_parts(request))]
    listed = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in parts)
    return _xml(f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">\n{listed}</sitemapindex>\n')


@router.get("/sitemap-{number}.xml", include_in_schema=False)
def sitemap_part(request: Request, number: str) -> Response:
    """One part: the pages for everybody and the centres first, then so many trials."""
    if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) < _parts(request)):
        raise HTTPException(404)
    desk: Desk = request.app.state.desk
    ready = desk.ready()
    base = _base(request)
    day = "" if ready.source.release.as_of is None else ready.source.release.as_of.isoformat()
    lines: Iterable[str]
    if int(number) == 0:
        names = (_both(base, name, day) for name in PUBLIC)
        centres = (_both(base, "centre", day, slug=slug) for slug in ready.overview.centres.by_slug)
        lines = (line for some in (names, centres) for pages in some for line in pages)
    else:
        first = (int(number) - 1) * MOST
        entries = islice(ready.source.entries(), first, first + MOST)
        lines = (
            line for entry in entries for line in _both(base, "trial", str(entry.last_update or day), number=entry.id)
        )
    return _xml(
        f'{_HEAD}<urlset xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{"".join(lines)}</urlset>\n'
    )


def _both(base: str, name: str, changed: str, /, **parts: str) -> Iterator[str]:
    """A page in each language, each naming the other."""
    paths = {lang: escape(base + address(name, lang, **parts)) for lang in LANGUAGES}
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{lang}" href="{path}"/>' for lang, path in paths.items())
    last = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
    for path in paths.values():
        yield f"<url><loc>{path}</loc>{last}{others}</url>\n"


def _parts(request: Request) -> int:
    desk: Desk = request.app.state.desk
    return 1 + -(-len(desk.ready().source.entries()) // MOST)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")
