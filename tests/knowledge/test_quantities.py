"""Numbers in English and Italian spelling."""

from fractions import Fraction

import pytest

from cartella.knowledge import find_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("platelets 50 000/mm3", 50000),
        ("5 x 10^4 cells", 50000),
        ("5×10⁴/µL", 50000),
        ("5*10e4", 50000),
        ("5x10E4/uL", 50000),
        ("10^9/L", 10**9),
        ("1.5 x 109/L", 15 * 10**8),
        ("≥1.0×109/L", 10**9),
        ("bilirubina 1,5", Fraction(3, 2)),
        ("0.5", Fraction(1, 2)),
        ("0,500", Fraction(1, 2)),
        ("1½ times", Fraction(3, 2)),
        ("1,000,000 cells", 10**6),
        ("1.000.000 cellule", 10**6),
        ("two prior lines", 2),
        ("almeno due linee", 2),
        ("eGFR per 1.73", Fraction(173, 100)),
    ],
)
def test_one_number(text: str, value: Fraction) -> None:
    (mention,) = find_numbers(text)
    assert mention.value == value
    assert mention.other is None


def test_three_digits_after_one_mark_have_two_readings() -> None:
    (english,) = find_numbers("50,000")
    assert (english.value, english.other) == (Fraction(50000), Fraction(50))
    (italian,) = find_numbers("50.000/mmc")
    assert (italian.value, italian.other) == (Fraction(50), Fraction(50000))


def test_percent_and_ranges() -> None:
    (percent,) = find_numbers("LVEF ≥ 50 %")
    assert percent.percent and percent.value == 50
    assert [mention.value for mention in find_numbers("aged 18-75 years")] == [18, 75]


def test_a_lost_superscript_needs_a_unit_behind_it() -> None:
    (unit,) = find_numbers("ANC > x 109/L")
    assert unit.value == 10**9
    (room,) = find_numbers("room 109")
    assert room.value == 109


def test_names_hold_no_numbers() -> None:
    assert find_numbers("CD19, HER2, B7H3") == []


def test_the_span_is_that_of_the_number() -> None:
    text = "ANC ≥ 1.5 x 10^9/L"
    (mention,) = find_numbers(text)
    assert text[mention.start : mention.end] == "1.5 x 10^9"
