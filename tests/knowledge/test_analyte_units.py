"""Units as they are written, and worked conversions."""

from fractions import Fraction

import pytest

from cartella.knowledge import knowledge


def canonical(analyte: str, value: str, unit: str | None) -> int | None:
    return knowledge().analytes[analyte].canonical(Fraction(value), unit)


@pytest.mark.parametrize(
    "unit",
    [
        "K/uL",
        "K/mcL",
        "K/µL",
        "k/μl",
        "10^3/uL",
        "10*3/uL",
        "x10^3/mm3",
        "x 10³/µL",
        "G/L",
        "10^9/L",
        "10*9/L",
        "x10^9/L",
        "x 10^9/L",
        "×10⁹/L",
        "x 109/L",
        "×109/L",
        "10E9/L",
        "10e9/l",
        "/nL",
        "thousand/uL",
        "x 10^9 /L",
        "10^9 cells/L",
    ],
)
def test_fifty_thousand_platelets_per_microlitre(unit: str) -> None:
    assert canonical("lab:plt", "50", unit) == 50_000_000


@pytest.mark.parametrize(
    "unit",
    [
        "/mm3",
        "/mm^3",
        "/mm³",
        "/uL",
        "/µL",
        "/mcL",
        "cells/µL",
        "cells/mm3",
        "cells per microliter",
        "per mm3",
        "/microlitre",
        "/mmc",
    ],
)
def test_plain_counts(unit: str) -> None:
    assert canonical("lab:plt", "50000", unit) == 50_000_000
    assert canonical("lab:anc", "1500", unit) == 1_500_000


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("lab:plt", "5", "10^4/µL", 50_000_000),
        ("lab:anc", "1500000000", "/L", 1_500_000),
        ("lab:hb", "80", "g/L", 8_000_000),
        ("lab:hb", "8", "gm/dL", 8_000_000),
        ("lab:hb", "8", "g/dl", 8_000_000),
        ("lab:creatinine", "2", "mg/dl", 2_000_000),
        ("lab:creatinine", "100", "umol/L", 1_131_200),
        ("lab:creatinine", "100", "µmol/L", 1_131_200),
        ("lab:bilirubin_total", "50", "μmol/L", 2_924_000),
        ("lab:crcl", "60", "mL/min", 60_000_000),
        ("lab:egfr", "60", "mL/min/1.73m2", 60_000_000),
        ("lab:egfr", "60", "ml/min/1.73 m²", 60_000_000),
        ("lab:alt", "40", "IU/L", 40_000_000),
        ("lab:alt", "40", "U/L", 40_000_000),
        ("lab:lvef", "50", "%", 50_000_000),
        ("lab:lvef", "50", "percent", 50_000_000),
        ("lab:sbp", "120", "mm Hg", 120_000_000),
        ("lab:prednisone_equiv", "10", "mg/day", 10_000_000),
        ("lab:prednisone_equiv", "10", "mg daily", 10_000_000),
        ("lab:prednisone_equiv", "10", "mg/die", 10_000_000),
        ("lab:temperature", "100.4", "°F", 38_000_000),
        ("lab:age", "6", "months", 500_000),
    ],
)
def test_worked_conversions(analyte: str, value: str, unit: str, expected: int) -> None:
    assert canonical(analyte, value, unit) == expected


def test_a_number_without_unit_is_read_by_its_size() -> None:
    assert canonical("lab:plt", "75", None) == 75_000_000
    assert canonical("lab:plt", "75000", None) == 75_000_000
    assert canonical("lab:hb", "9", None) == 9_000_000
    assert canonical("lab:hb", "90", None) == 9_000_000
    assert canonical("lab:bilirubin_total", "17", None) is None  # mg/dL or umol/L: to be asked


def test_an_unknown_unit_or_an_impossible_value_is_no_value() -> None:
    assert canonical("lab:hb", "8", "furlong") is None
    assert canonical("lab:hb", "800", "g/dL") is None
    assert canonical("lab:creatinine", "2", "kg") is None


def test_every_canonical_unit_is_known_to_its_analyte() -> None:
    for analyte in knowledge().analytes.values():
        assert analyte.knows(analyte.unit), analyte.id
        assert analyte.plausible[0] < analyte.plausible[1], analyte.id
        assert analyte.limits_are_defaults


def test_default_limits_are_plausible() -> None:
    for analyte in knowledge().analytes.values():
        if analyte.default_lln is not None and analyte.default_uln is not None:
            assert analyte.default_lln <= analyte.default_uln <= analyte.plausible[1], analyte.id
