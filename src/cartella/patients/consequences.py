"""What follows for the patient's body from facts that a record states: infections, reproduction, blood, organs.

Every fact made here is marked as derived, with the rule in words. A fact that is stated always comes before one that
is derived. Rules: general laboratory and internal medicine (own knowledge, 2026-11; confidence: from memory, checked
against the cases in tests/patients).
"""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.logic import SCALE, Event, Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.report import Fate
from cartella.patients.wording import mark

_NOT_INFECTED = {
    "cond:hepatitis_b": ("lab:hbsag", "lab:hbv_dna"),
    "cond:hepatitis_c": ("lab:anti_hcv", "lab:hcv_rna"),
    "cond:hiv_infection": ("lab:hiv_agab", "lab:hiv_rna"),
    "cond:htlv": ("lab:htlv_ab",),
}
"""Tests that find nothing in a person without the infection. Not anti-HBc, which only tells of an old contact."""

_INFECTED = {
    "cond:hepatitis_b_chronic": "lab:hbsag",
    "cond:hepatitis_b_active": "lab:hbsag",
    "cond:hepatitis_c_active": "lab:anti_hcv",
    "cond:hepatitis_c_chronic": "lab:anti_hcv",
    "cond:hiv_infection": "lab:hiv_agab",
    "cond:htlv": "lab:htlv_ab",
}
"""Tests that are positive by the definition of the infection."""

_LOADS = frozenset({"lab:hbv_dna", "lab:hcv_rna", "lab:hiv_rna"})

_CARRIED = frozenset(
    {
        "cond:viral_hepatitis",
        "cond:hepatitis_b_exposure",
        "cond:hiv_infection",
        "cond:htlv",
        "cond:hpv_infection",
        "cond:ebv_infection",
        "cond:hepatitis_b_resolved",
        "cond:tuberculosis_latent",
    }
)
"""Infections that people carry: an entry that is active says only that they are carried still."""

_REPRODUCTION = ("cond:pregnancy", "cond:breastfeeding", "cond:childbearing_potential")
_CHILD, _BEYOND = 10, 60
_SMALL_DOSE = 10
"""Milligrams of prednisone a day that substitute or comfort, and suppress little."""

_WHITE_CELLS = ("lab:anc", "lab:alc", "lab:amc", "lab:eos")

_REMEDIES: dict[str, tuple[frozenset[str], bool]] = {
    "cond:tuberculosis": (frozenset({"class:antitubercular"}), False),
    "cond:hiv_infection": (frozenset({"class:antiretroviral"}), False),
    "cond:hepatitis_b": (frozenset({"class:hbv_antiviral"}), False),
    "cond:infection_fungal": (frozenset({"class:antifungal"}), True),
    "cond:gvhd": (frozenset({"class:immunosuppressant", "class:systemic_corticosteroid"}), True),
    "cond:autoimmune_disease": (frozenset({"class:immunosuppressant", "class:systemic_corticosteroid"}), True),
}
"""Medicines that treat an illness from inside the body, and whether they have other uses, so that the record must say
of the illness that it is treated."""

_NOT_DONE = {
    "cond:coronary_revascularisation": "procedure",
    "cond:organ_transplant": "procedure",
    "cond:dialysis": "procedure",
    "cond:indwelling_line": "procedure",
}
"""Conditions that are made by a procedure: none in a complete list of procedures, none there."""

_CHECKPOINT = "class:checkpoint_inhibitor"


def draw(context: Context) -> None:
    """Add what follows from the facts in the draft."""
    _infections(context)
    _seizures(context)
    _reproduction(context)
    _white_cells(context)
    _coagulation(context)
    _remedies(context)
    _without_remedies(context)
    _evident(context)
    _active_infections(context)
    _heart(context)
    _not_done(context)
    _lesser_cancers(context)
    _wider_absences(context)


