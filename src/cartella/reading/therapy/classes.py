"""Which kinds of cells a study speaks of, and which of them it gives."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cartella.reading.therapy.context import is_background
from cartella.reading.therapy.cues import Hit, cues, scan
from cartella.reading.therapy.products import NamedProduct, named_products
from cartella.reading.therapy.source import Passage, Tier
from cartella.trials.therapy import CellClass, Origin

CAR_T = "car_t"
UNSPECIFIED = "t_cell_unspecified"
UNNAMED = "cells_unspecified"
VIRUS_SPECIFIC = "virus_specific_t"

# A product's classes as families of cues: origin and construct are read elsewhere.
_FAMILY_OF_CLASS = {
    CellClass.CAR_T_AUTOLOGOUS: CAR_T,
    CellClass.CAR_T_ALLOGENEIC: CAR_T,
    CellClass.CAR_T_TRANSPLANT_DONOR: CAR_T,
    CellClass.CAR_T_IN_VIVO: CAR_T,
    CellClass.CAR_T_UNSPECIFIED: CAR_T,
    CellClass.CAR_T_TCR_MIMIC: CAR_T,
}
CONSTRUCTS = frozenset(
    {
        CellClass.CAR_T_DUAL,
        CellClass.CAR_T_TANDEM,
        CellClass.CAR_T_SEQUENTIAL,
        CellClass.CAR_T_ARMOURED,
        CellClass.CAR_T_LOGIC_GATED,
        CellClass.CAR_T_ADAPTER,
        CellClass.CAR_T_DRUG_CONTROLLED,
        CellClass.CAR_T_TCR_MIMIC,
    }
)
RECEPTOR_FAMILIES = frozenset(
    {CAR_T, "car_nk", "car_nkt", "car_macrophage", "tcr_t", "tcr_fusion", "car_treg", "caar_t"}
)
_CAR_FAMILIES = frozenset({CAR_T, "car_nk", "car_nkt", "car_macrophage", "car_treg", "caar_t", "gamma_delta_t"})

# Whichever stands on the left makes the mention on the right, over the same words, a part of its own name.
_NARROWER = {
    "car_nk": {CAR_T, "nk"},
    "car_nkt": {CAR_T, "car_nk", "nk"},
    "car_macrophage": {CAR_T},
    "car_treg": {CAR_T},
    "caar_t": {CAR_T},
    "til_edited": {"til"},
    "armed_t": {CAR_T},
    "tcr_fusion": {CAR_T, "tcr_t"},
    "nk": {"tcr_t"},
}
# A study that gives the one names the other only as its material or its rationale.
_EXCLUDES = {
    CAR_T: {UNSPECIFIED, "tumour_antigen_t", "donor_lymphocytes"},
    "tcr_t": {UNSPECIFIED, "tumour_antigen_t", "donor_lymphocytes"},
    "tcr_fusion": {UNSPECIFIED, "tumour_antigen_t"},
    "car_nk": {"nk", UNSPECIFIED},
    "car_nkt": {"nk", UNSPECIFIED},
    "car_macrophage": {UNSPECIFIED},
    "car_treg": {CAR_T, UNSPECIFIED, "donor_lymphocytes"},
    "caar_t": {UNSPECIFIED},
    "til_edited": {"til", UNSPECIFIED},
    "til": {UNSPECIFIED, "tumour_antigen_t"},
    "gamma_delta_t": {UNSPECIFIED, CAR_T},
    "cik": {UNSPECIFIED, "dendritic_vaccine"},
    "virus_specific_t": {UNSPECIFIED, "donor_lymphocytes"},
    "tumour_antigen_t": {UNSPECIFIED, "donor_lymphocytes"},
    "armed_t": {UNSPECIFIED},
    "donor_lymphocytes": {UNSPECIFIED},
    "nk": {UNSPECIFIED},
}

_READOUT = re.compile(
    r"[\s(),-]*(?:\(?TILs?\)?[\s,-]*)?(?:scor|densit|count|level|marker|as (?:a )?(?:marker|predict|prognos)|"
    r"assess|evaluat|quantif|"
    r"in (?:breast|early|primary|the tumou?r|resected|triple|HER2)|presence|"
    r"and (?:response|outcome|PD-?L1|prognos|antibody response|HER2)|predict|prognos|respon|infiltrat|"
    r"percentage|expression|analysis|status|during)",
    re.IGNORECASE,
)
_READOUT_BEFORE = re.compile(
    r"(?:stromal|intra-?tumou?ral|peri-?tumou?ral|density of|level of|levels of|number of|"
    r"evaluation of(?: circulating T[- ]cells and)?|high|low|"
    r"amount of|presence of|percentage of|assessment of|role of|increase in|effects? (?:of|on)[\w ,-]{0,60}|"
    r"changes? in|induction of)[\s,]*(?:the )?\Z",
    re.IGNORECASE,
)
_TIL_AS_READOUT = re.compile(
    r"(?:level|density|number|amount|percentage|score|presence|evaluation|assessment|role|prognos\w+|"
    r"predict\w+|stromal)"
    r"[\w ,()/-]{0,60}(?:\bTILs?\b|tumou?r[- ]infiltrating)|(?:\bTILs?\b|tumou?r[- ]infiltrating lymphocytes?)"
    r"[\s()]*(?:TILs?\)?\s*)?(?:scor|densit|count|level|as |in breast|guided)",
    re.IGNORECASE,
)
_GIVEN_CELLS = re.compile(
    r"adoptive|infus|re-?inject|aldesleukin|lymphodeplet|lympho-deplet|cell(?:ular)? therap|TIL therap|"
    r"lifileucel|LN-?14|ex vivo|"
    r"autologous|young TIL|expanded|phase (?:I|1|2)|immunotherap|adjuvant therapy|engineered|product|"
    r"administer|combining|augmented|reinfus",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CellMention:
    """Cells named in a passage; `given` unless the words say that they belong to the past or to others."""

    family: str
    passage: Passage
    start: int
    end: int
    given: bool
    product: NamedProduct | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """All that the study's words say about cells."""

    mentions: tuple[CellMention, ...]
    constructs: tuple[Hit, ...]

    def in_tier(self, tier: Tier, given: bool | None = None) -> list[CellMention]:
        return [
            mention
            for mention in self.mentions
            if mention.passage.tier is tier and (given is None or mention.given is given)
        ]


