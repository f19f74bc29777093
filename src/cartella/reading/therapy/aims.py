"""Choosing the targets: names go before descriptions, words before what is known of a product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cartella.reading.therapy.classes import (
    CAR_T,
    RECEPTOR_FAMILIES,
    UNNAMED,
    UNSPECIFIED,
    VIRUS_SPECIFIC,
    CellMention,
)
from cartella.reading.therapy.source import Passage, Tier
from cartella.reading.therapy.targets import WHOLE_VIRUSES, Strength, Target, strongest, targets_in, viruses_in
from cartella.trials.therapy import Aspect, Disagreement, Finding


@dataclass(slots=True)
class Aims:
    """The targets of a study's therapy. `together` is an antigen that is named side by side with another."""

    symbols: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    together: Target | None = None


# Cells whose target may be read from the antigen that the patients' cells must have.
_AIMED_AT_THE_DISEASE = RECEPTOR_FAMILIES | {"gamma_delta_t", UNNAMED, UNSPECIFIED}


def read_aims(
    all_passages: Sequence[Passage], mentions: Sequence[CellMention], given: Sequence[str], are_given: bool
) -> Aims:
    """The antigens that the cells `given` are directed at, and what lower places say otherwise.

    `are_given` is False where the study follows or accompanies the cells: then words such as "after CD19 CAR-T" tell
    of the cells meant and not of earlier treatment.
    """
    if not given:
        return Aims()
    naming_cells = {id(mention.passage) for mention in mentions}
    every = [
        target
        for passage in all_passages
        for target in targets_in(passage, passage.is_intervention and id(passage) in naming_cells)
        if _fits(target, given)
    ]
    read = [target for target in every if target.given or not are_given]
    of_products = [
        finding(symbol, mention)
        for mention in mentions
        if mention.product is not None
        for symbol in mention.product.product.targets
    ]
    kept = _first_told(read, stop_after_names=bool(of_products))
    if CAR_T in given and any(target.symbol not in WHOLE_VIRUSES for target in kept):
        # Virus-specific cells may carry the receptor; their virus is not its target.
        read = [target for target in read if target.symbol not in WHOLE_VIRUSES]
        kept = [target for target in kept if target.symbol not in WHOLE_VIRUSES]
    aims = Aims(_distinct(target.symbol for target in kept), [finding(target.symbol, target) for target in kept])
    _with_products(aims, of_products, kept)
    if not aims.symbols:
        kept = _last_resort(aims, every, given, all_passages)
    below = [
        finding(target.symbol, target)
        for target in read
        if kept and target.strength is Strength.AIMED and target.passage.tier > kept[0].passage.tier
    ]
    _disagree(aims, below)
    aims.together = _side_by_side(kept)
    return aims


def _last_resort(
    aims: Aims, every: Sequence[Target], given: Sequence[str], all_passages: Sequence[Passage]
) -> list[Target]:
    """No word of the therapy tells the aim: the cells that come next, the patients' antigen, the virus named."""
    kept = [
        target
        for target in every
        if target.strength is Strength.AIMED and not target.given and target.passage.is_title and _comes_next(target)
    ]
    if not kept and _AIMED_AT_THE_DISEASE.intersection(given):
        kept = _of_the_disease(every, given)
        aims.review = ["target_read_from_the_disease"] if kept else []
    if not kept and VIRUS_SPECIFIC in given:
        kept = next((found for passage in all_passages if (found := list(viruses_in(passage)))), [])
    aims.symbols = _distinct(target.symbol for target in kept)
    aims.findings = [finding(target.symbol, target) for target in kept]
    return kept


def _comes_next(target: Target) -> bool:
    """Chemotherapy "prior to CD19 CAR-T": the cells are named as what follows."""
    return _NEXT.search(target.passage.text[max(0, target.start - _REACH) : target.start]) is not None


_NEXT = re.compile(r"\b(?:before|prior to|followed by)\b[\w\s,()/-]*\Z", re.IGNORECASE)
_REACH = 60


def finding(symbol: str, place: Target | CellMention) -> Finding:
    """The antigen with the words it was read from."""
    return Finding(Aspect.TARGETS, symbol, place.passage.field, place.start, place.end)


def _distinct(symbols: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(symbols))


def _first_told(read: Sequence[Target], stop_after_names: bool) -> list[Target]:
    for tier in Tier:
        told = [target for target in strongest(read, tier) if target.strength is not Strength.DISEASE]
        if told or stop_after_names:
            return told
    return []


def _with_products(aims: Aims, of_products: Sequence[Finding], kept: Sequence[Target]) -> None:
    """A known product adds targets that the words leave out; where it contradicts the words, the words stand."""
    known = _distinct(found.value for found in of_products)
    if not aims.symbols or set(known) > set(aims.symbols):
        added = [found for found in of_products if found.value not in aims.symbols]
        aims.symbols += _distinct(found.value for found in added)
        aims.findings += added
    elif kept and kept[0].passage.tier is Tier.NAME:
        _disagree(aims, of_products)


def _disagree(aims: Aims, others: Sequence[Finding]) -> None:
    different = tuple(found for found in others if found.value not in aims.symbols)
    if different:
        values = tuple(_distinct(found.value for found in different))
        aims.disagreements.append(Disagreement(Aspect.TARGETS, tuple(aims.symbols), values, different))


def _of_the_disease(read: Sequence[Target], given: Sequence[str]) -> list[Target]:
    """The antigen that the patients' cells must have, from the highest place that names one.

    T cells of which no receptor is told have it as their target only where the title or the product's name says so.
    """
    found = [target for target in read if target.strength is Strength.DISEASE and not _usual_marker(target)]
    if UNSPECIFIED in given:
        found = [target for target in found if target.passage.tier is Tier.NAME]
    first = min((target.passage.tier for target in found), default=Tier.NAME)
    return [target for target in found if target.passage.tier is first]


def _usual_marker(target: Target) -> bool:
    """HER2 and EGFR divide breast and lung cancers for any treatment; there they tell nothing of the aim."""
    return target.symbol in ("ERBB2", "EGFR") and re.search(r"breast|lung", target.passage.lower) is not None


def _side_by_side(kept: Sequence[Target]) -> Target | None:
    """An antigen of a name like "CD19/CD22 CAR-T"; "or" between two says that they are two products."""
    for one in kept:
        for other in kept:
            if (
                one.passage is other.passage
                and one.passage.tier is Tier.NAME
                and one.symbol != other.symbol
                and 0 <= other.start - one.end <= _SIDE_BY_SIDE
                and not re.search(r"\bor\b", one.passage.text[one.end : other.start])
            ):
                return one
    return None


_SIDE_BY_SIDE = 8


def _fits(target: Target, given: Sequence[str]) -> bool:
    """A virus is the target of virus-specific cells and of receptors against it; for other CARs it is the setting."""
    if target.symbol == "CD274":
        return bool({CAR_T, "car_nk", "nk"}.intersection(given))
    if target.symbol not in WHOLE_VIRUSES:
        return True
    if target.strength is Strength.DISEASE:
        return False
    if {VIRUS_SPECIFIC, "tumour_antigen_t", "tcr_t", UNSPECIFIED}.intersection(given):
        return True
    return CAR_T in given and target.strength is Strength.AIMED and target.symbol in ("HIV", "HBV-S", "EBV")
