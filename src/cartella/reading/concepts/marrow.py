"""Leukaemia in the bone marrow: ``bone marrow with >= 5 % lymphoblasts``, ``more than 5 % blasts in the BM``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Expression, Number
from cartella.reading.clause import Clause
from cartella.reading.tokens import Kind

BLASTS = re.compile(r"\b(?:leuk[a]?emi[ac]\s+|tumou?r\s+)?(?:lympho|myelo|mono)?blasts?(?:\s+cells?)?\b", re.I)
MARROW = re.compile(r"\b(?:bone\s+marrow|marrow|BM|morpholog\w+)\b", re.I)
ELSEWHERE = re.compile(r"\b(?:peripheral|circulating|cerebro\w*|CSF|fluid|blood|crisis|phase)\b", re.I)
CARRIED = frozenset(
    """bone marrow bm blast blasts lymphoblasts lymphoblast myeloblasts leukemic leukaemic leukemia evidence
    morphological morphologic morphologically morphology disease number with involvement involved presence assessment
    having percentage proportion count determined aspirate biopsy in cells""".split()
)


def read(clause: Clause) -> list[Expression]:
    """The percentage of blasts in the marrow."""
    words = clause.words()
    if not BLASTS.search(words) or not MARROW.search(words) or ELSEWHERE.search(words):
        return []
    if any(c.startswith("antigen:") for t in clause.tokens for g in t.concepts for c in g):
        return []  # how many of the blasts carry an antigen
    limits = [(n, t.comparison) for n, t in clause.of_kind(Kind.COMPARISON) if t.comparison is not None]
    if len(limits) != 1 or not (limits[0][1].unit or "").startswith(("%", "percent")):
        return []
    at, limit = limits[0]
    bounds: list[Expression] = [
        Number("lab:blasts_bm", limit.operator, int(limit.value * SCALE), clause.span(at)),
    ]
    if limit.high is not None:
        bounds.append(Number("lab:blasts_bm", limit.high_operator, int(limit.high * SCALE), clause.span(at)))
    clause.claim(at, *(n for n, t in enumerate(clause.tokens) if any("lab:blasts_bm" in g for g in t.concepts)))
    clause.claim_words(CARRIED)
    return bounds
