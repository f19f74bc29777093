"""Truth without traces, each distinct expression evaluated once for a patient.

Studies share most of what they ask ("platelets at least 50 G/L", "no hepatitis B"). Equal expressions are made one
object (`Interned`), so that a memo keyed by the object answers for all studies at once. What an atom means is decided
by the reference evaluator alone; here are only the tables for the nodes above atoms, and a narrower view of the facts
(the events and absences that speak of the atom's concept), which cannot change the answer.
"""

from __future__ import annotations

from cartella.logic import (
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Or,
    PatientFacts,
    Presence,
    Truth,
    evaluate,
)
from cartella.logic.truth import FALSE, TRUE, UNKNOWN, at_least, negation
from cartella.trials.criteria import Outcome, Point


class Memo:
    """What is already known about one patient's facts: `truth` agrees with the reference evaluator on everything."""

    def __init__(self, facts: PatientFacts) -> None:
        self._facts = facts
        self._known: dict[int, Truth] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._kept: list[Expression | Point] = []  # so that no id that is known can be given to another object
        self._views: dict[str, PatientFacts] = {}

    def truth(self, node: Expression) -> Truth:
        """Whether `node` holds for the patient."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._truth(node)
            self._kept.append(node)
        return known

    def outcome(self, point: Point) -> Outcome:
        """What `point` means for the patient."""
        known = self._outcomes.get(id(point))
        if known is None:
            known = self._outcomes[id(point)] = point.outcome(self.truth(point.expression))
            self._kept.append(point)
        return known

    def _truth(self, node: Expression) -> Truth:
        match node:
            case And(items=items):
                return self._all(items)
            case Or(items=items):
                return self._any(items)
            case Opaque():
                return UNKNOWN
            case Presence() | Count():
                return evaluate(node, self._view(node.concept)).truth
            case Not(item=item):
                return negation(self.truth(item))
            case Number() | Code():
                return evaluate(node, self._facts).truth
            case AtLeast(count=count, items=items):
                return at_least(count, (self.truth(item) for item in items))
            case If(condition=condition, then=then):
                applies = self.truth(condition)
                if applies is FALSE:
                    return TRUE
                holds = self.truth(then)
                return holds if applies is TRUE or holds is TRUE else UNKNOWN

    def _all(self, items: tuple[Expression, ...]) -> Truth:
        result = TRUE
        for item in items:
            value = self.truth(item)
            if value is FALSE:
                return FALSE
            if value is UNKNOWN:
                result = UNKNOWN
        return result

    def _any(self, items: tuple[Expression, ...]) -> Truth:
        result = FALSE
        for item in items:
            value = self.truth(item)
            if value is TRUE:
                return TRUE
            if value is UNKNOWN:
                result = UNKNOWN
        return result

    def _view(self, concept: str) -> PatientFacts:
        view = self._views.get(concept)
        if view is None:
            facts = self._facts
            view = self._views[concept] = PatientFacts(
                facts.reference_day,
                events=tuple(e for e in facts.events if concept in e.concepts or concept in e.may_be),
                absences=tuple(a for a in facts.absences if concept in a.concepts),
                complete=facts.complete,
                told=facts.told,
            )
        return view


class Interned:
    """Equal expressions made one object."""

    def __init__(self) -> None:
        self._known: dict[Expression, Expression] = {}

    def one(self, node: Expression) -> Expression:
        """The object that stands for all expressions equal to `node` (spans take no part in equality)."""
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = node
        return known
