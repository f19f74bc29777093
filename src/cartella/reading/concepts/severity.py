"""How grave an illness has to be: severe, clinically significant, of a grade.

A record tells grades where it has them, and what is severe or significant where that is beyond doubt; see
`cartella.patients.severity`.
"""

from __future__ import annotations

import re

from cartella.reading.clause import Clause
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind

SEVERE = frozenset({"severe", "serious", "life-threatening", "life threatening", "grave", "gravi"})
SIGNIFICANT = frozenset(
    {
        "clinically significant",
        "clinically relevant",
        "clinically meaningful",
        "medically significant",
        "medically relevant",
        "significant",
        "major",
    }
)
_LEVEL = r"(?:[0-5]|IV|V|I{1,3})"
GRADE = re.compile(
    rf"(?P<op>>=|>|<=|<|greater\s+than|more\s+than|above|exceeding|at\s+least)?\s*(?:CTCAE\s+)?\bgrades?\s*"
    rf"(?P<op2>>=|>|<=|<)?\s*(?P<low>{_LEVEL})\b(?:\s*(?:-|to|or|/|and|,)\s*(?:grade\s+)?(?P<high>{_LEVEL})\b)?"
    r"(?P<more>\s*\(?(?:or|and)\)?\s+(?:higher|greater|above|worse|more)|\s?\+)?",
    re.I,
)
ABOVE = frozenset({">", "greater than", "more than", "above", "exceeding"})
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_WORST = 4


def traits(clause: Clause, position: int) -> frozenset[str]:
    """The traits that the words before an illness, and a grade beside it, ask for; their tokens are claimed."""
    found = set()
    for n in range(position - 1, -1, -1):
        token = clause.tokens[n]
        if token.kind is Kind.CONCEPT or token.kind is Kind.COMMA or token.is_cue(Cue.AND, Cue.OR, Cue.NOT_BEFORE):
            break
        word = token.text.lower()
        if word in SEVERE or word in SIGNIFICANT:
            found.add("severe" if word in SEVERE else "significant")
            clause.claim(n)
    illnesses = [t for t in clause.tokens if any(c.startswith("cond:") for g in t.concepts for c in g)]
    if len(illnesses) == 1 and (grade := _grade(clause)) is not None:
        found.add(grade)
    return frozenset(found)


def _grade(clause: Clause) -> str | None:
    """The grade that a clause asks for, as the trait of that grade or a worse one; None without a plain limit."""
    if not clause.tokens:
        return None
    begin, end = clause.tokens[0].start, clause.tokens[-1].end
    match = GRADE.search(clause.plain.text[begin:end])
    if match is None:
        return None
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else None
    sign = re.sub(r"\s+", " ", (match["op"] or match["op2"] or "").lower())
    reaches_up = sign in {">=", "at least"} or bool(match["more"]) or (high is not None and high >= _WORST)
    if sign in ABOVE:
        trait = f"grade_{low + 1}_or_more"
    elif sign in {"<", "<="}:
        trait = f"!grade_{low + (sign == '<=')}_or_more"
    elif reaches_up or low == _WORST:
        trait = f"grade_{low}_or_more"
    else:
        return None
    if not 1 <= int(re.sub(r"\D", "", trait)) <= _WORST:
        return None
    for n, token in enumerate(clause.tokens):
        if token.start < begin + match.end() and begin + match.start() < token.end and token.kind is not Kind.CONCEPT:
            clause.claim(n)
    return trait


def _number(level: str) -> int:
    return _ROMAN.get(level.lower()) or int(level)
