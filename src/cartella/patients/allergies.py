"""Allergies: to what, how grave, and whether the record says that there is no other."""

from __future__ import annotations

import re

from cartella.knowledge.allergens import UNSTUDIED, allergens, kinds_of, members_of
from cartella.logic import Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.illness import deny, possible
from cartella.patients.statements import Standing, Statement
from cartella.patients.terms import find_terms
from cartella.patients.wording import mark

ALLERGY = "cond:allergy"
REGISTER = "allergy"
_NAMED = re.compile(
    r"^\W*(?:known\s+|drug\s+|medicine\s+)*(?:allerg\w+|hypersensitivit\w+|ipersensibilit\w+)\W*$", re.I
)
_WORD = r"(?:allerg\w+|hypersensitivit\w+|ipersensibilit\w+)"
_SUCH = r"(?:(?:known|drug|medicine|food|documented|note?|nota)\s+)*"
NO_OTHER = re.compile(
    rf"\b(?:no|without|nessun\w*|senza)\s+(?:other|further|altr\w+)\s+{_SUCH}{_WORD}|\bnessun\W?altr\w+\s+{_WORD}", re.I
)
"""``no other known allergy``: what is written is the whole list."""
NONE = re.compile(
    rf"\bno\s+(?!other\b|further\b){_SUCH}{_WORD}|\bno\s+known\b|\bnkda\b|\bnessun\w*\s+{_WORD}|\bnon\s+note\b"
    r"|^\W*(?:none|no|nessuna)(?:\s+(?:known|reported|nota))?\W*$",
    re.I,
)
_SEVERE = re.compile(r"\b(?:severe|anaphyl\w*|anafil\w*|grav[ei]|life-threatening)", re.I)


def read_observation(context: Context, statement: Statement) -> bool:
    """``allergy: rash after penicillin; no other allergy known``."""
    return bool(_NAMED.match(statement.name) and statement.value) and _read(context, statement, statement.value)


def read_allergy(context: Context, statement: Statement) -> bool:
    """An entry of the list of allergies, or the sentence that there are none."""
    return _read(context, statement, " ".join([statement.name, *statement.notes]))


def _read(context: Context, statement: Statement, text: str) -> bool:
    whole = NO_OTHER.search(text)
    stated = NO_OTHER.sub(" ", text)
    if statement.standing is Standing.DENIED or NONE.search(stated):
        deny(context, statement, ALLERGY)
        return True
    if statement.standing is Standing.DOUBTFUL:
        possible(context, statement, ALLERGY)
        return True
    concepts, substances = above(ALLERGY), allergens(stated)
    kinds = below(ALLERGY)
    for term in find_terms(f"{stated}; {statement.name} allergy", frozenset({"cond"})):
        if term.concept in kinds:
            concepts |= above(term.concept)
    known = bool(substances)
    traits = {"active": statement.standing is not Standing.PAST} | gravity(stated)
    if known and substances <= UNSTUDIED:
        traits["study_agent"] = False
    context.draft.event(
        min(substances, default=f"{ALLERGY}:{statement.name.lower()}"),
        concepts | frozenset().union(*(to_it(substance) for substance in substances)),
        context.source(statement),
        may_be=frozenset().union(*(members_of(s) for s in substances)) if known else kinds,
        last=Interval.exactly(context.day),
        traits=traits,
    )
    context.used(statement, "condition", name=mark(min(substances, default=ALLERGY)), traits="-")
    if whole:
        context.draft.complete.setdefault(REGISTER, Source(statement.path, statement.words))
    return True


def to_it(substance: str) -> frozenset[str]:
    """Whoever is allergic to a medicine is allergic to one of its classes."""
    return above(substance) if substance.startswith("cond:") else kinds_of(substance)


def gravity(text: str) -> dict[str, bool]:
    """That the reaction was severe, where the words say so; mildness is never concluded."""
    return {"severe": True} if _SEVERE.search(text) else {}


def draw(context: Context) -> None:
    """Whoever has no allergy has none to anything."""
    for concept, absence in context.draft.absences:
        if concept == ALLERGY:
            context.draft.complete.setdefault(REGISTER, absence.source)
