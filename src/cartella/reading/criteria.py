"""Eligibility text to points: the front door of the reader.

Every character of the text belongs to a point or to a declared filler; what was not understood is an Opaque point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cartella.knowledge import knowledge
from cartella.logic import And, Code, Count, Expression, If, Not, Number, Opaque, Or, Presence, Span, Unread, walk
from cartella.reading import reproduction
from cartella.reading.cues import Cue
from cartella.reading.grammar import Grammar
from cartella.reading.groups import with_groups
from cartella.reading.headings import REGISTRY_LINE
from cartella.reading.italian import in_english
from cartella.reading.layout import Item, items_of
from cartella.reading.lint import doubted
from cartella.reading.sentences import TOXICITY, Role, Sentence, denied, read_sentences, split
from cartella.reading.text import PlainText, plain_text
from cartella.reading.tokens import Kind, Token, named_in, tokenise
from cartella.trials.criteria import Criteria, Point, Section

INTRODUCES = re.compile(r"(?::|\bfollowing|\bbelow|\bas follows|\bcriteria|\brequirements)\W*$", re.I)
NOTE = re.compile(r"\W*(?:note|n\.?b\.?)\b", re.I)
LIMITS_TO = re.compile(
    r"^\W*(?:(?:for|in)\s+(?:all\s+)?(?:patients?|subjects?|participants?|individuals|those|adults|children"
    r"|donors?)\s+(?:with|who|in|enrolled|undergoing|receiving|having|aged|diagnosed|whose)\b"
    r"|(?:cohort|arm|group|part)\s*\#?[A-Z0-9]{1,3}\b|(?:donors?|donor\s+\w+)\b)[^.]{0,140}\W*$",
    re.I,
)
OLD_HEADING = re.compile(
    r"\W*(?:Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Other|Hematopoietic|Hepatic|Renal"
    r"|Cardiovascular|Pulmonary)\W*"
)
DONOR = re.compile(r"\bdonors?\b", re.I)
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
    for item in items_of(plain, lambda words: _names_a_disease(words, plain)):
        _read_item(item, plain, points, fillers)
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


def _read_item(item: Item, plain: PlainText, points: list[Point], fillers: list[Span]) -> None:
    words = item.text(plain)
    if item.heading or REGISTRY_LINE.match(words):
        fillers.append(plain.original(item.start, item.end))
        for child in item.children:
            _read_item(child, plain, points, fillers)
        return
    if item.children and LIMITS_TO.match(words):
        # "For patients with earlier transplant:" limits what stands below it
        fillers.append(plain.original(item.start, item.end))
        for child in item.children:
            _limit(child, words.strip(" :"))
            _read_item(child, plain, points, fillers)
        return
    if item.children and _is_group(item, words):
        points.extend(_group(item, plain))
        return
    if OLD_HEADING.fullmatch(words) or (
        item.children
        and INTRODUCES.search(words)
        and not _says_something(item, plain)
        and _only_introduces(item, plain)
    ):
        fillers.append(plain.original(item.start, item.end))
    else:
        points.extend(_points_of(item, plain, known=any(_asks_diagnosis(p) for p in points)))
    for child in item.children:
        _read_item(child, plain, points, fillers)


def _names_a_disease(words: str, plain: PlainText) -> bool:
    """A heading such as "B-cell lymphoma:" names a group of patients."""
    tokens = tokenise(words, 0, plain.named)
    if re.search(r"\b(?:diagnos\w+|below|following|described|criteria|must|confirmed)\b", words, re.I):
        return False
    named = [t for t in tokens if t.concepts and all(c.startswith("disease:") for g in t.concepts for c in g)]
    other = [t for t in tokens if t.kind in (Kind.WORD, Kind.COMPARISON, Kind.TIME) or (t.concepts and t not in named)]
    return bool(named) and all(t.text.isupper() for t in other) and not any(t.is_cue(Cue.REQUIRE) for t in tokens)


def _limit(item: Item, cohort: str) -> None:
    item.cohort = cohort if item.cohort is None else f"{item.cohort}, {cohort}"
    for child in item.children:
        _limit(child, cohort)


def _is_group(item: Item, words: str) -> bool:
    """Alternatives, and an exception list, are one point over all their lines."""
    tail = words[-160:]
    if EXCEPTS.search(tail):
        return True
    if ALL_OF.search(tail):
        return item.section is Section.EXCLUSION
    return bool(ANY_OF.search(tail)) and item.section is Section.INCLUSION


def _says_something(item: Item, plain: PlainText) -> bool:
    """An introduction that asks for something itself is a point as well."""
    text = item.text(plain)
    tokens = tokenise(text, item.body, plain.named)
    excluding = item.section is Section.EXCLUSION
    grammar = Grammar(plain, excluding, excluding)
    expression = grammar.read(_criterion(tokens))
    if expression is None or not _has_meaning(expression):
        return False
    return not _only_organ(text) or any(isinstance(n, Number | Code) for n in walk(expression))


def _only_introduces(item: Item, plain: PlainText) -> bool:
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


def _points_of(item: Item, plain: PlainText, *, known: bool) -> list[Point]:
    """The points of one item: a sentence that allows something lifts the point before it, others stand alone."""
    section = Section.INCLUSION if AGE_LINE.match(item.text(plain)) else item.section
    text = plain.text[item.body : item.end]
    places = split(text, item.body)
    sentences = read_sentences(plain, places, section)
    sentences = _by_age(sentences)
    points: list[Point] = []
    start = item.start
    for n, sentence in enumerate(sentences):
        end = plain.boundary(sentence.end)
        following = sentences[n + 1 :]
        expression = _requirement(sentence, following, first=n == 0 and not known and section is Section.INCLUSION)
        if expression is None:
            if points:
                points[-1] = _extended(points[-1], plain, start, end)
                start = end
            continue
        span = plain.original(start, end)
        wanted = expression if section is Section.INCLUSION else denied(expression)
        points.append(Point(section, _in_cohort(wanted, item, section, plain), span, item.cohort, item.gate))
        start = end
    if not points:
        span = plain.original(item.start, item.end)
        points.append(Point(section, Opaque(span=span), span, item.cohort, item.gate))
    return points


def _by_age(sentences: list[Sentence]) -> list[Sentence]:
    """``Age 6 to 10. Maximum creatinine 1.0``: a row of a table, asked of that age."""
    for n, (age, limit) in enumerate(pairwise(sentences)):
        ages = [x for x in walk(age.expression) if not isinstance(x, And)] if age.expression is not None else []
        limits = [x for x in walk(limit.expression) if isinstance(x, Number)] if limit.expression is not None else []
        if ages and all(isinstance(x, Number | Opaque) for x in ages) and len(limits) == 1:
            numbers = [x for x in ages if isinstance(x, Number)]
            if numbers and all(x.quantity == "age" for x in numbers) and limits[0].quantity.startswith("lab:"):
                assert age.expression is not None
                row = replace(limit, start=age.start, expression=If(age.expression, limits[0]))
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


def _requirement(sentence: Sentence, following: Sequence[Sentence], *, first: bool) -> Expression | None:
    """What must hold for the sentence not to stand in the way."""
    expression = sentence.expression
    if expression is None:
        return None
    if sentence.role is Role.ALLOWS:
        if isinstance(expression, If):
            return expression
        # "patients with mantle cell lymphoma are eligible" may be the whole of the rule: whoever fits, fits
        asks = first and any(isinstance(n, Code) and n.variable == "diagnosis" for n in walk(expression))
        return Or((expression, Opaque())) if asks else And(())
    rule = denied(expression) if sentence.role is Role.EXCLUDES else expression
    for other in following:
        if other.role is not Role.ALLOWS or other.expression is None or isinstance(other.expression, If):
            continue
        if _is_as_wide(other.expression, expression):
            continue  # "earlier involvement is allowed" does not lift the exclusion of active involvement
        if other.about_people or _concern_the_same(other.expression, expression):
            rule = Or((rule, other.expression))
    return rule


def _is_as_wide(exception: Expression, rule: Expression) -> bool:
    """Whether an exception would lift the whole rule: it names the same thing without what the rule asks of it."""
    if not isinstance(exception, Presence) or exception.traits or exception.window is not None:
        return False
    narrower = [n for n in walk(rule) if isinstance(n, Presence) and n.concept == exception.concept]
    return any(n.traits or n.window is not None for n in narrower)


def _concern_the_same(one: Expression, other: Expression) -> bool:
    """Whether two expressions speak of the same thing, or of a kind of it."""
    house = knowledge()
    mine, theirs = _subjects(one), _subjects(other)
    return bool(mine & theirs) or any(
        a in house.ancestors(b) or b in house.ancestors(a)
        for a in mine & house.concepts.keys()
        for b in theirs & house.concepts.keys()
    )


def _subjects(expression: Expression) -> set[str]:
    found = set()
    for node in walk(expression):
        match node:
            case Number(quantity=quantity):
                found.add(quantity.split(".")[0])
            case Code(variable=variable):
                found.add(variable)
            case Presence(concept=concept) | Count(concept=concept):
                found.add(concept)
            case _:
                pass
    return found


def _in_cohort(expression: Expression, item: Item, section: Section, plain: PlainText) -> Expression:
    """A point of a cohort is asked only of the patients whom the cohort's name describes."""
    if item.cohort is None:
        return expression
    if DONOR.search(item.cohort):
        return Opaque(span=plain.original(item.start, item.end))
    condition = _cohort_condition(item.cohort, plain)
    return If(condition, expression) if section is Section.INCLUSION else And((condition, expression))


