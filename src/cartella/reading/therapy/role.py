"""What part the study plays: does it give the cells, follow those who had them, help them, or look on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cartella.reading.therapy.classes import (
    RECEPTOR_FAMILIES,
    UNNAMED,
    UNSPECIFIED,
    CellMention,
    Cells,
    families,
)
from cartella.reading.therapy.cues import Hit, cues, scan
from cartella.reading.therapy.source import Passage, Tier
from cartella.reading.therapy.told import DRUG, among_conditions, code_names, had_by_participants, studied
from cartella.trials.study import Study
from cartella.trials.therapy import Bucket


@dataclass(frozen=True, slots=True)
class Role:
    """`bucket` is None where the study gives the cells: class and disease decide. `mentions` are the cells meant."""

    bucket: Bucket | None
    mentions: tuple[CellMention, ...]
    roles: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    review: tuple[str, ...] = ()


_NOT_AN_AGENT = re.compile(
    r"questionnair|survey|quality|biospecimen|collection|sampl|blood (?:draw|with|test|collect|pressure)|blood$|"
    r"biopsy|computed|tomograph|imaging|MRI|PET\b|scan|assessment|monitor|audio|task|echocardio|follow|observ|"
    r"no interven|none|test|record|interview|laborator|analysis|biomarker|standard of care|best practice|lumbar|"
    r"aspirat|x-?ray|wearable|device|visit|registry|data|chart|evaluation|measure|procedure|electronic|apheresis|"
    r"punctur",
    re.IGNORECASE,
)
_CONDITIONING = re.compile(
    r"fludarabine|cyclophosph|lymphodeplet|conditioning|bendamustine|leukapheresis|apheresis|flu/?cy|"
    r"aldesleukin|interleukin-2|IL-2|ALLO-647|CLLS52|alemtuzumab",
    re.IGNORECASE,
)
_STANDARD = re.compile(r"standard[- ]of[- ]care|commercial|per label|background", re.IGNORECASE)
_GENE_MODIFIED = re.compile(
    r"gene[- ]?(?:tically)?[- ](?:modified|engineered|transferred) (?:T|lymph|cell|auto|allo|immune)|"
    r"gene therapy (?:\(GT\) )?products|engineered T|cell(?:ular)? (?:and gene )?therap|CAR\b|adoptive|"
    r"T[- ]cells?|leucel|-cel\b",
    re.IGNORECASE,
)
_HLA_AND_ANTIGEN = re.compile(
    r"HLA[\w ,/*:-]*(?:expression|antigen)|(?:expression|antigen)[\w ,/*:-]*HLA", re.IGNORECASE
)
_LYMPHOCYTES = re.compile(r"T[- ]?cells?|lymphocyt|PBMC", re.IGNORECASE)
_INFECTION = re.compile(r"infection|CMV|cytomegalo", re.IGNORECASE)
_TRIAL = re.compile(
    r"phase|trial|efficacy|safety|pilot|feasib|randomi[sz]ed|study of (?!patients|voice)|supplement|"
    r"chemotherapy|\w(?:mab|nib|clax|mide)\b|maintenance",
    re.IGNORECASE,
)
_PEOPLE_STUDIED = re.compile(
    r"(?:aim|purpose|objective|goal)[\w ,]{0,40} (?:evaluation|assessment|description|monitoring|analysis) of "
    r"[^.]{0,120}(?:undergoing|receiving|treated)",
    re.IGNORECASE,
)
_BRIDGING = re.compile(r"bridging|bridge|maintenance|consolidat|priming", re.IGNORECASE)
_AFTER_CELLS = re.compile(r"\b(?:after|following|post|post-|relaps\w*|fail\w*|progress\w*)\b", re.IGNORECASE)
_BEFORE_CELLS = re.compile(r"\b(?:before|prior to|followed by)\b", re.IGNORECASE)
_LOOKS_ON = re.compile(
    r"(?:this|the|an?|our) (?:[\w-]+[, ]+){0,5}(?:observational|retrospective|registry|non-?interventional|"
    r"quality[- ]of[- ]life|cross-sectional|ambispective) (?:[\w-]+ ){0,4}(?:study|trial|registry|research|cohort)|"
    r"chart review|database of|collect(?:ing|ion of)? (?:[\w-]+ ){0,3}data|observational study",
    re.IGNORECASE,
)


class _Scene:
    """What titles, interventions and study type say; what is asked of it by the rules below."""

    def __init__(self, study: Study, all_passages: Sequence[Passage], cells: Cells) -> None:
        self.passages = all_passages
        self.cells = cells
        self.kind = (study.study_type or "").upper()
        self.titles = [passage for passage in all_passages if passage.is_title]
        self.cues: dict[str, list[Hit]] = {}
        for title in self.titles:
            for hit in scan(cues("roles.csv"), title):
                self.cues.setdefault(hit.group, []).append(hit)
        self.named = cells.in_tier(Tier.NAME)
        self.in_summary = cells.in_tier(Tier.SUMMARY)
        self.in_titles = [mention for mention in self.named if mention.passage.is_title]
        self.given_in_titles = [mention for mention in self.in_titles if mention.given]
        self.given_by_intervention = [
            mention
            for mention in self.named
            if mention.given and mention.passage.is_intervention and not _STANDARD.search(mention.passage.text)
        ]
        self.given = self.given_in_titles + self.given_by_intervention
        if self.given and set(families(self.given)) <= {UNNAMED, UNSPECIFIED}:
            self.given += [
                mention
                for mention in studied(cells, all_passages)
                if mention.passage.tier is not Tier.NAME and mention.family in RECEPTOR_FAMILIES
            ]
        self.interventions = [passage for passage in all_passages if passage.field.endswith("].name")]
        self.agents = [
            passage
            for passage in self.interventions
            if not _NOT_AN_AGENT.search(passage.text) and not any(mention.passage is passage for mention in self.named)
        ]
        self.other_agents = [passage for passage in self.agents if not _CONDITIONING.search(passage.text)]
        self.roles = ("multi_arm",) if self.given and "multi_arm" in self.cues else ()

    def title_has(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(title.text) for title in self.titles)

    def summary_has(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(passage.text) for passage in self.passages if passage.tier is Tier.SUMMARY)

    def answer(
        self,
        bucket: Bucket | None,
        mentions: Sequence[CellMention],
        *groups: str,
        role: str = "",
        review: str = "",
    ) -> Role:
        """The role, with the title's words of `groups` as its evidence."""
        return Role(
            bucket,
            tuple(mentions),
            (*self.roles, role) if role else self.roles,
            tuple(hit for group in groups for hit in self.cues.get(group, ())),
            (review,) if review else (),
        )


