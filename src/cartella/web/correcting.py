"""What the forms for correcting a record send, and what each makes of the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from cartella import services
from cartella.web.held import KINDS, SINGLE, Addition, Held, changed

MOST_ADDED = 60
_LONGEST_NAME = 200
_LONGEST_VALUE = 400
_LISTS = ("therapy", "procedure", "medication")
_MOST = {"lines": 30, "ecog": 5, "age": 120}
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_ITALIAN_DAY = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})", re.ASCII)
_NEEDS_VALUE = frozenset({"lab", "marker", "finding"})

Fields = Mapping[str, str]


class RefusedError(Exception):
    """A form that cannot be taken: the id of the text that says why, with its parameters."""

    def __init__(self, why: str, **parameters: str) -> None:
        super().__init__(why)
        self.why, self.parameters = why, parameters


def corrected(held: Held, fields: Fields, day: date) -> Held:
    """The record after a form. Raises RefusedError and InputError."""
    action = _ACTIONS.get(fields.get("action", ""))
    return held if action is None else action(held, fields, day)


def _core(held: Held, fields: Fields, day: date) -> Held:
    """The few things of which there is one: only what differs from the record becomes an addition."""
    additions = held.additions
    for kind in ("age", "sex", "lines", "ecog"):
        if kind in fields:
            additions = _with_single(held, additions, kind, fields[kind].strip())
    lists = {name: fields[f"list_{name}"] == "yes" for name in _LISTS if fields.get(f"list_{name}") in ("yes", "no")}
    if not any(f"list_{name}" in fields for name in _LISTS):
        lists = dict(held.lists)
    near = _place(fields["near"].strip()) if "near" in fields else held.near
    return changed(held, day, additions=additions, lists=lists, near=near)


def _with_single(held: Held, additions: tuple[Addition, ...], kind: str, value: str) -> tuple[Addition, ...]:
    rest = tuple(addition for addition in additions if addition.kind != kind)
    if value == own_value(held, kind):
        return additions
    if not value:
        return rest
    if kind == "sex":
        if value not in ("male", "female"):
            raise RefusedError("clinician.refused.sex")
    elif not re.fullmatch(r"\d{1,3}", value, re.ASCII) or int(value) > _MOST[kind]:
        raise RefusedError(f"clinician.refused.{kind}", most=str(_MOST[kind]))
    return (*rest, Addition(kind, value=value))


def own_value(held: Held, kind: str) -> str:
    """What a field of the form shows: the exact value that is used now; empty where there is none."""
    if kind == "sex":
        coding = held.patient.facts.codings.get("sex")
        return "" if coding is None or len(coding.possible) != 1 else min(coding.possible)
    measure = held.patient.facts.measures.get(kind)
    if measure is None or not measure.value.is_exact or measure.value.low is None or measure.value.low % 1_000_000:
        return ""
    return str(measure.value.low // 1_000_000)


def _place(text: str) -> str | None:
    if not text:
        return None
    found = services.look_up_place(text[:_LONGEST_NAME])
    if found.place is None:
        near = [place.described("en") for place in (found.candidates or found.suggestions)[:6]]
        raise RefusedError("clinician.refused.place" if near else "clinician.refused.no_place", x="; ".join(near))
    return found.place.described("en")


def _add(held: Held, fields: Fields, day: date) -> Held:
    addition = _addition(fields)
    kept = [a for a in held.additions if not (a.kind == addition.kind and addition.kind in SINGLE)]
    if len(kept) >= MOST_ADDED:
        raise RefusedError("clinician.refused.many", most=str(MOST_ADDED))
    return changed(held, day, additions=(*kept, addition))


def _addition(fields: Fields) -> Addition:
    kind = fields.get("kind", "")
    name, value = (" ".join(fields.get(part, "").split()) for part in ("name", "value"))
    if kind not in KINDS:
        raise RefusedError("clinician.refused.kind")
    if not name or len(name) > _LONGEST_NAME or len(value) > _LONGEST_VALUE:
        raise RefusedError("clinician.refused.name")
    if not value and kind in _NEEDS_VALUE:
        raise RefusedError("clinician.refused.value")
    return Addition(kind, name, value, _when(fields.get("when", "").strip()))


def _when(text: str) -> str:
    """A day, a month or a year as records write them; 28/10/2026 and 10/2026 are understood."""
    italian = _ITALIAN_DAY.fullmatch(text)
    if italian is not None:
        parts = [italian[3], italian[2], italian[1]]
        text = "-".join(part.zfill(2) for part in parts if part)
    if text and not _DAY.fullmatch(text):
        raise RefusedError("clinician.refused.when")
    return text


def _remove(held: Held, fields: Fields, day: date) -> Held:
    """Take an addition back."""
    number = fields.get("number", "")
    if not number.isascii() or not number.isdigit() or int(number[:4]) >= len(held.additions):
        return held
    place = int(number[:4])
    return changed(held, day, additions=held.additions[:place] + held.additions[place + 1 :])


def _leave_out(held: Held, fields: Fields, day: date) -> Held:
    path = fields.get("path", "")
    return changed(held, day, left_out=held.left_out | {path}) if path in held.patient.entries else held


def _take_in(held: Held, fields: Fields, day: date) -> Held:
    return changed(held, day, left_out=held.left_out - {fields.get("path", "")})


_ACTIONS: dict[str, Callable[[Held, Fields, date], Held]] = {
    "core": _core,
    "add": _add,
    "remove": _remove,
    "leave_out": _leave_out,
    "take_in": _take_in,
}
