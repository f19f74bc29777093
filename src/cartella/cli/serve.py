"""`cartella serve`: the pages."""

from __future__ import annotations

import os
import threading
from functools import partial
from typing import Annotated

import typer

from cartella.cli import common


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    proxy: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Reverse proxy whose word on scheme and client counts.")
    ] = "127.0.0.1",
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
) -> None:
    """Open the pages in a browser: for a patient or relative, and for a clinician.

    Answers stay in the browser; a pasted record stays in this process's memory, for half an hour. Nothing is written.
    CARTELLA_KEY (a long random text) keeps answers readable when the server is started anew.
    """
    from cartella.web import Desk
    from cartella.web.serving import Serving, serve

    opened = partial(common.source_for, db, records)
    if records:
        read = opened()
        opened = partial(lambda source: source, read)  # files are read once
    desk = Desk(opened, partial(common.reference_day, as_of), os.environ.get("CARTELLA_KEY"))
    _ = desk.ready().prepared
    # the first person need not wait for this either
    threading.Thread(target=lambda: desk.ready().next_questions(desk.today()), daemon=True).start()
    threading.Thread(target=lambda: desk.ready().overview.prepare(), daemon=True).start()
    threading.Thread(target=lambda: desk.ready().deciding_tests(desk.today()), daemon=True).start()
    serve(desk, Serving(host, port, not no_open, proxy), lambda address: typer.echo(f"{address}   (Ctrl+C ends it)"))
