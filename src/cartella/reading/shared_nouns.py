"""Lists whose members share one noun: ``cardiac, pulmonary or renal disease``, ``organ or stem cell transplant``.

Each member gets the concept that it would have with the noun behind it. A list of illnesses is one thing, so that what
stands before and behind it ("severe", "requiring treatment") is said of all its members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cartella.knowledge import OTHER

SHARED = "shared noun"
"""The name of the token of a list of illnesses; a member of it may have been left open."""
_ORGANS = {
    "cardiac": "cond:cardiac_disease",
    "cardiovascular": "cond:cardiac_disease",
    "heart": "cond:cardiac_disease",
    "pulmonary": "cond:pulmonary_disease",
    "respiratory": "cond:pulmonary_disease",
    "lung": "cond:pulmonary_disease",
    "hepatic": "cond:liver_disease",
    "liver": "cond:liver_disease",
    "renal": "cond:renal_disease",
    "kidney": "cond:renal_disease",
    "neurologic": "cond:neuro_disorder",
    "neurological": "cond:neuro_disorder",
    "psychiatric": "cond:psychiatric_disorder",
    "psychological": "cond:psychiatric_disorder",
    "mental": "cond:psychiatric_disorder",
    "central nervous system": "cond:neuro_disorder",
    "cns": "cond:neuro_disorder",
    "autoimmune": "cond:autoimmune_disease",
    "substance abuse": "cond:substance_abuse",
    "cerebrovascular": "cond:cerebrovascular_event",
    "cognitive": "cond:cognitive_impairment",
}
_BARE = (
    r"(?:metabolic|endocrine|endocrinologic(?:al)?|gastro-?intestinal|ha?ematologic(?:al)?|immun(?:e|ologic(?:al)?)"
    r"|inflammatory|infectious|systemic|medical|dermatologic(?:al)?|vascular|genito-?urinary"
    r"|rheumatologic(?:al)?|digestive|urogenital|social|genetic|physical|surgical|neurotic|sociological"
    r"|geographic(?:al)?|familial|emotional|logistical|cerebral)"
)
_MEMBER = rf"(?:{'|'.join(_ORGANS)}|{_BARE})"
_JOIN = r"\s*(?:,\s*(?:and/or|or|and)?|/|\band/or\b|\bor\b|\band\b)\s*(?:other\s+)?"
_NOUN = r"(?:diseases?|disorders?|illness(?:es)?|conditions?|patholog(?:y|ies)|co-?morbidit(?:y|ies))"
ILLNESSES = re.compile(rf"\b(?P<members>{_MEMBER}(?:{_JOIN}{_MEMBER})+)\s+(?:system\s+)?{_NOUN}\b(?!\s*[/-])", re.I)
_WORD = re.compile(rf"{_MEMBER}\b", re.I)
LUNGS = re.compile(
    r"\b(?<!chronic\s)(?P<first>obstructive|restrictive)(?:\s*(?:,|/|\band/or\b|\bor\b|\band\b)+\s*(?P<second>obstructive|restrictive))?"
    r"\s+(?:pulmonary|lung|airways?|ventilatory|respiratory)\s+(?:diseases?|disorders?|defects?)\b",
    re.I,
)
_LUNG = {"obstructive": "cond:copd", "restrictive": "cond:restrictive_lung_disease"}
RHYTHMS = re.compile(
    r"\b(?P<first>supraventricular|atrial|ventricular)(?=\s*(?:,|/|\band/or\b|\bor\b|\band\b)+\s*(?:supraventricular|atrial|ventricular)\s+"
    r"(?:cardiac\s+)?arr?h?ythmias?\b)",
    re.I,
)
_GRAFT = (
    r"(?:(?:allogen(?:e?ic)|autologous|ha?ematopoietic|bone|marrow|peripheral|blood|stem|progenitor|cells?|HSC)[\s-]+){1,6}"
    r"(?:trans)plant(?:s|ation|ations)?\b"
)
ORGAN_GRAFTS = re.compile(
    r"\b(?:(?:(?:solid|vital|major)[\s-]+)?organs?|tissue)(?:\s*(?:,|/|\band/or\b|\bor\b|\band\b)+\s*)(?:an?\s+|other\s+)?"
    + f"(?={_GRAFT})",
    re.I,
)
CELL_GRAFTS = re.compile(
    r"\b(?:allogen(?:e?ic)\s+)?(?:(?:bone\s+)?marrow|(?:ha?ematopoietic\s+)?(?:stem\s+)?cells?|HSC)"
    r"(?=(?:\s*(?:,|/|\band/or\b|\bor\b|\band\b)+\s*)(?:(?:solid|vital|major)[\s-]+)?organ\s+transplant)",
    re.I,
)

OF_THE_NERVES = re.compile(
    r"\b(?:medical\s+)?(?:diseases?|conditions?|disorders?|patholog(?:y|ies)|illness(?:es)?)\s+of\s+(?:the\s+)?(?:CNS|central\s+nervous\s+system)"
    r"(?:\s*\(CNS\))?(?=\s*,?\s*(?:\(?e\.?g|such\s+as|including|like|for\s+example))",
    re.I,
)
HEARTS = re.compile(
    r"\b(?:cardiac\s+)?(?:atrial|ventricular)\s+(?:or|and|and/or)\s+(?:cardiac\s+)?(?:atrial|ventricular)\s+(?:lymphoma|tumou?r|myeloma|leuk[a]?emia)"
    r"\s*(?:involvement|infiltration)\b|\b(?:involvement|infiltration)\s+of\s+the\s+heart\s+by\s+(?:the\s+)?(?:lymphoma|tumou?r|malignancy|disease)\b",
    re.I,
)


def illness_lists(text: str) -> Iterator[tuple[int, int, tuple[tuple[str, ...], ...]]]:
    """Where a list of organs stands before its noun, and what its members are; one without a concept stays open."""
    small = text.lower()
    if not any(noun in small for noun in ("disease", "disorder", "illness", "condition", "patholog", "morbid")):
        return
    for match in ILLNESSES.finditer(text):
        words = [w.group().lower() for w in _WORD.finditer(text, match.start("members"), match.end("members"))]
        named = [_ORGANS[word] for word in words if word in _ORGANS]
        if named:
            unread = ((named[0], OTHER),) if len(named) < len(words) else ()
            yield match.start(), match.end(), (*((concept,) for concept in dict.fromkeys(named)), *unread)


def shared_nouns(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a member of another such list stands, and the concept that it names with the noun of the list."""
    small = text.lower()
    if "nervous" in small or "cns" in small:
        for match in OF_THE_NERVES.finditer(text):
            yield match.start(), match.end(), "cond:neuro_disorder"
    if "involvement" in small or "infiltration" in small:
        for match in HEARTS.finditer(text):
            yield match.start(), match.end(), "cond:cardiac_lymphoma"
    if "structive" in small or "restrictive" in small:
        for match in LUNGS.finditer(text):
            for name in ("first", "second"):
                if match[name]:
                    end = match.end() if name == "second" or not match["second"] else match.end(name)
                    yield match.start(name), end, _LUNG[match[name].lower()]
    if "arrhythmia" in small or "arrythmia" in small:
        for match in RHYTHMS.finditer(text):
            yield match.start(), match.end(), "cond:arrhythmia"
    if "transplant" in small:
        for match in ORGAN_GRAFTS.finditer(text):
            yield (
                match.start(),
                match.start() + len(re.split(r"\s*(?:,|/|\s(?:and|or)\b)", match.group())[0]),
                "cond:organ_transplant",
            )
        for match in CELL_GRAFTS.finditer(text):
            yield match.start(), match.end(), "class:transplant_procedure"
