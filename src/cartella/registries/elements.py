"""The elements of one JSON document, one at a time, found by counting brackets.

A JSON parser that holds the whole document would need memory of several times its size, and would give up the whole
document for one bad element. Here each element is cut out as bytes first and parsed by the caller, so an element that
is no valid JSON costs itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cartella.errors import Words
from cartella.registries.records import MAX_DEPTH, MAX_RECORD_BYTES
from cartella.registries.streams import BrokenStream, ByteStream

_CHUNK = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR_END = re.compile(rb"[,:\]}\s]")
_SPACE = b" \t\r\n"

_EARLY_END = Words(
    "The text ends in the middle of a record: the file is truncated.",
    "Il testo finisce a metà di un record: il file è troncato.",
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `item` counts from 1 in an array and is None for a document that is one object.

    `data` is None for an element that is `too_large` or `too_deep` to be parsed.
    """

    data: bytes | None
    offset: int
    item: int | None
    too_large: bool = False
    too_deep: bool = False


class ElementReader:
    """Reads the elements of the documents in a stream: of arrays, of "studies" in an object, or the object itself."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._item = 0

    def elements(self) -> Iterator[Element]:
        """All elements, in order.

        Raises:
            BrokenStream: brackets do not match, or the text ends inside an element.
        """
        while (first := self._next()) is not None:
            if first == b"[":
                yield from self._array()
            elif first == b"{":
                yield from self._object()
            else:
                raise BrokenStream(
                    Words(
                        "There is text that belongs to no record, and where the next one begins cannot be told.",
                        "C'è del testo che non appartiene ad alcun record e non si vede dove inizi il successivo.",
                    )
                )

    @property
    def offset(self) -> int:
        """Where reading stands, in bytes from the start."""
        return self._stream.offset - len(self._buffer) + self._at

    def _array(self) -> Iterator[Element]:
        self._at += 1
        while True:
            mark = self._require()
            if mark == b"]":
                self._at += 1
                return
            if mark == b",":
                self._at += 1
            elif mark == b"}":
                raise _unmatched()
            else:
                self._item += 1
                yield self._value(self._item)

    def _object(self) -> Iterator[Element]:
        start = self.offset
        self._at += 1
        members: list[bytes] = []
        size, too_deep, is_page = 0, False, False
        while True:
            mark = self._require()
            if mark == b"}":
                self._at += 1
                break
            if mark == b",":
                self._at += 1
                continue
            if mark != b'"':
                raise _unmatched()
            name = self._value(None).data or b""
            if self._require() != b":":
                raise _unmatched()
            self._at += 1
            opening = self._require()
            if name == b'"studies"' and opening == b"[":
                is_page = True
                yield from self._array()
                continue
            value = self._value(None)
            too_deep |= value.too_deep
            data = value.data
            size += MAX_RECORD_BYTES + 1 if data is None and not value.too_deep else len(name) + len(data or b"") + 2
            if size <= MAX_RECORD_BYTES and data is not None:
                members.append(name + b":" + data)
        if is_page:
            return
        if too_deep or size > MAX_RECORD_BYTES:
            yield Element(None, start, None, too_large=not too_deep, too_deep=too_deep)
        else:
            yield Element(b"{" + b",".join(members) + b"}", start, None)

    def _value(self, item: int | None) -> Element:
        """The value that begins at the current place; what follows it is the current place afterwards."""
        start = self.offset
        first = self._buffer[self._at : self._at + 1]
        if first == b'"':
            return self._string(start, item)
        if first not in (b"{", b"["):
            return self._scalar(start, item)
        return self._balanced(start, item)

    def _balanced(self, start: int, item: int | None) -> Element:
        depth, deepest, too_large = 0, 0, False
        scanned = self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, scanned):
                mark = token[0]
                if mark == b'"':  # a text that ends beyond the buffer
                    scanned = token.start()
                    break
                scanned = token.end()
                if mark in (b"{", b"["):
                    depth += 1
                    deepest = max(deepest, depth)
                elif mark in (b"}", b"]"):
                    depth -= 1
                    if depth == 0:
                        data = self._buffer[self._at : scanned]
                        self._at = scanned
                        too_large = too_large or len(data) > MAX_RECORD_BYTES
                        too_deep = deepest > MAX_DEPTH
                        unusable = too_large or too_deep
                        return Element(None if unusable else data, start, item, too_large, too_deep)
            else:
                scanned = len(self._buffer)
            if scanned - self._at > MAX_RECORD_BYTES:  # only the brackets are still counted
                too_large = True
                self._at = scanned
            scanned -= self._at
            self._refill()
            scanned += self._at

    def _string(self, start: int, item: int | None) -> Element:
        while (text := _STRING.match(self._buffer, self._at)) is None:
            self._refill()
        self._at = text.end()
        return Element(text[0], start, item)

    def _scalar(self, start: int, item: int | None) -> Element:
        while (end := _SCALAR_END.search(self._buffer, self._at)) is None:
            self._refill()
        data = self._buffer[self._at : end.start()]
        self._at = end.start()
        if not data:
            raise _unmatched()
        return Element(data, start, item)

    def _next(self) -> bytes | None:
        """The next byte that is no white space, not consumed; None at the end."""
        while True:
            rest = self._buffer[self._at : self._at + 64].lstrip(_SPACE)
            if rest:
                self._at += min(64, len(self._buffer) - self._at) - len(rest)
                return rest[:1]
            self._at = min(self._at + 64, len(self._buffer))
            if self._at == len(self._buffer) and not self._fill():
                return None

    def _require(self) -> bytes:
        mark = self._next()
        if mark is None:
            raise BrokenStream(_EARLY_END)
        return mark

    def _refill(self) -> None:
        if len(self._buffer) - self._at > 2 * MAX_RECORD_BYTES:
            raise BrokenStream(
                Words(
                    "A text has no closing quotation mark within the largest possible record.",
                    "Un testo non ha virgolette di chiusura entro il record più grande possibile.",
                )
            )
        if not self._fill():
            raise BrokenStream(_EARLY_END)

    def _fill(self) -> bool:
        """Read on; the more, the more is kept already, so that rescanning a long text stays cheap."""
        kept = self._buffer[self._at :]
        more = self._stream.read(max(_CHUNK, len(kept)))
        self._buffer, self._at = kept + more, 0
        return bool(more)


def _unmatched() -> BrokenStream:
    return BrokenStream(
        Words(
            "The brackets do not match, so the end of the record cannot be told.",
            "Le parentesi non corrispondono, quindi non si vede dove finisca il record.",
        )
    )
