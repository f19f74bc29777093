"""Invented patients of a realistic spread, as short records. The same seed gives the same patients, one by one.

What they can have stands in `data/sample.yaml`. Much is left out of each record, as it is in real ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

Record = dict[str, Any]
_RESPONSES = ("complete remission", "partial remission", "stable disease", "progression", "relapse")
_STAYS = 0.82
"""The chance that a value, a marker or an absence is in the record at all."""


@cache
def _table() -> dict[str, Any]:
    import yaml

    text = (files("cartella.cohorts") / "data" / "sample.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def sample(number: int, as_of: date, seed: int = 0) -> Iterator[Record]:
    """Invented patients; each depends on its own position and the seed alone."""
    for position in range(number):
        yield invented(position, as_of, seed)


def invented(position: int, as_of: date, seed: int = 0) -> Record:
    """The invented patient at a position."""
    chance = Random(f"cartella {seed} {position}")
    table = _table()
    disease = chance.choices(table["diseases"], [item["share"] for item in table["diseases"]])[0]
    mean, spread, lowest, highest = disease["age"]
    age = min(highest, max(lowest, chance.gauss(mean, spread)))
    sex = disease.get("sex") or chance.choice(("male", "female"))
    seen = as_of - timedelta(days=chance.randint(1, 60))
    record: Record = {
        "patient": {"label": f"S{position + 1:07d}", "sex": sex, "birth_date": _before(as_of, age * 365.25)},
        "diagnosis": _diagnosis(disease, chance, as_of, age),
        "laboratory": _laboratory(table["laboratory"], chance, seen),
        "markers": [
            {"name": name, "result": "positive" if chance.random() < share else "negative", "date": seen.isoformat()}
            for name, share in disease["markers"].items()
            if chance.random() < _STAYS
        ],
    }
    if chance.random() < 0.93:
        record["performance"] = {"ecog": chance.choices((0, 1, 2, 3), (30, 45, 18, 7))[0], "date": seen.isoformat()}
    course = chance.choice(disease["courses"])
    lines = chance.randint(1, len(course))
    record["therapies"] = list(_therapies(course[:lines], chance, as_of, min(age * 365, 2200)))
    if chance.random() < 0.8:
        record["lines"] = lines
    if chance.random() < 0.6:
        record["complete"] = ["therapy", "procedure"] if chance.random() < 0.7 else ["therapy"]
    if chance.random() < 0.5:
        record["findings"] = [{"measurable disease": {"value": "yes", "date": seen.isoformat()}}]
    conditions = [item for item in table["conditions"] if age > 30 and chance.random() < item["share"]]
    if conditions:
        record["conditions"] = [_condition(item, chance, as_of) for item in conditions]
    named = {item["name"] for item in conditions}
    absent = [name for name in table["absent"] if name not in named and chance.random() < _STAYS / 1.4]
    if {"hepatitis B", "pneumonia"} & named and "active infection" in absent:
        absent.remove("active infection")
    if "rheumatoid arthritis" in named and "autoimmune disease" in absent:
        absent.remove("autoimmune disease")
    if absent:
        record["absent"] = absent
    medicines = [item["name"] for item in table["medicines"] if chance.random() < item["share"]]
    if medicines:
        record["medicines"] = medicines[:1] if len(medicines) > 1 and "prednisone" in medicines[1] else medicines
    return {key: part for key, part in record.items() if part}


def _before(as_of: date, days: float) -> str:
    return (as_of - timedelta(days=int(days))).isoformat()


def _diagnosis(disease: Record, chance: Random, as_of: date, age: float) -> Record:
    stated: list[str] = []
    for words, share in disease["states"].items():
        if chance.random() < share and not (words.startswith("stage") and any(w.startswith("stage") for w in stated)):
            stated.append(words)
    found = {"name": disease["name"], "icd10": disease["icd10"]}
    found["since"] = _before(as_of, chance.uniform(0.3, 1) * min(age * 365, 2600))[:7]
    return {**found, "note": ", ".join(stated)} if stated else found


def _laboratory(table: Record, chance: Random, day: date) -> Record:
    found: Record = {"date": day.isoformat()}
    for name, about in table.items():
        if chance.random() > _STAYS:
            continue
        number = about["middle"] * math.exp(chance.gauss(0, about["spread"]))
        number = min(about["high"], max(about["low"], number))
        value = {"value": round(number, 1 if number < 100 else 0), "unit": about["unit"]}
        found[name] = {**value, "upper": about["upper"]} if "upper" in about else value
    return found


def _therapies(course: list[str], chance: Random, as_of: date, oldest: float) -> Iterator[Record]:
    ago = chance.uniform(0.25, 1) * oldest
    for line, name in enumerate(course, start=1):
        length = chance.uniform(0.2, 0.8) * ago / (len(course) - line + 1)
        last = line == len(course)
        response = _RESPONSES[3] if last and chance.random() < 0.6 else chance.choice(_RESPONSES)
        yield {
            "name": name,
            "start": _before(as_of, ago),
            "end": _before(as_of, max(2, ago - length)),
            "line": line,
            "response": response,
        }
        ago = max(5, ago - length - chance.uniform(0, 0.2) * ago)


def _condition(item: Record, chance: Random, as_of: date) -> Record:
    since = chance.uniform(100, 4000)
    found = {"name": item["name"], "since": _before(as_of, since)[:7]}
    if item.get("past"):
        found["until"] = _before(as_of, since * chance.uniform(0.05, 0.9))
    return found
