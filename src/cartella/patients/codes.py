"""Code systems of FHIR records, by short names, and the few codes that say how an entry stands.

These are words of the FHIR, LOINC and SNOMED CT interfaces, not of medicine: the medical vocabulary is
`cartella.knowledge`. Origin: HL7 FHIR R4 value sets (hl7.org/fhir/R4), mCODE STU 3 (hl7.org/fhir/us/mcode); read in
2026-11; confidence: verified for the HL7 code systems, from memory for the SNOMED CT qualifier values.
"""

from __future__ import annotations

SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-it": "icd10",
    "urn:oid:2.16.840.1.113883.6.90": "icd10",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
    "http://hl7.org/fhir/sid/icd-9-cm": "icd9",
    "urn:oid:2.16.840.1.113883.6.103": "icd9",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "https://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "http://ncicb.nci.nih.gov/xml/owl/evs/thesaurus.owl": "ncit",
    "http://ncithesaurus-stage.nci.nih.gov": "ncit",
    "urn:oid:2.16.840.1.113883.3.26.1.1": "ncit",
    "http://oncotree.mskcc.org": "oncotree",
    "http://www.genenames.org": "hgnc",
    "http://www.genenames.org/geneid": "hgnc",
    "http://cancerstaging.org": "ajcc",
    "http://unitsofmeasure.org": "ucum",
    "http://hl7.org/fhir/sid/cvx": "cvx",
}

QUALIFIERS = {
    "10828004": "positive",
    "260373001": "positive",
    "52101004": "positive",
    "260385009": "negative",
    "260415000": "negative",
    "2667000": "negative",
    "42425007": "equivocal",
    "82334004": "indeterminate",
    "373066001": "yes",
    "373067005": "no",
    "385432009": "not applicable",
    "261665006": "unknown",
    "268910001": "improved",
    "359746009": "stable disease",
    "271299001": "progressive disease",
    "POS": "positive",
    "NEG": "negative",
    "DET": "positive",
    "ND": "negative",
    "IND": "indeterminate",
    "LA6576-8": "positive",
    "LA6577-6": "negative",
    "LA9633-4": "positive",
    "LA9634-2": "negative",
    "LA18198-4": "not tested",
}
"""Answer codes (SNOMED CT qualifier values, HL7 v3 interpretation, LOINC answers) in words."""

LOINC_NAMES = {
    "89247-1": "ECOG performance status",
    "89243-0": "Karnofsky performance status",
    "89246-3": "Lansky performance status",
    "21908-9": "stage group",
    "21902-2": "stage group",
    "21914-7": "stage group",
    "97509-4": "disease status",
    "82810-3": "pregnancy status",
    "40556-3": "oestrogen receptor",
    "16112-5": "oestrogen receptor",
    "40557-1": "progesterone receptor",
    "16113-3": "progesterone receptor",
    "18474-7": "HER2 expression by immunohistochemistry",
    "85319-2": "HER2 expression by immunohistochemistry",
    "48676-1": "HER2 expression",
    "85337-4": "oestrogen receptor",
    "85339-0": "progesterone receptor",
    "85147-7": "PD-L1",
    "72106-8": "number of metastases",
    "69548-6": "genetic variant",
}
"""Observation codes that are not laboratory analytes, with the name under which they are read."""


def short_system(uri: object) -> str:
    """The short name of a code system, or "" if it is not known here."""
    text = str(uri or "").strip()
    return SYSTEMS.get(text) or SYSTEMS.get(text.rstrip("/").lower(), "")
