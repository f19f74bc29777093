"""The cancer itself: which it is, in which state, at which stage; and other cancers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from itertools import product

from cartella.knowledge import OTHER, knowledge
from cartella.logic import SCALE, Code, Expression, If, Number, Opaque, Operator, Or, Presence, Span, Unread
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading
from cartella.reading.concepts.presence import one_event, time_of
from cartella.reading.cues import Cue
from cartella.reading.passing import KINDS
from cartella.reading.relapses import RELAPSES
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
    established clinical radiographic radiologic line lines unequivocal unequivocally clearly classic specifically
    remaining treated previously""".split()
)
ON_LOOKING = frozenset(
    """one 1 a lesion lesions site sites screening evaluation evaluations baseline scans scan stably assessed evaluated
    cross-sectional conventional routine target parameter version v 1.1""".split()
)
"""Words beside measurable disease that say only how it is looked at."""
SIZE = frozenset("""diameter longest largest greatest dimension axis long short size measuring its least""".split())
BESIDE = frozenset({"disease:MDS", "disease:RT", "disease:MIDDA", "disease:POEMS", "disease:PCL"})
"""Diseases that stand beside the diagnosis of record as often as in its place."""


FOR = re.compile(
    r"\b(?:for|in)\s+(?:the\s+|all\s+)?(?:(?:patients?|subjects?|participants?|those|cases)\s+(?:with|who\s+have)\s+)?$",
    re.I,
)


def read(clause: Clause) -> list[Expression]:
    """Diagnosis, state and stage named in the clause."""
    result: list[Expression] = []
    concerned: list[Expression] = []
    other = clause.cues(Cue.OTHER)
    for n, token in clause.concepts("disease"):
        span = clause.span(n)
        names = [c for group in token.concepts for c in group]
        if clause.unwanted and any(_is_its_spread(t) for t in clause.tokens):
            clause.claim(n)  # "CNS involvement by lymphoma": whose spread it is
            continue
        if re.search(r"\bnon[- ]$", _before(clause, token), re.I):
            result.append(Opaque(Unread.NOT_UNDERSTOOD, span))  # "non-triple negative breast cancer"
            clause.claim(n)
            continue
        if (not clause.unwanted and _only_tells_whose(clause, token)) or THERAPY_OF_IT.match(
            clause.plain.text, token.end
        ):
            clause.claim(n)
            continue
        if not clause.unwanted and _is_about_measuring(clause) and FOR.search(_before(clause, token)):
            concerned.append(_named(clause, token, span))
            clause.claim(n)
            continue
        if clause.excluding and (names == ["disease:CANCER"] or any(m < n for m, _ in other)):
            # whoever comes has a cancer: what excludes is another one
            # "another malignancy": whichever it is, it is not the one under study
            result.append(one_event(clause, "cond:second_malignancy", _traits(clause), time_of(clause, n), n))
            clause.claim(*(m for m, _ in other))
        else:
            one = _named(clause, _graded(clause, n, token), span)
            result.append(one if token.name != KINDS else Or((one, Opaque(Unread.NOT_UNDERSTOOD, span))))
        clause.claim(n)
    result += _stage(clause)
    result += _states(clause)
    result += _size_of_the_tumour(clause)
    if result or concerned:
        clause.claim_words(CARRIED)
        if not clause.unwanted and not clause.concepts("cond"):
            # "active myeloma", "measurable, active disease": that it is there
            clause.claim(*(n for n, t in clause.cues(Cue.TRAIT) if t.name == "active"))
    if concerned:
        # "measurable disease for those with lymphoma": asked of them; a yardstick alone asks for nothing
        return [If(disjunction(concerned), conjunction(result))] if result else []
    return result


def _before(clause: Clause, token: Token) -> str:
    return clause.plain.text[max(0, token.start - 60) : token.start]


def _is_about_measuring(clause: Clause) -> bool:
    return any(
        t.name in MEASURED or t.text.lower() in ("criteria", "recist") or ("cond:measurable_disease",) in t.concepts
        for t in clause.tokens
    )


MEASURED = ("state:measurable", "state:evaluable", "state:fdg_avid")


