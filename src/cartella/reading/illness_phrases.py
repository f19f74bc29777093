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
from cartella.reading.shared_nouns import SHARED, illness_lists

_GERM = (
    r"(?:viral|bacterial|fungal|mycobacterial|parasitic|opportunistic|protozoal|mycotic|virus(?=\s*,)|bacteria|fungus)"
)
_GERMS = (
    r"(?:bacteria|virus(?:es)?|fung(?:i|us)|parasites?|mycobacteri\w+|pathogens?|germs?|mycoplasma|et\s+al|etc)\b\.?"
)
INFECTIONS = re.compile(
    rf"\b{_GERM}(?:\s*(?:,|/|and/or|and|or)+\s*(?:or\s+|and\s+)?(?:other\s+)?{_GERM})*(?:\s*,?\s*(?:or"
    rf"|and)\s+other)?\s+(?:\w+\s+)?infections?\b"
    rf"|\binfectious\s+(?:{_GERM}(?:\s*(?:,|/|and/or|and|or)+\s*(?:or\s+|and\s+)?{_GERM})*\s+)?(?:diseases?|illness(?:es)?|process(?:es)?)\b",
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
    r"|continuous|ongoing|active|concurrent|medical|drug|long-term|anti-?microbial|antibiotic|anti-?viral|anti-?fungal|anti-?bacterial"
    r"|anti-?infecti(?:ve|ous)|cytotoxic|other|any|(?:cortico)?steroid|specific|daily|prolonged|concomitant|current"
    r"|high[- ]dose|disease[- ]modifying|anti-?arrhythmic|antihypertensive|anti-?epileptic|form|of|the|an?|use"
    r"|additional|pharmacologic(?:al)?)"
)
_TREATMENT = (
    r"(?:treatments?|therap(?:y|ies)|medications?|medicines?|drugs?|agents?|immunosuppress(?:ion|ants?|ives?)"
    r"|(?:cortico)?steroids?|glucocorticoids?|antibiotics?|anti-?microbials?|anti-?virals?|anti-?fungals?|anti-?infectives?"
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
_CNS = r"(?:central\s+nervous\s+system(?:\s*\(CNS\))?|CNS)"
PRIMARY_OR_SECONDARY = re.compile(
    rf"\b(?:primary\s*(?:,|/|and/or|and|or)+\s*secondary|secondary\s*(?:,|/|and/or|and|or)+\s*primary)\s+{_CNS}\s+(?P<noun>involvement|lymphomas?"
    r"|disease|tumou?rs?|malignanc(?:y|ies))(?:\s+(?:by|of|from|with)\s+(?:the\s+|their\s+)?(?:underlying\s+)?(?:lymphoma|leuk\w*mia|malignancy|tumou?r|cancer"
    r"|disease|myeloma)\b)?",
    re.I,
)
_PCR = r"(?:PCR|polymerase\s+chain\s+reactions?(?:\s*\(PCR\))?|nucleic\s+acid\s+(?:amplification\s+)?test\w*|NAT)"
VIRAL_LOAD = re.compile(
    r"(?<!HIV )(?<!HBV )(?<!HCV )(?<!CMV )(?<!EBV )\b(?:viral|virus)\s+(?:loads?|titers?|titres?)\b"
    rf"(?:(?:\s+(?:is|are|must\s+be)\s+\w+)?\s+(?:per|by|on|via)\s+(?:an?\s+)?(?:(?:quantitative|real-time|blood)\s+)*q?{_PCR}(?:\s*(?:and/or|and|or|/)+\s*{_PCR})*)?"
    rf"|(?<!DNA )(?<!RNA )(?:(?<=negative )|(?<=positive ))(?:(?:quantitative|blood)\s+)*{_PCR}(?:\s+"
    rf"(?:results?|tests?(?:ing)?|assays?|findings?|evaluations?))?\b(?!\s+(?:test\w*\s+)?(?:for|of)\b)"
    rf"|(?<!DNA )(?<!RNA )\b{_PCR}(?:\s+(?:results?|tests?|assays?))?(?=\s+(?:is|are|must\s+be|be)?\s*(?:negative"
    rf"|undetectable))",
    re.I,
)
"""The viral load of what stands before it, by whichever test."""
_LOADS = {
    "cond:hiv_infection": "lab:hiv_rna",
    "cond:hepatitis_b_exposure": "lab:hbv_dna",
    "cond:hepatitis_c_exposure": "lab:hcv_rna",
    "lab:hiv_agab": "lab:hiv_rna",
    "lab:hbsag": "lab:hbv_dna",
    "lab:anti_hbc": "lab:hbv_dna",
    "lab:anti_hcv": "lab:hcv_rna",
}
_DETECTION = (
    r"(?:the\s+)?(?:(?:lower|minimum|assay|normal|reference|test|institutional|research|center)\s+)*"
    r"(?:(?:limits?|levels?|thresholds?|value)\s+of\s+(?:the\s+)?(?:lower\s+)?(?:assay\s+)?(?:detect\w+|measur\w+|quantif\w+|quantitation|normal)"
    r"|(?:detection|detectable|quantification|measurable)\s+(?:limits?|levels?|values?|thresholds?)|(?:reference|normal)\s+(?:reference\s+)?(?:ranges?|values?|limits?))"
)
_MORE = (
    r"(?:higher|greater|more|larger)\s+than(?:\s+or\s+equal\s+to)?|above|over|exceed\w*|beyond|not\s+within"
    r"|outside|>\s*=?"
)
FOUND_OR_NOT = re.compile(
    rf"\b(?:(?:is|are|was|were|be)\s+)?(?:(?P<more>{_MORE})|(?P<less>(?:less|lower)\s+than|below|under|within|<))\s*{_DETECTION}(?:\s+of\s+(?:the\s+)?(?:assay|test|method)\w*)?",
    re.I,
)
"""What a search for a virus finds: more than it can detect, or less."""
A_VIRUS = re.compile(r"\b(?:DNA|RNA|viral\s+load|titers?|titres?|cop(?:y|ies)|PCR)\b[^.;]{0,60}$", re.I)
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
    for start, end, members in illness_lists(text):
        yield Phrase(start, end, members, "or", name=SHARED)
    for match in INFECTIONS.finditer(text):
        yield Phrase(match.start(), match.end(), (("cond:infection_active",),))
    for match in EFFUSIONS.finditer(text):
        cavities = tuple((_CAVITY[cavity.lower()],) for cavity in re.findall(_FLUID, match.group(), re.I))
        join = "and" if re.search(r"\band\b", match.group(), re.I) else "or"
        yield Phrase(match.start(), match.end(), cavities, join)
    for match in PRIMARY_OR_SECONDARY.finditer(text):
        lymphoma = match["noun"].lower().startswith("lymphoma")
        concepts = (("disease:PCNSL",), ("disease:SCNSL",)) if lymphoma else (("cond:cns_involvement",),)
        yield Phrase(match.start(), match.end(), concepts, "or" if lymphoma else "")
    for match in SKIN_CANCERS.finditer(text):
        yield Phrase(match.start(), match.end(), (("cond:skin_bcc",), ("cond:skin_scc",)), "or")
    for match in GERMS.finditer(text):
        if "infect" in text[: match.start()].lower():
            yield Phrase(match.start(), match.end(), cue=Cue.GLUE)
    for match in VIRAL_LOAD.finditer(text):
        loads = _loads_of(text, mentions, match.start())
        if loads:
            yield from _load_phrase(match, loads)
    for match in FOUND_OR_NOT.finditer(text):
        if A_VIRUS.search(text[: match.start()]):
            cue = Cue.POSITIVE if match["more"] else Cue.NOT_AFTER
            yield Phrase(match.start(), match.end(), cue=cue)
    for match in NEEDS_TREATMENT.finditer(text):
        trait = _needed(text, mentions, match.start())
        if trait:
            yield Phrase(match.start(), match.end(), cue=Cue.TRAIT, name=trait)


def _load_phrase(match: re.Match[str], loads: tuple[str, ...]) -> Iterator[Phrase]:
    """The load itself, what is found of it, and the methods behind."""
    concepts = tuple((load,) for load in loads)
    told = re.search(r"\s+(?:is|are|must\s+be)\s+", match.group(), re.I)
    if told is None:
        yield Phrase(match.start(), match.end(), concepts, "or")
        return
    yield Phrase(match.start(), match.start() + told.start(), concepts, "or")
    method = re.search(r"\s(?:per|by|on|via)\s", match.group(), re.I)
    if method is not None:
        yield Phrase(match.start() + method.start() + 1, match.end(), cue=Cue.GLUE)


def _loads_of(text: str, mentions: list[Mention], position: int) -> tuple[str, ...]:
    """The viral loads of the viruses that are named before."""
    house = knowledge()
    named = {c for m in mentions if m.end <= position for c in m.concepts if c in house.concepts}
    for match in HEPATITIS.finditer(text, 0, position):
        named |= {f"cond:hepatitis_{letter.lower()}" for letter in re.findall(r"\b[A-E]\b", match["list"], re.I)}
    named = {c for c in named if c in house.concepts or c in _LOADS}
    return tuple(
        dict.fromkeys(load for virus, load in _LOADS.items() if any(virus in house.ancestors(c) | {c} for c in named))
    )


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