def _cohort_condition(name: str, plain: PlainText) -> Expression:
    """Whom a cohort's name describes; a name that does not say it ("Cohort A") leaves open who belongs."""
    named = plain_text(name).with_names(plain.named)
    tokens = tokenise(named.text, 0, plain.named)
    diseases = [t for t in tokens if any(c.startswith("disease:") for g in t.concepts for c in g)]
    if diseases and not re.match(r"\W*(?:for|in)\b", name, re.I):
        tokens = diseases
    read = Grammar(named, True).read([t for t in tokens if not t.is_cue(Cue.IF)])
    if read is None:
        return Opaque()
    # the spans of a name count characters of the name, not of the text: they would mislead
    return without_spans(read)


def without_spans(expression: Expression) -> Expression:
    """The same meaning without places in a text."""
    match expression:
        case Not(item=item):
            return Not(without_spans(item))
        case And(items=items) | Or(items=items):
            return replace(expression, items=tuple(without_spans(i) for i in items), span=None)
        case If(condition=condition, then=then):
            return If(without_spans(condition), without_spans(then))
        case _:
            return replace(expression, span=None)


def _group(item: Item, plain: PlainText) -> list[Point]:
    """A parent with its alternatives or exceptions; a parent that asks for something itself is a point of its own."""
    words = item.text(plain)
    last = _last(item)
    span = plain.original(item.start, last)
    excluding = item.section is Section.EXCLUSION
    grammar = Grammar(plain, excluding, excluding)
    if reproduction.is_about_it(words, tokenise(words, item.body, plain.named)):
        # "men must agree to one of the following:" the ways of contraception below are details
        return [_grouped_point(item, reproduction.read(words, span), span, plain)]
    parts = [_child_expression(child, plain, excluding) for child in item.children]
    if EXCEPTS.search(words[-160:]):
        tokens = tokenise(words, item.body, plain.named)
        cut = max((n for n, t in enumerate(tokens) if t.is_cue(Cue.EXCEPT, Cue.UNLESS)), default=len(tokens))
        rule = grammar.read(_criterion(tokens[:cut])) or Opaque(span=span)
        exceptions = Or(tuple(parts))
        expression: Expression = And((rule, Not(exceptions))) if excluding else Or((rule, exceptions))
        return [_grouped_point(item, expression, span, plain)]
    expression = And(tuple(parts)) if ALL_OF.search(words[-160:]) else Or(tuple(parts))
    head = grammar.read(_criterion(tokenise(words, item.body, plain.named))) if _says_something(item, plain) else None
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
    return Point(item.section, _in_cohort(expression, item, item.section, plain), span, item.cohort, item.gate)


def _child_expression(child: Item, plain: PlainText, excluding: bool) -> Expression:
    items: list[Expression] = []
    for start, end in split(plain.text[child.body : child.end], child.body):
        text = plain.text[start:end].replace("\n", " ")
        read = Grammar(plain, excluding, excluding).read(tokenise(text, start, plain.named))
        items.append(read if read is not None else Opaque(span=plain.original(start, end)))
    items += [_child_expression(grandchild, plain, excluding) for grandchild in child.children]
    if not items:
        return Opaque(span=plain.original(child.start, child.end))
    return items[0] if len(items) == 1 else And(tuple(items))


def _last(item: Item) -> int:
    return max([item.end, *(_last(child) for child in item.children)])


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
    ordered = sorted((doubted(p) for p in points), key=lambda p: p.span or Span(0, 0))
    return Criteria(tuple(ordered), tuple(sorted(fillers + gaps)))
