"""What all pages stand on: the studies, ready to be matched; the day; the templates.

The studies may be replaced while the server runs (`cartella load`, a new release). A `Ready` is one release with all
that was prepared from it; a request holds on to the one it began with, so that no page mixes two.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cartella import __version__, clock, services
from cartella.explaining import Fragments, Lang, Register, day_words, readable
from cartella.services import Source
from cartella.services.overview import Overview
from cartella.web.addresses import LANGUAGES, address, language_of
from cartella.web.glossary import linker
from cartella.web.keeping import COOKIE, Answers, Records, Sealer
from cartella.web.wording import say

LOOK_AGAIN_SECONDS = 30.0
"""How often it is looked whether the studies were replaced."""

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Ready:
    """One release of the studies, prepared for one patient after another."""

    source: Source

    @cached_property
    def prepared(self) -> services.PreparedTrials:
        """The compiled studies."""
        return services.prepare(self.source)

    @cached_property
    def overview(self) -> Overview:
        """The studies as the public pages show them."""
        return Overview(self.source)

    @cached_property
    def _questions(self) -> dict[date, services.NextQuestions]:
        return {}

    def next_questions(self, day: date) -> services.NextQuestions:
        """What can be asked next, made once a day."""
        with _ONE_AT_A_TIME:
            found = self._questions.get(day)
            if found is None:
                self._questions.clear()
                found = self._questions[day] = services.NextQuestions(self.source, day)
            return found

    @cached_property
    def _deciding(self) -> dict[date, services.DecidingTests]:
        return {}

    def deciding_tests(self, day: date) -> services.DecidingTests:
        """What a missing test decides, made once a day."""
        with _ONE_AT_A_TIME:
            found = self._deciding.get(day)
            if found is None:
                self._deciding.clear()
                found = self._deciding[day] = services.DecidingTests(self.source, day)
            return found


class Desk:
    """One per server. `open_source` opens the studies anew; `today` is the reference day of every request."""

    def __init__(
        self,
        open_source: Callable[[], Source] = services.CatalogueSource,
        today: Callable[[], date] = clock.today,
        secret: str | None = None,
    ) -> None:
        self.today = today
        self.sealer = Sealer(secret)
        self.records: Records[Any] = Records()
        self._open = open_source
        self._ready = Ready(open_source())
        self._looked = time.monotonic()
        self._lock = threading.Lock()
        self._templates = Environment(
            loader=PackageLoader("cartella.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_readable,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def ready(self) -> Ready:
        """The studies as they are now."""
        with self._lock:
            if time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
                self._looked = time.monotonic()
                found = self._open()
                if found.release != self._ready.source.release:
                    self._ready = Ready(found)
            return self._ready

    def answers(self, request: Request) -> Answers:
        """The answers that the browser brought; none where it brought none, or old ones (see `forgotten`)."""
        sealed = request.cookies.get(COOKIE)
        return (self.sealer.open(sealed) if sealed else None) or {}

    def keep(self, response: Response, request: Request, answers: Answers) -> Response:
        """Give the answers to the browser to keep. Raises TooMuchError."""
        response.set_cookie(
            COOKIE, self.sealer.seal(answers), httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
        return response

    def forgotten(self, request: Request) -> bool:
        """Whether the browser brought answers that can no longer be opened."""
        sealed = request.cookies.get(COOKIE)
        return bool(sealed) and self.sealer.open(sealed or "") is None

    def show(
        self,
        request: Request,
        template: str,
        page: str,
        status: int = 200,
        parts: dict[str, str] | None = None,
        **more: Any,
    ) -> HTMLResponse:
        """A page. `page` is its name in `addresses`, `parts` the variable parts of its address.

        Every template gets `t` (a text by id), `gloss` (links difficult words), `url` (an address by name), `lang`,
        `elsewhere` (the page in each language), the release of the studies, and `more`.
        """
        lang = language_of(request.url.path)
        release = self.ready().source.release
        context = {
            "lang": lang,
            "t": partial(say, lang=lang),
            "gloss": linker(lang),
            "url": lambda name, /, **some: address(name, lang, **some),
            "page": page,
            "elsewhere": {other: address(page, other, **(parts or {})) for other in LANGUAGES},
            "release": release,
            "data_day": day_words(release.as_of.toordinal(), lang) if release.as_of else "",
            "version": __version__,
            "path": request.url.path,
            "base_url": str(request.base_url).rstrip("/"),
            **more,
        }
        return HTMLResponse(self._templates.get_template(template).render(context), status)


def _readable(value: object) -> object:
    """What a page shows of a text: whoever wrote it, no control characters, and nothing that turns the reading."""
    return readable(value) if type(value) is str else value


def fragments(lang: Lang, register: Register) -> Any:
    """The pieces of a result page (points, signs, sites) for templates, marked as already escaped."""
    return _Marked(Fragments(lang, register))


class _Marked:
    def __init__(self, pieces: Fragments) -> None:
        self._pieces = pieces

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        piece = getattr(self._pieces, name)
        return lambda *things: Markup(piece(*things))
