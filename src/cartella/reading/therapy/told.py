"""What descriptions and summaries say of cells: whether they are what is studied, or what people had anyway."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.reading.therapy.classes import RECEPTOR_FAMILIES, UNNAMED, UNSPECIFIED, CellMention, Cells
from cartella.reading.therapy.source import Passage, Tier

_TELLS = re.compile(
    r"infus|administ|receiv|inject|dose|safety|efficac|treat|evaluat|assess|tolerab|determin|purpose|study|"
    r"trial|give|explor",
    re.IGNORECASE,
)
_INFUSED = re.compile(
    r"infus(?!ion reaction)|administ|inject|transfus|reinfus|adoptive|"
    r"receiv\w+[\w ,()+-]{0,60}(?:cells|lymphocytes)|given back|own T",
    re.IGNORECASE,
)
_CELL_WORDS = re.compile(
    r"T[- ]?cells?\b|cells? (?:therap|inject|infus|product|suspension|treat)|cellular|immunotherap|"
    r"gene[- ](?:therap|modif)|injection|transplant|vector|\bcar",
    re.IGNORECASE,
)
DRUG = re.compile(r"\w(?:mab|nib|clax|lidomide|domide|stat|platin|rubicin|taxel|citidine|cept)\b", re.IGNORECASE)
_VACCINE = re.compile(r"vaccin|peptide|sublingual|allerg", re.IGNORECASE)
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z][\w-]{2,}|\b\w+-cel\b|\b\w+leucel\b")
# A code in the title and "the safety and efficacy of mesothelin-targeting CAR-T cells" in the summary are one product.
_OBJECT = re.compile(r"(?:safety|efficacy|tolerability|effectiveness)[\w ,/]{0,60} of [\w /-]{0,40}\Z", re.IGNORECASE)
_REACH = 120
_LONGEST = 1500
_MIDDLE = re.compile(r"[.!?](?=\s+[A-Z])")
_POPULATION = re.compile(
    r"(?:receiv|undergo|treated with|recipient|planned for|scheduled for|eligible for|candidates? for|before and after)"
    r"[\w ,/()-]{0,60}\Z",
    re.IGNORECASE,
)

# Cells that summaries also speak of as a mechanism or a readout: they must be said to be infused.
_ALSO_READOUTS = frozenset(
    {UNSPECIFIED, UNNAMED, "tumour_antigen_t", "nk", "dendritic_vaccine", "donor_lymphocytes", "til"}
)


def code_names(all_passages: Sequence[Passage]) -> set[str]:
    """Code names in titles and interventions ("SYNCAR-001"), in small letters."""
    return {
        match[0].lower()
        for passage in all_passages
        if passage.tier is Tier.NAME
        for match in _CODE.finditer(passage.text)
    }


def studied(cells: Cells, all_passages: Sequence[Passage]) -> list[CellMention]:
    """The cells of which a sentence says that they are what is studied.

    The sentence names the code that stands in the title or among the interventions, or the study is about cells by
    its names and the sentence tells of giving them.
    """
    codes = code_names(all_passages)
    names = [passage.text for passage in all_passages if passage.tier is Tier.NAME]
    about_cells = any(_CELL_WORDS.search(name) for name in names) and not any(DRUG.search(name) for name in names)
    vaccine = any(_VACCINE.search(name) for name in names)
    return [
        mention
        for mention in cells.mentions
        if mention.given
        and not (vaccine and mention.family in _ALSO_READOUTS)
        and not mention.passage.field.startswith("conditions[")
        and _says_studied(mention, codes, about_cells)
    ]


def _says_studied(mention: CellMention, codes: set[str], about_cells: bool) -> bool:
    text = mention.passage.text
    if mention.family == UNNAMED:
        return text[mention.start : mention.end].lower().split()[0] in codes
    sentence = _sentence(text, mention.start, mention.end)
    if mention.family in _ALSO_READOUTS and not _INFUSED.search(sentence):
        return False
    lower = sentence.lower()
    if any(code in lower for code in codes):
        return True
    if (
        codes
        and mention.family in RECEPTOR_FAMILIES
        and _OBJECT.search(text[max(0, mention.start - _REACH) : mention.start])
    ):
        return True
    return about_cells and _TELLS.search(sentence) is not None and mention.family != "nk"


def _sentence(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    left = [match.end() for match in _MIDDLE.finditer(text, first, start)]
    right = _MIDDLE.search(text, end, last)
    return text[left[-1] if left else first : right.start() if right else last]


def had_by_participants(cells: Cells) -> list[CellMention]:
    """The cells of which the summary says that the people of the study receive them."""
    return [
        mention
        for mention in cells.in_tier(Tier.SUMMARY)
        if _POPULATION.search(mention.passage.text[max(0, mention.start - 80) : mention.start])
    ]


def among_conditions(cells: Cells) -> list[CellMention]:
    """The cells that the record lists as a condition of the participants."""
    return [mention for mention in cells.mentions if mention.passage.field.startswith("conditions[")]
