"""Another cancer than the one the record is about: whether it is over, since when, and how it is treated."""

from __future__ import annotations

import re

from cartella.logic import Interval
from cartella.patients.context import Context, above, below
from cartella.patients.dates import find_dates, not_before
from cartella.patients.phrases import Finding, read_text
from cartella.patients.statements import Standing, Statement
from cartella.patients.wording import mark

_HORMONES_ONLY = re.compile(
    r"\b(?:only|alone|solo|soltanto)\b|\bon (?:hormon\w+|endocrine|androgen[- ]deprivation)", re.IGNORECASE
)


BESIDE_MYELOMA = frozenset({"disease:MIDDA", "disease:POEMS", "disease:SMM"})
"""Illnesses of the same plasma cells: part of a myeloma, and no cancer beside it."""


def earlier_cancer(context: Context, statement: Statement, finding: Finding) -> None:
    """A cancer other than the one the record is about."""
    concept = finding.term.concept
    past = finding.past or statement.standing is Standing.PAST
    past = past or ("previously_treated" in finding.traits and not finding.now)
    traits = {name: value for name, value in finding.traits.items() if name != "previously_treated"}
    if past:
        traits["active"] = False
        traits["remission"] = True
    elif statement.standing is Standing.ACTIVE or finding.now:
        traits.setdefault("active", True)
    if "class:endocrine_therapy" in _anticancer(statement, context) and _HORMONES_ONLY.search(statement.text):
        traits["hormonal_only"] = True
    if past or finding.last is not None:
        begun = statement.start.low if statement.start is not None else None
        told = finding.last or (_last_day_named(statement, context) if past else None)
        last = not_before(told, begun) if told is not None else (statement.end or Interval(begun, context.day))
    else:
        last = Interval.exactly(context.day)
    if last.high is not None and last.high > context.day:
        last = Interval(last.low, context.day)
    source = context.source(statement, day=last)
    kinds = above(concept)
    if concept not in BESIDE_MYELOMA:
        kinds |= {"cond:second_malignancy"}
    context.draft.event(
        "cond:second_malignancy" if concept == "disease:CANCER" else concept,
        kinds,
        source,
        may_be=below(concept),
        last=last,
        traits=traits,
    )
    context.used(statement, "second_malignancy", name=mark(concept))


def _last_day_named(statement: Statement, context: Context) -> Interval | None:
    """Of a cancer that is over: the latest day that its entry names is that of its treatment."""
    days = [found for _, _, found in find_dates(statement.text) if found.high is not None and found.high <= context.day]
    return max(days, key=lambda found: found.high or 0, default=None)


def _anticancer(statement: Statement, context: Context) -> frozenset[str]:
    """What the treatments that an entry names are."""
    findings = read_text(statement.text, context.day, frozenset({"drug", "class"}))
    return frozenset[str]().union(*(above(f.term.concept) for f in findings))