def stated_absence(context: Context, concept: str) -> Source | None:
    """Where the record denies a concept in words, and says nowhere that it is or may be there; else None."""
    if any(concept in event.concepts for event in context.draft.events):
        return None
    return next(
        (a.source for _, a in context.draft.absences if concept in a.concepts and a.source.derived is None), None
    )


def derive(source: Source, rule: str) -> Source:
    """The source of a fact that follows by `rule` from one that is stated."""
    return replace(source, derived=rule)


def tell(context: Context, source: Source, name: str, rule: str) -> None:
    """Report a derived fact."""
    context.draft.remark(Fate.USED, source.path, "follows", name=name, rule=rule)


def _infections(context: Context) -> None:
    draft = context.draft
    for infection, tests in _NOT_INFECTED.items():
        source = stated_absence(context, infection)
        if source is None:
            continue
        touched = infection == "cond:hepatitis_b" and any(
            coding.possible == {"yes"} for coding in draft.codings.get("lab:anti_hbc.detected", ())
        )
        for test in tests:
            if touched and test in _LOADS:
                continue  # an old contact with the virus leaves room for DNA without HBsAg
            rule = f"{mark(infection)} absent: {mark(test)} negative"
            if f"{test}.detected" not in draft.codings:
                draft.coding(f"{test}.detected", {"no"}, derive(source, rule))
                tell(context, source, mark(test), rule)
            if test in _LOADS and test not in draft.measures:
                draft.measure(test, Interval.exactly(0), derive(source, rule))
    for infection, test in _INFECTED.items():
        event = next((e for e in draft.events if infection in e.concepts and e.traits.get("active") is not False), None)
        if event is not None and f"{test}.detected" not in draft.codings:
            rule = f"{mark(infection)}: {mark(test)} positive"
            draft.coding(f"{test}.detected", {"yes"}, derive(event.source, rule))
            tell(context, event.source, mark(test), rule)


def _seizures(context: Context) -> None:
    """``seizure disorder`` among what is absent denies the seizures as well, unless the record tells of one."""
    source = stated_absence(context, "cond:epilepsy")
    if source is None or not re.search(r"seizure|convuls|crisi", source.words, re.IGNORECASE):
        return
    if not any("cond:seizure" in event.concepts | event.may_be for event in context.draft.events):
        context.draft.absence("cond:seizure", below("cond:seizure"), source)


def _reproduction(context: Context) -> None:
    """A child below 10 and whoever is 60 or more is not pregnant and does not breast-feed; nor do the sterile.

    A man's record says so by the sex alone; where no sex is told, the age says it of both.

    What the record states otherwise stays: nothing is derived against it.
    """
    ages = context.draft.measures.get("age", ())
    if context.sex == "male" or not ages:
        return
    age = ages[0]
    young = age.value.high is not None and age.value.high < _CHILD * SCALE
    old = age.value.low is not None and age.value.low >= _BEYOND * SCALE
    if not (young or old):
        return
    if context.sex == "female":
        rule = f"girl below {_CHILD}" if young else f"woman of {_BEYOND} or more"
    else:
        rule = f"child below {_CHILD}" if young else f"age of {_BEYOND} or more"
    for concept in _REPRODUCTION:
        stated = any(concept in e.concepts for e in context.draft.events)
        if not stated and not any(concept in a.concepts for _, a in context.draft.absences):
            context.draft.absence(concept, below(concept), derive(age.source, rule))
            tell(context, age.source, mark(concept), rule)


def _white_cells(context: Context) -> None:
    """White blood cells are at least the sum of their kinds counted on one day."""
    measures = context.draft.measures
    if "lab:wbc" in measures:
        return
    newest = {
        key: max(found, key=lambda m: m.source.day or 0)
        for key in _WHITE_CELLS
        if (found := measures.get(key)) and len({m.value for m in found}) == 1
    }
    neutrophils = newest.get("lab:anc") or newest.get("lab:alc")
    if neutrophils is None:
        return
    together = [m for m in newest.values() if m.source.day == neutrophils.source.day and m.value.low is not None]
    total = sum(m.value.low or 0 for m in together)
    if total:
        rule = "at least the sum of " + ", ".join(mark(k) for k, m in newest.items() if m in together)
        context.draft.measure("lab:wbc", Interval(total, None), derive(neutrophils.source, rule))
        tell(context, neutrophils.source, mark("lab:wbc"), rule)


