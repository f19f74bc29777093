"""How the cancer stands and where it sits: the ids ``state:*`` and ``site:*`` and the wordings of records for them.

These ids are the contract between records and criteria (docs/reference/record.md lists them). Origin: own knowledge of
how records are written, English and Italian, 2026-11; confidence: from memory, checked against tests/patients.
"""

from __future__ import annotations

import re
from functools import cache

STATES: dict[str, str] = {
    "state:primary_refractory": (
        r"primary[- ]refractory|primaria(?:mente)? refrattari[oa]|refractory to (?:first[- ]line"
        r"|induction)(?: therapy)?"
    ),
    "state:platinum_resistant": (
        r"platinum[- ]resistant|platin(?:o|um)[- ]?resistente|resistant to platinum"
        r"|resistente al platino"
    ),
    "state:platinum_refractory": r"platinum[- ]refractory|refrattari[oa] al platino",
    "state:platinum_sensitive": r"platinum[- ]sensitive|platino[- ]?sensibile",
    "state:castration_resistant": (
        r"castration[- ]resistant|castrate[- ]resistant|hormone[- ]refractory|mCRPC|CRPC"
        r"|resistente alla castrazione"
    ),
    "state:refractory": (
        r"(?<!primary )(?<!primary-)(?<!platinum )(?<!platinum-)(?<!hormone-)refractory(?! to)"
        r"|refrattari[oaie](?! a)|R/R|r/r|resistant disease|no response|nessuna risposta"
    ),
    "state:relapsed": r"relapsed?|relapsing|recidiv\w*|recurren(?:t|ce)|recurred|R/R|r/r|ricadut[ao]|ricorrente",
    "state:progressive": (
        r"progressi(?:ve|ng|on)(?: disease)?|progressed|progredit[oa]|progressione(?: di malattia)?"
        r"|in progression|PD(?= |$|,)|worsening disease"
    ),
    "state:stable_disease": r"stable disease|malattia stabile",
    "state:partial_remission": r"(?:very good )?partial (?:response|remission)|VGPR|(?:risposta|remissione) parziale",
    "state:complete_remission": (
        r"(?:stringent )?complete (?:metabolic |molecular |h[a]?ematologic(?:al)? )?(?:response"
        r"|remission)|sCR|risposta completa|remissione completa|no evidence of disease|NED"
    ),
    "state:remission": r"(?<!complete )(?<!partial )(?:in )?remission|(?<!remissione )in remissione",
    "state:metastatic": (
        r"metastatic|metastati[cz]\w*|metastas[ei]s|metastasi|secondarism[oi]|disseminat(?:ed|[oa])"
        r"|distant spread"
    ),
    "state:locally_advanced": r"locally[- ]advanced|localmente avanzat[oa]",
    "state:unresectable": (
        r"unresectable|inoperable|non[- ]resectable|not resectable|irresectable|inoperabile"
        r"|non operabile|non resecabile"
    ),
    "state:resectable": (
        r"(?<!un)(?<!non-)(?<!non )(?<!not )resectable|(?<!in)(?<!non )operab(?:le|ile)"
        r"|(?<!non )resecabile"
    ),
    "state:localised": r"locali[sz]ed disease|localizzat[oa]",
    "state:newly_diagnosed": r"newly[- ]diagnosed|de novo|treatment[- ]na[iï]ve|previously untreated|nuova diagnosi",
    "state:measurable": r"measurable(?! residual)(?: disease| lesion\w*)?|misurabil[ei]|malattia misurabile",
    "state:evaluable": r"(?:evaluable|assessable)(?: disease| lesion\w*)?|valutabil[ei]|malattia valutabile",
    "state:fdg_avid": (
        r"(?:FDG|PET)[- ](?:avid|positiv[ea])(?: \w+)?|Deauville(?: score)?(?: of)? [45]|hypermetabolic"
        r"|ipermetabolic[aoi]|ipercaptant[ei]"
    ),
    "state:biopsy_proven": (
        r"biopsy[- ](?:proven|confirmed)|histolog\w+[- ](?:proven|confirmed)|confirmed by biopsy"
        r"|confermat[oa] (?:istologicamente|con biopsia)|istologicamente confermat[oa]"
    ),
    "state:transformed": r"transformed|transformation|trasformat[oa]|trasformazione|Richter",
    "state:high_risk": r"high[- ]risk|alto rischio",
    "state:extramedullary": r"extramedullary(?: disease| relapse)?|extramidollar[ei]",
    "state:mrd_positive": r"MRD[- ]?(?:positive|\+|pos)|positive MRD",
    "state:mrd_negative": r"MRD[- ]?(?:negative|neg)|negative MRD",
    "state:donor_available": (
        r"donor(?: \w+)? available|available donor|(?:matched"
        r"|haploidentical)[\w -]* donor, available|donatore (?:\w+ )?disponibile"
    ),
    "state:contraception": (
        r"uses? (?:\w+ ){0,2}contracepti(?:on|ve)|on (?:oral )?contracepti(?:on|ve)\w*"
        r"|usa (?:\w+ )?contraccezione|contraccezione (?:efficace|adeguata)"
    ),
    "state:hospitalised": r"hospitali[sz]ed|in-?patient|ricoverat[oa]",
}

