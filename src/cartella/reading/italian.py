"""Italian text in the English wording that the grammar reads: phrase by phrase, every character with its way back.

There is one grammar, and Italian is a vocabulary. A row of ``data/italian.csv`` says what a phrase is in English; the
longest phrase wins, endings of number and gender are free, adjectives move before their noun, and the decimal comma
becomes a point. Names that the lexicon knows in Italian stay as they are. A word that is in neither table stays too,
and is then a word that nobody understands: the point remains open, as it would in English.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from cartella.knowledge import knowledge
from cartella.knowledge.files import KnowledgeError
from cartella.reading.text import PlainText

COLUMNS = ("italian", "english", "kind")
WORD = re.compile(r"[A-Za-zÀ-ÿ]+'?|\d+(?:[.,]\d+)*|[^\sA-Za-zÀ-ÿ\d]")
FLOWS = re.compile(r"[ \t]*(?:\n[ \t]*(?=[a-zà-ÿ\d(]))?|\s*,\s*")
LINE = re.compile(r"[^\n]+")
ITALIAN = frozenset(
    """di dell dello della dei degli delle dal dall dalla dai dalle alla agli alle nello nella nei negli
    nelle gli che una uno è sono deve devono nessun senza almeno entro oppure dopo prima più età anni mesi giorni
    settimane pazienti paziente criteri malattia terapia può possono chi attiva attivo""".split()
)
ENGLISH = frozenset(
    """the of and or with to for by is are be not must have has from within than at least patients subjects participants
    prior history who which any other no age years criteria disease at in on a an as""".split()
)
TELLING = re.compile(rf"\b(?:{'|'.join(sorted(ITALIAN))})\b", re.I)
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
DECIMAL = re.compile(r"\d+,\d{1,2}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """An Italian phrase: its `words` in lower case, its English, and whether it is a noun or an adjective."""

    words: tuple[str, ...]
    english: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `start` to `end` of the text, said in English as `english`."""

    start: int
    end: int
    english: str
    kind: str = ""


def in_english(plain: PlainText) -> PlainText:
    """The text with its Italian lines in English wording; a text without Italian lines is returned as it is."""
    if not TELLING.search(plain.text):
        return plain
    pieces = [
        piece
        for start, end in _stretches(plain.text)
        for piece in _reordered(plain.text, _pieces(plain.text, start, end))
    ]
    return _rewritten(plain, pieces) if pieces else plain


def _stretches(text: str) -> list[tuple[int, int]]:
    """The runs of Italian lines; a line that does not tell goes with the text."""
    whole = _leaning(text)
    found: list[tuple[int, int]] = []
    for match in LINE.finditer(text):
        leaning = _leaning(match.group())
        if leaning < 0 or (leaning == 0 and whole <= 0):
            continue
        if found and found[-1][1] + 1 == match.start():
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return found


def _leaning(text: str) -> int:
    """How many more words tell that a text is Italian than that it is English."""
    words = [word.lower() for word in re.findall(r"[A-Za-zÀ-ÿ]{2,}", text)]
    return sum((word in ITALIAN or word in _own_words()) - (word in ENGLISH) for word in words)


@lru_cache(maxsize=1)
def _own_words() -> frozenset[str]:
    """The words of the table that are no English words."""
    english = {word for phrase in phrases() for word in re.findall(r"\w+", phrase.english.lower())}
    return frozenset(w for phrase in phrases() for w in phrase.words if len(w) > 4) - english - {"regime", "neoplasia"}


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """A longer word without the ending of its number and gender: ``attivo, attiva, attivi, attive``."""
    if len(word) < 5 or word[-1] not in "aeio":
        return word
    return word[:-1].removesuffix("h").removesuffix("i") + "-"


