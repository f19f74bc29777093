"""The tables of wordings: complete in four renderings, and free of what is never said."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files

import pytest
from gulpease import gulpease

from cartella.explaining import Group, Reason, name
from cartella.explaining.tables import Lang, Register, message, messages, own_name
from cartella.patients.states import SITES, STATES
from cartella.reading.cues import Cue, phrases

RENDERINGS: tuple[tuple[Lang, Register], ...] = (
    ("it", "patient"),
    ("it", "clinician"),
    ("en", "patient"),
    ("en", "clinician"),
)
NEVER = re.compile(
    r"\beligib|idone[oi]\b|\bcongrat|\bguarant|garanzia|\bcure[sd]?\b(?= you)|percent(?!ual)|probabil", re.I
)


def fields(template: str) -> set[str]:
    return {found for _, found, _, _ in string.Formatter().parse(template) if found}


@pytest.mark.parametrize("identifier", sorted(messages()))
def test_every_message_has_four_renderings_with_the_same_parameters(identifier: str) -> None:
    row = messages()[identifier]
    assert len(row) == 4
    assert all(row)
    assert fields(row[0]) == fields(row[2]), "Italian and English for patients"
    assert fields(row[1]) == fields(row[3]), "Italian and English for clinicians"
    assert not any(NEVER.search(text) for text in row)


def test_the_groups_are_named_exactly() -> None:
    expected = {
        Group.NO_OBSTACLE: ("Nessun ostacolo trovato (da verificare)", "No obstacle found (to be verified)"),
        Group.MISSING_INFORMATION: ("Mancano informazioni", "Information missing"),
        Group.CONFLICT: ("Un punto non corrisponde", "A point does not match"),
    }
    for group, (italian, english) in expected.items():
        for register in ("patient", "clinician"):
            assert message(f"group.{group.value}", "it", register) == italian
            assert message(f"group.{group.value}", "en", register) == english


def test_every_kind_of_unknown_has_its_own_words() -> None:
    for lang, register in RENDERINGS:
        said = [message(reason.value, lang, register, missing="X") for reason in Reason]
        assert len(set(said)) == len(Reason)


def test_states_sites_and_traits_of_records_and_criteria_have_names() -> None:
    known = {*STATES, *SITES, *(name for cue, name, _ in phrases() if cue is Cue.STATE)}
    for identifier in known:
        for lang, register in RENDERINGS:
            assert own_name(identifier, lang, register), identifier
    for trait in {"!active" if name_ == "resolved" else name_ for cue, name_, _ in phrases() if cue is Cue.TRAIT}:
        for lang, register in RENDERINGS:
            assert own_name(f"trait:{trait}", lang, register), trait


def test_an_unknown_id_is_said_as_it_is() -> None:
    assert name("class:some_new_class", "en", "patient") == "some new class"


def test_every_table_states_its_origin() -> None:
    folder = files("cartella.explaining") / "data"
    sources = tomllib.loads((folder / "SOURCES.toml").read_text(encoding="utf-8"))
    tables = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}
    assert set(sources) == tables
    for entry in sources.values():
        assert {"origin", "date", "licence", "confidence"} <= set(entry)


SENTENCES = sorted(i for i, row in messages().items() if row[0].endswith((".", "?")) and len(row[0].split()) > 4)


@pytest.mark.parametrize("identifier", SENTENCES)
def test_italian_sentences_for_patients_are_easy_to_read(identifier: str) -> None:
    assert gulpease(messages()[identifier][0].replace("{", "").replace("}", "")) >= 60


def test_the_index_is_the_published_one() -> None:
    # 4 words, 1 sentence, 20 letters: 89 + (300 - 200) / 4
    assert gulpease("Abcde fghil mnopq rstuv.") == 100.0
    # 10 words, 1 sentence, 80 letters: 89 + (300 - 800) / 10
    assert gulpease(" ".join(["parolona"] * 10) + ".") == 39.0
