"""Exceptions: ``except``, ``unless``, ``other than``, and another limit for those whom it fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.logic import SCALE, And, Code, Expression, Not, Number, Opaque, Operator, Or, walk
from cartella.reading.clause import Reader, conjuncts
from cartella.reading.cues import Cue
from cartella.reading.lists import grouped
from cartella.reading.phrases import family, negation_at, scope
from cartella.reading.tokens import Kind, Token


def with_exception(grammar: Reader, tokens: list[Token], split: int) -> Expression | None:
    """A sentence whose exception begins at `split`: the rule, lifted for those whom the exception takes in."""
    main, inside, after = scope(tokens, split)
    if not main:
        # "Except for X, no Y": the exception stands first and ends at the comma
        comma = next((n for n, t in enumerate(inside) if t.kind is Kind.COMMA), None)
        if comma is None:
            return grammar.unread(tokens)
        main, inside = inside[comma + 1 :], inside[:comma]
    run_on = _run_on(main, inside) if grammar.unwanted else None
    if run_on is not None:
        # "bilirubin > 2, unless Gilbert syndrome Haemoglobin < 8": a list that lost its commas goes on
        first = with_exception(grammar, [*main, tokens[split], *inside[:run_on], *after], len(main))
        others = grammar.read(inside[run_on:]) or grammar.unread(inside[run_on:])
        return others if first is None else Or((first, others))
    if _names_the_cancer(inside) and any(t.concepts in OTHER_CANCER for t in main):
        # "malignancy other than multiple myeloma": the cancer under study is no exception to tell
        inside_rest = [t for t in inside if t.kind is Kind.TIME]
        return grammar.read([*main, *inside_rest, *after])
    steroids = _steroid_exception(grammar, main, inside)
    if steroids is not None:
        rule = grammar.read([*main, *after])
        if rule is None or steroids == And(()):
            return rule
        return And((rule, Not(steroids))) if grammar.unwanted else Or((rule, steroids))
    other = next((t for t in main if t.concepts in OTHER_CANCER), None)
    if (
        other is not None
        and not any(t.kind is Kind.CONCEPT for t in inside)
        and any(t.is_cue(Cue.TRAIT) for t in inside)
    ):
        # "other malignancy unless disease-free for 3 years": the exception speaks of that malignancy
        inside = [replace(other, concepts=(("cond:second_malignancy",),)), *inside]
    if inside and inside[-1].kind is Kind.TIME and not any(t.kind is Kind.TIME for t in main):
        # "chemotherapy other than lymphodepletion within 14 days": the time is the rule's
        main, inside = [*main, inside[-1]], inside[:-1]
    inside, rest = _diseases_taken_away(inside) if not grammar.unwanted else (inside, [])
    rule = grammar.read([*main, *after, *rest])
    if rule is None:
        return grammar.unread(tokens)
    special = other_limit(grammar, main, inside)
    if special is not None:
        condition, limit = special
        return And((rule, Or((Not(condition), limit)))) if grammar.unwanted else Or((rule, And((condition, limit))))
    while inside and inside[0].is_cue(Cue.IF, Cue.GLUE):
        inside = inside[1:]
    exception = grammar.condition([t for t in inside if not t.is_cue(Cue.PERMIT)])
    lifted = grammar.unread(tokens[split:]) if exception is None else exception
    if any(t.concepts in OTHER_CANCER for t in main) and any(family(t) == "disease" for t in inside):
        # "another cancer, other than CD22+ leukaemia": it may be the one under study, which lifts nothing
        lifted = And((lifted, grammar.unread(inside)))
    if not grammar.unwanted and tokens[split].is_cue(Cue.EXCEPT) and _takes_away(main, rule, lifted):
        return And((rule, Not(lifted)))
    return And((rule, Not(lifted))) if grammar.unwanted else Or((rule, lifted))


def _run_on(main: Sequence[Token], inside: Sequence[Token]) -> int | None:
    """Where a limit of another quantity follows the words of an exception without anything that joins it on."""
    known = {c for t in main for g in t.concepts for c in g}
    for n in range(1, len(inside) - 1):
        token, before = inside[n], inside[n - 1]
        other = family(token) == "lab" and not any(c in known for g in token.concepts for c in g)
        loose = before.kind in (Kind.CLOSE, Kind.COMPARISON, Kind.CONCEPT)
        if other and loose and inside[n + 1].kind is Kind.COMPARISON:
            return n
    return None


def _steroid_exception(grammar: Reader, main: Sequence[Token], inside: Sequence[Token]) -> Expression | None:
    """Inhaled or applied steroids are not systemic; a replacement dose is a small one. None: another matter."""
    if not any(c in STEROIDS for t in main for g in t.concepts for c in g):
        return None
    words = " ".join(t.text.lower() for t in inside)
    if OTHER_HORMONES.search(words):
        return None
    named = {c for t in main for g in t.concepts for c in g} & STEROIDS
    if named == {"class:immunosuppressant"} and (REPLACEMENT.search(words) or LOCAL_ROUTES.match(words)):
        return And(())  # what is read as immunosuppression leaves out small doses of steroids in any case
    if REPLACEMENT.search(words):
        return replacement_dose(grammar.unread(inside))
    return And(()) if LOCAL_ROUTES.match(words) else None


def other_limit(
    grammar: Reader, main: Sequence[Token], inside: Sequence[Token]
) -> tuple[Expression, Expression] | None:
    """``(<= 5 x ULN if the liver is involved)``: under a condition, another limit for the same quantity."""
    measured = [t for t in main if t.kind is Kind.CONCEPT and family(t) == "lab"]
    limits = [n for n, t in enumerate(inside) if t.kind is Kind.COMPARISON]
    if not measured or len(limits) != 1:
        return None
    own = [t for t in inside if t.kind is Kind.CONCEPT and family(t) == "lab"]
    listed = grouped([t for t in main if t.kind is not Kind.COMPARISON])
    quantity = own or [t for t in listed if t.kind is Kind.CONCEPT and family(t) == "lab"]
    rest = [
        t
        for n, t in enumerate(inside)
        if n not in limits and t not in own and not t.is_cue(Cue.REQUIRE, Cue.IF, Cue.PERMIT)
    ]
    condition = grammar.condition(rest)
    limit = grammar.read([*quantity, inside[limits[0]]])
    return None if condition is None or limit is None else (condition, limit)


def _diseases_taken_away(inside: list[Token]) -> tuple[list[Token], list[Token]]:
    """``lymphoma, except Burkitt lymphoma, relapsed after two lines``: behind the diseases the rule goes on."""
    named = [n for n, t in enumerate(inside) if family(t) == "disease"]
    comma = next((n for n, t in enumerate(inside) if named and n > named[-1] and t.kind is Kind.COMMA), None)
    if comma is None or any(t.kind is Kind.CONCEPT and family(t) != "disease" for t in inside[:comma]):
        return inside, []
    return inside[:comma], inside[comma:]


def _takes_away(main: Sequence[Token], rule: Expression, exception: Expression) -> bool:
    """``Aggressive lymphoma (excluding Burkitt lymphoma)``: the exception is one of the diseases of the rule."""
    asked = [n for n in conjuncts(rule) if isinstance(n, Code) and n.variable == "diagnosis"]
    named = [n for n in walk(exception) if not isinstance(n, And | Or)]
    return (
        bool(asked)
        and negation_at(main) is None
        and all(isinstance(n, Code) and n.variable == "diagnosis" and not n.codes >= asked[0].codes for n in named)
    )


OTHER_CANCER = ((("cond:second_malignancy",),), (("disease:CANCER",),))


def _names_the_cancer(tokens: Sequence[Token]) -> bool:
    named = [t for t in tokens if t.kind is Kind.CONCEPT]
    loose = [t for t in tokens if t.kind is Kind.WORD or t.is_cue(Cue.JUDGEMENT, Cue.UNLESS, Cue.EXCEPT)]
    return bool(named) and not loose and all(family(t) == "disease" for t in named) and len(named) == 1


STEROIDS = frozenset({"class:corticosteroid", "class:systemic_corticosteroid", "class:immunosuppressant"})
REPLACEMENT = re.compile(r"\b(?:replacement|physiologic\w*|adrenal|substitution)\b", re.I)
OTHER_HORMONES = re.compile(r"\b(?:thyroid\w*|thyroxine|levothyroxine|insulin|hypothyroid\w*|tiroid\w*)\b", re.I)
LOCAL_ROUTES = re.compile(
    r"^\W*(?:(?:inhaled|inhalation|inhalers?|topical|topically|intranasal|nasal|local|locally|ophthalmic|ocular"
    r"|otic|eye|drops|intra-?articular|joint|injections?|sprays?|creams?|ointments?|skin|use|used|for|of|or|and"
    r"|the|applied|administered|application|cortico-?steroids?|steroids?|glucocorticoids?|hormones?|therapy"
    r"|treatment|only|via|by|route|aerosol|external|recent|recently|current|currently|with|other|than|patients|non-systemic"
    r"|intravitreal|locally|dermatolog\w+|corticosteroid|inhalational|rectal|occasional)\b\W*)+$",
    re.I,
)


def replacement_dose(doubt: Opaque) -> Expression:
    """A dose above 10 mg of prednisone a day replaces nothing (rules of the field: 5 to 10 mg); a smaller one may."""
    return And((Number("steroid_dose", Operator.AT_MOST, 10 * SCALE), doubt))
