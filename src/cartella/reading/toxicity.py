"""Toxicity of earlier treatment: ``recovered to grade 1 or less``, ``unresolved toxicity above grade 2``.

A record that tells of a graded illness as the consequence of a treatment tells of a toxicity that is not over; that
nothing else is left, a record says in words (`cartella.patients.toxicities`). A sentence with exceptions ("except
alopecia") is settled only where nothing of that grade is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.logic import And, Expression, Not, Opaque, Presence, Span
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

NAMED = (
    r"(?:toxicit(?:y|ies)|toxic\s+(?:side\s+)?effects?|adverse\s+(?:events?|effects?|reactions?)|side[- ]effects?|AEs?)"
)
TOXICITY = re.compile(
    r"\b(?:recover(?:ed|y)?|resol(?:ved|ution)|unresolved|residual|persist\w*)\b[^.;]{0,90}\b(?:toxic\w*"
    r"|adverse\s+(?:events?|effects?|reactions?)|side[- ]effects?|AEs?)\b"
    r"|\b(?:toxicit(?:y|ies)|toxic\s+effects?|adverse\s+(?:events?|effects?))\b[^.;]{0,90}\b(?:recover(?:ed|y)?"
    r"|resol(?:ved|ution)|unresolved|residual|grade)\b",
    re.I,
)
_SCALE = r"(?:(?:NCI|CTCAE|NCI-CTCAE|CTC|common\s+terminology[^.;]{0,60}?|version|v\.?)\s*(?:\d(?:\.\d)?\s+)?)*"
_GRADE = (
    rf"{_SCALE}grades?\s*(?:<=\s*)?(?:0\s*(?:-|to|or|/)\s*)?(?P<n>[0-3])\b"
    r"(?!\s*(?:or|and)\s+(?:higher|greater|above|more))"
)
RECOVERED_TO = re.compile(
    r"\b(?:recover\w*|resol\w+|return\w*|improv\w+)\b[^.;]{0,90}?\bto\s+"
    rf"(?:an?\s+|at\s+least\s+|less\s+than\s+or\s+equal\s+to\s+)?(?P<less><=?\s*)?{_GRADE}",
    re.I,
)
ABOVE = re.compile(
    rf"(?<!no\s)(?:>|greater\s+than|above|more\s+than|higher\s+than)\s*{_SCALE}grade\s*(?P<n>[1-3])\b"
    r"|grades?\s*(?:>(?!=)|greater\s+than|above)\s*(?P<m>[1-3])\b",
    re.I,
)
HIGH_ONES = re.compile(
    r"\b(?:recover\w*|resol\w+)\s+(?:from\s+)?(?:all|any)\s+(?:NCI|CTC?AE|version|v\.?|[\d.]+|prior|previous|non-?\s?ha?ematolog\w+|acute|\s)*"
    r"grades?\s*(?:>=\s*)?(?P<n>[2-4]|II|III|IV)\b\s*(?:-|or|to|/|and)?\s*(?:4|IV|higher|greater|above|worse)\b",
    re.I,
)
"""``recovered from all grade 3-4 toxicities``: what is below counts for nothing."""
FROM = re.compile(
    r"(?:>=\s*grade\s*(?P<a>[1-4])|grade\s*>=\s*(?P<b>[1-4])|grade\s*(?P<c>[1-4])\s+or\s+(?:higher|greater|above|worse|more))",
    re.I,
)
LIFTED = re.compile(
    r"\b(?:except\w*|excluding|other\s+than|unless|apart\s+from|with\s+the\s+exclusion)\b[^.;]*\b(?:neuropath\w*|hearing|ototox\w*"
    r"|stable|irreversible|chronic|manage\w*|tolera\w+|control\w*|endocrin\w*|fatigue|vitiligo|rash|thyroid\w*|replacement|an(?:a)?emia|cytopeni\w*|laborator\w*|grade\s*[2-4]|certain|acceptable)\b",
    re.I,
)
ANOTHER_MATTER = re.compile(
    r"\b(?:immune[- ]related|irAEs?|neurotoxic\w*|cytokine|CRS|ICANS|CAR|blinatumomab|histor\w+|experienced"
    r"|allerg\w+|infusion[- ]related|cardi\w+|donors?|discontinu\w+|stopped)\b",
    re.I,
)
NARROWER = re.compile(
    r"\b(?:baseline|clinically\s+significant|laborator\w+|opinion|judg\w+|considered|deemed|radiation|acceptable"
    r"|manageable|(?<!non-)(?<!non)(?<!non )significant\s+(?:acute\s+)?tox\w+|radiotherapy|surgery|permitted"
    r"|interfere\w*)\b"
    r"|(?<!non-)(?<!non )(?<!non)\bha?ematolog\w*",
    re.I,
)
"""Words that leave some toxicity out: only that there is none at all settles such a sentence."""
IMMUNE = re.compile(r"\b(?:immune[- ](?:related|mediated)|irAEs?)\b", re.I)
OTHERS = re.compile(r"\bor\b[^.;]*\b(?:chemotherap\w+|radiotherap\w+|toxicit\w+|CAR)\b", re.I)
LEFT = re.compile(r"\b(?:recover\w*|resol\w+|unresolved|residual|persist\w*|ongoing|remaining)\b", re.I)
"""What a sentence without a grade must say, to speak of what is left."""
UNRESOLVED = "cond:toxicity_unresolved"


def read(text: str, span: Span, *, excludes: bool) -> Expression:
    """What the sentence says of the toxicity that is left."""
    doubt = Opaque(span=span)
    if IMMUNE.search(text) and excludes and not OTHERS.search(text):
        # without a checkpoint inhibitor there was no such event
        return And((Presence("cond:prior_irae", span=span), doubt))
    if ANOTHER_MATTER.search(text):
        return doubt
    allowed = _allowed(text, excludes=excludes)
    open_ended = allowed is None or bool(LIFTED.search(text) or NARROWER.search(text))
    if allowed is None and not LEFT.search(text):
        return doubt
    grade = frozenset({f"grade_{allowed + 1}_or_more"}) if allowed is not None else frozenset[str]()
    worse = Presence(UNRESOLVED, grade, None, None, span)
    there = And((worse, doubt)) if open_ended else worse
    return there if excludes else Not(there, span)


def _allowed(text: str, *, excludes: bool) -> int | None:
    """The highest grade with which a patient may still enter."""
    recovered = RECOVERED_TO.search(text)
    if recovered:
        strict = (recovered["less"] or "").strip() == "<"
        return int(recovered["n"]) - strict
    above = ABOVE.search(text)
    if above and excludes:
        return int(above["n"] or above["m"])
    high = HIGH_ONES.search(text)
    if high and not excludes:
        return (_ROMAN.get(high["n"].upper()) or int(high["n"])) - 1
    least = FROM.search(text)
    if least and excludes:
        return int(next(n for n in least.groups() if n)) - 1
    return None


_ROMAN = {"II": 2, "III": 3, "IV": 4}


def begins_at(tokens: Sequence[Token]) -> int | None:
    """``4 weeks since chemotherapy, and toxicities must have recovered``: where the part about toxicity begins."""
    for n, token in enumerate(tokens):
        if not (token.is_cue(Cue.AND, Cue.OR) or token.text.lower() == "with"):
            continue
        before, after = tokens[:n], tokens[n + 1 :]
        words = " ".join(t.text for t in after)
        told = re.match(rf"[^.;]{{0,60}}\b(?:{NAMED}|recover\w*|not\s+recovered)\b", words, re.I)
        if (
            told
            and TOXICITY.search(words)
            and any(t.kind is Kind.TIME for t in before)
            and any(t.kind is Kind.CONCEPT for t in before)
            and not TOXICITY.search(" ".join(t.text for t in before))
        ):
            return n
    return None
