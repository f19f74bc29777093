"""The person's own store as a source of studies, with what was read of each record kept beside it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from cartella.catalogue.entry import Entry
from cartella.catalogue.keys import code_key, knowledge_key
from cartella.catalogue.rows import entry_row, point_row, row_entry, row_point, row_site, site_row
from cartella.errors import NotFound
from cartella.services.sources import Progress, Release
from cartella.store.database import Store
from cartella.trials.study import Study

_KEPT_AT_ONCE = 100


class StoreSource:
    """A store. Records that were not read yet by this version of the program are read now, and kept."""

    def __init__(self, store: Store, progress: Progress | None = None) -> None:
        self._store = store
        self._progress = progress

    @cached_property
    def release(self) -> Release:
        found = self._store.release()
        if found is None:
            return Release("store-empty", "store", None, 0)
        return Release(found.name, "store", found.newest_update, found.studies)

    @cached_property
    def _kept(self) -> Mapping[str, bytes]:
        return self._store.derived_get(code_key(), knowledge_key())

    def entries(self) -> Sequence[Entry]:
        return self._entries

    @cached_property
    def _entries(self) -> Sequence[Entry]:
        missing = set(self._store.derived_missing(code_key(), knowledge_key()))
        if missing:
            read_missing(self._store, self._progress)
            self.__dict__.pop("_kept", None)
        return [unpacked(data) for data in self._kept.values()]

    def entry(self, identifier: str) -> Entry | None:
        from cartella.catalogue.compiling import compile_entry

        try:
            stored = self._store.study(identifier)
        except NotFound:
            return None
        kept = self._kept.get(stored.hash)
        if kept is not None:
            return unpacked(kept)
        entry = compile_entry(stored.study)
        self._store.derived_put(code_key(), knowledge_key(), {stored.hash: packed(entry)})
        return entry

    def text(self, identifier: str) -> str | None:
        found = self.study(identifier)
        return None if found is None else found.criteria_text

    def study(self, identifier: str) -> Study | None:
        """The study as its record tells it."""
        try:
            return self._store.study(identifier).study
        except NotFound:
            return None


def read_missing(store: Store, progress: Progress | None = None) -> int:
    """Read every current record that this version of the program has not read, and keep what was read."""
    from cartella.catalogue.compiling import compile_entry

    missing = set(store.derived_missing(code_key(), knowledge_key()))
    if not missing:
        return 0
    store.derived_drop_others(code_key(), knowledge_key())
    items: dict[str, bytes] = {}
    done = 0
    for stored in store.studies():
        if stored.hash not in missing:
            continue
        items[stored.hash] = packed(compile_entry(stored.study))
        done += 1
        if progress is not None:
            progress(done, len(missing))
        if len(items) >= _KEPT_AT_ONCE:
            store.derived_put(code_key(), knowledge_key(), items)
            items = {}
    store.derived_put(code_key(), knowledge_key(), items)
    return done


def packed(entry: Entry) -> bytes:
    """An entry as it is kept."""
    return zlib.compress(json.dumps(entry_row(entry, point_row, site_row), separators=(",", ":")).encode(), 6)


def unpacked(data: bytes) -> Entry:
    """The entry that `packed` made."""
    row: list[Any] = json.loads(zlib.decompress(data))
    return row_entry(row, row_point, row_site)
