"""The explanation of one point: why it is met, not met, or open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cartella.explaining.deciding import Change, change, deciding, is_applicable
from cartella.explaining.washout import day_of_change
from cartella.logic import Cause, Code, Count, Expression, Number, PatientFacts, Presence, Source, Span, Trace
from cartella.trials.criteria import Gate, Outcome, Point, Section


class Reason(Enum):
    """Why a point has its outcome; the value is the id of a message."""

    MET = "met"
    NOT_MET = "not_met"
    EXCLUDED_ABSENT = "excluded_absent"
    EXCLUDED_PRESENT = "excluded_present"
    NOT_APPLICABLE = "not_applicable"
    NOT_TOLD = "not_told"
    IMPRECISE = "imprecise"
    OUT_OF_DATE = "out_of_date"
    JUDGEMENT = "judgement"
    NOT_UNDERSTOOD = "not_understood"


# What the person can answer comes first; the other kinds of unknown are said beside it.
_BY_CAUSE = (
    (Cause.NOT_TOLD, Reason.NOT_TOLD),
    (Cause.IMPRECISE, Reason.IMPRECISE),
    (Cause.OUT_OF_DATE, Reason.OUT_OF_DATE),
    (Cause.JUDGEMENT, Reason.JUDGEMENT),
    (Cause.NOT_UNDERSTOOD, Reason.NOT_UNDERSTOOD),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that would settle a point: the quantity, variable or concept, and how it is missing."""

    subject: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Explanation:
    """One point, one patient: what was asked, what was found, what would settle it.

    `parts` are the trace nodes that decide: the smallest set that settles the point, or all that keep it open.
    `facts` are what the record states about them. `causes` are all kinds of unknown that keep it open; `reason` is the
    first of them. `missing` names what would settle it. `change` and `free_from` (an ordinal day) are set for a
    conflict only: whether it may pass, and the first day on which a washout has run out if nothing happens again.
    `quote` is the sentence of the study at `span`; both are None where no text is at hand. `concern` names the doubt
    for which a part of what was read is not used (see `cartella.reading.lint`).
    """

    outcome: Outcome
    reason: Reason
    section: Section
    expression: Expression
    parts: tuple[Trace, ...]
    facts: tuple[Source, ...] = ()
    causes: frozenset[Cause] = frozenset()
    missing: tuple[Missing, ...] = ()
    quote: str | None = None
    span: Span | None = None
    cohort: str | None = None
    gate: Gate | None = None
    change: Change | None = None
    free_from: int | None = None
    concern: str | None = None


def explain(point: Point, trace: Trace, text: str | None, facts: PatientFacts | None = None) -> Explanation:
    """A view of the trace of `point`. `text` is the eligibility text that the point's span counts in.

    `facts` are those that were evaluated; they are read only for the last day of a treatment, from which the end of a
    washout is counted. Without them `free_from` is None.
    """
    outcome = point.outcome(trace.truth)
    parts = deciding(trace)
    quote = text[point.span.start : point.span.end].strip() if text is not None and point.span is not None else None
    conflict = outcome is Outcome.CONFLICT
    return Explanation(
        outcome=outcome,
        reason=_reason(point, trace, outcome),
        section=point.section,
        expression=point.expression,
        parts=parts,
        facts=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
        causes=trace.causes,
        missing=_missing(parts) if outcome is Outcome.UNKNOWN else (),
        quote=quote or None,
        span=point.span,
        cohort=point.cohort,
        gate=point.gate,
        change=_change(parts) if conflict else None,
        free_from=day_of_change(trace, facts) if conflict and facts is not None else None,
        concern=point.concern,
    )


def _reason(point: Point, trace: Trace, outcome: Outcome) -> Reason:
    inclusion = point.section is Section.INCLUSION
    if outcome is Outcome.UNKNOWN:
        return next(reason for cause, reason in _BY_CAUSE if cause in trace.causes)
    if outcome is Outcome.CONFLICT:
        return Reason.NOT_MET if inclusion else Reason.EXCLUDED_PRESENT
    if inclusion:
        return Reason.MET if is_applicable(trace) else Reason.NOT_APPLICABLE
    return Reason.EXCLUDED_ABSENT


def _missing(parts: tuple[Trace, ...]) -> tuple[Missing, ...]:
    found = []
    for part in parts:
        match part.node:
            case Number(quantity=subject) | Code(variable=subject) | Presence(concept=subject) | Count(concept=subject):
                found += [Missing(subject, cause) for cause in sorted(part.causes, key=lambda c: c.value)]
    return tuple(dict.fromkeys(found))


def _change(parts: tuple[Trace, ...]) -> Change | None:
    """Fixed if all that decides is fixed; may change if any of it may; else nothing is known about it."""
    kinds = {change(part) for part in parts}
    if kinds == {Change.FIXED}:
        return Change.FIXED
    return Change.MAY_CHANGE if Change.MAY_CHANGE in kinds else None
