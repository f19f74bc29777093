"""Procedures: transplants, operations, radiotherapy, cell therapies."""

from __future__ import annotations

import re

from cartella.logic import Interval
from cartella.patients.context import Context, Given, above, below
from cartella.patients.phrases import Polarity, read_text
from cartella.patients.statements import Standing, Statement
from cartella.patients.terms import find_terms
from cartella.patients.treatments import lines_named
from cartella.patients.unknown_medicines import TREATMENTS
from cartella.patients.wording import mark

_OPERATION = re.compile(
    r"\b(?:surg\w+|resect\w+|resezion\w+|excision\w*|asportazion\w+|chirurgi\w+|intervent[oi]"
    r"|operation|debulking|amputation|arthroplasty|bypass|\w+ectom(?:y|ia)|\w+otom(?:y|ia)"
    r"|\w+plast(?:y|ica)|\w+ostom(?:y|ia))\b",
    re.IGNORECASE,
)
_MAJOR = re.compile(
    r"\bmajor\b|\bmaggiore\b|laparotom|thoracotom|toracotom|craniotom|sternotom|gastrectom"
    r"|nephrectom|nefrectom|pneumonectom|lobectom|hepatectom|epatectom|colectom|cystectom"
    r"|cistectom"
    r"|hysterectom|isterectom|pancreat\w*ectom|whipple|oesophagectom|esophagectom|esofagectom"
    r"|prostatectom|mastectom|laminectom|thymectom|metastasectom|cytoreducti"
    r"|splenectom|debulking|amputat|bypass|open surgery|arthroplast|endoprosthe|(?:hip|knee)\s+replacement"
    r"|\bnailing\b|osteosynth|spinal\s+(?:cord\s+)?decompression|gross\s+total\s+resection|limb[- ](?:salvage|sparing)",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\bbiops\w+|needle|\bagoaspirat\w+|(?:endo|colono|broncho|gastro|cysto|hystero|laryngo|recto|sigmoido)scop\w+"
    r"|lumbar puncture|puntura lombare|catheter|port(?:-a-cath)?\b|picc|line insertion|\bminor\b|ambulator\w+"
    r"|aspirat\w+|paracentesis|thoracentesis|toracentesi|paracentesi|dental|tooth|cataract|corneal|feeding\s+tube"
    r"|(?:nasogastric|gastric|PEG)\s+(?:tube|placement|insertion|positioning)|gastrostomy|leuk[ao]*pheresis|apheresis"
    r"|aferesi|plasmapheresis|plasma\s+exchange|cardioversion|\bERCP\b|polypectom|vena\s+cava\s+filter",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\bstents?\b|drain(?:age|s)?\b|drenaggio|nephrostom|nefrostom|pleurodesis|pleurodesi|\bshunt\b|reservoir|pace-?maker"
    r"|defibrillator|\bICD\b|\bTAVI\b|angioplast|embolis?z?ation|kyphoplast|vertebroplast|mediastinoscop|cifoplast",
    re.IGNORECASE,
)
"""Procedures that some call surgery and others do not; none of them is major."""
_OTHERS = ("cond:organ_transplant", "cond:dialysis")
_PURPOSE = re.compile(
    r"^(?P<what>.*(?:pheresis|aferesi|biops\w+|collection|mobili[sz]ation)\w*)\s+(?:for|before|per|prima)\b.*$", re.I
)
"""``leukapheresis for CAR-T manufacturing``: the therapy that is to be made has not been given by that."""
_BRAIN = re.compile(
    r"brain|cranial|cranio|intracranial|encefal|cerebr|whole[- ]brain|head(?! and neck)|CNS|neuraxis", re.IGNORECASE
)
_RELATED = re.compile(
    r"(?<!un)(?<!non-)related|sibling|brother|sister|fratello|sorella|familial|haplo|aplo|parent"
    r"|mother|father|madre|padre|MSD|MRD donor",
    re.IGNORECASE,
)
_UNRELATED = re.compile(r"unrelated|non correlat|registry donor|MUD|cord blood", re.IGNORECASE)


