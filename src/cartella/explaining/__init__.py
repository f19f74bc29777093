"""The evaluator's trace in words: Italian and English, for patients and for clinicians."""

from cartella.explaining.deciding import Change
from cartella.explaining.explanation import Explanation, Missing, Reason, explain
from cartella.explaining.names import name
from cartella.explaining.phrases import words
from cartella.explaining.saying import says
from cartella.explaining.tables import Lang, Register

__all__ = ["Change", "Explanation", "Lang", "Missing", "Reason", "Register", "explain", "name", "says", "words"]