def _coagulation(context: Context) -> None:
    """The INR is a ratio to normal: its upper limit lies between 1.0 and 1.2, and PT/ULN is at most the INR.

    The prothrombin ratio is INR to the power 1/ISI with ISI of 1 or more, so at most the INR where that is above 1.
    """
    measures = context.draft.measures
    inr = measures.get("lab:inr")
    if not inr or len({m.value for m in inr}) != 1:
        return
    value, source = inr[-1].value, inr[-1].source
    if "lab:inr.uln" not in measures:
        low = None if value.low is None else value.low * 10 // 12
        context.draft.measure("lab:inr.uln", Interval(low, value.high), derive(source, "INR, upper limit 1.0 to 1.2"))
    if "lab:pt.uln" not in measures and value.high is not None:
        high = max(value.high, SCALE)
        context.draft.measure("lab:pt.uln", Interval(None, high), derive(source, "PT ratio at most the INR"))


def _remedies(context: Context) -> None:
    """A medicine taken now that treats an illness of the record from inside the body treats that illness."""
    draft = context.draft
    taken = [e for e in draft.events if e.traits.get("current") is True]
    for index, event in enumerate(draft.events):
        if event.traits.get("active") is False or event.traits.get("systemic_treatment") is not None:
            continue
        for illness, (classes, several_uses) in _REMEDIES.items():
            if illness not in event.concepts:
                continue
            plain = event.traits.get("treated") is True or (illness == "cond:gvhd" and _suppressed(context, taken))
            if several_uses and not plain:
                continue
            if event.traits.get("treated") is False or "topical" in event.traits:
                continue
            if any(classes & other.concepts for other in taken):
                traits = {**event.traits, "treated": True, "systemic_treatment": True}
                event = draft.events[index] = replace(event, traits=traits)


def _suppressed(context: Context, taken: list[Event]) -> bool:
    """Immunity suppressed beyond what a small dose of a steroid does: by other drugs, or by more than 10 mg a day."""
    doses = context.draft.measures.get("steroid_dose", ())
    high = any(m.value.low is not None and m.value.low > _SMALL_DOSE * SCALE for m in doses)
    others = "class:immunosuppressant"
    return high or any(others in e.concepts and "class:corticosteroid" not in e.concepts for e in taken)


def _without_remedies(context: Context) -> None:
    """In a complete list of medicines without an immunosuppressant or steroid, no immune disease is so treated."""
    draft = context.draft
    remedies = frozenset({"class:immunosuppressant", "class:systemic_corticosteroid", "class:biologic_autoimmune"})
    if "medication" not in draft.complete:
        return
    if any(
        remedies & (event.concepts | event.may_be) and event.traits.get("current") is True for event in draft.events
    ):
        return
    for index, event in enumerate(draft.events):
        immune = event.concepts & {"cond:autoimmune_disease", "cond:gvhd"}
        if immune and event.traits.get("active") is not False and "systemic_treatment" not in event.traits:
            draft.events[index] = replace(event, traits={**event.traits, "systemic_treatment": False})


def _evident(context: Context) -> None:
    """A present illness that has symptoms or is untreated is active; with symptoms and untreated, not controlled."""
    for index, event in enumerate(context.draft.events):
        if not event.counts_as.startswith("cond:") or event.last != Interval.exactly(context.day):
            continue
        untreated, symptoms = event.traits.get("treated") is False, event.traits.get("symptomatic") is True
        told = {"active": True} if untreated or symptoms else {}
        told |= {"controlled": False} if untreated and symptoms else {}
        if told:
            context.draft.events[index] = replace(event, traits={**told, **event.traits})


