"""Laboratory and functional measurements: units, plausible ranges, default limits of normal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from cartella.knowledge.files import KnowledgeError, rows
from cartella.knowledge.units import plain_unit
from cartella.logic import SCALE

# What every blood count may be written in besides the spellings of its own row; factors to 10*9/L.
_COUNT_UNITS = {
    "10^9/l": Fraction(1),
    "g/l": Fraction(1),
    "/nl": Fraction(1),
    "10^6/ml": Fraction(1),
    "10^3/ul": Fraction(1),
    "10^4/ul": Fraction(10),
    "/ul": Fraction(1, 1000),
    "10^6/l": Fraction(1, 1000),
    "/ml": Fraction(1, 10**6),
    "/l": Fraction(1, 10**9),
}
_UNKNOWN_UNIT = "?"


@dataclass(frozen=True, slots=True)
class Conversion:
    """canonical = value * factor + offset."""

    factor: Fraction
    offset: Fraction


@dataclass(frozen=True, slots=True)
class BareNumber:
    """Numbers from `low` to `high` (None: no limit) written without a unit are in `unit`; unit '' means: ask."""

    low: Fraction | None
    high: Fraction | None
    unit: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """A measurement and how it is written.

    `unit` is the canonical unit (UCUM). `plausible` are the lowest and highest believable values in it. `default_lln`
    and `default_uln` are general adult limits of normal, never those of a laboratory: a result that rests on them must
    say so (`limits_are_defaults` is always true and exists to be asked). `relative_to` names the limits that texts use
    for this analyte ("ULN", "LLN").
    """

    id: str
    english: str
    italian: str
    unit: str
    plausible: tuple[Fraction, Fraction]
    default_lln: Fraction | None
    default_uln: Fraction | None
    relative_to: tuple[str, ...]
    bare_numbers: tuple[BareNumber, ...]
    conversions: Mapping[str, Conversion]
    confidence: str
    limits_are_defaults: bool = True

    def knows(self, unit: str) -> bool:
        """Whether a unit, however spelled, is one in which this analyte is measured."""
        return plain_unit(unit) in self.conversions

    def canonical(self, value: Decimal | Fraction, unit: str | None) -> int | None:
        """The value in millionths of the canonical unit, rounded to the nearest (ties to even).

        Without a unit the number is read by `bare_numbers`, else as canonical. None when the unit is not known for
        this analyte or the result is not plausible: then the number is not what it seems, and nothing may rest on it.
        """
        number = Fraction(value)
        key = plain_unit(unit) if unit and unit.strip() else self._bare_unit(number)
        conversion = self.conversions.get(key)
        if conversion is None:
            return None
        result = number * conversion.factor + conversion.offset
        if not self.plausible[0] <= result <= self.plausible[1]:
            return None
        return round(result * SCALE)

    def _bare_unit(self, number: Fraction) -> str:
        for rule in self.bare_numbers:
            if (rule.low is None or number >= rule.low) and (rule.high is None or number <= rule.high):
                return rule.unit
        return plain_unit(self.unit)


def _bare(text: str) -> tuple[BareNumber, ...]:
    found = []
    for part in text.split():
        limits, unit = part.split("=", 1)
        low, high = limits.split("..")
        found.append(
            BareNumber(
                _fraction(low) if low else None,
                _fraction(high) if high else None,
                "" if unit == _UNKNOWN_UNIT else plain_unit(unit),
            )
        )
    return tuple(found)


@lru_cache(maxsize=1024)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


_ANALYTE_COLUMNS = (
    "id",
    "english",
    "italian",
    "unit",
    "plausible_low",
    "plausible_high",
    "default_lln",
    "default_uln",
    "relative_to",
    "bare_number",
    "confidence",
)
_UNIT_COLUMNS = ("analyte", "unit", "factor", "offset", "spellings", "confidence")


def load_analytes() -> dict[str, Analyte]:
    """All analytes by id ('lab:plt')."""
    conversions: dict[str, dict[str, Conversion]] = defaultdict(dict)
    for analyte, unit, factor, offset, spellings, _ in rows("units.csv", _UNIT_COLUMNS):
        conversion = Conversion(_fraction(factor), _fraction(offset or "0"))
        for spelling in (unit, *spellings.split(" | ")):
            if not spelling:
                continue
            key = plain_unit(spelling)
            if conversions[analyte].setdefault(key, conversion) != conversion:
                raise KnowledgeError(
                    f"units.csv, {analyte}: {spelling!r} has two factors; spell the unit so that it has one"
                )
    found = {}
    for row in rows("analytes.csv", _ANALYTE_COLUMNS):
        id_, english, italian, unit, low, high, lln, uln, relative_to, bare_number, confidence = row
        own = conversions[id_]
        if unit == "10*9/L":
            for spelling, factor_ in _COUNT_UNITS.items():
                own.setdefault(spelling, Conversion(factor_, Fraction(0)))
        found[id_] = Analyte(
            id_,
            english,
            italian,
            unit,
            (_fraction(low), _fraction(high)),
            _fraction(lln) if lln else None,
            _fraction(uln) if uln else None,
            tuple(relative_to.split()),
            _bare(bare_number),
            own,
            confidence,
        )
    return found
