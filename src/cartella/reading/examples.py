"""Examples: ``such as``, ``including``: when they widen what is said, and when they only illustrate it."""

from __future__ import annotations

from cartella.logic import And, Expression, Not, Or
from cartella.reading.clause import Reader, kind_of
from cartella.reading.phrases import family, modifiers, negation_at, scope, widened
from cartella.reading.tokens import Kind, Token


def with_examples(grammar: Reader, tokens: list[Token], split: int) -> Expression | None:
    """A sentence whose examples begin at `split`."""
    head, examples, after = scope(tokens, split)
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
    read_head = grammar.read([*head, *after])
    if read_head is None:
        return grammar.listed(examples)
    named = {kind_of(c) for t in examples if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
    if "disease" in kinds and "disease" in named:
        return grammar.listed(widened([*head, *after], examples))
    if not grammar.unwanted and permissive:
        return read_head
    if not grammar.unwanted and named and named <= {"drug", "class", "regimen", "antigen"}:
        # "two lines of therapy including an anti-CD20 antibody": the parts are asked for as well
        listed = grammar.listed(examples)
        return read_head if listed is None else And((read_head, listed))
    if grammar.unwanted and "cond" in kinds and named and named <= {"drug", "class", "regimen"}:
        return read_head  # "an illness that needs treatment (such as steroids)": no treatment is excluded by itself
    listed = grammar.listed([*modifiers([*head, *after]), *examples])
    if listed is None:
        return read_head
    if negation_at(head) is not None:
        # "no autoimmune disease such as lupus": the examples are denied with the head
        inner = grammar.listed(examples)
        return read_head if inner is None else And((read_head, Not(inner)))
    if not grammar.unwanted:
        # "(including relapse or progression)": what the head means, no alternative to it
        return Or((read_head, And((listed, grammar.unread(tokens)))))
    return Or((read_head, listed))


GENERAL = frozenset({"class:systemic_therapy", "class:treatment", "class:medication", "class:anticancer_agent"})
