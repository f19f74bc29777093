"""What a sentence does to the criterion it belongs to: ask, exclude, allow, or explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token
from cartella.trials.criteria import Section

EXPLAINS = re.compile(
    r"""^\W*(?:note\b|n\.?b\.?\b|nota\b|for\s+example|this\s+(?:includes|is\s+because|criterion|means)|because\b|the\s+(?:effects|safety|reason|definition)\b
        |(?:should|if)\s+(?:an?|any|the)\s+(?:\w+\s+)?(?:woman|female|man|patient|participant|subject)\b[^.;]{0,60}\b(?:becomes?|suspects?)\b
        |(?:as\s+part\s+of\b[^,;]{0,80},\s*)?(?:all\s+|the\s+)?(?:patients?|participants?|subjects?|individuals?)\s+will\s+be\s+(?:counsel+ed|informed|advised|instructed|monitored|followed|observed)\b
        |(?:these\s+|the\s+|such\s+)?potential\s+risks\b|this\s+(?:study|trial|protocol|phase|applies)\b|[\w\s,-]{3,60}\bcohort\s+will\s+be\b|(?:examples|these)\s+(?:include|are)|see\s+(?:section|appendix)|refer\s+to|e\.g\.|i\.e\.|[\w\s-]{2,60}\bis\s+defined\s+(?:as|by)\b|[\w\s-]{2,60}\bare\s+defined\s+(?:as|by)\b)""",
    re.I | re.X,
)


RATIONALE = re.compile(
    r"^\W*\((?:The|This|These|Such|Because|Since|As|Patients|Subjects|Participants)\b"
    r"(?![^()]*\b(?:must|eligible|excluded|allowed|permitted|required|should)\b)[^()]{40,}\)\W*$"
)
"""A sentence in brackets that demands nothing: why the criterion is there."""
NOT_NEEDED = re.compile(r"\b(?:is|are|be)\s+not\s+(?:be\s+)?(?:required|mandatory|necessary|needed)\b", re.I)
HOW_TESTED = re.compile(
    r"""^\W*(?:please\s+note\b[^.;]{0,20}|the\s+|this\s+|these\s+|all\s+|an?\s+)*(?:[\w/()-]+\s+){0,5}
        (?:assessments?|tests?|testing|evaluations?|measurements?|examinations?|echocardiograms?|echo|muga)\s+
        (?:must|should|may|might|needs?|can|could|will|is|are|has|have)\b[^.;<>]*
        \b(?:performed|done|obtained|repeated|completed|conducted|carried\s+out)\b
      | ^[^.;]*\b(?:may|can|could|will|might)\s+be\s+(?:re-?evaluated|re-?screened|re-?tested|re-?assessed|repeated)\b
      | ^[^.;]*\b(?:will|would|is|are)\s+(?:suffice|sufficient)\b""",
    re.I | re.X,
)
"""A sentence after the limit that says when and how the test is done, or what may be done if it fails."""
REQUIRED_PAUSE = re.compile(r"^\W*(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?)\s[^.;]{1,40}\bwash-?\s?out\b", re.I)
BARRED = frozenset({"should not", "must not", "should not be", "must not be", "shall not"})


EXCEPTION = re.compile(
    r"^\W*(?:the\s+|the\s+only\s+|only\s+)?(?:allowed\s+|following\s+)*(?:are\s+(?:the\s+)?)?exceptions?\b"
    r"(?:\s+(?:to|from|of|for)\s+(?:this|the|these)\s+\w+)?\s*(?::|are\b|is\b|includ\w+|apply\b|applies\b)[\s:]*",
    re.I,
)
EXPLAINING_SENTENCE = re.compile(
    r"^\W*(?:(?:more\s+)?specifically\W*$|(?:ideally|preferably)\b|it\s+is\s+(?:strongly\s+)?recommended\b|the\s+(?:experimental|study|investigational)\s+(?:treatment|therapy|drug|product|agent)\b[^.]{0,80}"
    r"\b(?:depends|requires|may|can|could|is|are|works)\b|(?:patients?|subjects?|participants?)\s+(?:who|with)\b[^.]{0,80}"
    r"\b(?:may|can|could|might)\s+(?:be\s+(?:less|more|at)|have\s+(?:a\s+)?(?:decreased|reduced|increased|higher|lower))\b)",
    re.I,
)
"""Why something is asked for: how the treatment works, what may happen to those who have it."""
_LINE = r"(?:lines?|regimens?|courses?\s+of\s+therapy|prior\s+(?:systemic\s+)?(?:therap(?:y|ies)|treatments?))\b"
COUNTING = re.compile(
    r"^(?![^.;]*\b(?:must|required|eligible|excluded|more\s+than|at\s+least|allowed|permitted)\b)(?![^.;]*(?:>=|>|<))[^.;]*"
    r"(?:\b(?:is|are|be|was|were)\s+(?:\w+\s+)?(?:considered|counted|regarded)\b|\bconsidered\b"
    r"|\b(?:will|would|can|may|do|does|should|shall)\s+(?:also\s+)?(?:not\s+)?count\b|\bcounts?\s+(?:as|toward)"
    rf"|\bnot\s+counted\b)(?:(?!\bfor\s+any\b)[^.;]){{0,60}}?\b{_LINE}",
    re.I,
)
"""``maintenance is not considered a line of therapy``: how lines are counted, which a record has done already."""
ELSEWHERE = re.compile(r"\b(?:study|trial|protocol|participat\w+|enrol\w*|inclusion|this)\b", re.I)


class Role(Enum):
    """What a sentence does to the criterion it belongs to."""

    ASKS = "asks"
    EXCLUDES = "excludes"
    ALLOWS = "allows"
    EXCEPTS = "excepts"
    EXPLAINS = "explains"


def role_of(text: str, tokens: Sequence[Token], section: Section, *, first: bool) -> Role:
    """What a sentence of a section does; `first` tells whether it is the first of its criterion."""
    # what stands in brackets is an aside: its verbs do not decide what the sentence does
    main = _outside_brackets(tokens)
    main = main[: next((n for n, t in enumerate(main) if t.is_cue(Cue.EXCEPT, Cue.UNLESS)), len(main))] or main
    if EXCEPTION.match(text):
        return Role.EXCEPTS
    if EXPLAINING_SENTENCE.match(text):
        return Role.EXPLAINS
    if any(t.is_cue(Cue.EXCLUDE) and not _of_a_treatment(main, n) for n, t in enumerate(main)):
        return Role.EXCLUDES
    if any(t.is_cue(Cue.PERMIT) and not _described(main, n) for n, t in enumerate(main)):
        return Role.ALLOWS
    if not first and (NOT_NEEDED.search(text) or RATIONALE.match(text)):
        return Role.EXPLAINS
    if (
        not first
        and HOW_TESTED.match(text)
        and not any(t.is_cue(Cue.PERMIT, Cue.NOT_BEFORE, Cue.NOT_AFTER) for t in main)
    ):
        return Role.EXPLAINS
    if EXPLAINS.match(text) and not (first and re.match(r"\W*[\w\s-]{2,60}\b(?:is|are)\s+defined", text, re.I)):
        return Role.EXPLAINS
    if is_kept_out(main, section):
        return Role.EXCLUDES
    if section is Section.EXCLUSION and denies_an_illness(main):
        return Role.ASKS
    if any(_demands(main, n, section) or t.text.lower() in BARRED for n, t in enumerate(main)):
        return Role.ASKS
    if REQUIRED_PAUSE.match(text):
        return Role.ASKS
    return Role.EXCLUDES if section is Section.EXCLUSION else Role.ASKS


def _described(tokens: Sequence[Token], at: int) -> bool:
    """``surgery that may have harmed``: behind a relative pronoun a verb tells of its noun, and allows nothing."""
    return at > 0 and tokens[at - 1].text.lower() in {"who", "that", "which"}


def _demands(tokens: Sequence[Token], at: int, section: Section) -> bool:
    """Whether the token states what is asked; among exclusions "who must take ..." and "need to take ..." describe."""
    if not tokens[at].is_cue(Cue.REQUIRE):
        return False
    if section is not Section.EXCLUSION:
        return True
    described = _described(tokens, at)
    joined = at == 0 or tokens[at - 1].kind is Kind.COMMA or tokens[at - 1].is_cue(Cue.AND, Cue.OR, Cue.AND_OR)
    return not described and not (joined and tokens[at].text.lower().startswith("need"))


def kept_out_at(tokens: Sequence[Token]) -> int | None:
    """Where a sentence says that its subject must not: ``should not``, ``must not``."""
    for n, token in enumerate(tokens):
        if token.text.lower() in BARRED:
            return n
        if token.is_cue(Cue.REQUIRE):
            denied = tokens[n + 1 : n + 2]
            return n if denied and denied[0].text.lower() in {"not", "not be"} else None
    return None


BEGINS = re.compile(
    r"^\W*(?:be\s+)?(?:start|begin|receive|undergo|proceed|enrol|participate|treated|infused|enrolled)", re.I
)


def _of_a_treatment(tokens: Sequence[Token], at: int) -> bool:
    """``must be ineligible for transplant``: of a treatment and not of the study."""
    if not re.search(r"eligible", tokens[at].text, re.I):
        return False
    rest = tokens[at + 1 : at + 8]
    words = " ".join(t.text for t in rest)
    named = any(c.startswith(("class:", "drug:", "regimen:")) for t in rest for g in t.concepts for c in g)
    named = named or bool(re.search(r"\b(?:therap|treatment|transplant|surg|resect)", words, re.I))
    return named and words.lower().startswith(("for", "to")) and not ELSEWHERE.search(words)


WANTED = frozenset(
    {f"cond:{name}" for name in ("measurable_disease", "contraception", "postmenopausal", "surgical_sterility")}
)
"""What a study may ask for: to lack it excludes."""


def denies_an_illness(tokens: Sequence[Token]) -> bool:
    """``No evidence of active infection`` among exclusions: the writer says again what is wanted."""
    opening = next((t for t in tokens if not t.is_cue(Cue.GLUE, Cue.HISTORY)), None)
    if opening is None or opening.text.lower() not in {"no", "no evidence of", "without", "absence of", "no known"}:
        return False
    named = [c for t in tokens for g in t.concepts for c in g]
    return bool(named) and named[0].startswith("cond:") and named[0] not in WANTED


def is_kept_out(tokens: Sequence[Token], section: Section) -> bool:
    """``Subjects with an active infection should not start treatment``: the subject is excluded.

    Among inclusions "must not" mostly speaks of what the patient must not have; there the verb must be of the study.
    """
    at = kept_out_at(tokens)
    if at is None:
        return False
    if section is Section.INCLUSION and not BEGINS.match(" ".join(t.text for t in tokens[at + 1 :])):
        return False
    kinds = {c.partition(":")[0] for t in tokens[:at] for g in t.concepts for c in g}
    later = {c.partition(":")[0] for t in tokens[at:] for g in t.concepts for c in g}
    subjects = {"cond", "disease"} if section is Section.EXCLUSION else {"cond"}
    return bool(kinds & subjects) and not later & {"lab", "disease", "scale"}


def _outside_brackets(tokens: Sequence[Token]) -> list[Token]:
    depth = 0
    result = []
    for token in tokens:
        if token.kind is Kind.OPEN:
            depth += 1
        elif token.kind is Kind.CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            result.append(token)
    return result
