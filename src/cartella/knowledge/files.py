"""Reading the data files of this package."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files


class KnowledgeError(Exception):
    """A data file of the package breaks its own rules: says which file, which row and why."""


def rows(name: str, columns: tuple[str, ...]) -> Iterator[list[str]]:
    """The rows of a table as lists in the order of `columns`; a heading that differs is an error."""
    text = (files("cartella.knowledge") / "data" / name).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    heading = tuple(next(reader))
    if heading != columns:
        raise KnowledgeError(
            f"{name}, row 1: the columns are {', '.join(heading)}, expected {', '.join(columns)}; "
            "restore the heading or change the loader with it"
        )
    yield from reader
