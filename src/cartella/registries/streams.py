"""Bytes of a registry file: opening, unpacking, and telling plainly what is wrong with them."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from cartella.errors import RegistryFileError, Where, Words

STANDARD_INPUT = "-"

_CHUNK = 1 << 16

_GZIP = b"\x1f\x8b"
_WHAT = Words("The registry file cannot be read.", "Il file del registro non si può leggere.")
_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_SIGNATURES = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"%PDF", "PDF"),
    (b"SQLite format 3", "SQLite"),
)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_SAVE_AS_JSON = Words(
    'Give the JSON that the registry delivers: one study, a page with "studies", an array, or JSON Lines; plain or '
    "gzipped.",
    'Fornire il JSON come lo consegna il registro: uno studio, una pagina con "studies", un array o JSON Lines; '
    "semplice o compresso con gzip.",
)
DOWNLOAD_AGAIN = Words(
    "Download or copy the file again, then load it again: what is already there is not loaded twice.",
    "Scaricare o copiare di nuovo il file e ricaricarlo: ciò che c'è già non viene caricato due volte.",
)


class BrokenStream(Exception):  # noqa: N818  # never leaves this package
    """The bytes end or go wrong in the middle; `why` is for the user."""

    def __init__(self, why: Words) -> None:
        super().__init__(why.en)
        self.why = why


class ByteStream:
    """Unpacked bytes with their offset.

    Where the packing is damaged, everything before the damage is given first; only then does reading raise
    `BrokenStream`, and goes on to raise it.
    """

    def __init__(self, raw: io.BufferedReader[Any]) -> None:
        self._raw = raw
        self._ahead = b""
        self._broken: BrokenStream | None = None
        self.offset = 0

    def give_back(self, data: bytes) -> None:
        """Return what was read last, so that it is read again."""
        self._ahead = data + self._ahead
        self.offset -= len(data)

    def read(self, size: int) -> bytes:
        """`size` bytes, or fewer before the end and before damage; empty at the end."""
        pieces = [self._ahead]
        held = len(self._ahead)
        while held < size and (piece := self._more()):
            pieces.append(piece)
            held += len(piece)
        self._ahead = b"".join(pieces)
        return self._take(size)

    def readline(self, limit: int) -> bytes:
        """One line with its end, or the first `limit` bytes of a longer one; empty at the end."""
        pieces = [self._ahead]
        held = len(self._ahead)
        end = self._ahead.find(b"\n") + 1
        while not end and held < limit and (piece := self._more()):
            found = piece.find(b"\n") + 1
            end = held + found if found else 0
            pieces.append(piece)
            held += len(piece)
        if len(pieces) > 1:
            self._ahead = b"".join(pieces)
        return self._take(min(end or limit, limit))

    def _more(self) -> bytes:
        if self._broken is None:
            try:
                with _telling():
                    return self._raw.read1(_CHUNK)
            except BrokenStream as broken:
                self._broken = broken
        return b""

    def _take(self, size: int) -> bytes:
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        if not data and self._broken is not None:
            raise self._broken
        self.offset += len(data)
        return data


@contextlib.contextmanager
def opened(name: str) -> Iterator[ByteStream]:
    """The unpacked bytes of the file `name` ("-" is standard input), without a byte order mark.

    Raises:
        RegistryFileError: no such file, a directory, no permission, empty, or of a kind that cannot be JSON.
    """
    with contextlib.ExitStack() as stack:
        raw: io.BufferedReader[Any]
        if name == STANDARD_INPUT:
            raw = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))
            stack.callback(raw.detach)  # standard input stays open
        else:
            raw = stack.enter_context(_file(name))
        if raw.peek(2)[:2] == _GZIP:
            raw = stack.enter_context(io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw))))
        try:
            with _telling():
                head = raw.peek(4096)
                if head.startswith(_UTF8_BOM):
                    raw.read(len(_UTF8_BOM))
                    head = raw.peek(4096)
        except BrokenStream as broken:
            raise _refusal(name, broken.why, DOWNLOAD_AGAIN) from broken
        _check_head(name, head)
        yield ByteStream(raw)


def _file(name: str) -> io.BufferedReader[Any]:
    path = Path(name)
    try:
        if path.is_dir():
            why = Words("It is a directory.", "È una cartella.")
            step = Words(
                "Name the files inside it, for example with *.json.",
                "Indicare i file che contiene, per esempio con *.json.",
            )
            raise _refusal(name, why, step)
        return path.open("rb")
    except FileNotFoundError as error:
        why = Words("There is no such file.", "Il file non esiste.")
        raise _refusal(name, why, Words("Check the path.", "Controllare il percorso.")) from error
    except PermissionError as error:
        why = Words("There is no permission to read it.", "Manca il permesso di lettura.")
        step = Words("Change its permissions or copy it.", "Cambiare i permessi o copiare il file.")
        raise _refusal(name, why, step) from error
    except (OSError, ValueError) as error:
        why = Words(f"The system says: {error}.", f"Il sistema dice: {error}.")
        raise _refusal(name, why, Words("Check the path.", "Controllare il percorso.")) from error


def _check_head(name: str, head: bytes) -> None:
    if not head:
        why = Words("It is empty.", "È vuoto.")
        raise _refusal(name, why, DOWNLOAD_AGAIN)
    for signature, kind in _OTHER_SIGNATURES:
        if head.startswith(signature):
            why = Words(f"It is {kind}, not JSON in UTF-8.", f"È {kind}, non JSON in UTF-8.")
            raise _refusal(name, why, _SAVE_AS_JSON)
    if _BINARY.search(head):
        why = Words("It holds binary data, not text.", "Contiene dati binari, non testo.")
        raise _refusal(name, why, _SAVE_AS_JSON)
    if head.lstrip()[:1] == b"<":
        why = Words("It is XML or HTML, not JSON.", "È XML o HTML, non JSON.")
        raise _refusal(name, why, _SAVE_AS_JSON)


def not_json(name: str) -> RegistryFileError:
    """The error for a text that is not JSON from its first character."""
    return _refusal(name, Words("It is not JSON.", "Non è JSON."), _SAVE_AS_JSON)


def _refusal(name: str, why: Words, next_step: Words) -> RegistryFileError:
    return RegistryFileError(_WHAT, where=Where(path=name), why=why, next_step=next_step)


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Turns what the unpacker raises into words."""
    try:
        yield
    except EOFError as error:
        raise BrokenStream(
            Words(
                "The gzip data end too early: the file is truncated.",
                "I dati gzip finiscono troppo presto: il file è troncato.",
            )
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenStream(Words("The gzip data are damaged.", "I dati gzip sono danneggiati.")) from error
    except OSError as error:
        raise BrokenStream(Words(f"The system says: {error}.", f"Il sistema dice: {error}.")) from error
