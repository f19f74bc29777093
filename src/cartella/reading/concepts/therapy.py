"""Earlier and present treatment: drugs, classes, regimens, procedures; antigens that a therapy is directed at."""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, Not, Operator, Or, Presence
from cartella.reading.clause import Clause, disjunction, kind_of
from cartella.reading.concepts import steroids
from cartella.reading.concepts.presence import events
from cartella.reading.cues import Cue
from cartella.reading.phrases import family
from cartella.reading.tokens import Kind, Token

CARRIED = frozenset(
    """therapy therapies treatment treatments agent agents inhibitor inhibitors prior previous completed completion
    last most within dose doses systemic administered administration regimen discontinued medication medications
    drug drugs containing based including concurrent concomitant any type kind first second cell cells product
    products infusion infused given other washout received receipt recipient achieved supported support independent
    stopped discontinued ceased withheld off tapered elapsed passed washed wash-out out before start started upfront
    up-front standard routine conventional course courses cycle completing finished finishing ended end received
    receives receiving undergone undergo performed home abroad therapeutic duration interval minimum""".split()
)
FAILED = frozenset({"state:refractory", "state:progressive", "state:relapsed", "state:relapsed_or_refractory"})


def read(clause: Clause) -> list[Expression]:
    """Each therapy named in the clause, with its time and with failure on it where the text says so."""
    result: list[Expression] = []
    directed = _directed_at(clause)
    if directed is not None:
        result.append(directed)
    for n, token in clause.concepts("drug", "class", "regimen"):
        if n in clause.used:
            continue
        if _is_general(clause, token):
            clause.claim(n)
            continue
        dose = steroids.dose(clause, token, n)
        if dose is not None:
            result.append(dose)
            continue
        result.append(events(clause, token, n, _failure(clause, n)))
        clause.claim(n, *_number_of(clause, n))
        if not clause.unwanted and FAILURE.search(clause.words()) and {c for g in token.concepts for c in g} <= WHOLE:
            # "has failed standard therapy": treated, and the disease is there again or still
            states = ("state:progressive", "state:relapsed", "state:refractory")
            result.append(Or(tuple(Presence(state, span=clause.span(n)) for state in states)))
            clause.claim_words({"failed", "failing", "failure", "standard", "established", "conventional", "least"})
    if not result:
        result += _any_treatment(clause)
    if result:
        clause.claim_words(CARRIED)
        for n, token in enumerate(clause.tokens):
            if token.is_cue(Cue.OTHER):
                clause.claim(n)
            if token.is_cue(Cue.JUDGEMENT) and token.text.lower() == "use of":
                clause.claim(n)
    return result


FAILING = frozenset({"failed", "failing", "failure", "failure of", "failure to", "failure on"})
FAILURE = re.compile(r"\b(?:failed|failing|failure\s+(?:of|to|on))\b", re.I)
WHOLE = frozenset(
    {"class:systemic_therapy", "class:treatment", "class:medication", "class:anticancer_agent", "class:chemotherapy"}
)
BARE = re.compile(
    r"\b(?:receipt|received|receiving|prior|previous|last|any)\b[\w\s-]{0,20}\b(?:therap(?:y|ies)|treatments?)\b"
    r"|^\W*(?:therapy|treatment)\b",
    re.I,
)


TREATMENT_FOR = re.compile(
    r"\b(?:\w*therap(?:y|ies)|treatments?|treated|transplant\w*|surgery|regimens?|drugs?|medications?)\s+(?:for|of|against)"
    r"\s+(?:(?:their|the|his|her|any|active|newly|diagnosed|relapsed|refractory)\s+)*$",
    re.I,
)


def _number_of(clause: Clause, position: int) -> list[int]:
    """``at least one prior targeted therapy``, ``one proteasome inhibitor``: that it was given says it."""
    before = position - 1
    while before >= 0 and (
        clause.tokens[before].is_cue(Cue.HISTORY, Cue.GLUE) or clause.tokens[before].text.lower() in KIND_OF
    ):
        before -= 1
    if before < 0 or clause.unwanted:
        return []
    token = clause.tokens[before]
    limit = token.comparison
    once = limit is not None and limit.value == 1 and limit.operator is Operator.AT_LEAST and limit.high is None
    word = token.kind is Kind.WORD and token.text.lower() in {"one", "1", "a"}
    return [before] if (once and not (limit and limit.unit)) or word else []


KIND_OF = frozenset("previous prior standard systemic approved other established".split())


