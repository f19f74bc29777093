"""Conditions: ``if``, ``for patients with``, ``only if``: whom a demand concerns, and under what."""

from __future__ import annotations

from collections.abc import Sequence

from cartella.logic import And, Expression, If, Not, Or
from cartella.reading.circles import circle_of
from cartella.reading.clause import Reader, conjunction, disjunction, is_measured
from cartella.reading.cues import Cue
from cartella.reading.exceptions import other_limit
from cartella.reading.phrases import family, first_cue, scope, trimmed
from cartella.reading.tokens import Kind, Token


def conditional(grammar: Reader, tokens: list[Token], split: int) -> Expression | None:
    """A sentence with a condition at `split`: whom it concerns, or what is asked besides; None if neither."""
    main, inside, after = scope(tokens, split)
    cue = tokens[split].cue
    bracket = _opened(tokens, split)
    if bracket is not None and any(t.kind is Kind.COMPARISON for t in tokens[bracket:split]):
        outer = trimmed(tokens[:bracket])
        special = other_limit(grammar, outer, [*tokens[bracket + 1 : split], *inside])
        rule = grammar.read([*outer, *after])
        if special is None or rule is None:
            return grammar.unread(tokens)
        case, limit = special
        return And((rule, Or((Not(case), limit)))) if grammar.unwanted else Or((rule, And((case, limit))))
    if not main and not after:
        edge = next((n for n, t in enumerate(inside) if _ends_the_condition(t)), None)
        if edge is None:
            # "if refractory, one of the following:" asks for nothing by itself
            return grammar.unread(tokens) if tokens[split].text.lower() in ("if", "when", "se") else None
        inside, main = inside[:edge], inside[edge + 1 :]
    two = _two_conditions(tokens, split) if not grammar.unwanted else None
    if two is not None:
        # "Karnofsky 70 if over 16, or Lansky 70 if younger": each with its own condition
        cases = [grammar.read(tokens[:two]), grammar.read(tokens[two + 1 :])]
        if all(isinstance(c, If) and circle_of(c.condition) is not None for c in cases):
            # "measurable for those with A, or evaluable for those with B"
            return conjunction([c for c in cases if c is not None])
        return disjunction([And((c.condition, c.then)) if isinstance(c, If) else c for c in cases if c is not None])
    condition = grammar.condition(inside)
    last = _last_scale(main) if not after and not grammar.unwanted else None
    if last is not None and condition is not None:
        # "ECOG 0-1, or Lansky 60 or more for those under 16": the age is asked of the second scale alone
        first, second = grammar.read(main[:last]), grammar.read(main[last + 1 :])
        return None if first is None or second is None else Or((first, And((condition, second))))
    rule = grammar.read([*main, *after])
    if rule is None or condition is None:
        return None
    if cue is Cue.ONLY_IF:
        if not grammar.unwanted and not is_measured(condition):
            condition = Or((condition, grammar.unread(tokens[split:])))
        return And((rule, condition))
    if not grammar.unwanted and circle_of(rule) is not None and tokens[split].text.lower().startswith("in "):
        # "lymphoma in patients without other options": one demand beside the other
        return And((rule, condition))
    return And((condition, rule)) if grammar.unwanted else If(condition, rule)


def _ends_the_condition(token: Token) -> bool:
    return token.kind in (Kind.COMMA, Kind.COLON) or token.is_cue(Cue.REQUIRE) or token.text.lower() == "then"


def _opened(tokens: Sequence[Token], position: int) -> int | None:
    """Where the bracket opens that is still open at the position."""
    depth = 0
    for n in range(position - 1, -1, -1):
        depth += (tokens[n].kind is Kind.CLOSE) - (tokens[n].kind is Kind.OPEN)
        if depth < 0:
            return n
    return None


def _two_conditions(tokens: Sequence[Token], first: int) -> int | None:
    """The "or" between two scales that both have a condition of their own."""
    for n in range(first + 1, len(tokens)):
        later = tokens[n + 1 :]
        if tokens[n].is_cue(Cue.OR) and any(t.is_cue(Cue.IF) for t in later):
            upto = first_cue(later, Cue.IF)
            named = any(family(t) == "scale" or t.is_cue(Cue.STATE) for t in later[:upto])
            return n if named else None
    return None


def _last_scale(tokens: Sequence[Token]) -> int | None:
    """Where the "or" stands between two scales, the last of which ends the list."""
    scales = [n for n, t in enumerate(tokens) if family(t) == "scale"]
    cuts = [n for n, t in enumerate(tokens) if t.is_cue(Cue.OR)]
    if len(scales) < 2 or not cuts or not scales[-2] < cuts[-1] < scales[-1]:
        return None
    return cuts[-1] if any(t.kind is Kind.COMPARISON for t in tokens[scales[-2] : cuts[-1]]) else None
