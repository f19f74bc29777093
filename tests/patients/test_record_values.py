"""Numbers in records: units, ranges, plausibility, scales, dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from patient_facts import DAY, messages, number, of

from cartella.logic import SCALE, Interval
from cartella.patients import read_fhir
from cartella.patients.dates import birth_at_age, completed_months


@pytest.mark.parametrize(
    ("name", "value", "key", "expected"),
    [
        ("platelets", "112 10*9/L", "lab:plt", 112),
        ("thrombocytes", "112 G/L", "lab:plt", 112),
        ("PLT", "112 K/uL", "lab:plt", 112),
        ("platelet count", "112000 /uL", "lab:plt", 112),
        ("piastrine", "112.000/mmc", "lab:plt", 112),
        ("haemoglobin", "104 g/L", "lab:hb", 10.4),
        ("emoglobina", "10,4 g/dL", "lab:hb", 10.4),
        ("LVEF", "58 %", "lab:lvef", 58),
        ("INR", 1.1, "lab:inr", 1.1),
    ],
)
def test_units(name: str, value: object, key: str, expected: float) -> None:
    assert number(of(laboratory={name: value})[0], key) == expected


def test_ratio_to_the_upper_limit_is_an_exact_interval() -> None:
    facts = of(laboratory={"bilirubin": "0.7 mg/dL (ULN 1.2)", "ALT": "80 U/L (ULN 40)", "AST": "30 U/L"})[0]
    assert facts.measures["lab:bilirubin_total.uln"].value == Interval(583_333, 583_334)
    assert facts.measures["lab:alt.uln"].value == Interval.exactly(2 * SCALE)
    assert "lab:ast.uln" not in facts.measures


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("platelets", "112 /uL", "value_implausible"),
        ("platelets", "112 foo", "unit_unknown"),
        ("haemoglobin", "300 g/dL", "value_implausible"),
        ("urine creatinine", "80 mg/dL", "other_fluid"),
    ],
)
def test_values_that_cannot_be(name: str, value: str, message: str) -> None:
    facts, report = of(laboratory={name: value})
    assert not facts.measures
    assert message in messages(report, "ignored")


def test_a_number_without_unit_is_an_assumption() -> None:
    facts, report = of(laboratory={"potassium": 4})
    assert number(facts, "lab:potassium") == 4
    assert "unit_assumed" in messages(report, "assumed")


def test_a_point_before_three_digits_that_can_be_read_in_two_ways() -> None:
    facts, report = of(findings={"AFP": "1.200 ng/mL"})
    assert "lab:afp" not in facts.measures
    assert "number_ambiguous" in messages(report, "ambiguous")


@pytest.mark.parametrize(
    ("comparator", "expected"), [("<", Interval(None, 20 * SCALE - 1)), (">=", Interval(20 * SCALE, None))]
)
def test_censored_values(comparator: str, expected: Interval) -> None:
    facts = of(laboratory={"LVEF": f"{comparator} 20 %"})[0]
    assert facts.measures["lab:lvef"].value == expected


@pytest.mark.parametrize(
    ("scale", "level", "ecog", "karnofsky"),
    [
        ("ecog", 1, (1, 1), (70, 80)),
        ("karnofsky", 80, (1, 1), (80, 80)),
        ("lansky", 90, (0, 0), (90, 90)),
        ("ecog", "0-1", (0, 1), (70, 100)),
    ],
)
def test_performance_scales(scale: str, level: object, ecog: tuple[int, int], karnofsky: tuple[int, int]) -> None:
    facts = of(performance={scale: level})[0]
    assert facts.measures["ecog"].value == Interval(ecog[0] * SCALE, ecog[1] * SCALE)
    assert facts.measures["karnofsky"].value == Interval(karnofsky[0] * SCALE, karnofsky[1] * SCALE)
    assert facts.measures[scale].source.derived is None
    assert all(facts.measures[key].source.derived for key in {"ecog", "karnofsky", "lansky"} - {scale})


def test_a_level_that_the_scale_does_not_have() -> None:
    facts, report = of(performance={"ecog": 7})
    assert "ecog" not in facts.measures
    assert "scale_out_of_range" in messages(report, "ignored")


def test_a_scale_inside_a_text() -> None:
    assert number(of(diagnosis={"name": "Melanoma", "note": "ECOG PS 1"})[0], "ecog") == 1


def test_age() -> None:
    facts = of(patient={"birth_date": "1968-03-14"})[0]
    assert number(facts, "age") == 58
    assert number(facts, "age.months") == 58 * 12 + 7
    partial = of(patient={"birth_date": "1968"})[0]
    assert partial.measures["age"].value == Interval(57 * SCALE, 58 * SCALE)
    unknown, report = of(patient={"sex": "female"})
    assert "age" not in unknown.measures
    assert "no_birth_date" in messages(report, "ignored")


def test_an_age_in_years_leaves_the_month_open() -> None:
    facts = of(patient={"age": 70})[0]
    assert number(facts, "age") == 70
    assert facts.measures["age.months"].value == Interval(70 * 12 * SCALE, (70 * 12 + 11) * SCALE)
    assert number(of(patient={"age": 70, "birth_date": "1968-03-14"})[0], "age") == 58


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1)])
@pytest.mark.parametrize("years", [0, 1, 18, 70, 130])
def test_who_is_that_old_was_born_between_two_birthdays(day: date, years: int) -> None:
    birth = birth_at_age(years, day.toordinal())
    assert completed_months(birth, day.toordinal()) == Interval(years * 12, years * 12 + 11)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [(0, 0, 0), (2, 2, 2), ("> 2", 3, None), (">= 2", 2, None), ("< 2", 0, 1), ("<= 2", 0, 2)],
)
def test_lines_of_therapy(written: object, low: int, high: int | None) -> None:
    findings = {"number of prior lines": written} if isinstance(written, str) else {}
    facts = of(findings=findings)[0] if findings else of(lines=written)[0]
    assert facts.measures["lines"].value == Interval(low * SCALE, None if high is None else high * SCALE)


def test_fewer_than_no_line_is_no_count() -> None:
    facts, report = of(findings={"number of prior lines": "< 0"})
    assert "lines" not in facts.measures
    assert "not_a_count" in messages(report, "ignored")


def observation(value: float, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "code": {"text": "platelets"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "10*9/L"},
    }


def test_the_newest_value_counts_and_the_future_does_not() -> None:
    bundle = [observation(50, "2026-10-01"), observation(80, "2026-10-20"), observation(10, "2027-01-01")]
    facts, report = read_fhir(bundle, DAY)
    assert number(facts, "lab:plt") == 80
    assert "older_value" in messages(report, "ignored")
    assert "after_reference_day" in messages(report, "ignored")


def test_two_values_of_one_day_that_differ_are_ambiguous() -> None:
    facts, report = read_fhir([observation(50, "2026-10-20"), observation(80, "2026-10-20")], DAY)
    assert "lab:plt" not in facts.measures
    assert messages(report, "ambiguous").count("values_differ") == 2


def test_the_longest_diameter_of_a_lesion() -> None:
    facts = of(findings={"measurable disease": "enhancing lesion 2.4 x 2.0 cm on MRI of 2026-10-22"})[0]
    assert number(facts, "lab:lesion_ld") == 24
