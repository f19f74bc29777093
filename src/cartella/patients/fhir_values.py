"""The data types of FHIR in plain form: words, codes, notes, doses. Tolerant of every odd shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cartella.patients.codes import LOINC_NAMES, QUALIFIERS, short_system

Resource = Mapping[str, Any]


def observation_name(code: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The name of an observation, by its words or by a code that is known by name, and its codes."""
    codes = tuple(codes_of(code))
    known = [LOINC_NAMES[value] for system, value in codes if system == "loinc" and value in LOINC_NAMES]
    return (words_of(code) or (known[0] if known else "")), codes


def answer_in_words(concept: Any) -> str:
    """The words of an answer; a bare code by the words that it stands for."""
    text = str(table(concept).get("text") or "")
    if text:
        return text
    for coding in items(table(concept).get("coding")):
        code = str(table(coding).get("code") or "")
        if code in QUALIFIERS:
            return QUALIFIERS[code]
        if display := table(coding).get("display"):
            return str(display)
        if code and short_system(table(coding).get("system")) == "ajcc":
            return f"stage {code.removeprefix('c').removeprefix('p')}"
    return ""


def stage_in_words(stage: Resource) -> str:
    """A stage of a condition, with the word "stage" in front."""
    text = words_of(stage.get("summary"))
    return text if not text or "stage" in text.lower() or "stadio" in text.lower() else f"stage {text}"


def dose_in_words(dosage: Resource) -> str:
    """A dosage in words: its own text, or dose and frequency put together."""
    if dosage.get("text"):
        return str(dosage["text"])
    for item in items(dosage.get("doseAndRate")) or [dosage]:
        dose = table(table(item).get("doseQuantity")) or table(table(item).get("dose"))
        repeat = table(table(dosage.get("timing")).get("repeat"))
        if dose.get("value") is None:
            continue
        words = f"{dose['value']} {dose.get('unit') or dose.get('code') or ''}".strip()
        if repeat.get("frequency") and str(repeat.get("period", 1)) == "1" and repeat.get("periodUnit") == "d":
            words += {1: " once daily", 2: " twice daily", 3: " three times daily"}.get(int(repeat["frequency"]), "")
        return words
    return ""


def codes_of(concept: Any) -> Iterator[tuple[str, str]]:
    """The codes of a CodeableConcept as pairs of short system and code."""
    for coding in items(table(concept).get("coding")):
        code = table(coding).get("code")
        if code:
            yield short_system(table(coding).get("system")), str(code)


def words_of(concept: Any) -> str:
    """The words of a CodeableConcept: its text, else the first display."""
    if isinstance(concept, str):
        return concept.strip()
    item = table(concept)
    if item.get("text"):
        return str(item["text"]).strip()
    displays = (table(coding).get("display") for coding in items(item.get("coding")))
    return next((str(display).strip() for display in displays if display), "")


def code_of(concept: Any) -> str:
    """The first code of a CodeableConcept, or "" (also reads a bare code, as older records have it)."""
    if isinstance(concept, str):
        return concept
    return next((str(table(c).get("code")) for c in items(table(concept).get("coding")) if table(c).get("code")), "")


def notes_of(resource: Resource) -> Iterator[str]:
    """The texts of the notes of a resource."""
    for note in items(resource.get("note")):
        text = str(table(note).get("text") or "").strip()
        if text:
            yield text


def table(value: Any) -> Resource:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """The value as a list: a single one alone, none as empty."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first(value: Any) -> Any:
    """The first item, or None."""
    found = items(value)
    return found[0] if found else None
