"""BRAT stand-off annotations: the marked words of a text and what ties them together."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_ENTITY = re.compile(r"(T\d+)\t(\S+) ([\d ;]+)\t(.*)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(T\d+) Arg2:(T\d+)")


@dataclass(frozen=True, slots=True)
class Entity:
    """Marked words: characters `start` to `end` of the text. Where a mark has gaps, the characters around them too."""

    key: str
    kind: str
    start: int
    end: int
    words: str


@dataclass(slots=True)
class Document:
    """A text with its marks. `relations` are (kind, from, to) by the keys of the entities."""

    name: str
    text: str
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Entity]:
        """The entities of these kinds, in order of the text."""
        found = [entity for entity in self.entities.values() if entity.kind in kinds]
        return sorted(found, key=lambda entity: (entity.start, entity.end))


def read_document(name: str, text: str, marks: str) -> Document:
    """The document; lines of other kinds (groups, attributes, notes) are left out."""
    document = Document(name, text)
    for line in marks.splitlines():
        if entity := _ENTITY.match(line):
            key, kind, places, words = entity.groups()
            numbers = [int(number) for number in re.findall(r"\d+", places)]
            document.entities[key] = Entity(key, kind, min(numbers), max(numbers), words)
        elif relation := _RELATION.match(line):
            kind, first, second = relation.groups()
            document.relations.append((kind, first, second))
    return document


def read_archive(archive: Path) -> Iterator[Document]:
    """All documents of a packed folder of `.txt` and `.ann` files, by name."""
    files: dict[str, str] = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None:
                files[Path(member.name).name] = content.read().decode("utf-8")
    for name in sorted(files):
        if name.endswith(".txt"):
            stem = name.removesuffix(".txt")
            yield read_document(stem, files[name], files.get(f"{stem}.ann", ""))
