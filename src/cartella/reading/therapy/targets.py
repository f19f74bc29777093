"""Which antigens the therapy is directed at: antigens named in the therapy's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from cartella.reading.therapy.antigens import Mention, find
from cartella.reading.therapy.context import is_background
from cartella.reading.therapy.source import Passage, Tier


class Strength(IntEnum):
    """How firmly the words tie an antigen to the therapy."""

    DISEASE = 0
    """The patient's cells have it: "CD123-positive leukaemia"."""
    NAMED = 1
    """It stands in the name of an intervention: "GPC3/CD276 injection"."""
    AIMED = 2
    """The therapy is directed at it: "anti-CD22", "CD22 CAR-T", "targeting CD22"."""


@dataclass(frozen=True, slots=True)
class Target:
    """An antigen read as the target, with its place."""

    symbol: str
    strength: Strength
    passage: Passage
    start: int
    end: int
    given: bool = True
    """False if the words say that the therapy belongs to the past or to others."""


WHOLE_VIRUSES = frozenset(
    {"EBV", "HPV", "HIV", "HBV-S", "CMV-PP65", "HHV6", "VZV", "BKV-LT", "ADV-HEXON", "SARS-COV-2"}
)
"""Viruses named as a whole, which may be the target of the cells or the illness around them."""

# Antigens by which cells are sorted and counted: only an explicit aim makes them targets.
_MARKERS = frozenset({"CD4", "NCAM1", "PTPRC", "CD2", "CD5", "CD7", "CD38", "CD3E", "CD27", "FCGR3A"})
# Never aims of a receptor here: what is edited out, blocked, or used as a costimulatory domain.
_NEVER = frozenset({"PDCD1", "CD244", "CD86"})