def read_cells(all_passages: Sequence[Passage]) -> Cells:
    """Every mention of cells and of constructs."""
    mentions: list[CellMention] = []
    constructs: list[Hit] = []
    for passage in all_passages:
        products = [
            CellMention(family, passage, named.start, named.end, True, named)
            for named in named_products(passage)
            for family in product_families(named.product.classes)
        ]
        hits = []
        for hit in scan(cues("classes.csv"), passage):
            if hit.group == "construct":
                constructs.append(hit)
                if hit.value == "in_vivo" and _in_vivo_for_sure(hit):
                    hits.append(Hit(CAR_T, "family", passage, hit.start, hit.end))
            else:
                hits.append(hit)
        mentions += _tidy(products, hits, passage)
    mentions = _without_namesakes(mentions, all_passages)
    if any(_TIL_AS_READOUT.search(passage.text) for passage in all_passages if passage.is_title):
        mentions = [mention for mention in mentions if mention.family != "til"]
    if any(mention.family == "til" and mention.product is None for mention in mentions) and not any(
        _GIVEN_CELLS.search(passage.text) for passage in all_passages
    ):
        mentions = [mention for mention in mentions if mention.family != "til"]
    return Cells(tuple(mentions), tuple(constructs))


_NAMESAKE = re.compile(
    r"antiretroviral|anti-retroviral|ascites|androstane|coronary|albumin ratio|car seat|cart program|shopping|"
    r"vehicle|"
    r"carbapenem|cardiac|constitutive|carotid",
    re.IGNORECASE,
)
_CELLS_ABOUT = re.compile(
    r"T[- ]?cells?\b|T[- ]lymphocytes?|CD\d\d?|chimeric|CAR[- ]T|lymphodeplet|infus|leuk|lymphom|myelom|BCMA|"
    r"autologous",
    re.IGNORECASE,
)


def _without_namesakes(mentions: list[CellMention], all_passages: Sequence[Passage]) -> list[CellMention]:
    """CART and CAR alone mean cells only where nothing explains them otherwise and something tells of cells."""
    if not any(mention.ambiguous for mention in mentions) or any(
        not mention.ambiguous and mention.family in RECEPTOR_FAMILIES for mention in mentions
    ):
        return mentions
    if any(_NAMESAKE.search(passage.text) for passage in all_passages) or not any(
        _CELLS_ABOUT.search(passage.text) for passage in all_passages
    ):
        return [mention for mention in mentions if not mention.ambiguous]
    return mentions


