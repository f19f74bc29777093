"""Names and rules inside a remark, in the language of whoever reads it.

A remark and the rule of a derived fact are written once, when the record is read, and shown later in either language.
So they hold the ids of what they speak of (`mark`), which become names only when they are shown (`worded`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from cartella.knowledge import knowledge

Namer = Callable[[str], str]
"""From an id (a concept, a quantity, ``trait:active``, ``value:female``) to its name."""

_MARK = re.compile(r"⟦([^⟧]*)⟧")
_VARIABLE = re.compile(r"⟦[^⟧]*⟧(?:, ⟦[^⟧]*⟧)*|\d+(?:[.,]\d+)?")


def label(concept: str, language: str = "en") -> str:
    """The name of a concept for a report."""
    house = knowledge()
    if concept in house.concepts:
        return house.label(concept, language)
    return concept.split(":", 1)[-1].replace("_", " ").replace("!", "not ")


def mark(identifier: str) -> str:
    """The place of a name in a remark or a rule: it is named when it is shown, see `cartella.patients.wording`."""
    return f"⟦{identifier}⟧"


def worded(text: str, language: str, namer: Namer | None = None) -> str:
    """The text with names in place of ids, and a rule in its own language; without a namer the vocabulary's names."""
    name = namer or (lambda identifier: label(identifier, language))
    return _MARK.sub(lambda mark: name(mark[1]), _translated(text) if language == "it" else text)


def pattern(text: str) -> str:
    """A rule with ``{}`` for each id (or list of ids) and each number in it: the key of the table of rules."""
    return _VARIABLE.sub("{}", text)


@cache
def rules() -> dict[str, str]:
    """The rules of derived facts: English pattern to Italian pattern."""
    table = (files("cartella.patients") / "data" / "rules.csv").read_text(encoding="utf-8")
    return {row["en"]: row["it"] for row in csv.DictReader(table.splitlines())}


def _translated(text: str) -> str:
    italian = rules().get(pattern(text))
    if italian is None:
        return text
    return italian.format(*_VARIABLE.findall(text))
