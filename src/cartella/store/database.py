"""The store: every record that was ever loaded, the versions of each study, and releases that flip atomically.

A load writes in batches, each one transaction. What it writes belongs to a release that is not complete, which no
reader sees; the last transaction completes it. A kill at any moment therefore leaves readers with the release before,
and the next load removes what the dead one left half-done.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from cartella.errors import NotFound, Where, Words
from cartella.registries.ctgov import read_study
from cartella.registries.records import RegistryRecord, Rejection, StudyReading
from cartella.store import engine as engines
from cartella.store import schema
from cartella.store.current import current_versions
from cartella.store.loading import LoadReport, load_into
from cartella.store.location import default_database
from cartella.store.schema import derived, raw, release, version
from cartella.trials.study import Study

_CANNOT_READ = Words("The store cannot be read.", "L'archivio non si può leggere.")
_CANNOT_WRITE = Words(
    "The store cannot be written; what it held before is unchanged.",
    "Non si può scrivere nell'archivio; ciò che conteneva è rimasto com'era.",
)
_FETCHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Release:
    """One complete state of the store.

    `name` is made from what the release holds: two stores with the same current records have releases of one name.
    `newest_update` is the newest date of the registry among them: the day as of which the store is informed.
    """

    number: int
    name: str
    completed_at: datetime
    studies: int
    newest_update: date | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a study. `last_update` is the registry's own date; `release` the one in which it arrived."""

    study_id: str
    hash: str
    loaded_at: datetime
    last_update: date | None
    release: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """A Study parsed from the record with the hash `hash`."""

    study: Study
    hash: str


