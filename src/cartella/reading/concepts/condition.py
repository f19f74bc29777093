"""Other illnesses, events, infections, pregnancy: what the patient has besides the cancer."""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import And, Code, Expression, Not, Opaque, Or, Period, PeriodUnit, Presence, Span, Unread, Window
from cartella.reading.clause import Clause, disjunction
from cartella.reading.concepts import severity
from cartella.reading.concepts.presence import events, traits_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

EVER = {
    "cond:hepatitis_b": "cond:hepatitis_b_exposure",
    "cond:hepatitis_c": "cond:hepatitis_c_exposure",
}
PAST = re.compile(r"\b(?:history|prior|previous|past|storia|pregress)", re.I)
DETECTED = frozenset(
    """lab:hbsag lab:anti_hbc lab:hbv_dna lab:anti_hcv lab:hcv_rna lab:hiv_agab lab:hiv_rna lab:htlv_ab
    lab:syphilis_serology lab:cmv_dna lab:ebv_dna lab:sars_cov2_pcr lab:igra lab:coombs""".split()
)
WHOLE_KINDS = frozenset({"cond:infection", "cond:infection_active", "cond:infection_viral"})
OTHER_CNS = re.compile(r"(?:cns|central nervous system)\s+(?:disease|disorder|patholog)", re.I)
PREGNANCY = frozenset({"lab:hcg_serum", "lab:hcg_urine"})
CARRIED = frozenset(
    """infection infections disease diseases disorder disorders syndrome known history positive positivity virus viral
    antibody antibodies antigen serology serologic status test tests testing human women woman females female
    documented evidence presence current currently patients any type confirmed by rna dna pcr polymerase chain
    reaction nucleic acid amplification quantitative qualitative surface core symptoms viruses seropositive results
    titer load blood peripheral other""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Each condition named in the clause; ``negative`` after it denies it."""
    result: list[Expression] = []
    denied = [n for n, _ in clause.cues(Cue.NOT_AFTER)]
    denied += [n for n, t in clause.cues(Cue.NOT_BEFORE) if t.text.lower() == "negative"]
    for n, token in clause.concepts("cond"):
        if any("cond:measurable_disease" in group for group in token.concepts):
            continue  # a state of the cancer
        if OTHER_CNS.match(token.text) and any(t.is_cue(Cue.OTHER) for t in clause.tokens[:n]):
            # "epilepsy or other CNS diseases": not those of the cancer; which of the others is not told
            nerves = Presence("cond:neuro_disorder", traits_of(clause), span=clause.span(n))
            result.append(And((nerves, Opaque(Unread.NOT_UNDERSTOOD, clause.span(n)))))
            clause.claim(n)
            continue
        if _is_generic(clause, token):
            clause.claim(n)
            continue
        active = frozenset({"active"}) if _is_active_cns(token) else frozenset[str]()
        active |= severity.traits(clause, n)
        kind = _only_germ(token)
        expression = _suppressed(events(clause, _meant(clause, token, ever=_ever(clause, n)), n, active))
        if kind is not None:
            expression = And((expression, Presence(kind, span=clause.span(n))))
        clause.claim(n)
        result.append(Not(expression) if any(d > n for d in denied) else expression)
    for n, token in clause.concepts("lab"):
        tests = list(dict.fromkeys(c for group in token.concepts for c in group))
        if not set(tests) <= DETECTED | PREGNANCY or any(t.kind is Kind.COMPARISON for t in clause.tokens):
            continue
        if not clause.cues(Cue.POSITIVE) and not denied and not clause.negated:
            continue
        found = disjunction([_detected(test, clause.span(n)) for test in tests])
        clause.claim(n)
        result.append(Not(found) if any(d > n for d in denied) or _finds_nothing(clause, n) else found)
    if result:
        clause.claim(*denied)
        clause.claim_words(CARRIED)
        for n, token in enumerate(clause.tokens):
            if token.is_cue(Cue.POSITIVE) or (token.kind is Kind.CUE and token.is_cue(Cue.OTHER)):
                clause.claim(n)
    return result


def _finds_nothing(clause: Clause, at: int) -> bool:
    """``on treatment with an undetectable viral load``: the word stands at the load itself."""
    before = clause.tokens[at - 1] if at else None
    return (
        before is not None
        and before.is_cue(Cue.NOT_AFTER)
        and before.text.lower().startswith(("undetect", "not detect"))
    )


GERMS = {
    "viral": "cond:infection_viral",
    "virus": "cond:infection_viral",
    "bacterial": "cond:infection_bacterial",
    "fungal": "cond:infection_fungal",
}


def _only_germ(token: Token) -> str | None:
    """``severe viral infection``: the kind of the one germ that is named; None for several, or for any."""
    if not any(c in WHOLE_KINDS for group in token.concepts for c in group):
        return None
    named = {GERMS[word] for word in re.findall(r"viral|virus|bacterial|fungal", token.text.lower())}
    others = re.search(r"\bother|mycobact|parasit|opportun|protoz|\bmyco", token.text, re.I)
    return named.pop() if len(named) == 1 and not others else None


IMMUNE = ("cond:autoimmune_disease", "cond:gvhd")
SUPPRESSANTS = ("class:immunosuppressant", "class:systemic_corticosteroid")


def _suppressed(expression: Expression) -> Expression:
    """An immune disease that needs systemic treatment is one for which an immunosuppressant or a steroid is taken.

    Said of the medicines as well, since a complete list of them settles the matter where the illnesses are not known.
    """
    match expression:
        case Presence(concept=concept, traits=traits, window=window, span=span) if "systemic_treatment" in traits:
            above = knowledge().ancestors(concept)
            if not any(wide in above for wide in IMMUNE):
                return expression
            when = window or Window(at_most=Period(0, PeriodUnit.DAY))
            taken = [Presence(c, frozenset(), when, "medication", span) for c in SUPPRESSANTS]
            return And((expression, Or(tuple(taken))))
        case And(items=items) | Or(items=items):
            return replace(expression, items=tuple(_suppressed(item) for item in items))
        case _:
            return expression


def _meant(clause: Clause, token: Token, *, ever: bool) -> Token:
    """An infection without a name is one that goes on; a history of hepatitis is one that is over as well."""
    if _is_active_cns(token):
        return replace(token, concepts=(("cond:cns_involvement",),))
    if token.concepts == (("cond:cns_history",),) and clause.excluding:
        return replace(token, concepts=(("cond:cns_involvement",), ("cond:cns_history",)), join="or")
    concepts = tuple(
        tuple("cond:infection_active" if c in WHOLE_KINDS else EVER.get(c, c) if ever else c for c in g)
        for g in token.concepts
    )
    return replace(token, concepts=concepts)


def _ever(clause: Clause, position: int) -> bool:
    """Whether a word of the past stands before the illness, and no word of the present with it."""
    before = clause.tokens[:position]
    past = any(t.is_cue(Cue.HISTORY) and PAST.search(t.text) for t in before)
    return past and not any(t.is_cue(Cue.TRAIT) for t in before)


def _is_active_cns(token: Token) -> bool:
    """Active disease of the nervous system: involvement of any kind, stated to be active."""
    return token.concepts == (("cond:cns_active",),)


def _is_generic(clause: Clause, token: Token) -> bool:
    """``HIV infection``: a word for the whole kind beside the name of one of its members says nothing more."""
    house = knowledge()
    mine = {c for group in token.concepts for c in group}
    if not mine <= WHOLE_KINDS:
        return False
    for other in clause.tokens:
        if other is token or other.kind is not Kind.CONCEPT:
            continue
        for concept in (c for group in other.concepts for c in group):
            if concept in DETECTED and mine <= WHOLE_KINDS:
                return True
            if concept not in house.concepts:
                continue
            if concept not in mine and mine & house.ancestors(concept):
                return True
            if "cond:infection" in house.ancestors(concept) and mine <= WHOLE_KINDS:
                return True
    return False


def _detected(test: str, span: Span) -> Expression:
    """A test that finds what it looks for; for pregnancy, the pregnancy itself."""
    if test in PREGNANCY:
        return Presence("cond:pregnancy", span=span)
    return Code(f"{test}.detected", frozenset({"yes"}), span)