def product_families(classes: Iterable[CellClass]) -> set[str]:
    """The families of cues that a product's classes belong to."""
    return {_FAMILY_OF_CLASS.get(value, value.value) for value in classes if value not in CONSTRUCTS} or {CAR_T}


def _tidy(products: list[CellMention], hits: list[Hit], passage: Passage) -> list[CellMention]:
    """The mentions of a passage: parts of other names and readouts left out, each seen in the words around it."""
    text = passage.text
    kept: list[Hit] = []
    spans_of = _spans_of(hits)
    spans_of_products = _spans_of(products)
    for hit in hits:
        narrower = any(
            _overlaps(spans_of[family], hit)
            for family, parts in _NARROWER.items()
            if hit.value in parts and family in spans_of
        )
        part = hit.value in _PARTS and any(
            _overlaps(spans, hit) for family, spans in spans_of_products.items() if family != hit.value
        )
        readout = (hit.value == "til" and _READOUT.match(text, hit.end)) or (
            hit.value in _COUNTED and _READOUT_BEFORE.search(text[max(0, hit.start - 90) : hit.start])
        )
        domain = hit.value == "tcr_t" and _SIGNALLING.match(text, hit.end)
        if not (narrower or part or readout or domain):
            kept.append(hit)
    spans = sorted([(hit.start, hit.end) for hit in kept] + [(product.start, product.end) for product in products])
    given = _given(spans, text)
    found = [replace(product, given=given[(product.start, product.end)]) for product in products]
    found += [
        CellMention(
            hit.value, passage, hit.start, hit.end, given[(hit.start, hit.end)], ambiguous=hit.group == "ambiguous"
        )
        for hit in kept
    ]
    return found


_JOINT = re.compile(r"[\s()/,.-]{0,3}\Z")


def _given(spans: list[tuple[int, int]], text: str) -> dict[tuple[int, int], bool]:
    """Mentions that touch are one phrase: what stands before "chimeric antigen receptor" holds for "(CAR)" too."""
    found: dict[tuple[int, int], bool] = {}
    index = 0
    while index < len(spans):
        start, end = spans[index]
        following = index + 1
        while following < len(spans) and (spans[following][0] < end or _JOINT.match(text[end : spans[following][0]])):
            end = max(end, spans[following][1])
            following += 1
        given = not is_background(text, start, end)
        found |= dict.fromkeys(spans[index:following], given)
        index = following
    return found


# "TCR and 4-1BB signalling domains": the T-cell receptor's chain in a chimeric receptor.
_SIGNALLING = re.compile(
    r"\W{0,3}(?:z|zeta)?\W{0,3}(?:and|with)?\W{0,3}(?:4-1BB|41BB|CD28|CD137|signal)", re.IGNORECASE
)
# Cells that studies also count and look at without giving them.
_COUNTED = frozenset({"til", "gamma_delta_t", "virus_specific_t", "tumour_antigen_t", UNSPECIFIED, "nk"})
_PARTS = frozenset({CAR_T, UNSPECIFIED, "nk", "til"})


