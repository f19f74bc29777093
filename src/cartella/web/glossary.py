"""Difficult words: explained on one page, and linked to it where they stand in the text of another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from cartella.explaining import Lang
from cartella.web.addresses import address
from cartella.web.wording import say, wordings

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_LEFT_ALONE = frozenset({"a", "summary", "blockquote", "button", "label", "legend", "h1", "h2", "h3", "h4", "svg"})
"""Elements in whose text no link is made: links, headings, what is pressed, and the sentences of the registries."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word with what it means. `key` is its address on the page, `spellings` are how it stands in a text."""

    key: str
    name: str
    about: str
    spellings: tuple[str, ...]


@cache
def terms(lang: Lang) -> tuple[Term, ...]:
    """All words, in alphabetical order."""
    keys = [identifier.split(".")[1] for identifier in wordings() if re.fullmatch(r"term\.\w+", identifier)]
    found = [
        Term(
            key.replace("_", "-"),
            say(f"term.{key}", lang),
            say(f"term.{key}.about", lang),
            tuple(say(f"term.{key}.find", lang).split("|")),
        )
        for key in keys
    ]
    return tuple(sorted(found, key=lambda term: term.name.casefold()))


@cache
def _pattern(lang: Lang) -> tuple[re.Pattern[str], dict[str, str]]:
    keys = {_plain(spelling): term.key for term in terms(lang) for spelling in term.spellings}
    spellings = sorted((s for term in terms(lang) for s in term.spellings), key=len, reverse=True)
    # abbreviations stand in capitals; other words may begin a sentence
    found = "|".join(re.escape(s) if _is_short(s) else f"(?i:{re.escape(s)})" for s in spellings)
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])"), keys


def _is_short(spelling: str) -> bool:
    return spelling.upper() == spelling


def _plain(spelling: str) -> str:
    return spelling if _is_short(spelling) else spelling.lower()


def linker(lang: Lang) -> Callable[[str], Markup]:
    """What links difficult words in a text or in HTML that is escaped already: each word once in a page."""
    pattern, keys = _pattern(lang)
    done: set[str] = set()

    def linked(match: re.Match[str]) -> str:
        key = keys.get(match[0]) or keys[match[0].lower()]
        if key in done:
            return match[0]
        done.add(key)
        return f'<a class="term" href="{address("words", lang)}#{key}">{match[0]}</a>'

    def link(text: str) -> Markup:
        inside: list[str] = []
        parts = []
        for part in _TAG.split(str(escape(text))):
            tag = _NAME.match(part)
            if tag is not None and tag[2] in _LEFT_ALONE:
                if tag[1]:
                    inside.pop()
                else:
                    inside.append(tag[2])
            parts.append(part if inside or part.startswith("<") else pattern.sub(linked, part))
        return Markup("".join(parts))

    return link
