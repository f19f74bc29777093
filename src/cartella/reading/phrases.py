"""How the tokens of a clause hang together: negation, scope, kinds of concept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import OTHER, knowledge
from cartella.reading.clause import kind_of
from cartella.reading.cues import Cue
from cartella.reading.shared_nouns import SHARED
from cartella.reading.tokens import Kind, Token

CONNECTIVES = (Cue.AND, Cue.OR, Cue.AND_OR)
THERAPIES = dict.fromkeys(("drug", "class", "regimen"), "therapy")
FAMILIES = THERAPIES | {kind: kind for kind in ("cond", "lab", "antigen", "disease", "scale", "gene", "hla", "site")}


def widened(head: Sequence[Token], examples: Sequence[Token]) -> list[Token]:
    """``LBCL including tFL and PMBCL``: the examples are diseases that the head takes in."""
    more = tuple(
        g for t in examples if t.kind is Kind.CONCEPT for g in t.concepts if all(kind_of(c) == "disease" for c in g)
    )
    house = knowledge()
    mine = {c for t in head if family(t) == "disease" for g in t.concepts for c in g if c in house.concepts}
    known = frozenset().union(*(house.descendants(c) for c in mine)) if mine else frozenset()
    # "T-cell malignancies (including leukemia)": a wider word inside the brackets does not widen the head
    more = tuple(g for g in more if all(c in house.concepts and known.isdisjoint(house.descendants(c)) for c in g))
    result = list(head)
    last = max(n for n, t in enumerate(result) if t.kind is Kind.CONCEPT and family(t) == "disease")
    result[last] = replace(result[last], concepts=result[last].concepts + more, join="or")
    return result


CNS_DISEASE = re.compile(r"(?:history of )?(?:cns|central nervous system)(?: \(cns\))? diseases?", re.I)


def of_the_nerves(head: Sequence[Token], examples: Sequence[Token]) -> list[Token]:
    """``CNS disease such as stroke or epilepsy``: illnesses of the nervous system, no spread of the cancer."""
    house = knowledge()
    nerves, spread = house.descendants("cond:neuro_disorder"), house.descendants("cond:cns_ever")
    named = {c for t in examples for g in t.concepts for c in g}
    if not named & nerves or named & spread:
        return list(head)
    other = (("cond:neuro_disorder",),)
    return [replace(t, concepts=other) if t.concepts and CNS_DISEASE.fullmatch(t.text) else t for t in head]


def trimmed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the punctuation and connectives at either end."""
    edge = (Kind.COMMA, Kind.SEMICOLON, Kind.COLON)
    result = list(tokens)
    while result and (result[0].kind in edge or result[0].is_cue(*CONNECTIVES)):
        result.pop(0)
    while result and (result[-1].kind in edge or result[-1].is_cue(*CONNECTIVES)):
        result.pop()
    return result


def first_cue(tokens: Sequence[Token], *cues: Cue) -> int | None:
    """Where the first of the cues stands."""
    return next((n for n, t in enumerate(tokens) if t.is_cue(*cues)), None)


def scope(tokens: list[Token], split: int) -> tuple[list[Token], list[Token], list[Token]]:
    """What stands before a cue, what it governs (to the end, or to the bracket it stands in), and what comes after."""
    depth = 0
    opened = None
    for n in range(split - 1, -1, -1):
        if tokens[n].kind is Kind.CLOSE:
            depth += 1
        elif tokens[n].kind is Kind.OPEN:
            if depth == 0:
                opened = n
                break
            depth -= 1
    if opened is None:
        return trimmed(tokens[:split]), tokens[split + 1 :], []
    depth = 0
    closed = len(tokens)
    for n in range(opened, len(tokens)):
        if tokens[n].kind is Kind.OPEN:
            depth += 1
        elif tokens[n].kind is Kind.CLOSE:
            depth -= 1
            if depth == 0:
                closed = n
                break
    between = tokens[opened + 1 : split]
    after = tokens[closed + 1 :]
    return [*tokens[:opened], *between], tokens[split + 1 : closed], after


def modifiers(head: Sequence[Token]) -> list[Token]:
    """The traits and times of a head that its examples share."""
    return [t for t in head if t.is_cue(Cue.TRAIT) or t.kind is Kind.TIME]


def negation_at(tokens: Sequence[Token]) -> int | None:
    """Where a negation stands before something that it can negate."""
    named = [t.kind is Kind.CONCEPT for t in tokens]
    for n, token in enumerate(tokens):
        if not token.is_cue(Cue.NOT_AFTER, Cue.NOT_BEFORE):
            continue
        rest = tokens[n + 1 :]
        # "a negative pregnancy test": the same word denies what follows where nothing stands before it
        if token.is_cue(Cue.NOT_AFTER) and any(named[n + 1 :]) and not any(named[:n]):
            return n
        if token.is_cue(Cue.NOT_BEFORE) and any(
            t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.cue not in (None, Cue.GLUE) for t in rest
        ):
            return n
    return None


HOW_IT_IS = frozenset("stable responsive responding managed well adequately fully satisfactorily normal".split())
"""``arrhythmias not stable``: a word of state is denied, and no verb."""


def negates_the_verb(part: Sequence[Token], position: int) -> bool:
    """Whether the negation stands between its subject and a bare verb, with nothing to deny behind it."""
    if part[position].text.lower() not in {
        "cannot",
        "can not",
        "not",
        "may not",
        "must not",
        "should not",
        "not be",
        "not received",
    }:
        return False
    before, after = part[:position], part[position + 1 :]
    if any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.TRAIT, Cue.JUDGEMENT) for t in after):
        return False
    words = [t for t in after if t.kind is Kind.WORD]
    if any(t.text.lower() in HOW_IT_IS for t in words):
        return False
    deniable = any(t.kind is Kind.CONCEPT and family(t) not in ("lab", "scale") for t in before)
    return deniable and len(words) <= 2 and any(t.kind is Kind.TIME for t in after)


def stands_alone(part: Sequence[Token]) -> bool:
    """A part with a predicate of its own is out of reach of a negation before it."""
    return any(
        t.kind is Kind.COMPARISON or t.is_cue(Cue.REQUIRE, Cue.POSITIVE, Cue.NOT_AFTER, Cue.PERMIT) for t in part
    ) or any(t.is_cue(Cue.JUDGEMENT) and t.text.lower() in {"adequate", "able to", "willing"} for t in part)


def family(token: Token) -> str | None:
    """What kind of thing the token names; None for none or several. Lists join members of one family."""
    if token.is_cue(Cue.STATE):
        return None if "measurable" in token.name or "evaluable" in token.name else "state"
    open_member = OTHER if token.name == SHARED else ""
    kinds = {FAMILIES.get(kind_of(c)) for group in token.concepts for c in group if c != open_member}
    return next(iter(kinds)) if len(kinds) == 1 else None


def depths_of(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open at each token."""
    depth = 0
    result = []
    for token in tokens:
        if token.kind is Kind.OPEN:
            depth += 1
        result.append(depth)
        if token.kind is Kind.CLOSE:
            depth = max(0, depth - 1)
    return result
