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


_CLASSES = (
    (r"(?:leu|temcel|t-?)cel", "class:cell_therapy"),
    (r"mab", "class:antibody"),
    (r"(?:tinib|rafenib|metinib|ciclib|lisib|parib|rasib|degib|denib|clax|zomib|menib|nexor|stat|pertib|sertib)",
     "class:small_molecule"),
    (r"(?:platin|rubicin|taxel|mustine|trexed|tecan|vudine|citabine)", "class:chemotherapy"),
    (r"(?:[aiu]|pre|bu|as|te|te?go|te?gra|nti|la|da)vir", "class:antiviral"),
    (r"(?:limus|cept)", "class:immunosuppressant"),
    (r"conazole", "class:antifungal"),
)  # fmt: skip
_OF_CLASS = tuple((re.compile(rf"\w{{2,}}{stem}[aeo]?\b", re.IGNORECASE), concept) for stem, concept in _CLASSES)


def stem_class(words: str) -> str | None:
    """The class that the stem of a single unknown name tells (``-mab``: an antibody); None without such a stem."""
    named = [concept for pattern, concept in _OF_CLASS if pattern.search(words)]
    return named[0] if len(named) == 1 and len(words.split()) <= 2 else None
