"""The next best question: what is asked, why, what becomes of the answer, and that "I don't know" is an answer."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from cartella import services
from cartella.logic import Code, Presence, Truth, evaluate
from cartella.patients import LoadedPatient
from cartella.services import CatalogueSource, NextQuestions, Source, asked, next_question
from cartella.services.askable import CHOICES, listed, possible_answers
from cartella.web import asking, further
from cartella.web.wording import wordings

from .invented_trials import DAY, Pages

ANSWERS: dict[str, Any] = {"disease": "disease:FL", "age": 70, "sex": "female"}
LECCE: dict[str, Any] = {
    **ANSWERS, "place": "Lecce", "state": "relapsed", "medicines": "", "lines": 2, "last": "unknown", "ecog": "unknown",
    "therapies": {"chemotherapy": "yes"}, "illnesses": {"heart": "no"}, "markers": {}, "hla": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def questions(invented: Source) -> NextQuestions:
    return NextQuestions(invented, DAY)


def facts_after(name: str, answer: str) -> LoadedPatient:
    return asked.patient_of_answers({**ANSWERS, "more": {name: answer}}, DAY)


def test_disease_and_age_come_first(questions: NextQuestions) -> None:
    first = questions.best({})
    assert first is not None
    assert (first.question.kind, first.question.name) == ("core", "disease")
    second = questions.best({"disease": "disease:FL"})
    assert second is not None
    assert second.question.name == "age"


def test_the_question_that_can_decide_most_trials_is_asked(questions: NextQuestions) -> None:
    best = questions.best(ANSWERS)
    assert best is not None
    assert best.question.name == "hiv"
    # study 5 asks for an age below 60 and is no longer open; three of the others ask for HIV, none for nothing else
    assert (best.open_trials, best.can_settle, best.can_exclude, best.settles) == (5, 3, 3, 0)


def test_numbers_are_those_of_answering(questions: NextQuestions, invented: Source) -> None:
    """Every question in turn: what it is said to decide is what its answers do to the groups."""
    request = services.MatchRequest(as_of=DAY, shown=0)

    def groups(answers: dict[str, Any]) -> dict[str, str]:
        matched = services.match_patient(invented, asked.patient_of_answers(answers, DAY), request)
        return {standing.identifier: standing.group.value for standing in matched.standings}

    answers: dict[str, Any] = dict(ANSWERS)
    seen = []
    while (best := questions.best(answers)) is not None:
        name = best.question.name
        seen.append(name)
        if best.question.choices:
            now = groups(answers)
            waiting = [trial for trial, group in now.items() if group == "missing_information"]
            after = [
                groups({**answers, "more": {**answers.get("more", {}), name: answer}})
                for answer in possible_answers(best.question, DAY)
            ]
            decided = [trial for trial in waiting if any(g[trial] != "missing_information" for g in after)]
            always = [trial for trial in waiting if all(g[trial] != "missing_information" for g in after)]
            assert (best.open_trials, best.can_settle, best.settles) == (len(waiting), len(decided), len(always)), name
        if best.question.kind == "core":
            answers = {**answers, name: "unknown"}
        else:
            favourable = {"present": "no", "value": "unknown", "hla": "unknown", "marker": "positive"}
            answer = favourable.get(best.question.kind, "never")
            answers = {**answers, "more": {**answers.get("more", {}), name: answer}}
    assert {"hiv", "stroke", "allogeneic", "hepatitis_b", "lab:plt", "lab:ast", "ecog"} <= set(seen)
    assert "dementia" not in seen, "asked only by a trial that is in conflict"
    assert len(seen) == len(set(seen)), "asked twice"


def test_the_last_open_question_settles_the_trial(questions: NextQuestions) -> None:
    more = {"hiv": "no", "allogeneic": "never"}
    best = questions.of(services.askable("allogeneic"), {**ANSWERS, "more": more})  # type: ignore[arg-type]
    assert best.can_clear >= 1
    assert best.settles >= 1


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_what_was_answered_is_not_asked_again(questions: NextQuestions, answer: str) -> None:
    best = questions.best({**ANSWERS, "more": {"hiv": answer}})
    assert best is not None
    assert best.question.name != "hiv"
    core = questions.best({**ANSWERS, "illnesses": {} if answer == "unknown" else {"hiv": "no"}})
    assert core is not None
    assert core.question.name != "hiv"


def test_skipping_the_values_skips_them_all(questions: NextQuestions) -> None:
    answers: dict[str, Any] = {**LECCE, "more": {"values": "unknown"}}
    asked_for = []
    while (best := questions.best(answers)) is not None:
        asked_for.append(best.question.kind)
        answers = {**answers, "more": {**answers["more"], best.question.name: "unknown"}}
    assert asked_for
    assert "value" not in asked_for


CHOOSING = [question for question in listed().values() if question.choices]


@pytest.mark.parametrize("question", CHOOSING, ids=lambda question: question.name)
def test_every_answer_is_understood(question: services.Askable) -> None:
    """Each answer of each question becomes a fact about its first subject, and nothing in it is passed over."""
    for answer in possible_answers(question, DAY):
        patient = facts_after(question.name, answer)
        subject = question.subjects[0]
        found = evaluate(Presence(subject), patient.facts).truth
        wanted = Truth.FALSE if answer in ("no", "never") else Truth.TRUE
        if (question.name, answer.partition(":")[0]) not in LEFT_OPEN:
            assert found is wanted, (answer, found)
        passed_over = [r.words("en") for r in patient.report if r.message in ("not_understood", "words_not_read")]
        assert not passed_over, passed_over


LEFT_OPEN = {("hepatitis_b", "past"), ("hepatitis_c", "past")}
"""A hepatitis that is over may or may not count as one."""


@pytest.mark.parametrize(("name", "answer", "key"), [
    ("lab:plt", "112 10*9/L", "lab:plt"),
    ("lab:ast", "28 U/L (ULN 40)", "lab:ast.uln"),
    ("lab:lvef", "60 %", "lab:lvef"),
    ("lab:egfr", "72 mL/min/{1.73_m2}", "lab:egfr"),
    ("lab:inr", "1.1 {INR}", "lab:inr"),
])  # fmt: skip
def test_values_are_understood(name: str, answer: str, key: str) -> None:
    assert key in facts_after(name, answer).facts.measures


@pytest.mark.parametrize("question", [q for q in listed().values() if q.kind == "value"], ids=lambda q: q.name)
def test_every_unit_that_is_offered_is_known(question: services.Askable) -> None:
    for unit in question.units:
        assert any(services.value_of(question, str(n), unit) for n in (1, 5, 20, 100, 420, 4000, 150000)), unit


def test_every_marker_that_trials_ask_for_is_understood() -> None:
    names = NextQuestions(CatalogueSource(), DAY)._markers
    assert len(names) > 20
    lost = []
    for name in names:
        question = services.askable(name)
        assert question is not None
        for answer, wanted in (("positive", Truth.TRUE), ("negative", Truth.FALSE)):
            found = evaluate(Code(name, frozenset({"positive"})), facts_after(name, answer).facts).truth
            if found is not wanted:
                lost.append((name, answer))
    assert not lost


@pytest.mark.parametrize(("written", "unit", "kept"), [
    ("112", "10*9/L", "112 10*9/L"),
    ("112,5", "10*9/L", "112.5 10*9/L"),
    ("150.000", "/uL", "150000 /uL"),
    ("150.000", "10*9/L", "150.000 10*9/L"),
    ("1.234", "10*9/L", None),
    ("112000", "10*9/L", None),
    ("0", "10*9/L", None),
    ("many", "10*9/L", None),
    ("112", "g/dL", None),
    ("1" * 400, "10*9/L", None),
])  # fmt: skip
def test_a_value_is_read_as_a_report_writes_it_or_not_at_all(written: str, unit: str, kept: str | None) -> None:
    question = services.askable("lab:plt")
    assert question is not None
    found = services.value_of(question, written, unit)
    assert found == kept
    assert found is None or services.is_answer(question, found)


@pytest.mark.parametrize(("name", "answer"), [
    ("stroke", "past:2024-13"), ("stroke", "past:24"), ("stroke", "now"), ("hiv", "never"), ("lab:plt", "112"),
    ("lab:plt", "112 10*9/L (ULN )"), ("hla", "A2; drop"), ("antigen:CD19", "yes"), ("hiv", 3), ("hiv", "x" * 500),
])  # fmt: skip
def test_what_is_no_answer_is_not_kept(name: str, answer: object) -> None:
    question = services.askable(name)
    assert question is not None
    assert not services.is_answer(question, answer)


def test_a_refined_answer_takes_the_place_of_the_core_answer() -> None:
    answers = {**ANSWERS, "illnesses": {"stroke": "yes"}, "more": {"stroke": "past:2019"}}
    events = asked.patient_of_answers(answers, DAY).facts.events
    (stroke,) = [event for event in events if "cond:stroke" in event.concepts]
    assert stroke.last.high is not None
    assert stroke.last.high < DAY.toordinal() - 365
    assert asked.record_of({**answers, "more": {"stroke": "unknown"}})["conditions"] == ["stroke"]


def test_every_question_has_its_words() -> None:
    for question in listed().values():
        if question.kind != "core":
            for part in ("", ".hint", ".short"):
                assert f"next.{question.name}{part}" in wordings(), question.name
        else:
            assert any(core.name == question.name for core in asking.QUESTIONS)
    for kind, choices in CHOICES.items():
        assert all(f"{kind}.{choice}" in wordings() for choice in choices)


def test_a_saved_file_keeps_further_answers_and_nothing_else() -> None:
    saved = b"""{"answers": {"age": 70, "more": {"hiv": "no", "lab:plt": "112 10*9/L", "nonsense": "no",
        "stroke": "perhaps", "values": "unknown", "ecog": "unknown"}}}"""
    found = asking.answers_in(saved)
    assert found == {"age": 70, "more": {"hiv": "no", "lab:plt": "112 10*9/L", "values": "unknown", "ecog": "unknown"}}
    assert asking.answers_in(b'{"answers": {"more": [1, 2]}}') == {}
    assert asking.answers_in(b'{"answers": {"last": "2026-99"}}') == {}
    assert asking.answers_in(b'{"answers": {"last": "2026-09"}}') == {"last": "2026-09"}


def test_the_page_asks_and_says_why(site: Pages) -> None:
    site.keep(ANSWERS)
    page = site.text("/it/prossima-domanda")
    assert "C&#39;è un&#39;infezione da HIV?" in page
    assert "La risposta può decidere 3 studi, fra i 5 ancora da chiarire che abbiamo letto." in page
    assert 'href="/it/risultati"' in page
    english = site.text("/en/next-question")
    assert "Is there an HIV infection?" in english
    assert "The answer can decide 3 of the 5 open trials whose criteria we have read." in english
    for text in (page, english):
        assert not re.search(r"70\b|follic", text, re.IGNORECASE), "an answer of the person is on the page"


def test_an_answer_is_kept_and_the_next_question_comes(site: Pages) -> None:
    site.keep(ANSWERS)
    answered = site.client.post("/it/prossima-domanda", data={"name": "hiv", "answer": "no"}, follow_redirects=False)
    assert (answered.status_code, answered.headers["location"]) == (303, "/it/prossima-domanda?saved=1")
    assert site.kept() == {**ANSWERS, "more": {"hiv": "no"}}
    assert "HIV" not in site.text("/it/prossima-domanda").partition("<main")[2].partition("</h1>")[0]
    listed_answers = site.text("/it/risposte")
    assert "Infezione da HIV" in listed_answers
    assert 'href="/it/prossima-domanda/hiv"' in listed_answers


def test_an_answer_can_be_changed(site: Pages) -> None:
    site.keep({**ANSWERS, "more": {"stroke": "past:2024-05", "lab:ast": "28 U/L (ULN 40)"}})
    page = site.text("/en/next-question/stroke")
    assert 'value="past" checked' in page
    assert 'value="2024"' in page
    assert 'value="05" selected' in page
    values = site.text("/en/next-question/lab%3Aast")
    assert 'value="28"' in values
    assert 'value="40"' in values
    changed = site.client.post(
        "/en/next-question", data={"name": "stroke", "answer": "never", "change": "1"}, follow_redirects=False
    )
    assert changed.headers["location"] == "/en/answers"
    assert site.kept()["more"]["stroke"] == "never"


@pytest.mark.parametrize(("fields", "words"), [
    ({"name": "hiv"}, "Scelga una risposta"),
    ({"name": "stroke", "answer": "past", "year": "24"}, "quattro cifre"),
    ({"name": "stroke", "answer": "past", "year": "2026", "month": "12"}, "nel futuro"),
    ({"name": "lab:plt", "value": "112000", "unit": "10*9/L"}, "non è possibile in questa unità"),
    ({"name": "lab:ast", "value": "28", "unit": "U/L", "limit": "many"}, "limite massimo"),
    ({"name": "hla", "value": "A2"}, "HLA-A*02:01"),
])  # fmt: skip
def test_what_cannot_be_is_asked_again(site: Pages, fields: dict[str, str], words: str) -> None:
    site.keep(ANSWERS)
    answered = site.client.post("/it/prossima-domanda", data=fields)
    assert answered.status_code == 422
    assert words in answered.text
    assert 'role="alert"' in answered.text
    assert 'href="/en/next-question/' in answered.text, "the language switch leads to a page"


@pytest.mark.parametrize(("fields", "kept"), [
    ({"name": "hiv", "answer": "unknown"}, {"hiv": "unknown"}),
    ({"name": "lab:plt", "unknown": "1"}, {"lab:plt": "unknown"}),
    ({"name": "lab:plt", "value": ""}, {"lab:plt": "unknown"}),
    ({"name": "lab:plt", "value": "x", "skip_values": "1"}, {"values": "unknown"}),
    ({"name": "lab:hb", "value": "10,4", "unit": "g/dL"}, {"lab:hb": "10.4 g/dL"}),
    ({"name": "hla", "value": "hla-a*02:01 hla-b*07:02"}, {"hla": "HLA-A*02:01 HLA-B*07:02"}),
    ({"name": "stroke", "answer": "past", "year": ""}, {"stroke": "past"}),
    ({"name": "stroke", "answer": "past", "year": "2024", "month": "05"}, {"stroke": "past:2024-05"}),
    ({"name": "antigen:CD19", "answer": "untested"}, {"antigen:CD19": "untested"}),
])  # fmt: skip
def test_answers_of_every_kind(site: Pages, fields: dict[str, str], kept: dict[str, str]) -> None:
    site.keep(ANSWERS)
    assert site.client.post("/en/next-question", data=fields, follow_redirects=False).status_code == 303
    assert site.kept()["more"] == kept


def test_the_values_can_be_asked_for_again(site: Pages) -> None:
    site.keep({**ANSWERS, "more": {"values": "unknown"}})
    assert "Sì, chiedimi di nuovo i valori" in site.text("/it/prossima-domanda/values")
    site.client.post("/it/prossima-domanda", data={"name": "values", "change": "1"}, follow_redirects=False)
    assert site.kept()["more"] == {}


@pytest.mark.parametrize("name", ["ecog", "nothing", "disease", "cond:hiv_infection", "antigen:", "../x"])
def test_other_names_are_no_questions(site: Pages, name: str) -> None:
    assert site.client.get(f"/it/prossima-domanda/{name}").status_code == 404
    assert site.client.post("/it/prossima-domanda", data={"name": name, "answer": "no"}).status_code == 404


def test_a_core_question_is_asked_on_its_own_page_and_leads_on(site: Pages) -> None:
    asked_for = site.client.get("/it/prossima-domanda", follow_redirects=False)
    assert asked_for.headers["location"] == "/it/domande/malattia?onward=1"
    page = site.text("/it/domande/malattia?onward=1")
    assert 'name="onward"' in page
    answered = site.client.post(
        "/it/domande/malattia", data={"disease": "linfoma follicolare", "onward": "1"}, follow_redirects=False
    )
    assert answered.headers["location"] == "/it/prossima-domanda?saved=1"
    assert "Senza questa risposta" in page
    site.keep({**ANSWERS, "more": {"hiv": "no", "stroke": "never"}})
    strength = site.text("/en/questions/strength?onward=1")
    assert "The answer can decide 1 of the" in strength
    assert "Why this question" not in site.text("/en/questions/strength")


def test_when_nothing_is_left_the_page_leads_to_the_sheet(site: Pages) -> None:
    everything = dict.fromkeys(listed(), "unknown") | {f"antigen:{name}": "unknown" for name in ("CD19", "CD20")}
    site.keep({**LECCE, "more": everything})
    page = site.text("/en/next-question")
    assert "no further useful questions" in page
    assert 'href="/en/sheet"' in page


def test_results_offer_the_next_question(site: Pages) -> None:
    assert 'href="/it/prossima-domanda"' not in site.text("/it/risultati"), "without answers there is another way"
    site.keep(ANSWERS)
    page = site.text("/it/risultati")
    assert "C&#39;è un&#39;infezione da HIV?" in page
    assert "può decidere 3 studi" in page


def test_many_answers_fit_into_the_cookie(site: Pages) -> None:
    def answer(question: services.Askable) -> str:
        if question.kind == "value":
            return f"{'1234.5'} {question.units[0]} (ULN 40.25)"
        return "past:2024-05" if "past" in question.choices else "no" if "no" in question.choices else "unknown"

    more = {question.name: answer(question) for question in listed().values()}
    site.keep({**LECCE, "medicines": "R-CHOP, lenalidomide, rituximab, mosunetuzumab", "more": more})


@pytest.mark.slow
def test_on_the_catalogue_it_is_quick_and_comes_to_an_end() -> None:
    questions = NextQuestions(CatalogueSource(), DAY)
    answers: dict[str, Any] = dict(LECCE)
    assert questions.best(answers) is not None
    spent = []
    for _ in range(200):
        begun = time.perf_counter()
        best = questions.best(answers)
        spent.append(time.perf_counter() - begun)
        if best is None:
            break
        assert 0 < best.can_settle <= best.open_trials
        answers = {**answers, "more": {**answers.get("more", {}), best.question.name: "unknown"}}
    else:
        raise AssertionError("the questions do not end")
    assert sorted(spent)[len(spent) // 2] < 0.5


def test_the_words_of_an_answer() -> None:
    said = {
        name: further.said(services.askable(name), answer, "it")  # type: ignore[arg-type]
        for name, answer in {
            "stroke": "past:2024-05",
            "hiv": "no",
            "lab:hb": "10.4 g/dL",
            "lab:ast": "28 U/L (ULN 40)",
            "immunosuppressant": "now",
            "antigen:CD19": "untested",
            "autoimmune": "past:2020",
        }.items()
    }
    assert said == {
        "stroke": "Sì, maggio 2024",
        "hiv": "No",
        "lab:hb": "10,4 g/dL",
        "lab:ast": "28 U/L (limite 40)",
        "immunosuppressant": "Sì, adesso",
        "antigen:CD19": "Non è stato cercato",
        "autoimmune": "Sì, ma è passata, 2020",
    }
    assert next_question.FIRST == ("disease", "age")
