"""Sentences about allergies: to what, and how severe.

Nobody asks for an allergy, so the wording decides nothing; what one is allergic to decides. Whoever has no allergy
passes; an allergy to a thing that has a name of its own in the vocabulary is settled, any other is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.knowledge import knowledge
from cartella.knowledge.allergens import allergens, without_allergens
from cartella.logic import And, Expression, Not, Opaque, Presence, Span
from cartella.reading.clause import disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

ALLERGY = "cond:allergy"
WORDS = re.compile(r"\b(?:allerg\w+|hypersensitiv\w+|anaphyla\w+|ipersensibilit\w+)\b", re.I)
OBSTACLE = re.compile(rf"{WORDS.pattern}|\bcontra-?indicat\w+", re.I)
ALSO = re.compile(r"\b(?:contra-?indicat\w+|intoleran\w+|tolerate\w*|unable|cannot|refus\w+)\b", re.I)
"""What a sentence may exclude besides an allergy, and no list of allergies settles."""
SEVERE = re.compile(r"\b(?:severe|serious|life-threatening|anaphyla\w+)\b", re.I)
TO_SOMETHING = re.compile(
    r"\b(?:to|against|attributed|components?|ingredients?|agents?|drugs?|products?|medications?|medicines?)\b", re.I
)
REGISTER = "allergy"
"""The list of allergies: complete in a record that says that there is no other."""
STUDIED = "study_agent"
"""The trait of an allergy to something that a trial may give."""
HOUSEHOLD = re.compile(
    r"\b(?:antibiotics?|food|atopic|(?:any|other|multiple|drug|medication)\s+(?:\w+\s+){0,2}(?:allerg|hypersensitiv)\w+)\b",
    re.I,
)
"""What is no part of the treatment either, and may be meant all the same."""
JUDGED = re.compile(r"\b(?:determined|judged|considered|opinion|deemed|discretion)\b", re.I)


IN_PASSING = frozenset(
    """history of known to any the a an or and prior previous severe serious reaction reactions protein proteins
    products product containing agents agent medium media iodinated iodine human serum patients patient subjects
    with have has who those are is no not don dont be must allergen allergens antibiotics e g such as immediate drug
    drugs type i ii iii iv following including include includes used either both grade derived origin preparation
    preparations past should excluded exclude exclusion eligible ineligible corn hydroxyethyl sulfate sulphate low
    molecular weight""".split()
)


def is_about_it(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence excludes allergies and no other illness."""
    if not OBSTACLE.search(text) or any(t.is_cue(Cue.PERMIT) for t in tokens):
        return False
    allergies = knowledge().descendants(ALLERGY)
    named = [c for t in tokens if t.kind is Kind.CONCEPT for group in t.concepts for c in group]
    others = {"lab:albumin", "cond:prior_irae"}
    foreign = [
        c for c in named if c not in allergies | others and kind_of(c) not in {"drug", "class", "regimen", "antigen"}
    ]
    return not foreign and any(c in allergies for c in named)


def read(text: str, span: Span) -> Expression:
    """That there is no such allergy."""
    doubt = Opaque(span=span)
    named = sorted(allergens(text))
    grave = frozenset({"severe"}) if SEVERE.search(text) else frozenset[str]()
    found: list[Expression] = [Presence(concept, grave, None, REGISTER, span) for concept in named]
    if WORDS.search(text):
        found += _severe(text, span)
        if not named or _names_more(text):
            traits = frozenset[str]() if HOUSEHOLD.search(text) else frozenset({STUDIED})
            found.append(And((Presence(ALLERGY, traits, None, REGISTER, span), doubt)))
    if JUDGED.search(text):
        found = [And((disjunction(found), doubt))]
    if ALSO.search(text):
        found.append(doubt)
    return Not(disjunction(found), span)


def _severe(text: str, span: Span) -> list[Expression]:
    """``severe allergic reactions``, to whatever; where a substance follows after an "or", perhaps only to that."""
    pieces = [piece for piece in re.split(r"[;,]|\bor\b", text) if SEVERE.search(piece)]
    if all(TO_SOMETHING.search(piece) or allergens(piece) for piece in pieces):
        return []
    reaction = Presence("cond:anaphylaxis", span=span)
    sentences = [part for part in text.split(";") if SEVERE.search(part)]
    sure = any(not TO_SOMETHING.search(part) and not allergens(part) for part in sentences)
    return [reaction if sure else And((reaction, Opaque(span=span)))]


def _names_more(text: str) -> bool:
    """Whether a sentence names anything besides the allergens that were found."""
    rest = without_allergens(WORDS.sub(" ", text))
    return any(word not in IN_PASSING for word in re.findall(r"[a-z]+", rest.lower()))
