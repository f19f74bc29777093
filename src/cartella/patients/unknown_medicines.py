"""Names in a list of treatments that the vocabulary does not hold: which words they are, and what they may be."""

from __future__ import annotations

import re

from cartella.logic import Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.dates import find_dates
from cartella.patients.ordinary import is_ordinary, stem_class
from cartella.patients.statements import Statement
from cartella.patients.terms import find_terms

TREATMENTS = frozenset({"drug", "class", "regimen"})
_PLAIN = re.compile(
    r"^(?:and|or|with|plus|then|followed|by|e|con|poi|in|on|of|the|a|for|from|to|per|after"
    r"|before|high|low|dose|dosed|reduced|full|mg|g|mcg|ug|kg|iu|ui|ml|daily|die|day|days"
    r"|week|weekly|weeks|month|monthly|months|cycles?|cicli|courses?|tablets?|oral|orally|os"
    r"|intravenous|intravenously|iv|ev|sc|subcutaneous\w*|po|bid|tid|qd|od|prn|since|until|dal"
    r"|al"
    r"|maintenance|mantenimento|induction|induzione|reinduction|consolidation|therapy|terapia"
    r"|treatment|chemotherapy|chemioterapia|regimen|schema|line|linea|lines|based|injectable"
    r"|product|solution|capsules?|current|currently|ongoing|stable|pack|rapid|dose-dense|twice"
    r"|once|times|morning|continuous|pulse|single|agent|combination|m2|auc|units?|x|no|not|none"
    r"|other"
    r"|prophyla\w+|profilassi|according|protocol|protocollo|modified|mini|escalated|intensive"
    r"|adjuvant|neo-?adjuvant|adiuvante|neo-?adiuvante|palliative|palliativa|perioperative|salvage|first|second|third|prima|seconda|terza|bridge|bridging|transplant|tumou?r"
    r"|reduction|infusion"
    r"|injection|film|coated|extended|release|hydrochloride|sodium|phosphate|acetate|succinate"
    r"|sulfate|mesylate|maleate|besylate|topical|inhaled"
    r"|alternat\w+|marketed|commercial|investigational|generic|sequential|concurrent|concomitant|licensed|approved"
    r"|inhaler|inhalations?|puffs?|drops?|ointment|cream|eyes?|nasal|spray|patch|replacement|sostitutiva|physiological"
    r"|collirio|gocce|crema|pomata|cerotto|compresse|fiale|bustine|mattino|sera|evening)$",
    re.IGNORECASE,
)


_ASIDE = re.compile(
    r"\b(?:as|if|when|where)\s+(?:needed|required|necessary)\b|\bal\s+bisogno\b|\bp\.?r\.?n\b"
    r"|\b(?:with|after|before|between|at|during)\s+(?:the\s+)?(?:meals?|food|breakfast|lunch|dinner|night|bedtime)\b"
    r"|\b(?:ai|dopo\s+i|prima\s+dei)\s+pasti\b|\bla\s+notte\b|\b(?:one|two|three|four|five|six|seven)\b"
    r"|\b(?:for|per|against|to\s+(?:prevent|control|treat)|because\s+of|due\s+to|given\s+by|prescribed\s+by"
    r"|started|stopped|tapered|last|since|until|prevention\s+of|prophylaxis\s+(?:of|for|against))\b[^,;+()]*",
    re.IGNORECASE,
)
"""What a record says of a medicine besides its name: when and for what it is taken."""
STUDY = re.compile(
    r"\([^()]*\b(?:clinical\s+)?(?:study|trial|studio|sperimentazione)\b[^()]*\)"
    r"|\b(?:in|within|as\s+part\s+of)\s+(?:a|the|an)?\s*(?:phase\s+\S+\s+)?(?:clinical\s+)?(?:study|trial)\b[^,;]*"
    r"|\b(?:clinical\s+(?:study|trial)|studio\s+clinico|sperimentazione\s+clinica)\b",
    re.IGNORECASE,
)
"""``(clinical study, Rome)``: where it was given says that it was under investigation."""
INVESTIGATIONAL = re.compile(r"\b(?:investigational|experimental|sperimental[ei])\b", re.IGNORECASE)


