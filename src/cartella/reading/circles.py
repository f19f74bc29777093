"""Which diseases an expression lets in: the circle of patients that a demand leaves open.

A demand that names a disease has a circle; one that names none is open to all. The circle is an upper bound: outside of
it the demand is certainly not met, inside it other parts of the demand may still decide.
"""

from __future__ import annotations

from cartella.logic import And, Code, Expression, Or

Circle = frozenset[str] | None
"""The diseases that are let in; None for all of them."""


def circle_of(expression: Expression) -> Circle:
    """The diseases for which `expression` may hold."""
    match expression:
        case Code(variable="diagnosis", codes=codes):
            return codes
        case And(items=items):
            named = [c for item in items if (c := circle_of(item)) is not None]
            # two diseases at once are no circle: something was misread
            return (frozenset.intersection(*named) or None) if named else None
        case Or(items=items):
            alternatives = [circle_of(item) for item in items]
            return joined(alternatives)
        case _:
            return None


def joined(circles: list[Circle]) -> Circle:
    """The circle of several alternatives."""
    named = [c for c in circles if c is not None]
    return frozenset[str]().union(*named) if circles and len(named) == len(circles) else None


def without_disease(expression: Expression) -> tuple[Expression, ...]:
    """What a demand asks for besides the disease that it names."""
    match expression:
        case Code(variable="diagnosis"):
            return ()
        case And(items=items):
            return tuple(rest for item in items for rest in without_disease(item))
        case _:
            return (expression,)
