"""The reference evaluator: slow, obvious, and the specification for every other engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cartella.logic.expressions import (
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Presence,
    Unread,
)
from cartella.logic.facts import Event, PatientFacts, Source
from cartella.logic.interval import Interval
from cartella.logic.truth import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    at_least,
    conjunction,
    disjunction,
    negation,
)


class Cause(Enum):
    """The kind of an unknown."""

    NOT_TOLD = "not_told"
    IMPRECISE = "imprecise"
    NOT_UNDERSTOOD = "not_understood"
    JUDGEMENT = "judgement"
    OUT_OF_DATE = "out_of_date"


@dataclass(frozen=True, slots=True)
class Trace:
    """What the evaluation of one node found: an explanation is a view of this, never a second calculation.

    `causes` are the kinds of unknown that keep the node from being settled (empty when it is settled);
    `sources` are the facts that were looked at and speak of this node.
    """

    identifier: str
    node: Expression
    truth: Truth
    causes: frozenset[Cause] = frozenset()
    sources: tuple[Source, ...] = ()
    parts: tuple[Trace, ...] = ()


def evaluate(node: Expression, facts: PatientFacts, identifier: str = "0") -> Trace:
    """Whether `node` holds for the patient, with the trace of how that was found."""
    match node:
        case Number():
            return _number(node, facts, identifier)
        case Code():
            return _code(node, facts, identifier)
        case Presence():
            return _presence(node, facts, identifier)
        case Count():
            return _count(node, facts, identifier)
        case Opaque(why=why):
            cause = Cause.JUDGEMENT if why is Unread.JUDGEMENT else Cause.NOT_UNDERSTOOD
            return Trace(identifier, node, UNKNOWN, frozenset({cause}))
        case Not(item=item):
            part = evaluate(item, facts, f"{identifier}.0")
            return _combined(identifier, node, negation(part.truth), (part,))
        case And(items=items):
            parts = _parts(items, facts, identifier)
            return _combined(identifier, node, conjunction(p.truth for p in parts), parts)
        case Or(items=items):
            parts = _parts(items, facts, identifier)
            return _combined(identifier, node, disjunction(p.truth for p in parts), parts)
        case AtLeast(count=count, items=items):
            parts = _parts(items, facts, identifier)
            return _combined(identifier, node, at_least(count, (p.truth for p in parts)), parts)
        case If(condition=condition, then=then):
            parts = _parts((condition, then), facts, identifier)
            truth = disjunction((negation(parts[0].truth), parts[1].truth))
            return _combined(identifier, node, truth, parts)


def _parts(items: tuple[Expression, ...], facts: PatientFacts, identifier: str) -> tuple[Trace, ...]:
    return tuple(evaluate(item, facts, f"{identifier}.{n}") for n, item in enumerate(items))


def _combined(identifier: str, node: Expression, truth: Truth, parts: tuple[Trace, ...]) -> Trace:
    """A node above others: unknown for the reasons of its unknown parts, known by the facts of all of them."""
    causes: frozenset[Cause] = frozenset()
    if truth is UNKNOWN:
        causes = frozenset().union(*(p.causes for p in parts if p.truth is UNKNOWN))
    sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
    return Trace(identifier, node, truth, causes, sources, parts)


def _number(node: Number, facts: PatientFacts, identifier: str) -> Trace:
    measure = facts.measures.get(node.quantity)
    if measure is None:
        return Trace(identifier, node, UNKNOWN, frozenset({Cause.NOT_TOLD}))
    if measure.stale:
        return Trace(identifier, node, UNKNOWN, frozenset({Cause.OUT_OF_DATE}), (measure.source,))
    truth = compare(measure.value, node.operator, node.bound)
    causes = frozenset({Cause.IMPRECISE}) if truth is UNKNOWN else frozenset[Cause]()
    return Trace(identifier, node, truth, causes, (measure.source,))


def compare(value: Interval, operator: Operator, bound: int) -> Truth:
    """Compare what is known of a number with a bound: settled only if every number of the interval agrees."""
    low, high = value.low, value.high
    match operator:
        case Operator.AT_LEAST:
            return _sided(low is not None and low >= bound, high is not None and high < bound)
        case Operator.GREATER:
            return _sided(low is not None and low > bound, high is not None and high <= bound)
        case Operator.AT_MOST:
            return _sided(high is not None and high <= bound, low is not None and low > bound)
        case Operator.LESS:
            return _sided(high is not None and high < bound, low is not None and low >= bound)
        case Operator.EQUAL:
            outside = (low is not None and low > bound) or (high is not None and high < bound)
            return _sided(low == high == bound, outside)


def _sided(certain: bool, impossible: bool) -> Truth:
    return TRUE if certain else FALSE if impossible else UNKNOWN


def _code(node: Code, facts: PatientFacts, identifier: str) -> Trace:
    coding = facts.codings.get(node.variable)
    if coding is None:
        return Trace(identifier, node, UNKNOWN, frozenset({Cause.NOT_TOLD}))
    if coding.stale:
        return Trace(identifier, node, UNKNOWN, frozenset({Cause.OUT_OF_DATE}), (coding.source,))
    if coding.possible <= node.codes:
        return Trace(identifier, node, TRUE, sources=(coding.source,))
    if coding.possible.isdisjoint(node.codes):
        return Trace(identifier, node, FALSE, sources=(coding.source,))
    return Trace(identifier, node, UNKNOWN, frozenset({Cause.IMPRECISE}), (coding.source,))


def _presence(node: Presence, facts: PatientFacts, identifier: str) -> Trace:
    base, denied = _elsewhere(node.concept, node.register, facts)
    found = [(event, _occurs(node, event, facts.reference_day)) for event in _speaking(node.concept, facts)]
    truth = disjunction([base, *(value for _, value in found)])
    if truth is TRUE:
        sources = tuple(event.source for event, value in found if value is TRUE)
        return Trace(identifier, node, TRUE, sources=sources)
    relevant = tuple(event.source for event, value in found if value is UNKNOWN or node.concept in event.concepts)
    if truth is FALSE:
        return Trace(identifier, node, FALSE, sources=relevant + denied)
    imprecise = any(value is UNKNOWN for _, value in found)
    cause = Cause.IMPRECISE if imprecise else Cause.NOT_TOLD
    return Trace(identifier, node, UNKNOWN, frozenset({cause}), relevant)


def _elsewhere(concept: str, register: str | None, facts: PatientFacts) -> tuple[Truth, tuple[Source, ...]]:
    """Whether there may be occurrences besides the recorded events, and what rules them out."""
    denied = tuple(absence.source for absence in facts.absences if concept in absence.concepts)
    if register is not None and register in facts.complete:
        denied += (facts.complete[register],)
    if concept in facts.told:
        denied += (facts.told[concept],)
    return (FALSE if denied else UNKNOWN), denied


def _speaking(concept: str, facts: PatientFacts) -> list[Event]:
    """The events that are `concept` or may be it. A documented absence denies what an imprecise entry may be."""
    denied = any(concept in absence.concepts for absence in facts.absences)
    return [event for event in facts.events if concept in event.concepts or (concept in event.may_be and not denied)]


def _occurs(node: Presence, event: Event, reference_day: int) -> Truth:
    values = [TRUE if node.concept in event.concepts else UNKNOWN]
    if node.window is not None:
        values.append(node.window.holds(elapsed_days(event.last, reference_day), reference_day))
    for trait in node.traits:
        stated = event.traits.get(trait.removeprefix("!"))
        if stated is None:
            values.append(UNKNOWN)
        else:
            values.append(TRUE if stated is not trait.startswith("!") else FALSE)
    return conjunction(values)


def elapsed_days(last: Interval, reference_day: int) -> Interval:
    """Days from the last activity to the reference day; 0 for what still goes on."""
    low = 0 if last.high is None else max(0, reference_day - last.high)
    high = None if last.low is None else max(0, reference_day - last.low)
    return Interval(low, high)


def _count(node: Count, facts: PatientFacts, identifier: str) -> Trace:
    base, denied = _elsewhere(node.concept, node.register, facts)
    relevant = _speaking(node.concept, facts)
    sources = tuple(event.source for event in relevant)
    truth = compare(_how_many(node.concept, relevant, base), node.operator, node.bound)
    if truth is UNKNOWN:
        cause = Cause.IMPRECISE if sources else Cause.NOT_TOLD
        return Trace(identifier, node, UNKNOWN, frozenset({cause}), sources)
    return Trace(identifier, node, truth, sources=sources + (denied if not sources else ()))


def _how_many(concept: str, relevant: list[Event], elsewhere: Truth) -> Interval:
    """How many different ones there are.

    An imprecise entry ("a TKI") may repeat one that is named, or stand for several: it adds nothing to the lower end
    beyond the first, and leaves the upper end open.
    """
    named = {event.counts_as for event in relevant if not event.may_be}
    low = len(named) or int(any(concept in event.concepts for event in relevant))
    settled = elsewhere is FALSE and not any(event.may_be for event in relevant)
    return Interval(low, len(named) if settled else None)
