"""What a record states, entry by entry, before anything is understood of it.

Both ways into Cartella (FHIR and the short record) end here, so that the same patient written both ways gives the
same facts: everything after this point knows nothing of formats.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction

from cartella.logic import Interval

ADDED = "added"
"""The path of an entry that a person added to a record begins with this."""


class Topic(Enum):
    """What an entry of a record speaks of."""

    CONDITION = "condition"
    OBSERVATION = "observation"
    MEDICATION = "medication"
    PROCEDURE = "procedure"
    ALLERGY = "allergy"
    VACCINE = "vaccine"


class Standing(Enum):
    """How an entry stands: whether its subject is there, was there, is denied or is only thought of."""

    STATED = "stated"
    ACTIVE = "active"
    PAST = "past"
    DENIED = "denied"
    DOUBTFUL = "doubtful"
    PLANNED = "planned"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as written, the comparator of a censored value, and the laboratory's own range."""

    value: Fraction
    unit: str = ""
    comparator: str = ""
    range_low: Fraction | None = None
    range_high: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry: `name` is what it speaks of, `value` or `quantity` what is found, `notes` what is added in words.

    `start` and `end` are the days between which it held (an observation has only `start`); None where not stated.
    `codes` are pairs of (system, code), system in the short form of `cartella.patients.codes`. `primary` marks the
    cancer that the record names as the primary one, `secondary` a metastasis.
    """

    topic: Topic
    path: str
    name: str
    codes: tuple[tuple[str, str], ...] = ()
    value: str = ""
    quantity: Quantity | None = None
    start: Interval | None = None
    end: Interval | None = None
    standing: Standing = Standing.STATED
    notes: tuple[str, ...] = ()
    method: str = ""
    primary: bool = False
    secondary: bool = False
    missing: bool = False

    @property
    def text(self) -> str:
        """The words of the entry, without its number."""
        return "; ".join(part for part in (self.name, self.value, *self.notes) if part)

    @property
    def words(self) -> str:
        """Everything the entry says, for the source of a fact."""
        parts = [self.name, self.value]
        if self.quantity is not None:
            parts.append(f"{self.quantity.comparator}{plain(self.quantity.value)} {self.quantity.unit}".strip())
        return "; ".join(part for part in (*parts, *self.notes) if part)


@dataclass(frozen=True, slots=True)
class Person:
    """Who the record speaks of. `label` is what the record itself calls the patient: never a person's name. `added`
    names what was not in the record but added to it."""

    path: str
    label: str = ""
    sex: str = ""
    birth: Interval | None = None
    city: str = ""
    country: str = ""
    added: frozenset[str] = frozenset()

    def path_of(self, part: str, field: str) -> str:
        """The path of a part ("sex", "birth"), which the record calls `field`."""
        return f"{ADDED}.patient.{part}" if part in self.added else f"{self.path}.{field}"


def is_added(path: str) -> bool:
    """Whether an entry was added by a person to the record."""
    return path.startswith(f"{ADDED}.")


def exact(value: object) -> Fraction | None:
    """A number of a record as an exact fraction: 2.1 is 21/10 whatever the reader of the file made of it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return Fraction(value)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number.copy_abs() > Decimal(10) ** 18 or number.adjusted() < -30:
        return None
    return Fraction(number)


def plain(value: Fraction) -> str:
    """A fraction as people write numbers: decimal where it ends, else to six digits."""
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}"
    return text.rstrip("0").rstrip(".") or "0"
