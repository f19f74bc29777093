"""Files that nobody means well with: refused with a reason, or read without harm."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from patient_facts import DAY, messages

from cartella.errors import InputError
from cartella.patients import Limits, LoadedPatient, read_patient

FEW = Limits(size=2**20, entries=50, seconds=20)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(content: Any, limits: Limits = FEW) -> LoadedPatient:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_patient(raw, DAY, limits=limits)


def observations(number: int) -> dict[str, Any]:
    entry = {"resource": {"resourceType": "Observation", "code": {"text": "platelets"}, "valueInteger": 100}}
    return {"resourceType": "Bundle", "entry": [entry] * number}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"resourceType":' * 50_000, "nested too deeply"),
        (b"- " * 50_000, "YAML"),
        (b"a: " + b"[" * 50_000, "YAML"),
        (f"{BOMB}absent: [*i]".encode(), "alias"),
        (b"conditions: &a [*a]", "alias"),
        (gzip.compress(b" " * 40_000_000), "larger than 1 MB"),
        (b"{" + b" " * 2**21 + b"}", "larger than 1 MB"),
        ("patient: {city: Forlì}".encode("utf-16"), "not UTF-8"),
        (b"patient:\n  birth_date: " + b"9" * 5000, "YAML"),
        (json.dumps(observations(51)).encode(), "more than 50 entries"),
        (b"\x1f\x8b" + b"\0" * 100, "gzip"),
        (b"%PDF-1.7 \xff\xfe", "not UTF-8"),
        (b"PK\x03\x04 not a record", "YAML"),
        (b"\0\0\0", "YAML"),
    ],
)
def test_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert caught.value.why is not None
    assert said in caught.value.why.en
    assert caught.value.why.it
    assert caught.value.next_step is not None


def test_the_time_for_reading_is_limited() -> None:
    with pytest.raises(InputError) as caught:
        read(observations(50), Limits(seconds=0))
    assert caught.value.why is not None
    assert "0 seconds" in caught.value.why.en


@pytest.mark.parametrize(
    "number", ["9" * 5000, "1e99999999999999999999", "1e-99999999999999999999", "NaN", "-Infinity"]
)
def test_numbers_that_nobody_can_have_are_no_values(number: str) -> None:
    raw = b'{"laboratory": {"platelets": %s}}' % number.encode()
    found = read(raw)
    assert "lab:plt" not in found.facts.measures


def test_half_a_character_is_no_text() -> None:
    found = read(b'{"conditions": ["\\ud800stroke", "\\ud83d\\ude00", "\\\\ud800", "a\\udc00"]}')
    said = " ".join(remark.words("en") for remark in found.report)
    assert "\N{GRINNING FACE}" in said
    said.encode()


def test_a_letter_is_not_read_as_an_entry() -> None:
    found = read({"conditions": ["stroke, hepatitis B, " * 500, "stroke"]})
    assert messages(found.report, "ignored").count("too_long") == 1
    assert any("cond:stroke" in event.concepts for event in found.facts.events)
