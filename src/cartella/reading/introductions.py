"""Lines that introduce others: alternatives, exceptions, and headings that ask for something themselves."""

from __future__ import annotations

import re

from cartella.logic import And, Code, Expression, Not, Number, Opaque, Or, Span, walk
from cartella.reading import reproduction
from cartella.reading.allowances import keeps_out
from cartella.reading.cohorts import in_cohort
from cartella.reading.cues import Cue
from cartella.reading.grammar import Grammar
from cartella.reading.layout import Item
from cartella.reading.splitting import split
from cartella.reading.text import PlainText
from cartella.reading.tokens import Token, tokenise
from cartella.reading.toxicity import TOXICITY
from cartella.trials.criteria import Point, Section

NOTE = re.compile(r"\W*(?:note|n\.?b\.?)\b", re.I)
ANY_OF = re.compile(
    r"\b(?:at\s+least\s+(?:one|1)|any(?:\s+one)?|one(?:\s+or\s+more)?|either|1\s+or\s+more|1)\s+of\s+(?:the\s+"
    r"|these\s+)?(?:following|below|criteria)|uno\s+dei\s+seguenti|either\s*:?\s*$",
    re.I,
)
ALL_OF = re.compile(r"\b(?:all|each|both)\s+of\s+(?:the\s+)?following|tutti\s+i\s+seguenti", re.I)
EXCEPTS = re.compile(
    r"\b(?:except(?:ions?)?(?:\s+for)?|exceptions?\s+(?:are|include)|unless|other\s+than|eccetto"
    r"|tranne)\b[^.]{0,60}:?\s*$",
    re.I,
)


def is_group(item: Item, words: str) -> bool:
    """Alternatives, and an exception list, are one point over all their lines."""
    tail = words[-160:]
    if EXCEPTS.search(tail):
        return True
    if ALL_OF.search(tail):
        return item.section is Section.EXCLUSION
    return bool(ANY_OF.search(tail)) and item.section is Section.INCLUSION and not keeps_out(item, words)


def says_something(item: Item, plain: PlainText) -> bool:
    """An introduction that asks for something itself is a point as well."""
    text = item.text(plain)
    tokens = tokenise(text, item.body, plain.named)
    excluding = item.section is Section.EXCLUSION
    grammar = Grammar(plain, excluding, excluding)
    expression = grammar.read(_criterion(tokens))
    if expression is None or not _has_meaning(expression):
        return False
    return not _only_organ(text) or any(isinstance(n, Number | Code) for n in walk(expression))


def only_introduces(item: Item, plain: PlainText) -> bool:
    """Whether an introduction asks for nothing itself, not even for what only a person can judge."""
    if item.section is Section.EXCLUSION:
        return True
    tokens = tokenise(item.text(plain), item.body, plain.named)
    told = any(
        t.is_cue(Cue.STATE)
        or any(c.startswith(("disease:", "antigen:", "cond:measurable")) for g in t.concepts for c in g)
        for t in tokens
    )
    told = told or bool(TOXICITY.search(item.text(plain)))
    if all(NOTE.match(child.text(plain)) for child in item.children):
        return False
    judged = any(t.is_cue(Cue.JUDGEMENT) and t.text.lower() in PERSONAL for t in tokens)
    return not (told or judged)


def defines(item: Item, words: str) -> bool:
    """``Active heart disease, defined as:`` among exclusions: what counts stands below, and nothing else counts."""
    return item.section is Section.EXCLUSION and bool(item.children) and DEFINED.search(words) is not None


DEFINED = re.compile(
    r"\b(?:defined\s+(?:as|by)|definition\s+of\s+which\s+is|meeting|as\s+(?:evidenced|demonstrated|shown|indicated)\s+by)"
    r"(?:\s+(?:having\s+)?(?:any|one|at\s+least\s+one)(?:\s+or\s+more)?(?:\s+of)?)?(?:\s+the\s+following)?(?:\s+criteria)?\W*$",
    re.I,
)
PERSONAL = frozenset(
    {"willing", "willingness", "able to", "ability", "consent", "agree", "agreement", "capable", "understand", "comply"}
)


def _only_organ(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:function|parameters?|values?|requirements?|criteria|status|condition|following|follows"
            r"|laborator\w+)\b\W*(?:\w+\W+){0,6}$",
            text,
            re.I,
        )
    )


def _has_meaning(expression: Expression) -> bool:
    match expression:
        case Opaque():
            return False
        case And(items=items) | Or(items=items):
            return any(_has_meaning(i) for i in items)
        case _:
            return True


def group(item: Item, plain: PlainText) -> list[Point]:
    """A parent with its alternatives or exceptions; a parent that asks for something itself is a point of its own."""
    words = item.text(plain)
    last = last_of(item)
    span = plain.original(item.start, last)
    excluding = item.section is Section.EXCLUSION
    grammar = Grammar(plain, excluding, excluding)
    if reproduction.is_about_it(words, tokenise(words, item.body, plain.named)):
        # "men must agree to one of the following:" the ways of contraception below are details
        return [_grouped_point(item, reproduction.read(words, span), span, plain)]
    parts = [child_expression(child, plain, excluding) for child in item.children]
    if EXCEPTS.search(words[-160:]):
        tokens = tokenise(words, item.body, plain.named)
        cut = max((n for n, t in enumerate(tokens) if t.is_cue(Cue.EXCEPT, Cue.UNLESS)), default=len(tokens))
        rule = grammar.read(_criterion(tokens[:cut])) or Opaque(span=span)
        exceptions = Or(tuple(parts))
        expression: Expression = And((rule, Not(exceptions))) if excluding else Or((rule, exceptions))
        return [_grouped_point(item, expression, span, plain)]
    expression = And(tuple(parts)) if ALL_OF.search(words[-160:]) else Or(tuple(parts))
    head = grammar.read(_criterion(tokenise(words, item.body, plain.named))) if says_something(item, plain) else None
    if head is None:
        return [_grouped_point(item, expression, span, plain)]
    if excluding:
        return [_grouped_point(item, And((head, expression)), span, plain)]
    first = item.children[0].start
    return [
        _grouped_point(item, head, plain.original(item.start, item.end), plain),
        _grouped_point(item, expression, plain.original(first, last), plain),
    ]


def _criterion(tokens: list[Token]) -> list[Token]:
    """Without the words that only say what the section says already."""
    return [t for t in tokens if not t.is_cue(Cue.ALL_OF, Cue.ALTERNATIVES, Cue.EXCLUDE, Cue.REQUIRE)]


def _grouped_point(item: Item, expression: Expression, span: Span, plain: PlainText) -> Point:
    return Point(item.section, in_cohort(expression, item, item.section, plain), span, item.cohort, item.gate)


def child_expression(child: Item, plain: PlainText, excluding: bool) -> Expression:
    """What a line of a list says the patient has, with the lines below it."""
    items: list[Expression] = []
    for start, end in split(plain.text[child.body : child.end], child.body):
        text = plain.text[start:end].replace("\n", " ")
        read = Grammar(plain, excluding, excluding).read(tokenise(text, start, plain.named))
        items.append(read if read is not None else Opaque(span=plain.original(start, end)))
    items += [child_expression(grandchild, plain, excluding) for grandchild in child.children]
    if not items:
        return Opaque(span=plain.original(child.start, child.end))
    return items[0] if len(items) == 1 else And(tuple(items))


def last_of(item: Item) -> int:
    """Where an item ends with all that stands below it."""
    return max([item.end, *(last_of(child) for child in item.children)])
