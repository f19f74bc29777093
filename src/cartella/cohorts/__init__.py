"""Files that hold many patients: what they are, how they are cut into shards, and the facts of each patient in them."""

from cartella.cohorts.opening import Cohort, Part, open_cohort
from cartella.cohorts.reading import ReadPatient, read_part
from cartella.cohorts.tally import CohortReport

__all__ = ["Cohort", "CohortReport", "Part", "ReadPatient", "open_cohort", "read_part"]
