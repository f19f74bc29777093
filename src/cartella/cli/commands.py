"""The commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def cartella() -> None:
    """Cartella: what stands between one patient and each registered T-cell immunotherapy trial."""


@app.command()
def match(
    patient: Path,
    trial: Annotated[list[str] | None, typer.Option()] = None,
    records: Annotated[list[Path] | None, typer.Option("--from")] = None,
    as_of: Annotated[str | None, typer.Option()] = None,
    format: Annotated[str, typer.Option()] = "text",
) -> None:
    """Hold a patient's record against the trials."""
    from datetime import date

    from cartella import clock, services
    from cartella.services.answers import to_json

    request = services.MatchRequest(
        as_of=date.fromisoformat(as_of) if as_of else clock.today(), trials=tuple(trial or ())
    )
    answer = services.match(services.sources.FileSource(records or []), patient, request)
    typer.echo(json.dumps(to_json(answer, "en"), ensure_ascii=False, indent=1))


def main() -> None:
    """The entry point."""
    app()
