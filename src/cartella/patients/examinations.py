"""Observations that tell of the heart's tracing and of vaccinations: what their usual phrases say and deny."""

from __future__ import annotations

import re

from cartella.logic import Interval
from cartella.patients.context import Context, above, below
from cartella.patients.dates import find_dates
from cartella.patients.illness import deny
from cartella.patients.statements import Statement
from cartella.patients.terms import find_terms
from cartella.patients.unknown_medicines import TREATMENTS
from cartella.patients.wording import mark

TRACING = "cond:ecg_abnormality"
_NAMED = re.compile(r"electro-?cardio|elettrocardio|\b(?:ECG|EKG)\b", re.IGNORECASE)
_FOUND = r"(?:findings?|changes?|abnormalit(?:y|ies)|alterations?|alterazion[ei]|anomali[ae]|reperti)"
_NORMAL = re.compile(
    rf"^\W*(?:normal|unremarkable|nella norma|normale)\b|\bno\s+{_FOUND}|\bnessuna?\s+{_FOUND}|\b(?:otherwise"
    rf"|within)\s+normal\b",
    re.IGNORECASE,
)
_INSIGNIFICANT = re.compile(
    rf"\b(?:no|without|nessun\w*|senza)\s+(?:(?:new|other|acute|clinically|medically|significant|relevant|pathological"
    rf"|isch?a?emic|acut[aei]|{_FOUND}|or|and|di|rilievo)\s+)*(?:{_FOUND}|significant\w*|rilievo)",
    re.IGNORECASE,
)
_NOT_LIVE = re.compile(
    r"\b(?:inactivated|mRNA|recombinant|subunit|conjugate\w*|polysaccharide|not?n?[- ]live|killed|inattivat\w+"
    r"|ricombinant\w+)\b",
    re.IGNORECASE,
)
_NO_LIVE = re.compile(r"\b(?:no|without|nessun|senza)\s+(?:recent\s+)?(?:live|vaccin\w+ viv\w)[^;.]*", re.IGNORECASE)


def note_electrocardiogram(context: Context, statement: Statement, answer: str) -> None:
    """A normal tracing, and one without a finding of weight; its values and names are read with the rest."""
    if not _NAMED.search(statement.name):
        return
    if _NORMAL.search(answer):
        deny(context, statement, TRACING)
    elif _INSIGNIFICANT.search(answer):
        deny(context, statement, "cond:ecg_ischaemia")
        context.draft.event(
            TRACING,
            (),
            context.source(statement),
            may_be={TRACING},
            last=Interval.exactly(context.day),
            traits={"significant": False},
        )


def read_vaccination(context: Context, statement: Statement, answer: str) -> bool:
    """``inactivated influenza vaccine on a day, no live vaccine``: what was given, and that no illness is meant."""
    denied = _NO_LIVE.search(answer)
    given = _NO_LIVE.sub(" ", answer)
    named = [t.concept for t in find_terms(given, TREATMENTS) if "class:vaccine" in above(t.concept)]
    kinds = [c for c in named if c != "class:vaccine"] or (["class:nonlive_vaccine"] if _NOT_LIVE.search(given) else [])
    days = [day for _, _, day in find_dates(given)]
    last = Interval(None, context.day)
    if days and days[-1].high is not None:
        last = Interval(days[-1].low, min(days[-1].high, context.day))
    for concept in kinds or ["class:vaccine"]:
        possible = below(concept) if concept == "class:vaccine" else frozenset[str]()
        context.draft.event(concept, above(concept), context.source(statement), may_be=possible, last=last)
        context.used(statement, "given", name=mark(concept), lines="-")
    if denied:
        deny(context, statement, "class:live_vaccine")
        if re.search(r"\bvir(?:us|al)\b", denied.group(), re.IGNORECASE):
            deny(context, statement, "class:viral_vaccine")
    return True
