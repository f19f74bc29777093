"""The texts of the pages: both languages, the same parameters, plain words, nothing that promises."""

from __future__ import annotations

import re
import string

import pytest

from cartella.web.wording import wordings

PAIRS = sorted(wordings().items())
NEVER = {
    "it": r"\b(idone[aoi]|elegg?ibil\w+|garant\w+|guari\w+|miracol\w+|congratulazioni|purtroppo)\b",
    "en": r"\b(eligib\w+|guarantee\w*|cure[sd]?\b|miracle|congratulations|unfortunately)\b",
}
OFFICIAL = (
    r"\b(mediante|previo|suddett\w+|pertanto|altresì|ai fini|in ottemperanza|tramite|effettuar\w+|espletar\w+"
    r"|inerent\w+|qualora|nonché|ovvero|onde)\b"
)
"""The language of offices, which patients find hard."""


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("identifier", "texts"), PAIRS, ids=[identifier for identifier, _ in PAIRS])
def test_a_text_is_there_in_both_languages_with_the_same_parameters(identifier: str, texts: tuple[str, str]) -> None:
    italian, english = texts
    assert italian.strip() == italian and english.strip() == english and italian and english
    assert parameters(italian) == parameters(english), identifier
    assert not re.search(NEVER["it"], italian, re.IGNORECASE), italian
    assert not re.search(NEVER["en"], english, re.IGNORECASE), english
    assert not re.search(OFFICIAL, italian, re.IGNORECASE), italian


def test_sentences_for_patients_are_short() -> None:
    for identifier, (italian, english) in PAIRS:
        if identifier.startswith("clinician"):
            continue
        for text in (italian, english):
            for sentence in re.split(r"(?<=[.!?:;])\s+", text):
                assert len(sentence.split()) <= 25, f"{identifier}: {sentence}"
