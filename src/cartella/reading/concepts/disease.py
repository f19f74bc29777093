"""The cancer itself: which it is, in which state, at which stage; and other cancers."""

from __future__ import annotations

import re

from cartella.knowledge import OTHER, knowledge
from cartella.logic import Code, Expression, Number, Opaque, Operator, Or, Presence, Span, Unread
from cartella.reading.clause import Clause, conjunction, disjunction
from cartella.reading.concepts.presence import one_event, time_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

_STAGE = r"(?:i{1,3}v?|iv|[1-4])(?:[abc]\d?)?(?![a-z\d.])"
STAGE = re.compile(
    rf"\b(?:stages?|stadio)\s+(?P<listed>{_STAGE}(?:\s*(?:,|/|-|to|or|and|and/or|o)+\s*(?:or\s+)?(?:stages?\s+"
    rf"|stadio\s+)?{_STAGE})*)"
    r"(?P<more>\s+(?:or|and)\s+(?:higher|greater|above|more\s+advanced))?",
    re.I,
)
ROMAN = {"i": "I", "ii": "II", "iii": "III", "iv": "IV", "1": "I", "2": "II", "3": "III", "4": "IV"}
CARRIED = frozenset(
    """disease cancer tumor tumour tumors tumours malignancy malignancies malignant neoplasm neoplasms histologically
    histologic confirmed diagnosed diagnosis diagnoses histology who 2008 2016 2017 2022 classification
    subtype subtypes type types including b-cell b t-cell cell cells lymphoid nos specified otherwise
    according criteria standard following aggressive patients pathologically cytologically documented
    metastases metastasis lesion lesions one tissue solid measurable definite definitive last latest clear
    established clinical radiographic radiologic""".split()
)
SIZE = frozenset("""diameter longest largest greatest dimension axis long short size measuring its least""".split())
BESIDE = frozenset({"disease:MDS", "disease:RT", "disease:MIDDA", "disease:POEMS", "disease:PCL"})
"""Diseases that stand beside the diagnosis of record as often as in its place."""


def read(clause: Clause) -> list[Expression]:
    """Diagnosis, state and stage named in the clause."""
    result: list[Expression] = []
    other = clause.cues(Cue.OTHER)
    for n, token in clause.concepts("disease"):
        span = clause.span(n)
        names = [c for group in token.concepts for c in group]
        if clause.unwanted and any(_is_its_spread(t) for t in clause.tokens):
            clause.claim(n)  # "CNS involvement by lymphoma": whose spread it is
            continue
        if clause.excluding and (names == ["disease:CANCER"] or any(m < n for m, _ in other)):
            # whoever comes has a cancer: what excludes is another one
            # "another malignancy": whichever it is, it is not the one under study
            result.append(one_event(clause, "cond:second_malignancy", _traits(clause), time_of(clause, n), n))
            clause.claim(*(m for m, _ in other))
        else:
            certain = all(OTHER not in group and len(group) == 1 for group in token.concepts)
            result.append(_diagnosis(clause, names, span) if certain else Opaque(Unread.NOT_UNDERSTOOD, span))
        clause.claim(n)
    result += _stage(clause)
    result += _states(clause)
    if result:
        clause.claim_words(CARRIED)
    return result


def _is_its_spread(token: Token) -> bool:
    return any(c.startswith(("cond:cns", "cond:brain_met", "cond:leptomen")) for g in token.concepts for c in g)


def _traits(clause: Clause) -> frozenset[str]:
    found = frozenset(t.name for t in clause.tokens if t.is_cue(Cue.TRAIT) and t.name == "active")
    clause.claim(*(n for n, t in enumerate(clause.tokens) if t.is_cue(Cue.TRAIT) and t.name == "active"))
    return found


