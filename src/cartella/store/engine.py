"""Opening a database: SQLite in a file, or PostgreSQL by its URL; one code path behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cartella.errors import StoreError, Where, Words
from cartella.store import schema
from cartella.store.location import is_url

_BUSY_SECONDS = 30
_CANNOT_OPEN = Words("The store cannot be opened.", "L'archivio non si può aprire.")


def open_engine(database: str, *, create: bool) -> sa.Engine:
    """An engine on a database that has the tables of this version.

    Raises:
        StoreError: there is no such store and `create` is False, the file is no store, it was made by a newer
            version, the place cannot be written to, or the driver is missing.
    """
    engine = _server(database) if is_url(database) else _file(Path(database), create)
    with telling(database, _CANNOT_OPEN):
        _prepare(engine, database)
    return engine


def shown(database: str) -> str:
    """The name of a database without a password, for messages."""
    return sa.make_url(database).render_as_string(hide_password=True) if is_url(database) else database


@contextlib.contextmanager
def telling(database: str, what: Words) -> Iterator[None]:
    """Turns what the database raises into a StoreError that begins with `what`."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        raise _error(database, what, reason) from error
    except SQLAlchemyError as error:
        raise _error(database, what, type(error).__name__) from error


def _error(database: str, what: Words, reason: str) -> StoreError:
    if "not a database" in reason or "malformed" in reason:
        step = Words(
            "Name another file with --db, or move this one away and load the registry files again.",
            "Indicare un altro file con --db, oppure spostare questo e ricaricare i file del registro.",
        )
    elif "locked" in reason:
        step = Words(
            "Wait until the other program has finished, then try again.",
            "Attendere che l'altro programma finisca, poi riprovare.",
        )
    else:
        step = Words(
            "Check the path, the permissions and the free space, or name another place with --db.",
            "Controllare percorso, permessi e spazio libero, oppure indicare un altro posto con --db.",
        )
    why = Words(f"The database says: {reason}.", f"Il database dice: {reason}.")
    return StoreError(what, where=Where(shown(database)), why=why, next_step=step)


def _file(path: Path, create: bool) -> sa.Engine:
    where = Where(str(path))
    if path.is_dir():
        raise StoreError(
            _CANNOT_OPEN,
            where=where,
            why=Words("It is a directory.", "È una cartella."),
            next_step=Words("Name a file inside it with --db.", "Indicare con --db un file al suo interno."),
        )
    if not create and not path.exists():
        raise StoreError(
            Words("There is no store.", "Non c'è alcun archivio."),
            where=where,
            why=Words("Nothing has been loaded there yet.", "Non vi è ancora stato caricato nulla."),
            next_step=Words("Load registry files: cartella load FILE...", "Caricare dei file: cartella load FILE..."),
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _error(str(path), _CANNOT_OPEN, reason) from error
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": _BUSY_SECONDS}, poolclass=sa.NullPool
    )
    sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # Readers go on while a load writes; a committed batch survives the loss of power.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _server(database: str) -> sa.Engine:
    where = Where(path=None)
    try:
        url = sa.make_url(database)
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        where = Where(shown(database))
        return sa.create_engine(url)
    except ImportError as error:
        raise StoreError(
            _CANNOT_OPEN,
            where=where,
            why=Words("The driver for PostgreSQL is not installed.", "Il driver per PostgreSQL non è installato."),
            next_step=Words("Install it: pip install 'psycopg[binary]'", "Installarlo: pip install 'psycopg[binary]'"),
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(
            _CANNOT_OPEN,
            where=where,
            why=Words("The database URL cannot be understood.", "L'URL del database non è comprensibile."),
            next_step=Words(
                "Give the path of a file, or postgresql://user@host/name.",
                "Indicare il percorso di un file, oppure postgresql://utente@host/nome.",
            ),
        ) from error


def _prepare(engine: sa.Engine, database: str) -> None:
    """Make the tables where there are none; refuse tables of a newer version."""
    with engine.begin() as connection:
        if sa.inspect(connection).has_table(schema.meta.name):
            found = connection.scalar(sa.select(schema.meta.c.value).where(schema.meta.c.key == "schema"))
            if found is None or int(found) > schema.SCHEMA_VERSION:
                raise StoreError(
                    _CANNOT_OPEN,
                    where=Where(shown(database)),
                    why=Words(
                        "It was made by a newer version of Cartella.",
                        "È stato creato da una versione più recente di Cartella.",
                    ),
                    next_step=Words(
                        "Update Cartella, or name another place with --db.",
                        "Aggiornare Cartella, oppure indicare un altro posto con --db.",
                    ),
                )
            return
        if not is_url(database) and set(sa.inspect(connection).get_table_names()) - set(schema.metadata.tables):
            raise StoreError(
                _CANNOT_OPEN,
                where=Where(database),
                why=Words("It is a database of another program.", "È un database di un altro programma."),
                next_step=Words("Name another file with --db.", "Indicare un altro file con --db."),
            )
        schema.metadata.create_all(connection)
        connection.execute(
            insert_new(connection, schema.meta), [{"key": "schema", "value": str(schema.SCHEMA_VERSION)}]
        )


def insert_new(connection: sa.Connection, table: sa.Table) -> Any:
    """INSERT that leaves rows alone which are there already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table).on_conflict_do_nothing()
