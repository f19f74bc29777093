"""The first page: it asks and knows nothing of a person."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cartella.web import asking
from cartella.web.addresses import language_of, page
from cartella.web.desk import Desk

router = APIRouter()


@page(router, "start")
def start(request: Request) -> Response:
    """The first screen: what this is for, what it does not do, two doors."""
    desk: Desk = request.app.state.desk
    return desk.show(
        request,
        "start.html",
        "start",
        begun=bool(desk.answers(request)),
        cleared="cleared" in request.query_params,
        first_question=asking.QUESTIONS[0].slug(language_of(request.url.path)),
    )
