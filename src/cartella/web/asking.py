"""The questions of the patient's path: their order, and what a sent form makes of each.

A question is one page. Its `read` takes the sent fields and answers what is to be kept (`services.asked` says what that
means), or a `Retry` with the id of the text that says what to mend; nothing is ever guessed in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cartella import services
from cartella.explaining import Lang
from cartella.services import asked
from cartella.web.keeping import Answers
from cartella.web.wording import say

Fields = Mapping[str, str]
OLDEST = 120
LONGEST_TEXT = 300
MOST_FURTHER = 100
_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Retry:
    """Why a form has to be shown again: the id of a text, and choices to pick from."""

    why: str
    choices: Sequence[tuple[str, str]] = ()
    parameters: dict[str, str] = field(default_factory=dict)


Reader = Callable[[Fields, Answers, date, Lang], "dict[str, Any] | Retry"]


@dataclass(frozen=True, slots=True)
class Question:
    """One page. `form` names its template, `keys` the answers that it gives, `options` the ids to choose from."""

    name: str
    slugs: tuple[str, str]
    form: str
    keys: tuple[str, ...]
    read: Reader
    options: tuple[str, ...] = ()

    def slug(self, lang: Lang) -> str:
        """Its part of the address."""
        return self.slugs[0 if lang == "it" else 1]


def _disease(fields: Fields, _answers: Answers, _day: date, lang: Lang) -> dict[str, Any] | Retry:
    chosen = fields.get("chosen", "")
    if chosen.startswith("disease:") and services.is_disease(chosen):
        return {"disease": chosen}
    text = fields.get("disease", "").strip()[:LONGEST_TEXT]
    if not text or fields.get("unknown"):
        return {"disease": services.UNKNOWN}
    found = asked.diseases_named(text)
    if len(found) == 1:
        return {"disease": found[0]}
    if found:
        return Retry("retry.which_disease", [(d, services.disease_name(d, lang)) for d in found])
    return Retry("retry.disease", parameters={"text": text})


def _age(fields: Fields, _answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
    text = fields.get("age", "").strip()
    if not text or fields.get("unknown"):
        return {"age": services.UNKNOWN}
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > OLDEST:
        return Retry("retry.age")
    return {"age": int(text)}


def _place(fields: Fields, _answers: Answers, _day: date, lang: Lang) -> dict[str, Any] | Retry:
    text = fields.get("place", "").strip()[:LONGEST_TEXT]
    if not text or fields.get("unknown"):
        return {"place": services.UNKNOWN}
    found = services.look_up_place(text)
    if found.place is not None:
        return {"place": found.place.described("en")}
    choices = [(place.described("en"), place.described(lang)) for place in (found.candidates or found.suggestions)]
    return Retry("retry.which_place" if choices else "retry.place", choices[:8], {"text": text})


def _one_of(key: str, *known: str) -> Reader:
    def read(fields: Fields, _answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
        value = fields.get(key, services.UNKNOWN)
        return {key: value if value in known else services.UNKNOWN}

    return read


def _number(key: str, most: int) -> Reader:
    def read(fields: Fields, _answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
        value = fields.get(key, "")
        return {
            key: int(value) if re.fullmatch(r"\d{1,2}", value, re.ASCII) and int(value) <= most else services.UNKNOWN
        }

    return read


def _rows(key: str, known: Sequence[str], *values: str) -> Reader:
    """Several things on one page, each with its own answer."""

    def read(fields: Fields, _answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
        return {key: {row: fields[row] for row in known if fields.get(row) in values}}

    return read


def _last(fields: Fields, _answers: Answers, day: date, _lang: Lang) -> dict[str, Any] | Retry:
    month, year = fields.get("month", ""), fields.get("year", "").strip()
    if fields.get("unknown") or not year:
        return {"last": services.UNKNOWN}
    if not re.fullmatch(r"\d{4}", year, re.ASCII) or not day.year - 60 <= int(year) <= day.year:
        return Retry("retry.year")
    if re.fullmatch(r"0[1-9]|1[0-2]", month):
        if (int(year), int(month)) > (day.year, day.month):
            return Retry("retry.future")
        return {"last": f"{year}-{month}"}
    return {"last": year}


def _medicines(fields: Fields, _answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
    return {"medicines": "" if fields.get("unknown") else fields.get("medicines", "").strip()[:LONGEST_TEXT]}


def _markers(fields: Fields, answers: Answers, _day: date, _lang: Lang) -> dict[str, Any] | Retry:
    known = asked.markers_for(answers.get("disease"))
    found = {row: fields[row] for row in known if fields.get(row) in ("positive", "negative")}
    return {"markers": found, "hla": fields.get("hla", "").strip()[:60]}


QUESTIONS: tuple[Question, ...] = (
    Question("disease", ("malattia", "disease"), "disease", ("disease",), _disease),
    Question("age", ("eta", "age"), "age", ("age",), _age),
    Question("sex", ("sesso", "sex"), "choice", ("sex",), _one_of("sex", "female", "male"), ("female", "male")),
    Question("place", ("luogo", "place"), "place", ("place",), _place),
    Question(
        "state", ("andamento", "course"), "choice", ("state",), _one_of("state", *asked.STATES), tuple(asked.STATES)
    ),
    Question(
        "therapies",
        ("cure", "treatments"),
        "rows",
        ("therapies",),
        _rows("therapies", tuple(asked.THERAPIES), "yes", "no"),
        tuple(asked.THERAPIES),
    ),
    Question("medicines", ("farmaci", "medicines"), "medicines", ("medicines",), _medicines),
    Question(
        "lines",
        ("linee", "lines"),
        "number",
        ("lines",),
        _number("lines", 12),
        ("0", "1", "2", "3", "4", "5", "6", "7", "8"),
    ),
    Question("last", ("ultima-cura", "last-treatment"), "last", ("last",), _last),
    Question("ecog", ("forze", "strength"), "number", ("ecog",), _number("ecog", 4), ("0", "1", "2", "3", "4")),
    Question(
        "illnesses",
        ("altre-malattie", "other-illnesses"),
        "rows",
        ("illnesses",),
        _rows("illnesses", tuple(asked.ILLNESSES), "yes", "no"),
        tuple(asked.ILLNESSES),
    ),
    Question("markers", ("esami", "tests"), "markers", ("markers", "hla"), _markers),
)
"""The core questions, in the order in which they are asked."""


def question_of(slug: str) -> Question | None:
    """The question with that part of an address, in either language."""
    return next((question for question in QUESTIONS if slug in question.slugs), None)


def rows_of(question: Question, answers: Answers) -> tuple[str, ...]:
    """The rows to ask for: what cannot concern this person is left out."""
    if question.name != "illnesses":
        return question.options
    age = answers.get("age")
    no_child = answers.get("sex") == "male" or (isinstance(age, int) and not 10 <= age < 60)
    return tuple(row for row in question.options if not (row == "pregnancy" and no_child))


def said(question: Question, answers: Answers, lang: Lang) -> str:
    """The answer to a question in words, "I don't know" where none was given."""
    unknown = say("unknown", lang)
    value = answers.get(question.keys[0])
    match question.name:
        case "disease":
            return services.disease_name(str(value), lang) if services.is_disease(str(value)) else unknown
        case "age":
            return say("age.said", lang, n=value) if isinstance(value, int) else unknown
        case "place":
            return services.place_name(str(value), lang) if value not in (None, services.UNKNOWN) else unknown
        case "sex" | "state":
            return say(f"{question.name}.{value}", lang) if value in question.options else unknown
        case "lines" | "ecog":
            return say(f"{question.name}.{value}", lang) if str(value) in question.options else unknown
        case "last":
            return month_words(str(value), lang) if value not in (None, services.UNKNOWN) else unknown
        case "medicines":
            return str(value) if value else unknown
    rows = value if isinstance(value, dict) else {}
    listed = [f"{say_row(question.name, row, lang)}: {say(f'answer.{answer}', lang)}" for row, answer in rows.items()]
    if question.name == "markers" and answers.get("hla"):
        listed.append(f"HLA: {answers['hla']}")
    return "; ".join(listed) or unknown


def month_words(when: str, lang: Lang) -> str:
    """A year, or the month of one, in words."""
    year, _, month = when.partition("-")
    return f"{say(f'month.{int(month)}', lang)} {year}" if month.isdigit() else year


def say_row(question: str, row: str, lang: Lang) -> str:
    """The name of one row of a question; a marker is its own name."""
    return row if question == "markers" else say(f"{question}.{row}", lang)


def answers_in(raw: bytes) -> Answers | None:
    """The answers of a saved file, each checked by the reader of its question; None for another file."""
    try:
        content = json.loads(raw.decode("utf-8-sig"))
        given = content["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    answers: Answers = {}
    for question in QUESTIONS:
        for key in question.keys:
            if (value := _checked(question, given.get(key))) is not None:
                answers[key] = value
    if more := _checked_more(given.get("more")):
        answers["more"] = more
    return answers


def _checked_more(value: Any) -> dict[str, str]:
    """Answers to further questions, each of the form of its kind."""
    listed = list(value.items())[:MOST_FURTHER] if isinstance(value, dict) else []
    known = [(services.askable(str(name)), answer) for name, answer in listed]
    return {q.name: answer for q, answer in known if q is not None and services.is_answer(q, answer)}


def _checked(question: Question, value: Any) -> Any:
    """A value of the kind that the question gives; None for any other."""
    if question.form in ("rows", "markers") and isinstance(value, dict):
        rows, answers = (
            (question.options, ("yes", "no"))
            if question.form == "rows"
            else (asked.ALL_MARKERS, ("positive", "negative"))
        )
        return {row: value[row] for row in rows if value.get(row) in answers}
    if question.form == "number" or question.name == "age":
        return value if value == services.UNKNOWN or (isinstance(value, int) and 0 <= value <= OLDEST) else None
    if question.name == "last":
        return value if value == services.UNKNOWN or _MONTH.fullmatch(str(value)) else None
    return value[:LONGEST_TEXT] if isinstance(value, str) else None