SITES: dict[str, str] = {
    "site:liver": r"liver|hepatic|fegato|epatic(?:a|he|i|o)",
    "site:lung": r"lungs?|pulmonary|polmon\w+",
    "site:bone": r"bones?(?! marrow)|osseous|skeletal|oss(?:o|a|ee|ei|ea)",
    "site:bone_marrow": r"bone[- ]marrow|marrow|midollo(?: osseo)?|midollar[ei]",
    "site:peritoneum": r"peritone(?:um|al)|peritoneo|peritoneal[ei]|omentum|omental",
    "site:lymph_node": r"lymph[- ]nodes?|nodal|linfonod\w+",
    "site:brain": r"brain|cerebral|intracranial|encefal\w+|cerebral[ei]|cervello",
    "site:cns": r"CNS|central nervous system|SNC|sistema nervoso centrale",
    "site:adrenal": r"adrenal\w*|surren\w+",
    "site:skin": r"skin|cutaneous|cutane[ao]|pelle|cute",
    "site:pleura": r"pleura\w*|pleuric[ao]",
    "site:gut": r"gut|bowel|intestin\w+|gastrointestinal|colon",
    "site:eye": r"eyes?|ocular|occhi\w*|oculare",
    "site:mouth": r"mouth|oral mucosa|bocca",
    "site:spleen": r"spleen|splenic|milza",
    "site:testis": r"test(?:is|es|icular)|testicol\w+",
    "site:pancreas": r"pancrea\w+",
    "site:kidney": r"kidneys?|renal|ren[ei]",
    "site:soft_tissue": r"soft tissues?|tessuti molli",
    "site:mediastinum": r"mediastin\w+",
    "site:pelvis": r"pelvi[cs]|pelvic[ao]",
    "site:abdomen": r"abdom\w+|addom\w+",
    "site:thorax": r"chest|thora\w+|torac\w+",
    "site:leptomeninges": r"leptomening\w+|mening\w+",
}

GENERIC: dict[str, str] = {
    "class:immunosuppressant": (
        r"immuno-?suppress(?:ion|ive (?:therapy|treatment|medication|drugs?|agents?)|ants?)"
        r"|immunosoppress(?:ione|ori|iva|ivi|ore)"
    ),
}
"""Wordings of patients' records for a whole class of medicines."""

METASTASIS = re.compile(
    r"metasta\w*|secondar(?:y|ies)|secondari(?:sm[oi])|spread to|involv(?:ing|ement|ed)"
    r"|infiltrat\w+|coinvolgimento|localizzazion\w+|lesions?|nodules?"
    r"|lesion[ei]|disease\b|malattia|deposits?|mass(?:es)?",
    re.IGNORECASE,
)
"""Words beside which a site of the body is a site of the cancer."""


@cache
def compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """All states and sites with their compiled patterns."""
    return tuple(
        (identifier, re.compile(rf"(?<![\w])(?:{wording})(?![\w])", re.IGNORECASE))
        for identifier, wording in (STATES | SITES | GENERIC).items()
    )
