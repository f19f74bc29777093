"""A clause: the tokens of one statement, and what the readers of concepts have claimed of it so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cartella.logic import And, Code, Expression, Not, Number, Opaque, Or, Presence, Span, Unread
from cartella.reading.cues import Cue
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token

KINDS_OF_THERAPY = ("drug", "class", "regimen")


@dataclass(slots=True)
class Clause:
    """Tokens without connectives between whole statements.

    A reader of concepts looks for its own concepts, returns an expression for each, and marks every token whose
    meaning that expression carries. What stays unclaimed becomes an Opaque beside the expressions.
    `unwanted` tells whether the clause states what excludes (an exclusion) or what is asked for; `negated` whether
    a negation stands before it; `excluding` whether it states what keeps a patient out. They decide how bare lists
    are read, never what a concept means.
    """

    tokens: list[Token]
    plain: PlainText
    unwanted: bool
    negated: bool = False
    excluding: bool = False
    used: set[int] = field(default_factory=set)

    def concepts(self, *kinds: str) -> list[tuple[int, Token]]:
        """Unclaimed concept tokens whose every candidate is of one of these kinds."""
        return [
            (n, t)
            for n, t in enumerate(self.tokens)
            if n not in self.used
            and t.kind is Kind.CONCEPT
            and all(any(kind_of(c) in kinds for c in group) for group in t.concepts)
        ]

    def of_kind(self, kind: Kind) -> list[tuple[int, Token]]:
        """Unclaimed tokens of this kind."""
        return [(n, t) for n, t in enumerate(self.tokens) if n not in self.used and t.kind is kind]

    def cues(self, *cues: Cue) -> list[tuple[int, Token]]:
        """Unclaimed cue tokens."""
        return [(n, t) for n, t in enumerate(self.tokens) if n not in self.used and t.cue in cues]

    def words(self) -> str:
        """The clause as written, in lower case."""
        if not self.tokens:
            return ""
        return self.plain.text[self.tokens[0].start : self.tokens[-1].end].lower()

    def claim(self, *positions: int) -> None:
        """Mark tokens as carried by an expression."""
        self.used.update(positions)

    def claim_test_times(self) -> None:
        """Mark "(performed within 14 days before registration)": when a thing is to be measured, not what is asked.

        A record holds the newest value, and the trial measures again.
        """
        for n, token in self.of_kind(Kind.TIME):
            if token.time is not None and token.time.recent and not token.time.open_end:
                self.used.add(n)
                self.claim_words(MEASURED_WHEN)

    def claim_words(self, vocabulary: Iterable[str]) -> None:
        """Mark the unclaimed tokens whose text is one of these lower-case phrases."""
        wanted = frozenset(vocabulary)
        for n, token in enumerate(self.tokens):
            if token.text.lower() in wanted and not _names_one_thing(token):
                self.used.add(n)

    def span(self, *positions: int) -> Span:
        """The original characters from the first to the last of these tokens."""
        tokens = [self.tokens[n] for n in positions] if positions else self.tokens
        return self.plain.original(min(t.start for t in tokens), max(t.end for t in tokens))

    def residue(self) -> list[Token]:
        """What no reader has claimed and what is not without meaning."""
        return [
            t
            for n, t in enumerate(self.tokens)
            if n not in self.used
            and t.concepts != AGE
            and not (t.cue in _SILENT or t.kind in (Kind.COMMA, Kind.SLASH, Kind.COLON, Kind.OPEN, Kind.CLOSE))
        ]


MEASURED_WHEN = frozenset(
    """performed obtained measured assessed evaluated confirmed done taken tested determined documented collected
    completed demonstrated drawn achieved met latest most recent must were was within before consent signing main
    study first screening day days result results test tests examination""".split()
)
"""Words around the time of a test."""

AGE = (("lab:age",),)
"""The bare word "age" asks for nothing."""

_SILENT = frozenset(
    {Cue.GLUE, Cue.HISTORY, Cue.AND, Cue.OR, Cue.AND_OR, Cue.REQUIRE, Cue.ALL_OF, Cue.ALTERNATIVES, Cue.NOTE}
)


class Reader(Protocol):
    """What reads tokens: the grammar, as its parts for exceptions, conditions and examples see it."""

    @property
    def unwanted(self) -> bool:
        """Whether a list means any of its parts."""

    def read(self, tokens: Sequence[Token]) -> Expression | None:
        """What the tokens say; None if nothing."""

    def listed(self, tokens: Sequence[Token], shared: Sequence[Token] = ()) -> Expression | None:
        """What a list without exceptions, conditions and examples says; `shared` belongs to each of its parts."""

    def condition(self, tokens: Sequence[Token]) -> Expression | None:
        """The same tokens as a condition or an exception."""

    def unread(self, tokens: Sequence[Token]) -> Opaque:
        """The tokens as a text that was not understood."""


def _names_one_thing(token: Token) -> bool:
    """``CD19+ lymphoma``: the name of a disease is more than a word; "cancer" alone is not. So is a viral load."""
    named = {c for group in token.concepts for c in group}
    if named <= VIRAL_LOADS:
        return bool(named)  # "a negative PCR" where it is known of which virus
    return bool(named) and all(kind_of(c) == "disease" for c in named) and named != {"disease:CANCER"}


VIRAL_LOADS = frozenset({"lab:hbv_dna", "lab:hcv_rna", "lab:hiv_rna"})


def kind_of(concept: str) -> str:
    """The part of a concept id before its colon: ``drug``, ``cond``, ``lab`` ..."""
    return concept.partition(":")[0]


def conjunction(items: Sequence[Expression]) -> Expression:
    """All of them; one alone stands for itself."""
    return items[0] if len(items) == 1 else And(tuple(items))


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """What an expression demands all at once."""
    if not isinstance(expression, And):
        return (expression,)
    return tuple(part for item in expression.items for part in conjuncts(item))


def disjunction(items: Sequence[Expression]) -> Expression:
    """Any of them; one alone stands for itself."""
    return items[0] if len(items) == 1 else Or(tuple(items))


def either_reading(first: Expression, second: Expression, span: Span | None) -> Expression:
    """A text that can be read in two ways is settled only where both readings agree."""
    if first == second:
        return first
    doubt = Opaque(Unread.NOT_UNDERSTOOD, span)
    return Or((And((first, second)), And((Or((first, second)), doubt))))


def opaque(clause: Clause, tokens: Sequence[Token]) -> Opaque:
    """The unread rest of a clause: a matter of judgement if its words say so, otherwise not understood."""
    judged = any(t.cue is Cue.JUDGEMENT for t in tokens) or any(t.cue is Cue.JUDGEMENT for t in clause.tokens)
    # a shared head may be repeated before a later part: the tokens need not stand in order
    span = clause.plain.original(min(t.start for t in tokens), max(t.end for t in tokens))
    return Opaque(Unread.JUDGEMENT if judged else Unread.NOT_UNDERSTOOD, span)


def is_measured(expression: Expression) -> bool:
    """Whether an expression stands on measured or denied things alone."""
    match expression:
        case Number() | Not():
            return True
        case Code(variable=variable):
            return variable.startswith("antigen:") or variable == "diagnosis"
        case Presence(concept="state:measurable"):
            return True
        case And(items=items) | Or(items=items):
            return all(is_measured(i) for i in items)
        case _:
            return False
