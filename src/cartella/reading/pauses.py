"""Pauses with words that were not read: ``at least 4 weeks since the last palliative brain radiotherapy``.

Such words narrow the treatment from which the time counts. Whoever had no treatment of the wider kind within the time
had none of the narrower either, so the pause is kept; whoever had one may have had another.
"""

from __future__ import annotations

from collections.abc import Sequence

from cartella.logic import And, Expression, Not, Opaque, Or, Presence
from cartella.reading.clause import KINDS_OF_THERAPY, kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

MOST = 5
"""So many words and more are likely to ask for something else."""
SOMETHING_ELSE = frozenset(
    """recovered recovery resolved toxicity toxicities response respond progression progressed failed no not without
    evidence stable documented confirmed until unless provided signed willing able than more less least only first
    last two three four cycles cycle doses dose count counts support obtained available""".split()
)


def narrowed(asked: Sequence[Expression], residue: Sequence[Token], doubt: Opaque) -> list[Expression] | None:
    """The pauses, each of a narrower treatment; None where the unread words may ask for something else."""
    if not residue or len(residue) > MOST or not all(_describes(t) for t in residue):
        return None
    if not asked or not all(_is_pause(e) for e in asked):
        return None
    return [_narrower(e, doubt) for e in asked]


def _describes(token: Token) -> bool:
    word = token.text.lower()
    plain = token.kind is Kind.WORD and word.replace("-", "").replace(" ", "").isalpha() and len(word) > 2
    return (plain or token.is_cue(Cue.RESTRICT)) and not any(w in SOMETHING_ELSE for w in word.split())


def _is_pause(expression: Expression) -> bool:
    match expression:
        case Not(item=item):
            return _is_recent_treatment(item)
        case And(items=items):
            return all(_is_pause(i) for i in items)
        case _:
            return False


def _is_recent_treatment(expression: Expression) -> bool:
    match expression:
        case Presence(concept=concept, window=window):
            return kind_of(concept) in KINDS_OF_THERAPY and window is not None and window.at_most is not None
        case Or(items=items):
            return all(_is_recent_treatment(i) for i in items)
        case And(items=items):
            return any(_is_recent_treatment(i) for i in items)
        case _:
            return False


def _narrower(expression: Expression, doubt: Opaque) -> Expression:
    match expression:
        case Not(item=item, span=span):
            return Not(And((item, doubt)), span)
        case And(items=items, span=span):
            return And(tuple(_narrower(i, doubt) for i in items), span)
        case _:
            return expression
