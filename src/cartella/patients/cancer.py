"""The cancer that the record is about: what it is, where it sits, how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cartella.knowledge import knowledge
from cartella.knowledge.staging import stages_in
from cartella.logic import SCALE, Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.illness import deny, possible, read_scores, store
from cartella.patients.markers import read_genes_in, read_hla_in
from cartella.patients.measurements import read_embedded
from cartella.patients.phrases import Finding, Polarity, read_text, unread_parts
from cartella.patients.statements import Standing, Statement
from cartella.patients.states import METASTASIS
from cartella.patients.terms import find_terms
from cartella.patients.wording import mark

_STAGE = re.compile(
    r"(?<!ISS )(?<!INSS )(?<!INRG )(?<!Rai )(?<!Binet )(?<!Salmon )(?<!BCLC )(?<!CKD )(?<!Masaoka )"
    r"\b(?:stage(?: group)?|stadio|staging|st\.)\s*(?:is\s*|:\s*|=\s*)?(?P<stage>IV|III|II|I"
    r"|[1-4])\s?(?P<sub>[A-E]\d?|bulky|X|S|E)?(?:\s*(?:-|–|/|or)\s*(?P<to>IV|III|II|I"
    r"|[1-4])[A-E]?)?(?![\w])",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r",\s*(?=(?:grade|grado|not otherwise|NOS\b|Philadelphia|Ph[+-]|leg type|IDH|ALK|histological grade))",
    re.IGNORECASE,
)
"""The comma before a word that belongs to the name: "follicular lymphoma, grade 3A"."""
_NEOPLASM_OF = re.compile(
    r"(?:primary )?(?:malignant )?(?:neoplasm|tumou?r|cancer|carcinoma) (?:of|in) (?:the )?(?P<organ>\w+)"
    r"(?: \(disorder\))?",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(?:left|right)\s+(?=[a-z])", re.IGNORECASE)
"""The side of a paired organ is no part of the name: "carcinoma of the left breast"."""
_ASIDE = re.compile(r"\s*\([^()]*\)")
_NTH_RELAPSE = re.compile(
    r"\b(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|prima|seconda|terza|quarta)"
    r"(?: \([^)]*\))?(?: (?:bone|marrow|medullary|midollare|systemic|local|isolated|disease|clinical)){0,2}"
    r" (?:relapse|recurrence|recidiva|ricaduta)\b",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": 1, "1st": 1, "prima": 1, "second": 2, "2nd": 2, "seconda": 2,
    "third": 3, "3rd": 3, "terza": 3, "fourth": 4, "4th": 4, "quarta": 4,
}  # fmt: skip
_ORDER = ("I", "II", "III", "IV")
_ARABIC = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_CNS = re.compile(r"\bCNS[- ]?(?P<level>[123])[abc]?\b|\bSNC[- ]?(?P<livello>[123])[abc]?\b", re.IGNORECASE)
_PRIMARY_REFRACTORY_TO = re.compile(
    r"\b(?:refractory|resistant|refrattari\w+|progress(?:ed|ion|ive disease)"
    r"|progressione)\s+(?:to|on|a|al|alla|in|during|under|after)\s+",
    re.IGNORECASE,
)
_LAST_THERAPY = re.compile(
    r"(?:the\s+)?(?:last|latest|most recent|ultim[ao]|previous)\s+(?:line|therapy|treatment"
    r"|regimen|terapia|trattamento|linea|dose)",
    re.IGNORECASE,
)
_SIXTY_DAYS = re.compile(
    r"(?:progress\w+|PD\b)[^;.]{0,40}?\b(?:on|during|in corso di"
    r"|within\s+(?P<n>\d+)\s+(?P<unit>days|weeks|months?|giorni|mesi)"
    r"|entro\s+(?P<m>\d+)\s+(?P<u>giorni|mesi))[^;.]{0,25}?"
    r"(?:last|latest|most recent|ultim[ao]|therapy|treatment|terapia)",
    re.IGNORECASE,
)
_STATE_KINDS = frozenset({"state", "site", "cond", "class", "drug", "regimen", "disease"})
_BRAIN = frozenset({"site:brain", "site:cns", "site:leptomeninges"})
_DENYING = re.compile(r"\bno\b|\bnone\b|\bwithout\b|nessun|senza|absent|assent|negativ", re.IGNORECASE)


def choose_primary(context: Context, statements: Iterable[Statement]) -> set[str]:
    """The paths of the conditions that name the cancer of this record.

    The profile of the record decides; without it, a cancer that is stated, not past and not doubtful. Several such
    cancers are one if each is a kind of the other; else all of them stay possible, and the report says so.
    """
    cancers = [(s, _diseases(s, s.name)) for s in statements]
    flagged = [s for s, _ in cancers if s.primary and s.standing not in {Standing.DENIED, Standing.DOUBTFUL}]
    if flagged:
        active = [s for s in flagged if s.standing is not Standing.PAST] or flagged
        return {s.path for s in active}
    candidates = []
    for statement, found in cancers:
        if (
            not found
            or statement.secondary
            or statement.standing in {Standing.PAST, Standing.DENIED, Standing.DOUBTFUL}
        ):
            continue
        text = "; ".join([statement.name, *statement.notes])
        findings = read_text(text, context.day, frozenset({"disease", "cond"}))
        if not findings and found:
            candidates.append(statement)
        elif findings and findings[0].term.kind == "disease" and findings[0].polarity is Polarity.STATED:
            relapse = re.search(r"relaps|recidiv|refract|progress", text, re.IGNORECASE)
            if not findings[0].past or relapse:
                candidates.append(statement)
    return {s.path for s in candidates}


def _diseases(statement: Statement, text: str) -> frozenset[str]:
    """Every disease that the text of a statement may mean, kinds included; by code where the text names none."""
    text = _SIDE.sub("", _ADDED.sub(" ", text))
    found = _named(text)
    # "primary mediastinal (thymic) large B-cell lymphoma": a bracket may stand in the middle of the name
    plain = _named(_ASIDE.sub("", text)) if _ASIDE.search(text) else frozenset[str]()
    if found and plain:
        return found & plain or found
    coded = _by_codes(statement)
    return found or coded or (below("disease:CANCER") if find_terms(text, frozenset({"disease"})) else frozenset())


def _named(text: str) -> frozenset[str]:
    """Every disease that a text may name, kinds included; none where it says no more than that it is a cancer."""
    terms = find_terms(text, frozenset({"disease"}))
    if not any(term.concept != "disease:CANCER" for term in terms):
        # SNOMED CT words it "malignant neoplasm of breast", patients say "breast cancer"
        terms = find_terms(_NEOPLASM_OF.sub(r"\g<organ> cancer", text), frozenset({"disease"})) or terms
    named = [concept for term in terms for concept in term.concepts if concept != "disease:CANCER"]
    return _narrowest(named) if named else frozenset()


def _narrowest(named: list[str]) -> frozenset[str]:
    """The kinds of the disease named; of several names, those that are kinds of all, else all."""
    kinds = [below(concept) for concept in dict.fromkeys(named)]
    common = frozenset.intersection(*kinds)
    return common or frozenset.union(*kinds)


def _by_codes(statement: Statement) -> frozenset[str]:
    house = knowledge()
    found: set[str] = set()
    for system, code in statement.codes:
        for concept in house.by_code(system, code):
            if concept.startswith("disease:"):
                found |= below(concept)
    return frozenset(found)


def read_cancer(context: Context, statement: Statement) -> bool:
    """The condition that names the cancer: diagnosis, stage, states, sites, genes, refractoriness."""
    text = "; ".join(part for part in (statement.name, statement.value, *statement.notes) if part)
    possible_diseases = _diseases(statement, statement.name)
    coded = _by_codes(statement)
    if possible_diseases and coded and not possible_diseases & coded:
        context.ambiguous(statement, "code_and_text_differ", code=_shown(coded), text=_shown(possible_diseases))
        possible_diseases |= coded
    if possible_diseases:
        context.draft.coding(
            "diagnosis", possible_diseases, context.source(statement, day=Interval.exactly(context.day))
        )
        context.solid = not possible_diseases <= below("disease:HAEM")
        context.used(statement, "diagnosis", name=_shown(possible_diseases))
    else:
        context.ignored(statement, "diagnosis_not_known")
    read_state(context, statement, text)
    for words in unread_parts(text, _STAGE, _CNS, _PRIMARY_REFRACTORY_TO):
        context.ignored(statement, "words_not_read", words=words)
    return True


def _shown(diseases: frozenset[str]) -> str:
    tops = [d for d in diseases if not (above(d) - {d}) & diseases]
    return " / ".join(sorted(mark(d) for d in tops))


def read_state(context: Context, statement: Statement, text: str) -> int:
    """Everything that a text about the cancer says of it; how many facts were read."""
    count = _stage(context, statement, text) + read_staging(context, statement, text)
    count += _relapses(context, statement, text)
    count += _refractory_to(context, statement, text)
    for finding in read_text(text, context.day, _STATE_KINDS):
        count += _state(context, statement, finding, text)
    count += cns_status(context, statement, text)
    count += read_genes_in(context, statement, text)
    count += read_hla_in(context, statement, text)
    count += read_embedded(context, statement, text)
    count += read_scores(context, statement, text)
    return count


def _stage(context: Context, statement: Statement, text: str) -> int:
    match = _STAGE.search(text)
    if match is None or re.search(
        r"kidney|renal|GVHD|graft", text[max(0, match.start() - 20) : match.end() + 12], re.IGNORECASE
    ):
        return 0
    first = _ARABIC.get(match["stage"], match["stage"].upper())
    second = _ARABIC.get(match["to"] or "", (match["to"] or first).upper())
    codes = _ORDER[_ORDER.index(first) : _ORDER.index(second) + 1] or (first, second)
    source = context.source(statement)
    context.draft.coding("stage", codes, source)
    context.used(statement, "score", name=mark("stage"), value="-".join(codes))
    if codes == ("IV",) and context.solid:
        derived = Source(source.path, source.words, source.day, "stage IV of a solid tumour")
        context.draft.event("state:metastatic", {"state:metastatic"}, derived, last=Interval.exactly(context.day))
    return 1


def read_staging(context: Context, statement: Statement, text: str) -> int:
    """Stages by a system of their own: BCLC, Rai, Binet, ISS, R-ISS."""
    count = 0
    for staged in stages_in(text):
        context.draft.coding(staged.system, staged.levels, context.source(statement))
        context.used(statement, "score", name=mark(staged.system), value="/".join(sorted(staged.levels)))
        count += 1
    return count


def _relapses(context: Context, statement: Statement, text: str) -> int:
    """The number of relapses: "second relapse" is the second of two; a bare "relapsed" is one at least."""
    named = [_ORDINALS[match["nth"].lower()] for match in _NTH_RELAPSE.finditer(text)]
    if not named:
        return 0
    context.draft.measure("relapses", Interval.exactly(max(named) * SCALE), context.source(statement))
    context.used(statement, "score", name=mark("relapses"), value=str(max(named)))
    return 1


def _state(context: Context, statement: Statement, finding: Finding, text: str) -> int:
    concept = finding.term.concept
    kind = finding.term.kind
    if kind == "cond":
        return _complication(context, statement, finding)
    if kind == "class" and "class:transplant_procedure" in above(concept):
        if finding.polarity is Polarity.STATED:
            context.mention(statement, concept, finding.last or Interval(None, context.day))
        return 0
    if kind not in {"state", "site"}:
        return 0
    if kind == "site":
        return _site(context, statement, finding, text)
    if finding.polarity is Polarity.DENIED:
        context.draft.absence(concept, below(concept), context.source(statement))
        context.used(statement, "absent", name=mark(concept))
        return 1
    if finding.polarity in {Polarity.DOUBTFUL, Polarity.PLANNED, Polarity.FAMILY, Polarity.OTHER}:
        if finding.polarity is Polarity.DOUBTFUL:
            possible(context, statement, concept)
        return 0
    if concept in {"state:measurable", "state:metastatic"} and "previously_treated" in finding.traits:
        return 0
    if ("remission" in concept or concept == "state:stable_disease") and re.search(
        r"\bbest\b|miglior", statement.name, re.IGNORECASE
    ):
        return 0
    if concept in {"state:remission", "state:complete_remission", "state:partial_remission"} and re.search(
        r"relaps|recidiv|progress|refract", text, re.IGNORECASE
    ):
        return 0
    if concept == "state:metastatic" and not find_terms(text, frozenset({"site"})):
        context.metastases.append(("", context.source(statement)))
    last = finding.last if concept == "state:biopsy_proven" and finding.last else Interval.exactly(context.day)
    context.draft.event(concept, above(concept), context.source(statement), last=last)
    context.used(statement, "state", name=mark(concept))
    return 1


def _complication(context: Context, statement: Statement, finding: Finding) -> int:
    """A condition named beside the cancer (brain metastases, ascites, an infiltration)."""
    concept = finding.term.concept
    if concept == "cond:measurable_disease":
        concept = "state:measurable"
    if finding.polarity is Polarity.DENIED:
        deny(context, statement, concept)
    elif finding.polarity is Polarity.DOUBTFUL:
        possible(context, statement, concept)
    elif finding.polarity is Polarity.STATED:
        if concept == "state:measurable":
            context.draft.event(concept, {concept}, context.source(statement), last=Interval.exactly(context.day))
            context.used(statement, "state", name=mark(concept))
            return 1
        store(context, statement, finding, [], presence=False)
        if "cond:brain_metastases" in above(concept):
            metastatic(context, statement, "site:brain")
    return 1


def metastatic(context: Context, statement: Statement, site: str) -> None:
    """A metastasis somewhere makes the cancer metastatic; `site` is "" where the record names none."""
    if context.solid is not False:
        context.metastases.append((site, context.source(statement)))
        context.draft.event(
            "state:metastatic", {"state:metastatic"}, context.source(statement), last=Interval.exactly(context.day)
        )


def _site(context: Context, statement: Statement, finding: Finding, text: str) -> int:
    """A site of the body in a text about the cancer is a site of the cancer where such words stand near it."""
    concept = finding.term.concept
    near = text[max(0, finding.term.start - 45) : finding.term.end + 30]
    if not METASTASIS.search(near) and not re.search(r"relaps|recidiv|node|lymph", near, re.IGNORECASE):
        return 0
    source = context.source(statement)
    if finding.polarity is Polarity.DENIED:
        context.draft.absence(concept, frozenset({concept}), source)
        context.used(statement, "absent", name=mark(concept))
        return 1
    if finding.polarity is not Polarity.STATED or "previously_treated" in finding.traits:
        return 0
    concepts = {concept}
    spread = bool(re.search(r"metasta|secondar", near, re.IGNORECASE))
    if concept in _BRAIN and spread:
        concepts |= above("cond:brain_metastases")
    traits = {"active": True}
    context.draft.event(concept, concepts, source, last=Interval.exactly(context.day), traits=traits)
    context.used(statement, "site", name=mark(concept))
    if spread:
        metastatic(context, statement, concept)
    return 1


def _refractory_to(context: Context, statement: Statement, text: str) -> int:
    """ "refractory to lenalidomide and bortezomib", "... to last therapy", "PD within 60 days of last therapy"."""
    count = 0
    source = context.source(statement)
    for match in _PRIMARY_REFRACTORY_TO.finditer(text):
        after = re.split(r"[;.]", text[match.end() :], maxsplit=1)[0]
        if _LAST_THERAPY.match(after):
            context.last_failed = source
            context.draft.event("state:refractory", {"state:refractory"}, source, last=Interval.exactly(context.day))
            count += 1
            continue
        if match.group().lower().startswith("progress") and not re.match(
            r"progress\w*(?: disease)? on", match.group(), re.IGNORECASE
        ):
            continue
        before = text[max(0, match.start() - 12) : match.start()]
        if re.search(r"\bnot?\b|non[- ]|\bnon\b", before, re.IGNORECASE):
            continue
        for term in find_terms(after, frozenset({"drug", "regimen", "class"})):
            context.refractory_to[term.concept] = source
            context.used(statement, "refractory_to", name=mark(term.concept))
            count += 1
    if (told := _SIXTY_DAYS.search(text)) and _within_sixty(told):
        context.last_failed = Source(
            source.path, source.words, source.day, "progression on or within 60 days of therapy"
        )
        count += 1
    return count


def _within_sixty(match: re.Match[str]) -> bool:
    number = match["n"] or match["m"]
    if number is None:
        return True
    unit = (match["unit"] or match["u"]).lower()
    days = int(number) * (1 if unit.startswith(("day", "giorn")) else 7 if unit.startswith("week") else 30)
    return days <= 60


def cns_status(context: Context, statement: Statement, text: str) -> int:
    """CNS1, CNS2 or CNS3 of a leukaemia."""
    match = _CNS.search(text)
    if match is None:
        return 0
    level = f"CNS{match['level'] or match['livello']}"
    source = context.source(statement)
    context.draft.coding("cns_status", {level}, source)
    context.used(statement, "score", name="CNS", value=level)
    return 1
