"""How much of many eligibility texts was read, and which wordings most often were not.

The report is there to choose the next rule by evidence: a wording that stops a thousand points comes before one that
stops three.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from cartella.logic import Code, Count, Expression, Number, Opaque, Presence, Unread, children, walk
from cartella.trials.criteria import Point

LONGEST = 12
"""Words that are kept of a wording: longer ones seldom come twice."""
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Reading(Enum):
    """How far a point was read."""

    READ = "read"
    PARTLY = "partly"
    JUDGEMENT = "judgement"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Text:
    """One eligibility text with the points that were read from it."""

    id: str
    text: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that were not read: in how many points and texts, and one text that has them. ``#`` is any number."""

    words: str
    points: int
    texts: int
    example: str


@dataclass(slots=True)
class Coverage:
    """Counts over many texts.

    `by_concept` has for each concept or quantity how its points were read; `concerns` counts the doubts of the linter;
    `wordings` are the most frequent unread ones, the most frequent first.
    """

    texts: int = 0
    points: Counter[Reading] = field(default_factory=Counter)
    by_concept: dict[str, Counter[Reading]] = field(default_factory=lambda: defaultdict(Counter))
    concerns: Counter[str] = field(default_factory=Counter)
    wordings: list[Wording] = field(default_factory=list)


def coverage(texts: Iterable[Text], most: int = 50) -> Coverage:
    """The report over `texts` with the `most` frequent unread wordings."""
    result = Coverage()
    seen: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        result.texts += 1
        for point in text.points:
            if point.span is None:
                continue  # a structured field of the record, not a sentence
            how = reading_of(point.expression)
            result.points[how] += 1
            for subject in subjects(point.expression):
                result.by_concept[subject][how] += 1
            if point.concern is not None:
                result.concerns[point.concern] += 1
            for wording in _unread(point, text.text):
                seen[wording].append(text.id)
    result.wordings = _frequent(seen, most)
    return result


def reading_of(expression: Expression) -> Reading:
    """Read as a whole, in part, not at all; or left to a person's judgement as a whole."""
    leaves = [node for node in walk(expression) if not children(node)]
    open_ = [node.why for node in leaves if isinstance(node, Opaque)]
    if not open_:
        return Reading.READ
    known = len(open_) < len(leaves)
    if all(why is Unread.JUDGEMENT for why in open_):
        return Reading.READ if known else Reading.JUDGEMENT
    return Reading.PARTLY if known else Reading.UNREAD


def subjects(expression: Expression) -> set[str]:
    """What an expression speaks of: concepts, and quantities without their laboratory's limit."""
    found = set()
    for node in walk(expression):
        match node:
            case Number(quantity=subject) | Code(variable=subject):
                found.add(subject.split(".")[0])
            case Presence(concept=subject) | Count(concept=subject):
                found.add(subject)
            case _:
                pass
    return found


def _unread(point: Point, text: str) -> set[str]:
    """The wordings of a point that were not read, each once."""
    found = set()
    for node in walk(point.expression):
        span = node.span or point.span
        if isinstance(node, Opaque) and node.why is not Unread.JUDGEMENT and span is not None:
            words = [NUMBER.sub("#", word.lower()) for word in WORD.findall(text[span.start : span.end])]
            found.add(" ".join(words[:LONGEST]))
    return found - {"", "#"}


def _frequent(seen: dict[str, list[str]], most: int) -> list[Wording]:
    told = sorted(seen, key=lambda wording: (-len(seen[wording]), wording))[:most]
    return [Wording(words, len(seen[words]), len(set(seen[words])), seen[words][0]) for words in told]