def _diagnosis(clause: Clause, names: list[str], span: Span) -> Expression:
    codes = frozenset().union(*(knowledge().descendants(name) for name in names))
    diagnosis = Code("diagnosis", codes, span)
    history = any(t.is_cue(Cue.HISTORY) for t in clause.tokens)
    if not clause.unwanted or not (history or BESIDE.intersection(names)):
        return diagnosis
    # "history of lymphoma": the cancer under study, or another that the patient had
    earlier = [
        Presence("cond:second_malignancy" if n == "disease:CANCER" else n, span=span) for n in dict.fromkeys(names)
    ]
    return Or((diagnosis, *earlier))


def _stage(clause: Clause) -> list[Expression]:
    match = STAGE.search(clause.words())
    if match is None:
        return []
    listed = re.sub(r"stages?|stadio", " ", match.group("listed").lower())
    named = re.findall(r"\b(iv|i{1,3}|[1-4])", listed)
    codes = [ROMAN[name] for name in named]
    order = ["I", "II", "III", "IV"]
    if match.group("more"):
        codes = order[order.index(codes[0]) :]
    elif re.search(r"-|to", listed) and len(codes) == 2:
        codes = order[order.index(codes[0]) : order.index(codes[1]) + 1]
    start = clause.tokens[0].start
    at = [n for n, t in enumerate(clause.tokens) if t.start - start < match.end() and t.end - start > match.start()]
    if any(clause.tokens[n].kind is Kind.CONCEPT for n in at):
        return []
    clause.claim(*at)
    clause.claim_words({"figo", "ajcc", "ann arbor", "ann", "arbor", "tnm", "uicc", "who"})
    return [Code("stage", frozenset(codes), clause.span(*at))]


def _states(clause: Clause) -> list[Expression]:
    result: list[Expression] = []
    if any("cond:second_malignancy" in group for t in clause.tokens for group in t.concepts):
        return []  # the state of another cancer
    for n, token in clause.cues(Cue.STATE):
        clause.claim(n)
        if token.name == "state:measurable":
            result += _lesion(clause)
        result.append(_state(clause, token, n))
    for n, token in clause.concepts("cond"):
        if any(c == "cond:measurable_disease" for group in token.concepts for c in group):
            clause.claim(n)
            result += _lesion(clause)
            result.append(Presence("state:measurable", span=clause.span(n)))
    if len(result) > 1 and not clause.unwanted:
        return [conjunction(list(dict.fromkeys(result)))]
    return list(dict.fromkeys(result))


def _lesion(clause: Clause) -> list[Expression]:
    """ "At least one measurable lesion" says no more than "measurable"; a size is that of the lesion."""
    sizes: list[Expression] = []
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        if comparison is None or comparison.high is not None:
            continue
        if comparison.value == 1 and comparison.unit is None:
            clause.claim(n)
        elif comparison.unit in {"cm", "mm"} and comparison.operator in (Operator.AT_LEAST, Operator.GREATER):
            quantity = "lab:lesion_short_axis" if "short" in clause.words() else "lab:lesion_ld"
            bound = knowledge().analytes[quantity].canonical(comparison.value, comparison.unit)
            if bound is not None and "long" not in clause.words().replace("longest", "").replace("long axis", ""):
                clause.claim(n)
                clause.claim_words(SIZE)
                sizes.append(Number(quantity, comparison.operator, bound, clause.span(n)))
    clause.claim_words({"one", "1", "a", "lesion", "lesions", "site", "sites"})
    return sizes


def _state(clause: Clause, token: Token, at: int) -> Expression:
    if "|" in token.name:
        named = [_one_state(clause, name, at) for name in dict.fromkeys(token.name.split("|"))]
        if token.join == "and" and not clause.unwanted:
            return conjunction(named)
        return disjunction(named)
    return _one_state(clause, token.name, at)


def _one_state(clause: Clause, name: str, at: int) -> Expression:
    span = clause.span(at)
    if name == "state:relapsed_or_refractory":
        return disjunction(
            [Presence(s, span=span) for s in ("state:relapsed", "state:refractory", "state:progressive")]
        )
    if name == "state:advanced":
        return disjunction(
            [Presence(s, span=span) for s in ("state:metastatic", "state:locally_advanced", "state:unresectable")]
        )
    return Presence(name, span=span)
