"""From the short record, YAML or JSON, to statements. Its format is docs/reference/record.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cartella.errors import InputError, Where
from cartella.logic import Interval
from cartella.patients.dates import birth_at_age, parse_day
from cartella.patients.derivations import REGISTERS
from cartella.patients.draft import Draft
from cartella.patients.numbers import written_numbers
from cartella.patients.problems import problem
from cartella.patients.statements import Person, Quantity, Standing, Statement, Topic, exact

SECTIONS = frozenset(
    [
        "record",
        "patient",
        "diagnosis",
        "performance",
        "findings",
        "markers",
        "laboratory",
        "lines",
        "therapies",
        "procedures",
        "conditions",
        "absent",
        "medicines",
        "allergies",
        "vaccines",
        "complete",
    ]
)
"""The sections of a short record."""

OLDEST = 130
"""Years; more is no age."""

_RANGE = re.compile(r"\((?P<inside>[^)]*)\)\s*$")
_UPPER = re.compile(r"(?:ULN|upper|max|<|≤|fino a)\D*", re.IGNORECASE)
_LOWER = re.compile(r"(?:LLN|lower|min|>|≥)\D*", re.IGNORECASE)


def is_record(data: Any) -> bool:
    """Whether parsed data look like a short record."""
    return isinstance(data, Mapping) and bool(SECTIONS & {str(key) for key in data}) and "resourceType" not in data


def statements_of(data: Any, draft: Draft, where: str = "") -> tuple[Person | None, list[Statement]]:
    """All statements of a short record. InputError for a section or a value that the format does not have."""
    if not isinstance(data, Mapping):
        raise _wrong(where, "", "not_a_table")
    unknown = sorted(str(key) for key in data if str(key) not in SECTIONS)
    if unknown:
        raise _wrong(where, unknown[0], "unknown_entry", known=", ".join(sorted(SECTIONS)))
    reader = _Reader(data, draft, where)
    return reader.person(), list(reader.statements())


def _wrong(where: str, path: str, name: str, **parameters: str) -> InputError:
    return problem(name, Where(path=where or None, field=path or None), **parameters)


class _Reader:
    """One pass over a short record."""

    def __init__(self, data: Mapping[str, Any], draft: Draft, where: str) -> None:
        self.data, self.draft, self.where = data, draft, where

    def person(self) -> Person:
        part = self._table("patient")
        self._known("patient", part, {"label", "sex", "age", "birth_date", "city", "country"})
        return Person(
            path="patient",
            label=self._words("patient.label", part.get("label")),
            sex=self._words("patient.sex", part.get("sex")).lower(),
            birth=self._birth(part),
            city=self._words("patient.city", part.get("city")),
            country=self._words("patient.country", part.get("country")),
        )

    def _birth(self, part: Mapping[str, Any]) -> Interval | None:
        """The day of birth, or the days that an age in years leaves open."""
        age = part.get("age")
        if part.get("birth_date") is not None or age is None:
            return self._day("patient.birth_date", part.get("birth_date"))
        if isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= OLDEST:
            raise _wrong(self.where, "patient.age", "not_a_number")
        return birth_at_age(age, self.draft.reference_day)

    def statements(self) -> Iterator[Statement]:
        yield from self._diagnosis()
        yield from self._performance()
        yield from self._laboratory()
        yield from self._markers()
        yield from self._findings()
        if "lines" in self.data:
            count = exact(self.data["lines"])
            if count is None:
                raise _wrong(self.where, "lines", "not_a_number")
            yield Statement(
                Topic.OBSERVATION,
                "lines",
                "Number of prior lines of systemic therapy",
                quantity=Quantity(count, "{count}"),
            )
        yield from self._entries("therapies", Topic.MEDICATION, Standing.PAST)
        yield from self._entries("procedures", Topic.PROCEDURE, Standing.PAST)
        yield from self._entries("conditions", Topic.CONDITION, Standing.ACTIVE)
        yield from self._entries("absent", Topic.CONDITION, Standing.DENIED)
        yield from self._entries("medicines", Topic.MEDICATION, Standing.ACTIVE)
        yield from self._entries("allergies", Topic.ALLERGY, Standing.ACTIVE)
        yield from self._entries("vaccines", Topic.VACCINE, Standing.PAST)
        for number, register in enumerate(self._items("complete")):
            if register not in REGISTERS:
                raise _wrong(self.where, f"complete[{number}]", "one_of", known=", ".join(REGISTERS))
            self.draft.declare(str(register), f"complete[{number}]")

    def _diagnosis(self) -> Iterator[Statement]:
        value = self.data.get("diagnosis")
        if value is None:
            return
        if isinstance(value, str):
            value = {"name": value}
        part = self._table("diagnosis", value)
        self._known("diagnosis", part, {"name", "icd10", "since", "note"})
        icd10 = self._words("diagnosis.icd10", part.get("icd10"))
        yield Statement(
            Topic.CONDITION,
            "diagnosis",
            self._words("diagnosis.name", part.get("name")),
            (("icd10", icd10),) if icd10 else (),
            start=self._day("diagnosis.since", part.get("since")),
            standing=Standing.ACTIVE,
            notes=self._notes("diagnosis.note", part.get("note")),
            primary=True,
        )

    def _performance(self) -> Iterator[Statement]:
        part = self._table("performance")
        self._known("performance", part, {"ecog", "karnofsky", "lansky", "date"})
        day = self._day("performance.date", part.get("date"))
        for key, name in (
            ("ecog", "ECOG performance status"),
            ("karnofsky", "Karnofsky performance status"),
            ("lansky", "Lansky performance status"),
        ):
            if part.get(key) is not None:
                yield self._value(f"performance.{key}", name, part[key], day)

    def _laboratory(self) -> Iterator[Statement]:
        sets = self._items("laboratory")
        for number, part in enumerate(sets):
            path = "laboratory" if len(sets) == 1 else f"laboratory[{number}]"
            table = self._table(path, part)
            day = self._day(f"{path}.date", table.get("date"))
            for name, value in table.items():
                if name != "date":
                    yield self._value(f"{path}.{name}", str(name), value, day)

    def _value(self, path: str, name: str, value: Any, day: Interval | None) -> Statement:
        """A value as a number, as "112 10*9/L", as "28 U/L (ULN 40)", or as a table of value, unit, lower and upper."""
        if isinstance(value, Mapping):
            self._known(path, value, {"value", "unit", "lower", "upper", "date", "note"})
            day = self._day(f"{path}.date", value.get("date")) or day
            limits = [exact(value.get(side)) for side in ("lower", "upper")]
            base = self._value(path, name, value.get("value"), day)
            if base.quantity is None:
                return base
            unit = self._words(f"{path}.unit", value.get("unit")) or base.quantity.unit
            quantity = Quantity(base.quantity.value, unit, base.quantity.comparator, limits[0], limits[1])
            return Statement(
                Topic.OBSERVATION,
                path,
                name,
                quantity=quantity,
                start=day,
                notes=self._notes(f"{path}.note", value.get("note")),
            )
        number = exact(value)
        if number is not None:
            return Statement(Topic.OBSERVATION, path, name, quantity=Quantity(number), start=day)
        text = self._words(path, value)
        read = _quantity(text)
        if read is not None:
            return Statement(Topic.OBSERVATION, path, name, quantity=read, start=day)
        return Statement(Topic.OBSERVATION, path, name, value=text, start=day)

    def _markers(self) -> Iterator[Statement]:
        for number, item in enumerate(self._items("markers")):
            path = f"markers[{number}]"
            part = self._table(path, item)
            if set(part) <= {"name", "result", "date", "method"}:
                name = self._words(f"{path}.name", part.get("name"))
                day = self._day(f"{path}.date", part.get("date"))
                result = self._words(f"{path}.result", part.get("result"))
                method = self._words(f"{path}.method", part.get("method"))
                yield Statement(Topic.OBSERVATION, path, f"{name} expression", value=result, start=day, method=method)
            elif len(part) == 1:
                name, result = next(iter(part.items()))
                yield Statement(Topic.OBSERVATION, path, f"{name} expression", value=self._words(path, result))
            else:
                raise _wrong(self.where, path, "unknown_entry", known="date, method, name, result")

    def _findings(self) -> Iterator[Statement]:
        value = self.data.get("findings")
        pairs: list[tuple[str, str, Any]] = []
        if isinstance(value, Mapping):
            pairs = [(f"findings.{name}", str(name), answer) for name, answer in value.items()]
        else:
            for number, item in enumerate(self._items("findings")):
                part = self._table(f"findings[{number}]", item)
                pairs += [(f"findings[{number}].{name}", str(name), answer) for name, answer in part.items()]
        for path, name, answer in pairs:
            if isinstance(answer, bool):
                yield Statement(Topic.OBSERVATION, path, name, value="yes" if answer else "no")
            elif isinstance(answer, Mapping):
                self._known(path, answer, {"value", "date"})
                day = self._day(f"{path}.date", answer.get("date"))
                found = answer.get("value")
                yield Statement(
                    Topic.OBSERVATION,
                    path,
                    name,
                    value="yes" if found is True else "no" if found is False else self._words(path, found),
                    start=day,
                )
            else:
                yield Statement(Topic.OBSERVATION, path, name, value=self._words(path, answer))

    def _entries(self, section: str, topic: Topic, standing: Standing) -> Iterator[Statement]:
        for number, item in enumerate(self._items(section)):
            path = f"{section}[{number}]"
            part = {"name": item} if isinstance(item, str) else self._table(path, item)
            self._known(
                path,
                part,
                {
                    "name",
                    "start",
                    "end",
                    "date",
                    "since",
                    "until",
                    "note",
                    "dose",
                    "icd10",
                    "line",
                    "response",
                    "status",
                },
            )
            start = next(
                (
                    self._day(f"{path}.{key}", part[key])
                    for key in ("start", "date", "since")
                    if part.get(key) is not None
                ),
                None,
            )
            end = next(
                (self._day(f"{path}.{key}", part[key]) for key in ("end", "until") if part.get(key) is not None), None
            )
            if part.get("date") is not None and end is None and topic is not Topic.CONDITION:
                end = start
            notes = self._notes(f"{path}.note", part.get("note"))
            if part.get("line") is not None:
                notes = (f"line {part['line']}", *notes)
            if part.get("response") is not None:
                notes = (*notes, self._words(f"{path}.response", part["response"]))
            stands = self._standing(path, part, standing, end, topic)
            icd10 = self._words(f"{path}.icd10", part.get("icd10"))
            yield Statement(
                topic,
                path,
                self._words(f"{path}.name", part.get("name")),
                (("icd10", icd10),) if icd10 else (),
                value=self._words(f"{path}.dose", part.get("dose")),
                start=start,
                end=end,
                standing=stands,
                notes=notes,
            )

    def _standing(
        self, path: str, part: Mapping[str, Any], usual: Standing, end: Interval | None, topic: Topic
    ) -> Standing:
        status = self._words(f"{path}.status", part.get("status")).lower()
        named = {
            "": usual,
            "active": Standing.ACTIVE,
            "ongoing": Standing.ACTIVE,
            "resolved": Standing.PAST,
            "past": Standing.PAST,
            "completed": Standing.PAST,
            "suspected": Standing.DOUBTFUL,
            "planned": Standing.PLANNED,
            "stopped": Standing.PAST,
        }
        if status not in named:
            raise _wrong(self.where, f"{path}.status", "one_of", known=", ".join(filter(None, named)))
        if not status and topic is Topic.CONDITION and usual is Standing.ACTIVE and end is not None:
            return Standing.PAST
        return named[status]

    def _items(self, section: str) -> list[Any]:
        value = self.data.get(section)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def _table(self, path: str, value: Any = None) -> Mapping[str, Any]:
        part = self.data.get(path) if value is None else value
        if part is None:
            return {}
        if not isinstance(part, Mapping):
            raise _wrong(self.where, path, "not_a_table")
        return part

    def _known(self, path: str, part: Mapping[str, Any], names: set[str]) -> None:
        unknown = sorted(str(key) for key in part if str(key) not in names)
        if unknown:
            raise _wrong(self.where, f"{path}.{unknown[0]}", "unknown_entry", known=", ".join(sorted(names)))

    def _words(self, path: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            raise _wrong(self.where, path, "yaml_word")
        if isinstance(value, (Mapping, list)):
            raise _wrong(self.where, path, "not_a_text")
        return str(value).strip()

    def _notes(self, path: str, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(text for item in items if (text := self._words(path, item)))

    def _day(self, path: str, value: Any) -> Interval | None:
        if value is None:
            return None
        day = parse_day(value)
        if day is None:
            raise _wrong(self.where, path, "not_a_date")
        return day


def _quantity(text: str) -> Quantity | None:
    """ "28 U/L (ULN 40)", "112 10*9/L (150-400)", "< 20 IU/mL": a number, its unit and the laboratory's range."""
    bounds = _RANGE.search(text)
    body = text[: bounds.start()].strip() if bounds else text.strip()
    match = re.fullmatch(r"(?P<c><=|>=|≤|≥|<|>)?\s*(?P<n>\d+(?:[.,]\d+)?)\s*(?P<unit>[^\s,;]*(?: ?/ ?[^\s,;]+)?)", body)
    if match is None or re.fullmatch(r"[xX×-].*", match["unit"]):
        return None
    written = match["n"]
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", written) and not written.startswith("0"):
        return None
    number = exact(written.replace(",", "."))
    if number is None:
        return None
    low = high = None
    if bounds:
        inside = bounds["inside"]
        values = written_numbers(inside)
        if values and values[0].high is not None:
            low, high = values[0].value, values[0].high
        elif values and _LOWER.match(inside):
            low = values[0].value
        elif values and _UPPER.match(inside):
            high = values[0].value
    comparator = {"≤": "<=", "≥": ">="}.get(match["c"] or "", match["c"] or "")
    return Quantity(number, match["unit"], comparator, low, high)
