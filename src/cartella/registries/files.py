"""Registry records from files: one study, a page with "studies", an array, or JSON Lines, any of them gzipped.

Everything is streamed: memory holds one record at a time, whatever the size of the file. What cannot be read is
answered as a `Rejection` with its place, the reason and the next step, and reading goes on behind it:

* in JSON Lines at the next line;
* in an array or a page at the next element, found by counting brackets; only where the brackets themselves are
  broken does the rest of the file stay unread, and the rejection says so;
* after a damaged or truncated file at the next file. The records before the damage are complete and are kept.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Never

from cartella.errors import RegistryFileError, Where, Words
from cartella.registries.ctgov import record_id
from cartella.registries.elements import ElementReader
from cartella.registries.records import MAX_DEPTH, MAX_RECORD_BYTES, RegistryRecord, Rejection
from cartella.registries.streams import DOWNLOAD_AGAIN, BrokenStream, ByteStream, not_json, opened

_PAGE_BEGINS = re.compile(rb'\{\s*(?:"\w+"\s*:\s*(?:"[^"]*"|[\w.]+)\s*,\s*)*"studies"\s*:')

Found = RegistryRecord | Rejection

_LEFT_OUT = Words(
    "The record was left out and reading went on; correct it or download it again, then load the file again.",
    "Il record è stato saltato e la lettura è continuata; correggerlo o scaricarlo di nuovo, poi ricaricare il file.",
)
_TOO_DEEP = Words(f"It is nested more than {MAX_DEPTH} levels deep.", f"Supera {MAX_DEPTH} livelli di annidamento.")
_TOO_LARGE = Words(
    f"It is larger than {MAX_RECORD_BYTES // 2**20} MiB, which no record of a registry is.",
    f"Supera {MAX_RECORD_BYTES // 2**20} MiB, più di qualunque record di un registro.",
)
_NO_STUDY = Words(
    'It is no study: it has no registry number (protocolSection.identificationModule.nctId, "NCT" and eight digits).',
    'Non è uno studio: manca il numero di registro (protocolSection.identificationModule.nctId, "NCT" e otto cifre).',
)


class _Unusable(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, why: Words) -> None:
        super().__init__(why.en)
        self.why = why


def read_files(names: Iterable[str]) -> Iterator[Found]:
    """The records of several files, in order. A file that cannot be opened is a rejection; the others are read."""
    for name in names:
        try:
            yield from read_file(name)
        except RegistryFileError as error:
            yield Rejection(
                error.where or Where(name), error.why or error.what, error.next_step or DOWNLOAD_AGAIN, True
            )


def read_file(name: str) -> Iterator[Found]:
    """The records of one file; "-" is standard input.

    Raises:
        RegistryFileError: the file cannot be opened, is empty, or is not JSON from its first character.
    """
    with opened(name) as stream:
        try:
            by_line = _is_lines(name, stream)
            yield from _lines(name, stream) if by_line else _document(name, stream)
        except BrokenStream as broken:
            yield Rejection(Where(name, offset=stream.offset), broken.why, DOWNLOAD_AGAIN, rest_unread=True)


def _is_lines(name: str, stream: ByteStream) -> bool:
    """Whether the stream is JSON Lines, by its first two lines; a document otherwise. Nothing is consumed.

    A first line that is a whole object decides for lines (a study or page on one line is both). A first line that is
    damaged still decides for lines when the second begins an object at its first character: a document does that only
    inside an array, and where an array begins is seen on the first line.
    """
    read = [stream.readline(MAX_RECORD_BYTES)]
    while read[-1] and not read[-1].strip() and len(read) < 1000:
        read.append(stream.readline(MAX_RECORD_BYTES))
    first = read[-1].strip()
    try:
        if first.startswith(b"{") and _is_object(first):
            return True
        if first.startswith(b"[") or _PAGE_BEGINS.match(first):
            return False
        try:
            second = stream.readline(MAX_RECORD_BYTES)
        except BrokenStream:
            second = b""  # what was read of the damaged stream so far tells enough
        read.append(second)
        if second.startswith(b"{"):
            return True
        if first.startswith(b"{"):
            return False
        raise not_json(name)
    finally:
        stream.give_back(b"".join(read))


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(_parsed(text), dict)
    except _Unusable:
        return False


def _lines(name: str, stream: ByteStream) -> Iterator[Found]:
    number = 0
    while line := stream.readline(MAX_RECORD_BYTES):
        number += 1
        where = Where(name, line=number)
        if not line.endswith(b"\n") and len(line) >= MAX_RECORD_BYTES:
            while (rest := stream.readline(MAX_RECORD_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield Rejection(where, _TOO_LARGE, _LEFT_OUT)
        elif line.strip():
            if not line.endswith(b"\n"):
                stream.give_back(stream.readline(1))  # raises where the last line is one that damage cut off
            yield from _parse(line, where)


def _document(name: str, stream: ByteStream) -> Iterator[Found]:
    reader = ElementReader(stream)
    try:
        for element in reader.elements():
            where = Where(name, item=element.item, offset=element.offset)
            if element.data is None:
                yield Rejection(where, _TOO_DEEP if element.too_deep else _TOO_LARGE, _LEFT_OUT)
            else:
                yield from _parse(element.data, where)
    except BrokenStream as broken:
        yield Rejection(Where(name, offset=reader.offset), broken.why, DOWNLOAD_AGAIN, rest_unread=True)


def _parse(text: bytes, where: Where) -> Iterator[Found]:
    try:
        value = _parsed(text)
    except _Unusable as unusable:
        yield Rejection(where, unusable.why, _LEFT_OUT)
        return
    studies = value.get("studies") if isinstance(value, dict) else None
    if not isinstance(studies, list):
        yield _record(value, where)
        return
    for position, study in enumerate(studies, start=1):
        yield _record(study, replace(where, item=position, field=None))


def _record(value: Any, where: Where) -> Found:
    number = record_id(value) if isinstance(value, dict) else None
    return Rejection(where, _NO_STUDY, _LEFT_OUT) if number is None else RegistryRecord(number, value, where)


def _parsed(text: bytes) -> Any:
    """The value of a JSON text; raises `_Unusable` with the reason."""
    try:
        value = json.loads(text.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise _Unusable(
            Words(f"Byte {error.start} of it is not UTF-8.", f"Il suo byte {error.start} non è UTF-8.")
        ) from error
    except RecursionError as error:
        raise _Unusable(_TOO_DEEP) from error
    except json.JSONDecodeError as error:
        raise _Unusable(
            Words(
                f"It is not valid JSON at its character {error.pos + 1}: {error.msg}.",
                f"Non è JSON valido al suo carattere {error.pos + 1} ({error.msg}).",
            )
        ) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _Unusable(
            Words("It holds a number that is too long to be one.", "Contiene un numero troppo lungo per esserlo.")
        ) from error
    if _is_too_deep(value):
        raise _Unusable(_TOO_DEEP)
    return value


def _no_constant(name: str) -> Never:
    raise _Unusable(Words(f"It holds {name}, which is not JSON.", f"Contiene {name}, che non è JSON."))


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Unusable(
            Words("It holds a number that is too large to be one.", "Contiene un numero troppo grande per esserlo.")
        )
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer if type(outer) is list else ())
            if type(inner) in (dict, list)
        ]
        if not level:
            return False
    return True
