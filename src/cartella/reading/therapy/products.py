"""Products by name and by development code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cartella.reading.therapy.cues import CueError, table
from cartella.reading.therapy.source import Passage
from cartella.trials.therapy import CellClass, Origin

_COLUMNS = ("product", "names", "classes", "origin", "targets", "costimulation", "vector", "confidence")


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """What is known of a product beyond the words of a record. Empty where nothing is known."""

    name: str
    classes: tuple[CellClass, ...]
    origin: Origin
    targets: tuple[str, ...]
    costimulation: str
    vector: str
    confidence: str


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product named in a passage."""

    product: KnownProduct
    passage: Passage
    start: int
    end: int


_WORD = re.compile(r"[A-Za-z]+|\d+")
_GAP = re.compile(r"(?:[-_ ./]|- | -)?\Z")


def _key(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _WORD.findall(name))


@cache
def _names() -> dict[tuple[str, str], list[tuple[tuple[str, ...], KnownProduct]]]:
    """Products by the first two words of their names, longest name first."""
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], KnownProduct]]] = {}
    for number, row in enumerate(table("products.csv", _COLUMNS), 2):
        name, names, classes, origin, targets, costimulation, vector, confidence = row
        try:
            product = KnownProduct(
                name,
                tuple(CellClass(value) for value in classes.split()),
                Origin(origin),
                tuple(targets.split()),
                costimulation,
                vector,
                confidence,
            )
        except ValueError as error:
            raise CueError(f"products.csv, row {number}: {error}") from error
        for spelling in names.split(";"):
            key = _key(spelling)
            found.setdefault((key[0], key[1] if len(key) > 1 else ""), []).append((key, product))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def named_products(passage: Passage) -> Iterator[NamedProduct]:
    """All products named in the passage. A code counts only as a whole: CT011 is not found in CT0110."""
    names = _names()
    text = passage.text
    words = list(_WORD.finditer(passage.lower))
    index = 0
    while index < len(words):
        first = words[index][0]
        second = words[index + 1][0] if index + 1 < len(words) else ""
        best = 0
        for entries in (names.get((first, second)), names.get((first, ""))):
            for key, product in entries or ():
                size = len(key)
                if best or [word[0] for word in words[index : index + size]] != list(key):
                    continue
                start, end = words[index].start(), words[index + size - 1].end()
                gaps = all(
                    _GAP.match(text[words[at].end() : words[at + 1].start()]) for at in range(index, index + size - 1)
                )
                if gaps and not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
                    yield NamedProduct(product, passage, start, end)
                    best = size
        index += best or 1
