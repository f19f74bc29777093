"""A patient's record (FHIR, Phenopacket, short) to facts, with a report on what became of each entry."""

from cartella.patients.corrections import Corrections
from cartella.patients.loading import (
    Limits,
    LoadedPatient,
    load_patient,
    patient_of_record,
    read_fhir,
    read_patient,
    read_record,
)
from cartella.patients.report import Fate, Remark, Report
from cartella.patients.statements import ADDED, is_added
from cartella.patients.wording import worded

__all__ = [
    "ADDED",
    "Corrections",
    "Fate",
    "Limits",
    "LoadedPatient",
    "Remark",
    "Report",
    "is_added",
    "load_patient",
    "patient_of_record",
    "read_fhir",
    "read_patient",
    "read_record",
    "worded",
]
