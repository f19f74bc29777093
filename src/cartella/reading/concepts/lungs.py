"""Breathing: dyspnoea up to a grade, and what the record says of oxygen."""

from __future__ import annotations

import re

from cartella.logic import Expression, Not, Opaque, Presence, Unread
from cartella.reading.clause import Clause, disjunction

DYSPNOEA = (("cond:dyspnoea",),)
_SCALE = r"(?:(?:nci[- ]?)?ctc(?:ae)?\s*(?:v(?:ersion)?\s*[\d.]+\s*)?)?"
UP_TO_ONE = re.compile(
    rf"(?:(?:<\s*=|=\s*<|<|up\s+to|at\s+most|less\s+than\s+or\s+equal\s+to)\s*{_SCALE}grades?\s*(?:of\s+)?(?:1|i)\b"
    rf"|<\s*{_SCALE}grade\s*(?:2|ii)\b|{_SCALE}grades?\s*(?:<\s*=\s*(?:1|i)|0|0\s*(?:-|or|to|,|/)\s*1|1\s+or\s+(?:less|lower|below|better))"
    r"(?!\w))",
    re.I,
)
CARRIED = frozenset(
    """minimum level reserve pulmonary respiratory lung function adequate sufficient grade grades ctcae ctc nci version
    defined as < = 0 1 i no or mild with of less""".split()
)


def read(clause: Clause) -> list[Expression]:
    """``<= grade 1 dyspnoea``: certain for whoever has none; how much another has is seldom recorded."""
    words = clause.words()
    if clause.unwanted or clause.negated or "dyspn" not in words or not UP_TO_ONE.search(words):
        return []
    for n, token in clause.concepts("cond"):
        if token.concepts == DYSPNOEA:
            clause.claim(n)
            clause.claim_words(CARRIED)
            start = clause.tokens[0].start
            graded = [
                m
                for m, t in enumerate(clause.tokens)
                for found in UP_TO_ONE.finditer(words)
                if t.start - start < found.end() and t.end - start > found.start()
            ]
            clause.claim(*graded)
            span = clause.span(n)
            none = Not(Presence("cond:dyspnoea", span=span))
            return [disjunction([none, Opaque(Unread.NOT_UNDERSTOOD, span)])]
    return []