def _any_treatment(clause: Clause) -> list[Expression]:
    """``Receipt of therapy within 2 weeks``, ``prior treatment for AML``: any treatment of the cancer.

    Whose treatment it is stays for the reader of diseases: by itself the disease excludes nobody.
    """
    named = [t for t in clause.tokens if t.kind is Kind.CONCEPT]
    if named:
        before = clause.plain.text[clause.tokens[0].start : named[0].start].replace("\n", " ")
        if not clause.unwanted or family(named[0]) != "disease" or not TREATMENT_FOR.search(before):
            return []
    elif not clause.of_kind(Kind.TIME):
        return []
    if not BARE.search(clause.words()):
        return []
    treatment = Token(
        Kind.CONCEPT, clause.tokens[0].start, clause.tokens[0].end, "", concepts=(("class:anticancer_agent",),)
    )
    return [events(clause, treatment, 0)]


def _is_general(clause: Clause, token: Token) -> bool:
    """A word for any treatment beside the name of one says nothing more."""
    mine = {c for group in token.concepts for c in group}
    others = [
        t
        for t in clause.tokens
        if t is not token and any(c.startswith(("drug:", "class:", "regimen:")) for g in t.concepts for c in g)
    ]
    return mine <= GENERAL and any(not {c for g in t.concepts for c in g} <= GENERAL for t in others)


GENERAL = frozenset({"class:systemic_therapy", "class:treatment", "class:medication"})


def _failure(clause: Clause, position: int) -> frozenset[str]:
    """``refractory to lenalidomide``: the state stands before the drug with "to" or "on" between them."""
    between: list[Token] = []
    for n in range(position - 1, -1, -1):
        token = clause.tokens[n]
        if not clause.unwanted and token.is_cue(Cue.RESTRICT) and token.text.lower() == "refractory to":
            clause.claim(n)
            return frozenset({"refractory"})
        if not clause.unwanted and token.is_cue(Cue.RESTRICT) and token.text.lower() in FAILING:
            named = {c for group in clause.tokens[position].concepts for c in group}
            if named <= WHOLE or any(t.is_cue(Cue.NOT_BEFORE) for t in between):
                return frozenset()
            clause.claim(n)
            return frozenset({"progressed"})
        if token.is_cue(Cue.STATE) and token.name in FAILED:
            words = " ".join(t.text.lower() for t in between)
            if re.search(r"\b(?:to|on|a)\b", words) and n not in clause.used:
                clause.claim(n)
                return frozenset({"refractory"}) if token.name == "state:refractory" else frozenset({"progressed"})
            return frozenset()
        between.append(token)
    return frozenset()


def _directed_at(clause: Clause) -> Expression | None:
    """``CD19-directed therapy``, ``antibodies against BCMA``: any therapy directed at that antigen."""
    house = knowledge()
    for n, token in clause.concepts("antigen"):
        before = clause.plain.text[max(0, token.start - 24) : token.start]
        after = clause.plain.text[token.end : token.end + 40]
        behind = AIMED_AT.search(before) and TREATMENT.search(clause.words())
        if not (ANTI.search(before) or behind or DIRECTED.match(after)):
            continue
        targets = [f"class:directed_at:{c.partition(':')[2]}" for group in token.concepts for c in group]
        if not all(t in house.concepts for t in targets):
            continue
        narrower: list[tuple[int, Token]] = clause.concepts("drug", "class", "regimen")
        clause.claim(n, *(m for m, _ in narrower))
        clause.claim_words(AIMING)
        one = events(clause, replace(token, concepts=tuple((t,) for t in targets)), n)
        kinds = {c for _, t in narrower for group in t.concepts for c in group if kind_of(c) == "class"}
        exact = [t for _, t in narrower if {c for g in t.concepts for c in g} & (kinds - ANY_KIND)]
        if not exact or isinstance(one, Not):
            return one
        # "CD19-directed CAR-T": narrower than anything directed at CD19, so only its absence is certain
        return And((one, disjunction([events(clause, t, n) for t in exact])))
    return None


ANTI = re.compile(r"anti[- ]?$", re.I)
AIMED_AT = re.compile(
    r"\b(?:against|targeting|directed\s+(?:at|against|to|towards?)|targeted\s+(?:at|against|to)|specific\s+(?:for|to))\s+(?:the\s+)?$",
    re.I,
)
DIRECTED = re.compile(
    r"[- /]*(?:directed|targeted|targeting|specific|target(?!s? expression)|antibod(?:y|ies)|mAbs?)\b", re.I
)
TREATMENT = re.compile(
    r"\b(?:therap\w+|treat\w*|agents?|drugs?|antibod\w+|cells?|inhibitors?|vaccin\w+|CAR\w*|products?|conjugates?"
    r"|bispecifics?)\b",
    re.I,
)
AIMING = frozenset(
    """anti directed targeted targeting specific target - against at to towards toward antibody antibodies mab mabs
    drug drugs agent agents""".split()
)
ANY_KIND = frozenset(
    {
        "class:systemic_therapy",
        "class:anticancer_agent",
        "class:treatment",
        "class:immunotherapy",
        "class:medication",
        "class:targeted_therapy",
    }
)
