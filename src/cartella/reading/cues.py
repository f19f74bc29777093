"""The small words that carry the logic of a criterion: negation, exception, condition, obligation, judgement.

Each cue is a phrase in English or Italian, a row of ``data/cues.csv``; the longest phrase wins. Content words
(diseases, drugs, tests) are not here: they are rows of the knowledge tables.
"""

from __future__ import annotations

import csv
import re
from enum import Enum
from functools import lru_cache
from importlib.resources import files

from cartella.knowledge.files import KnowledgeError


class Cue(Enum):
    """What a phrase does to the words around it."""

    NOT_BEFORE = "negates what follows"
    NOT_AFTER = "negates what came before"
    POSITIVE = "affirms a finding"
    EXCEPT = "opens an exception"
    UNLESS = "opens a condition that lifts the rule"
    IF = "opens a condition under which the rule applies"
    ONLY_IF = "opens a condition that is demanded"
    REQUIRE = "states an obligation"
    PERMIT = "allows"
    EXCLUDE = "excludes"
    JUDGEMENT = "leaves it to a person"
    RESTRICT = "narrows in a way that a record seldom states"
    HISTORY = "past"
    TRAIT = "a trait that a record may state"
    STATE = "a state of the cancer"
    OTHER = "another than the disease under study"
    NOTE = "opens an explanation"
    SUCH_AS = "opens examples"
    AND = "and"
    OR = "or"
    AND_OR = "and/or"
    ALTERNATIVES = "any of the following"
    ALL_OF = "all of the following"
    GLUE = "carries no meaning of its own"


COLUMNS = ("cue", "name", "phrase")


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[Cue, str, str], ...]:
    """The rows of ``data/cues.csv``: the cue, the name of the trait or state that it tells, and the phrase."""
    text = (files("cartella.reading") / "data" / "cues.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    if tuple(next(reader)) != COLUMNS:
        raise KnowledgeError(f"cues.csv, row 1: expected the columns {', '.join(COLUMNS)}; restore the heading")
    return tuple((Cue[cue.upper()], name, phrase) for cue, name, phrase in reader)


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[tuple[str, ...], Cue, str]]]:
    table: dict[str, list[tuple[tuple[str, ...], Cue, str]]] = {}
    for cue, name, phrase in phrases():
        words = tuple(WORD.findall(phrase.lower()))
        if words:
            table.setdefault(words[0], []).append((words, cue, name))
    for entries in table.values():
        # the longest phrase first; among equals the more specific cue, glue last
        entries.sort(key=lambda e: (-len(e[0]), _RANK[e[1]]))
    return table


_ORDER = (
    Cue.STATE, Cue.TRAIT, Cue.UNLESS, Cue.EXCEPT, Cue.ONLY_IF, Cue.EXCLUDE, Cue.PERMIT, Cue.NOT_AFTER, Cue.NOT_BEFORE,
    Cue.POSITIVE, Cue.IF, Cue.REQUIRE, Cue.AND_OR, Cue.AND, Cue.OR, Cue.ALTERNATIVES, Cue.ALL_OF, Cue.SUCH_AS, Cue.NOTE,
    Cue.OTHER, Cue.HISTORY, Cue.JUDGEMENT, Cue.GLUE, Cue.RESTRICT,
)  # fmt: skip
_RANK = {cue: rank for rank, cue in enumerate(_ORDER)}
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['.][A-Za-zÀ-ÿ]+)*\.?(?<!\.)|\d+(?:\.\d+)?|[^\sA-Za-zÀ-ÿ\d]")


def cue_at(words: list[str], position: int) -> tuple[int, Cue, str] | None:
    """The longest cue that begins at `position` of the lower-case words: its length in words, its kind, its name."""
    for phrase, cue, name in _table().get(words[position], ()):
        if tuple(words[position : position + len(phrase)]) == phrase:
            return len(phrase), cue, name
    return None