_BETWEEN = re.compile(
    r"[\s\-/,&+x;.()'\"|]*(?:(?:and/or|and|or|plus|as well as|with|to|CAR-?T?|then)[\s\-/(]*)?"
    r"(?:(?:-?specific|-?directed|-?targeted|-?targeting|-?positive|CAR-?T?(?: cells?)?|"
    r"antigens?)[\s,/]*(?:and|or|,|/|&)?[\s]*)?"
    r"(?:(?:anti|the|human|huma?ni[sz]ed|murine|targeting)[\s-]*)?(?:h|hu|a)?\Z",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:\banti[- ]{0,2}(?:human[- ]|h)?|\btarget(?:s|ed|ing)?(?: (?:to|on|of|at|against|"
    r"for))?[\s:(-]*(?:(?:the|both|either|human|tumou?r|"
    r"surface|cell|antigens?|cells?|expressing|including|receptors?|targets?|such|as|is|are|surface antigens?|"
    r"protein|molecules?|"
    r"associated|co-expressing|of|dual|multiple|two|[\w-]*specific|personali[sz]ed|private|patient-unique|"
    r"individual\w*|B-cell|mutated|mutant|shared|oncogenic)[\s,:(-]+)*|"
    r"\bagainst(?: (?:the|both|human|antigens?|either))*\s*|\bdirect(?:ed|s|ing)?[\s-](?:against|to|toward|"
    r"towards|at)(?: (?:the|both))*\s*|"
    r"\bspecific(?:ity|ally)?[\s-](?:for|to|against)(?: (?:the|both|human|antigens?))*\s*|\brecogni[sz](?:e|es|"
    r"ing)(?: (?:the|both|human))*\s*|"
    r"\bredirected[\s-](?:to|against|towards?|at)(?: the)?\s*|\bbind(?:s|ing)?(?: to)?(?: the)?\s*|"
    r"(?:CAR|CARs|CAR-?T|CAR-?NK|CAR-?M|CART|UCART|SCAR|TCR|ATLCAR|STAR-T|receptor|MB-CART)(?:[- ]?cells?)?"
    r"(?:[-_.:/]|\s?\(|, )(?:targeting |against |anti-?|specific )?\(?|"
    r"\b(?:kill|destroy|attack|lyse|eliminate|recogni[sz]e)\w* (?:[\w-]+ ){0,3}cells? (?:that |which )?"
    r"(?:express|carry|have)\w* (?:the )?|4[- ]?1BBz |"
    r"\breactive (?:to|with|against)\s*|\bsensiti[sz]ed (?:to|with|against)\s*|\b(?:express|encod|"
    r"deliver)\w* (?:an? |the )?anti-?)\Z",
    re.IGNORECASE,
)
_WORD = (
    r"(?:autologous|allogeneic|universal|dual|double|tandem|bi-?specific|tri-?specific|bicistronic|"
    r"human(?:i[sz]ed)?|fully|"
    r"second|third|fourth|2nd|3rd|4th|generation|target\w*|directed|specific|redirected|single|compound|novel|"
    r"armou?red|enriched|donor-derived|gamma|delta|gdT|antigens?|ligands?|protein|receptors?|engineered|gene\w*|"
    r"modified|transduced|transgenic|logic|gated|nanobody|VHH|scFv|based|off-the-shelf|in|vivo|of|memory|naive|"
    r"central|"
    r"hinge|optimi[sz]ed|co-?stimulat\w+|\d?-?4-?1BBz?\w*|41BB\w*|CD28\w*|CD3\w*|CD8\w*|zeta\w*|EGFRt\w*|"
    r"expressing|IL-?\d+|mbIL\d*|iC9|iCasp9|"
    r"invivo|lentivir\w+|retrovir\w+|mRNA|RNA|DNA|non-?viral|multi|fast|rapid|chain|OX40|BB|CD137|domain|R|C|D|"
    r"reactive|restricted|peptide|cytotoxic|CD4|tumou?r|associated|affinity|low|enhanced|mutant|mutated|"
    r"(?:AND|OR|NOT)[- ]?gated?|G12[DV]|R175H|"
    r"HLA-\S+|expanded|activated|ex|polyclonal|epitope|bi|T2|cord|blood|derived|iPSC|placent\w+|injection of|"
    r"vector|switch\w*|"
    r"KO|PD-?1\w*|minor|histocompatibility|drug|\d+)"
)
_RIGHT = re.compile(
    r"[*)+]?(?:\s*\([^()]{1,40}\))?['’]?(?:[\s\-_./:,+()]*" + _WORD + r"){0,6}[\s\-_./:+(]*"
    r"(?:U?CARs?(?:\b|-?T|-?NK|-?M|[A-Z_\d])|CART|SCAR|CAAR|BiCAR|chimeric|TCRs?\b|mTCR|TCR|T[- ]cell receptor|"
    r"T[- ]?receptor|receptor T|STAR\b|TRuC|"
    r"T[- ]?cells?|T[- ]lymphocytes?|T\b(?! ?ALL|-ALL|-LBL| lymph|-lymph| ?cell lymph)|Tc\b|CTLs?\b|VSTs?\b|"
    r"NKT?\b(?! ?/|[- ]?T[- ]cell lymph)|NK-|natural killer|"
    r"BATs?\b|Bi\b|\(T2\)|28z|BBz|28BBz|28-?zeta|lymphocytes|PBLs?\b|macrophages?|T-?regs?\b|immune cells)",
    re.IGNORECASE,
)
_RIGHT_ALONE = re.compile(
    r"[*)+]?(?:\s*\([^()]{1,30}\))?[\s\-]*(?:target(?:ed|ing)|directed|redirected|specific(?:ity)?|"
    r"as (?:the |an? )?(?:[\w-]+ ){0,3}targets?)\b",
    re.IGNORECASE,
)
_NOT_RIGHT = re.compile(
    r"[*+)]?(?:\s*\([^()]{1,30}\))?[\s\-/x]*(?:(?:x[\s-]*)?CD3\b(?![\s-]*(?:zeta|z\b))[\s-]*(?:bispecific|BiTE|"
    r"T-?cell eng|antibod|bsab|mab|$|\W)|"
    r"(?:(?:targeted|directed|specific|targeting|bispecific|monoclonal|conjugated?)[\s-]*)*(?:antibod|mabs?\b|"
    r"monoclonal|BiTEs?\b|bispecific (?:antibod|T[- ]?cell eng|mab)|"
    r"T[- ]cell engag|inhibitor|blockade|ADCs?\b|drug|vaccin|immunotoxin|radio|PET\b|imaging|beads|TKI)|"
    r"(?:knock|KO\b|delet|edit|deficient|disrupt|null|gene knock|gene-)|(?:-|\s)?(?:negative|neg\b|loss|low\b|"
    r"dim\b|escape|antigen loss|na[iï]ve)|"
    r"-\s+(?!and\b|or\b|,|specific|direct|target|CAR|T\b)|"
    r"(?:B[- ]?cell[- ]?)?(?:selected|deplet\w+)|costim|co-stim|(?:CD3)?-?(?:zeta|z)\b|signal|microbead|"
    r"peptide vacc|DC\b|dendritic|pulsed)",
    re.IGNORECASE,
)
_NOT_LEFT = re.compile(
    r"(?:truncated (?:human )?|CD3[/ &and-]*|\b(?:deletion|knock-?out|disruption|editing|loss|silencing) of (?:the )?|"
    r"\bknock(?:ing|ed) out (?:the )?|lack\w* |without |negative for |anti-PD-1 |depletion of |PD-?1[/:]|"
    r"TCR(?:a/?b|ab|alphabeta)?\+?[/ and]*|IL-?)\Z",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"[*)+]?(?:\s*\([^()]{1,30}\))?(?: or other (?:markers|antigens))?"
    r"(?: (?:is|was|are|were))?(?:[\s-]*(?:positive|expressing|\+|expression|high|overexpress\w*|mutat\w+|"
    r"\(\+\)|pos\b|associated))",
    re.IGNORECASE,
)
_POSITIVE_LEFT = re.compile(
    r"(?:(?<!cells )(?<!cell )(?<!lymphocytes )(?<!CTLs )\b(?:over|co-?)?express(?:es|ing)?(?: (?:the|either|both))?|"
    r"\bpositive(?: for(?: expression of)?)?|\b(?:antigen|tumou?r) (?:profiling|testing|screening) for|"
    r"\bexpression of (?:[\w-]+[ /]){0,4}antigens?,?(?: (?:including|such as))?)"
    r"[\s:(]*\Z",
    re.IGNORECASE,
)
# Cells that carry an antibody are directed at the antibody's antigen.
_ARMED = re.compile(r"\barmed with (?:an? )?[\w\s/-]{0,40}\Z", re.IGNORECASE)
# "CAR-NK CD19": the antigen behind the cells.
_CELLS_BEFORE = re.compile(r"\bCAR-?(?:T|NK|M|macrophages?)(?: cells?)?\s\Z", re.IGNORECASE)
_ANTIBODY_NAME = re.compile(r"\banti[- ]{0,2}\Z", re.IGNORECASE)
_CELLS_AROUND = re.compile(
    r"CAR\b|CAR-?T|CART|chimeric|TCR|T[- ]?cells?|lymphocyt|CTL|NK\b|killer|leucel", re.IGNORECASE
)
_AROUND = 60
_PHENOTYPE = re.compile(
    r"\+ ?CAR\+|(?:\+|-|\s)*(?:and|/|:|,|\+|or)?\s*(?:anti-)?(?:CD8|CD4)|\+\s*(?:\w+ )?(?:T\b|T[- ]?cell|NK|cell|"
    r"regulatory|Treg|CD)|[/-]CD8|\s+T\b|\s+T[- ]?cell|\s+count|/CD45",
    re.IGNORECASE,
)


def _lists(passage: Passage) -> Iterator[list[Mention]]:
    """Antigens in a row: "CD19, CD20 and CD22"."""
    mentions = [m for m in find(passage.text, passage.lower) if m.symbol not in _NEVER]
    if not mentions:
        return
    row = [mentions[0]]
    for before, following in pairwise(mentions):
        if _BETWEEN.match(passage.text[before.end : following.start]):
            row.append(following)
        else:
            yield row
            row = [following]
    yield row


def targets_in(passage: Passage, in_cell_intervention: bool) -> Iterator[Target]:
    """The antigens of a passage with what ties them to the therapy; antigens that nothing ties are left out.

    `in_cell_intervention`: the passage is the name of a cell product, so that an antigen in it is part of that name.
    """
    text = passage.text
    for row in _lists(passage):
        start, end = row[0].start, row[-1].end
        left = text[max(0, start - 70) : start]
        armed = _ARMED.search(left) is not None
        if row[0].symbol in _MARKERS and len(row) == 1 and _PHENOTYPE.match(text, end) and not _aim_word(left):
            continue
        if not armed and (_NOT_LEFT.search(left) or (_NOT_RIGHT.match(text, end) and not any(m.glued for m in row))):
            continue
        strength = Strength.AIMED if armed else _strength(passage, left, row, in_cell_intervention)
        if strength is None or (strength is Strength.DISEASE and passage.is_intervention and row[0].symbol in _MARKERS):
            continue
        given = strength is Strength.DISEASE or not is_background(text, *_phrase(text, left, start, end))
        for mention in row:
            if not (armed and mention.symbol == "CD3E"):
                yield Target(mention.symbol, strength, passage, mention.start, mention.end, given)


def viruses_in(passage: Passage) -> Iterator[Target]:
    """The viruses named in a passage, whatever is said of them."""
    for mention in find(passage.text, passage.lower):
        if mention.symbol in WHOLE_VIRUSES:
            yield Target(mention.symbol, Strength.NAMED, passage, mention.start, mention.end)


def _aim_word(left: str) -> bool:
    return _LEFT.search(left) is not None


def _strength(passage: Passage, left: str, row: list[Mention], in_cell_intervention: bool) -> Strength | None:
    text, start, end = passage.text, row[0].start, row[-1].end
    if any(mention.glued for mention in row) or _RIGHT.match(text, end):
        return Strength.AIMED
    if _POSITIVE.match(text, end) or _POSITIVE_LEFT.search(left):
        return Strength.DISEASE
    if _ANTIBODY_NAME.search(left) and passage.tier is not Tier.NAME:
        around = text[max(0, start - _AROUND) : start] + text[end : end + _AROUND]
        return Strength.AIMED if _CELLS_AROUND.search(around) else None
    if _aim_word(left) or _RIGHT_ALONE.match(text, end):
        return Strength.AIMED
    if _CELLS_BEFORE.search(left) and row[0].symbol not in _MARKERS:
        return Strength.AIMED
    if text[start : start + 5].lower().startswith(("anti-", "hu")):
        return Strength.AIMED
    if in_cell_intervention or _listed_in_brackets(passage, row):
        return Strength.NAMED
    return None


def _listed_in_brackets(passage: Passage, row: list[Mention]) -> bool:
    """ "Dual-target CAR-NK cells for ovarian cancer (MSLN, MUC16)": several antigens, alone between brackets."""
    text, start, end = passage.text, row[0].start, row[-1].end
    alone = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return alone and len(row) > 1 and passage.tier is Tier.NAME and _CELLS_AROUND.search(text) is not None


def _phrase(text: str, left: str, start: int, end: int) -> tuple[int, int]:
    """The therapy's words around the antigens: what stands before and behind them is not counted as context."""
    before, behind = _LEFT.search(left), _RIGHT.match(text, end)
    if before is not None and before.start() < len(left):
        start -= len(left) - before.start()
    return start, behind.end() if behind else end


def strongest(targets: Iterable[Target], tier: Tier) -> list[Target]:
    """The targets read in one tier, only the firmest: a name that aims goes before the antigens of the disease."""
    found = [target for target in targets if target.passage.tier is tier]
    best = max((target.strength for target in found), default=None)
    return [] if best is None else [target for target in found if target.strength is best]