def _spans_of(found: Iterable[Hit | CellMention]) -> dict[str, list[tuple[int, int]]]:
    """The places of each family, in order."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for item in found:
        spans.setdefault(item.value if isinstance(item, Hit) else item.family, []).append((item.start, item.end))
    for places in spans.values():
        places.sort()
    return spans


_LONGEST = 400


def _overlaps(spans: list[tuple[int, int]], hit: Hit) -> bool:
    """True if one of the ordered places shares a character with the hit; no place is longer than `_LONGEST`."""
    first, last = bisect_left(spans, (hit.start - _LONGEST, 0)), bisect_left(spans, (hit.end, 0))
    return any(hit.start < end for _, end in spans[first:last])


# "Chimeric antigen receptor" alone does not say in which cell the receptor is.
_OTHER_CARRIERS = frozenset(
    {"car_nk", "car_nkt", "car_macrophage", "car_treg", "caar_t", "gamma_delta_t", "cik", "dendritic_vaccine"}
)
_T_CELL = re.compile(r"\bT\b|T[- ]|CART|lymphocyt|CTL|PBL|SCAR|\bUCAR|leucel|cabtagene|-T\b", re.IGNORECASE)


def families(mentions: Iterable[CellMention]) -> list[str]:
    """The families named, the less telling ones left out where a more telling one is there."""
    mentions = list(mentions)
    named = list(dict.fromkeys(mention.family for mention in mentions))
    if _OTHER_CARRIERS.intersection(named) and not any(
        mention.product or _T_CELL.search(mention.passage.text[mention.start : mention.end])
        for mention in mentions
        if mention.family == CAR_T
    ):
        named = [family for family in named if family != CAR_T]
    dropped: set[str] = {UNNAMED} if len(named) > 1 else set()
    for family in named:
        dropped |= _EXCLUDES.get(family, set())
    return [family for family in named if family not in dropped]


_NEAR_CAR = re.compile(
    r"CAR\b|CAR-?T|CARs\b|UCAR|CART|chimeric|SCAR|TCR|KITE|T[- ]cells?|NK\b|generation|leucel|gated|TRUCK|"
    r"immune effector",
    re.IGNORECASE,
)
_ENGAGER = re.compile(r"[\w\s/,()-]{0,25}(?:antibod|T[- ]cell engag|BiTE|mabs?\b|BsAb|anti-?CD3)", re.IGNORECASE)
# "CAR-T versus bispecific": what the cells are compared with.
_COMPARED = re.compile(r"(?:\bvs\.?|versus|compared (?:to|with)|\bor)\s+(?:an? |the )?\Z", re.IGNORECASE)
_REACH = 70


def read_constructs(cells: Cells, given: Sequence[str], targets: int) -> dict[CellClass, Hit]:
    """The constructs of the receptor; `targets` is how many antigens it is directed at."""
    if not _CAR_FAMILIES.intersection(given):
        return {}
    found: dict[CellClass, Hit] = {}
    for hit in sorted(cells.constructs, key=lambda hit: hit.passage.tier):
        if hit.value == "in_vivo":
            continue
        value = CellClass(hit.value)
        if value in found or (value is CellClass.CAR_T_SEQUENTIAL and targets < 2):
            continue
        text = hit.passage.text
        around = text[max(0, hit.start - _REACH) : hit.end + _REACH]
        if not _NEAR_CAR.search(around):
            continue
        if value is CellClass.CAR_T_DUAL and (
            _ENGAGER.match(text, hit.end)
            or _COMPARED.search(text[max(0, hit.start - 20) : hit.start])
            or (hit.passage.tier is not Tier.NAME and targets == 1)
        ):
            continue
        if is_background(text, hit.start, hit.end):
            continue
        found[value] = hit
    return found


def in_vivo_hit(cells: Cells) -> Hit | None:
    """The words that say that the receptor is made inside the patient."""
    for hit in sorted(cells.constructs, key=lambda hit: hit.passage.tier):
        if hit.value == "in_vivo" and _in_vivo_for_sure(hit):
            return hit
    return None


_IN_VIVO_SURE = re.compile(
    r"in[- ]vivo (?:(?:cluster of differentiation \d+|[\w()/+-]*(?:CD\d|BCMA|targeted|dual|anti-|specific|"
    r"directed)[\w()/+-]*)[ -]"
    r"(?:\(CD\d+\)-?)?(?:targeted )?){0,4}?(?:CAR\b|CAR-?T|chimeric|generat\w+ (?:of )?CAR|engineer|"
    r"gene (?:edit|deliver|transfer)|"
    r"program|reprogram)|LNP|lipid|\bUB-|ESO-T|\bINT-?2",
    re.IGNORECASE,
)


def _in_vivo_for_sure(hit: Hit) -> bool:
    return hit.passage.tier is Tier.NAME or bool(_IN_VIVO_SURE.search(hit.passage.text[hit.start : hit.end + 40]))


CLASS_OF_ORIGIN = {
    Origin.AUTOLOGOUS: CellClass.CAR_T_AUTOLOGOUS,
    Origin.HEALTHY_DONOR: CellClass.CAR_T_ALLOGENEIC,
    Origin.CELL_LINE: CellClass.CAR_T_ALLOGENEIC,
    Origin.TRANSPLANT_DONOR: CellClass.CAR_T_TRANSPLANT_DONOR,
    Origin.IN_VIVO: CellClass.CAR_T_IN_VIVO,
    Origin.UNKNOWN: CellClass.CAR_T_UNSPECIFIED,
}
