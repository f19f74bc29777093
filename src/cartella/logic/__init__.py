"""What a criterion means: truth, intervals, expressions, patient facts and the reference evaluator.

Standard library only. Everything else in Cartella imports this package; it imports nothing of Cartella.
"""

from cartella.logic.evaluate import Cause, Trace, evaluate
from cartella.logic.expressions import (
    SCALE,
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
    Span,
    Unread,
    children,
    numbered,
    walk,
)
from cartella.logic.facts import Absence, Coding, Event, Measure, PatientFacts, Source
from cartella.logic.interval import ANY, Interval
from cartella.logic.periods import Period, PeriodUnit, Window
from cartella.logic.truth import FALSE, TRUE, UNKNOWN, Truth

__all__ = [
    "ANY",
    "FALSE",
    "SCALE",
    "TRUE",
    "UNKNOWN",
    "Absence",
    "And",
    "AtLeast",
    "Cause",
    "Code",
    "Coding",
    "Count",
    "Event",
    "Expression",
    "If",
    "Interval",
    "Measure",
    "Not",
    "Number",
    "Opaque",
    "Operator",
    "Or",
    "PatientFacts",
    "Period",
    "PeriodUnit",
    "Presence",
    "Source",
    "Span",
    "Trace",
    "Truth",
    "Unread",
    "Window",
    "children",
    "evaluate",
    "numbered",
    "walk",
]
