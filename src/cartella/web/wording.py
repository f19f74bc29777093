"""The texts of the pages: one table, both languages side by side, so that a person can read them against each other."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from cartella.explaining import Lang


def say(identifier: str, lang: Lang, **parameters: object) -> str:
    """The wording of one text, with its parameters put in. KeyError for an id that is in no table."""
    return wordings()[identifier][0 if lang == "it" else 1].format(**parameters)


def grouped(number: int, lang: Lang) -> str:
    """A whole number as it is written: 1.506 in Italian, 1,506 in English."""
    return f"{number:,}".replace(",", "." if lang == "it" else ",")


@cache
def wordings() -> Mapping[str, tuple[str, str]]:
    """All texts by id: Italian, English. Each table of the folder `data/words` belongs to one part of the pages."""
    found: dict[str, tuple[str, str]] = {}
    for table in sorted((files("cartella.web") / "data" / "words").iterdir(), key=lambda item: item.name):
        reader = csv.reader(table.read_text(encoding="utf-8").splitlines())
        if next(reader) != ["id", "it", "en"]:
            raise ValueError(f"{table.name}: the columns must be id, it, en")
        for identifier, italian, english in reader:
            if identifier in found:
                raise ValueError(f"{table.name}: {identifier} stands twice")
            found[identifier] = (italian, english)
    return found
