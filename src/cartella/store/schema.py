"""The tables of the store.

`raw` holds every record ever loaded, once, under the hash of its canonical JSON. `version` says which records are
versions of which study, and in which release each arrived. A `release` is one load; only complete releases are
visible, so a load becomes visible in the one transaction that completes it. `derived` holds what can be computed
again from `raw`.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

SCHEMA_VERSION = 1

LOADING = "loading"
COMPLETE = "complete"

metadata = MetaData()

meta = Table(
    "meta", metadata, Column("key", String(40), primary_key=True), Column("value", String(200), nullable=False)
)

raw = Table(
    "raw",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the canonical JSON, in hexadecimal
    Column("data", LargeBinary, nullable=False),  # the canonical JSON, compressed with zlib
)

release = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("state", String(10), nullable=False),
    Column("completed_at", String(25)),  # UTC, ISO 8601
    Column("name", String(12)),
    Column("studies", Integer),
    Column("newest_update", String(10)),
)

version = Table(
    "version",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("study_id", String(40), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("release", Integer, nullable=False),
    Column("loaded_at", String(25), nullable=False),  # UTC, ISO 8601
    Column("last_update", String(10), nullable=False),  # the registry's own date; "" where it states none
    UniqueConstraint("study_id", "hash"),
    Index("version_by_release", "release"),
    sqlite_autoincrement=True,
)

derived = Table(
    "derived",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("knowledge", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
