"""`cartella search`, `cartella trial` and `cartella read`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cartella.cli import common
from cartella.errors import RegistryFileError, UsageError, Where, Words

if TYPE_CHECKING:
    from cartella.trials.criteria import Criteria

_LARGEST = 32 * 1024 * 1024


def search(
    lang: common.Lang,
    words: Annotated[
        list[str] | None, typer.Argument(help="Words: a product, a sponsor, a hospital, a number.")
    ] = None,
    disease: Annotated[
        str | None, typer.Option(help="Disease, in English or Italian; finds its kinds and wider groups too.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Antigen: CD19, BCMA, GD2 ...")] = None,
    kind: Annotated[str | None, typer.Option("--class", help="Class: car_t, tcr_t, til, car_nk ...")] = None,
    phase: Annotated[str | None, typer.Option(help="Phase: 1, 2, 3, 4.")] = None,
    status: Annotated[str | None, typer.Option(help="Status: recruiting, not_yet_recruiting, completed ...")] = None,
    country: Annotated[str | None, typer.Option(help="Country of a site that may be open.")] = None,
    near: Annotated[str | None, typer.Option(metavar="PLACE", help="Sort by distance from this town.")] = None,
    within: Annotated[int | None, typer.Option(metavar="KM", min=0, help="At most this far from PLACE.")] = None,
    any_status: Annotated[bool, typer.Option("--any-status", help="Also trials that are closed.")] = False,
    any_kind: Annotated[bool, typer.Option("--any-kind", help="Also what is no T-cell therapy of a cancer.")] = False,
    shown: Annotated[int, typer.Option("--show", min=1, help="How many trials to show.")] = 20,
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Look for trials by words, disease, target, class, phase, status, country, or near a place."""
    from cartella import services
    from cartella.cli import pages

    day = common.reference_day(as_of)
    request = services.SearchRequest(
        " ".join(words or ()), disease, target, kind, phase, status, country, near, within, any_status, any_kind
    )
    source = common.source_for(db, records)
    hits = services.search(source, request)
    if format is common.Format.JSON:
        found = [services.hit_json(hit, day, lang.value) for hit in hits]
        common.put_json(
            {"release": services.release_json(source.release), "count": len(found), "trials": found[:shown]}
        )
    else:
        common.put(pages.hits(hits[:shown], len(hits), source.release, day, lang.value))


def trial(
    lang: common.Lang,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Registry number: NCT and eight digits.")],
    as_of: common.AsOf = None,
    db: common.Db = None,
    records: common.From = None,
    reader: common.For = common.Reader.PATIENT,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Show one study: what it is, where it is open, what it asks."""
    from cartella import services
    from cartella.cli import pages

    day = common.reference_day(as_of)
    source = common.source_for(db, records)
    entry = services.get_entry(source, identifier)
    text = source.text(entry.id)
    if format is common.Format.JSON:
        data = services.entry_json(entry, day, lang.value, reader.value, text)
        common.put_json({"release": services.release_json(source.release), "trial": data})
    else:
        common.put(pages.study(entry, source.release, day, lang.value, reader.value))


def read(
    lang: common.Lang,
    what: Annotated[
        str | None, typer.Argument(metavar="FILE|ID", help="A text file, '-', a registry record, or a trial's number.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Instead: how much of all texts was read, and what most often was not.")
    ] = False,
    shown: Annotated[int, typer.Option("--show", min=1, help="How many unread wordings to show.")] = 30,
    db: common.Db = None,
    records: common.From = None,
    reader: common.For = common.Reader.CLINICIAN,
    format: common.JsonOrText = common.Format.TEXT,
) -> None:
    """Show how an eligibility text is read: its points with their places in the text, and the tree of each."""
    from cartella import services
    from cartella.cli import pages

    if coverage is (what is not None):
        raise UsageError(
            Words("It is not clear what to read.", "Non è chiaro che cosa leggere."),
            next_step=Words(
                "Name one text, or ask for '--coverage' of all texts of a store or of '--from FILE'.",
                "Indicare un testo, o chiedere '--coverage' di tutti i testi di un archivio o di '--from FILE'.",
            ),
        )
    if what is None:
        source = common.source_for(db, records)
        report = services.coverage_json(services.coverage_of(source, shown), source, lang.value)
        if format is common.Format.JSON:
            common.put_json(report)
        else:
            common.put(pages.coverage(report, lang.value))
        return
    text, criteria = _text(what, db, records)
    if format is common.Format.JSON:
        common.put_json(services.criteria_json(text, criteria, lang.value, reader.value))
    else:
        common.put(pages.reading(text, criteria, lang.value, reader.value))


def _text(what: str, db: str | None, records: list[str] | None) -> tuple[str, Criteria]:
    """The text that was named, read; a study's own title and conditions help to read its text."""
    from cartella import services

    if services.is_number(what) and not Path(what).exists():
        return services.read_study_text(common.source_for(db, records), what)
    text = services.text_of(_content(what))
    return text, services.read_text(text)


def _content(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if name == "-" else _bytes(Path(name))
        if len(raw) > _LARGEST:
            raise _unreadable(name, Words("It is larger than 32 MB.", "Supera 32 MB."))
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _unreadable(
            name, Words(f"Byte {problem.start} is no UTF-8.", f"Il byte {problem.start} non è UTF-8.")
        ) from None
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise _unreadable(name, Words(reason, reason)) from None


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise _unreadable(str(path), Words("It is a directory.", "È una cartella."))
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)


def _unreadable(name: str, why: Words) -> RegistryFileError:
    return RegistryFileError(
        Words("The text cannot be read.", "Il testo non può essere letto."),
        where=Where(name),
        why=why,
        next_step=Words(
            "Name a text file in UTF-8, a registry record, or a trial's number.",
            "Indicare un file di testo in UTF-8, un record di registro, o il numero di uno studio.",
        ),
    )
