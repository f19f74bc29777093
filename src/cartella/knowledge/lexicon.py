"""Finding the names of concepts in text.

Leftmost, then longest, over token boundaries. Ordinary names match in any case and spelling; abbreviations only as
written; a name with several meanings gives all of them, and the reader of the text has to decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cartella.knowledge.files import rows
from cartella.knowledge.tokens import Token, tokens

OTHER = "other"
"""Stands among the concepts of a mention whose words may also mean something that is no concept here."""

_NAME_COLUMNS = ("id", "name", "language", "use", "confidence")

# Abbreviations that are words when written small, or that are read as words in a line of capitals.
_WORDS = frozenset(row[0] for row in rows("words.csv", ("abbreviation",)))
_SMALL_ALLOWED = frozenset({"HIV", "HBV", "HCV", "CNS", "ANC", "ECG", "GVHD"})

_GAP = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*|[ \t\u00a0]?[-‐‑‒–—/'’ʼ._*®™+]+[ \t\u00a0]?\Z")
_DIRECTED = frozenset({"directed", "targeted", "targeting", "specific", "target", "directing", "redirected"})
_THERAPY = frozenset(
    {"therapy", "treatment", "agent", "antibody", "product", "immunotherapy", "drug", "mab", "medication", "based"}
)
_CAR_T = "class:car_t"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text; more than one concept means that the name alone does not decide."""

    start: int
    end: int
    concepts: tuple[str, ...]
    surface: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A name at the end of its path: what must stand as written, and between which tokens a plus sign."""

    concept: str
    exact: tuple[str | None, ...]
    plus: tuple[bool, ...]
    unclear: bool


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    names: list[_Name] = field(default_factory=list)


def _capitals(word: str) -> int:
    return sum(letter.isupper() for letter in word)


def _exact(parts: Sequence[Token]) -> tuple[str | None, ...]:
    """For each token the spelling it must have, None where case and spelling are free.

    An abbreviation is a token with two capitals, or a name of at most four letters in all.
    """
    letters = sum(len(part.surface) for part in parts)
    short = letters <= 4
    digits = any(part.surface.isdigit() for part in parts)
    words = any(part.surface in _WORDS for part in parts)
    result: list[str | None] = []
    for part in parts:
        surface = part.surface
        free = surface.isdigit() or (digits and letters > 3 and not words)
        result.append(surface if not free and (short or _capitals(surface) >= 2) else None)
    return tuple(result)


def _as_written(exact: str, surface: str) -> bool:
    if surface == exact or (surface[-1] == "s" and surface[:-1] == exact):
        return True
    if exact.islower():
        return surface == exact.capitalize()
    if exact.isupper() and surface.islower():
        return exact in _SMALL_ALLOWED or (len(exact) >= 4 and exact not in _WORDS and surface == exact.lower())
    return False


class Lexicon:
    """All names as a trie of folded tokens."""

    def __init__(self, entries: Iterable[tuple[str, str, bool]]) -> None:
        """`entries` are (concept id, name, whether the name may also mean something else)."""
        self._root = _Node()
        collected: dict[str, list[str]] = defaultdict(list)
        for concept, name, unclear in entries:
            collected[concept].append(name)
            parts = tokens(name)
            node = self._root
            for part in parts:
                following = node.next.get(part.form)
                if following is None:
                    following = node.next[part.form] = _Node()
                node = following
            plus = tuple("+" in name[before.end : after.start] for before, after in pairwise(parts))
            node.names.append(_Name(concept, _exact(parts), plus, unclear))
        self.names: Mapping[str, tuple[str, ...]] = {concept: tuple(names) for concept, names in collected.items()}

    def find(self, text: str) -> list[Mention]:
        """All mentions in order, without overlap."""
        found: list[Mention] = []
        words = tokens(text)
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        index = 0
        while index < len(words):
            stop, concepts = self._longest(text, words, index)
            if concepts:
                spans.append((index, stop, concepts))
                index = stop
            else:
                index += 1
        for first, stop, concepts in self._combined(words, spans):
            start, end = words[first].start, words[stop - 1].end
            found.append(Mention(start, end, concepts, text[start:end]))
        return found

    def _longest(self, text: str, words: list[Token], first: int) -> tuple[int, tuple[str, ...]]:
        if words[first].glued and not (first and words[first - 1].form in ("anti", "non")):
            return first, ()
        node = self._root.next.get(words[first].form)
        best: tuple[int, tuple[str, ...]] = (first, ())
        index = first
        while node is not None:
            following = words[index + 1] if index + 1 < len(words) else None
            if node.names and (following is None or not following.glued):
                concepts = self._meanings(text, words, first, index + 1, node)
                if concepts:
                    best = (index + 1, concepts)
            if following is None:
                break
            if not following.glued and not _GAP.fullmatch(text, words[index].end, following.start):
                break
            index += 1
            node = node.next.get(following.form)
        return best

    def _meanings(self, text: str, words: list[Token], first: int, stop: int, node: _Node) -> tuple[str, ...]:
        concepts: dict[str, bool] = {}
        for name in node.names:
            for offset, exact in enumerate(name.exact):
                if exact is not None and not _as_written(exact, words[first + offset].surface):
                    break
            else:
                gaps = zip(words[first : stop - 1], words[first + 1 : stop], name.plus, strict=True)
                if any(("+" in text[before.end : after.start]) != plus for before, after, plus in gaps):
                    continue
                if len(name.exact) == 1 and name.exact[0] in _WORDS and _in_capitals(text, words[first].start):
                    continue
                concepts[name.concept] = name.unclear and concepts.get(name.concept, True)
        return (*concepts, OTHER) if any(concepts.values()) else tuple(concepts)

    def _combined(
        self, words: list[Token], spans: list[tuple[int, int, tuple[str, ...]]]
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """Antigen + "directed therapy" or "CAR-T" as one mention of the class that it names."""
        result: list[tuple[int, int, tuple[str, ...]]] = []
        position = 0
        while position < len(spans):
            first, stop, concepts = spans[position]
            position += 1
            symbols = [concept[len("antigen:") :] for concept in concepts if concept.startswith("antigen:")]
            if not symbols:
                result.append((first, stop, concepts))
                continue
            anti = first > 0 and words[first - 1].form == "anti" and (not result or result[-1][1] <= first - 1)
            begin = first - 1 if anti else first
            end = stop
            directed = end < len(words) and words[end].form in _DIRECTED
            if directed:
                end += 1
            if position < len(spans) and spans[position][0] == end and _CAR_T in spans[position][2]:
                result.append((begin, spans[position][1], tuple(f"class:car_t:{symbol}" for symbol in symbols)))
                position += 1
            elif anti or directed:
                if (
                    end < len(words)
                    and words[end].form in _THERAPY
                    and not (position < len(spans) and spans[position][0] == end)
                ):
                    end += 1
                result.append((begin, end, tuple(f"class:directed_at:{symbol}" for symbol in symbols)))
            else:
                result.append((first, stop, concepts))
        return result


def _in_capitals(text: str, position: int) -> bool:
    """Whether the line around a position is all capitals, so that a word in capitals says nothing."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    return not any(letter.islower() for letter in line) and len(line.split()) >= 4


def load_lexicon() -> Lexicon:
    """The lexicon of all names in the data files."""
    return Lexicon((id_, name, use == "unclear") for id_, name, _, use, _ in rows("names.csv", _NAME_COLUMNS))