def read_procedure(context: Context, statement: Statement) -> bool:
    """One procedure that was done."""
    if statement.standing is Standing.NOT_DONE:
        context.ignored(statement, "not_done")
        return True
    low = statement.start.low if statement.start is not None else None
    if statement.standing is Standing.PLANNED or (low is not None and low > context.day):
        context.ignored(statement, "planned")
        return True
    text = "; ".join([statement.name, *statement.notes])
    last = _last(context, statement)
    source = context.source(statement, day=last)
    read = 0
    named: list[str] = []
    purpose = _PURPOSE.match(statement.name)
    name = purpose["what"] if purpose else statement.name
    if _SMALL.search(name) and re.search(r"\bPEG\b|corneal", name):
        context.ignored(statement, "small_procedure")
        return True
    findings = read_text(name, context.day, TREATMENTS | {"cond"})
    findings = [f for f in findings if f.term.kind in TREATMENTS or f.term.concept in _OTHERS]
    if findings and all(f.polarity in {Polarity.DENIED, Polarity.PLANNED, Polarity.DOUBTFUL} for f in findings):
        context.ignored(statement, "planned" if findings[0].polarity is Polarity.PLANNED else "not_done")
        return True
    lines = frozenset(lines_named(text))
    local = any("class:local_therapy" in above(f.term.concept) for f in findings)
    for finding in findings:
        if finding.polarity not in {Polarity.STATED, Polarity.FAMILY, Polarity.OTHER}:
            continue
        concept = finding.term.concept
        concepts, possible, traits = above(concept), frozenset[str](), {"current": False}
        if concept == "class:surgery":
            continue
        if local and "class:local_therapy" not in concepts:
            continue  # a drug brought into the tumour is no systemic treatment
        if "class:radiotherapy" in concepts:
            concepts, traits = _radiotherapy(text, concepts, traits)
        elif "class:allogeneic_hsct" in concepts:
            if _UNRELATED.search(text):
                traits["related_donor"] = False
            elif _RELATED.search(text):
                traits["related_donor"] = True
            if re.search(r"haplo|aploident", text, re.IGNORECASE):
                concepts |= above("class:haploidentical_hsct")
            possible = below(concept)
        elif concept.startswith("class:"):
            possible = below(concept)
        context.draft.event(concept, concepts, source, may_be=possible, last=last, traits=traits)
        named.append(concept)
        read += 1
    operated = _MAJOR.search(text) or (_OPERATION.search(text) and not _BETWEEN.search(text))
    if operated and not any("class:transplant_procedure" in above(c) for c in named):
        major = bool(_MAJOR.search(text))
        if _SMALL.search(text) and not major:
            context.ignored(statement, "small_procedure")
            return True
        concepts = above("class:major_surgery") if major else above("class:surgery")
        context.draft.event(
            "class:surgery", concepts, source, may_be=below("class:surgery"), last=last, traits={"current": False}
        )
        named.append("class:surgery")
        read += 1
    if not read and _BETWEEN.search(text):
        context.draft.event(statement.name.lower(), {"class:treatment"}, source, may_be={"class:surgery"}, last=last)
        context.used(statement, "procedure", name=statement.name)
        return True
    if not read and _SMALL.search(text):
        context.ignored(statement, "small_procedure")
        return True
    if not read:
        possible = below("class:surgery") | {"class:surgery"}
        context.draft.event(statement.name.lower(), (), source, may_be=possible, last=last)
        context.ambiguous(statement, "procedure_unknown")
        return True
    systemic = any("class:systemic_therapy" in above(c) for c in named if ":" in c)
    context.given.append(
        Given(
            statement.path,
            statement.name,
            tuple(named),
            lines,
            statement.start,
            statement.end or statement.start,
            False,
            systemic,
        )
    )
    context.used(statement, "procedure", name=", ".join(mark(c) for c in named))
    return True


def _last(context: Context, statement: Statement) -> Interval:
    when = statement.end or statement.start
    if when is None or when.high is None:
        return Interval(None, context.day)
    return Interval(when.low, min(when.high, context.day))


def _radiotherapy(
    text: str, concepts: frozenset[str], traits: dict[str, bool]
) -> tuple[frozenset[str], dict[str, bool]]:
    """Radiotherapy with its site, where the text names one."""
    if _BRAIN.search(text):
        return concepts | above("class:cranial_irradiation"), {**traits, "brain": True}
    if find_terms(text, frozenset({"site"})) or re.search(
        r"\bto the\b|\bbed\b|thigh|limb|breast|mammella|prostat|arto", text, re.IGNORECASE
    ):
        return concepts, {**traits, "brain": False}
    return concepts, traits
