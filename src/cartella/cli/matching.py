"""`cartella match` and `cartella example`."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cartella.cli import common
from cartella.errors import UsageError, Where, Words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from cartella.services import RankKey


class Page(StrEnum):
    """The form of an answer to `match`."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"


def _example() -> Traversable:
    return files("cartella") / "services" / "data" / "example.yaml"


def match(
    lang: common.Lang,
    patient: Annotated[
        str | None,
        typer.Argument(
            metavar="PATIENT",
            help="FHIR R4 or Phenopacket (JSON), short record (YAML, JSON); '-' reads standard input.",
        ),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Use the invented example patient.")] = False,
    trial: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this trial, whatever its status; repeatable.")
    ] = None,
    near: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Measure distances from this town. Default: the record's.")
    ] = None,
    order: Annotated[
        str,
        typer.Option(
            metavar="KEYS", help="Order within a group, from: conflicts, disease, unknowns, distance, freshness."
        ),
    ] = "conflicts,disease,unknowns,distance,freshness",
    shown: Annotated[int, typer.Option("--show", min=1, help="How many trials to show.")] = 10,
    any_status: Annotated[bool, typer.Option("--any-status", help="Also trials that are closed.")] = False,
    any_kind: Annotated[bool, typer.Option("--any-kind", help="Also what is no T-cell therapy of a cancer.")] = False,
    complete: Annotated[
        bool | None,
        typer.Option(
            "--complete/--incomplete",
            help="Take the record's lists of therapies, procedures and medicines as complete, or not. "
            "Default: what the record says.",
        ),
    ] = None,
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    reader: common.For = common.Reader.PATIENT,
    format: Annotated[Page, typer.Option("--format", help="Form of the answer.")] = Page.TEXT,
    output: Annotated[Path | None, typer.Option(help="Write the answer to this file.")] = None,
) -> None:
    """Hold a patient's record against the trials, point by point.

    Without --trial: the trials whose status does not rule out entering, T-cell therapies of cancer. Three groups come
    out: no obstacle found, information missing, a point does not match. Within a group the order is fewest conflicts,
    registered for the patient's disease, fewest unknowns, nearest open site, freshest status.
    """
    from cartella import services

    day = common.reference_day(as_of)
    request = services.MatchRequest(
        as_of=day,
        trials=tuple(dict.fromkeys(number.strip().upper() for number in trial or ())),
        near=near,
        order=_keys(order),
        any_status=any_status,
        any_kind=any_kind,
        shown=shown,
        complete=services.registers(complete),
        by_group=format is Page.PDF,  # the sheet shows some of each group
    )
    record = services.load_patient(_record(patient, example), day, request.complete)
    source = common.source_for(db, records)
    with common.progress("matching"):
        answer = services.match_patient(source, record, request)
    if format is Page.JSON:
        common.put_json(services.match_json(answer, lang.value, reader.value), output)
    elif format is Page.PDF:
        common.put_bytes(services.match_pdf(answer, lang.value, reader.value), output)
    elif format is Page.HTML:
        common.put(services.match_html(answer, lang.value, reader.value), output)
    else:
        colour = output is None and sys.stdout.isatty()
        common.put(services.match_text(answer, lang.value, reader.value, colour), output)


def example(
    output: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """Print an invented patient as a short record, to be copied and edited: cartella example > me.yaml"""
    common.put(_example().read_text(encoding="utf-8"), output)


def _record(patient: str | None, use_example: bool) -> str:
    if use_example and patient is None:
        with as_file(_example()) as path:
            return str(path)
    if patient is None or use_example:
        raise UsageError(
            Words("One patient is needed.", "Serve un paziente."),
            where=Where(field="PATIENT"),
            next_step=Words(
                "Name a record (cartella match patient.json), or use --example.",
                "Indicare una cartella (cartella match paziente.json), o usare --example.",
            ),
        )
    return patient


def _keys(order: str) -> tuple[RankKey, ...]:

    from cartella.services import RankKey

    known = {key.value: key for key in RankKey}
    names = [name.strip() for name in order.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(known)
        raise UsageError(
            Words(f"{unknown[0]!r} is no key of the order.", f"{unknown[0]!r} non è una chiave dell'ordine."),
            where=Where(field="--order"),
            next_step=Words(f"Choose from: {listed}.", f"Scegliere fra: {listed}."),
        )
    return tuple(known[name] for name in dict.fromkeys(names))
