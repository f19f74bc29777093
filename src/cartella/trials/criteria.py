"""The criteria of a study as points: what each asks, where it stands in the text, whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cartella.logic import FALSE, TRUE, Expression, Span, Truth


class Section(Enum):
    """Whether a point's expression is wanted or unwanted."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


class Gate(Enum):
    """The step before which a point is asked, where the text says so."""

    COLLECTION = "collection"
    LYMPHODEPLETION = "lymphodepletion"
    INFUSION = "infusion"


class Outcome(Enum):
    """What a point means for one patient."""

    OK = "ok"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """One criterion.

    `expression` says what the patient has; `section` whether that is wanted. `span` counts characters of the
    eligibility text as the registry holds it; it is None for a point that comes from the structured field `field`
    ("minimumAge", "maximumAge", "sex") and in the embedded catalogue, which holds no text.
    `cohort` is the text's own name of the group that the point is limited to.
    """

    section: Section
    expression: Expression
    span: Span | None = None
    cohort: str | None = None
    gate: Gate | None = None
    field: str | None = None
    concern: str | None = None

    def outcome(self, truth: Truth) -> Outcome:
        """Polarity, applied once: an exclusion is the negation of an inclusion."""
        wanted, unwanted = (TRUE, FALSE) if self.section is Section.INCLUSION else (FALSE, TRUE)
        if truth is wanted:
            return Outcome.OK
        return Outcome.CONFLICT if truth is unwanted else Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything that was read from one eligibility text.

    The spans of `points` and `fillers` (headings, introductions, notes, blank space) partition the text: in order,
    without gap or overlap, from the first character to the last.
    """

    points: tuple[Point, ...]
    fillers: tuple[Span, ...] = ()
