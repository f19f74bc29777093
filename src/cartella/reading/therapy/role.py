"""What part the study plays: does it give the cells, follow those who had them, help them, or look on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cartella.reading.therapy.classes import UNNAMED, UNSPECIFIED, CellMention, Cells
from cartella.reading.therapy.cues import Hit, cues, scan
from cartella.reading.therapy.source import Passage, Tier
from cartella.trials.study import Study
from cartella.trials.therapy import Bucket


@dataclass(frozen=True, slots=True)
class Role:
    """`bucket` is None where the study gives the cells; then class and disease decide. `mentions` are the cells meant."""

    bucket: Bucket | None
    mentions: tuple[CellMention, ...]
    roles: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    review: tuple[str, ...] = ()


_NOT_AN_AGENT = re.compile(
    r"questionnair|survey|quality|biospecimen|collection|sampl|blood (?:draw|with|test|collect|pressure)|blood$|biopsy|computed|tomograph|imaging|MRI|PET\b|scan|assessment|"
    r"monitor|audio|task|echocardio|follow|observ|no interven|none|test|record|interview|laborator|analysis|biomarker|standard of care|best practice|"
    r"lumbar|aspirat|x-?ray|wearable|device|visit|registry|data|chart|evaluation|measure|procedure|electronic|apheresis|punctur",
    re.IGNORECASE,
)
_CONDITIONING = re.compile(
    r"fludarabine|cyclophosph|lymphodeplet|conditioning|bendamustine|leukapheresis|apheresis|flu/?cy|aldesleukin|interleukin-2|IL-2",
    re.IGNORECASE,
)
_STANDARD = re.compile(r"standard[- ]of[- ]care|commercial|per label|background", re.IGNORECASE)
_GENE_MODIFIED = re.compile(
    r"gene[- ]?(?:tically)?[- ](?:modified|engineered|transferred) (?:T|lymph|cell|auto|allo|immune)|gene therapy (?:\(GT\) )?products|engineered T|cell(?:ular)? (?:and gene )?therap|CAR\b|adoptive|T[- ]cells?|leucel|-cel\b",
    re.IGNORECASE,
)
_HLA_AND_ANTIGEN = re.compile(
    r"HLA[\w ,/*:-]*(?:expression|antigen)|(?:expression|antigen)[\w ,/*:-]*HLA", re.IGNORECASE
)
_LYMPHOCYTES = re.compile(r"T[- ]?cells?|lymphocyt|leukocyt|leukapheresis|PBMC|mononuclear", re.IGNORECASE)
_INFECTION = re.compile(r"infection|CMV|cytomegalo", re.IGNORECASE)
_TRIAL = re.compile(
    r"phase|trial|efficacy|safety|pilot|feasib|randomi[sz]ed|study of (?!patients|voice)|supplement|chemotherapy|\w(?:mab|nib|clax|mide)\b|maintenance",
    re.IGNORECASE,
)
_BRIDGING = re.compile(r"bridging|bridge|maintenance|consolidat|priming", re.IGNORECASE)
_AFTER_CELLS = re.compile(r"\b(?:after|following|post|post-|relaps\w*|fail\w*|progress\w*)\b", re.IGNORECASE)


_LOOKS_ON = re.compile(
    r"(?:this|the|an?|our) (?:[\w-]+[, ]+){0,5}(?:observational|retrospective|registry|non-?interventional|quality[- ]of[- ]life|"
    r"cross-sectional|ambispective) (?:[\w-]+ ){0,4}(?:study|trial|registry|research|cohort)|chart review|database of|"
    r"collect(?:ing|ion of)? (?:[\w-]+ ){0,3}data|observational study",
    re.IGNORECASE,
)


def read_role(study: Study, all_passages: Sequence[Passage], cells: Cells) -> Role:
    """The study's part, from its titles, the names of its interventions, its type and, last, its summary."""
    titles = [passage for passage in all_passages if passage.is_title]
    hits = [hit for title in titles for hit in scan(cues("roles.csv"), title)]
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.group, []).append(hit)
    named = cells.in_tier(Tier.NAME)
    in_titles = [mention for mention in named if mention.passage.is_title]
    given_in_titles = [mention for mention in in_titles if mention.given]
    given_by_intervention = [
        mention
        for mention in named
        if mention.given and mention.passage.is_intervention and not _STANDARD.search(mention.passage.text)
    ]
    given = given_in_titles + given_by_intervention
    anything = list(cells.mentions)
    agents = [
        passage
        for passage in all_passages
        if passage.field.endswith("].name")
        and not _NOT_AN_AGENT.search(passage.text)
        and not any(mention.passage is passage for mention in named)
    ]
    other_agents = [passage for passage in agents if not _CONDITIONING.search(passage.text)]
    kind = (study.study_type or "").upper()
    roles: list[str] = []
    if "multi_arm" in groups and given:
        roles.append("multi_arm")

    def answer(
        bucket: Bucket | None, mentions: Sequence[CellMention], role: str | None, *names: str, review: str = ""
    ) -> Role:
        told = tuple(hit for name in names for hit in groups.get(name, ()))
        return Role(
            bucket, tuple(mentions), tuple([*roles, role] if role else roles), told, (review,) if review else ()
        )

    if anything and ("EXPANDED" in kind or "expanded_access" in groups):
        return answer(Bucket.EXPANDED_ACCESS, given or named or anything, None, "expanded_access")
    follow_up = groups.get("long_term_follow_up", [])
    if (
        follow_up
        and given_by_intervention
        and given_in_titles
        and all(hit.passage.field == "official_title" for hit in follow_up)
    ):
        follow_up = []
    if follow_up and (named or anything or any(_GENE_MODIFIED.search(t.text) for t in titles)):
        if anything or any(_GENE_MODIFIED.search(title.text) for title in titles):
            return answer(Bucket.LONG_TERM_FOLLOW_UP, named or anything, None, "long_term_follow_up")
    if not named and "screening" in groups and (anything or any(_HLA_AND_ANTIGEN.search(t.text) for t in titles)):
        return answer(Bucket.OBSERVATIONAL, anything, "screening", "screening")
    if not named and "collection" in groups and any(_LYMPHOCYTES.search(title.text) for title in titles):
        return answer(Bucket.OBSERVATIONAL, anything, "collection", "collection")
    if not named:
        return _from_the_summary(cells, all_passages, groups, kind)
    if "manufacturing" in groups and not given_by_intervention:
        return answer(Bucket.NOT_CELL_THERAPY, named, "manufacturing", "manufacturing")
    for name in ("collection", "screening"):
        if name in groups and not given_by_intervention and not _infusion_title(given_in_titles, groups[name]):
            return answer(Bucket.OBSERVATIONAL, named, name, name)
    toxicity = [
        hit
        for hit in groups.get("supportive", ())
        if not (given_in_titles and _INFECTION.search(hit.passage.text[hit.start : hit.end]))
    ]
    if toxicity and not any(_leads(mention, toxicity) for mention in given_in_titles) and (in_titles or other_agents):
        if not (given_by_intervention and not in_titles and not other_agents):
            return answer(Bucket.SUPPORTIVE, named, None, "supportive")
    if "OBSERVATIONAL" in kind:
        return answer(Bucket.OBSERVATIONAL, named, None, "observational", "measuring")
    if "observational" in groups:
        review = (
            "titled_retrospective_but_interventional" if _retrospective(groups) and "INTERVENTIONAL" in kind else ""
        )
        return answer(Bucket.OBSERVATIONAL, named, None, "observational", review=review)
    if "measuring" in groups and (not given_by_intervention or (in_titles and not given_in_titles)):
        if not other_agents or not given_in_titles:
            if not given_in_titles or (
                not given_by_intervention and _measures_first(given_in_titles, groups["measuring"])
            ):
                return answer(Bucket.OBSERVATIONAL, named, None, "measuring")
    if not given:
        untold = not any(passage.is_intervention for passage in all_passages)
        if other_agents or (untold and ("sequencing" in groups or any(_TRIAL.search(t.text) for t in titles))):
            return answer(Bucket.SUPPORTIVE, named, "sequencing", "sequencing")
        return answer(Bucket.OBSERVATIONAL, named, None, "measuring")
    in_summary = cells.in_tier(Tier.SUMMARY)
    bridging = any(_BRIDGING.search(title.text) for title in titles)
    if (
        bridging
        and other_agents
        and not given_by_intervention
        and in_summary
        and not any(mention.given for mention in in_summary)
    ):
        return answer(Bucket.SUPPORTIVE, named, "sequencing", "sequencing")
    looked_at = [passage for passage in all_passages if passage.field.endswith("].name")]
    if not given_by_intervention and (
        (looked_at and not agents and not any(mention.passage.is_intervention for mention in named))
        or any(_LOOKS_ON.search(passage.text) for passage in all_passages if passage.tier is Tier.SUMMARY)
    ):
        return answer(Bucket.OBSERVATIONAL, named, None, "measuring")
    if in_titles and not given_in_titles and other_agents:
        after = any(_AFTER_CELLS.search(mention.passage.text[: mention.start]) for mention in in_titles)
        standard = any(_STANDARD.search(passage.text) for passage in all_passages)
        if after or standard or bridging:
            return answer(Bucket.SUPPORTIVE, named, "sequencing", "sequencing")
    return answer(None, given, None)