class Store:
    """An open store. `database` is the path of a SQLite file, or a URL; the default is in the user's data folder.

    Raises:
        StoreError: from every method, where the database cannot be opened, read or written.
    """

    def __init__(self, database: str | None = None, *, create: bool = False) -> None:
        self._database = str(default_database()) if database is None else database
        self._engine = engines.open_engine(self._database, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def database(self) -> str:
        """The path or URL, without a password."""
        return engines.shown(self._database)

    def load(
        self, records: Iterable[RegistryRecord | Rejection], progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add records; readers see all of them at once when the load is complete, or none.

        Loading again what is there changes nothing. `progress` is called with the number of records seen so far.

        Raises:
            StoreBusyError: another load is going on.
        """
        with engines.telling(self._database, _CANNOT_WRITE):
            return load_into(self._engine, records, progress)

    def release(self) -> Release | None:
        """The release that readers see; None before the first load."""
        with self._reading() as connection:
            row = connection.execute(
                sa.select(release).where(release.c.state == schema.COMPLETE).order_by(release.c.number.desc()).limit(1)
            ).one_or_none()
        if row is None:
            return None
        return Release(
            row.number, row.name, datetime.fromisoformat(row.completed_at), row.studies, _day(row.newest_update)
        )

    def studies(self) -> Iterator[StoredStudy]:
        """The current version of every study, by id, as of one moment."""
        for _, digest, data in self.records():
            yield StoredStudy(read_study(data).study, digest)

    def records(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Id, hash and raw record of the current version of every study, by id, as of one moment."""
        now = current_versions()
        query = sa.select(now.c.study_id, now.c.hash, raw.c.data).join(raw, raw.c.hash == now.c.hash)
        with self._reading() as connection:
            rows = connection.execution_options(yield_per=_FETCHED_AT_ONCE).execute(query.order_by(now.c.study_id))
            for study_id, digest, packed in rows:
                yield study_id, digest, _unpacked(packed)

    def study(self, study_id: str) -> StoredStudy:
        """The current version of one study; the id in any case of letters.

        Raises:
            NotFound: the store does not hold it.
        """
        data, digest = self._raw_of(study_id)
        return StoredStudy(read_study(data).study, digest)

    def reading(self, study_id: str) -> StudyReading:
        """The current version of one study with what was odd in its record.

        Raises:
            NotFound: the store does not hold it.
        """
        return read_study(self._raw_of(study_id)[0])

    def versions(self, study_id: str) -> tuple[Version, ...]:
        """All versions of one study in the order of their arrival; empty for a study that is not there."""
        wanted = study_id.strip().upper()
        visible = version.join(release, release.c.number == version.c.release)
        query = (
            sa.select(version)
            .select_from(visible)
            .where(version.c.study_id == wanted, release.c.state == schema.COMPLETE)
            .order_by(version.c.sequence)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        current = max(rows, key=lambda row: (row.last_update, row.sequence), default=None)
        return tuple(
            Version(
                study_id=row.study_id,
                hash=row.hash,
                loaded_at=datetime.fromisoformat(row.loaded_at),
                last_update=_day(row.last_update),
                release=row.release,
                is_current=row is current,
            )
            for row in rows
        )

    def raw_record(self, digest: str) -> Mapping[str, Any]:
        """The raw record with the hash `digest`, whatever version it is.

        Raises:
            NotFound: the store does not hold it.
        """
        with self._reading() as connection:
            packed = connection.scalar(sa.select(raw.c.data).where(raw.c.hash == digest))
        if packed is None:
            raise self._not_found(digest)
        return _unpacked(packed)

    def derived_get(self, code: str, knowledge: str) -> dict[str, bytes]:
        """What `derived_put` kept under these keys for the current records, by their hash."""
        now = current_versions()
        query = (
            sa.select(derived.c.hash, derived.c.data)
            .join(now, now.c.hash == derived.c.hash)
            .where(derived.c.code == code, derived.c.knowledge == knowledge)
        )
        with self._reading() as connection:
            return {row.hash: row.data for row in connection.execute(query)}

    def derived_put(self, code: str, knowledge: str, items: Mapping[str, bytes]) -> None:
        """Keep something computed from records, by their hash: a pure function of record, code and knowledge.

        `code` and `knowledge` are versions or hashes of at most 64 characters. What is there already stays.
        """
        rows = [{"hash": digest, "code": code, "knowledge": knowledge, "data": data} for digest, data in items.items()]
        if rows:
            with engines.telling(self._database, _CANNOT_WRITE), self._engine.begin() as connection:
                connection.execute(engines.insert_new(connection, derived), rows)

    def derived_missing(self, code: str, knowledge: str) -> tuple[str, ...]:
        """The hashes of current records for which nothing is kept under these keys, in order."""
        now = current_versions()
        kept = sa.select(derived.c.hash).where(derived.c.code == code, derived.c.knowledge == knowledge)
        query = sa.select(now.c.hash).where(now.c.hash.not_in(kept)).order_by(now.c.study_id)
        with self._reading() as connection:
            return tuple(connection.scalars(query))

    def derived_drop_others(self, code: str, knowledge: str) -> None:
        """Forget what was kept under other keys; it can be computed again."""
        others = sa.or_(derived.c.code != code, derived.c.knowledge != knowledge)
        with engines.telling(self._database, _CANNOT_WRITE), self._engine.begin() as connection:
            connection.execute(sa.delete(derived).where(others))

    def _raw_of(self, study_id: str) -> tuple[Mapping[str, Any], str]:
        wanted = study_id.strip().upper()
        now = current_versions(wanted)
        query = sa.select(raw.c.data, raw.c.hash).join(now, now.c.hash == raw.c.hash)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise self._not_found(study_id)
        return _unpacked(row.data), row.hash

    def _not_found(self, name: str) -> NotFound:
        return NotFound(
            Words(f"There is no study {name} in the store.", f"Nell'archivio non c'è lo studio {name}."),
            where=Where(self.database),
            next_step=Words(
                "Check the number (NCT and eight digits), or load the file that holds the study.",
                "Controllare il numero (NCT e otto cifre), oppure caricare il file che contiene lo studio.",
            ),
        )

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with engines.telling(self._database, _CANNOT_READ), self._engine.connect() as connection:
            yield connection


def _unpacked(packed: bytes) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(zlib.decompress(packed))
    return data


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
