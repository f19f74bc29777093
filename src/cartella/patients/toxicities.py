"""What is left of the toxicity of earlier treatments: ``residual toxicity: fatigue grade 1, all others recovered``.

Such an entry names what is left, each with its grade, and often says that there is nothing else, or nothing of a higher
grade. That makes an absence known which no list of illnesses could show.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.logic import Interval
from cartella.patients.context import Context, above, below
from cartella.patients.cues import GRADE, grade_number
from cartella.patients.statements import Statement
from cartella.patients.terms import find_terms
from cartella.patients.wording import mark

UNRESOLVED = "cond:toxicity_unresolved"
_NAME = re.compile(
    r"^\W*(?:(?:residual|ongoing|remaining|persistent|unresolved|current)\s+(?:\w+\s+){0,2}(?:toxicit(?:y|ies)|side\s+effects)"
    r"|(?:toxicit(?:y|ies)|side\s+effects)\s+(?:still\s+)?(?:present|remaining|ongoing)"
    r"|(?:tossicità|effetti\s+collaterali)\s+(?:residu\w+|in\s+corso|persistent\w+))\b",
    re.I,
)
_NOTHING_ELSE = re.compile(
    r"\b(?:all|every|any)\s+(?:the\s+)?(?:other|others|remaining)?\b.{0,60}\b(?:recovered|resolved|over)\b"
    r"|\bno\s+(?:other|others|further|residual|remaining|ongoing|unresolved|persistent)\b|^\W*(?:none|no|nil|nothing)\W*$"
    r"|\bnessun\w*\s+altr\w+|^\W*(?:nessuna|nessuno|niente)\W*$|\b(?:tutte|tutti)\s+(?:le|gli|i)\s+altr\w+.{0,60}\brisolt\w+",
    re.I,
)
_NONE_ABOVE = re.compile(
    r"\bno\b[^,;]*?\b(?:grades?\s*(?P<from>[1-4])(?:\s*(?:or|to|-|/|and)\s*(?:grade\s*)?(?P<to>[1-4]|higher|more|above|worse))?"
    r"|toxicit\w+\s+(?:above|over|worse\s+than|>)\s*grade\s*(?P<above>[0-3]))",
    re.I,
)
_AT_MOST = re.compile(
    r"\bto\s+(?:grade\s*(?:<=|≤)?\s*(?P<n>[01])\s+or\s+(?:less|lower)|grade\s*(?:<=|≤)\s*(?P<m>[01]))", re.I
)
_WORST = 4
_NOT_COUNTED = frozenset({"cond:alopecia"})
"""What no trial counts."""


def read_residual(context: Context, statement: Statement) -> bool:
    """The toxicities that an entry says are left, and that nothing else is."""
    if not _NAME.match(statement.name):
        return False
    answer = statement.value or "; ".join(statement.notes)
    if not answer:
        return False
    source, today = context.source(statement), Interval.exactly(context.day)
    for piece in re.split(r"[;,](?!\d)|\band\s+(?=(?:all|no)\b)", answer):
        ceiling = _highest(piece)
        if ceiling is not None:
            levels = {f"grade_{n}_or_more": False for n in range(ceiling + 1, _WORST + 1)}
            context.draft.event(UNRESOLVED, (), source, may_be={UNRESOLVED}, last=today, traits=levels)
            context.used(statement, "condition", name=mark(UNRESOLVED), traits="-")
        elif _NOTHING_ELSE.search(piece):
            context.draft.absence(UNRESOLVED, below(UNRESOLVED), source)
            context.used(statement, "absent", name=mark(UNRESOLVED))
        else:
            _left(context, statement, piece)
    return True


def _highest(piece: str) -> int | None:
    """The highest grade that a part leaves open: ``no grade 3 or 4``, ``all others recovered to grade 1 or less``."""
    none = _NONE_ABOVE.search(piece)
    if none:
        if none["above"]:
            return int(none["above"])
        reaches_up = none["from"] == str(_WORST) or none["to"] not in (None, "1", "2", "3")
        return int(none["from"]) - 1 if reaches_up else None
    most = _AT_MOST.search(piece)
    return int(most["n"] or most["m"]) if most and _NOTHING_ELSE.search(piece) else None


def _left(context: Context, statement: Statement, piece: str) -> None:
    """One toxicity that is left, with its grade."""
    graded = GRADE.search(piece)
    terms = find_terms(piece, frozenset({"cond"}))
    if graded is None and not terms:
        return
    grade = grade_number(graded["grade"]) if graded else None
    traits = {"active": True}
    if grade is not None:
        traits |= {f"grade_{n}_or_more": grade >= n for n in range(1, _WORST + 1)} | {"severe": grade >= 3}
    concept = terms[0].concept if terms else f"cond:toxicity:{piece.strip().lower()}"
    counted = frozenset[str]() if concept in _NOT_COUNTED else frozenset({UNRESOLVED})
    certain = (above(concept) if terms else frozenset[str]()) | counted
    context.draft.event(concept, certain, context.source(statement), last=Interval.exactly(context.day), traits=traits)
    context.used(statement, "condition", name=mark(terms[0].concept if terms else UNRESOLVED), traits="-")


def settle(context: Context) -> None:
    """Where an entry counts what is left, what others trace to a treatment without a grade is none of it."""
    events = context.draft.events
    counted = any(event.counts_as == UNRESOLVED for event in events)
    if not counted and not any(name == UNRESOLVED for name, _ in context.draft.absences):
        return
    for index, event in enumerate(events):
        if UNRESOLVED in event.concepts and not any(name.startswith("grade_") for name in event.traits):
            events[index] = replace(event, concepts=event.concepts - {UNRESOLVED})
