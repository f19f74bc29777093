"""Conditions besides the cancer: infections, organ disease, events, earlier cancers; documented absences."""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.dates import not_before
from cartella.patients.earlier_cancers import earlier_cancer
from cartella.patients.measurements import read_embedded
from cartella.patients.phrases import Finding, Polarity, read_text, unread_parts
from cartella.patients.severity import is_checkpoint_toxicity
from cartella.patients.statements import Standing, Statement
from cartella.patients.states import METASTASIS
from cartella.patients.terms import Term, find_terms
from cartella.patients.treatments import STEROIDS, deny_treatments
from cartella.patients.wording import mark

ACUTE = frozenset(
    f"cond:{name}"
    for name in [
        "myocardial_infarction",
        "stroke",
        "tia",
        "cerebrovascular_event",
        "pulmonary_embolism",
        "dvt",
        "thromboembolism",
        "arterial_thrombosis",
        "intracranial_haemorrhage",
        "bleeding_active",
        "variceal_bleed",
        "gi_perforation",
        "hypertensive_crisis",
        "unstable_angina",
        "coronary_revascularisation",
        "tumour_lysis",
        "pres",
        "crs_prior",
        "icans_prior",
        "graft_failure",
        "bone_fracture",
        "portal_vein_thrombosis",
    ]
)
"""Events: their day is the day they happened, whatever their clinical status says."""

RECURRENT = frozenset({"cond:seizure", "cond:epilepsy", "cond:fever", "cond:febrile_neutropenia"})
"""Attacks: the day of the last one is not known from the day they began."""

DENIED_WITH: dict[str, frozenset[str]] = {
    "cond:cns_involvement": frozenset(
        {"site:cns", "site:brain", "site:leptomeninges", "cond:cns_ever", "cond:cns_history", "cond:cns2_leukaemia"}
    ),
    "cond:hepatitis_b": frozenset({"cond:hepatitis_b_exposure", "cond:hepatitis_b_resolved"}),
    "cond:hepatitis_c": frozenset({"cond:hepatitis_c_exposure", "cond:hepatitis_c_resolved"}),
}
"""What a denial in words denies besides the kinds of the illness: without hepatitis B there is no past one to tell of.

What the record states elsewhere stands."""

ACTIVE_FORMS = {"cond:cns_involvement": "cond:cns_active"}
"""The active form of a condition where it is not named by the ending -_active."""

