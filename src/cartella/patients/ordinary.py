"""Medicines that matter to no criterion of a T-cell trial, by name or by the common stems of international names.

A medicine that the vocabulary does not hold could be anything, an immunosuppressant included, and would leave every
question on medicines open. The stems of the World Health Organization tell what it is: a name in -pril is an ACE
inhibitor whatever the rest. The single names are the rows of ``knowledge/data/ordinary.csv``. Origin of the stems: WHO
"The use of stems in the selection of International Nonproprietary Names" (stem book), read from memory, 2026-11.
"""

from __future__ import annotations

import re

from cartella.knowledge import knowledge

_STEMS = re.compile(
    r"(?:pril(?:e|at)?|sartan(?:e)?|dipin[ae]?|olol(?:o)?|statin[ae]?|prazol(?:e|o)?|tidin[ae]"
    r"|gliptin[ae]?|gliflozin[ae]?|formin[ae]?|glitazon[ea]|glutid[ae]|tril"
    r"|setron(?:e)?|semid[ae]|thiazid[ae]|tiazid[ae]|fibrat[aeo]?|zosin[ae]?|terol(?:o)?|tropium"
    r"|tropio|azepam|azolam|zolpidem|oxetin[ae]?|talopram|profen[ae]?|fenac"
    r"|oxicam|coxib|triptan|tadin[ae]|rizin[ae]|dronat[ae]|dronic acid|cillin[ae]?|floxacin[ae]?"
    r"|cycline?|ciclina|penem|cef\w+|pidem|gabalin|pentin|gabapentin)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d|^[a-z]$", re.IGNORECASE)
"""``B12``, ``Q10``, ``C``: which vitamin it is."""


def is_ordinary(words: str) -> bool:
    """Whether every word is the name of such a medicine."""
    parts = re.findall(r"[^\W\d_][\w-]*", words)
    named = [part for part in parts if not _NUMBERED.search(part)]
    known = knowledge().ordinary
    return bool(named) and all(part.lower() in known or bool(_STEMS.search(part)) for part in named)
