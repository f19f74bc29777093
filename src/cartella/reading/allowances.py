"""Lines that name whom the line above them spares, who is only to be examined, or what must not be."""

from __future__ import annotations

import re

from cartella.reading.layout import Item
from cartella.reading.splitting import split
from cartella.reading.text import PlainText
from cartella.trials.criteria import Section

_LETS_IN = (
    r"(?<!not\s)(?<!not\sbe\s)(?<!in)(?:eligible|allowed|permitted|acceptable|exempt|not\s+(?:be\s+)?exclu(?:ded|sionary)"
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


KEEPS_OUT = re.compile(
    r"(?:\b(?:must|should|may|can|shall)\s*not\s+(?:have|meet)\b(?:(?!\band\b)[^.;]){0,60}\bof\s+the\s+following\b"
    r"|\b(?:following|these|below)\b[^.;]{0,80}\b(?:not\s+(?:be\s+)?eligible|excluded|ineligible)\b"
    r"|\b(?:no|without|absence\s+of)\s+(?:\w+\s+){0,6}?(?:any\s+of\s+)?(?:the\s+)?following\b"
    r"|^\W*no\b[^.;]{3,100}\bincluding(?:\s+but\s+not\s+limited\s+to)?\b)[^.;]{0,60}\W*$",
    re.I,
)
"""The end of an inclusion whose list below is of what the patient must not have."""
ASKS_FOR_ALL = re.compile(r"\b(?:can|may|will)\s+be\s+(?:included|enrolled)|\ball\s+(?:of\s+)?the\s+following", re.I)
DENIES = re.compile(r"\W*(?:no|not|without|absence|never)\b", re.I)
ONLY_EXCEPTIONS = re.compile(
    r"^\W*(?:the\s+)?(?:following\s+are\s+(?:the\s+)?)?(?:only\s+)?(?:allowed\s+)?exceptions?\b[^.;:]{0,60}[.:]?\s*$",
    re.I,
)


def takes_out(item: Item, plain: PlainText) -> bool:
    """Whether a line only opens exceptions ("Exceptions:") to the point before it."""
    return bool(item.children) and ONLY_EXCEPTIONS.match(item.text(plain)) is not None


def keeps_out(item: Item, words: str) -> bool:
    """Whether the lines below an inclusion list what must not be."""
    tail = words[-200:]
    return bool(
        item.section is Section.INCLUSION and item.children and KEEPS_OUT.search(tail) and not ASKS_FOR_ALL.search(tail)
    )


def turn_round(item: Item, plain: PlainText) -> None:
    """Give the lines below an inclusion that lists what must not be the section of the exclusions."""
    for child in item.children:
        if not DENIES.match(child.text(plain)) and child.marker[:1] == item.children[0].marker[:1]:
            _set_section(child)


def _set_section(item: Item) -> None:
    item.section = Section.EXCLUSION
    for child in item.children:
        _set_section(child)
