"""What one may be allergic to: the substances that a text names, said the same way in records and in criteria.

Medicines are named by the vocabulary (``allergy:drug:etoposide``); substances that are no medicines of this vocabulary,
and those that trials name often, have a pattern here.
"""

from __future__ import annotations

import re

from cartella.knowledge.tables import knowledge

SUBSTANCES = {
    "cond:allergy_contrast": re.compile(r"\bcontrast\b|radiocontrast|mezz[oi] di contrasto", re.I),
    "cond:allergy_dmso": re.compile(r"\bDMSO\b|dim[ei]th?yl\s?sul[fp](?:h)?oxide", re.I),
    "cond:allergy_albumin": re.compile(r"\balbumin\w?\b|\bHSA\b", re.I),
    "cond:allergy_murine": re.compile(r"\b(?:murin[eaio]|mouse|mice)\b", re.I),
    "cond:allergy_aminoglycoside": re.compile(r"\b(?:aminoglycosides?|gentamicin|streptomycin)\b", re.I),
    "allergy:penicillin": re.compile(r"\b(?:penicill?in\w*|amoxicill?in\w*|ampicill?in\w*|beta-?lactams?)\b", re.I),
    "allergy:cephalosporin": re.compile(r"\b(?:cephalosporins?|cef[a-z]{4,})\b", re.I),
    "allergy:sulfonamide": re.compile(
        r"\b(?:sul(?:f|ph)a(?:s|\s+drugs)?|sul(?:f|ph)onamides?|co-?trimoxazole|trimethoprim\w*|cotrimossazolo)\b", re.I
    ),
    "allergy:nsaid": re.compile(r"\b(?:nsaids?|fans|aspirin\w?|ibuprofene?|ketoprofene?|diclofenac)\b", re.I),
    "allergy:latex": re.compile(r"\b(?:latex|lattice)\b", re.I),
    "allergy:pollen": re.compile(r"\b(?:pollens?|pollin[ei]|grass(?:es)?|house\s+dust|mites?|acari)\b", re.I),
    "allergy:food": re.compile(r"\b(?:nuts?|peanuts?|shellfish|crustaceans?|strawberr\w+|foods?|aliment\w+)\b", re.I),
    "allergy:venom": re.compile(r"\b(?:bees?|wasps?|insects?|venom|hymenoptera)\b", re.I),
    "allergy:egg": re.compile(r"\beggs?\b", re.I),
    "allergy:soy": re.compile(r"\bso(?:y|ya|ia)\b", re.I),
    "allergy:starch": re.compile(r"\bstarch\b", re.I),
    "allergy:bovine": re.compile(r"\b(?:bovine|beef|cows?)\b", re.I),
    "allergy:gelatin": re.compile(r"\bgelatine?\b", re.I),
    "allergy:dextran": re.compile(r"\bdextran(?:[\s-]?40)?\b", re.I),
}
UNSTUDIED = frozenset({"cond:allergy_contrast"}) | {
    f"allergy:{name}" for name in ("penicillin", "cephalosporin", "nsaid", "latex", "pollen", "food", "venom")
}
"""What no cell therapy is made of or given with; whoever is allergic to this alone is to no part of the treatment."""
_MEDICINES = ("drug:", "class:")


def allergens(text: str) -> frozenset[str]:
    """The concepts of being allergic to the substances that a text names."""
    found = {concept for concept, words in SUBSTANCES.items() if words.search(text)}
    house = knowledge()
    for mention in house.lexicon.find(text):
        if (
            len(mention.concepts) == 1
            and mention.concepts[0].startswith(_MEDICINES)
            and mention.concepts[0] not in _ANY
        ):
            surface = text[mention.start : mention.end]
            if not any(words.search(surface) for words in SUBSTANCES.values()):
                found.add(f"allergy:{mention.concepts[0]}")
    return frozenset(found)


def without_allergens(text: str) -> str:
    """The text with blanks where it names such substances."""
    for words in SUBSTANCES.values():
        text = words.sub(" ", text)
    for mention in reversed(knowledge().lexicon.find(text)):
        if (
            len(mention.concepts) == 1
            and mention.concepts[0].startswith(_MEDICINES)
            and mention.concepts[0] not in _ANY
        ):
            text = text[: mention.start] + " " + text[mention.end :]
    return text


def kinds_of(concept: str) -> frozenset[str]:
    """Whoever is allergic to a medicine is so to one of its classes."""
    house = knowledge()
    medicine = concept.removeprefix("allergy:")
    if medicine not in house.concepts:
        return frozenset({concept})
    return frozenset(f"allergy:{wide}" for wide in house.ancestors(medicine) if wide.startswith(_MEDICINES))


def members_of(concept: str) -> frozenset[str]:
    """The medicines that the name of a class may stand for."""
    house = knowledge()
    medicine = concept.removeprefix("allergy:")
    if medicine not in house.concepts:
        return frozenset()
    return frozenset(f"allergy:{narrow}" for narrow in house.descendants(medicine))


_ANY = frozenset(
    f"class:{name}"
    for name in """medication treatment anticancer_agent systemic_therapy excipient_allergen investigational_agent
    biologic_therapy antibody cell_therapy immunotherapy""".split()
)
"""Names of no medicine in particular."""
