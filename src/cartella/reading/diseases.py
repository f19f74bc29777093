"""Lists that ask for a disease: what is an alternative in them, and what is asked for besides."""

from __future__ import annotations

from collections.abc import Sequence

from cartella.logic import And, Code, Expression, Opaque, Or, Presence, walk
from cartella.reading.circles import circle_of, joined, without_disease
from cartella.reading.clause import conjunction, conjuncts, disjunction


def of_diseases(items: Sequence[Expression], joins: Sequence[str]) -> Expression | None:
    """``lymphoma A or B, after two lines and with measurable disease``: nothing else can stand in for a disease.

    The diseases are alternatives, and what stands beside them is asked for as well; an "or" behind a disease with a
    condition joins that condition ("A in second remission or in relapse"). None where no disease, or nothing but
    diseases, is listed, or where an "or" joins something else to a bare disease.
    """
    diseases: list[Expression] = []
    others: list[Expression] = []
    asks = [circle_of(item) is not None for item in items]
    if all(asks) or not any(asks) or any(_is_an_illness(i) for i in items):
        return None
    item: Expression | None
    for n, item in enumerate(items):
        join = joins[n - 1] if n else ""
        if asks[n]:
            if diseases and not (join == "or" or _ends_with_or(joins, n - 1) or is_another(item, diseases)):
                return None
            if others and join == "or" and not asks[n - 1] and _tells_state(others[-1]):
                # "locally advanced (stage III) or metastatic (stage IV) lung cancer": two states of one disease
                ways = [others.pop()]
                while others and _tells_state(others[-1]) and not joins[n - 1 - len(ways)]:
                    ways.append(others.pop())
                item = _with_condition(item, disjunction(ways))
            if item is None:
                return None
            diseases.append(item)
        elif join != "or":
            others.append(item)
        elif not asks[n - 1] and others:
            others[-1] = disjunction([others[-1], item])
        elif (wider := _with_condition(diseases[-1], item)) is not None:
            diseases[-1] = wider
        else:
            return None
    return conjunction([disjunction(diseases), *others])


def is_another(item: Expression, others: Sequence[Expression]) -> bool:
    """Whether no patient can have the disease of `item` and one of the others: they are alternatives."""
    mine, theirs = circle_of(item), joined([circle_of(other) for other in others])
    return mine is not None and theirs is not None and mine.isdisjoint(theirs)


def _with_condition(disease: Expression, other: Expression) -> Expression | None:
    """A disease in its own state or under another condition; None for a disease without a state.

    What else is asked for (an antigen, a number of lines) is asked for in both.
    """
    if not isinstance(disease, And):
        return None
    conditions = without_disease(disease)
    states = [c for c in conditions if _tells_state(c)] or [c for c in conditions if _is_doubtful(c)]
    kept = [c for c in conjuncts(disease) if c not in states]
    return conjunction([*kept, disjunction([conjunction(states), other])]) if states else None


def _is_doubtful(expression: Expression) -> bool:
    return any(isinstance(n, Opaque) for n in walk(expression))


def _tells_state(expression: Expression) -> bool:
    """Whether an expression says nothing but how far the cancer has come."""
    return all(
        isinstance(n, And | Or)
        or (isinstance(n, Presence) and n.concept.startswith("state:"))
        or (isinstance(n, Code) and n.variable == "stage")
        for n in walk(expression)
    )


def _is_an_illness(item: Expression) -> bool:
    """Another illness may be an alternative to the cancer: ``a gammopathy or smouldering myeloma``."""
    return any(isinstance(n, Presence) and n.concept.startswith(("cond:", "disease:")) for n in walk(item))


def _ends_with_or(joins: Sequence[str], at: int) -> bool:
    """``A, B, or C``: the commas before an "or" mean the same."""
    return not joins[at] and next((join for join in joins[at:] if join), "") == "or"
