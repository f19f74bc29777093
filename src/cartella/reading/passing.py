"""What a text says only in passing: asides, examples, methods, organ headings, things one is allergic to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.reading.clause import kind_of
from cartella.reading.cues import Cue
from cartella.reading.phrases import family
from cartella.reading.roles import COUNTING, EXPLAINING_SENTENCE
from cartella.reading.tokens import Kind, Token

CONFIRMED_THERE = re.compile(
    r"\b(?:central|sponsor|nci|laboratory\s+of|reference|study\s+team|designated|clia"
    r"|by\s+(?:an?\s+|the\s+)?(?-i:[A-Z]{3,})\s+patholog\w+|institution(?:al)?\s+patholog\w+|patholog\w+\s+(?:review|department))\b",
    re.I,
)
OF_PEOPLE = re.compile(
    r"(?:patients?|subjects?|participants?|those)\s+(?:who|with|that|which|are|having|may|will|do)\b", re.I
)
ALLOWS = re.compile(
    r"(?:may|can|could)\s+be\s+(?:\w+\s+){0,2}(?:transfused|supported|given|used|met)|(?:[\w<>=%.,/-]+\s+){0,3}prefer(?:red|ably)$|allow(?:ed|ing|s)?\b(?!\s+to\s+be)|permitt(?:ed|ing)\b|(?:transfusion"
    r"|support)s?\s+(?:is\s+|are\s+)?(?:allowed|permitted|acceptable)|with\s+or\s+without",
    re.I,
)


def without_asides(tokens: list[Token]) -> list[Token]:
    """Drop brackets that only repeat: abbreviations, synonyms, the name of a method. Keep the rest in line."""
    result: list[Token] = []
    tokens = [t for n, t in enumerate(tokens) if not _is_dated(tokens, n)]
    n = 0
    while n < len(tokens):
        if tokens[n].kind is not Kind.OPEN:
            if tokens[n].kind is not Kind.CLOSE:
                result.append(tokens[n])
            n += 1
            continue
        close = _closing(tokens, n)
        inside = tokens[n + 1 : close]
        text = " ".join(t.text for t in inside)
        if EXPLAINING_SENTENCE.match(text) or COUNTING.match(text):
            n = close + 1
            continue
        if (
            inside
            and (any(t.is_cue(Cue.REQUIRE, Cue.PERMIT) for t in inside) or OF_PEOPLE.match(text))
            and (not any(t.is_cue(Cue.EXCEPT, Cue.UNLESS, Cue.IF) for t in inside) or _asks_of_others(inside))
        ):
            inside = [
                replace(
                    inside[0], kind=Kind.WORD, end=inside[-1].end, cue=None, concepts=(), comparison=None, time=None
                )
            ]
        if result and family(result[-1]) == "disease" and len(kinds := _kinds(inside)) > 1:
            # "solid tumours (sarcoma, melanoma)": which of the kind are meant, or some of them
            named = tuple(group for t in [*_listed_before(result), *kinds] for group in t.concepts)
            result.append(replace(kinds[0], end=kinds[-1].end, concepts=named, join="or", name=KINDS))
            inside = [
                t for t in inside if t not in kinds and t.kind is not Kind.COMMA and not t.is_cue(Cue.OR, Cue.AND)
            ]
        if not (_is_aside(inside, result) or ALLOWS.match(" ".join(t.text for t in inside))):
            result.extend(without_asides(inside))
        n = close + 1
    return result


def _is_dated(tokens: Sequence[Token], at: int) -> bool:
    """``recent (within 6 months)``: the time says how recent."""
    behind = next((t for t in tokens[at + 1 : at + 3] if t.kind is not Kind.OPEN), None)
    return tokens[at].text.lower() in {"recent", "recently"} and behind is not None and behind.kind is Kind.TIME


KINDS = "kinds"
"""The name of a token that lists kinds of the disease before it."""


def _kinds(inside: Sequence[Token]) -> list[Token]:
    """The diseases listed in a bracket that holds nothing that would make it a sentence."""
    if any(t.is_cue(Cue.EXCEPT, Cue.UNLESS, Cue.NOT_BEFORE, Cue.IF) for t in inside):
        return []
    return [t for t in inside if family(t) == "disease"]


def _listed_before(tokens: Sequence[Token]) -> list[Token]:
    """``lymphoma or leukaemia (ALL, CLL)``: the lymphoma, to which the bracket does not belong."""
    found = []
    n = len(tokens) - 2
    while n > 0 and (tokens[n].kind is Kind.COMMA or tokens[n].is_cue(Cue.OR, Cue.AND, Cue.AND_OR)):
        n -= 1
        if family(tokens[n]) != "disease":
            break
        found.append(tokens[n])
        n -= 1
    return found


def _asks_of_others(inside: Sequence[Token]) -> bool:
    """``(for patients under 20 their guardian must consent)``: a demand of its own, not a condition of this one."""
    required = next((n for n, t in enumerate(inside) if t.is_cue(Cue.REQUIRE)), None)
    return (
        required is not None
        and inside[0].is_cue(Cue.IF)
        and not any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) for t in inside[required:])
    )


def _closing(tokens: Sequence[Token], opened: int) -> int:
    depth = 0
    for n in range(opened, len(tokens)):
        depth += (tokens[n].kind is Kind.OPEN) - (tokens[n].kind is Kind.CLOSE)
        if depth == 0:
            return n
    return len(tokens)


def _is_aside(inside: Sequence[Token], before: Sequence[Token]) -> bool:
    last = next((t for t in reversed(before) if t.kind is Kind.CONCEPT), None)
    words = " ".join(t.text for t in inside)
    if last is not None and family(last) in ("lab", "scale") and before[-1].kind is Kind.COMPARISON and _dates(inside):
        return True
    if REASON.match(words) and len(inside) > 6 and not any(t.kind is Kind.COMPARISON or t.cue in RULES for t in inside):
        return True
    if (
        inside
        and EXAMPLES.match(words)
        and not any(
            t.kind is Kind.COMPARISON or t.is_cue(Cue.EXCEPT, Cue.UNLESS, Cue.NOT_BEFORE, Cue.IF) for t in inside
        )
    ):
        return True
    if (
        last is not None
        and any(c.startswith("cond:infection") for g in last.concepts for c in g)
        and GERMS.match(words)
    ):
        return True
    if (
        ABBREVIATED.fullmatch(words)
        or CITED.fullmatch(words)
        or (inside and inside[0].text.lower() == "note" and not any(t.kind is Kind.COMPARISON for t in inside))
    ):
        return True
    if (
        last is not None
        and all(_is_a_test(t) for t in inside if t.kind is Kind.CONCEPT)
        and any(t.kind is Kind.CONCEPT for t in inside)
    ):
        viral = any(
            c.startswith(("cond:hepat", "cond:hiv", "cond:syph", "cond:htlv", "cond:viral"))
            for g in last.concepts
            for c in g
        )
        if viral and not any(t.kind is Kind.COMPARISON or t.is_cue(Cue.EXCEPT, Cue.UNLESS) for t in inside):
            return True  # "hepatitis B (HBsAg positive)": by which test it is known
    for token in inside:
        if token.kind is Kind.CONCEPT:
            unclear = any(len(g) > 1 for g in token.concepts) and sum(c.isupper() for c in token.text) >= 2
            if last is None or not (unclear or _same_family(token, last)):
                return False
        elif token.kind is Kind.WORD:
            if LEVEL.match(token.text) or not (
                sum(c.isupper() for c in token.text) >= 2
                or token.text.isupper()
                or token.text.isdigit()
                or len(token.text) == 1
                or token.text[0] == "v"
            ):
                return False
        elif token.kind in (Kind.COMPARISON, Kind.TIME) or token.cue in (
            Cue.TRAIT,
            Cue.RESTRICT,
            Cue.STATE,
            Cue.EXCEPT,
            Cue.IF,
            Cue.NOT_BEFORE,
            Cue.OTHER,
            Cue.JUDGEMENT,
        ):
            return False
    return True


def _dates(inside: Sequence[Token]) -> bool:
    """``(to be performed within 14 days prior to step 2)`` behind a limit: when it is measured, and nothing else."""
    times = [t.time for t in inside if t.time is not None]
    return (
        len(times) == 1
        and times[0].recent
        and not any(t.kind is Kind.COMPARISON or t.is_cue(*UNDATED) for t in inside)
        and not CIRCUMSTANCE.search(" ".join(t.text for t in inside))
    )


UNDATED = (Cue.NOT_BEFORE, Cue.NOT_AFTER, Cue.EXCEPT, Cue.UNLESS, Cue.ONLY_IF, Cue.OTHER, Cue.TRAIT, Cue.STATE)
CIRCUMSTANCE = re.compile(r"\b(?:transfus\w*|support\w*|growth|factors?|after|since|last|if|when|while|off)\b", re.I)
REASON = re.compile(r"(?:The|This|These|Such|Because|Since|As|In order|Due to|Patients who|Subjects who)\b")
"""A bracket that begins a sentence of its own: why the criterion is there."""
RULES = (Cue.REQUIRE, Cue.EXCLUDE, Cue.PERMIT, Cue.EXCEPT, Cue.UNLESS)
LEVEL = re.compile(r"(?:grades?|stages?|class(?:es)?)\s", re.I)
EXAMPLES = re.compile(r"(?:e\.?\s?g\.?|i\.?\s?e\.?|for example|eg|ie)\b", re.I)
GERMS = re.compile(
    r"^(?:(?:viral|bacterial|fungal|mycobacterial|parasitic|opportunistic|mycotic|systemic|local|infections?"
    r"|virus|bacteria|fungi|acute|chronic|or|and|any|other|including|e\.?g\.?|etc|,|/)\W*)+$",
    re.I,
)
ABBREVIATED = re.compile(r"[rR]\s?/?\s?[rR](?:[ -][A-Z][A-Za-z]*[A-Z-][A-Za-z]*){0,2}")
"""``(R/R NHL)`` behind the words themselves."""
CITED = re.compile(r"[A-Z][a-z]+(?: et al)?\s*,?\s*(?:19|20)\d\d")


def _is_a_test(token: Token) -> bool:
    return all(
        c.startswith(("lab:hbsag", "lab:anti_", "lab:hbv", "lab:hcv", "lab:hiv", "lab:htlv", "lab:syph"))
        for g in token.concepts
        for c in g
    )


def _same_family(one: Token, other: Token) -> bool:
    """Whether two concept tokens name the same thing, or one a kind of the other."""
    mine = {c for group in one.concepts for c in group}
    theirs = {c for group in other.concepts for c in group}
    if mine & theirs:
        return True
    house = knowledge()
    return any(
        a in house.ancestors(b) or b in house.ancestors(a)
        for a in mine
        for b in theirs
        if a in house.concepts and b in house.concepts
    )


ORGANS = re.compile(
    r"^\W*(?:(?:have|has|with|patients?|subjects?|participants?|must|demonstrate|an?|the|normal|adequate"
    r"|satisfactory|sufficient|good|acceptable|appropriate|proper|adequately|baseline|functional|functioning"
    r"|organ|organs|bone|marrow|ha?ematolog\w+|ha?ematopoietic|hepatic|liver|renal|kidney|cardiac|heart"
    r"|cardiovascular|pulmonary|lung|coagulation|blood|metabolic|major|important|main|end|function|functions"
    r"|reserve|status|system|test|tests|indicators?|as|is|are|defined|by|of|following|and|or|follows|evidenced"
    r"|demonstrated|measured|indicated|meet|meets|laboratory|values?|parameters?|criteria|requirements?|evidence"
    r"|performance)\b\W*)+$",
    re.I,
)


def without_organ_headings(parts: list[list[Token]]) -> list[list[Token]]:
    """Drop "adequate liver function" beside the limits that say what is adequate."""
    limits = [part for part in parts if any(t.kind is Kind.COMPARISON for t in part)]
    if not limits:
        return parts
    return [part for part in parts if part in limits or not ORGANS.match(" ".join(t.text for t in part))]


NAMES_ORGANS = re.compile(
    r"\b(?:functions?|dysfunction|insufficiency|reserve|parameters?|indicators?)\b"
    r"|^\W*(?:ha?ematolog\w*|hepatic|renal|liver|kidneys?|cardiac|heart|cardiovascular|pulmonary|lungs?|respiratory"
    r"|coagulation|bone\s+marrow|blood(?:\s+(?:routine|counts?))?|bilirubin|transaminases?)\W*$",
    re.I,
)


def without_heading(tokens: list[Token]) -> list[Token]:
    """``No significant dysfunction of the heart: LVEF > 45 %``: the limits behind the colon say what is meant."""
    depth = 0
    for n, token in enumerate(tokens[:16]):
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if token.kind is Kind.COMPARISON or token.is_cue(Cue.IF, Cue.EXCEPT, Cue.UNLESS, Cue.SUCH_AS):
            break
        if token.kind is Kind.COLON and depth == 0:
            behind = tokens[n + 1 :]
            limited = any(t.kind is Kind.COMPARISON for t in behind) and any(
                kind_of(c) == "lab" for t in behind for g in t.concepts for c in g
            )
            named = n > 0 and NAMES_ORGANS.search(" ".join(t.text for t in tokens[:n]))
            return behind if limited and named else tokens
    return tokens


def without_ages_of_scales(tokens: list[Token]) -> list[Token]:
    """``Karnofsky (for patients >= 16 years) or Lansky (for patients < 16 years)``: the record says which was used."""
    if not any(kind_of(c) == "scale" for t in tokens for g in t.concepts for c in g):
        return tokens
    result: list[Token] = []
    n = 0
    while n < len(tokens):
        close = _closing(tokens, n) if tokens[n].kind is Kind.OPEN else n
        if close > n and _is_an_age(tokens[n + 1 : close]):
            n = close + 1
            continue
        result.append(tokens[n])
        n += 1
    return result


def _is_an_age(inside: Sequence[Token]) -> bool:
    limits = [t.comparison for t in inside if t.comparison is not None]
    return (
        bool(limits)
        and all(
            t.comparison is not None
            or t.is_cue(Cue.IF, Cue.GLUE, Cue.NOTE)
            or t.concepts == (("lab:age",),)
            or t.text.lower() in {"patients", "subjects", "age", "aged", "children", "adults"}
            for t in inside
        )
        and all((c.unit or "years").startswith(("y", "anni")) for c in limits)
    )


STAINS = (
    ("ihc", re.compile(r"immuno-?histo|\bIHC\b", re.I)),
    ("flow", re.compile(r"flow|cytometr|\bFACS\b|\bFCM\b", re.I)),
)


def with_method(piece: Sequence[Token]) -> list[Token]:
    """The tokens, with the method that it names noted at its percentage."""
    words = " ".join(t.text for t in piece)
    named = [name for name, pattern in STAINS if pattern.search(words)]
    if len(named) != 1:
        return list(piece)
    return [replace(t, name=named[0]) if is_percent(t) else t for t in piece]


def is_percent(token: Token) -> bool:
    """Whether the token is a percentage with its comparison."""
    return token.comparison is not None and (token.comparison.unit or "").startswith(("%", "percent"))


def without_methods(tokens: list[Token]) -> list[Token]:
    """Drop "by flow cytometry, histology and cytogenetics" at the end: how a thing is known, not what is asked."""
    for n, token in enumerate(tokens):
        if token.is_cue(Cue.NOTE) and any(t.kind is Kind.CONCEPT or t.is_cue(Cue.STATE) for t in tokens[:n]):
            rest = tokens[n + 1 :]
            # "by echocardiogram or MUGA within a month": the time stays, the methods are no alternatives
            late = [t for t in rest if t.kind is Kind.TIME] if rest and rest[-1].kind is Kind.TIME else []
            telling = bool(CONFIRMED_THERE.search(" ".join(t.text for t in rest))) or any(
                t.kind in (Kind.CONCEPT, Kind.COMPARISON)
                or (t.kind is Kind.TIME and len(late) != 1)
                or t.is_cue(Cue.NOT_BEFORE, Cue.STATE, Cue.TRAIT, Cue.EXCEPT, Cue.IF, Cue.OTHER)
                for t in rest
            )
            if not telling:
                percents = [m for m, t in enumerate(tokens[:n]) if is_percent(t)]
                if len(percents) < 2:
                    return [*tokens[:n], *late]
                # of two limits each has its own method
                last = percents[-1]
                return [*[*tokens[:last], *with_method(tokens[last:])][:n], *late]
    return tokens


AIMS = (
    frozenset(
        """candidate plan plans planned planning intend intends intending refuse refuses contraindication
        contraindications contraindicated intolerance tolerate amenable suitable insufficient inadequate desire
        wish unwilling""".split()
    )
    | {f"{aim} to receive" for aim in ("planned", "intended", "scheduled", "meets criteria", "meets the criteria")}
    | {"eligibility criteria to receive", "scheduled to undergo"}
    | {"eligible to", "not a candidate", "poor candidate", "ineligible for"}
    | {f"{be}eligible for" for be in ("", "are ", "is ", "be ")}
)
OBJECT_WORDS = frozenset(
    """hypersensitivity hypersensitive sensitivity sensitive allergic allergies allergy anaphylaxis anaphylactic
    manufacture manufacturing refused declined declines intolerant reaction reactions composition availability
    waiting""".split()
)
ALLERGIES = frozenset({"cond:allergy", "cond:allergy_severe"})


def without_objects(tokens: list[Token]) -> list[Token]:
    """A drug that one is allergic to, plans, refuses or is to be made from is not a drug that was given.

    The same holds for a partner's pregnancy or child-bearing potential.
    """
    result: list[Token] = []
    aimed = partner = False
    for n, token in enumerate(tokens):
        kinds = {kind_of(c) for group in token.concepts for c in group}
        word = token.text.lower()
        if word.startswith("partner"):
            partner = True
        if word in AIMS or word in OBJECT_WORDS or any(c in ALLERGIES for g in token.concepts for c in g):
            aimed = True
        elif token.kind is Kind.SEMICOLON or word in {"who", "must", "must have"}:
            aimed = partner = False
        if (
            (kinds and kinds <= {"drug", "class", "regimen"} and (aimed or _is_to_be_made(tokens, n)))
            or (partner and any(c in PARTNERS for g in token.concepts for c in g))
            or ("cond" in kinds and _is_an_aim(tokens, n))
        ):
            token = replace(token, kind=Kind.WORD, concepts=())
        result.append(token)
    return result


NEEDS = frozenset("requiring requires require required need needs needing necessitating necessitates".split())
ANY_TREATMENT = frozenset({"class:systemic_therapy", "class:treatment", "class:medication", "class:anticancer_agent"})


def needs_as_traits(tokens: list[Token]) -> list[Token]:
    """``autoimmune disease requiring steroids``: that it needs systemic treatment is a trait of the illness.

    A treatment without a name ("who need systemic treatment") is nothing but that trait.
    """
    result: list[Token] = []
    illness, need = False, None
    for token in tokens:
        kinds = {kind_of(c) for group in token.concepts for c in group}
        if "cond" in kinds:
            illness, need = True, None
        elif token.kind is Kind.SEMICOLON:
            illness, need = False, None
        elif token.text.lower() in NEEDS and illness:
            need = len(result)
        elif kinds and kinds <= {"drug", "class", "regimen"} and need is not None:
            trait = replace(result[need], kind=Kind.CUE, cue=Cue.TRAIT, name="systemic_treatment", concepts=())
            result[need] = trait
            if all(c in ANY_TREATMENT for group in token.concepts for c in group):
                token = replace(token, kind=Kind.CUE, cue=Cue.TRAIT, name="systemic_treatment", concepts=())
        result.append(token)
    return result


PARTNERS = frozenset({"cond:childbearing_potential", "cond:pregnancy", "cond:contraception"})


AIM = re.compile(r"\bto\s+(?:control|treat|relieve|palliate|remove|prevent|manage)\b[\w\s-]{0,24}$", re.I)
"""``surgery to control brain metastases``: what a treatment was for is not asked for beside it."""


def _is_an_aim(tokens: Sequence[Token], at: int) -> bool:
    treated = any(c.startswith(("drug:", "class:")) for t in tokens[:at] for g in t.concepts for c in g)
    return treated and bool(AIM.search(" ".join(t.text for t in tokens[max(0, at - 4) : at]) + " "))


def _is_to_be_made(tokens: Sequence[Token], at: int) -> bool:
    """``too low to manufacture CAR-T cells``, ``allergy to fludarabine``: judged by the word close by."""
    around = [*tokens[max(0, at - 3) : at], *tokens[at + 1 : at + 3]]
    return any(t.text.lower() in {"manufacture", "manufacturing", "availability"} for t in around)