def unknown_parts(name: str, coded: tuple[str, ...]) -> list[str]:
    """The parts of a name that the vocabulary does not know and that look like the name of a medicine."""
    if coded:
        return []
    terms = find_terms(name, TREATMENTS | {"disease", "cond", "antigen", "scale", "site"})
    named = [term for term in terms if term.kind in TREATMENTS]
    masked = name
    for term in terms:
        masked = masked[: term.start] + " " * (term.end - term.start) + masked[term.end :]
    for start, end, _ in find_dates(masked):
        masked = masked[:start] + " " * (end - start) + masked[end:]
    masked = STUDY.sub(lambda match: " " * len(match.group()), masked)
    masked = _ASIDE.sub(lambda match: " " * len(match.group()), masked)
    parts = []
    position = 0
    for piece in re.split(r"([,;+/()]|\b(?:and|plus|with|e|con)\b)", masked):
        start, position = position, position + len(piece)
        if any(start <= term.start < position for term in named):
            continue
        words = [
            w
            for w in re.findall(r"[^\W\d_][\w-]*", piece)
            if not all(_PLAIN.match(p) for p in w.split("-") if p) and len(w) > 2
        ]
        if words and not all(_DESCRIBES.search(word) for word in words):
            parts.append(" ".join(words))
    return parts


_DESCRIBES = re.compile(
    r"(?:ing|(?<!trex)ed|ly|ive|ion|ment|ary|ity|ness|able|less|ato|ata|ante|zione|mente)$"
    r"|^(?:autologous|allogeneic|commercial|product|phase|inhibitor|antibody|investigational|experimental)$",
    re.IGNORECASE,
)
"""``alternating``, ``marketed``: words that describe; no international name of a medicine ends so."""
_NOT_A_MEDICINE = re.compile(
    r"transplant|trapianto|graft|\w*(?:HCT|SCT|BMT)\b|radi|irradi|Gy\b|surg|\w+ectomy", re.IGNORECASE
)
"""What must stand among unknown words that may be a transplant, a radiotherapy or an operation."""
_PROCEDURES = ("class:transplant_procedure", "class:radiotherapy", "class:surgery", "class:local_therapy")


def _what_it_may_be(part: str, current: bool) -> frozenset[str]:
    """Everything that a medicine of unknown name may be: by the stem of its name, else anything that is a medicine."""
    narrow = stem_class(part)
    if narrow is not None:
        return below(narrow) | _OF_CANCER
    if current:
        return below("class:medication")
    if _NOT_A_MEDICINE.search(part):
        return below("class:treatment")
    return below("class:treatment") - frozenset[str]().union(*(below(name) for name in _PROCEDURES))


_OF_CANCER = frozenset(
    {"class:anticancer_agent", "class:systemic_therapy", "class:targeted_therapy", "class:investigational_agent"}
)
_SUPPORTIVE = (
    "class:immunosuppressant", "class:growth_factor", "class:anticoagulant", "class:antiplatelet", "class:antiviral",
    "class:antifungal", "class:vaccine", "class:transfusion",
)  # fmt: skip
"""What never makes a line of therapy against a cancer."""


def keep_unknown(
    context: Context,
    statement: Statement,
    part: str,
    current: bool,
    source: Source,
    last: Interval,
    traits: dict[str, bool],
    tested: frozenset[str],
) -> None:
    """A name that the vocabulary does not hold: an ordinary medicine by its stem, else it may be anything."""
    named = any(term for term in find_terms(statement.name, TREATMENTS))
    if is_ordinary(part):
        context.draft.event(part.lower(), {"class:medication", "class:treatment"}, source, last=last, traits=traits)
        context.used(statement, "ordinary_medicine", words=part)
        return
    if named and not current:
        context.ignored(statement, "words_not_read", words=part)
        if re.search(r"chemotherapy|chemioterapia", statement.name, re.IGNORECASE):
            return
    else:
        context.ambiguous(statement, "medicine_unknown", words=part)
    narrow = stem_class(part)
    certain = tested | (above(narrow) if narrow is not None else {"class:treatment"})
    if "first_line" in traits:  # a line of therapy is one of systemic therapy against the cancer
        certain |= above("class:systemic_therapy")
    possible = _what_it_may_be(part, current)
    if "first_line" in traits:
        possible -= frozenset[str]().union(*(below(kind) for kind in _SUPPORTIVE)) - below("class:anticancer_agent")
    context.draft.event(part.lower(), certain, source, may_be=possible - certain, last=last, traits=traits)
