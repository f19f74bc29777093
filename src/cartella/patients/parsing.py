"""From the bytes of a patient's file to plain data: gzip, encoding, JSON, NDJSON, YAML.

The file may come from anybody, so that nothing in it may take all of memory or time: what unpacks too far, is nested
too deeply, refers to itself or is no text is refused with a reason, and a number that no patient can have is read as
the words that it is written in.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from decimal import Decimal, InvalidOperation
from typing import Any

from cartella.errors import Where
from cartella.patients.problems import problem

LARGEST = 256 * 1024 * 1024
"""The largest file that is read, in bytes after unpacking: far above any patient's record."""
LARGEST_YAML = 2 * 1024 * 1024
"""Bytes; a record in YAML is written by hand."""

_LONGEST_NUMBER = 60
_ESCAPE = re.compile(
    r"\\(?:u(?P<half>[dD][89abAB][0-9a-fA-F]{2})(?P<other>\\u[dD][c-fC-F][0-9a-fA-F]{2})?|u[dD][c-fC-F][0-9a-fA-F]{2}|.)",
    re.DOTALL,
)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ALIAS = re.compile(r"[&*]\w")


def parsed(raw: bytes, where: str = "", largest: int = LARGEST) -> Any:
    """The data in a file, plain or gzipped. Raises InputError."""
    text = _text(raw, where, largest)
    if not text.strip():
        raise problem("empty", Where(path=where or None))
    try:
        return _json(text, where) if text.lstrip()[0] in "{[" else _yaml(text, where)
    except RecursionError:
        raise problem("too_deep", Where(path=where or None)) from None


def loads(text: str | bytes) -> Any:
    """JSON with exact numbers. Raises ValueError and RecursionError."""
    return json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=str)


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text) if len(text) <= _LONGEST_NUMBER else text
    except InvalidOperation:
        return text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _text(raw: bytes, where: str, largest: int) -> str:
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw, where, largest)
    if len(raw) > largest:
        raise problem("too_large", Where(path=where or None), limit=str(largest // 2**20))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise problem("encoding", Where(path=where or None, offset=error.start)) from None


def _unpacked(raw: bytes, where: str, largest: int) -> bytes:
    """The content of a gzipped file, up to the limit, so that a small file cannot unpack into all of memory."""
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            return packed.read(largest + 1)
    except (EOFError, OSError, zlib.error):
        raise problem("gzip", Where(path=where or None)) from None


def _json(text: str, where: str) -> Any:
    if _HALF.search(text):
        text = _ESCAPE.sub(_whole_character, text)
    try:
        return loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and _is_json_object(lines[0]):
            return _ndjson(text, where)
        raise problem(
            "not_json", Where(path=where or None, line=error.lineno, offset=_offset(text, error.pos))
        ) from None


def _whole_character(escape: re.Match[str]) -> str:
    """Half of a character that JSON writes in two halves, without the other, is no text: the sign for one unknown."""
    written = escape[0]
    return "\\ufffd" if re.match(r"\\u[dD][89a-fA-F]", written) and escape["other"] is None else written


def _offset(text: str, position: int) -> int:
    """The byte of a character, as the error speaks of bytes."""
    return len(text[:position].encode("utf-8"))


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(loads(line), dict)
    except json.JSONDecodeError:
        return False


def _ndjson(text: str, where: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(loads(line))
        except json.JSONDecodeError:
            raise problem("not_json", Where(path=where or None, line=number)) from None
    return found


def _yaml(text: str, where: str) -> Any:
    import yaml

    if len(text) > LARGEST_YAML:
        raise problem("too_large_yaml", Where(path=where or None), limit=str(LARGEST_YAML // 2**20))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _ALIAS.search(text):
            for event in yaml.parse(text, Loader=loader):
                if isinstance(event, yaml.AliasEvent):
                    # a few lines of entries that stand for each other can say more than any memory holds
                    raise problem("yaml_alias", Where(path=where or None, line=_line(event.start_mark)))
        return yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise problem("not_yaml", Where(path=where or None, line=_line(mark))) from None


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1