def _is_its_spread(token: Token) -> bool:
    return any(c.startswith(("cond:cns", "cond:brain_met", "cond:leptomen")) for g in token.concepts for c in g)


OF_THE_DISEASE = re.compile(
    r"[\s/-]*(?:\+|positive\s+)?(?:cells?|blasts?|lesions?|burden|involvement|tissues?|samples?|specimens?|nodules?"
    r"|infiltrat\w+|staging|criteria|protocols?|response|evaluation|assessment|(?:international\s+)?(?:working|work-?shop"
    r"|foundation|society|network|consortium|group|institute|cent(?:er|re))|(?:(?:is|are)\s+)defined)\b",
    re.I,
)
THERAPY_OF_IT = re.compile(
    r"[\s-]*(?:directed|targeted|specific|related|associated|therap(?:y|ies)|treatments?|regimens?)\b", re.I
)
"""``anti-myeloma therapy``, ``lymphoma-directed``: whose therapy it is, wherever it stands."""


THERAPY_FOR = re.compile(
    r"\b(?:therap\w+|treatments?|chemotherapy|radiotherapy|regimens?|surgery|drugs?|agents?|medications?)\s+(?:for|of"
    r"|against)\s+(?:(?:the|their|prior|previous|metastatic|recurrent|advanced)\s+)*$",
    re.I,
)


def _only_tells_whose(clause: Clause, token: Token) -> bool:
    """``30 % of lymphoma cells``, ``a lymphoma lesion``, ``anti-myeloma regimen``: the cancer that everybody has."""
    text = clause.plain.text
    before = text[max(0, token.start - 6) : token.start].lower()
    if OF_THE_DISEASE.match(text, token.end) or before.endswith(("anti-", "anti ", "anti")):
        return True
    return any(t.kind is Kind.TIME for t in clause.tokens) and bool(THERAPY_FOR.search(_before(clause, token)))


def _traits(clause: Clause) -> frozenset[str]:
    found = frozenset(t.name for t in clause.tokens if t.is_cue(Cue.TRAIT) and t.name == "active")
    clause.claim(*(n for n, t in enumerate(clause.tokens) if t.is_cue(Cue.TRAIT) and t.name == "active"))
    return found


GRADES = re.compile(r"\(?\s*grades?\s+(?P<levels>.+)", re.I)
LOW_GRADES, HIGH_GRADE = frozenset({"1", "2", "3a", "i", "ii", "iiia"}), frozenset({"3b", "iiib"})


def _graded(clause: Clause, at: int, token: Token) -> Token:
    """``FL (grade 1, 2 or 3A)``: the follicular lymphoma of these grades (WHO 2016)."""
    following = next((n for n in range(at + 1, len(clause.tokens)) if clause.tokens[n].kind is not Kind.OPEN), None)
    if following is None or token.concepts != (("disease:FL",),):
        return token
    match = GRADES.match(clause.tokens[following].text)
    levels = re.findall(r"[1-3][ab]?|i{1,3}[ab]?", match["levels"].lower()) if match else []
    if not levels or not LOW_GRADES.union(HIGH_GRADE, {"3", "iii"}).issuperset(levels):
        return token
    clause.claim(following)
    if LOW_GRADES.issuperset(levels):
        return replace(token, concepts=(("disease:FL13A",),))
    return replace(token, concepts=(("disease:FL3B",),)) if HIGH_GRADE.issuperset(levels) else token


def _named(clause: Clause, token: Token, span: Span) -> Expression:
    """The diseases of a token; a name of several meanings is settled only where all of them agree."""
    if any(OTHER in group for group in token.concepts):
        return Opaque(Unread.NOT_UNDERSTOOD, span)
    certain = [group[0] for group in token.concepts if len(group) == 1]
    widest = _diagnosis(clause, [c for group in token.concepts for c in group], span)
    if len(certain) == len(token.concepts):
        return widest
    choices = product(*(group for group in token.concepts if len(group) > 1))
    ways = [_diagnosis(clause, [*certain, *choice], span) for choice in choices]
    return reduce(lambda one, other: either_reading(one, other, span), ways)


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
    if any(clause.tokens[n].kind is Kind.CONCEPT or n in clause.used for n in at):
        return []
    clause.claim(*at)
    clause.claim_words({"figo", "ajcc", "ann arbor", "ann", "arbor", "tnm", "uicc", "who"})
    return [Code("stage", frozenset(codes), clause.span(*at))]


