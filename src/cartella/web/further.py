"""Further questions (`services.askable`) in words, and what a sent form makes of each."""

from __future__ import annotations

import re
from datetime import date

from cartella import services
from cartella.explaining import Lang, name
from cartella.services import Askable
from cartella.services.asked import origins_of
from cartella.web import asking
from cartella.web.asking import Fields, Retry
from cartella.web.keeping import Answers
from cartella.web.wording import say, wordings


def read(question: Askable, fields: Fields, day: date) -> str | Retry:
    """The answer that the sent fields give."""
    if fields.get("unknown"):
        return services.UNKNOWN
    match question.kind:
        case "value":
            return _value(question, fields)
        case "hla":
            return _type(question, fields)
    chosen = fields.get("answer", "")
    if chosen == services.UNKNOWN:
        return services.UNKNOWN
    if chosen not in question.choices:
        return Retry("retry.choose")
    return _when(fields, day) if chosen == "past" else chosen


def _value(question: Askable, fields: Fields) -> str | Retry:
    written = fields.get("value", "").strip()
    if not written:
        return services.UNKNOWN
    unit = fields.get("unit", question.units[0])
    found = services.value_of(question, written, unit, fields.get("limit", "").strip())
    if found is None:
        return Retry("retry.limit" if services.value_of(question, written, unit) else "retry.value")
    return found


def _type(question: Askable, fields: Fields) -> str | Retry:
    written = " ".join(fields.get("value", "").split()).upper()
    if not written:
        return services.UNKNOWN
    return written if services.is_answer(question, written) else Retry("retry.hla")


def _when(fields: Fields, day: date) -> str | Retry:
    year, month = fields.get("year", "").strip(), fields.get("month", "")
    if not year:
        return "past"
    if not re.fullmatch(r"\d{4}", year, re.ASCII) or not day.year - 100 <= int(year) <= day.year:
        return Retry("retry.year")
    if not re.fullmatch(r"0[1-9]|1[0-2]", month):
        return f"past:{year}"
    return Retry("retry.future") if (int(year), int(month)) > (day.year, day.month) else f"past:{year}-{month}"


def answers_given(answers: Answers, lang: Lang) -> list[tuple[str, str, str]]:
    """The further answers to show and to change: name of the question, its short words, the answer in words."""
    found = []
    for identifier, given in answers.get("more", {}).items():
        question = services.askable(identifier)
        if question is not None:
            found.append((identifier, words(question, "short", lang), said(question, given, lang)))
    return found


def in_own_words(answers: Answers, lang: Lang) -> dict[str, str]:
    """What the person answered, for each path of the record that the answers become."""
    return {path: _own_words(question, row, answers, lang) for path, (question, row) in origins_of(answers).items()}


def _own_words(question: str, row: str, answers: Answers, lang: Lang) -> str:
    if question == "more":
        asked_for = services.askable(row)
        assert asked_for is not None
        return f"{words(asked_for, 'short', lang)}: {said(asked_for, answers['more'][row], lang)}"
    if question == "medicines" or row == "hla":
        return f"{say('short.medicines', lang)}: {row}" if row != "hla" else f"HLA: {answers['hla']}"
    if row:
        return f"{asking.say_row(question, row, lang)}: {say(f'answer.{answers[question][row]}', lang)}"
    names = ("disease", "state") if question == "disease" else (question,)
    told = [q for q in asking.QUESTIONS if q.name in names and answers.get(q.name) not in (None, services.UNKNOWN)]
    return "; ".join(f"{say(f'short.{q.name}', lang)}: {asking.said(q, answers, lang)}" for q in told)


def words(question: Askable, part: str, lang: Lang) -> str:
    """The question, its hint or its short name in words."""
    identifier = f"next.{question.name}" + (f".{part}" if part else "")
    if identifier in wordings():
        return say(identifier, lang)
    marker = name(question.name, lang, "patient")
    return say("next.marker" + (f".{part}" if part else ""), lang, x=marker)


def said(question: Askable, given: str, lang: Lang) -> str:
    """An answer in words."""
    if given == services.UNKNOWN:
        return say("unknown", lang)
    if question.kind == "value":
        value, unit, limit = services.parts_of_value(given)
        if lang == "it":
            value, limit = value.replace(".", ","), limit.replace(".", ",")
        shown = f"{value} {unit_words(unit)}".strip()
        return say("value.said", lang, x=shown, limit=limit) if limit else shown
    if question.kind == "hla":
        return given
    year, month = services.year_and_month(given)
    chosen = say(f"{question.kind}.{given.partition(':')[0]}", lang)
    when = asking.month_words(f"{year}-{month}", lang)
    return f"{chosen}, {when}" if when else chosen


def unit_words(unit: str, long: bool = False) -> str:
    """A unit as a report prints it; in the long form with the other way of writing it."""
    short, other = _UNITS.get(unit, (unit, ""))
    return f"{short} (= {other})" if long and other else short


_UNITS = {
    "10*9/L": ("× 10⁹/L", "× 10³/µL"),
    "/uL": ("/µL", "/mm³"),
    "umol/L": ("µmol/L", ""),
    "mL/min/{1.73_m2}": ("mL/min", ""),
    "{INR}": ("", ""),
}


def why(found: services.NextQuestion, lang: Lang) -> list[str]:
    """What the answer decides, in sentences."""
    if not found.open_trials:
        return [say("next.core", lang)] if found.question.kind == "core" else []
    lines = [_counted("next.can", found.can_settle, lang, m=found.open_trials)]
    if found.settles:
        lines.append(_counted("next.settles", found.settles, lang))
    return lines if found.can_settle else []


def _counted(identifier: str, number: int, lang: Lang, **more: object) -> str:
    return say(f"{identifier}.one" if number == 1 else identifier, lang, n=number, **more)