def _leads(mention: CellMention, cue_hits: Sequence[Hit]) -> bool:
    """True if the cells are named before the words of help: "CAR-T with CRS suppression" gives the CAR-T."""
    here = [hit for hit in cue_hits if hit.passage is mention.passage]
    return not here or mention.start <= min(hit.start for hit in here)


def _infusion_title(given: Sequence[CellMention], cue_hits: Sequence[Hit]) -> bool:
    return any(_leads(mention, cue_hits) for mention in given)


def _measures_first(given: Sequence[CellMention], cue_hits: Sequence[Hit]) -> bool:
    return not any(_leads(mention, cue_hits) for mention in given)


def _retrospective(groups: dict[str, list[Hit]]) -> bool:
    return any(hit.value == "retrospective" for hit in groups.get("observational", ()))


_TELLS = re.compile(
    r"infus|administ|receiv|inject|dose|safety|efficac|treat|evaluat|assess|tolerab|determin|purpose|study|trial|give|explor",
    re.IGNORECASE,
)
_MIDDLE = re.compile(r"[.!?](?=\s+[A-Z])")


def _sentence(text: str, start: int, end: int) -> str:
    left = [match.end() for match in _MIDDLE.finditer(text, 0, start)]
    right = _MIDDLE.search(text, end)
    return text[left[-1] if left else 0 : right.start() if right else len(text)]


