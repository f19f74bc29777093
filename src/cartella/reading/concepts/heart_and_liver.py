"""Classes of heart and liver function: NYHA, Child-Pugh."""

from __future__ import annotations

import re

from cartella.logic import And, Code, Expression, Opaque, Or, Span, Unread
from cartella.reading.clause import Clause

_ROMAN = r"(?:i{1,3}v?|iv|[1-4])"
_LIST = rf"{_ROMAN}(?:\s*(?:,|/|-|to|or|and|through|o)+\s*(?:or\s+)?(?:class\s+)?{_ROMAN}(?!\w))*(?!\w)"
_ORDER = r"(?P<more>\s*(?:\(?or\)?\s+(?:greater|higher|above|worse|more)|and\s+(?:above|higher|over)|\+))?"
NYHA = re.compile(
    rf"""(?P<before>>=|<=|>|<)?\s*(?:nyha|new\s+york\s+(?:heart
        |health)\s+association)(?:\s*[(\[]nyha[)\]])?(?:['s]*\s*(?:functional\s+)?(?:classification|class(?:es)?
        |grade|stage|criteria|heart\s+function|cardiac\s+function|standards?)\s*)*
        \s*(?:of\s+|is\s+|level\s+)*(?:class\s+|grade\s+|stage\s+)*(?P<op>>=|>|<=|<
        |greater\s+than(?:\s+or\s+equal\s+to)?)?\s*(?:class\s+|grade\s+)?(?P<list>{_LIST}){_ORDER}
        |(?:class|grade)\s+(?P<list2>(?:0\s*(?:,|/|-|or)\s*)?{_LIST})(?P<more2>\s+or\s+(?:greater|higher
        |above))?[^.;]{{0,60}}?(?:nyha|new\s+york\s+(?:heart
        |health)\s+association)(?:\s+(?:functional\s+)?class\w*)?""",
    re.I | re.X,
)
_PUGH = r"child[- ]?(?:turcotte[- ])?pugh(?:[- ]turcotte)?"
CHILD = re.compile(
    rf"{_PUGH}(?:\s+(?:liver\s+function|classification|class|score|grade"
    r"|status|stage))*\s*(?:of\s+|is\s+|=\s*|:\s*)?(?P<op>>=|>|<=|<)?"
    r"\s*(?:class\s+|grade\s+)?(?P<list>[abc](?:\d)?(?:\s*(?:,|/|-|or|and|to)\s*[abc](?:\d)?)*)\b"
    r"(?P<more>\s+or\s+(?:worse|greater|higher))?",
    re.I,
)
CHILD_POINTS = re.compile(
    rf"{_PUGH}(?:\s+(?:liver\s+function|classification|class|score|grade|of|is))*"
    r"\s*(?P<op><=|<|>=|>)\s*(?:[abc]\s?)?(?P<n>\d{1,2})(?:\s*points?)?",
    re.I,
)
POINTS = {"A": (5, 6), "B": (7, 9), "C": (10, 15)}
"""The points of each class (Pugh 1973)."""
GRADES = ("0", "I", "II", "III", "IV")
LEVEL = {"0": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
HEART_FAILURE = {"cond:heart_failure"}
CARRIED = {
    "cardiovascular",
    "disability",
    "class",
    "classes",
    "grade",
    "functional",
    "classification",
    "according",
    "defined by",
    "congestive",
    "heart",
    "cardiac",
    "function",
    "score",
    "or",
    "iii",
    "iv",
    "ii",
    "i",
    "stage",
}


def read(clause: Clause) -> list[Expression]:
    """``NYHA class III or IV``, ``Child-Pugh A``."""
    text = clause.words()
    result: list[Expression] = []
    if match := NYHA.search(text):
        levels = _levels(match.group("list") or match.group("list2"))
        levels = _opened(
            levels,
            (match.group("op") or match.group("before") or "").strip(),
            bool(match.group("more") or match.group("more2")),
        )
        if levels:
            codes = frozenset(GRADES[n] for n in levels)
            result.append(Code("nyha", codes, _claimed(clause, match)))
            clause.claim(
                *(n for n, t in clause.concepts("cond") if {c for g in t.concepts for c in g} <= HEART_FAILURE)
            )
    child = _child_pugh(clause, text)
    if child is not None:
        result.append(child)
    if result:
        clause.claim_words(CARRIED)
    return result


def _child_pugh(clause: Clause, text: str) -> Expression | None:
    """A class, or points: a record holds the class, and where the points part a class it is left open."""
    if match := CHILD_POINTS.search(text):
        points, operator = int(match.group("n")), match.group("op")
        low, high = (points + (operator == ">"), 15) if operator.startswith(">") else (5, points - (operator == "<"))
    elif match := CHILD.search(text):
        named = re.findall(r"(?<![a-z])([abc])\s?(\d{1,2})?(?![a-z])", match.group("list").lower())
        if not named:
            return None
        spans = [(int(n), int(n)) if n else POINTS[letter.upper()] for letter, n in named]
        low, high = min(a for a, _ in spans), max(b for _, b in spans)
        operator = match.group("op") or (">=" if match.group("more") else "")
        if len(named) > 1 and operator:
            return None
        if operator:
            low, high = {">=": (low, 15), ">": (high + 1, 15), "<=": (5, high), "<": (5, low - 1)}[operator]
    else:
        return None
    span = _claimed(clause, match)
    within = frozenset(c for c, (a, b) in POINTS.items() if low <= a and b <= high)
    touched = frozenset(c for c, (a, b) in POINTS.items() if low <= b and a <= high)
    if not touched:
        return None
    if within == touched:
        return Code("child_pugh", within, span)
    part = And((Code("child_pugh", touched, span), Opaque(Unread.NOT_UNDERSTOOD, span)))
    return Or((Code("child_pugh", within, span), part)) if within else part


def _claimed(clause: Clause, match: re.Match[str]) -> Span:
    start = clause.tokens[0].start
    at = [n for n, t in enumerate(clause.tokens) if t.start - start < match.end() and t.end - start > match.start()]
    clause.claim(*at)
    return clause.span(*at)


def _levels(listed: str) -> list[int]:
    named = [LEVEL[m] for m in re.findall(r"iv|i{1,3}|[0-4]", listed.lower())]
    if len(named) == 2 and re.search(r"-|to|through", listed):
        return list(range(named[0], named[1] + 1))
    return named


def _opened(levels: list[int], operator: str, more: bool) -> list[int]:
    if not levels:
        return []
    if more or operator in (">=",) or operator.startswith("greater than or"):
        return list(range(min(levels), 5))
    if operator in (">", "greater than"):
        return list(range(min(levels) + 1, 5))
    if operator == "<=":
        return list(range(max(levels) + 1))
    if operator == "<":
        return list(range(max(levels)))
    return levels
