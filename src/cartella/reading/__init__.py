"""Free text to meaning: eligibility text to points, titles and interventions to the therapy that is given."""

from cartella.reading.criteria import read_criteria

__all__ = ["read_criteria"]
