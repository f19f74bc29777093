"""Other illnesses, events, infections, pregnancy: what the patient has besides the cancer."""

from __future__ import annotations

from cartella.knowledge import knowledge
from cartella.logic import Expression, Not
from cartella.reading.clause import Clause, disjunction
from cartella.reading.concepts.presence import events, one_event, time_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind

SEROLOGY = {
    "lab:hbsag": "cond:hepatitis_b", "lab:anti_hbc": "cond:hepatitis_b_exposure", "lab:hbv_dna": "cond:hepatitis_b",
    "lab:anti_hcv": "cond:hepatitis_c", "lab:hcv_rna": "cond:hepatitis_c", "lab:hiv_agab": "cond:hiv_infection",
    "lab:hiv_rna": "cond:hiv_infection", "lab:htlv_ab": "cond:htlv", "lab:syphilis_serology": "cond:syphilis",
    "lab:cmv_dna": "cond:cmv_infection", "lab:ebv_dna": "cond:ebv_infection", "lab:hcg_serum": "cond:pregnancy",
    "lab:hcg_urine": "cond:pregnancy", "lab:sars_cov2_pcr": "cond:covid19", "lab:igra": "cond:tuberculosis",
}  # fmt: skip
CARRIED = frozenset(
    """infection infections disease diseases disorder disorders syndrome known history positive positivity virus viral antibody antibodies antigen serology serologic status test tests testing
    human women woman females female documented evidence presence current currently patients any type confirmed by rna dna pcr surface core symptoms viruses seropositive results titer load
    blood peripheral other""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Each condition named in the clause; ``negative`` after it denies it."""
    result: list[Expression] = []
    denied = [n for n, _ in clause.cues(Cue.NOT_AFTER)]
    denied += [n for n, t in clause.cues(Cue.NOT_BEFORE) if t.text.lower() == "negative"]
    for n, token in clause.concepts("cond"):
        expression = events(clause, token, n)
        clause.claim(n)
        result.append(Not(expression) if any(d > n for d in denied) else expression)
    for n, token in clause.concepts("lab"):
        infections = [SEROLOGY.get(c) for group in token.concepts for c in group]
        if any(i is None or i not in knowledge().concepts for i in infections):
            continue
        said = clause.cues(Cue.POSITIVE)
        if not said and not denied and not clause.negated:
            continue
        found = disjunction([one_event(clause, i, frozenset(), time_of(clause, n), n) for i in dict.fromkeys(infections) if i])
        clause.claim(n)
        result.append(Not(found) if any(d > n for d in denied) else found)
    if result:
        clause.claim(*denied)
        clause.claim_words(CARRIED)
        for n, token in enumerate(clause.tokens):
            if token.is_cue(Cue.POSITIVE) or (token.kind is Kind.CUE and token.is_cue(Cue.OTHER)):
                clause.claim(n)
    return result
