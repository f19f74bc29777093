"""The evaluator's trace in words: Italian and English, for patients and for clinicians.

`explain` makes an `Explanation` of one point, `says` words it, `words` words an expression. `view` holds the plain
data of a result page, which `render_text` and `render_html` show.
"""

from cartella.explaining.amounts import age_of_status, is_stale, unit_words
from cartella.explaining.amounts import day as day_words
from cartella.explaining.deciding import Change
from cartella.explaining.explanation import Explanation, Missing, Reason, explain
from cartella.explaining.facts import FactWords, codes_of, facts_in_words, subjects_of
from cartella.explaining.feasibility import FeasibilityView, PointLoss
from cartella.explaining.feasibility_html import render_feasibility
from cartella.explaining.html import Fragments, readable, render_html
from cartella.explaining.lines import phase_said, status_said, status_words
from cartella.explaining.names import called, name, values
from cartella.explaining.phrases import words
from cartella.explaining.point_lines import PointLines, UsedFact, point_lines
from cartella.explaining.saying import concern, says
from cartella.explaining.sheet import Sheet, SheetTrial, sheet_of
from cartella.explaining.tables import Lang, Register, message
from cartella.explaining.text import render_text
from cartella.explaining.view import Group, PatientSummary, PointView, ResultView, SiteView, TrialView, point_view

__all__ = [
    "Change",
    "Explanation",
    "FactWords",
    "FeasibilityView",
    "Fragments",
    "Group",
    "Lang",
    "Missing",
    "PatientSummary",
    "PointLines",
    "PointLoss",
    "PointView",
    "Reason",
    "Register",
    "ResultView",
    "Sheet",
    "SheetTrial",
    "SiteView",
    "TrialView",
    "UsedFact",
    "age_of_status",
    "called",
    "codes_of",
    "concern",
    "day_words",
    "explain",
    "facts_in_words",
    "is_stale",
    "message",
    "name",
    "phase_said",
    "point_lines",
    "point_view",
    "readable",
    "render_feasibility",
    "render_html",
    "render_text",
    "says",
    "sheet_of",
    "status_said",
    "status_words",
    "subjects_of",
    "unit_words",
    "values",
    "words",
]
