"""What a patient or a relative can be asked besides the core questions, and what each answer says in a record.

`data/askable.csv` lists the questions: illnesses, treatments, values that stand on a report. The markers of the tumour
are asked for as the trials name them (`antigen:CD19`). An answer is a short text, as a cookie and a file keep it:

=========  ==================================================================================
present    ``yes``, ``no``: something that is there now
illness    ``now``, ``past`` or ``past:2024``, ``never``
event      ``past``, ``past:2024-05``, ``never``: something that happened on a day
treatment  as an event: given, with the day on which it ended
medicine   ``now``, ``past:2024-05``, ``never``
value      the value as a report has it: ``112 10*9/L``, ``28 U/L (ULN 40)``
marker     ``positive``, ``negative``, ``untested``
hla        the type as a report has it: ``HLA-A*02:01``
=========  ==================================================================================

``unknown`` is an answer to every one of them. The core questions (`asked`) have answers of their own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from cartella.knowledge import Analyte, knowledge

UNKNOWN = "unknown"
"""The answer "I don't know", equal to any other."""

CHOICES: dict[str, tuple[str, ...]] = {
    "present": ("yes", "no"),
    "illness": ("now", "past", "never"),
    "event": ("past", "never"),
    "treatment": ("past", "never"),
    "medicine": ("now", "past", "never"),
    "marker": ("positive", "negative", "untested"),
}
"""The answers to choose from, by kind; kinds that are not here are written."""

MARKER = "antigen:"
ALL_VALUES = "values"
"""The question that stands for all values: "I don't know" says that no report is at hand."""

_WHEN = re.compile(r"past(?::(?P<when>\d{4}(?:-(?:0[1-9]|1[0-2]))?))?", re.ASCII)
_VALUE = re.compile(r"(?P<value>[\d.]{1,12}) (?P<unit>\S{0,20})(?: \(ULN (?P<limit>[\d.]{1,12})\))?", re.ASCII)
_HLA = re.compile(r"(?:HLA-)?[A-Z]{1,4}\d?\*\d{2,3}(?::\d{2,3}){0,3}", re.ASCII)
_LONGEST_HLA = 120
_END = {"therapies": "end", "procedures": "date", "vaccines": "date", "conditions": "since", "medicines": "end"}


@dataclass(frozen=True, slots=True)
class Askable:
    """One question. `section` and `entry` are its place in a short record, `units` those of a value, the usual first;
    `subjects` are what it decides (`matching.questions`)."""

    name: str
    kind: str
    section: str
    entry: str
    units: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers to choose from besides "I don't know"; none for what is written."""
        return CHOICES.get(self.kind, ())

    @property
    def has_limit(self) -> bool:
        """Whether trials compare the value with the upper limit of the laboratory."""
        return any(subject.endswith(".uln") for subject in self.subjects)


@cache
def listed() -> Mapping[str, Askable]:
    """The questions of the table by name."""
    table = files("cartella.services") / "data" / "askable.csv"
    found = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        units = tuple(filter(None, row["units"].split(" | ")))
        name = row["name"]
        found[name] = Askable(name, row["kind"], row["section"], row["entry"], units, tuple(row["subjects"].split()))
    return found


def askable(name: str) -> Askable | None:
    """The question of that name; also of a marker of the tumour, which no table lists."""
    found = listed().get(name)
    if found is None and name.startswith(MARKER) and name in knowledge().concepts:
        return Askable(name, "marker", "markers", knowledge().label(name, "en"), (), (name,))
    return found


def is_answer(question: Askable, answer: object) -> bool:
    """Whether something is an answer to the question, of the form that it is kept in."""
    if not isinstance(answer, str) or len(answer) > _LONGEST_HLA:
        return False
    if answer == UNKNOWN or answer in question.choices:
        return True
    match question.kind:
        case "value":
            return _VALUE.fullmatch(answer) is not None
        case "hla":
            return all(_HLA.fullmatch(part) for part in re.split(r"[\s,;]+", answer))
    return "past" in question.choices and _WHEN.fullmatch(answer) is not None


def entries_of(answers: Mapping[str, str]) -> Iterator[tuple[str, str, str, Any]]:
    """What the answers say in a short record: the question, the section, the name in it ("" in a list), the entry."""
    for name, answer in answers.items():
        question = askable(name)
        if question is not None and is_answer(question, answer) and answer != UNKNOWN:
            for section, key, entry in _entries(question, answer):
                yield name, section, key, entry


def _entries(question: Askable, answer: str) -> Iterator[tuple[str, str, Any]]:
    name, section = question.entry, question.section
    match question.kind:
        case "value":
            yield "laboratory", _analyte(question).english, answer
        case "hla":
            yield "findings", "HLA type", answer
        case "marker":
            if answer != "untested":
                yield section, "", {"name": name, "result": answer}
        case _:
            when = _WHEN.fullmatch(answer)
            if answer in ("no", "never"):
                yield "absent", "", name
            elif when is None:
                yield section, "", name if section != "conditions" else {"name": name, "status": "active"}
            else:
                yield _over(question, when["when"])


def _over(question: Askable, when: str | None) -> tuple[str, str, Any]:
    """What was there or was given, and until when."""
    section = "therapies" if question.kind == "medicine" else question.section
    entry = {"name": question.entry}
    if question.kind == "illness":
        entry["status"] = "resolved"
    if when is not None:
        entry["until" if question.kind == "illness" else _END[section]] = when
    return section, "", entry


def _analyte(question: Askable) -> Analyte:
    return knowledge().analytes[question.name]


def value_of(question: Askable, written: str, unit: str, limit: str = "") -> str | None:
    """The answer for a value as a person writes it (``150.000``, ``11,2``); None where no patient can have it.

    A point or comma before three figures may part thousands or decimals: the reading that is possible counts.
    """
    analyte = _analyte(question)
    numbers = [n for n in _numbers(written) if analyte.canonical(n, unit) is not None]
    if unit not in question.units or len(numbers) != 1:
        return None
    answer = f"{numbers[0]:f} {unit}"
    if not limit:
        return answer
    limits = [n for n in _numbers(limit) if n > 0 and analyte.canonical(n, unit) is not None]
    return f"{answer} (ULN {limits[0]:f})" if len(limits) == 1 else None


def _numbers(written: str) -> list[Decimal]:
    text = "".join(written.split()).replace("'", "")
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,4})*", text, re.ASCII) or len(text) > 12:
        return []
    found = []
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        found.append(Decimal(re.sub(r"[.,]", "", text)))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        found.append(Decimal(text.replace(",", ".")))
    return list(dict.fromkeys(found))


def parts_of_value(answer: str) -> tuple[str, str, str]:
    """Number, unit and upper limit of the answer to a value."""
    found = _VALUE.fullmatch(answer)
    return ("", "", "") if found is None else (found["value"], found["unit"], found["limit"] or "")


def year_and_month(answer: str) -> tuple[str, str]:
    """Year and month of an answer such as ``past:2024-05``, empty where there is none."""
    found = _WHEN.fullmatch(answer)
    year, _, month = ((found and found["when"]) or "").partition("-")
    return year, month


def possible_answers(question: Askable, day: date) -> tuple[str, ...]:
    """Answers of every kind that can be given to a question with choices; of days, the present and some years ago."""
    found = [answer for answer in question.choices if answer not in ("past", "untested")]
    if "past" in question.choices:
        now = f"{day.year}-{day.month:02d}"
        found += [f"past:{now}", f"past:{day.year - 4}"] if question.kind != "illness" else ["past", f"past:{day.year}"]
    return tuple(found)
