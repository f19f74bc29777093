"""How something is to be established ("as measured by flow cytometry", "per RECIST 1.1") changes no condition.

The words after such a cue are claimed without an expression, unless they hold a limit or a negation of their own.
"""

from __future__ import annotations

from cartella.logic import Expression
from cartella.reading.clause import Clause
from cartella.reading.cues import Cue
from cartella.reading.passing import CONFIRMED_THERE
from cartella.reading.tokens import Kind

YARDSTICKS = frozenset({"scale:RECIST1.1", "scale:Lugano", "scale:IMWG_measurable"})
METHODS = frozenset(
    """echocardiogram echocardiography echo muga mri ct pet scan pet-ct pet/ct ultrasound room air on pcr assay elisa
    recist rano lugano irecist v1.1 1.1 version criteria cheson iwg imwg who nccn guidelines guideline 2014 2016
    2017 2022 cockcroft gault cockcroft-gault formula equation mdrd ckd-epi schwartz pulse oximetry ambient indoor
    atmosphere cardiac multigated multiple gated acquisition radionuclide ventriculography ecg electrocardiogram
    echocardiographic imaging modification diet renal eastern cooperative oncology ctcae v5.0 v4.0 v4.03 v5 nci
    nci-ctcae grading institutional reference response evaluation solid tumors tumor rt-pcr fish ish karyotype
    cytogenetics fda-approved approved clia
    modified mrecist imrecist irecist inrc iwcll percist revised scans tomography computed magnetic resonance detected
    positron emission""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Claim the words that only say by what method something is established."""
    for n, _ in clause.cues(Cue.NOTE):
        rest = range(n, len(clause.tokens))
        if CONFIRMED_THERE.search(" ".join(clause.tokens[m].text for m in rest)):
            continue
        if not any(
            clause.tokens[m].kind in (Kind.COMPARISON, Kind.TIME) or clause.tokens[m].is_cue(Cue.NOT_BEFORE)
            for m in rest
        ):
            if not any(
                m not in clause.used and (clause.tokens[m].kind is Kind.CONCEPT or clause.tokens[m].is_cue(Cue.STATE))
                for m in range(n)
            ):
                continue
            clause.claim(*rest)
            break
    clause.claim_words(METHODS)
    clause.claim(*(n for n, t in clause.concepts("scale") if all(c in YARDSTICKS for g in t.concepts for c in g)))
    return []