def _expanded_access(scene: _Scene) -> Role | None:
    if scene.cells.mentions and ("EXPANDED" in scene.kind or "expanded_access" in scene.cues):
        return scene.answer(
            Bucket.EXPANDED_ACCESS, scene.given or scene.named or scene.cells.mentions, "expanded_access"
        )
    return None


def _follow_up(scene: _Scene) -> Role | None:
    """A follow-up of the treated; a treatment study whose official title also speaks of follow-up is none."""
    hits = scene.cues.get("long_term_follow_up", ())
    if scene.given_by_intervention and scene.given_in_titles:
        hits = [hit for hit in hits if hit.passage.field != "official_title"]
    if hits and (scene.cells.mentions or scene.title_has(_GENE_MODIFIED)):
        return scene.answer(Bucket.LONG_TERM_FOLLOW_UP, scene.named or scene.cells.mentions, "long_term_follow_up")
    return None


def _before_treatment(scene: _Scene) -> Role | None:
    """Screening, or collection of cells, without treatment; manufacturing without patients."""
    if not scene.named:
        if "screening" in scene.cues and (scene.cells.mentions or scene.title_has(_HLA_AND_ANTIGEN)):
            return scene.answer(Bucket.OBSERVATIONAL, scene.cells.mentions, "screening", role="screening")
        if "collection" in scene.cues and scene.title_has(_LYMPHOCYTES):
            return scene.answer(Bucket.OBSERVATIONAL, scene.cells.mentions, "collection", role="collection")
        return None
    if scene.given_by_intervention:
        return None
    if "manufacturing" in scene.cues:
        return scene.answer(Bucket.NOT_CELL_THERAPY, scene.named, "manufacturing", role="manufacturing")
    for group in ("collection", "screening"):
        if group in scene.cues and not _led_by_cells(scene, scene.cues[group]):
            return scene.answer(Bucket.OBSERVATIONAL, scene.named, group, role=group)
    return None


