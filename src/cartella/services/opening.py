"""Choosing the source of studies, loading the store, building the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartella.errors import Lang, StoreError, UsageError, Where, Words
from cartella.registries.records import Rejection
from cartella.services.sources import (
    CatalogueSource,
    FileSource,
    LayeredSource,
    Progress,
    Source,
    compile_all,
    data_day,
)
from cartella.store import default_database, is_url


def open_source(db: str | None = None, names: Sequence[str] | None = None, progress: Progress | None = None) -> Source:
    """The studies to use: registry files if some are named, else the store `db`, else the user's own store with the
    catalogue behind it, else the catalogue.

    Raises RegistryFileError and StoreError where what was named cannot be read.
    """
    if names:
        return FileSource(names, progress)
    if db is None and not Path(default_database()).exists():
        return CatalogueSource()
    from cartella.services.stored import StoreSource
    from cartella.store.database import Store

    stored = StoreSource(Store(db), progress)
    if db is not None:
        if stored.release.trials == 0:
            raise _empty(db)
        return stored
    return LayeredSource(stored, CatalogueSource()) if stored.release.trials else CatalogueSource()


def _empty(db: str) -> StoreError:
    return StoreError(
        Words("The store holds no study.", "L'archivio non contiene studi."),
        where=Where(None if is_url(db) else db),
        next_step=Words("Load registry files: cartella load FILE...", "Caricare dei file: cartella load FILE..."),
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: records by what became of them, what had to be left out, how many texts were read."""

    store: str
    new: int
    changed: int
    older: int
    unchanged: int
    rejected: int
    rejections: tuple[Rejection, ...]
    odd_fields: dict[str, int]
    read: int


def load(names: Sequence[str], db: str | None = None, progress: Progress | None = None) -> Loaded:
    """Load registry files into a store and read what is new.

    Raises StoreError, and RegistryFileError when nothing at all could be read.
    """
    from cartella.registries.files import read_files
    from cartella.services.stored import read_missing
    from cartella.store.database import Store

    with Store(db, create=True) as store:
        report = store.load(read_files(names))
        if report.rejections and not (report.new or report.changed or report.older or report.unchanged):
            raise report.rejections[0].error()
        read = read_missing(store, progress)
        return Loaded(
            store.database,
            report.new,
            report.changed,
            report.older,
            report.unchanged,
            report.rejected,
            report.rejections,
            dict(report.warning_kinds),
            read,
        )


def loaded_json(report: Loaded, lang: Lang) -> dict[str, Any]:
    """What a load did, as JSON."""
    return {
        "store": report.store,
        "new": report.new,
        "changed": report.changed,
        "older": report.older,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "rejections": [rejection.error().render(lang) for rejection in report.rejections],
        "odd_fields": report.odd_fields,
    }


def build_catalogue(
    output: Path, db: str | None = None, names: Sequence[str] | None = None, progress: Progress | None = None
) -> tuple[int, int]:
    """Write the catalogue made from a store or from registry files; answers its size in bytes and number of trials."""
    from cartella.catalogue.embedded import catalogue_bytes

    if names:
        from cartella.services.sources import read_studies

        studies = list(read_studies(names)[0].values())
    else:
        from cartella.store.database import Store

        with Store(db) as store:
            studies = [stored.study for stored in store.studies()]
    day = data_day(studies)
    if day is None:
        raise UsageError(
            Words("There is nothing to build a catalogue from.", "Non c'è nulla da cui costruire un catalogo."),
            next_step=Words("Name registry files with --from.", "Indicare dei file del registro con --from."),
        )
    packed = catalogue_bytes(compile_all(studies, progress), day)
    part = output.with_name(f"{output.name}.part")
    try:
        part.write_bytes(packed)
        part.replace(output)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageError(
            Words("The catalogue cannot be written.", "Il catalogo non può essere scritto."),
            where=Where(str(output)),
            why=Words(reason, reason),
        ) from None
    return len(packed), len(studies)
