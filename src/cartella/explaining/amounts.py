"""Numbers, units, periods and days as each language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cartella.explaining.tables import Lang, Register, message
from cartella.logic import SCALE, Period, PeriodUnit, Window

# UCUM as a reader of a laboratory report would write it.
_UNITS: dict[str, str] = {
    "10*9/L": "× 10⁹/L",
    "10*12/L": "× 10¹²/L",
    "10*6/kg": "× 10⁶/kg",
    "/uL": "/µL",
    "ug/dL": "µg/dL",
    "umol/L": "µmol/L",
    "mm[Hg]": "mmHg",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "kg/m2": "kg/m²",
    "m2": "m²",
    "[IU]/L": "IU/L",
    "[IU]/mL": "IU/mL",
    "m[IU]/L": "mIU/L",
    "m[IU]/mL": "mIU/mL",
    "[arb'U]/mL": "U/mL",
    "mg/(24.h)": "mg/24 h",
    "Cel": "°C",
    "U/g{Hb}": "U/g Hb",
    "1": "",
}
_ITALIAN = {
    "mL/min/1.73 m²": "mL/min/1,73 m²",
    "IU/L": "UI/L",
    "IU/mL": "UI/mL",
    "mIU/L": "mUI/L",
    "mIU/mL": "mUI/mL",
}
_MONTHS = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "en": "January February March April May June July August September October November December",
}
_STALE_DAYS = 183
"""A status older than six months is to be confirmed (DESIGN: what never bends, 7)."""


def number(millionths: int, lang: Lang) -> str:
    """An exact decimal: 1_500_000 is "1.5" in English and "1,5" in Italian; thousands are grouped."""
    value = Decimal(millionths) / SCALE
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "it" else text


def unit_words(unit: str, lang: Lang, register: Register) -> str:
    """A UCUM unit in words; empty for a number without dimension."""
    if unit == "{copies}/mL":
        return message("unit.copies", lang, register)
    if unit == "%{predicted}":
        return message("unit.predicted", lang, register)
    plain = _UNITS.get(unit, unit)
    if "{" in plain:
        return ""
    return _ITALIAN.get(plain, plain) if lang == "it" else plain


def with_unit(millionths: int, unit: str, lang: Lang, register: Register) -> str:
    """A value of a quantity with its unit: "8 g/dL", "50 × 10⁹/L"; for patients a blood count also per microlitre."""
    if unit in ("a", "mo", "wk", "h", "d"):
        name = {"a": "year", "mo": "month", "wk": "week", "h": "hour", "d": "day"}[unit]
        return f"{number(millionths, lang)} {_unit_name(name, millionths == SCALE, lang, register)}"
    words = unit_words(unit, lang, register)
    text = number(millionths, lang)
    joined = f"{text}{words}" if words.startswith("%") else f"{text} {words}".strip()
    if register == "patient" and unit == "10*9/L":
        return f"{number(millionths * 1000, lang)} {message('unit.per_microlitre', lang, register)} ({joined})"
    return joined


def _unit_name(name: str, singular: bool, lang: Lang, register: Register) -> str:
    return message(f"unit.{name}" if singular else f"unit.{name}s", lang, register)


def period(value: Period, lang: Lang, register: Register) -> str:
    """A length of time: "6 months"."""
    return f"{value.amount} {_unit_name(value.unit.value, value.amount == 1, lang, register)}"


def window(value: Window, lang: Lang, register: Register) -> str:
    """How long ago something may have been, as words that follow what they speak of (with the space or comma)."""
    parts = []
    if value.at_most is not None:
        parts.append(_bound(value.at_most, "within", value.at_most_strict, lang, register))
    if value.at_least is not None:
        parts.append(_bound(value.at_least, "since", value.at_least_strict, lang, register))
    if register == "clinician":
        return f" ({', '.join(p.strip(' ,') for p in parts)})" if parts else ""
    return "".join(part if part.startswith(",") else f" {part}" for part in parts)


def _bound(value: Period, kind: str, strict: bool, lang: Lang, register: Register) -> str:
    if value.amount == 0 and kind == "within":
        return message("now", lang, register)
    feminine = value.unit in (PeriodUnit.HOUR, PeriodUnit.WEEK)
    suffix = ".strict" if strict else ".f" if kind == "within" and feminine else ""
    if kind == "within" and not strict and value.amount == 1:
        suffix += ".one"
    unit = _unit_name(value.unit.value, value.amount == 1, lang, register)
    return message(kind + suffix, lang, register, n=value.amount, unit=unit)


def day(ordinal: int, lang: Lang) -> str:
    """A day in full: "1 November 2026"; in Italian the first of a month is "1°"."""
    found = date.fromordinal(ordinal)
    number_of_day = "1°" if lang == "it" and found.day == 1 else str(found.day)
    return f"{number_of_day} {_MONTHS[lang].split()[found.month - 1]} {found.year}"


def age_of_status(days: int, lang: Lang, register: Register) -> str:
    """How long ago, coarsely: days up to two weeks, weeks up to two months, months up to two years, then years."""
    if days < 14:
        amount, name = days, PeriodUnit.DAY
    elif days < 61:
        amount, name = days // 7, PeriodUnit.WEEK
    elif days < 730:
        amount, name = days * 12 // 365, PeriodUnit.MONTH
    else:
        amount, name = days // 365, PeriodUnit.YEAR
    return period(Period(amount, name), lang, register)


def is_stale(days: int) -> bool:
    """Whether a status of this age is to be confirmed."""
    return days > _STALE_DAYS
