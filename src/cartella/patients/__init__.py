"""A patient's record, FHIR or short, to facts, with a report of what was used, ignored, ambiguous and assumed."""

from cartella.patients.loading import (
    LoadedPatient,
    load_patient,
    patient_of_record,
    read_fhir,
    read_patient,
    read_record,
)
from cartella.patients.report import Fate, Remark, Report
from cartella.patients.wording import worded

__all__ = [
    "Fate",
    "LoadedPatient",
    "Remark",
    "Report",
    "load_patient",
    "patient_of_record",
    "read_fhir",
    "read_patient",
    "read_record",
    "worded",
]