_CANCERS = frozenset({"cond:second_malignancy", "cond:in_situ_neoplasm", "cond:nmsc"})
_SYSTEMIC = frozenset(
    {
        "class:immunosuppressant",
        STEROIDS,
        "class:biologic_autoimmune",
        "class:antiviral",
        "class:antifungal",
        "class:antibacterial_prophylaxis",
        "class:antitubercular",
        "class:systemic_therapy",
    }
)
_KINDS = frozenset({"cond", "disease", "drug", "class", "site"})
_NYHA = re.compile(
    r"\bNYHA\b\s*(?:functional\s*)?(?:class|classe)?\s*(?P<a>IV|III|II|I|[1-4])(?:\s*(?:-|–|/|to"
    r"|or|o)\s*(?P<b>IV|III|II|I|[1-4]))?\b",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\bchild[- ]?(?:turcotte[- ]?)?(?:pugh)?\s*(?:class|score|classe"
    r"|grade)?\s*[:=]?\s*(?:(?P<class>[ABC])\b|(?P<classscore>[ABC])\s?(?P<points>\d{1,2})"
    r"|(?P<score>\d{1,2}))",
    re.IGNORECASE,
)
_OTHER_THAN = re.compile(
    r"\b(?:other than|except(?: for)?|apart from|besides|excluding|divers[oaie] da\w*|tranne|eccetto|salvo)\b",
    re.IGNORECASE,
)
_NO_OTHER = re.compile(
    r"\b(?:no|without|nessun[oa]?|senza)\s+(?:other|further|altr[aoie])\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_ON = re.compile(
    r"\b(?:on|under|receiving|taking|in terapia con|in trattamento con|sotto)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_NO_TOXICITY = frozenset(
    f"cond:{name}"
    for name in ("alopecia", "vitiligo", "fatigue", "gvhd", "thyroid_disorder", "hypothyroidism", "infection")
)
"""Consequences of treatment that trials do not count as unresolved toxicity, or count for themselves."""
_CAUSE = re.compile(
    r"\b(?:after|following|from|due\s+to|because\s+of|caused\s+by|during|secondary\s+to|(?:cor)?related\s+to|attributed\s+to"
    r"|dopo|da|durante|dovut\w+\s+a)\s+(?:the\s+)?(?:(?:first|second|third|last|prior|previous|two|three|four|\d+)\s+)?"
    r"(?:cycles?\s+of\s+|courses?\s+of\s+|line\s+of\s+)?(?:[\w/-]+(?:\s*(?:,|/|\+|and|plus|e)\s*))*$",
    re.IGNORECASE,
)
_BROUGHT_ABOUT = re.compile(
    r"[\s,(]*(?:grade \w+\s+)?(?:caused by|due to|induced by|related to|secondary to|after|from|under|on|during"
    r"|da|dopo|in corso di)\b",
    re.IGNORECASE,
)
_IMMUNOTHERAPY = re.compile(r"\s*(?:the\s+)?(?:immunotherapy|immunoterapia|checkpoint)", re.IGNORECASE)
_CAUSED = re.compile(r"^\s*-?\s*(?:induced|related|associated|mediated|indott\w+|correlat\w+)\b", re.IGNORECASE)
_BLED = re.compile(r"\bbl(?:ed|eed)|haemorrh|hemorrh|sanguin|emorrag", re.IGNORECASE)
_NEVER_BLED = re.compile(
    r"\b(?:never|no|not|without|mai|senza|non)\s+(?:\w+\s+)?(?:bl(?:ed|eed)\w*|sanguin\w+|emorrag\w+|ha?emorrh\w+)",
    re.IGNORECASE,
)
_ROMAN = {"I": "I", "II": "II", "III": "III", "IV": "IV", "1": "I", "2": "II", "3": "III", "4": "IV"}
_CLASSES = ("I", "II", "III", "IV")


def read_condition(context: Context, statement: Statement) -> bool:
    """A condition that is there, was there, is denied or only suspected; not the cancer itself."""
    text = statement.text
    findings = read_text(text, context.day, _KINDS)
    heads = _heads(findings)
    if not heads:
        heads = _coded(statement)
    if statement.standing is Standing.DENIED:
        return _deny(context, statement, heads)
    if not heads:
        count = read_embedded(context, statement, text)
        return read_scores(context, statement, text) or count > 0
    for finding in heads:
        if finding.polarity is Polarity.DENIED and _NO_OTHER.search(text[: finding.term.start]):
            # "no other allergy": what the same text states is spared
            context.spared |= {f.term.concept for f in heads if f.polarity is Polarity.STATED}
    for finding in heads:
        _one(context, statement, finding, findings)
    read_scores(context, statement, text)
    read_embedded(context, statement, text)
    for words in unread_parts(text):
        context.ignored(statement, "words_not_read", words=words)
    return True


def _heads(findings: list[Finding]) -> list[Finding]:
    """The conditions and diseases that a text is about: not the cancer that "by", "of" or "from" brings in."""
    heads: list[Finding] = []
    for finding in findings:
        if finding.term.kind not in {"cond", "disease"}:
            continue
        if finding.attached and heads:
            continue
        if finding.term.concept == "disease:CANCER" and heads:
            continue
        heads.append(finding)
    return heads


def _coded(statement: Statement) -> list[Finding]:
    """The conditions that the codes name, where the text names none."""
    house = knowledge()
    for system, code in statement.codes:
        found = tuple(c for c in house.by_code(system, code) if c.split(":", 1)[0] in {"cond", "disease"})
        if len(found) == 1:
            return [Finding(Term(0, 0, found, code))]
    return []


def _deny(context: Context, statement: Statement, heads: list[Finding]) -> bool:
    if any(finding.polarity is Polarity.DENIED for finding in heads):
        context.ambiguous(statement, "denied_twice")
        return True
    spared = _OTHER_THAN.search(statement.name)
    for finding in heads:
        if spared and finding.term.start > spared.start():
            context.spared |= below(finding.term.concept)
    for finding in heads:
        if not (spared and finding.term.start > spared.start()):
            deny(context, statement, finding.term.concept)
    return bool(heads) or _deny_sites(context, statement) or deny_treatments(context, statement)


def _deny_sites(context: Context, statement: Statement) -> bool:
    """``liver metastases`` among what is absent: the cancer is not there."""
    if not METASTASIS.search(statement.name):
        return False
    sites = {term.concept for term in find_terms(statement.name, frozenset({"site"})) if len(term.concepts) == 1}
    for site in sorted(sites):
        context.draft.absence(site, frozenset({site}), context.source(statement))
        context.used(statement, "absent", name=mark(site))
    return bool(sites)


def deny(context: Context, statement: Statement, concept: str) -> None:
    """A documented absence; of a cancer without name, that there is another one than that of the record."""
    if concept == "disease:CANCER":
        concept = "cond:second_malignancy"
    kinds = below(concept) - context.spared
    kinds |= DENIED_WITH.get(concept, frozenset())
    context.draft.absence(concept, kinds, context.source(statement))
    context.used(statement, "absent", name=mark(concept))


def _one(context: Context, statement: Statement, finding: Finding, findings: list[Finding]) -> None:
    concept = finding.term.concept
    match finding.polarity:
        case Polarity.DENIED:
            deny(context, statement, concept)
            return
        case Polarity.FAMILY:
            context.ignored(statement, "family", name=mark(concept))
            return
        case Polarity.OTHER | Polarity.PLANNED:
            context.ignored(statement, "other_context", name=mark(concept))
            return
        case Polarity.DOUBTFUL:
            possible(context, statement, concept)
            return
    if statement.standing is Standing.DOUBTFUL:
        possible(context, statement, concept)
        return
    if finding.term.kind == "disease":
        earlier_cancer(context, statement, finding)
        return
    if len(finding.term.concepts) > 1:
        context.ambiguous(statement, "several_meanings", words=finding.term.words)
        context.draft.event(
            finding.term.words.lower(),
            (),
            context.source(statement),
            may_be=frozenset().union(*(above(c) for c in finding.term.concepts)),
        )
        return
    store(context, statement, finding, findings)


def possible(context: Context, statement: Statement, concept: str) -> None:
    """Something suspected: neither there nor absent."""
    context.draft.event(f"?{concept}", (), context.source(statement), may_be=above(concept))
    context.ambiguous(statement, "doubtful", name=mark(concept))


def store(
    context: Context, statement: Statement, finding: Finding, findings: list[Finding], presence: bool = True
) -> None:
    """A condition that is or was there, with its traits and the days of its last activity.

    `presence` is whether the standing of the entry is that of the condition (not where another thing, the cancer, is
    the subject of the entry).
    """
    concept = finding.term.concept
    if concept == "cond:variceal_bleed" and not _BLED.search(finding.term.words):
        if _NEVER_BLED.search(statement.words):
            deny(context, statement, concept)
        elif not _BLED.search(statement.words):
            possible(context, statement, concept)
        if not _BLED.search(_NEVER_BLED.sub(" ", statement.words)):
            return
    traits = dict(finding.traits)
    past = finding.past and not finding.now
    if traits.get("previously_treated") and not finding.now and above(concept) & _CANCERS:
        past = True
    if statement.standing is Standing.PAST and not finding.now:
        past = True
    explicit = traits.get("active")
    if past:
        traits["active"] = False
    elif (
        statement.standing is Standing.ACTIVE
        and presence
        and not above(concept) & ACUTE
        # "irradiated, stable" metastases are there, and what trials call active is open
        and not {"previously_treated", "stable"} <= traits.keys()
    ):
        traits.setdefault("active", True)
    text = statement.text
    _treated(traits, finding, findings, text)
    if finding.grade is not None:
        traits.setdefault("severe", finding.grade >= 3)
        for level in range(1, 5):
            traits[f"grade_{level}_or_more"] = finding.grade >= level
    concept = refined(concept, explicit, past)
    for form in ("latent", "chronic", "acute"):
        if traits.pop(form, False) and f"{concept}_{form}" in knowledge().concepts:
            concept = f"{concept}_{form}"
    certain = above(concept)
    if traits.get("active") is False:
        certain = frozenset(c for c in certain if not c.endswith("_active"))
        if concept.endswith("_active"):
            certain |= above(finding.term.concept)
    if (
        not past
        and not certain & _NO_TOXICITY
        and any(f.term.kind in {"drug", "class", "regimen"} and _caused(f, text) for f in findings)
    ):
        certain |= {"cond:toxicity_unresolved"}
    if is_checkpoint_toxicity(concept) and _after_checkpoint(text, finding, findings):
        certain |= above("cond:prior_irae")
    if "cond:allergy" in certain and re.search(r"\bcontrast|contrasto\b", text, re.IGNORECASE):
        certain |= above("cond:allergy_contrast")
    last = _last(context, statement, finding, concept, past)
    context.draft.event(concept, certain, context.source(statement, day=last), last=last, traits=traits)
    for active in (f"{finding.term.concept}_active",):
        if traits.get("active") is False and active in knowledge().concepts and not past:
            context.draft.absence(active, below(active), context.source(statement))
    message = "condition_past" if past else "condition"
    shown = ", ".join(
        mark(f"trait:{name}" if value else f"trait:!{name}")
        for name, value in sorted(traits.items())
        if not name.startswith("grade_")
    )
    context.used(statement, message, name=mark(concept), traits=shown or "-")
    under = [other for other in findings if _taken(other, text)]
    if under or not past:
        _current_drugs(context, statement, finding, under or findings, bool(under))


def _after_checkpoint(text: str, finding: Finding, findings: list[Finding]) -> bool:
    """ "Pneumonitis caused by pembrolizumab", "hypothyroidism after immunotherapy": an immune-related event."""
    behind = text[finding.term.end :]
    cause = _BROUGHT_ABOUT.match(behind)
    if cause is None:
        return False
    named = (f.term for f in findings if f.term.start >= finding.term.end and f.term.kind in {"drug", "class"})
    first = next(named, None)
    by_name = first is not None and "class:checkpoint_inhibitor" in above(first.concept)
    return by_name or bool(
        re.match(r"\s*(?:the\s+)?(?:immunotherapy|immunoterapia|checkpoint)", behind[cause.end() :], re.I)
    )


def refined(concept: str, active: bool | None, past: bool) -> str:
    """The concept for an active or a past form, where the vocabulary has one ("tuberculosis, active")."""
    concepts = knowledge().concepts
    if active and not past and concept in ACTIVE_FORMS:
        return ACTIVE_FORMS[concept]
    if past and f"{concept}_resolved" in concepts:
        return f"{concept}_resolved"
    if active and not past and f"{concept}_active" in concepts:
        return f"{concept}_active"
    return concept


def _taken(drug: Finding, text: str) -> bool:
    """ "in remission on azathioprine": what an illness is on, or under, is taken now."""
    return drug.last is None and bool(_ON.search(text[: drug.term.start]))


def _caused(drug: Finding, text: str) -> bool:
    """ "Neuropathy after paclitaxel", "bortezomib-induced neuropathy": the drug brought the illness about."""
    return bool(_CAUSE.search(text[: drug.term.start]) or _CAUSED.match(text[drug.term.end :]))


def _treated(traits: dict[str, bool], finding: Finding, findings: list[Finding], text: str) -> None:
    """A medicine named beside a condition treats it."""
    drugs = [
        f
        for f in findings
        if f.term.kind in {"drug", "class"}
        and f.term.start > finding.term.start
        and f.polarity is Polarity.STATED
        and "class:medication" in above(f.term.concept)
        and not _caused(f, text)
    ]
    under = [f for f in drugs if _taken(f, text)]
    now = under or [f for f in drugs if f.last is None and not f.past]
    over = finding.past or "previously_treated" in finding.traits
    if now and traits.get("treated") is not False and (under or not over):
        traits["treated"] = True
        if any(above(f.term.concept) & _SYSTEMIC for f in now) and "topical" not in finding.traits:
            traits.setdefault("systemic_treatment", True)
        elif "cond:autoimmune_disease" in above(finding.term.concept):
            traits.setdefault("systemic_treatment", False)  # a hormone, an ointment, a pain-killer


def _current_drugs(
    context: Context, statement: Statement, finding: Finding, findings: list[Finding], taken: bool
) -> None:
    """A medicine that a present condition is "on" or "controlled with" is taken now; `taken` if the words say so."""
    if not taken and "previously_treated" in finding.traits:
        return
    text = statement.text
    for other in findings:
        concept = other.term.concept
        if _caused(other, text) and not taken:
            if other.term.kind == "drug" and other.polarity is Polarity.STATED:
                context.mention(statement, concept, Interval(None, context.day))
            continue
        if (
            other.term.kind == "drug"
            and other.polarity is Polarity.STATED
            and other.last is None
            and "topical" not in finding.traits
            and (taken or not other.past)
        ):
            context.mention(statement, concept, Interval.exactly(context.day), {"current": True})


def _last(context: Context, statement: Statement, finding: Finding, concept: str, past: bool) -> Interval:
    begun = finding.since or statement.start
    low = begun.low if begun is not None else None
    if finding.last is not None:
        told = not_before(finding.last, low)
        acute = above(concept) & (ACUTE | RECURRENT)
        # a date beside a condition that is not said to be over is one day of it, not its last
        return told if past or acute or finding.occurred else Interval(told.low, context.day)
    if above(concept) & ACUTE and not above(concept) & RECURRENT:
        if begun is not None and begun.high is not None:
            return Interval(begun.low, min(begun.high, context.day))
        return Interval(None, context.day)
    if past:
        if statement.end is not None and statement.end.high is not None:
            return Interval(statement.end.low, min(statement.end.high, context.day))
        return Interval(low, context.day)
    if above(concept) & RECURRENT:
        return Interval(low, context.day)
    if statement.standing in {Standing.ACTIVE, Standing.STATED}:
        return Interval.exactly(context.day)
    return Interval(low, context.day)


def read_scores(context: Context, statement: Statement, text: str) -> bool:
    """NYHA class and Child-Pugh class inside a text."""
    found = False
    source = context.source(statement)
    if match := _NYHA.search(text):
        first = _ROMAN[match["a"].upper()]
        second = _ROMAN[(match["b"] or match["a"]).upper()]
        codes = _CLASSES[_CLASSES.index(first) : _CLASSES.index(second) + 1] or (first, second)
        context.draft.coding("nyha", codes, source)
        context.used(statement, "score", name="NYHA", value="-".join(codes))
        found = True
    if match := _CHILD.search(text):
        letter = (match["class"] or match["classscore"] or "").upper()
        if not letter and match["score"]:
            points = int(match["score"])
            letter = "A" if 5 <= points <= 6 else "B" if 7 <= points <= 9 else "C" if 10 <= points <= 15 else ""
        if letter:
            context.draft.coding("child_pugh", {letter}, source)
            context.used(statement, "score", name="Child-Pugh", value=letter)
            found = True
    return found


def _untreated(context: Context) -> None:
    """No medicine of a complete list can be the systemic treatment of a present autoimmune disease."""
    taken = frozenset({"class:immunosuppressant", STEROIDS, "class:conventional_dmard", "class:b_cell_depleting"})
    source = context.draft.complete.get("medication")
    now = [e for e in context.draft.events if e.traits.get("current") is True]
    if source is None or any(taken & (event.concepts | event.may_be) for event in now):
        return
    for index, event in enumerate(context.draft.events):
        if "cond:autoimmune_disease" in event.concepts and "systemic_treatment" not in event.traits:
            traits = {**event.traits, "systemic_treatment": False}
            context.draft.events[index] = replace(event, traits=traits)


def finish(context: Context) -> None:
    """What a heart without failure means for NYHA; that nothing systemic is taken for an autoimmune disease."""
    _untreated(context)
    for concept, absence in context.draft.absences:
        if "cond:heart_failure" in absence.concepts and "nyha" not in context.draft.codings:
            source = absence.source
            derived = Source(source.path, source.words, source.day, f"{mark(concept)} absent: NYHA 0 or I")
            context.draft.coding("nyha", {"0", "I"}, derived)
