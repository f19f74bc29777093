"""Whether a cancer is treated, as far as titles, conditions and summary tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.reading.therapy.source import Passage

_CANCER = re.compile(
    r"cancer|carcino|tumou?r(?! (?:necrosis|infiltrat))|leuk[ae]*emi|lymphom|myelom|malignan|sarcoma|glioma|"
    r"gliobl|blastom|melanom|neoplas|metasta|mesothelio|"
    r"\b(?:B-|T-|r/r |R/R )?(?:ALL|AML|CLL|CML|NHL|DLBCL|LBCL|MM|MDS|HCC|NSCLC|SCLC|PTLD|NPC|BPDCN|RRMM|NDMM|"
    r"MCL|FL|GBM|PCNSL|B-?NHL|TNBC|CTCL|PTCL|mCRPC|CRC|RCC|JMML|CMML|LBL|PCL|EBV\+ ?LPD|SLL|HNSCC|NMIBC)\b|"
    r"myelodysplas|lymphoproliferat|histiocyt|amyloidos|POEMS|plasmacyt|plasma cell (?:dis|dyscra|leuk|neopl)|"
    r"waldenstr|waldenström|(?<!non-)(?<!non)(?<!non )oncolog|"
    r"ha?ematolog(?:ic|ical) (?:dis|malig|cancer)|ha?ematopoietic/lymphoid|thymoma|hodgkin|myeloprolif|"
    r"myelofibro|adenocarcinoma|CD19\+? (?:disease|malig)|"
    r"richter|seminoma|germ cell|ependymoma|DIPG|astrocyt|chordoma|solid tumo|B[- ]cell disorders|"
    r"bladder cancer|minimal residual|mycosis fungoides|sézary|sezary|castle?man",
    re.IGNORECASE,
)
_CASE_ABBREVIATION = re.compile(r"\b(?:all|mm|fl)\b")
_OTHER = re.compile(
    r"lupus|\bSLE\b|scleros(?!ing)|scleroderma|myasthen|auto-?immun|rheumat|arthrit|nephrit|nephropath|"
    r"nephrotic|glomerul|\bHIV\b|infection|cytomegalovir|\bCMV\b|"
    r"adenovir|BK vir|COVID|SARS|rejection|(?:immun\w+|transplant\w*|graft|operational|allograft) toleranc|"
    r"toleranc\w+ (?:induc|protocol)|tolerogenic|pemphig|neuromyelit|\bNMOSD\b|vasculit|myosit|\bGVHD\b|"
    r"graft[- ]versus[- ]host|graft vs|"
    r"ha?emolytic an|thrombocytopeni[ac]|\bITP\b|diabetes|\bkidney transplant|liver transplant|aplastic|viral|"
    r"virus|senescen|fibrosis|asthma|sj[oö]gren|CIDP|"
    r"graves|\bheart|h[ae]+mophilia|desensiti|sensiti[sz]ed|alzheimer|IgG4|MOGAD|stiff|encephalit|membranous|"
    r"parkinson|ALS\b|amyotrophic|immunodeficien|sickle|"
    r"neuropath|autoimmune|hepatitis|multiple sclerosis|inflammatory|crohn|colitis|hidradenitis|"
    r"antiphospholipid|interstitial lung|\banca\b|pulmonary|\baging|eosinophil|food allergy|allerg|thyroid eye|"
    r"scid\b|mucopoly|uveitis|dermato",
    re.IGNORECASE,
)


def treats_cancer(all_passages: Sequence[Passage]) -> tuple[bool | None, Passage | None, int, int]:
    """True, False or None (not told), with the words that say so: titles first, then conditions, then the rest."""
    for fields in (("_title",), ("conditions[",), ("keywords[", "interventions[", "arms["), ("summary",)):
        here = [passage for passage in all_passages if any(_is(passage, name) for name in fields)]
        cancer = _first(_CANCER, here)
        other = _first(_OTHER, here)
        if cancer:
            return True, *cancer
        if other:
            if fields == ("_title",):
                behind = _first(_CANCER, [p for p in all_passages if p.field.startswith("conditions[")])
                only_other = _first(_OTHER, [p for p in all_passages if p.field.startswith("conditions[")])
                if behind and not only_other and not _SURELY_OTHER.search(other[0].text):
                    return True, *behind
            return False, *other
    return None, None, 0, 0


_SURELY_OTHER = re.compile(
    r"lupus|scleros|myasthen|auto-?immun|rheumat|infection|rejection|pemphig|GVHD|graft[- ]versus[- ]host|"
    r"cytomegalovirus|adenovirus|\bCMV\b",
    re.IGNORECASE,
)


def _is(passage: Passage, name: str) -> bool:
    return passage.field.endswith(name) if name == "_title" else passage.field.startswith(name)


def _first(pattern: re.Pattern[str], here: Sequence[Passage]) -> tuple[Passage, int, int] | None:
    for passage in here:
        for match in pattern.finditer(passage.text):
            if not _CASE_ABBREVIATION.fullmatch(match[0]):
                return passage, match.start(), match.end()
    return None