def _active_infections(context: Context) -> None:
    """An infection that is active is an active infection, unless it is one that people carry."""
    wide = above("cond:infection_active")
    for index, event in enumerate(context.draft.events):
        if (
            "cond:infection" in event.concepts
            and event.traits.get("active") is True
            and not event.concepts & (_CARRIED | wide - {"cond:infection"})
        ):
            context.draft.events[index] = replace(event, concepts=event.concepts | wide)


def _heart(context: Context) -> None:
    """Heart failure of NYHA class II to IV has symptoms, of class I none: that is what the classes mean."""
    classes = frozenset[str]().union(*(c.possible for c in context.draft.codings.get("nyha", ())))
    if not classes or ("I" in classes and len(classes) > 1) or "0" in classes:
        return
    for index, event in enumerate(context.draft.events):
        if "cond:heart_failure" in event.concepts and event.traits.get("active") is not False:
            traits = {"symptomatic": "I" not in classes, **event.traits}
            context.draft.events[index] = replace(event, traits=traits)


def _not_done(context: Context) -> None:
    draft = context.draft
    for concept, register in _NOT_DONE.items():
        if register in draft.complete and not _possible(draft.events, concept):
            source = derive(draft.complete[register], "no such procedure in a complete list")
            draft.absence(concept, below(concept), source)
    if "therapy" in draft.complete and not (
        _possible(draft.events, _CHECKPOINT) or _possible(draft.events, "cond:prior_irae")
    ):
        source = derive(draft.complete["therapy"], "no checkpoint inhibitor in a complete list")
        draft.absence("cond:prior_irae", below("cond:prior_irae"), source)


_TOGETHER: dict[str, tuple[str, ...]] = {
    "cond:viral_hepatitis": ("cond:hepatitis_b", "cond:hepatitis_c", "cond:infection_active"),
    "cond:third_space_fluid": ("cond:pleural_effusion", "cond:pericardial_effusion", "cond:ascites"),
}
"""Absent where all of these are: no hepatitis B, no hepatitis C and no acute infection leave no viral hepatitis."""


def _wider_absences(context: Context) -> None:
    """What a record denies piece by piece is denied as a whole."""
    for whole, parts in _TOGETHER.items():
        sources = [_denied(context, part) for part in parts]
        if all(sources) and not _possible(context.draft.events, whole):
            rule = f"{', '.join(mark(part) for part in parts)} absent"
            source = next(s for s in sources if s is not None)
            context.draft.absence(whole, frozenset({whole}), derive(source, rule))
            tell(context, source, mark(whole), rule)


def _denied(context: Context, concept: str) -> Source | None:
    """Where a record rules a concept out, in words or by a test."""
    if any(concept in event.concepts or concept in event.may_be for event in context.draft.events):
        return None
    return next((a.source for _, a in context.draft.absences if concept in a.concepts), None)


_LESSER_CANCERS = (
    "cond:nmsc",
    "cond:in_situ_neoplasm",
    "cond:bladder_superficial",
    "cond:prostate_low_risk",
    "cond:thyroid_papillary_exc",
)


def _lesser_cancers(context: Context) -> None:
    """Whoever records another cancer records the lesser ones as well: one that is not among them is not there."""
    draft = context.draft
    known = next((e for e in draft.events if "cond:second_malignancy" in e.concepts), None)
    if known is None:
        return
    kinds = frozenset[str]().union(*(below(kind) for kind in _LESSER_CANCERS))
    absent = frozenset(kind for kind in kinds if not _possible(draft.events, kind))
    if absent:
        draft.absence("cond:nmsc", absent, derive(known.source, "another cancer is recorded, and this one is not"))


def _possible(events: list[Event], concept: str) -> bool:
    return any(concept in event.concepts or concept in event.may_be for event in events)
