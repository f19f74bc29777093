"""Loading records into the store, in batches, towards one release that becomes visible at the end."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cartella import clock
from cartella.registries.ctgov import read_study
from cartella.registries.records import RecordWarning, RegistryRecord, Rejection
from cartella.store import schema
from cartella.store.current import current_versions
from cartella.store.engine import insert_new
from cartella.store.lock import loading_lock
from cartella.store.schema import raw, release, version
from cartella.trials.study import Study

BATCH = 500
_KEPT_IN_REPORT = 1000


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, in records.

    `new`: the first record of a study. `changed`: another record of a known study, which is its current version now.
    `older`: another record of a known study that is older than the current version, or undated; kept as a version.
    `unchanged`: known already. `rejected`: could not be read and was left out. `rejections` and `warnings` are the
    first thousand each; `warning_kinds` counts all. `release`: the number of the release that readers see now; None
    while nothing was ever loaded.
    """

    new: int
    changed: int
    older: int
    unchanged: int
    rejected: int
    rejections: tuple[Rejection, ...]
    warnings: tuple[RecordWarning, ...]
    warning_kinds: Mapping[str, int]
    release: int | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing had to be left out."""
        return self.rejected == 0


@dataclass(slots=True)
class _Tally:
    new: int = 0
    changed: int = 0
    older: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[RecordWarning] = field(default_factory=list)
    warning_kinds: Counter[str] = field(default_factory=Counter)

    def reject(self, rejection: Rejection) -> None:
        self.rejected += 1
        if len(self.rejections) < _KEPT_IN_REPORT:
            self.rejections.append(rejection)

    def warn(self, warnings: Iterable[RecordWarning]) -> None:
        for warning in warnings:
            self.warning_kinds[warning.kind] += 1
            if len(self.warnings) < _KEPT_IN_REPORT:
                self.warnings.append(warning)


def load_into(
    engine: sa.Engine, records: Iterable[RegistryRecord | Rejection], progress: Callable[[int], None] | None
) -> LoadReport:
    """See `Store.load`."""
    tally = _Tally()
    with loading_lock(engine):
        number = _begin(engine)
        batch: list[RegistryRecord] = []
        for seen, found in enumerate(records, start=1):
            if isinstance(found, Rejection):
                tally.reject(found)
            else:
                batch.append(found)
            if len(batch) == BATCH:
                _write(engine, number, batch, tally)
                batch.clear()
            if progress is not None:
                progress(seen)
        _write(engine, number, batch, tally)
        visible = _complete(engine, number, tally)
    return LoadReport(
        new=tally.new,
        changed=tally.changed,
        older=tally.older,
        unchanged=tally.unchanged,
        rejected=tally.rejected,
        rejections=tuple(tally.rejections),
        warnings=tuple(tally.warnings),
        warning_kinds=dict(sorted(tally.warning_kinds.items())),
        release=visible,
    )


def _begin(engine: sa.Engine) -> int:
    """A new release that nobody sees yet. What loads that died left behind is removed: the lock says they are dead."""
    with engine.begin() as connection:
        dead = sa.select(release.c.number).where(release.c.state == schema.LOADING)
        connection.execute(sa.delete(version).where(version.c.release.in_(dead)))
        connection.execute(sa.delete(release).where(release.c.state == schema.LOADING))
        result = connection.execute(sa.insert(release).values(state=schema.LOADING))
        key = result.inserted_primary_key
        if key is None:
            raise sa.exc.InvalidRequestError("the new release has no number")
        return int(key[0])


def _write(engine: sa.Engine, number: int, batch: Sequence[RegistryRecord], tally: _Tally) -> None:
    """One batch, one transaction."""
    if not batch:
        return
    loaded_at = clock.now().isoformat()
    latest_possible = clock.today() + timedelta(days=1)  # somewhere it is tomorrow already
    with engine.begin() as connection:
        known = _known(connection, {record.id for record in batch})
        raw_rows, version_rows = [], []
        for record in batch:
            text = canonical(record.data)
            digest = hashlib.sha256(text).hexdigest()
            versions = known.setdefault(record.id, {})
            if digest in versions:
                tally.unchanged += 1
                continue
            reading = read_study(record.data)
            tally.warn(reading.warnings)
            last_update = _last_update(reading.study, latest_possible)
            if not versions:
                tally.new += 1
            elif last_update >= max(versions.values()):
                tally.changed += 1
            else:
                tally.older += 1
            versions[digest] = last_update
            raw_rows.append({"hash": digest, "data": zlib.compress(text, 6)})
            version_rows.append(
                {
                    "study_id": record.id,
                    "hash": digest,
                    "release": number,
                    "loaded_at": loaded_at,
                    "last_update": last_update,
                }
            )
        if version_rows:
            connection.execute(insert_new(connection, raw), raw_rows)
            connection.execute(sa.insert(version), version_rows)


def _known(connection: sa.Connection, ids: set[str]) -> dict[str, dict[str, str]]:
    """The versions of these studies that are there, by id: hash to date. Those of this load are among them."""
    query = sa.select(version.c.study_id, version.c.hash, version.c.last_update)
    known: dict[str, dict[str, str]] = {}
    for row in connection.execute(query.where(version.c.study_id.in_(ids))):
        known.setdefault(row.study_id, {})[row.hash] = row.last_update
    return known


def _complete(engine: sa.Engine, number: int, tally: _Tally) -> int | None:
    """Make the release visible; where it brought nothing, drop it and leave the one before."""
    with engine.begin() as connection:
        if not tally.new + tally.changed + tally.older:
            connection.execute(sa.delete(release).where(release.c.number == number))
            before: int | None = connection.scalar(sa.select(sa.func.max(release.c.number)))
            return before
        visible = sa.update(release).where(release.c.number == number)
        connection.execute(visible.values(state=schema.COMPLETE))
        name = hashlib.sha256()
        studies, newest = 0, ""
        for study_id, digest, last_update in connection.execute(
            sa.select(current := current_versions()).order_by(current.c.study_id)
        ):
            name.update(f"{study_id} {digest}\n".encode())
            studies += 1
            newest = max(newest, last_update)
        connection.execute(
            visible.values(
                name=name.hexdigest()[:12],
                studies=studies,
                newest_update=newest,
                completed_at=clock.now().isoformat(),
            )
        )
        return number


def _last_update(study: Study, latest_possible: date) -> str:
    """The registry's own date of a record, or "". A date in the future is a mistake and would never be overtaken."""
    stated = study.last_update or study.verified
    if stated is None or stated.earliest > latest_possible:
        return ""
    return stated.earliest.isoformat()


def canonical(data: Mapping[str, Any]) -> bytes:
    """The record as bytes that are the same for the same content: sorted keys, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
