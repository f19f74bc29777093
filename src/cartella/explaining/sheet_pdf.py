"""The sheet for the doctor as PDF: tagged (PDF/UA-1), with language and title, the same bytes for the same sheet.

Typst sets it. The template is `data/sheet.typ`; every text is passed to it as data, so that no text can be read as
markup. Only the fonts that ship with typst are used: nothing is looked up on the machine or the network.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import typst

from cartella.explaining.sheet import Sheet, SheetTrial

REGIONS = {"it": "IT", "en": None}
SIZES = (10, 9.3, 8.6)
"""Sizes of the type in points, from the best to the smallest that is still read without effort."""
MOST_PAGES = 2

_MOST_NUMBERED = 9
_PAGES = re.compile(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>")
# What the font has no sign for: a text with such a sign could not be read aloud, and the standard forbids it.
_NO_SIGN = re.compile(
    r"[^ -~\u00a0-\u024f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u2015"
    r"\u2018-\u2027\u2030-\u2040\u2070\u2071\u2074-\u208e\u20ac\u2116\u2122\u2190-\u2193\u2200-\u22ff\u25a0-\u25ff]+"
)
_SAID = {
    "title": "sheet.title",
    "limits": "limits",
    "facts": "sheet.facts",
    "facts_none": "facts.none",
    "unknown": "sheet.unknown",
    "questions": "questions",
    "question_none": "question.none",
    "trials": "sheet.trials",
    "trials_about": "sheet.trials.about",
    "trials_none": "sheet.trials.none",
    "later": "sheet.later",
    "later_about": "sheet.later.about",
    "notes": "notes",
    "not_checked": "not_checked",
    "device": "device",
}


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as a tagged PDF; set smaller where it would not fit on two pages."""
    data = _shown(_data(sheet))
    for size in SIZES:
        found = _set({**data, "size": size}, sheet)
        pages = _PAGES.search(found)
        if pages is None or int(pages[1]) <= MOST_PAGES:
            break
    return found


def _set(data: dict[str, Any], sheet: Sheet) -> bytes:
    found = typst.compile(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        # the moment of its making would make every file another one
        timestamp=datetime.combine(sheet.day, time(), UTC),
    )
    assert isinstance(found, bytes)
    return found


@cache
def _template() -> bytes:
    return (files("cartella.explaining") / "data" / "sheet.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "lang": sheet.lang,
        "region": REGIONS[sheet.lang],
        "title": f"{sheet.say('sheet.title')} – Cartella",
        "prepared": sheet.prepared,
        "release": sheet.release,
        "data_as_of": sheet.data_as_of,
        "say": {name: sheet.say(identifier) for name, identifier in _SAID.items()},
        "pages": [sheet.say("sheet.page", n=n, m="{m}") for n in range(1, _MOST_NUMBERED + 1)],
        "facts": [list(fact) for fact in sheet.facts],
        "unknown": list(sheet.unknown),
        "questions": list(sheet.questions),
        "trials": [_trial(sheet, trial) for trial in sheet.trials],
        "later": [_trial(sheet, trial) for trial in sheet.later],
        "not_checked": list(sheet.not_checked),
    }


def _trial(sheet: Sheet, trial: SheetTrial) -> dict[str, Any]:
    linked = urlsplit(trial.link).scheme in ("https", "http")
    return {
        "id": trial.id,
        "title": trial.title,
        "link": trial.link if linked else "",
        "group": trial.group.value,
        "group_words": sheet.say(f"group.{trial.group.value}"),
        "about": [_sentence(line) for line in trial.about],
        "points": list(trial.points),
        "again": trial.again,
        "contact": sheet.say("sheet.contact"),
    }


def _sentence(line: str) -> str:
    return line if line.endswith((".", "?", "!", ";")) else f"{line}."


def _shown(value: Any) -> Any:
    """The same data with every text in signs that the font has."""
    match value:
        case str():
            return _NO_SIGN.sub("□", unicodedata.normalize("NFC", " ".join(value.split())) if value.strip() else value)
        case dict():
            return {name: _shown(part) for name, part in value.items()}
        case list():
            return [_shown(part) for part in value]
    return value
