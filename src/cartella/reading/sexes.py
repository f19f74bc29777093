"""A limit for men and another for women: ``QTc <= 450 ms in men and <= 470 ms in women``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cartella.reading.cues import Cue
from cartella.reading.phrases import CONNECTIVES, family, trimmed
from cartella.reading.tokens import Kind, Token

SEXES = dict.fromkeys("female females women woman donne donna".split(), "female") | dict.fromkeys(
    "male males men man uomini uomo".split(), "male"
)


@dataclass(frozen=True, slots=True)
class BySex:
    """The parts before and after, and what is measured with the limit for each sex."""

    before: list[Token]
    measured: Token
    limits: dict[str, Token]
    after: list[Token]


def limits_by_sex(tokens: Sequence[Token]) -> BySex | None:
    """A quantity with two limits, each beside another sex and nothing else between them."""
    limits = [n for n, t in enumerate(tokens) if t.kind is Kind.COMPARISON]
    for first, second in pairwise(limits):
        named = [n for n in range(first) if tokens[n].kind is Kind.CONCEPT and family(tokens[n]) == "lab"]
        if not named:
            continue
        start = named[-1]
        end = second + 1
        while end < len(tokens) and (_sex(tokens[end]) or _is_between(tokens[end])):
            end += 1
        inside = [t for n, t in enumerate(tokens[start + 1 : end], start + 1) if n not in (first, second)]
        sexes = [_sex(t) for t in inside if _sex(t)]
        if sorted(sexes) == ["female", "male"] and all(_sex(t) or _is_between(t) for t in inside):
            pairs = dict(zip(sexes, (tokens[first], tokens[second]), strict=True))
            return BySex(trimmed(tokens[:start]), tokens[start], pairs, trimmed(tokens[end:]))
    return None


def _sex(token: Token) -> str:
    return SEXES.get(token.text.lower(), "") if token.kind is Kind.WORD or token.cue is not None else ""


def _is_between(token: Token) -> bool:
    return token.kind in (Kind.COMMA, Kind.SEMICOLON, Kind.OPEN, Kind.CLOSE, Kind.SLASH, Kind.COLON) or token.is_cue(
        Cue.IF, Cue.GLUE, Cue.REQUIRE, *CONNECTIVES
    )
