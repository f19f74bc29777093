"""Reading this part's tables."""

import csv
from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of `network/data` by column."""
    text = (files("cartella.network") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
