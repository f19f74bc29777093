"""The same store in PostgreSQL. Set CARTELLA_POSTGRESQL to the URL of an empty database that may be written to."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from test_store import found, titled, titles

from cartella.errors import StoreBusyError
from cartella.registries.records import RegistryRecord
from cartella.store import schema
from cartella.store.database import Store

URL = os.environ.get("CARTELLA_POSTGRESQL")
pytestmark = pytest.mark.skipif(URL is None, reason="set CARTELLA_POSTGRESQL to the URL of an empty database")


@pytest.fixture
def store() -> Iterator[Store]:
    assert URL is not None
    with Store(URL, create=True) as opened:
        yield opened
    engine = sa.create_engine(sa.make_url(URL).set(drivername="postgresql+psycopg"))
    schema.metadata.drop_all(engine)
    engine.dispose()


def test_versions_releases_and_derived_data(store: Store) -> None:
    first = store.load(found(titled(1, "one"), titled(2, "two")))
    assert (first.new, first.release) == (2, 1)
    assert store.load(found(titled(1, "one"))).unchanged == 1
    report = store.load(found(titled(1, "one, changed", "2026-06-01"), titled(2, "old", "2020-01-01")))
    assert (report.changed, report.older) == (1, 1)
    assert titles(store) == {"1": "one, changed", "2": "two"}
    assert [version.is_current for version in store.versions("NCT90000001")] == [False, True]
    digest = store.study("NCT90000001").hash
    store.derived_put("c", "k", {digest: b"\x00"})
    store.derived_put("c", "k", {digest: b"\x01"})
    assert store.derived_get("c", "k") == {digest: b"\x00"}
    assert len(store.derived_missing("c", "k")) == 1


def test_a_load_that_fails_leaves_the_last_good_state(store: Store) -> None:
    store.load(found(titled(1, "one")))
    before = store.release()

    def failing() -> Iterator[RegistryRecord]:
        yield from found(*(titled(i, "new", "2026-09-01") for i in range(1200)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.load(failing())
    assert store.release() == before
    assert titles(store) == {"1": "one"}
    assert store.load(found(*(titled(i, "new", "2026-09-01") for i in range(1200)))).new == 1199


def test_two_loads_at_once_are_refused(store: Store) -> None:
    assert URL is not None
    with Store(URL) as other:

        def records() -> Iterator[RegistryRecord]:
            with pytest.raises(StoreBusyError):
                other.load(found(titled(2, "two")))
            yield from found(titled(1, "one"))

        store.load(records())
    assert titles(store) == {"1": "one"}
