"""The store of registry records: the only SQL. SQLAlchemy is imported by `cartella.store.database`, not here."""

from cartella.store.location import default_database, is_url

__all__ = ["default_database", "is_url"]
