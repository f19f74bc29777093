"""What a person answered is what the person reads again: in their language, never in the words of the record."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cartella.explaining import Lang
from cartella.services import asked
from cartella.services.askable import listed, possible_answers
from cartella.web.further import in_own_words

from .invented_trials import DAY, Pages

MOST: dict[str, Any] = {
    "disease": "disease:FL", "age": 70, "sex": "female", "place": "Lecce", "state": "relapsed", "lines": 2, "ecog": 1,
    "medicines": "R-CHOP, Revlimid", "last": "2026-03", "hla": "HLA-A*02:01",
    "therapies": dict.fromkeys(asked.THERAPIES, "no") | {"chemotherapy": "yes"},
    "illnesses": dict.fromkeys(asked.ILLNESSES, "no") | {"stroke": "yes"},
    "markers": {"CD19": "positive", "CD20": "negative"},
}  # fmt: skip


def with_more(number: int) -> dict[str, Any]:
    """The answers with the further answers of that number."""
    more = {}
    for question in listed().values():
        if question.choices:
            answers = possible_answers(question, DAY)
            more[question.name] = answers[number % len(answers)]
        elif question.kind == "value":
            more[question.name] = f"5 {question.units[0]}"
    return {**MOST, "more": more}


@pytest.mark.parametrize("answers", [MOST, *(with_more(n) for n in range(4))], ids=["core", "0", "1", "2", "3"])
@pytest.mark.parametrize("lang", ["it", "en"])
def test_every_fact_can_be_shown_as_what_was_said(answers: dict[str, Any], lang: Lang) -> None:
    facts = asked.patient_of_answers(answers, DAY).facts
    said = in_own_words(answers, lang)
    sources = [
        *(m.source for m in facts.measures.values()), *(c.source for c in facts.codings.values()),
        *(e.source for e in facts.events), *(a.source for a in facts.absences), *facts.told.values(),
    ]  # fmt: skip
    assert sources
    assert not {source.path for source in sources} - said.keys()
    assert all(said[source.path] for source in sources)


def test_the_words() -> None:
    said = in_own_words({**MOST, "more": {"stroke": "past:2019", "lab:hb": "10.4 g/dL"}}, "it")
    assert said["diagnosis"] == (
        "Malattia: Linfoma follicolare; Come va la malattia: È tornata dopo una cura che aveva funzionato."
    )
    assert {
        "Età: 70 anni", "Nomi delle cure: Revlimid", "Fine dell'ultima cura: marzo 2026", "Infezione da HIV: No",
        "Ictus: Sì, 2019", "Emoglobina: 10,4 g/dL", "CD19: Positivo", "HLA: HLA-A*02:01", "Cellule CAR-T: No",
    } <= set(said.values())  # fmt: skip
    assert "Un ictus: Sì" not in said.values(), "the further answer goes before the core one"


def test_a_result_shows_them(site: Pages) -> None:
    site.keep({**MOST, "age": 17, "more": {"hiv": "yes"}})
    page = re.sub(r"<[^>]+>", "", site.text("/it/risultati/NCT90000001"))
    assert "Dato usato: «Età: 17 anni»" in page
    assert "Dato usato: «Infezione da HIV: Sì»" in page
    english = re.sub(r"<[^>]+>", "", site.text("/en/results/NCT90000001"))
    assert "HIV infection: Yes" in english
