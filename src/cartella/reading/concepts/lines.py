"""The number of prior lines of therapy: ``at least 2 prior lines``, ``after two or more regimens``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Expression, Number, Operator
from cartella.reading.clause import Clause, conjunction
from cartella.reading.comparisons import WORDS, number
from cartella.reading.tokens import Kind

LINES = re.compile(
    r"""^\s*(?:(?:of|or|more|prior|previous|different|separate|distinct|standard|systemic|established|first|second|salvage|full|conventional|appropriate|adequate|approved|treatment|chemotherapy|anti-?cancer|therapeutic
       |multi-?agent|cytotoxic|induction|available|known|effective|chemo-?immunotherapy|therapy|anti-?\w+|unsuccessful|relapsed|failed|types\s+of|kinds\s+of|of\s+care|standard-of-care|courses?\s+of|multi)[\s,-]+){0,7}
       -?(?:lines?|regimens?|linee|prior\s+(?:systemic\s+)?(?:therapies|treatments)|(?:systemic|standard|previous|different)\s+(?:therapies|treatments)|(?:treatment|therapy|chemotherapy)\s+regimens?|prior\s+courses\s+of\s+therapy)\b""",
    re.I | re.X,
)
SPELLED = re.compile(
    r"\b(?P<n>one|two|three|four|1|2|3|4|first|second|third|fourth|1st|2nd|3rd)[\s-]+(?:or\s+(?:more|higher|above|later|greater)\s+)?(?:prior\s+|standard\s+|previous\s+)?lines?\b(?P<more>\s+(?:or|and)\s+(?:above|more|later|higher|greater|over|subsequent|further))?",
    re.I,
)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3}
CARRIED = {"line", "lines", "regimen", "regimens", "prior", "previous", "different", "standard", "systemic", "first", "second", "salvage", "established", "treatment failure", "failure", "failed", "linee",
           "after", "failing", "least", "more", "separate", "conventional", "approved", "multiagent", "multi-agent", "available", "and above", "above", "adequate", "appropriate", "full", "of care", "care", "courses", "course", "multi", "distinct", "frontline", "front-line"}  # fmt: skip
CONCEPTS = {
    "class:systemic_therapy",
    "class:chemotherapy",
    "class:anticancer_agent",
    "class:treatment",
    "class:chemoimmunotherapy",
    "class:medication",
}


def read(clause: Clause) -> list[Expression]:
    """A limit on the number of lines; the drugs that the lines must include are read by the reader of therapies."""
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        assert comparison is not None
        after = clause.plain.text[token.end : token.end + 130]
        if comparison.unit or comparison.relative or comparison.value > 12 or not LINES.match(after):
            continue
        clause.claim(n)
        _carry(clause)
        span = clause.span(n)
        limit = Number("lines", comparison.operator, int(comparison.value * SCALE), span)
        if comparison.high is None:
            return [limit]
        return [conjunction([limit, Number("lines", comparison.high_operator, int(comparison.high * SCALE), span)])]
    return _spelled(clause)


def _spelled(clause: Clause) -> list[Expression]:
    """``failed second-line or above treatment``: that many lines at least."""
    words = clause.words()
    match = SPELLED.search(words)
    if match is None or not re.search(r"after|fail|progress|received|relaps|refractory|prior|treated|previous", words):
        return []
    value = (
        ORDINALS.get(match.group("n").lower()) or WORDS.get(match.group("n").lower()) or int(number(match.group("n")))
    )
    start = clause.tokens[0].start
    for n, token in enumerate(clause.tokens):
        if token.start - start < match.end() and token.end - start > match.start():
            clause.claim(n)
    _carry(clause)
    return [Number("lines", Operator.AT_LEAST, value * SCALE, clause.span())]


def _carry(clause: Clause) -> None:
    clause.claim_words(CARRIED)
    for n, token in enumerate(clause.tokens):
        if token.kind is Kind.CONCEPT and any(c in CONCEPTS for group in token.concepts for c in group):
            clause.claim(n)