def _from_the_summary(cells: Cells, all_passages: Sequence[Passage], groups: dict[str, list[Hit]], kind: str) -> Role:
    """Title and interventions name no cells. They are given only if a sentence says that they are what is studied."""
    names = _codes(all_passages)
    told_of = [passage.text for passage in all_passages if passage.tier is Tier.NAME]
    cell_words = any(_CELL_WORDS.search(text) for text in told_of) and not any(_DRUG.search(text) for text in told_of)
    vaccine = any(_VACCINE.search(text) for text in told_of)
    told = [
        mention
        for mention in cells.mentions
        if mention.given
        and not (vaccine and mention.family in _WEAK)
        and not mention.passage.field.startswith("conditions[")
        and _says_given(_sentence(mention.passage.text, mention.start, mention.end), mention, names, cell_words)
    ]
    if not told:
        return _about_the_treated(cells, groups, coded=bool(names))
    looks_on = any(_LOOKS_ON.search(passage.text) for passage in all_passages if passage.tier is Tier.SUMMARY)
    if "OBSERVATIONAL" in kind or "observational" in groups or "measuring" in groups or looks_on:
        return Role(
            Bucket.OBSERVATIONAL, tuple(told), hits=tuple(groups.get("observational", groups.get("measuring", ())))
        )
    if "supportive" in groups:
        return Role(Bucket.SUPPORTIVE, tuple(told), hits=tuple(groups["supportive"]))
    return Role(None, tuple(told))


_POPULATION = re.compile(
    r"(?:receiv|undergo|treated with|recipient|planned for|scheduled for|eligible for|candidates? for|before and after)[\w ,/()-]{0,60}\Z",
    re.IGNORECASE,
)


def _about_the_treated(cells: Cells, groups: dict[str, list[Hit]], coded: bool) -> Role:
    """A study that helps or observes, whose summary says that its people receive such cells."""
    people = [
        mention
        for mention in cells.in_tier(Tier.SUMMARY)
        if _POPULATION.search(mention.passage.text[max(0, mention.start - 80) : mention.start])
    ]
    enrolled = [mention for mention in cells.mentions if mention.passage.field.startswith("conditions[")]
    if enrolled and not coded:
        return Role(Bucket.SUPPORTIVE if "measuring" not in groups else Bucket.OBSERVATIONAL, tuple(enrolled))
    for name, bucket in (
        ("supportive", Bucket.SUPPORTIVE),
        ("observational", Bucket.OBSERVATIONAL),
        ("measuring", Bucket.OBSERVATIONAL),
    ):
        if people and name in groups:
            return Role(bucket, tuple(people), hits=tuple(groups[name]))
    return Role(Bucket.NOT_CELL_THERAPY, ())


_VACCINE = re.compile(r"vaccin|peptide|sublingual|allerg", re.IGNORECASE)
_WEAK = frozenset({UNSPECIFIED, UNNAMED, "tumour_antigen_t", "nk", "dendritic_vaccine", "donor_lymphocytes", "til"})
_INFUSED = re.compile(
    r"infus(?!ion reaction)|administ|inject|transfus|reinfus|adoptive|receiv\w+[\w ,()+-]{0,60}(?:cells|lymphocytes)|given back|own T",
    re.IGNORECASE,
)
_CELL_WORDS = re.compile(
    r"T[- ]?cells?\b|cells? (?:therap|inject|infus|product|suspension|treat)|cellular|immunotherap|gene[- ](?:therap|modif)|"
    r"injection|transplant|vector|\bcar",
    re.IGNORECASE,
)
_DRUG = re.compile(r"\w(?:mab|nib|clax|lidomide|domide|stat|platin|rubicin|taxel|citidine|cept)\b", re.IGNORECASE)
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z][\w-]{2,}|\b\w+-cel\b|\b\w+leucel\b")


def _codes(all_passages: Sequence[Passage]) -> set[str]:
    """Code names in titles and interventions ("SYNCAR-001")."""
    return {
        match[0].lower()
        for passage in all_passages
        if passage.tier is Tier.NAME
        for match in _CODE.finditer(passage.text)
    }


def _says_given(sentence: str, mention: CellMention, names: set[str], cell_words: bool) -> bool:
    lower = sentence.lower()
    if mention.family == UNNAMED:
        return mention.passage.text[mention.start : mention.end].lower().split()[0] in names
    if mention.family in _WEAK and not _INFUSED.search(sentence):
        return False
    if any(name in lower for name in names):
        return True
    return cell_words and _TELLS.search(sentence) is not None and mention.family != "nk"
