"""Sentences about allergies: to what, and how severe.

Nobody asks for an allergy, so the wording decides nothing; what one is allergic to decides. Whoever has no allergy
passes; an allergy to a thing that has a name of its own in the vocabulary is settled, any other is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, Not, Opaque, Presence, Span
from cartella.reading.clause import disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

ALLERGY = "cond:allergy"
WORDS = re.compile(r"\b(?:allerg\w+|hypersensitiv\w+|anaphyla\w+|ipersensibilit\w+)\b", re.I)
ALSO = re.compile(r"\b(?:contra-?indicat\w+|intoleran\w+|tolerate\w*|unable|cannot|refus\w+)\b", re.I)
"""What a sentence may exclude besides an allergy, and no list of allergies settles."""
SEVERE = re.compile(r"\b(?:severe|serious|life-threatening|anaphyla\w+)\b", re.I)
TO_SOMETHING = re.compile(
    r"\b(?:to|against|attributed|components?|ingredients?|agents?|drugs?|products?|medications?|medicines?)\b", re.I
)
ALLERGENS = {
    "cond:allergy_contrast": re.compile(r"\bcontrast\b|radiocontrast", re.I),
    "cond:allergy_dmso": re.compile(r"\bDMSO\b|dimethyl\s?sul[fp](?:h)?oxide", re.I),
    "cond:allergy_albumin": re.compile(r"\balbumin\b", re.I),
    "cond:allergy_murine": re.compile(r"\b(?:murine|mouse|mice)\b", re.I),
    "cond:allergy_aminoglycoside": re.compile(r"\b(?:aminoglycosides?|gentamicin|streptomycin)\b", re.I),
}


IN_PASSING = frozenset(
    """history of known to any the a an or and prior previous severe serious reaction reactions protein proteins
    products product containing agents agent medium media iodinated iodine human serum patients patient subjects with
    have has who those are is no not don dont be must allergen antibiotics e g such as""".split()
)


def is_about_it(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence excludes allergies and no other illness."""
    if not WORDS.search(text) or any(t.is_cue(Cue.PERMIT) for t in tokens):
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
    named = [concept for concept, words in ALLERGENS.items() if words.search(text)]
    found: list[Expression] = [Presence(concept, span=span) for concept in named]
    severe = any(SEVERE.search(part) and not TO_SOMETHING.search(part) for part in re.split(r"[;,]|\bor\b", text))
    if severe and WORDS.search(text):
        found.append(Presence("cond:anaphylaxis", span=span))
    if not named or _names_more(text):
        found.append(And((Presence(ALLERGY, span=span), doubt)))
    if ALSO.search(text):
        found.append(doubt)
    return Not(disjunction(found), span)


def _names_more(text: str) -> bool:
    """Whether a sentence names anything besides the allergens that were found."""
    rest = WORDS.sub(" ", text)
    for words in ALLERGENS.values():
        rest = words.sub(" ", rest)
    return any(word not in IN_PASSING for word in re.findall(r"[a-z]+", rest.lower()))