@lru_cache(maxsize=1)
def phrases() -> tuple[Phrase, ...]:
    """The rows of ``data/italian.csv``."""
    text = (files("cartella.reading") / "data" / "italian.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    if tuple(next(reader)) != COLUMNS:
        raise KnowledgeError(f"italian.csv, row 1: expected the columns {', '.join(COLUMNS)}; restore the heading")
    found = []
    for number, (italian, english, kind) in enumerate(reader, start=2):
        if kind not in {"", "noun", "adjective"}:
            raise KnowledgeError(f"italian.csv, row {number}: the kind is 'noun', 'adjective' or empty, not {kind!r}")
        found.append(Phrase(tuple(WORD.findall(italian.lower())), english, kind))
    return tuple(found)


@lru_cache(maxsize=1)
def _table() -> dict[str, list[Phrase]]:
    """The phrases by their first word, and by its stem, the longest first."""
    table: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        for key in {phrase.words[0], _stem(phrase.words[0])}:
            table.setdefault(key, []).append(phrase)
    for entries in table.values():
        entries.sort(key=lambda p: -len(p.words))
    return table


def _pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    """The phrases of a line, from left to right; a longer name that the lexicon knows is left as it is."""
    matches = list(WORD.finditer(text, start, end))
    words = [m.group().lower() for m in matches]
    names = {start + m.start: start + m.end for m in knowledge().lexicon.find(text[start:end])}
    position = 0
    while position < len(matches):
        match = matches[position]
        phrase = _phrase_at(text, matches, words, position)
        until = matches[position + len(phrase.words) - 1].end() if phrase else match.end()
        named = names.get(match.start(), 0)
        if named > until and phrase and phrase.kind == "noun" and _reach(text, matches, words, position) >= named:
            named = 0
        if named > until or (named == until and phrase is None):
            yield _Piece(match.start(), named, text[match.start() : named], "noun")
            until = named
        elif phrase:
            yield _Piece(match.start(), until, phrase.english, phrase.kind)
        elif match.group()[0].isdigit():
            yield _Piece(match.start(), until, _number(match.group()))
        position += 1
        while position < len(matches) and matches[position].start() < until:
            position += 1


def _phrase_at(text: str, matches: Sequence[re.Match[str]], words: Sequence[str], position: int) -> Phrase | None:
    if len(words[position]) == 1 and not _is_small_word(text, matches[position]):
        return None
    best: Phrase | None = None
    for phrase in (*_table().get(words[position], ()), *_table().get(_stem(words[position]), ())):
        found = words[position : position + len(phrase.words)]
        if best is not None and len(phrase.words) <= len(best.words):
            continue  # among phrases of one length, the one that is spelt in this way stands first
        if len(found) == len(phrase.words) and all(map(_same, phrase.words, found)):
            places = matches[position : position + len(found)]
            if all(FLOWS.fullmatch(text, a.end(), b.start()) for a, b in pairwise(places)):
                best = phrase
    return best


def _reach(text: str, matches: Sequence[re.Match[str]], words: Sequence[str], position: int) -> int:
    """Up to where the noun at a position and the adjectives behind it are words of the table."""
    phrase = _phrase_at(text, matches, words, position)
    until = matches[position].start()
    while phrase is not None and (phrase.kind == "adjective" or until == matches[position].start()):
        until = matches[position + len(phrase.words) - 1].end()
        position += len(phrase.words)
        phrase = _phrase_at(text, matches, words, position) if position < len(matches) else None
    return until


def _is_small_word(text: str, match: re.Match[str]) -> bool:
    """``e``, ``o``, ``a`` as words: no letter of a list, a stage or a virus."""
    return match.group() in "aeioè%<>=" and text[match.end() : match.end() + 1] not in (")", ".", "-", "*")


def _same(one: str, other: str) -> bool:
    return one == other or (len(one) > 4 and _stem(one) == _stem(other))


def _number(written: str) -> str:
    """``50.000`` is fifty thousand, ``1,5`` one and a half."""
    if THOUSANDS.fullmatch(written):
        return written.replace(".", "")
    return written.replace(",", ".") if DECIMAL.fullmatch(written) else written


def _reordered(text: str, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """``infezione batterica o fungina``: the adjectives come before their noun, as one piece."""
    waiting: list[_Piece] = []
    for piece in pieces:
        if waiting and not FLOWS.fullmatch(text, waiting[-1].end, piece.start):
            yield from _closed(text, waiting)
            waiting = []
        if waiting and (piece.kind == "adjective" or piece.english in {"or", "and", "and/or"}):
            waiting.append(piece)
            continue
        yield from _closed(text, waiting)
        waiting = [piece] if piece.kind == "noun" else []
        if not waiting:
            yield piece
    yield from _closed(text, waiting)


def _closed(text: str, waiting: list[_Piece]) -> Iterator[_Piece]:
    """A noun with the adjectives that follow it; connectives behind the last adjective stay outside."""
    inside = list(waiting)
    while inside and inside[-1].kind == "":
        inside.pop()
    if len(inside) > 1 and inside[1].kind == "":
        inside = inside[:1]  # "pregnancy or active infection": the list does not begin with an adjective
    rest = waiting[len(inside) :]
    if len(inside) > 1:
        noun, adjectives = inside[0], inside[1:]
        listed = any(a.kind == "" for a in adjectives) or "," in text[noun.end : inside[-1].end]
        said = _as_list(text, adjectives) if listed else " ".join(a.english for a in reversed(adjectives))
        yield _Piece(noun.start, inside[-1].end, f"{said} {noun.english}", "noun")
    else:
        yield from inside
    yield from rest


def _as_list(text: str, adjectives: Sequence[_Piece]) -> str:
    """``batterica, virale o fungina attiva``: what stands behind the list speaks of all its members."""
    said = adjectives[0].english
    for n, (before, after) in enumerate(pairwise(adjectives), start=1):
        between = text[before.end : after.start].replace("\n", " ")
        if before.kind == after.kind == "adjective" and "," not in between and n > 1:
            return f"{_as_list(text, adjectives[n:])} {said}"
        said += between + after.english
    return said


def _rewritten(plain: PlainText, pieces: Sequence[_Piece]) -> PlainText:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for piece in [*pieces, _Piece(len(plain.text), len(plain.text), "")]:
        parts.append(plain.text[position : piece.start])
        starts += plain.starts[position : piece.start]
        ends += plain.ends[position : piece.start]
        position = piece.end
        if piece.english == plain.text[piece.start : piece.end]:
            parts.append(piece.english)
            starts += plain.starts[piece.start : piece.end]
            ends += plain.ends[piece.start : piece.end]
        elif piece.english:
            # "l'infusione": the article stood without a blank
            glued = plain.text[piece.end - 1] == "'" and plain.text[piece.end : piece.end + 1].isalnum()
            said = f"{piece.english} " if glued else piece.english
            parts.append(said)
            starts += [plain.starts[piece.start]] * len(said)
            ends += [plain.ends[piece.end - 1]] * len(said)
    return PlainText("".join(parts), tuple(starts), tuple(ends), plain.named)
