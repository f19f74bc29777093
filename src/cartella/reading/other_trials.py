"""Taking part in another trial: ``participated in any other interventional study of an investigational drug``."""

from __future__ import annotations

import re
from collections.abc import Iterator

CONCEPT = "cond:participation_other_trial"
_TRIAL = r"(?:stud(?:y|ies)|trials?|research(?:\s+(?:stud(?:y|ies)|projects?))?)"
_THING = (
    r"(?:an?\s+|any\s+|other\s+|unapproved\s+|unlicensed\s+)*(?:investigational|experimental|study|unapproved|interventional)\s+"
    r"(?:(?:medicinal|drug|new|anti-?cancer|medical)\s+)*(?:agents?|drugs?|products?|devices?|medications?|treatments?"
    r"|therap(?:y|ies)|interventions?|medicines?)"
)
NAMED = re.compile(
    r"\b(?:participat(?:e[sd]?|ion|ing)|enrol+(?:ed|ment|ling)|tak(?:ing|e|en)\s+part|took\s+part|been)\s+(?:in|into|to)\s+"
    r"(?!(?:this|the\s+(?:present|current|study|trial))\b)(?:(?!this\b|if\b|who\b|and\b|long\b|follow)[\w-]+\s+){0,6}?"
    rf"{_TRIAL}\b(?:\s*\(s\))?(?:\s+(?:of|with|using|involving|for|on|in\s+which)\s+{_THING}(?:\s+(?:or|and)\s+(?:using\s+)?{_THING})*)?"
    r"(?:\s+with\s+(?:a\s+)?therapeutic\s+intent)?",
    re.I,
)
_ANOTHER = re.compile(r"\b(?:an?other|others?|any|an?|therapeutic|interventional|investigational|clinical)\b", re.I)
_AIMED = re.compile(r"\b(?:follow-?up|observational|registry|supportive|non-?interventional|this)\b", re.I)
_TO_COME = re.compile(
    r"\b(?:plan\w*|intend\w*|inten(?:t|tion)|will|would|during|throughout|duration|expect\w*|wish\w*|scheduled|unless|except|if)\b",
    re.I,
)


def other_trials(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a text speaks of another trial that one takes part in."""
    for match in NAMED.finditer(text):
        if _ANOTHER.search(match.group()) and not _AIMED.search(match.group()):
            yield match.start(), match.end(), CONCEPT


def of_now_or_before(text: str) -> bool:
    """Whether a sentence speaks of such trials, and of none that is still to come."""
    return next(other_trials(text), None) is not None and not _TO_COME.search(text)