def _only_in_the_summary(scene: _Scene) -> Role | None:
    """Title and interventions name no cells: they count only if a sentence says that they are what is studied."""
    if scene.named:
        return None
    told = studied(scene.cells, scene.passages)
    if told:
        watched = next((group for group in ("observational", "measuring") if group in scene.cues), None)
        if watched or "OBSERVATIONAL" in scene.kind or scene.summary_has(_LOOKS_ON):
            return scene.answer(Bucket.OBSERVATIONAL, told, *([watched] if watched else []))
        if "supportive" in scene.cues:
            return scene.answer(Bucket.SUPPORTIVE, told, "supportive")
        return scene.answer(None, told)
    enrolled = among_conditions(scene.cells)
    if enrolled and not code_names(scene.passages):
        return scene.answer(Bucket.OBSERVATIONAL if "measuring" in scene.cues else Bucket.SUPPORTIVE, enrolled)
    people = had_by_participants(scene.cells)
    for group, bucket in (
        ("supportive", Bucket.SUPPORTIVE),
        ("observational", Bucket.OBSERVATIONAL),
        ("measuring", Bucket.OBSERVATIONAL),
    ):
        if people and group in scene.cues:
            return scene.answer(bucket, people, group)
    return scene.answer(Bucket.NOT_CELL_THERAPY, ())


def _helps(scene: _Scene) -> Role | None:
    """Prevention or treatment of the harm that cells do, and care around them."""
    hits = [
        hit
        for hit in scene.cues.get("supportive", ())
        # Cells given against an infection are the treatment, not the help.
        if not (scene.given_in_titles and _INFECTION.search(hit.passage.text[hit.start : hit.end]))
    ]
    beside = [mention for mention in scene.given_in_titles if any(hit.passage is mention.passage for hit in hits)]
    if not hits or any(_leads(mention, hits) for mention in beside or scene.given_in_titles):
        return None
    if scene.other_agents or (scene.in_titles and not (scene.given_by_intervention and not scene.in_titles)):
        return scene.answer(Bucket.SUPPORTIVE, scene.named, "supportive")
    return None


_SAYS_IT_LOOKS_ON = re.compile(
    r"\bthis (?:study )?(?:is an? )?(?:[\w-]+[, ]+){0,4}(?:non-?interventional|observational|retrospective)"
    r"(?: [\w-]+){0,4} (?:study|registry)|(?:evaluat|assess|describ|investigat)[^.]{0,160}\bin (?:the )?real[- ]world",
    re.IGNORECASE,
)


def _looks_on(scene: _Scene) -> Role | None:
    if "OBSERVATIONAL" in scene.kind:
        return scene.answer(Bucket.OBSERVATIONAL, scene.named, "observational", "measuring")
    if "observational" in scene.cues:
        retrospective = any(hit.value == "retrospective" for hit in scene.cues["observational"])
        wrong_kind = retrospective and "INTERVENTIONAL" in scene.kind
        review = "titled_retrospective_but_interventional" if wrong_kind else ""
        return scene.answer(Bucket.OBSERVATIONAL, scene.named, "observational", review=review)
    if "INTERVENTIONAL" not in scene.kind and scene.summary_has(_SAYS_IT_LOOKS_ON):
        return scene.answer(Bucket.OBSERVATIONAL, scene.named, "measuring")
    if "measuring" not in scene.cues:
        return None
    if scene.given_in_titles:
        measured = not (
            scene.other_agents or scene.given_by_intervention or _led_by_cells(scene, scene.cues["measuring"])
        )
    else:
        only_markers = all(hit.value == "biomarker" for hit in scene.cues["measuring"])
        treated = bool(scene.other_agents) and only_markers
        measured = not treated and bool(scene.in_titles or not scene.given_by_intervention)
    return scene.answer(Bucket.OBSERVATIONAL, scene.named, "measuring") if measured else None


