"""A clinician's record while it lies in memory: what was brought, what was corrected of it, what was understood.

The bytes stay as they came. Every correction reads them anew together with all corrections, so that the order in which
somebody corrects does not matter and each can be taken back.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from cartella import services
from cartella.services import RankKey
from cartella.web.desk import Desk, Ready
from cartella.web.keeping import RECORD_COOKIE

LIMITS = services.Limits(size=8 * 2**20, entries=5_000, seconds=20)
"""How much is read of one record."""
ORDERS: dict[str, tuple[RankKey, ...]] = {
    "usual": tuple(RankKey),
    "open": (RankKey.CONFLICTS, RankKey.UNKNOWNS),
    "near": (RankKey.DISEASE, RankKey.DISTANCE),
    "fresh": (RankKey.DISEASE, RankKey.FRESHNESS),
}
"""How the table may be put in order."""

SINGLE = ("age", "sex", "lines", "ecog", "diagnosis")
"""What there is one of: a second addition takes the place of the first."""
KINDS = ("lab", "marker", "therapy", "procedure", "condition", "absent", "medicine", "finding", "diagnosis")
"""What can be added as a line."""
_FACT_BYTES = 2_000
"""What a remark or a fact takes in memory, about."""


@dataclass(frozen=True, slots=True)
class Addition:
    """One entry that was added: `value` is a result, a dose or a note, `when` a day, a month or a year."""

    kind: str
    name: str = ""
    value: str = ""
    when: str = ""


@dataclass(frozen=True)
class Held:
    """A record in memory, as it is understood on `day`. `near` is the place to measure from, if it was named."""

    packed: bytes
    day: date
    patient: services.LoadedPatient
    additions: tuple[Addition, ...] = ()
    left_out: frozenset[str] = frozenset()
    lists: Mapping[str, bool] = field(default_factory=dict)
    near: str | None = None
    _ranked: dict[object, services.Ranking] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        facts = self.patient.facts
        number = len(self.patient.report.remarks) + len(facts.measures) + len(facts.codings)
        return len(self.packed) + _FACT_BYTES * (number + len(facts.events) + len(facts.absences))

    def ranking(self, ready: Ready, order: str, closed: bool) -> services.Ranking:
        """The trials in order; the last ranking is kept, as people turn its pages."""
        key = (ready.source.release, order, closed)
        found = self._ranked.get(key)
        if found is None:
            request = services.MatchRequest(as_of=self.day, near=self.near, order=ORDERS[order], any_status=closed)
            found = services.rank_trials(ready.source, self.patient, request, ready.prepared)
            self._ranked.clear()
            self._ranked[key] = found
        return found

    def added(self) -> Iterator[tuple[Addition, str]]:
        """The additions, each with the path of its entry."""
        _, paths = record_of(self.additions)
        return zip(self.additions, (f"{services.ADDED}.{path}" for path in paths), strict=True)


def opened(raw: bytes, day: date) -> Held:
    """A record that was brought. Raises InputError."""
    return Held(zlib.compress(raw, 1), day, services.read_patient(raw, day, limits=LIMITS))


def changed(held: Held, day: date, **parts: Any) -> Held:
    """The record with other corrections, read anew. Raises InputError."""
    new = replace(held, **parts, day=day, _ranked={})
    corrections = services.Corrections(record_of(new.additions)[0], new.left_out, new.lists)
    patient = services.read_patient(zlib.decompress(held.packed), day, corrections=corrections, limits=LIMITS)
    return replace(new, patient=patient)


def example() -> bytes:
    """The invented patient that comes with the program."""
    return (files("cartella.services") / "data" / "example.yaml").read_bytes()


def held_by(request: Request) -> Held | None:
    """The record of this browser; None where there is none, or none any more. It is read anew on a new day."""
    desk: Desk = request.app.state.desk
    number = request.cookies.get(RECORD_COOKIE)
    held: Held | None = desk.records.get(number)
    if held is not None and held.day != desk.today():
        held = changed(held, desk.today())
        desk.records.put(held, number, held.size)
    return held


def hold(response: Response, request: Request, held: Held) -> Response:
    """Keep the record for this browser."""
    desk: Desk = request.app.state.desk
    number = desk.records.put(held, request.cookies.get(RECORD_COOKIE), held.size)
    secure = request.url.scheme == "https"
    response.set_cookie(RECORD_COOKIE, number, httponly=True, samesite="strict", secure=secure)
    return response


def record_of(additions: tuple[Addition, ...]) -> tuple[dict[str, Any], list[str]]:
    """The short record that says what was added, and the path in it of each addition."""
    record: dict[str, Any] = {}
    paths = [path for addition in additions for path in _put(record, addition)]
    return record, paths


def _put(record: dict[str, Any], addition: Addition) -> Iterator[str]:
    kind, name, value, when = addition.kind, addition.name, addition.value, addition.when
    match kind:
        case "lines":
            record["lines"] = int(value)
            yield "lines"
        case "ecog":
            record["performance"] = {"ecog": int(value)}
            yield "performance.ecog"
        case "age":
            record.setdefault("patient", {})["age"] = int(value)
            yield "patient.birth"
        case "sex":
            record.setdefault("patient", {})["sex"] = value
            yield "patient.sex"
        case "diagnosis":
            record["diagnosis"] = _entry(name=name, note=value, since=when)
            yield "diagnosis"
        case "lab":
            sets = record.setdefault("laboratory", [{}])  # the first set is empty: so the paths have numbers
            yield f"laboratory[{len(sets)}].{name}"
            sets.append({**_entry(date=when), name: value})
        case "absent":
            yield f"absent[{len(record.setdefault('absent', []))}]"
            record["absent"].append(name)
        case "finding":
            yield f"findings[{len(record.setdefault('findings', []))}].{name}"
            record["findings"].append({name: _entry(value=value, date=when)})
        case _:
            section, said, day = _SECTIONS[kind]
            yield f"{section}[{len(record.setdefault(section, []))}]"
            record[section].append(_entry(name=name, **{said: value}, **({day: when} if day else {})))


_SECTIONS = {
    "marker": ("markers", "result", "date"),
    "therapy": ("therapies", "note", "end"),
    "procedure": ("procedures", "note", "date"),
    "condition": ("conditions", "note", "since"),
    "medicine": ("medicines", "dose", "start"),
}
"""For each kind the section of a short record, and the names of its result and its day there."""


def _entry(**parts: str) -> dict[str, str]:
    return {name: part for name, part in parts.items() if part}
