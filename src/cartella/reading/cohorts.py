"""Cohorts: whom a named group describes, and what is asked of its members only."""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.logic import And, Expression, If, Not, Opaque, Or
from cartella.reading.cues import Cue
from cartella.reading.grammar import Grammar
from cartella.reading.layout import Item
from cartella.reading.text import PlainText, plain_text
from cartella.reading.tokens import tokenise
from cartella.trials.criteria import Section

LIMITS_TO = re.compile(
    r"^\W*(?:(?:for|in)\s+(?:all\s+)?(?:patients?|subjects?|participants?|individuals|those|adults|children"
    r"|donors?)\s+(?:with|who|in|enrolled|undergoing|receiving|having|aged|diagnosed|whose)\b|(?:if|when)\b(?!.*,.*\b(?:must|should)\b)"
    r"|(?:cohort|arm|group|part)\s*\#?[A-Z0-9]{1,3}\b|(?:donors?|donor\s+\w+)\b)[^.]{0,140}\W*$",
    re.I,
)
_PATIENTS = r"(?:patients?|subjects?|participants?|individuals|those|adults|children|women|men|females?|males?)"
MEMBERS = re.compile(
    rf"^\W*(?P<name>{_PATIENTS}\s+(?:with|who|enrolled|undergoing|receiving|having|aged|diagnosed|whose|of\s+child)\b"
    r"[^.:;]{2,100}?)(?:,?\s+(?:must|should|need\s+to|will|are\s+required\s+to)(?:\s+(?:also|have|meet|be|fulfil+)){0,3}"
    r"(?:\s+(?:all\s+of\s+)?the\s+following(?:\s+criteria)?)?)\W*$"
    r"|^\W*(?P<sex>(?:fe)?males?|(?:wo)?men)(?:\s+(?:patients?|subjects?|participants?))?(?:\s+must)?\s*:\s*$",
    re.I,
)
"""``Subjects with CLL must have:``, ``Female participants:``: whom the lines below concern."""
_NUMBER = r"(?:[A-Z]?\d{1,2}[a-zA-Z]?|[A-H]\d?|I{1,3}[ABab]?|one|two|three)"
LABEL = re.compile(
    rf"^\W*(?P<name>(?:(?:(?:expansion|primary|exploratory|dose[- ]escalation)\s+)?"
    rf"(?:phase|cohort|arm|part|group|stratum)s?\s*\#?{_NUMBER}(?:(?:\s*(?:,|/|&|and|or|,\s*and)\s*)+"
    rf"(?:(?:phase|cohort|arm|part|group)s?\s*)?{_NUMBER}\b)*\s*(?:(?:cohorts?|patients|subjects|participants)?\s*only)?\s*"
    r"(?:\([^()]{1,60}\)\s*)?){1,3})(?::|\s[-–])\s*(?=\S)",
    re.I,
)
"""``Cohort B (CLL): ...``: the name of a group before what is asked of it."""
ONE_SEX = re.compile(
    r"^\W*(?:for\s+)?(?:(?:fe)?males?(?:\s+(?:patients?|subjects?|participants?))?|(?:wo)?men)\s*:\s*$", re.I
)
"""A heading over what is asked of one sex; where its lines stand is not always to be seen."""
DONOR = re.compile(r"\bdonors?\b", re.I)


def limit(item: Item, cohort: str) -> None:
    """Limit an item and all below it to a group of patients."""
    item.cohort = cohort if item.cohort is None else f"{item.cohort}, {cohort}"
    for child in item.children:
        limit(child, cohort)


def labelled(item: Item, plain: PlainText) -> None:
    """Take the name of a cohort off the front of a line, and limit the line to it.

    A line that names its disease needs no limit: the lines of several diseases are told apart by `groups`.
    """
    label = LABEL.match(item.text(plain))
    if label is None:
        return
    rest = tokenise(plain.text[item.body + label.end() : item.end], item.body + label.end(), plain.named)
    named = any(c.startswith("disease:") and c != "disease:CANCER" for t in rest for g in t.concepts for c in g)
    item.body += label.end()
    if item.section is Section.EXCLUSION or not named:
        limit(item, label.group("name").strip())


def in_cohort(expression: Expression, item: Item, section: Section, plain: PlainText) -> Expression:
    """A point of a cohort is asked only of the patients whom the cohort's name describes."""
    if item.cohort is None:
        return expression
    if DONOR.search(item.cohort):
        return Opaque(span=plain.original(item.start, item.end))
    condition = _cohort_condition(item.cohort, plain)
    return If(condition, expression) if section is Section.INCLUSION else And((condition, expression))


def _cohort_condition(name: str, plain: PlainText) -> Expression:
    """Whom a cohort's name describes; a name that does not say it ("Cohort A") leaves open who belongs."""
    named = plain_text(name).with_names(plain.named)
    tokens = tokenise(named.text, 0, plain.named)
    diseases = [t for t in tokens if any(c.startswith("disease:") for g in t.concepts for c in g)]
    if diseases and not re.match(r"\W*(?:for|in)\b", name, re.I):
        tokens = diseases
    read = Grammar(named, True).read([t for t in tokens if not t.is_cue(Cue.IF)])
    if read is None:
        return Opaque()
    # the spans of a name count characters of the name, not of the text: they would mislead
    return without_spans(read)


def without_spans(expression: Expression) -> Expression:
    """The same meaning without places in a text."""
    match expression:
        case Not(item=item):
            return Not(without_spans(item))
        case And(items=items) | Or(items=items):
            return replace(expression, items=tuple(without_spans(i) for i in items), span=None)
        case If(condition=condition, then=then):
            return If(without_spans(condition), without_spans(then))
        case _:
            return replace(expression, span=None)