def _only_background(scene: _Scene) -> Role | None:
    """Cells are named, but as what people had or will have anyway."""
    if scene.given:
        return None
    trial_of_something = "sequencing" in scene.cues or scene.title_has(_TRIAL)
    listed = any(passage.is_intervention for passage in scene.passages)
    if scene.other_agents or (not listed and trial_of_something):
        return scene.answer(Bucket.SUPPORTIVE, scene.named, "sequencing", role="sequencing")
    return scene.answer(Bucket.OBSERVATIONAL, scene.named, "measuring")


def _bridges(scene: _Scene) -> Role | None:
    """The title tells of a bridge, the interventions are the bridge alone, the summary has the cells as background."""
    if (
        scene.title_has(_BRIDGING)
        and scene.other_agents
        and not scene.given_by_intervention
        and scene.in_summary
        and not any(mention.given for mention in scene.in_summary)
    ):
        return scene.answer(Bucket.SUPPORTIVE, scene.named, "sequencing", role="sequencing")
    return None


def _lists_what_they_had(scene: _Scene) -> Role | None:
    """The title tells of drugs alone, the summary of cells that people had: cells in the list are those."""
    if (
        not scene.in_titles
        and scene.title_has(DRUG)
        and scene.other_agents
        and scene.in_summary
        and not any(mention.given for mention in scene.in_summary)
    ):
        return scene.answer(Bucket.SUPPORTIVE, scene.named, "sequencing", role="sequencing")
    return None


def _gives_nothing(scene: _Scene) -> Role | None:
    """The title alone could be a treatment; interventions and summary show that people are only looked at."""
    if scene.given_by_intervention:
        return None
    only_measures = (
        scene.interventions and not scene.agents and not any(mention.passage.is_intervention for mention in scene.named)
    )
    describes_people = (
        not scene.interventions and scene.in_summary and _PEOPLE_STUDIED.search(scene.in_summary[0].passage.text)
    )
    if only_measures or describes_people or scene.summary_has(_LOOKS_ON):
        return scene.answer(Bucket.OBSERVATIONAL, scene.named, "measuring")
    return None


def _adds_to_the_treated(scene: _Scene) -> Role | None:
    """Titles name the cells as background and something else is given: sequencing, unless it comes before.

    Where no intervention is the cells, the brief title alone decides.
    """
    brief = [mention for mention in scene.in_titles if mention.passage.field == "brief_title"]
    given = scene.given_in_titles if scene.given_by_intervention or not brief else [m for m in brief if m.given]
    if not scene.in_titles or given or not scene.other_agents:
        return None
    if all(mention.family == "dendritic_vaccine" for mention in scene.in_titles):
        return None
    after = any(_AFTER_CELLS.search(mention.passage.text[: mention.start]) for mention in scene.in_titles)
    standard = any(_STANDARD.search(passage.text) for passage in scene.passages)
    before = any(_BEFORE_CELLS.search(mention.passage.text[: mention.start]) for mention in scene.in_titles)
    if after or standard or not before or scene.title_has(_BRIDGING):
        return scene.answer(Bucket.SUPPORTIVE, scene.named, "sequencing", role="sequencing")
    return None


# The first rule that answers decides.
_RULES: tuple[Callable[[_Scene], Role | None], ...] = (
    _expanded_access,
    _follow_up,
    _before_treatment,
    _only_in_the_summary,
    _helps,
    _looks_on,
    _only_background,
    _bridges,
    _lists_what_they_had,
    _gives_nothing,
    _adds_to_the_treated,
)


def read_role(study: Study, all_passages: Sequence[Passage], cells: Cells) -> Role:
    """The study's part, from its titles, the names of its interventions, its type and, last, its summary."""
    scene = _Scene(study, all_passages, cells)
    for rule in _RULES:
        role = rule(scene)
        if role is not None:
            return role
    return scene.answer(None, scene.given)


def _leads(mention: CellMention, cue_hits: Sequence[Hit]) -> bool:
    """True if the cells are named before the cue: "CAR-T with CRS suppression" gives the CAR-T."""
    here = [hit for hit in cue_hits if hit.passage is mention.passage]
    return not here or mention.start <= min(hit.start for hit in here)


def _led_by_cells(scene: _Scene, cue_hits: Sequence[Hit]) -> bool:
    return any(_leads(mention, cue_hits) for mention in scene.given_in_titles)