def _states(clause: Clause) -> list[Expression]:
    result: list[Expression] = []
    if any("cond:second_malignancy" in group for t in clause.tokens for group in t.concepts):
        return []  # the state of another cancer
    for n, token in clause.cues(Cue.STATE):
        if _is_of_another(clause, n):
            continue  # "progression of brain metastases" is not that of the cancer
        clause.claim(n)
        if token.name in MEASURED:
            result += _lesion(clause)
        result.append(_state(clause, token, n))
    if not clause.unwanted and not clause.concepts("cond"):
        for n, token in clause.cues(Cue.RESTRICT):
            if token.text.lower() == "refractory to":
                clause.claim(n)
                result.append(_one_state(clause, "state:refractory", n))
    for n, token in clause.concepts("cond"):
        if any(c == "cond:measurable_disease" for group in token.concepts for c in group):
            clause.claim(n)
            result += _lesion(clause)
            result.append(Presence("state:measurable", span=clause.span(n)))
    if len(result) > 1 and not clause.unwanted:
        return [conjunction(list(dict.fromkeys(result)))]
    return list(dict.fromkeys(result))


def _is_of_another(clause: Clause, at: int) -> bool:
    """Whether "of" and an illness of its own follow a state."""
    following = clause.tokens[at + 1 : at + 3]
    if len(following) < 2 or following[0].text.lower() != "of" or not following[1].concepts:
        return False
    return all(c.startswith("cond:") and c != "cond:measurable_disease" for g in following[1].concepts for c in g)


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
    clause.claim_words(ON_LOOKING)
    return sizes


TUMOUR_SIZE = re.compile(
    r"\b(?:tumou?r|lesion|mass|nodule)s?\b[^.;]{0,30}\b(?:size|diameter|dimension|axis)|\b(?:size|diameter)\b[^.;]{0,30}"
    r"\b(?:tumou?r|lesion|mass|nodule)s?\b",
    re.I,
)


def _size_of_the_tumour(clause: Clause) -> list[Expression]:
    """``tumour size above 10 cm``: the longest diameter of the largest lesion."""
    if not TUMOUR_SIZE.search(clause.words()):
        return []
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        if comparison is None or comparison.high is not None or comparison.unit not in {"cm", "mm"}:
            continue
        bound = knowledge().analytes["lab:lesion_ld"].canonical(comparison.value, comparison.unit)
        if bound is not None:
            clause.claim(n)
            clause.claim_words(
                SIZE | {"tumor", "tumour", "lesion", "lesions", "maximum", "maximal", "max", "of", "single"}
            )
            return [Number("lab:lesion_ld", comparison.operator, bound, clause.span(n))]
    return []


def _state(clause: Clause, token: Token, at: int) -> Expression:
    if "|" in token.name:
        named = [_one_state(clause, name, at) for name in dict.fromkeys(token.name.split("|"))]
        if token.join == "and" and not clause.unwanted:
            return conjunction(named)
        return disjunction(named)
    return _one_state(clause, token.name, at)


def _one_state(clause: Clause, name: str, at: int) -> Expression:
    span = clause.span(at)
    if name.startswith(RELAPSES):
        return _relapse(name, span)
    if name == "state:relapsed_or_refractory":
        return disjunction(
            [Presence(s, span=span) for s in ("state:relapsed", "state:refractory", "state:progressive")]
        )
    if name == "state:advanced":
        return disjunction(
            [Presence(s, span=span) for s in ("state:metastatic", "state:locally_advanced", "state:unresectable")]
        )
    return Presence(name, span=span)


def _relapse(name: str, span: Span) -> Expression:
    """The number of relapses and where the cancer came back, as the token says it: ``relapses:>=:2:marrow``."""
    _, operator, number, place = name.split(":")
    relapsed: Expression = Presence("state:relapsed", span=span)
    if (operator, number) != (">=", "1"):
        relapsed = Number("relapses", Operator(operator), int(number) * SCALE, span)
    return conjunction([relapsed, Presence("site:bone_marrow", span=span)]) if place else relapsed
