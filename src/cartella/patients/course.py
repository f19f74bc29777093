"""What follows for the cancer from facts that a record states: stage, measurability, its course, other cancers.

Every fact made here is marked as derived, with the rule in words, and none is made against what is stated. Sources:
AJCC 8 (distant metastases are stage IV), RECIST 1.1 and Lugano 2014 (what is measurable), IMWG 2011 and 2016
(measurable myeloma, refractory as progression within 60 days); read from memory, 2026-11, and checked against the cases
in tests/patients.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.logic import SCALE, Event, Interval, Source
from cartella.patients.consequences import derive, stated_absence, tell
from cartella.patients.context import Context, above, below
from cartella.patients.derivations import last_regimen
from cartella.patients.wording import mark

_DISTANT = frozenset(
    f"site:{name}" for name in ("liver", "lung", "bone", "bone_marrow", "brain", "adrenal", "skin", "kidney", "spleen")
)
"""Organs in which a metastasis is a distant one, whatever the cancer."""

_OTHERWISE_STAGED = ("disease:CNS_TUMOUR", "disease:THYROID", "disease:NBL")
"""Cancers of which metastasis does not make stage IV: without TNM, or by age."""

_ALL = frozenset({"disease:CANCER", "disease:SOLID", "disease:HAEM"})
_BEFORE = tuple(f"disease:{name}" for name in ("MDS", "MPN", "MDS_MPN", "CMML", "SMM", "MIDDA"))
_REMISSIONS = frozenset({"state:complete_remission", "state:partial_remission", "state:remission"})
_PROGRESSION = re.compile(r"progress|progredit|\bPD\b", re.IGNORECASE)
_NO_RESPONSE = re.compile(r"\bstable disease|\bSD\b|\bno response|malattia stabile|nessuna risposta", re.IGNORECASE)
_RESPONSE = re.compile(r"(?:partial|complete|parziale|completa)|\bPR\b|\bCR\b|\bVGPR\b", re.IGNORECASE)
_NOT_MEASURED = re.compile(
    r"node|linfonod|\bbon[ey]|\boss[eo]|effusion|versamento|cyst|cist[ei]|irradiat", re.IGNORECASE
)
_MYELOMA = {
    "lab:m_protein_serum": (SCALE // 2, "serum M-protein of 0.5 g/dL or more"),
    "lab:m_protein_urine": (200 * SCALE, "urine M-protein of 200 mg/24 h or more"),
    "lab:flc_involved": (100 * SCALE, "involved free light chain of 100 mg/L or more"),
}
_ORGANS: tuple[tuple[str, str], ...] = (
    (r"prostatectom", "disease:PROSTATE"),
    (r"mastectom|quadrantectom|lumpectom", "disease:BREAST"),
    (r"thyroidectom|tiroidectom", "disease:THYROID"),
    (r"nephrectom|nefrectom", "disease:KIDNEY"),
    (r"hysterectom|isterectom", "disease:UTERUS"),
    (r"hysterectom|isterectom|coni[sz]ation|conizzazione", "disease:CERVIX"),
    (r"colectom", "disease:BOWEL"),
    (r"gastrectom", "disease:STOMACH"),
    (r"lobectom|pneumonectom", "disease:LUNG"),
    (r"cystectom|cistectom", "disease:BLADDER"),
)
"""The cancers that an operation named after an organ removes."""


def draw(context: Context) -> None:
    """Add what follows from the facts in the draft."""
    _no_graft(context)
    _not_of_this_kind(context)
    _diagnosis(context)
    _course(context)
    _stage(context)
    _measurable(context)
    _evaluable(context)
    _not_in_complete_remission(context)
    _earlier_cancers(context)
    _other_cancers(context)
    _nervous_system(context)


def diseases(context: Context) -> frozenset[str]:
    """Every disease that the cancer of the record may be."""
    return frozenset[str]().union(*(coding.possible for coding in context.draft.codings.get("diagnosis", ())))


def _within(context: Context, *families: str) -> bool:
    """Whether the cancer is certainly of one of the families."""
    possible = diseases(context)
    return bool(possible) and possible <= frozenset[str]().union(*(below(family) for family in families))


def _has(context: Context, concept: str) -> bool:
    return any(concept in event.concepts for event in context.draft.events)


def _state(context: Context, concept: str, source: Source, rule: str) -> None:
    """A state of the cancer, unless the record states or denies it."""
    denied = any(concept in absence.concepts for _, absence in context.draft.absences)
    if denied or _has(context, concept):
        return
    context.draft.event(concept, above(concept), derive(source, rule), last=Interval.exactly(context.day))
    tell(context, source, mark(concept), rule)


def _no_graft(context: Context) -> None:
    """Where a complete list of procedures and treatments holds no cells of a donor, no graft has attacked its host."""
    draft = context.draft
    donors = {"class:allogeneic_hsct", "class:allogeneic_cell_therapy", "class:transplant_procedure"}
    grafted = any((event.concepts | event.may_be) & donors for event in draft.events if not _is_own(event))
    if grafted or not {"procedure", "therapy"} <= draft.complete.keys() or _has(context, "cond:gvhd"):
        return
    rule = "no transplant from a donor in complete lists"
    draft.absence("cond:gvhd", below("cond:gvhd"), derive(draft.complete["procedure"], rule))


def _is_own(event: Event) -> bool:
    return "class:autologous_hsct" in event.concepts


def _not_of_this_kind(context: Context) -> None:
    """Kinds of the cancer that are documented as absent are not the diagnosis."""
    absent = frozenset[str]().union(*(a.concepts for _, a in context.draft.absences if a.source.derived is None))
    codings = context.draft.codings.get("diagnosis", [])
    for index, coding in enumerate(codings):
        if coding.possible & absent and coding.possible - absent:
            codings[index] = replace(coding, possible=coding.possible - absent)


def _diagnosis(context: Context) -> None:
    """What a gene makes of a leukaemia: NPM1, or no PML::RARA, excludes the promyelocytic one, BCR::ABL1 makes it
    Ph-positive."""
    promyelocytic, positive = "disease:APLPMLRARA", "disease:BLLBCRABL1"
    codings = context.draft.codings.get("diagnosis", [])
    for index, coding in enumerate(codings):
        other = _has(context, "gene:NPM1") and "disease:AMLNPM1" in coding.possible
        other = other or any("gene:PML::RARA" in absence.concepts for _, absence in context.draft.absences)
        if other and promyelocytic in coding.possible and len(coding.possible) > 1:
            codings[index] = replace(coding, possible=coding.possible - {promyelocytic})
        if positive in coding.possible and coding.possible <= below("disease:BLL"):
            if _has(context, "gene:BCR::ABL1"):
                codings[index] = replace(coding, possible=frozenset({positive}))
            elif any("gene:BCR::ABL1" in absence.concepts for _, absence in context.draft.absences):
                codings[index] = replace(coding, possible=coding.possible - {positive})


def _course(context: Context) -> None:
    """How the last regimen ended is how the cancer stands, unless it is said to be in remission since."""
    if any(event.counts_as in _REMISSIONS for event in context.draft.events):
        return
    failed = context.last_failed
    if failed is not None:
        _state(context, "state:refractory", failed, "progression on or within 60 days of the last therapy")
    last = last_regimen(context)
    if last is None or not last.lines:
        return
    for event in context.draft.events:
        if event.source.path != last.path:
            continue
        for trait, concept, rule in (
            ("progressed", "state:progressive", "progression after the last regimen"),
            ("refractory", "state:refractory", "the last regimen failed"),
            ("relapsed", "state:relapsed", "relapse after the last regimen"),
        ):
            if trait == "progressed" and not _PROGRESSION.search(event.source.words):
                continue  # no response is no progression
            if event.traits.get(trait) is True:
                _state(context, concept, event.source, rule)
        words = event.source.words
        if _NO_RESPONSE.search(words) and not _RESPONSE.search(words):
            _state(context, "state:refractory", event.source, "no response to the last regimen")


def _stage(context: Context) -> None:
    """Distant metastases of a solid tumour, or spread to the marrow, are stage IV."""
    if not _within(context, "disease:SOLID"):
        return
    marrow = next((e for e in context.draft.events if "site:bone_marrow" in e.concepts), None)
    if marrow is not None:
        _state(context, "state:metastatic", marrow.source, "bone marrow involved by a solid tumour")
    otherwise = frozenset[str]().union(*(below(family) for family in _OTHERWISE_STAGED))
    if "stage" in context.draft.codings or diseases(context) & otherwise:
        return
    own = {"site:liver"} if diseases(context) & below("disease:LIVER") else set[str]()
    for site, source in context.metastases:
        if site == "" or site in _DISTANT - own:
            rule = "distant metastases of a solid tumour: stage IV"
            context.draft.coding("stage", {"IV"}, derive(source, rule))
            tell(context, source, "stage IV", rule)
            return


def _measurable(context: Context) -> None:
    for key, least, family, rule in (
        ("lab:blasts_bm", 5 * SCALE, "disease:LEUKAEMIA", "marrow blasts of 5 % or more"),
        ("lab:lesion_ld", 15 * SCALE + 1, "disease:LYMPHOMA", "a lesion of more than 15 mm"),
        *((key, least, "disease:PCM", rule) for key, (least, rule) in _MYELOMA.items()),
    ):
        families = ("disease:PCM", "disease:PCL") if family == "disease:PCM" else (family,)
        for measure in context.draft.measures.get(key, ()):
            if _within(context, *families) and measure.value.low is not None and measure.value.low >= least:
                _state(context, "state:measurable", measure.source, rule)
    if _within(context, "disease:LEUKAEMIA"):
        for coding in context.draft.codings.get("lab:mrd.detected", ()):
            if coding.possible == {"yes"}:
                _state(context, "state:measurable", coding.source, "minimal residual disease found")
    if _within(context, "disease:SOLID"):
        for measure in context.draft.measures.get("lab:lesion_ld", ()):
            large = measure.value.low is not None and measure.value.low >= 10 * SCALE
            if large and not _NOT_MEASURED.search(measure.source.words):
                _state(context, "state:measurable", measure.source, "a lesion of 10 mm or more")


def _evaluable(context: Context) -> None:
    """What can be seen can be followed: measurable or metastatic disease, or the marrow involved.

    Marrow that holds leukaemia is a site of it, so the disease is not confined to other places.
    """
    marrow = "site:bone_marrow"
    if _within(context, "disease:LEUKAEMIA"):
        blasts = (m for m in context.draft.measures.get("lab:blasts_bm", ()) if (m.value.low or 0) >= 5 * SCALE)
        for measure in blasts:
            if not _has(context, marrow):
                source = derive(measure.source, "marrow blasts of 5 % or more")
                context.draft.event(marrow, {marrow}, source, last=Interval.exactly(context.day))
    involved = next((e for e in context.draft.events if marrow in e.concepts), None)
    isolated = "cond:isolated_extramedullary"
    if involved is not None and not _has(context, isolated):
        source = derive(involved.source, "bone marrow involved")
        context.draft.absence(isolated, below(isolated), source)
    seen = {"state:measurable", "state:metastatic", marrow}
    for event in context.draft.events:
        if event.concepts & seen and event.traits.get("active") is not False:
            _state(context, "state:evaluable", event.source, "disease that is seen")
            return


def _not_in_complete_remission(context: Context) -> None:
    """Disease that is measured, progresses, is only partly gone or stays as it was is not in complete remission."""
    concept = "state:complete_remission"
    if any(event.counts_as in _REMISSIONS - {"state:partial_remission"} for event in context.draft.events):
        return
    for present in ("state:measurable", "state:progressive", "state:partial_remission", "state:stable_disease"):
        event = next((e for e in context.draft.events if e.counts_as == present and present in e.concepts), None)
        if event is not None:
            rule = f"{mark(present)}: no complete remission"
            context.draft.absence(concept, below(concept), derive(event.source, rule))
            tell(context, event.source, mark(concept), rule)
            return


def _earlier_cancers(context: Context) -> None:
    """An earlier cancer that is over was last there on the day of the operation that removed it."""
    draft = context.draft
    operations = [
        (event, family)
        for event in draft.events
        if "class:surgery" in event.concepts and event.last.low is not None
        for pattern, family in _ORGANS
        if re.search(pattern, event.source.words, re.IGNORECASE)
    ]
    for index, event in enumerate(draft.events):
        if "cond:second_malignancy" not in event.concepts or event.traits.get("active") is not False:
            continue
        own = [o for o, family in operations if event.concepts & below(family) and _inside(o.last, event.last)]
        if len(own) == 1 and re.search(r"surg|resect|chirurg|opera|ectom|radical", event.source.words, re.IGNORECASE):
            rule = "removed by the operation that the record dates"
            draft.events[index] = replace(event, last=own[0].last, source=derive(event.source, rule))


def _inside(days: Interval, wide: Interval) -> bool:
    return days.low is not None and (wide.low or 0) <= days.low and (wide.high is None or (days.high or 0) <= wide.high)


def _other_cancers(context: Context) -> None:
    """No second malignancy: no cancer of another family than that of the record and the earlier ones it tells of.

    States that come before a cancer (myelodysplasia, a monoclonal gammopathy) are left open: many records, and many
    trials, do not count them.
    """
    possible = diseases(context)
    absent = (a.source for _, a in context.draft.absences if "cond:second_malignancy" in a.concepts)
    source = next((s for s in absent if s.derived is None), None)
    earlier = [event for event in context.draft.events if "cond:second_malignancy" in event.concepts]
    if source is None or not possible or any(event.counts_as.startswith("cond:") for event in earlier):
        return
    families = frozenset.intersection(*(above(disease) for disease in possible)) - _ALL
    if not families:
        return
    known = [*families, *context.spared, *(event.counts_as for event in earlier)]
    related = frozenset[str]().union(*(below(name) for name in known), *(above(name) for name in [*possible, *known]))
    before = frozenset[str]().union(*(below(name) for name in _BEFORE))
    others = frozenset(name for name in below("disease:CANCER") - related - before if not below(name) & related)
    if others:
        rule = "no second malignancy: no cancer of another kind"
        context.draft.absence("cond:second_malignancy", others, derive(source, rule))
        tell(context, source, mark("disease:CANCER"), rule)


def _nervous_system(context: Context) -> None:
    """Without the cancer in the nervous system, now or in an earlier entry, there is no lymphoma of it."""
    concept = "disease:CNS_LYMPHOMA"
    source = stated_absence(context, "cond:cns_involvement")
    touched = any((e.concepts | e.may_be) & {"cond:cns_ever", concept} for e in context.draft.events)
    if source is not None and not touched and not diseases(context) & below(concept):
        rule = "no involvement of the nervous system, and none recorded before"
        context.draft.absence(concept, below(concept), derive(source, rule))
