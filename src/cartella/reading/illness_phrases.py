"""Phrases about illnesses in which one word serves for several: ``hepatitis B or C``, ``bacterial or viral infection``.

The words of a name that stand apart are put together again before the grammar sees them; so is what follows an illness
to say how ill somebody is, ``requiring systemic steroids``, which is no treatment of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cartella.knowledge import Mention, knowledge
from cartella.reading.cues import Cue

_GERM = (
    r"(?:viral|bacterial|fungal|mycobacterial|parasitic|opportunistic|protozoal|mycotic|virus(?=\s*,)|bacteria|fungus)"
)
_GERMS = (
    r"(?:bacteria|virus(?:es)?|fung(?:i|us)|parasites?|mycobacteri\w+|pathogens?|germs?|mycoplasma|et\s+al|etc)\b\.?"
)
INFECTIONS = re.compile(
    rf"\b{_GERM}(?:\s*(?:,|/|and/or|and|or)+\s*(?:or\s+|and\s+)?(?:other\s+)?{_GERM})*(?:\s*,?\s*(?:or"
    rf"|and)\s+other)?\s+(?:\w+\s+)?infections?\b",
    re.I,
)
GERMS = re.compile(
    r"\b(?:(?:caused|related|due)\s+(?:by|to)|with|by|of)\s+(?:an?\s+)?"
    rf"{_GERMS}(?:\s*(?:,|/|\bor\b|\band\b)+\s*{_GERMS})*",
    re.I,
)
"""Germs named behind an infection: of any kind, that is."""
_OF_TREATMENT = (
    r"(?:systemic|immuno-?suppressive|immune[- ]suppressive|intravenous(?:\s*\(iv\))?|i\.?v\.?|parenteral|oral|chronic"
    r"|continuous|ongoing|active|concurrent|medical|drug|long-term|antimicrobial|antibiotic|antiviral|antifungal|antibacterial"
    r"|anti-?infecti(?:ve|ous)|cytotoxic|other|any|(?:cortico)?steroid|specific|daily|prolonged|concomitant|current"
    r"|high[- ]dose|disease[- ]modifying|anti-?arrhythmic|antihypertensive|anti-?epileptic|form|of|the|an?|use"
    r"|additional|pharmacologic(?:al)?)"
)
_TREATMENT = (
    r"(?:treatments?|therap(?:y|ies)|medications?|medicines?|drugs?|agents?|immunosuppress(?:ion|ants?|ives?)"
    r"|(?:cortico)?steroids?|glucocorticoids?|antibiotics?|antimicrobials?|antivirals?|antifungals?|anti-?infectives?"
    r"|anti-?arrhythmics?|anti-?epileptics?|anti-?convulsants?|immunosuppression)"
)
NEEDS_TREATMENT = re.compile(
    rf"\b(?:(?:that|which)\s+)?(?:(?:ha(?:s|ve|d)|resulting\s+in\s+or|currently)\s+)*"
    rf"(?:requir(?:ing|es?|ed)|necessitat\w+|in\s+need\s+of|need(?:ing|s|ed)?)\s+"
    rf"(?:{_OF_TREATMENT}\s+){{0,6}}{_TREATMENT}"
    rf"(?:\s*(?:,|/|and/or|\bor\b|\band\b)+\s*(?:{_OF_TREATMENT}\s+){{0,4}}{_TREATMENT})*"
    r"(?:\s+for\s+(?:management|treatment|control))?\b",
    re.I,
)
"""``requiring systemic steroids or other immunosuppressive agents``: how ill somebody is, not what else was given."""
ANOTHER_GROUP = re.compile(r"\bor\s+(?:those|patients|subjects|participants|who)\s+(?:who|that)?\s*$", re.I)
_CURED_BY_DRUGS = ("cond:infection", "cond:autoimmune_disease", "cond:gvhd", "cond:prior_irae")
_NO_ILLNESS = frozenset(
    {"cond:second_malignancy", "cond:measurable_disease", "cond:participation_other_trial", "cond:organ_transplant"}
)
_FLUID = r"(?:pleural|pericardial|peritoneal|abdominal|thoracic)"
EFFUSIONS = re.compile(
    rf"\b{_FLUID}(?:\s*(?:,|/|and/or|\band\b|\bor\b)+\s*(?:or\s+|and\s+)?{_FLUID})+\s+(?:effusions?|fluids?)\b", re.I
)
_CAVITY = {
    "pleural": "cond:pleural_effusion",
    "thoracic": "cond:pleural_effusion",
    "pericardial": "cond:pericardial_effusion",
    "peritoneal": "cond:ascites",
    "abdominal": "cond:ascites",
}
_BASAL, _SQUAMOUS = r"basal(?:[- ]cell)?", r"squamous(?:[- ]epithelial)?(?:[- ]cell)?"
SKIN_CANCERS = re.compile(
    rf"\b(?:{_BASAL}\s*(?:,|/|\bor\b|\band\b)+\s*{_SQUAMOUS}|{_SQUAMOUS}\s*(?:,|/|\bor\b|\band\b)+\s*{_BASAL})"
    r"(?:\s+(?:skin|cutaneous))?\s+(?:carcinomas?|cancers?)(?:\s+of\s+the\s+skin)?|\bbasal\s+or\s+scaly\s+skin\s+cancer",
    re.I,
)
VIRAL_LOAD = re.compile(r"(?<!HIV )(?<!HBV )(?<!HCV )(?<!CMV )(?<!EBV )\b(?:viral|virus)\s+loads?\b", re.I)
_LOADS = {
    "cond:hiv_infection": "lab:hiv_rna",
    "cond:hepatitis_b_exposure": "lab:hbv_dna",
    "cond:hepatitis_c_exposure": "lab:hcv_rna",
}
HEPATITIS = re.compile(
    r"\b(?:hepatitis|epatite)\s+(?:virus\s+)?(?P<list>[A-E](?:\s*(?:,\s*or|,\s*and|,|/|and/or|and|or|&|o"
    r"|e)\s*(?:hepatitis\s+)?[A-E])+)\b(?:\s+virus(?:es)?)?(?:\s+\((?:HBV|HCV|HBV/HCV|HBV or HCV)\))?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters `start` to `end`, and the concepts or the cue that they are."""

    start: int
    end: int
    concepts: tuple[tuple[str, ...], ...] = ()
    join: str = ""
    cue: Cue | None = None
    name: str = ""


