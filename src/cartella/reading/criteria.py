"""Eligibility text to points: the front door of the reader.

Every character of the text belongs to a point or to a declared filler; what was not understood is an Opaque point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeGuard

from cartella.logic import And, Code, Expression, If, Not, Number, Opaque, Or, Span, Unread, walk
from cartella.reading.allowances import examines_from, keeps_out, lets_in_from, takes_out, turn_round
from cartella.reading.choices import alternatives, is_only_or, runs
from cartella.reading.cohorts import LIMITS_TO, MEMBERS, ONE_SEX, in_cohort, labelled, limit
from cartella.reading.cues import Cue
from cartella.reading.groups import with_groups
from cartella.reading.headings import REGISTRY_LINE
from cartella.reading.introductions import (
    child_expression,
    defines,
    group,
    is_group,
    last_of,
    only_introduces,
    says_something,
)
from cartella.reading.italian import in_english
from cartella.reading.layout import Item, items_of
from cartella.reading.lint import doubted
from cartella.reading.remarks import asks_nothing
from cartella.reading.requirements import requirement
from cartella.reading.sentences import Sentence, denied, read_sentences
from cartella.reading.splitting import split
from cartella.reading.text import PlainText, plain_text
from cartella.reading.tokens import Kind, named_in, tokenise
from cartella.trials.criteria import Criteria, Point, Section

INTRODUCES = re.compile(r"(?::|\bfollowing|\bbelow|\bas follows|\bcriteria|\brequirements)\W*$", re.I)
DEFINES = re.compile(
    r"\b(?:as\s+)?defined\s+(?:as|by)(?:\s+(?:the\s+following|follows|any\s+of\s+the\s+following))?\s*:\s*$", re.I
)
"""An exclusion that its lines define: they are what is asked."""
LISTS = re.compile(
    r"(?:\b(?:including|includes?|such\s+as|limited\s+to|following|e\.?g\.?|as\s+follows)(?:\s+(?:but\s+(?:is\s+|are\s+)?not\s+limited\s+to|the\s+following|any\s+of\s+the\s+following))?)\s*[:,]?\s*$",
    re.I,
)
OLD_HEADING = re.compile(
    r"\W*(?:Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Other|Hematopoietic|Hepatic|Renal"
    r"|Cardiovascular|Pulmonary)\W*"
)
AGE_LINE = re.compile(r"^\W*must have (?:minimum|maximum) age of", re.I)


def read_criteria(text: str, context: str = "") -> Criteria:
    """Read an eligibility text. Never fails: text without meaning for the reader becomes Opaque points.

    `context` is what else the record says of the study (titles, conditions): like the text itself, it settles what
    an abbreviation stands for.
    """
    plain = in_english(plain_text(text))
    plain = plain.with_names(named_in(f"{context}\n{plain.text}"))
    points: list[Point] = []
    fillers: list[Span] = []
    _read_items(items_of(plain, lambda words: _names_a_disease(words, plain)), plain, points, fillers)
    if CYTOPENIA.search(plain.text):
        points = [_lifted_for_cytopenia(point) for point in points]
    return _partitioned(text, with_groups(points, text), fillers)


CYTOPENIA = re.compile(
    r"(?:cytopeni\w+|blood\s+counts?|h[a]?ematologic\w*)[^.]{0,120}(?:due|related|secondary|attributed"
    r"|attributable|caused|because\s+of)\s*(?:to|by)?[^.]{0,40}(?:disease|lymphoma|leuk[a]?emia|myeloma|marrow"
    r"|tumou?r|malignan\w+)"
    r"|(?:marrow\s+involvement|involvement\s+of\s+the\s+(?:bone\s+)?marrow)[^.]{0,80}(?:allowed|permitted"
    r"|eligible|not\s+(?:be\s+)?required|exempt|waived)",
    re.I,
)
BLOOD_COUNTS = frozenset({"lab:plt", "lab:anc", "lab:hb", "lab:wbc", "lab:alc"})


def _lifted_for_cytopenia(point: Point) -> Point:
    """A text that excuses counts lowered by the disease leaves a low count open: the cause is for a person to judge."""
    node = point.expression
    if point.section is Section.INCLUSION and isinstance(node, Number) and node.quantity in BLOOD_COUNTS:
        return replace(point, expression=Or((node, Opaque(Unread.JUDGEMENT, node.span))))
    return point


def _read_items(
    items: Sequence[Item], plain: PlainText, points: list[Point], fillers: list[Span], *, known: bool = False
) -> None:
    """Items one after another; inclusions that an "or" at the end of a line joins are alternatives."""
    for run in runs(items, plain):
        read: list[tuple[Item, list[Point]]] = []
        for item in run:
            if len(run) > 1 and is_only_or(item, plain):
                fillers.append(plain.original(item.start, item.end))
                continue
            if takes_out(item, plain) and points and points[-1].section is item.section:
                points[-1] = _without(points[-1], item, plain)
            own: list[Point] = []
            _read_item(item, plain, own, fillers, known=known or any(_asks_diagnosis(p) for p in points))
            read.append((item, own))
        points.extend(alternatives(read))


def _read_item(item: Item, plain: PlainText, points: list[Point], fillers: list[Span], *, known: bool) -> None:
    words = item.text(plain)
    only_told = REGISTRY_LINE.match(words) or asks_nothing(words)
    if item.heading or only_told or (ONE_SEX.match(words) and not item.children):
        fillers.append(plain.original(item.start, item.end))
        _read_items(item.children, plain, points, fillers, known=known)
        return
    if not item.children or not INTRODUCES.search(words):
        labelled(item, plain)
        words = item.text(plain)
    if item.children and (members := MEMBERS.match(words)):
        fillers.append(plain.original(item.start, item.end))
        for child in item.children:
            limit(child, (members["name"] or members["sex"]).strip())
        _read_items(item.children, plain, points, fillers, known=known)
        return
    if item.children and LIMITS_TO.match(words):
        # "For patients with earlier transplant:" limits what stands below it
        fillers.append(plain.original(item.start, item.end))
        for child in item.children:
            limit(child, words.strip(" :"))
        _read_items(item.children, plain, points, fillers, known=known)
        return
    if keeps_out(item, words):
        turn_round(item, plain)
    if takes_out(item, plain):
        nobody = And(()) if item.section is Section.INCLUSION else Not(And(()))
        points.append(Point(item.section, nobody, plain.original(item.start, last_of(item)), item.cohort, item.gate))
        return
    if (start := lets_in_from(item, plain)) is not None:
        points.append(_sparing(item, start, plain, known=known))
        return
    if (start := examines_from(item, plain)) is not None:
        if start > item.body:
            points.extend(_points_of(replace(item, end=start, children=[]), plain, known=known))
        fillers.append(plain.original(start if start > item.body else item.start, last_of(item)))
        return
    if item.children and is_group(item, words):
        points.extend(group(item, plain))
        return
    if (
        OLD_HEADING.fullmatch(words)
        or (item.section is Section.EXCLUSION and DEFINES.search(words))
        or (
            item.children
            and INTRODUCES.search(words)
            and (defines(item, words) or (not says_something(item, plain) and only_introduces(item, plain)))
        )
    ):
        fillers.append(plain.original(item.start, item.end))
    else:
        own = _points_of(item, plain, known=known)
        if item.children and item.section is Section.EXCLUSION and LISTS.search(words):
            # "heart disease, such as:" the lines below say which, and what of it
            own[-1:] = [replace(own[-1], expression=And((own[-1].expression, Opaque(span=own[-1].span))))]
        points.extend(own)
    _read_items(item.children, plain, points, fillers, known=known)


def _without(point: Point, item: Item, plain: PlainText) -> Point:
    """A point from which a line of its own ("Exceptions:") and the lines below it take something out."""
    exceptions = Or(tuple(child_expression(child, plain, excluding=True) for child in item.children))
    if point.section is Section.INCLUSION:
        return replace(point, expression=Or((point.expression, exceptions)))
    return replace(point, expression=And((point.expression, Not(exceptions))))


def _sparing(item: Item, start: int, plain: PlainText, *, known: bool) -> Point:
    """An exclusion with those whom its lines let in, as one point; where it excludes nobody itself, it is never met."""
    spared = Or(tuple(child_expression(child, plain, excluding=True) for child in item.children))
    head = _points_of(replace(item, end=start, children=[]), plain, known=known) if start > item.body else []
    rule: Expression = Or(tuple(point.expression for point in head)) if len(head) != 1 else head[0].expression
    expression = And((rule, Not(spared))) if head else Not(And(()))
    return Point(item.section, expression, plain.original(item.start, last_of(item)), item.cohort, item.gate)


def _names_a_disease(words: str, plain: PlainText) -> bool:
    """A heading such as "B-cell lymphoma:" names a group of patients."""
    tokens = tokenise(words, 0, plain.named)
    if re.search(r"\b(?:diagnos\w+|below|following|described|criteria|must|confirmed)\b", words, re.I):
        return False
    named = [t for t in tokens if t.concepts and all(c.startswith("disease:") for g in t.concepts for c in g)]
    other = [t for t in tokens if t.kind in (Kind.WORD, Kind.COMPARISON, Kind.TIME) or (t.concepts and t not in named)]
    return bool(named) and all(t.text.isupper() for t in other) and not any(t.is_cue(Cue.REQUIRE) for t in tokens)


def _points_of(item: Item, plain: PlainText, *, known: bool) -> list[Point]:
    """The points of one item: a sentence that allows something lifts the point before it, others stand alone."""
    section = Section.INCLUSION if AGE_LINE.match(item.text(plain)) else item.section
    text = plain.text[item.body : item.end]
    places = split(text, item.body)
    sentences = read_sentences(plain, places, section)
    sentences = _by_age(sentences)
    points: list[Point] = []
    group: Expression | None = None
    start = item.start
    for n, sentence in enumerate(sentences):
        end = plain.boundary(sentence.end)
        following = sentences[n + 1 :]
        lone = n == 0 and not known and section is Section.INCLUSION
        expression = requirement(sentence, following, first=lone, first_of_all=n == 0)
        if expression is None:
            if points:
                points[-1] = _extended(points[-1], plain, start, end)
                start = end
            continue
        if section is Section.INCLUSION:
            group = expression.condition if n == 0 and _is_of_a_disease(expression) else group
            if n and (sentence.about_people or _names_diagnoses(expression)):
                group = None  # "all patients must ...": of others as well
            if n and group is not None:
                expression = If(group, expression)
        span = plain.original(start, end)
        wanted = expression if section is Section.INCLUSION else denied(expression)
        points.append(Point(section, in_cohort(wanted, item, section, plain), span, item.cohort, item.gate))
        start = end
    if not points:
        span = plain.original(item.start, item.end)
        points.append(Point(section, Opaque(span=span), span, item.cohort, item.gate))
    return points


def _is_of_a_disease(expression: Expression) -> TypeGuard[If]:
    """``Patients with myeloma must have had ...``: what follows in the same line is asked of them as well."""
    if not isinstance(expression, If):
        return False
    condition = expression.condition
    return isinstance(condition, Code) and condition.variable == "diagnosis"


def _names_diagnoses(expression: Expression) -> bool:
    return any(isinstance(n, Code) and n.variable == "diagnosis" for n in walk(expression))


def _by_age(sentences: list[Sentence]) -> list[Sentence]:
    """``Age 6 to 10. Maximum creatinine 1.0``: a row of a table, asked of that age."""
    for n, (age, bound) in enumerate(pairwise(sentences)):
        ages = [x for x in walk(age.expression) if not isinstance(x, And)] if age.expression is not None else []
        limits = [x for x in walk(bound.expression) if isinstance(x, Number)] if bound.expression is not None else []
        if ages and all(isinstance(x, Number | Opaque) for x in ages) and len(limits) == 1:
            numbers = [x for x in ages if isinstance(x, Number)]
            if numbers and all(x.quantity == "age" for x in numbers) and limits[0].quantity.startswith("lab:"):
                assert age.expression is not None
                row = replace(bound, start=age.start, expression=If(age.expression, limits[0]))
                return [*sentences[:n], row, *_by_age(sentences[n + 2 :])]
    return sentences


def _asks_diagnosis(point: Point) -> bool:
    return point.section is Section.INCLUSION and any(
        isinstance(n, Code) and n.variable == "diagnosis" for n in walk(point.expression)
    )


def _extended(point: Point, plain: PlainText, start: int, end: int) -> Point:
    assert point.span is not None
    span = Span(point.span.start, plain.original(start, end).end)
    return Point(point.section, point.expression, span, point.cohort, point.gate)


def _partitioned(text: str, points: list[Point], fillers: list[Span]) -> Criteria:
    """Declare everything between the points as filler, so that all spans together are the whole text."""
    edges: list[Span] = sorted([p.span for p in points if p.span is not None] + fillers)
    gaps: list[Span] = []
    position = 0
    for span in edges:
        if span.start > position:
            gaps.append(Span(position, span.start))
        position = max(position, span.end)
    if position < len(text):
        gaps.append(Span(position, len(text)))
    ordered = doubted(sorted(points, key=lambda p: p.span or Span(0, 0)))
    return Criteria(tuple(ordered), tuple(sorted(fillers + gaps)))
