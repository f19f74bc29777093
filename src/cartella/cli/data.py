"""`cartella info`, `cartella load` and `cartella catalogue`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cartella.cli import common
from cartella.errors import PARTIAL

catalogue = typer.Typer(
    help="The catalogue that is shipped with the program.", no_args_is_help=True, rich_markup_mode=None
)


def info(
    lang: common.Lang,
    db: common.Db = None,
    records: common.From = None,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Show what is here: release, as-of date, counts, versions."""
    from cartella import services
    from cartella.cli import pages

    found = services.info_json(common.source_for(db, records))
    if format is common.Format.JSON:
        common.put_json(found)
    else:
        common.put(pages.info(found, lang.value))


def load(
    lang: common.Lang,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Registry files, plain or gzipped; '-' reads standard input.")
    ],
    db: Annotated[str | None, typer.Option(metavar="FILE", help="Store to load into. Default: your own.")] = None,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Load registry records (ClinicalTrials.gov API v2 JSON, pages or JSON Lines) into a store.

    Loading again changes nothing; a changed record becomes a new version. A record that cannot be read is reported and
    left out; then the exit code is 7.
    """
    from cartella import services
    from cartella.cli import pages

    with common.progress("loading") as advance:
        report = services.load(files, db, advance)
    if format is common.Format.JSON:
        common.put_json(services.loaded_json(report, lang.value))
    else:
        common.put(pages.loaded(report, lang.value))
    if report.rejections:
        sys.exit(PARTIAL)


@catalogue.command("build")
def build(
    lang: common.Lang,
    output: Annotated[Path, typer.Option(help="The file to write.")],
    db: common.Db = None,
    records: common.From = None,
) -> None:
    """Make the catalogue again from a store or from registry files; the same records give the same bytes."""
    from cartella import services

    with common.progress("reading") as advance:
        size, number = services.build_catalogue(output, db, records, advance)
    italian = lang is common.Language.IT
    common.put(f"{output}: {number} studi, {size} byte" if italian else f"{output}: {number} trials, {size} bytes")
