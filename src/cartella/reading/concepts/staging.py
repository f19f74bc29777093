"""Stages by a system of their own: ``BCLC stage B or C``, ``R-ISS III``, ``Rai stage III-IV``."""

from __future__ import annotations

from cartella.knowledge.staging import stages_in
from cartella.logic import Code, Expression
from cartella.reading.clause import Clause


def read(clause: Clause) -> list[Expression]:
    """Each staging system with the levels asked for."""
    if not clause.tokens:
        return []
    start = clause.tokens[0].start
    text = clause.plain.text[start : clause.tokens[-1].end]
    result: list[Expression] = []
    for staged in stages_in(text):
        at = [n for n, t in enumerate(clause.tokens) if t.start - start < staged.end and t.end - start > staged.start]
        clause.claim(*at)
        result.append(Code(staged.system, staged.levels, clause.span(*at)))
    return result
