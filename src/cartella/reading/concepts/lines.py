"""The number of prior lines of therapy: ``at least 2 prior lines``, ``after two or more regimens``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Expression, Number, Operator
from cartella.reading.clause import Clause, conjunction
from cartella.reading.limits import WORDS, number
from cartella.reading.tokens import Kind, Token

LINES = re.compile(
    r"""^\s*(?:(?:of|or|more|prior|previous|different|separate|distinct|standard|systemic|established|first|second
        |salvage|full|conventional|appropriate|adequate|approved|treatment|chemotherapy|anti-?cancer|therapeutic
       |multi-?agent|cytotoxic|induction|available|known|effective|chemo-?immunotherapy|therapy|anti-?(?:cancer
        |tumou?r|neoplastic|myeloma|mm|lymphoma|leuk\w+|melanoma)|MM|myeloma|lymphoma|precedent[ei]|sistemiche?
        |systemic|unsuccessful|relapsed|failed|types\s+of|kinds\s+of|of\s+care|standard-of-care|courses?\s+of
        |multi)[\s,-]+){0,7}
       -?(?:lines?|regimens?|linee|prior\s+(?:systemic\s+)?(?:therapies|treatments)|(?:systemic|standard|previous
        |different)\s+(?:therapies|treatments)|terapie\s+(?:precedenti|sistemiche)|(?:treatment|therapy
        |chemotherapy)\s+regimens?|prior\s+courses\s+of\s+therapy)\b""",
    re.I | re.X,
)
SPELLED = re.compile(
    r"\b(?P<n>one|two|three|four|1|2|3|4|first|second|third|fourth|1st|2nd|3rd)[\s-]+(?:or\s+(?:more|higher|above"
    r"|later|greater)[\s-]+)?(?:prior\s+|standard\s+|previous\s+)?lines?\b(?!\s+(?:radi|surg|maintenance"
    r"|consolidation))"
    r"(?P<more>\s+(?:or|and)\s+(?:above|more|later|higher|greater|over|subsequent|further))?",
    re.I,
)
SALVAGE = re.compile(
    r"\s*(?:prior\s+|previous\s+|line\s+of\s+)?salvage\s+(?:treatment|therapy|chemotherapy|regimen|line)s?"
    r"(?:\s+(?:cycles?|regimens?|lines?))?\b",
    re.I,
)
BEHIND = re.compile(
    r"\b(?:after|following|fail\w*|progress\w*|received?|relaps\w*|recur\w*|refractory|resistant|treated|undergone"
    r"|had|completed|intolerant|dopo|fallimento|fallit\w+)\b[^.;]{0,60}$",
    re.I,
)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3}
CARRIED = frozenset(
    "line|lines|linee|regimen|regimens|above|and above|adequate|after|appropriate|approved|available|care|of care|"
    "conventional|course|courses|different|distinct|established|failed|failing|failure|treatment failure|first|second|"
    "front-line|frontline|full|least|more|multi|multi-agent|multiagent|previous|prior|salvage|separate|standard|"
    "systemic".split("|")
)
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
        salvage = SALVAGE.match(clause.plain.text, token.end)
        if salvage and comparison.operator is Operator.AT_LEAST and comparison.high is None and comparison.value <= 6:
            # salvage comes after a line that was not enough
            clause.claim(n, *(m for m, t in enumerate(clause.tokens) if token.end <= t.start < salvage.end()))
            return [Number("lines", Operator.AT_LEAST, int(comparison.value + 1) * SCALE, clause.span(n))]
        after = clause.plain.text[token.end : token.end + 130]
        match = LINES.match(after)
        if comparison.unit or comparison.relative or comparison.value > 12 or match is None:
            continue
        if _of_one_kind(clause, token.end + match.end()):
            continue
        clause.claim(n)
        _carry(clause)
        # "anti-myeloma": whose therapy it is says nothing more
        inside = range(token.end, token.end + match.end())
        clause.claim(*(m for m, t in enumerate(clause.tokens) if t.start in inside and not _is_therapy(t)))
        span = clause.span(n)
        limit = Number("lines", comparison.operator, int(comparison.value * SCALE), span)
        if comparison.high is None:
            return [limit]
        return [conjunction([limit, Number("lines", comparison.high_operator, int(comparison.high * SCALE), span)])]
    return _spelled(clause)


def _of_one_kind(clause: Clause, position: int) -> bool:
    """``lines of anti-PD-1 therapy``: only the lines with such a drug are counted, and no record counts those."""
    following = next((t for t in clause.tokens if t.kind is Kind.CONCEPT and t.start >= position), None)
    if following is None or not re.fullmatch(
        r"\s*(?:of\s+)?(?:\w+\s+){0,1}", clause.plain.text[position : following.start]
    ):
        return False
    named = {c for group in following.concepts for c in group}
    return all(c.startswith(("drug:", "class:")) for c in named) and not named & CONCEPTS


def _is_therapy(token: Token) -> bool:
    return any(c.startswith(("drug:", "class:", "regimen:")) for group in token.concepts for c in group)


def _spelled(clause: Clause) -> list[Expression]:
    """``failed second-line or above treatment``: that many lines at least."""
    words = clause.words()
    match = SPELLED.search(words)
    if match is None or clause.negated:
        return []  # "no response to the first line" counts nothing
    if not BEHIND.search(words[: match.start()]) and not re.match(r"[^.;]*\bfail", words[match.end() :]):
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
