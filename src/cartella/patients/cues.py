"""The words with which records say how a thing stands: denied, doubtful, past, active, treated.

One table of patterns, English and Italian, for patients' records only. Names of diseases, drugs and tests are in
`cartella.knowledge`. Origin: our own knowledge of how records are written, 2026-11; confidence: from memory, checked
against the cases in tests/patients.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_NEGATION = (
    r"no|not|non|none|never|without|w/o|absent|absence of|negative(?: for)?|neg\.|denie[sd]|denied|excluded|ruled out"
    r"|free of|nil|no evidence of|no signs? of|no history of|undetected|not detected"
    r"|unremarkable for|neither|nor|lack of"
    r"|nessun[oa]?|nega(?:ti[vo][oaie])?|assen(?:te|ti|za)(?: di)?|senza|esclus[oaie]|mai|assenti|n[eé]"
)
_DOUBT = (
    r"suspected|suspicion (?:of|for)|suspicious for|possible|possibly|probable(?! invasive)|probably"
    r"|likely|presumed|presumptive"
    r"|rule out|r/o|to be excluded|cannot (?:be )?exclude[d]?|not excluded|query|questionable|equivocal|indeterminate"
    r"|differential|versus|vs\.?|unclear|uncertain|unconfirmed|awaiting|pending|may have"
    r"|might have|concern for|under investigation|being investigated"
    r"|sospett[oaie]|possibil[ei]|probabil[ei]|presunt[oaie]|da escludere|da confermare|dubbi[oa]?|incert[oa]|in attesa"
    r"|verosimile|compatibile con|non escludibile|consistent with|unlikely"
)
_FAMILY = (
    r"family history|familial history|famil(?:y|iarit[aà])(?: positive)?(?: of| for| per)|mother|father|sister|brother"
    r"|grand(?:mother|father)|aunt|uncle|parent|first[- ]degree relative|relatives?|madre|padre"
    r"|sorella|fratello|nonn[oa]|zi[oa]"
    r"|anamnesi familiare"
)
_OTHER_CONTEXT = (
    r"vaccinat(?:ed|ion|o|a)|vaccin[eoai]|immuni[sz]ed|immuni[sz]ation|screening|screened"
    r"|risk (?:of|for)|at risk|exposure to"
    r"|exposed to|prophyla(?:xis|ctic)|profilassi|prevention of|counsel(?:l)?ing|fear of|educat(?:ed|ion) (?:on|about)"
    r"|rischio di|esposizione a|contact with|contatto con|susceptib\w+ to|immunity (?:to|against)"
)
_PLANNED = (
    r"planned|plan(?:s|ning)? (?:for|to)|scheduled|candidate for|considered for"
    r"|under consideration|to (?:start|begin|receive|undergo)"
    r"|awaiting|proposed|intended|waiting list|listed for|programmat[oaie]|pianificat[oaie]"
    r"|previst[oaie]|in lista|da iniziare|candidat[oa] a"
)
_BREAK = (
    r"\bbut\b|\bexcept(?: for)?\b|\bhowever\b|\balthough\b|\bother than\b|\bapart from\b"
    r"|\bma\b|\btranne\b|\beccetto\b|\bsalvo\b|\bper[oò]\b"
)


@dataclass(frozen=True, slots=True)
class StatusCue:
    """A wording that sets traits of the thing it speaks of; `past` marks what is over, `now` what goes on."""

    pattern: str
    traits: tuple[tuple[str, bool], ...] = ()
    past: bool = False
    now: bool = False


STATUS = (
    StatusCue(
        r"(?:no|not|without|senza|non|n[eé])(?: \w+){0,2} (?:systemic|sistemic[oaie]|immunosuppressive)[- ]"
        r"(?:therapy|treatment|steroids?|corticosteroids?|terapia|trattamento)",
        (("systemic_treatment", False),),
    ),
    StatusCue(
        r"uncontrolled|poorly controlled|not (?:well |adequately )?controlled|inadequately controlled|decompensated"
        r"|non (?:ben )?controllat[oaie]|mal controllat[oaie]|scompensat[oaie]"
        r"|refractory to treatment|unstable|instabile"
        r"|not (?:improving|responding)|no (?:improvement|response) (?:on|to|with|despite)|without improvement"
        r"|(?:worse(?:ned|ning)?|larger|enlarg(?:ed|ing)|grow(?:n|ing)|progress(?:ed|ing)|spreading|increas(?:ed|ing)"
        r"|persist(?:ent|ing)) (?:[\w()/-]+ ){0,8}(?:despite|in spite of|under) "
        r"(?:[\w-]+ ){0,3}(?:treatment|therapy|anti\w+)"
        r"|non (?:migliora|risponde)|non in miglioramento|in peggioramento (?:nonostante|malgrado)(?: la)? terapia",
        (("controlled", False), ("active", True)),
        now=True,
    ),
    StatusCue(
        r"(?<!un)(?<!poorly )(?<!not )(?<!not well )(?<!not adequately )(?<!inadequately )controlled"
        r"|well[- ]managed|(?<!de)compensated"
        r"|(?<!non )(?<!non ben )(?<!mal )(?:ben )?controllat[oaie]|(?<!s)compensat[oaie]"
        r"|in buon (?:controllo|compenso)"
        r"|seizure[- ]free|under control|sotto controllo",
        (("controlled", True),),
        now=True,
    ),
    StatusCue(
        r"untreated|not (?:yet )?treated|without treatment|treatment[- ]na[iï]ve|off treatment"
        r"|non trattat[oaie]|mai trattat[oaie]"
        r"|senza (?:terapia|trattamento)|no treatment|not (?:requiring"
        r"|needing) (?:any )?(?:treatment|therapy)|no therapy",
        (("treated", False), ("systemic_treatment", False)),
    ),
    StatusCue(
        r"(?<!un)(?<!not )(?<!not yet )treated|(?<!non )(?<!mai )trattat[oaie]"
        r"|status post (?:resection|treatment)|irradiated|resected|excised|removed|asportat[oaie]"
        r"|escis[soaie]+|rimoss[oaie]|resecat[oaie]",
        (("previously_treated", True), ("treated", True)),
    ),
    StatusCue(
        r"under (?:active )?(?:treatment|therapy)|on (?:treatment|therapy|replacement|medication)"
        r"|being treated|receiving (?:treatment|therapy)"
        r"|in (?:terapia|trattamento)|in cura|sotto terapia|requiring (?:treatment|therapy)|on (?:anti\w+)",
        (("treated", True),),
        now=True,
    ),
    StatusCue(
        r"(?:on |with |requiring )?(?:intravenous|i\.?v\.?|parenteral|endovenos[oaie]|systemic"
        r"|sistemic[oaie]|oral)[- ]+"
        r"(?:antibiotics?|antibacterials?|antifungals?|antivirals?|anti-?microbials?|treatment"
        r"|therapy|immunosuppress\w+|steroids?|corticosteroids?"
        r"|antibiotic[oi]|antimicotic[oi]|terapia|immunosoppress\w+|steroid[ei])"
        r"|(?:terapia|antibiotic[oi]|antibioticoterapia) (?:sistemic[ao]|endovenos[ao]|e\.?v\.?)",
        (("treated", True), ("systemic_treatment", True)),
        now=True,
    ),
    StatusCue(
        r"(?:with |on )?(?:topical|inhaled|local|topic[oa]|inalatori[oa])[- ]+(?:treatment|therapy"
        r"|steroids?|corticosteroids?|cream\w*|terapia|steroid[ei])(?: only)?"
        r"|ointments?|creams?|lotions?|eye drops|emollients?|topicals?|topically|unguent[oi]|pomat[ae]"
        r"|crem[ae]|collirio",
        (("treated", True), ("systemic_treatment", False), ("topical", True)),
        now=True,
    ),
    StatusCue(r"(?<!a)symptomatic|(?<!a)sintomatic[oaie]", (("symptomatic", True),)),
    StatusCue(r"asymptomatic|without symptoms|symptom[- ]free|asintomatic[oaie]", (("symptomatic", False),)),
    StatusCue(
        r"inactive|not active|non[- ]active|quiescent|dormant|burnt[- ]out|inattiv[oaie]|non attiv[oaie]|quiescente",
        (("active", False),),
    ),
    StatusCue(
        r"(?<!in)(?<!not )(?<!non-)active|ongoing|current|currently|persistent|persisting"
        r"|progressing|flar(?:e|ing)|worsening"
        r"|(?<!in)(?<!non )attiv[oaie]|in (?:corso|atto)|persistente|attuale|presente",
        (("active", True),),
        now=True,
    ),
    StatusCue(r"re-?activat(?:ed|ion)|riattiva\w+|vir(?:ae|e)mia|bacter(?:ae|e)mia", (("active", True),)),
    StatusCue(
        r"no evidence of (?:disease|recurrence|relapse)|no recurrence|without recurrence|NED|resolved"
        r"|cured|healed|recovered|cleared|eradicated|history of|past|previous(?:ly)?|prior"
        r"|former|remote|old|status post|s/p"
        r"|completed treatment|disease[- ]free|in (?:complete |full |sustained )?remission|remission"
        r"|sustained virolog\w+ response|SVR"
        r"|guarit[oaie]|risolt[oaie]|pregress[oaie]|in remissione|storia di|anamnesi di|esiti di"
        r"|superat[oaie]|eradicat[oaie]|passat[oaie]",
        (("active", False),),
        past=True,
    ),
    StatusCue(
        r"severe|serious|life[- ]threatening|grav[ei]|sever[oaie]|grado? (?:3|4|III|IV)\b|grade (?:3|4|III|IV)\b",
        (("severe", True),),
    ),
    StatusCue(r"mild|minor|slight|lieve|lievi|grad[eo] (?:1|I)\b", (("severe", False),)),
    StatusCue(r"stable|stabil[ei]", (("stable", True),)),
    StatusCue(r"latent|latente", (("active", False), ("latent", True))),
    StatusCue(r"chronic|cronic[oa]", (("chronic", True),)),
    StatusCue(r"acute|acut[oa]", (("acute", True),)),
)

GRADE = re.compile(r"\b(?:grade|gr\.?|grado)\s*(?P<grade>IV|III|II|I|[0-5])\b", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def grade_number(text: str) -> int:
    """A grade written in Roman or Arabic figures."""
    return _ROMAN.get(text.lower()) or int(text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled pattern of a family of cues: negation, doubt, family, other, planned, break."""
    table = {
        "negation": _NEGATION,
        "doubt": _DOUBT,
        "family": _FAMILY,
        "other": _OTHER_CONTEXT,
        "planned": _PLANNED,
    }
    if name == "break":
        return re.compile(_BREAK, re.IGNORECASE)
    question = r"|\?" if name == "doubt" else ""
    return re.compile(rf"(?<![\w-])(?:{table[name]})(?!\w){question}", re.IGNORECASE)


@cache
def status_patterns() -> tuple[tuple[re.Pattern[str], StatusCue], ...]:
    """The compiled status cues."""
    return tuple((re.compile(rf"(?<![\w])(?:{cue.pattern})(?![\w])", re.IGNORECASE), cue) for cue in STATUS)
