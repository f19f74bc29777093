"""How grave an illness of the record is: what is severe, and what any physician calls clinically significant.

Rules of internal medicine (own knowledge, 2026-11; confidence: from memory): an infection in the blood or treated
through a vein is severe, so are heart failure of NYHA III or IV, a kidney disease of stage 4 or 5, and whatever is
graded 3 or more. An epilepsy, a dementia, a stroke, an infarction, a failing heart and an embolism of the lung are
significant in themselves. What is not of these stays open: mildness is never concluded from silence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.patients.context import Context, above

_SEVERE = frozenset(
    f"cond:{name}"
    for name in [
        "sepsis",
        "bacteraemia",
        "endocarditis",
        "cns_infection",
        "aspergillosis",
        "deep_mycosis",
        "pjp",
        "febrile_neutropenia",
        "anaphylaxis",
        "dialysis",
        "hepatic_encephalopathy",
        "respiratory_failure",
        "pml",
    ]
)
_SIGNIFICANT = _SEVERE | frozenset(
    f"cond:{name}"
    for name in [
        "epilepsy",
        "dementia",
        "stroke",
        "intracranial_haemorrhage",
        "myocardial_infarction",
        "heart_failure",
        "cardiomyopathy",
        "cardiac_amyloidosis",
        "pulmonary_embolism",
        "cns_active",
        "multiple_sclerosis",
        "cirrhosis",
        "tuberculosis_active",
        "psychosis",
    ]
)
_THROUGH_A_VEIN = re.compile(
    r"\bintravenous\w*|\bi\.?v\.?\s|\bparenteral|\bendovenos\w+|\be\.?v\.?\s|intensive care|terapia intensiva", re.I
)
_LATE_KIDNEY = re.compile(r"\bstage\s*(?:4|5|IV|V)\b|\bstadio\s*(?:4|5|IV|V)\b|end[- ]stage", re.I)
_FED_BY_TUBE = re.compile(r"\btube\b|\bsondino\b|\bPEG\b", re.I)


def draw(context: Context) -> None:
    """Put "severe" and "significant" on the events of which they are certain."""
    failing = {code for coding in context.draft.codings.get("nyha", ()) for code in coding.possible}
    for index, event in enumerate(context.draft.events):
        if not event.counts_as.startswith("cond:") or event.traits.get("active") is False:
            continue
        concepts, words = event.concepts, event.source.words
        severe = event.traits.get("severe")
        if severe is None and (
            concepts & _SEVERE
            or ("cond:infection" in concepts and _THROUGH_A_VEIN.search(words))
            or ("cond:heart_failure" in concepts and failing and failing <= {"III", "IV"})
            or ("cond:renal_disease" in concepts and _LATE_KIDNEY.search(words))
        ):
            severe = True
        significant = bool(
            severe
            or concepts & _SIGNIFICANT
            or event.traits.get("symptomatic")
            or ("cond:dysphagia" in concepts and _FED_BY_TUBE.search(words))
        )
        told = {"severe": True} if severe else {}
        told |= {"significant": True} if significant else {}
        if told:
            context.draft.events[index] = replace(event, traits={**event.traits, **told})


def is_checkpoint_toxicity(concept: str) -> bool:
    """Whether an illness is of a kind that checkpoint inhibitors bring about."""
    return bool(above(concept) & _BY_CHECKPOINT)


_BY_CHECKPOINT = frozenset(
    f"cond:{name}"
    for name in [
        "pneumonitis",
        "thyroid_disorder",
        "hypophysitis",
        "adrenal_insufficiency",
        "colitis",
        "myocarditis",
        "diabetes_type1",
        "myositis",
        "vitiligo",
        "pancreatitis",
        "autoimmune_hepatitis",
        "diarrhoea",
        "nephrotic_gn",
        "myasthenia",
        "encephalopathy",
    ]
)
"""Illnesses that immune checkpoint inhibitors bring about (European Society for Medical Oncology, from memory)."""
