"""Half-lives: what a record knows of whether a medicine may still be there."""

from __future__ import annotations

from fractions import Fraction

import pytest
from patient_facts import of

from cartella.knowledge import knowledge
from cartella.patients.half_lives import COUNTED, trait


def five(name: str, end: str) -> bool | None:
    facts = of(therapies=[{"name": name, "start": "2024-01-01", "end": end}])[0]
    event = next(e for e in facts.events if trait(5) in e.traits or e.counts_as.startswith(("drug:", "regimen:")))
    return event.traits.get(trait(5))


@pytest.mark.parametrize(
    ("name", "end", "within"),
    [
        ("pirtobrutinib", "2026-10-30", True),
        ("ibrutinib", "2026-10-20", False),
        ("rituximab", "2026-10-01", True),
        ("rituximab", "2026-07-01", None),
        ("rituximab", "2025-07-01", False),
        ("R-CHOP", "2026-10-01", None),
        ("R-CHOP", "2024-10-01", False),
        ("tisagenlecleucel", "2026-10-20", None),
    ],
)
def test_a_medicine_is_within_its_half_lives_or_beyond_them(name: str, end: str, within: bool | None) -> None:
    assert five(name, end) is within


def test_every_half_life_belongs_to_a_drug_and_is_a_range() -> None:
    house = knowledge()
    known = [name for name in house.concepts if house.half_life(name)]
    assert len(known) > 200
    for name in known:
        assert name.startswith("drug:")
        shortest, longest = house.half_life(name) or (Fraction(0), Fraction(0))
        assert 0 < shortest <= longest < 60
    assert COUNTED == (2, 3, 4, 5)