def illness_phrases(text: str, mentions: list[Mention]) -> Iterator[Phrase]:
    """The phrases of a text; `mentions` are the names that stand in it whole."""
    for match in HEPATITIS.finditer(text):
        letters = re.findall(r"\b[A-E]\b", match.group("list"), re.I)
        join = "and" if re.search(r"\band\b|&", match.group("list")) and "or" not in match.group("list") else "or"
        concepts = tuple((f"cond:hepatitis_{letter.lower()}",) for letter in letters)
        yield Phrase(match.start(), match.end(), concepts, join)
    for match in INFECTIONS.finditer(text):
        yield Phrase(match.start(), match.end(), (("cond:infection_active",),))
    for match in EFFUSIONS.finditer(text):
        cavities = tuple((_CAVITY[cavity.lower()],) for cavity in re.findall(_FLUID, match.group(), re.I))
        join = "and" if re.search(r"\band\b", match.group(), re.I) else "or"
        yield Phrase(match.start(), match.end(), cavities, join)
    for match in SKIN_CANCERS.finditer(text):
        yield Phrase(match.start(), match.end(), (("cond:skin_bcc",), ("cond:skin_scc",)), "or")
    for match in GERMS.finditer(text):
        if "infect" in text[: match.start()].lower():
            yield Phrase(match.start(), match.end(), cue=Cue.GLUE)
    for match in VIRAL_LOAD.finditer(text):
        load = _load_of(mentions, match.start())
        if load:
            yield Phrase(match.start(), match.end(), ((load,),))
    for match in NEEDS_TREATMENT.finditer(text):
        trait = _needed(text, mentions, match.start())
        if trait:
            yield Phrase(match.start(), match.end(), cue=Cue.TRAIT, name=trait)


def _load_of(mentions: list[Mention], position: int) -> str | None:
    """The viral load of the one virus that is named before; None where there are several, or none."""
    house = knowledge()
    named = {c for m in mentions if m.end <= position for c in m.concepts if c in house.concepts}
    loads = {load for virus, load in _LOADS.items() if any(virus in house.ancestors(c) for c in named)}
    return loads.pop() if len(loads) == 1 else None


def _needed(text: str, mentions: list[Mention], position: int) -> str | None:
    """The trait of the illness before `position` that needs treatment; None where no illness stands there."""
    house = knowledge()
    before = [m for m in mentions if m.end <= position]
    if ANOTHER_GROUP.search(text[:position]):
        return None
    ill = [c for m in before[-2:] for c in m.concepts if c.startswith("cond:") and c not in _NO_ILLNESS][-1:]
    if not ill:
        return None
    cured = all(any(wide in house.ancestors(c) for wide in _CURED_BY_DRUGS) for c in ill)
    return "systemic_treatment" if cured else "treated"
