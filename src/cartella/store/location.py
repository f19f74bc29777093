"""Where the store is, without opening it (and without importing what opens it)."""

from __future__ import annotations

from pathlib import Path


def default_database() -> Path:
    """The database file in the platform's folder for user data; the file need not exist."""
    from platformdirs import user_data_path

    return user_data_path("cartella", appauthor=False) / "cartella.db"


def is_url(database: str) -> bool:
    """Whether `database` is a database URL ("postgresql://...") and not the path of a file."""
    return "://" in database
