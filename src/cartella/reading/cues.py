"""The small words that carry the logic of a criterion: negation, exception, condition, obligation, judgement.

Each cue is a phrase in English or Italian; the longest phrase wins. Content words (diseases, drugs, tests) are not
here: they are rows of the knowledge tables.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Cue(Enum):
    """What a phrase does to the words around it."""

    NOT_BEFORE = "negates what follows"
    NOT_AFTER = "negates what came before"
    POSITIVE = "affirms a finding"
    EXCEPT = "opens an exception"
    UNLESS = "opens a condition that lifts the rule"
    IF = "opens a condition under which the rule applies"
    ONLY_IF = "opens a condition that is demanded"
    REQUIRE = "states an obligation"
    PERMIT = "allows"
    EXCLUDE = "excludes"
    JUDGEMENT = "leaves it to a person"
    RESTRICT = "narrows in a way that a record seldom states"
    HISTORY = "past"
    TRAIT = "a trait that a record may state"
    STATE = "a state of the cancer"
    OTHER = "another than the disease under study"
    NOTE = "opens an explanation"
    SUCH_AS = "opens examples"
    AND = "and"
    OR = "or"
    AND_OR = "and/or"
    ALTERNATIVES = "any of the following"
    ALL_OF = "all of the following"
    GLUE = "carries no meaning of its own"


PHRASES: dict[Cue, str] = {
    Cue.NOT_BEFORE: """
        should not|shall not|no|not|without|absence of|free of|free from|lack of|lacking|never|negative for|nor
        |neither|does not have|do not have|has not|have not|cannot have|no evidence of|no known|no history of
        |no prior history of|no signs of|not have|not be|no active|non|none|must not|may not|cannot|can not|negative
        |no previous|no prior|did not|does not|do not|not received|nessun|nessuna|assenza di|senza|negativo per
        |negativi per|negativa per|mai|lacks|absent|seronegative for|seronegative""",
    Cue.NOT_AFTER: """
        negative|negativity|seronegative|undetectable|not detected|not detectable|not present|is absent|are absent
        |nonreactive|non-reactive|below the limit of detection|below detection|non rilevabile|negativo|negativa
        |negativi|under detection limit|below the detection limit|below the lower limit of detection
        |below limit of detection|lower than the detection limit|lower limit of detection""",
    Cue.POSITIVE: """
        positive|positivity|seropositive|seropositivity|detectable|expressing|expression|expresses|express|reactive
        |positivo|positiva|expressed|positive for|positive expression|overexpression|overexpressing|over-expression
        |positively|pos|overexpressed|positive test|positive status""",
    Cue.EXCEPT: """
        except|except for|with the exception of|with exception of|other than|excluding|exclusive of|apart from
        |aside from|not including|with the exceptions of|eccetto|tranne|salvo|ad eccezione di|ad eccezione del
        |fatta eccezione per|exceptions include|exceptions to this criterion include|but not|exception of|excepting
        |outside of|does not include|do not include|beyond|in addition to|exception|exceptions|exceptions are
        |exceptions to this""",
    Cue.UNLESS: "unless|a meno che|unless otherwise|unless the",
    Cue.IF: """
        if|in case of|in the case of|in cases of|when|se|for patients with|for subjects with|for participants with
        |in patients with|in subjects with|in participants with|for those with|patients with a history of
        |for those who|for patients who|for subjects who|for participants who|in the event of|for patients
        |for subjects|for participants|in patients|in subjects|in participants|only for|applicable to|applies to
        |only applicable for|only applicable to""",
    Cue.ONLY_IF: """
        provided that|provided|only if|as long as|so long as|on condition that|purché|solo se|providing
        |if and only if|but only if""",
    Cue.REQUIRE: """
        must|must have|must be|should|should have|should be|need to|needs to|is required|are required|shall|has to
        |have to|will have|devono|deve|must meet|is mandatory|are required to|is required to""",
    Cue.PERMIT: """
        will be considered|will also be eligible|also be eligible|are also eligible|is also eligible|also eligible
        |will also be considered|may also be considered|are still eligible|allowed|permitted|are eligible
        |is eligible|still eligible|also acceptable|be acceptable|may be enrolled|may be included|may participate
        |may receive|may continue|can be included|not excluded|not be excluded|will not be excluded|not exclusionary
        |permissible|not an exclusion|can be enrolled|may be eligible|may enroll|can participate|are not excluded
        |is not excluded|not considered exclusionary|be allowed|be permitted|is allowed|are allowed|is permitted
        |are permitted|is acceptable|are acceptable|does not exclude|do not exclude|will be eligible|remain eligible
        |consentito|ammessi|ammesso|consentita|can be considered|may be considered|may have|may be on
        |will be allowed|can enter|may enter|not be considered|may also be|can also be|not necessarily excluded
        |not exclude|can be accepted|can continue|could be included|could be enrolled|can be selected
        |be considered eligible|qualify""",
    Cue.EXCLUDE: """
        may not be eligible|not qualify|do not qualify|does not qualify|cannot be included|can not be included
        |may not participate|cannot participate|excluded|ineligible|not eligible|not allowed|not permitted
        |prohibited|exclusionary|will be excluded|are excluded|is excluded|exclude|excludes|not be eligible
        |must be excluded|should be excluded|esclusi|non ammessi|not be allowed|not be permitted|are not eligible
        |is not eligible|are ineligible|are not allowed|is not allowed|are not permitted|is not permitted
        |not acceptable|is prohibited|are prohibited|may not be enrolled|cannot be enrolled|will not be eligible
        |not considered eligible""",
    Cue.JUDGEMENT: """
        investigator|investigators|opinion|judgment|judgement|discretion|willing|willingness|able to|ability|capable
        |agree|agrees|agreement|consent|assent|understand|comply|compliance|cooperate|deemed|judged
        |clinically significant|clinical significance|adequate|satisfactory|sufficient|suitable|appropriate
        |unsuitable|candidate|interfere|compromise|feasible|tolerate|researcher|researchers|physician
        |principal investigator|sponsor|medical monitor|pi|voluntarily|voluntary|unable|inability|refuse|refuses
        |commit|abstain|abstinence|expected to|anticipated|likely|reliable|consenso|disponibile|in grado di|volontà
        |giudizio|sperimentatore|preclude|jeopardize|confound|unacceptable|significantly|clinically relevant
        |medically significant|medically relevant|clinically meaningful|safe|safely|safety|fit|consented|signed|sign
        |accessible|amenable|unwilling|unlikely|at the discretion|according to the investigator|accept|practice
        |use of|plan|plans|planning|planned|intend|intends|intending|intention|desire|wish|eligible for|eligible to
        |eligible candidates|be eligible for|are eligible for|is eligible for|ineligible for|not a candidate
        |poor candidate|considered|inadequate|insufficient|dysfunction|poor|impaired|impairment|intolerance
        |reason to believe|precludes|prevent|risk|contraindication|contraindications|contraindicated""",
    Cue.RESTRICT: """
        severe|serious|major|newly|significant|extensive|unstable|chronic|acute|life-threatening|life threatening
        |rapidly|refractory to|massive|grade|high risk|high-risk|recent|moderate|mild|persistent|long-term|long term
        |residual|unresolved|recurrent|congenital|inherited|certain|specific|clinical|clinically|decompensated
        |poorly|frequent|progressive|advanced|irreversible|invasive|bulky|significative|grave|gravi|necessitating
        |resulting|caused|due to|secondary to|related to|associated with|attributable|attributed|affecting
        |intolerant|failed|failure|chemotherapy-related|treatment-related|therapy-related|hereditary|acquired
        |high dose|high-dose|low dose|low-dose|isolated|multiple|any grade|central|peripheral|generalized
        |disseminated|local|localized|systemic|oral|intravenous|iv|prophylactic|symptom|symptoms|signs
        |clinical signs|evidence of disease|hemodynamically|sustained|complete|partial|partially|completely""",
    Cue.HISTORY: """
        history of|prior|previous|previously|past|medical history of|past history of|pregressa|pregresso|storia di
        |anamnesi di|precedente|history|in the past|before|ever|received|receiving|require|requires|requiring
        |required|need for|needing|need|requirement for|treated with|underwent|undergone|had|having received
        |has received|have received|had received|been treated|receipt of|treatment with|therapy with|exposure to
        |administration of|exposed to|pretreated|use of|using|use|on|taking|requiring treatment with|experienced
        |having had""",
    Cue.OTHER: """
        other|another|additional|second|different|concurrent|concomitant|any other|secondary|altro|altra|altri|altre
        |prior other|additional active""",
    Cue.NOTE: """
        note|nb|n.b.|nota|for example|e.g.|eg|i.e.|ie|defined as|is defined as|are defined as|definition|refers to
        |ad esempio|ad es.|as defined by|defined by|as evidenced by|as determined by|as assessed by|determined by
        |assessed by|measured by|documented by|confirmed by|according to|as per|per|by|based on|using|via
        |calculated by|calculated using|calculated with|estimated by|as measured by|using the|evaluated by""",
    Cue.SUCH_AS: """
        example|examples|such as|including|including but not limited to|including, but not limited to|include
        |includes|included|but not limited to|like|for instance|namely|as well as but not limited to|come|inclusi
        |incluse|compresi|tra cui|including without limitation|inclusive of|consisting of|which include
        |which includes|that is""",
    Cue.AND: "and|&|e|ed|as well as|plus|along with|together with|in addition",
    Cue.OR: "or|o|oppure|either|alternatively|and or",
    Cue.AND_OR: "and/or|and / or|or/and|e/o|or / and",
    Cue.ALTERNATIVES: """
        any of the following|one of the following|at least one of the following|either of the following
        |one or more of the following|any one of the following|1 of the following|at least 1 of the following
        |uno dei seguenti|almeno uno dei seguenti|any of these|one of these|any one or more of the following""",
    Cue.ALL_OF: """
        all of the following|each of the following|both of the following|tutti i seguenti|the following criteria
        |the following|as follows|as defined below|following criteria|following conditions|as listed below|below""",
    Cue.GLUE: """
        if applicable|where applicable|as applicable|if indicated|when applicable|histopathologically
        |histopathological|histopathologic|bidimensionally|unidimensionally|radiographically|radiologically
        |morphologically|immunophenotypically|suspicion|suspicion of|presence or history of|urine|noted|performed
        |occurring|established|verified|demonstrated|determined|identified|achieved|obtained|disease state|setting
        |process|course|state|mainly|namely|undergoing|specific|respectively|simultaneously|meanwhile
        |standard of care|adult patients|subjects'|patients'|participants'|human|virus|viruses|viral infection with
        |infected with|infected by|carrier|carriers|carriage|seropositive for|medical|physical|any type of
        |any kind of|all types of|other than that|and others|or others|et al.|so on|and so on|etc.|with or without
        |whether or not|according|classified|classified as|described|listed|mentioned|above|above-mentioned
        |aforementioned|prior to enrollment|before enrollment|at screening|at enrollment|at baseline
        |during screening|post|last dose of|last|most recent|administration of|dose of|course of|completion of
        |initiation of|end of|routine|acute or chronic|chronic or acute|patient's|subject's|participant's|serologic
        |serological|serology|serologically|meeting|meet|meets|fulfilling|fulfil|satisfying|spouse|spouses|partner
        |partners|clinical signs of|patient|patients|subject|subjects|participant|participants|individual
        |individuals|person|persons|people|candidates|recipient|recipients|who|whom|whose|which|that|with|have|has
        |having|had|a|an|the|of|in|to|be|is|are|was|were|been|being|at|on|for|their|his|her|its|they|them|he|she|it
        |this|these|those|there|as|from|into|will|would|do|does|any|all|some|known|documented|confirmed|diagnosed
        |diagnosis|diagnosis of|evidence of|presence of|evidence|presence|current|currently|present|existing|time
        |time of|at the time|study|trial|protocol|enrollment|enrolment|entry|screening|prior to|during|after|since
        |within|day|days|date|including|level|levels|value|values|count|counts|function|status|score|performance
        |scale|test|tests|testing|result|results|range|limit|laboratory|lab|serum|plasma|blood|total|baseline
        |measured|histologically|cytologically|pathologically|histologic|pathologic|histological|pathological
        |cytologic|cytological|biopsy|biopsy-proven|proven|confirmation|immunohistochemistry|ihc|flow cytometry
        |disease|diseases|disorder|disorders|condition|conditions|syndrome|infection|infections|cancer|cancers|tumor
        |tumors|tumour|tumours|malignancy|malignancies|criteria|criterion|least|type|types|form|forms|case|cases|sex
        |gender|regardless|male or female|male and female|males and females|males or females|men and women
        |men or women|both sexes|either sex|female or male|females or males|women and men|women or men|male/female
        |any gender|any age|of any age|regardless of age|all ages|regardless of gender|any sex|both genders
        |all genders|all sexes|either|both|following|also|however|then|thus|therefore|but|only|still|not limited to
        |etc|et al|years old|year old|old|age|aged|ages|years|year|must|can|may|should|shall|paziente|pazienti
        |soggetti|soggetto|con|di|il|lo|la|i|gli|le|un|una|uno|che|da|del|della|dei|delle|dello|al|alla|nel|nella
        |per|sono|è|essere|avere|hanno|ha|devono|qualsiasi|diagnosi|diagnosi di|malattia|affetti|affetto|presenza di
        |evidenza di|documentata|nota|noto|istologicamente|confermata|confermato|accordingly|registration|inclusion
        |eligibility|therapy|treatment|treatments|therapies|regimen|regimens|agent|agents|drug|drugs|medication
        |medications|product|products|ii|so|very|per protocol|institutional|normal|upper|lower|x|times|standard
        |classification|world health organization|who classification|group|new york heart association|if any
        |least one|eastern cooperative oncology group|cell|cells|cellular""",
}

TRAITS: dict[str, str] = {
    "active": """
        active|ongoing|current active|currently active|attiva|attivo|attive|attivi|in corso|concurrent active
        |actively""",
    "!controlled": """
        uncontrolled|not controlled|poorly controlled|not adequately controlled|non controllata|non controllato
        |non controllate|inadequately controlled|not well controlled""",
    "controlled": "controlled|well controlled|well-controlled|adequately controlled|controllata",
    "symptomatic": "symptomatic|sintomatica|sintomatiche|sintomatico",
    "!symptomatic": "asymptomatic|asintomatica|asintomatico",
    "!treated": "untreated|non trattata|non trattate|not treated|not previously treated",
    "resolved": "resolved|recovered|cured|inactive|in remission|complete remission|disease-free|disease free",
    "systemic_treatment": """
        requiring systemic treatment|requiring systemic therapy|requiring treatment|requiring therapy
        |requiring iv antibiotics|requiring intravenous antibiotics|requiring systemic
        |requiring immunosuppressive therapy|requiring intervention|requiring medication
        |requiring systemic immunosuppression|requiring immunosuppression
        |requiring systemic immunosuppressive therapy|that requires systemic treatment|requiring systemic steroids
        |requiring medical therapy|requiring ongoing treatment|requiring antibiotics|requiring antimicrobials
        |requiring medical intervention""",
}

STATES: dict[str, str] = {
    "state:relapsed": """
        relapsed|relapse|recurrent|recurrence|recurred|relapsing|recidivato|recidivata|recidiva|in relapse""",
    "state:refractory": """
        refractory|persistent disease|persistent/refractory|refractory/persistent|persistent or refractory
        |refractory or persistent|resistant|refrattario|refrattaria|non-responsive|failure to respond""",
    "state:relapsed_or_refractory": """
        relapsed/refractory|relapsed or refractory|refractory or relapsed|refractory/relapsed|r/r
        |relapsed and/or refractory|relapsed and refractory|relapse/refractory|recurrent or refractory
        |recurrent/refractory|refractory or recurrent|relapse or refractory|refractory/recurrent|rr
        |recurrent and refractory|relapsed, refractory|recurrent, refractory|relapsed or resistant
        |relapsed or persistent|recidivato o refrattario|recidivante o refrattario|recidivato/refrattario""",
    "state:progressive": """
        progressive|progressive disease|disease progression|progression|progressed|progressing|in progressione""",
    "state:metastatic": "metastatic|metastases|metastasis|metastatico|metastatica|stage iv|stage 4",
    "state:locally_advanced": "locally advanced|locoregionally advanced|localmente avanzato",
    "state:unresectable": """
        unresectable|non-resectable|nonresectable|inoperable|not resectable|not amenable to surgery|non resecabile
        |surgically unresectable""",
    "state:advanced": "advanced|late-stage|late stage|avanzato|advanced stage",
    "state:newly_diagnosed": """
        newly diagnosed|untreated disease|treatment-naive|treatment naive|previously untreated|nuova diagnosi""",
    "state:complete_remission": """
        complete remission|complete response|in cr|in complete remission|remissione completa
        |first complete remission|morphologic remission""",
    "state:platinum_resistant": "platinum resistant|platinum-resistant",
    "state:platinum_refractory": "platinum refractory|platinum-refractory",
    "state:castration_resistant": "castration resistant|castration-resistant|castrate resistant|castrate-resistant",
    "state:primary_refractory": "primary refractory|primary refractory disease|primarily refractory",
    "state:transformed": "transformed",
    "state:extramedullary": "extramedullary disease|extramedullary involvement|extramedullary relapse",
    "site:liver": """
        liver metastases|liver metastasis|hepatic metastases|hepatic metastasis|liver involvement
        |hepatic involvement|involvement of the liver|liver infiltration|hepatic infiltration
        |tumor infiltration of liver|liver tumors|metastasi epatiche|with liver metastases
        |metastatic disease to the liver|disease involving the liver|liver lesions|liver disease involvement
        |liver involvement by tumor""",
    "site:bone_marrow": """
        bone marrow involvement|marrow involvement|bone marrow infiltration|involvement of the bone marrow
        |marrow infiltration|bone marrow disease""",
    "site:bone": "bone metastases|bone metastasis|bony metastases|metastasi ossee",
    "site:lung": "lung metastases|pulmonary metastases|lung metastasis|pulmonary metastasis",
    "site:peritoneum": "peritoneal metastases|peritoneal carcinomatosis|peritoneal involvement|peritoneal disease",
    "state:measurable": """
        measurable disease|measurable lesion|measurable lesions|measurable tumor|measurable tumour|measurable
        |evaluable disease|evaluable|evaluable lesion|measurable or evaluable disease|measurable or evaluable
        |malattia misurabile|measurable target lesion|target lesion|measurable tumors|measureable
        |measureable disease""",
}


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[tuple[str, ...], Cue, str]]]:
    table: dict[str, list[tuple[tuple[str, ...], Cue, str]]] = {}
    rows = [(cue, phrases, "") for cue, phrases in PHRASES.items()]
    rows += [(Cue.TRAIT, phrases, name) for name, phrases in TRAITS.items()]
    rows += [(Cue.STATE, phrases, name) for name, phrases in STATES.items()]
    for cue, phrases, name in rows:
        for phrase in phrases.split("|"):
            words = tuple(WORD.findall(phrase.strip().lower()))
            if words:
                table.setdefault(words[0], []).append((words, cue, name))
    for entries in table.values():
        # the longest phrase first; among equals the more specific cue, glue last
        entries.sort(key=lambda e: (-len(e[0]), _RANK[e[1]]))
    return table


_ORDER = (
    Cue.STATE, Cue.TRAIT, Cue.UNLESS, Cue.EXCEPT, Cue.ONLY_IF, Cue.EXCLUDE, Cue.PERMIT, Cue.NOT_AFTER, Cue.NOT_BEFORE,
    Cue.POSITIVE, Cue.IF, Cue.REQUIRE, Cue.AND_OR, Cue.AND, Cue.OR, Cue.ALTERNATIVES, Cue.ALL_OF, Cue.SUCH_AS, Cue.NOTE,
    Cue.OTHER, Cue.HISTORY, Cue.JUDGEMENT, Cue.GLUE, Cue.RESTRICT,
)  # fmt: skip
_RANK = {cue: rank for rank, cue in enumerate(_ORDER)}
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['.][A-Za-zÀ-ÿ]+)*\.?(?<!\.)|\d+(?:\.\d+)?|[^\sA-Za-zÀ-ÿ\d]")


def cue_at(words: list[str], position: int) -> tuple[int, Cue, str] | None:
    """The longest cue that begins at `position` of the lower-case words: its length in words, its kind, its name."""
    for phrase, cue, name in _table().get(words[position], ()):
        if tuple(words[position : position + len(phrase)]) == phrase:
            return len(phrase), cue, name
    return None
