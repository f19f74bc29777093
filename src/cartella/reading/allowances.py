"""Exclusions with lines below them that name whom they spare, or who is only to be examined."""

from __future__ import annotations

import re

from cartella.reading.layout import Item
from cartella.reading.splitting import split
from cartella.reading.text import PlainText
from cartella.trials.criteria import Section

_LETS_IN = (
    r"(?<!not\s)(?<!not\sbe\s)(?<!in)(?:eligible|allowed|permitted|acceptable|not\s+(?:be\s+)?excluded"
    r"|may\s+(?:participate|enrol+|be\s+(?:included|enrolled)))"
)
LETS_IN = re.compile(
    rf"\b(?:following|below)\b[^.:;]{{0,60}}{_LETS_IN}\b[^.;:]{{0,40}}:?\s*$"
    rf"|{_LETS_IN}\b[^.;:]{{0,60}}[.:;]?\s*(?:these|examples)\s+include[^.;:]{{0,60}}:?\s*$",
    re.I,
)
"""``Patients with the following are eligible:``, ``... are eligible. Examples include:``"""
EXAMINES = re.compile(
    r"^\W*(?:the\s+)?following\s+(?:patients?|subjects?|participants?)\s+(?:will|must|should|are\s+to)\s+"
    r"(?:undergo|have|be\s+(?:evaluated|examined|assessed|tested))\b[^.;:]*:?\s*$",
    re.I,
)


def lets_in_from(item: Item, plain: PlainText) -> int | None:
    """Where the sentence begins that introduces whom an exclusion spares; None without one."""
    if item.section is not Section.EXCLUSION or not item.children:
        return None
    places = split(plain.text[item.body : item.end], item.body)
    for start, _ in reversed(places[-2:]):
        if LETS_IN.search(plain.text[start : item.end].replace("\n", " ")):
            return start
    return None


def examines_from(item: Item, plain: PlainText) -> int | None:
    """Where the sentence begins that introduces who is to be examined: nobody is kept out by the lines below it."""
    if item.section is not Section.EXCLUSION or not item.children:
        return None
    start, end = split(plain.text[item.body : item.end], item.body)[-1]
    return start if EXAMINES.match(plain.text[start:end].replace("\n", " ")) else None
