"""One load at a time: a lock that the system lifts when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from cartella.errors import StoreBusyError, StoreError, Where, Words

_NOTHING_LOADED = Words("Nothing was loaded.", "Non è stato caricato nulla.")
_KEY = 0x43415254  # "CART", the number of the lock in PostgreSQL


@contextlib.contextmanager
def loading_lock(engine: sa.Engine) -> Iterator[None]:
    """Held by the one process that loads into the database of `engine`.

    Raises:
        StoreBusyError: another process holds it.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_KEY))):
                raise _busy(engine)
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_KEY)))
        return
    path = Path(f"{engine.url.database}.lock")
    try:
        opened = path.open("a")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            _NOTHING_LOADED,
            where=Where(str(path)),
            why=Words(f"The system says: {reason}.", f"Il sistema dice: {reason}."),
            next_step=Words("Check the permissions of the folder.", "Controllare i permessi della cartella."),
        ) from error
    with opened as file:
        try:
            _lock(file)
        except OSError as error:
            raise _busy(engine) from error
        yield


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _busy(engine: sa.Engine) -> StoreBusyError:
    return StoreBusyError(
        _NOTHING_LOADED,
        where=Where(engine.url.render_as_string(hide_password=True)),
        why=Words("Another load is writing to this store.", "Un altro caricamento sta scrivendo in questo archivio."),
        next_step=Words("Wait until it has finished, then load again.", "Attendere che finisca, poi ricaricare."),
    )
