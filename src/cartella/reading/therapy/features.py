"""Origin, construct, route, lymphodepletion and combinations, each from a table of cues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.reading.therapy.classes import CellMention, Cells, in_vivo_hit
from cartella.reading.therapy.context import is_background
from cartella.reading.therapy.cues import Hit, cues, scan
from cartella.reading.therapy.source import Passage, Tier
from cartella.trials.therapy import Origin

_GRAFT = re.compile(
    r"[\s,/()-]*(?:(?:peripheral|blood|ha?ematopoietic|ha?ematological|bone|marrow|stem|progenitor|cells?|"
    r"HLA[\w-]*|donors?|related|matched|"
    r"sibling|unrelated|T[- ]cell|replete|depleted|ex|vivo|TCR\w*|and|or|\+|reduced|intensity|"
    r"myeloablative)[\s,/()+-]+){0,6}"
    r"(?:transplant\w*|HS?CT\b|SCT\b|ASCT|BMT\b|grafts?\b|stem[- ]cells?\b(?! derived| memory)|rescue|allograft)",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(
    r"(?:\bnon-?|\bno |not |without |instead of |compared (?:with|to) |alternative to |unlike )\Z", re.IGNORECASE
)
_AFTER_GRAFT = re.compile(r"transplant|HSCT|HCT\b|SCT\b|graft|GVHD|BMT\b", re.IGNORECASE)
_DONOR = re.compile(r"donor|haplo", re.IGNORECASE)

_ONLY_NAMES = frozenset({"combinations", "lymphodepletion"})
_SUMMARY_TOO = frozenset(
    {"switches", "armour", "checkpoint_edits", "edits", "vector", "costimulation", "generation", "routes"}
)


def read_features(all_passages: Sequence[Passage]) -> dict[str, list[Hit]]:
    """All hits by aspect, names first."""
    found: dict[str, list[Hit]] = {}
    for passage in all_passages:
        if passage.field.startswith("conditions["):
            continue
        for hit in scan(cues("features.csv"), passage):
            found.setdefault(hit.group, []).append(hit)
    for hits in found.values():
        hits.sort(key=lambda hit: hit.passage.tier)
    return found


def read_origin(
    hits: Sequence[Hit], cells: Cells, given: Sequence[CellMention]
) -> tuple[Origin, Hit | CellMention | None, bool]:
    """Whose cells they are, the words that say so, and whether other words of the same weight disagree."""
    in_vivo = in_vivo_hit(cells)
    if in_vivo is not None:
        return Origin.IN_VIVO, in_vivo, False
    usable = [
        hit
        for hit in hits
        if not _GRAFT.match(hit.passage.text, hit.end)
        and not _NOT_GIVEN.search(hit.passage.text[max(0, hit.start - 16) : hit.start])
        and not is_background(hit.passage.text, hit.start, hit.end)
    ]
    for tier in Tier:
        here = [hit for hit in usable if hit.passage.tier is tier]
        if here:
            best = _nearest(here, given)
            origin = Origin(best.value)
            if origin is Origin.HEALTHY_DONOR and (
                _DONOR.match(best.passage.text, best.start) or all(m.family == "donor_lymphocytes" for m in given)
            ):
                origin = _kind_of_donor(best, here, given)
            others = {hit.value for hit in here if _distance(hit, given) <= _NEAR} - {best.value, origin.value}
            contested = bool(others) or _EITHER.search(best.passage.text) is not None
            known = next((mention for mention in given if _known_origin(mention) is not Origin.UNKNOWN), None)
            if contested and known is not None:
                return _known_origin(known), known, False
            return origin, best, contested
    for mention in given:
        if _known_origin(mention) is not Origin.UNKNOWN:
            return _known_origin(mention), mention, False
    return Origin.UNKNOWN, None, False


_EITHER = re.compile(
    r"autologous(?: T[- ]?cells?)? (?:or|and|and/or) (?:donor|allogen)|"
    r"(?:donor-derived|allogeneic) (?:or|and|and/or) autologous",
    re.IGNORECASE,
)


def _known_origin(mention: CellMention) -> Origin:
    return Origin.UNKNOWN if mention.product is None else mention.product.product.origin


_NEAR = 60
_FAR = 10_000


def _distance(hit: Hit, given: Sequence[CellMention]) -> int:
    return min(
        (
            max(hit.start - mention.end, mention.start - hit.end, 0)
            for mention in given
            if mention.passage.field == hit.passage.field
        ),
        default=_FAR,
    )


_RANK = {"in_vivo": 0, "transplant_donor": 1, "cell_line": 2, "healthy_donor": 3, "autologous": 3}


def _nearest(hits: Sequence[Hit], given: Sequence[CellMention]) -> Hit:
    """The words nearest to the cells that are given; of those next to them the most telling."""
    return min(hits, key=lambda hit: (_distance(hit, given) > _NEAR, _RANK[hit.value], _distance(hit, given)))


def _kind_of_donor(best: Hit, hits: Sequence[Hit], given: Sequence[CellMention]) -> Origin:
    """Donor-derived cells around a transplant are the transplant donor's, unless a third person gives them."""
    words = " ".join(hit.passage.text[hit.start : hit.end] for hit in hits)
    if _THIRD_PERSON.search(words):
        return Origin.HEALTHY_DONOR
    around = [best.passage.text, *(mention.passage.text for mention in given)]
    return Origin.TRANSPLANT_DONOR if any(_AFTER_GRAFT.search(text) for text in around) else Origin.HEALTHY_DONOR


_THIRD_PERSON = re.compile(r"third|universal|shelf|healthy|unrelated", re.IGNORECASE)

_HLA = re.compile(
    r"\bHLA[- ]?(?P<gene>A|B|C|DR|DRB1|DP|DPB1|DQ|DQB1)\W{0,2}(?P<group>\d{2})(?::?(?P<allele>\d{2}))?(?!\d)|"
    r"\bHLA[- ]?(?P<short>A)(?P<two>2|1|11|24|3)(?:\+|\b)"
    r"|\bA\*(?P<bare>\d{2}):?(?P<bare2>\d{2})?"
)


def read_hla(all_passages: Sequence[Passage]) -> list[tuple[str, Passage, int, int]]:
    """HLA types named with the therapy, as "HLA-A*02:01" or, where only the group is told, "HLA-A*02"."""
    found: list[tuple[str, Passage, int, int]] = []
    for passage in all_passages:
        if "hla" not in passage.lower and "a*" not in passage.lower:
            continue
        for match in _HLA.finditer(passage.text):
            if match["gene"]:
                value = f"HLA-{match['gene']}*{match['group']}" + (f":{match['allele']}" if match["allele"] else "")
            elif match["short"]:
                value = f"HLA-A*{int(match['two']):02d}"
            else:
                value = f"HLA-A*{match['bare']}" + (f":{match['bare2']}" if match["bare2"] else "")
            found.append((value, passage, match.start(), match.end()))
    longer = {value for value, *_ in found}
    return [item for item in found if not any(other != item[0] and other.startswith(item[0] + ":") for other in longer)]


def wanted(aspect: str, hit: Hit) -> bool:
    """Whether a cue may be read in this passage: combinations only from names, constructs from every passage."""
    if aspect in _ONLY_NAMES and hit.passage.tier is not Tier.NAME and not hit.passage.field.startswith("arms["):
        return False
    if aspect not in _ONLY_NAMES and aspect not in _SUMMARY_TOO:
        return False
    if aspect == "combinations" and is_background(hit.passage.text, hit.start, hit.end):
        return False
    return not _NOT_GIVEN.search(hit.passage.text[max(0, hit.start - 16) : hit.start])
