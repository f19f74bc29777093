"""Examples: ``such as``, ``including``: when they widen what is said, and when they only illustrate it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, Not, Opaque, Or, walk
from cartella.reading.clause import Reader, disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.lists import TELLS_MORE
from cartella.reading.phrases import family, modifiers, negation_at, of_the_nerves, scope, widened
from cartella.reading.tokens import Kind, Token


def with_examples(grammar: Reader, tokens: list[Token], split: int) -> Expression | None:
    """A sentence whose examples begin at `split`."""
    head, examples, after = _until_it_tells_more(*scope(tokens, split))
    head = of_the_nerves(head, examples)
    kinds = {kind_of(c) for t in head if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
    kinds -= {"class"} if all(c in GENERAL for t in head for g in t.concepts for c in g) else set()
    permissive = (split > 0 and tokens[split - 1].text.lower() in {"can", "may", "could"}) or "limited" in tokens[
        split
    ].text.lower()
    late = [t for t in examples if t.kind is Kind.TIME]
    if len(late) == 1 and not any(t.kind is Kind.TIME for t in head) and any(family(t) == "therapy" for t in head):
        head = [*head, late[0]]
    if any(t.kind is Kind.TIME for t in head) and not kinds:
        # "4 weeks since prior therapy that included an antibody": the time is that of the parts
        return grammar.listed([*(t for t in head if t.kind is Kind.TIME), *examples])
    named = {kind_of(c) for t in examples if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
    if grammar.unwanted and named == {"cond"} and _are_bare(examples) and _is_narrowed([*head, *after]):
        # "autoimmune disease, including lupus, that needs steroids": lupus is meant only if it needs them
        return grammar.listed(_with_more([*head, *after], examples))
    read_head = grammar.read([*head, *after])
    if read_head is None:
        return grammar.listed(examples)
    if grammar.unwanted and _are_kinds(examples, head):
        return read_head
    pauses = [t for t in head if t.time is not None and not t.time.recent]
    if pauses and not grammar.unwanted and all(family(t) == "therapy" for t in examples if t.kind is Kind.CONCEPT):
        # "at least 3 weeks since systemic treatment including antibodies": the pause is asked of both
        paused = grammar.listed([pauses[0], *(t for t in examples if t.kind is not Kind.TIME)])
        return read_head if paused is None else And((read_head, paused))
    if "disease" in kinds and "disease" in named:
        return grammar.listed(widened([*head, *after], examples))
    if named and named <= {"drug", "class", "regimen"} and _are_options_denied(head):
        return read_head  # "no curative option such as transplantation": what cannot be had may have been given
    if not grammar.unwanted and permissive:
        return read_head
    if not grammar.unwanted and named and named <= {"drug", "class", "regimen", "antigen"}:
        # "two lines of therapy including an anti-CD20 antibody": the parts are asked for as well
        listed = grammar.listed(examples)
        return read_head if listed is None else And((read_head, listed))
    if grammar.unwanted and "cond" in kinds and named and named <= {"drug", "class", "regimen"}:
        return read_head  # "an illness that needs treatment (such as steroids)": no treatment is excluded by itself
    listed = grammar.listed(examples, _shared(head, after, tokens[split]))
    if listed is None:
        return read_head
    if ILLUSTRATES.match(tokens[split].text) and SEVERE.search(" ".join(t.text for t in head)):
        listed = And((listed, grammar.unread(head)))  # "a severe infection such as HIV": only if it is severe
    if _is_denied(head):
        # "no autoimmune disease such as lupus": the examples are denied with the head
        inner = grammar.listed(examples)
        return read_head if inner is None else And((read_head, Not(inner)))
    if not grammar.unwanted:
        # "(including relapse or progression)": what the head means, no alternative to it
        return Or((read_head, And((listed, grammar.unread(tokens)))))
    if "cond" in kinds and not any(isinstance(n, Opaque) for n in walk(read_head)):
        # examples are kinds of the head: where one was not read, the head says it all
        known = _understood(listed)
        return read_head if known is None else Or((read_head, known))
    return Or((read_head, listed))


def _understood(listed: Expression) -> Expression | None:
    """The alternatives of a list that are not wholly unread."""
    if isinstance(listed, Opaque):
        return None
    if isinstance(listed, Or):
        known = [part for item in listed.items if (part := _understood(item)) is not None]
        return disjunction(known) if known else None
    return listed


def _until_it_tells_more(
    head: list[Token], examples: list[Token], after: list[Token]
) -> tuple[list[Token], list[Token], list[Token]]:
    """``autoimmune disease, including lupus, requiring steroids``: what comes behind the comma belongs to the head."""
    for n in range(1, len(examples)):
        opens = examples[n].text.lower().split()[0] in TELLS_MORE or examples[n].name == "systemic_treatment"
        if not after and examples[n - 1].kind is Kind.COMMA and opens:
            return head, examples[: n - 1], examples[n:]
    return head, examples, after


ILLUSTRATES = re.compile(r"such as|like|for (?:example|instance)", re.I)
OPTIONS = re.compile(r"\b(?:options?|alternatives?|available|curative|candidates?|eligible|suitable)\b", re.I)
SEVERE = re.compile(r"\b(?:severe|serious|major)\b", re.I)


def _is_denied(head: Sequence[Token]) -> bool:
    """Whether a negation opens the head; one that stands behind a noun or in a clause denies something else."""
    at = negation_at(head)
    return at is not None and all(t.cue in (Cue.GLUE, Cue.HISTORY, Cue.REQUIRE, Cue.NOTE) for t in head[:at])


def _are_options_denied(head: Sequence[Token]) -> bool:
    """``lymphoma with no available curative option``: denied at the end of the head, whatever stands before."""
    at = next((n for n in range(len(head) - 1, -1, -1) if head[n].is_cue(Cue.NOT_BEFORE)), None)
    return at is not None and bool(OPTIONS.search(" ".join(t.text for t in head[at + 1 :])))


def _shared(head: Sequence[Token], after: Sequence[Token], cue: Token) -> list[Token]:
    """What the examples take over from the head: its traits and times; of an active infection, that it is active."""
    shared = modifiers([*head, *after])
    active = any(t.concepts == (("cond:infection_active",),) for t in head)
    if active and ILLUSTRATES.match(cue.text) and not any(t.is_cue(Cue.TRAIT) for t in shared):
        shared.append(replace(cue, cue=Cue.TRAIT, name="active"))
    return shared


def _are_bare(examples: Sequence[Token]) -> bool:
    """A list of names and nothing else."""
    return all(
        t.kind in (Kind.CONCEPT, Kind.COMMA, Kind.SLASH, Kind.COLON, Kind.OPEN, Kind.CLOSE, Kind.SEMICOLON)
        or t.is_cue(Cue.AND, Cue.OR, Cue.AND_OR, Cue.GLUE)
        or t.text.lower().strip(".") == "etc"
        for t in examples
    )


def _are_kinds(examples: Sequence[Token], head: Sequence[Token]) -> bool:
    """``autoimmune disease, including lupus and psoriasis``: whoever has a kind of the head has the head.

    Not so for infections: of an "active infection such as hepatitis" trials mean each that they name.
    """
    house = knowledge()
    wide = {c for t in head if t.kind is Kind.CONCEPT for g in t.concepts for c in g if c in house.concepts}
    named = [t for t in examples if t.kind is Kind.CONCEPT]
    telling = any(
        t.kind in (Kind.TIME, Kind.COMPARISON) or t.cue not in (None, *SILENT) or t.text.isdigit() for t in examples
    )
    return (
        bool(named)
        and not telling
        and not any(c.startswith("cond:infection") for c in wide)
        and all(
            c in house.concepts and not wide.isdisjoint(house.ancestors(c) - {c})
            for t in named
            for group in t.concepts
            for c in group
        )
    )


SILENT = (Cue.AND, Cue.OR, Cue.AND_OR, Cue.GLUE, Cue.OTHER, Cue.RESTRICT, Cue.NOTE)


def _is_narrowed(head: Sequence[Token]) -> bool:
    """Whether an illness is meant only where it is treated in some way."""
    families = {family(t) for t in head if t.kind is Kind.CONCEPT}
    return "cond" in families and "therapy" in families and "lab" not in families


def _with_more(head: Sequence[Token], examples: Sequence[Token]) -> list[Token]:
    """The head with the examples as further names of its illness."""
    result = list(head)
    last = max(n for n, t in enumerate(result) if family(t) == "cond")
    more = tuple(group for t in examples for group in t.concepts)
    result[last] = replace(result[last], concepts=result[last].concepts + more, join="or")
    return result


GENERAL = frozenset({"class:systemic_therapy", "class:treatment", "class:medication", "class:anticancer_agent"})
