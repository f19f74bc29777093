"""A sentence as tokens: concepts of the vocabularies, cues, comparisons, times, connectives, and plain words.

Tokens are the only thing the grammar sees. Everything that is not recognised stays a plain word, and a plain word
that nobody claims makes the reading incomplete: it is never passed over in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from cartella.knowledge import knowledge
from cartella.reading.comparisons import Comparison, find_comparisons
from cartella.reading.cues import WORD, Cue, cue_at
from cartella.reading.times import Time, find_times


class Kind(Enum):
    """What a token is."""

    CONCEPT = "concept"
    CUE = "cue"
    COMPARISON = "comparison"
    TIME = "time"
    COMMA = ","
    SEMICOLON = ";"
    SLASH = "/"
    OPEN = "("
    CLOSE = ")"
    COLON = ":"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """Characters `start` to `end` of the plain text, and what they were recognised as.

    A concept token may stand for several concepts: `concepts` has one tuple of candidate ids for each, and `join` is
    "and", "or" or "" (a bare comma or slash between them).
    """

    kind: Kind
    start: int
    end: int
    text: str
    cue: Cue | None = None
    name: str = ""
    concepts: tuple[tuple[str, ...], ...] = ()
    join: str = ""
    comparison: Comparison | None = None
    time: Time | None = None

    def is_cue(self, *cues: Cue) -> bool:
        """Whether the token is one of these cues."""
        return self.cue in cues


AGE_NEARBY = re.compile(r"\b(?:ages?|aged|età|adults?|child\w*|pediatric|paediatric|male|females?|men|women|years?\s+old|elder\w*)\b[^.;]{0,40}$", re.I)
NOT_AGE = re.compile(r"\b(?:onset|diagnos\w+|repair|survival|expectancy|remission|prior|previous|free)\b[^.;]{0,30}$", re.I)
AGE_AFTER = re.compile(r"^\s*(?:-?\s*old\b|of\s+age|\(?inclusive|or\s+older|and\s+older|or\s+above|and\s+above|older\b|di\s+età)", re.I)
EXPECTANCY = re.compile(r"\b(?:expectancy|survival|aspettativa\s+di\s+vita|expected\s+(?:to\s+live|lifespan|life\s+span))\b[^.;]{0,40}$", re.I)
PUNCTUATION = {",": Kind.COMMA, ";": Kind.SEMICOLON, "/": Kind.SLASH, "(": Kind.OPEN, ")": Kind.CLOSE, "[": Kind.OPEN, "]": Kind.CLOSE, ":": Kind.COLON}


def tokenise(text: str, offset: int = 0) -> list[Token]:
    """The tokens of `text`, in order. `offset` is where the text begins in the plain text."""
    mentions = knowledge().lexicon.find(text)
    times = [t for t in find_times(text) if not _is_age(text, t)]
    comparisons = [c for c in find_comparisons(text) if not any(_overlap(c, t) for t in times)]
    comparisons = [c for c in comparisons if not any(m.start < c.start < m.end or (m.start <= c.start and m.end > c.start + 1) for m in mentions)]
    claimed: list[Token] = []
    for time in times:
        claimed.append(Token(Kind.TIME, time.start, time.end, text[time.start : time.end], time=time))
    for comparison in comparisons:
        words = text[comparison.start : comparison.end]
        claimed.append(Token(Kind.COMPARISON, comparison.start, comparison.end, words, comparison=comparison))
    for mention in mentions:
        if not any(mention.start < t.end and t.start < mention.end for t in claimed):
            words = text[mention.start : mention.end]
            claimed.append(Token(Kind.CONCEPT, mention.start, mention.end, words, concepts=(mention.concepts,)))
    tokens = _with_words(text, sorted(claimed, key=lambda t: t.start))
    return [replace(token, start=token.start + offset, end=token.end + offset) for token in tokens]


def _overlap(comparison: Comparison, time: Time) -> bool:
    return comparison.start < time.end and time.start < comparison.end


def _is_age(text: str, time: Time) -> bool:
    """``>= 18 years of age`` is an age, ``life expectancy >= 12 weeks`` a number: neither is a time that has passed."""
    before = text[: time.start]
    if EXPECTANCY.search(before):
        return True
    if not re.search(r"year|yr|month|mo\b|ann", text[time.start : time.end], re.I) or time.open_end:
        return False
    if AGE_AFTER.match(text[time.end :]) or re.search(r"\bold\b|of\s+age", text[time.start : time.end]):
        return True
    return bool(AGE_NEARBY.search(before) and not NOT_AGE.search(before)) and not time.anchored


def _with_words(text: str, claimed: list[Token]) -> list[Token]:
    """Fill the gaps between the claimed tokens with cues, punctuation and plain words."""
    matches = list(WORD.finditer(text))
    words = [m.group().lower() for m in matches]
    result: list[Token] = []
    position, upcoming = 0, 0
    while position < len(matches):
        match = matches[position]
        while upcoming < len(claimed) and claimed[upcoming].end <= match.start():
            upcoming += 1
        taken = claimed[upcoming] if upcoming < len(claimed) and claimed[upcoming].start < match.end() else None
        cue = cue_at(words, position)
        end = matches[position + cue[0] - 1].end() if cue else match.end()
        if taken and not (cue and match.start() <= taken.start and end > taken.end and taken.kind is Kind.CONCEPT):
            result.append(taken)
            while position < len(matches) and matches[position].start() < taken.end:
                position += 1
            continue
        following = taken or (claimed[upcoming] if upcoming < len(claimed) else None)
        if cue and following and end > following.start and not (taken and following is taken):
            cue = _shorter(words, position, matches, following.start)
            end = matches[position + cue[0] - 1].end() if cue else match.end()
        if cue:
            kind = Kind.CUE
            result.append(Token(kind, match.start(), end, text[match.start() : end], cue=cue[1], name=cue[2]))
            position += cue[0]
            continue
        kind = PUNCTUATION.get(match.group(), Kind.WORD)
        if kind is not Kind.WORD or re.match(r"[\wÀ-ÿ+<>=%]", match.group()):
            result.append(Token(kind, match.start(), match.end(), match.group()))
        position += 1
    return result


def _shorter(words: list[str], position: int, matches: list[re.Match[str]], limit: int) -> tuple[int, Cue, str] | None:
    """The longest cue at `position` that ends before a claimed token begins."""
    room = sum(1 for m in matches[position:] if m.end() <= limit)
    return cue_at(words[: position + room], position) if room else None
