"""Headings: which lines only say what stands below them, and of which section, gate and group of patients.

A heading is a noun phrase ("Exclusion criteria before infusion") or a sentence that leaves nothing but its list to be
asked ("Patients with any of the following are not eligible"). A sentence that speaks *of* criteria ("must meet all
inclusion criteria of the programme") is none.
"""

from __future__ import annotations

import re

from cartella.trials.criteria import Gate, Section

HEADING_THEN = re.compile(r"\W*(?:[\w-]+\s+){0,3}(?:inclusion|exclusion)\s+criteria\b[^:;.()]{0,40}:\s*(?=\S)", re.I)
"""``Exclusion criteria: pregnancy``: a heading with what it heads on one line."""

NAMES_SECTION = re.compile(
    r"^\W*(?P<before>(?:[\w/+#&,()'-]+\s+){0,7}?)(?:inclusion|exclusion(?:ary)?|eligibility)"
    r"(?:\s*(?:/|and)\s*exclusion)?\s+criteri(?:a|on)\b(?P<after>.{0,220})$",
    re.I,
)
SPEAKS_OF_CRITERIA = re.compile(
    r"\b(?:no|not|met|meet\w*|satisf\w+|protocol|may|might|could|will|appl(?:y|ies)|has|have|had|been|there|must|requir\w+"
    r"|listed|noted|determined)\b",
    re.I,
)
KEEPS_OUT = re.compile(
    r"^\W*(?:an?\s+)?(?:potential\s+|any\s+)?(?:patients?|subjects?|participants?|individuals?|those|persons?|recipients?)"
    r"\s+(?:(?:who|that)\s+)?(?:meet\w*|fulfil\w*|with|having|have|in|under)\b.{0,80}\b(?:following|below|listed)\b.{0,80}"
    r"\b(?:not\s+(?:be\s+)?(?:eligible|able|allowed|included|enrolled|participate)|ineligible|excluded)\b[^.;]{0,120}\W*$",
    re.I,
)
"""``Patients with any of the following will not be eligible:``"""

SECTION_WORDS = re.compile(
    r"""\b(?P<exclusion>exclusion(?:ary)?|non[- ]?inclusion|esclusione|exclusions|not\s+(?:be\s+)?eligible
        |ineligib\w+)\b
      | \b(?P<inclusion>inclusion(?:ary)?|inclusione|eligibility|eleggibilit[aà]|ammissione|inclusions)\b""",
    re.VERBOSE | re.IGNORECASE,
)
GATES = (
    (Gate.INFUSION, re.compile(r"\b(?:infus\w+|treatment|reinfus\w+|day 0|cell administration|dosing)\b", re.I)),
    (Gate.LYMPHODEPLETION, re.compile(r"\b(?:lympho-?deplet\w+|conditioning|linfodeplezione|condizionamento)\b", re.I)),
    (
        Gate.COLLECTION,
        re.compile(
            r"\b(?:leuk[ao]*pheresis|apheresis|procurement|collection|leucaferesi|aferesi|manufactur\w+)\b", re.I
        ),
    ),
)
SECTION_HEADING = re.compile(
    r"""^\W*(?:(?:key|main|major|general|patient|participant|subject|study|disease|specific|additional|other|phase|part
      |cohort|arm|group|for|the|and|to|of|before|prior|at|in|procurement|treatment|screening|enrol+ment|registration
      |leuk[ao]*pheresis|apheresis|infusion|lympho-?depletion|lymphodepleting|chemotherapy|criteri\w+|all|receiv\w+
      |pre|inclusion|exclusion|exclusionary|inclusionary|non|eligibility|(?:in)?eligible|preregistration|patients
      |subjects|participants|principali|di|criteri|inclusione|esclusione|per|la|l|\d+|[ab]|i{1,3}|car|t|tcr|til|cell|cells
      |product|based|on|step|stage|initial|donor|recipient|dose|expansion|escalation|must|be|meet|any|list|following
      |these|considered|if|they|will|are|excluded|included|from|apply|have|has|not|or|who|with|as|follow\w*|met|this
      |trial|time|point|timepoint|adult|adults|pediatric|paediatric|children|only|summary|requirements)\b\W*)+$""",
    re.VERBOSE | re.IGNORECASE,
)
REGISTRY_LINE = re.compile(
    r"^(healthy volunteers (?:are )?(?:not )?(?:allowed|accepted)|accepts healthy volunteers)\W*$", re.I
)

COHORT_HEADING = re.compile(
    r"""^\W*(?:(?:additional\s+)?(?:inclusion|exclusion)?\s*(?:criteria)?\s*(?:for|in)\s+)?
        (?P<name>(?:(?:cohort|arm|group|part|phase|stratum|substudy)\s*\#?[A-Z0-9]{1,3}\b.*)
        |(?:(?:all\s+)?(?:patients|subjects|participants|those|adults|children|recipients|donors?|donor\s+\w+)\b.*)
        |(?:[A-Za-z0-9/ ,.()'-]{2,60}?\s(?:cohort|arm|patients|subjects|participants|substudy)(?:\s+only)?)
        )\s*:?\W*$""",
    re.VERBOSE | re.IGNORECASE,
)


DONOR_HEADING = re.compile(r"^(?!.*\b(?:recipients?|autologous)\b).*\bdonors?\b", re.I)
COHORT_OPENS = re.compile(
    r"^\W*(?P<name>(?:[\w/+,-]+\s){0,5}(?:cohort|arm|group|stratum|substudy)(?:\s[A-Z0-9]{1,2})?)\s*[:(-]", re.I
)


def is_heading(words: str, *, marked: bool) -> bool:
    """Whether the words of a line are a heading; `marked` tells whether a bullet or number stands before them."""
    words = words.strip()
    if not words or len(words) > 260 or not re.search(r"[A-Za-z]", words):
        return not re.search(r"[A-Za-z0-9]", words)
    if REGISTRY_LINE.match(words):
        return True
    if SECTION_WORDS.search(words) and (SECTION_HEADING.match(words) or _names_a_section(words, marked=marked)):
        return True
    if not marked and KEEPS_OUT.match(words):
        return True
    return bool(not re.search(r"[a-z]", words) and len(words.split()) <= 6 and words.endswith(":"))


def _names_a_section(words: str, *, marked: bool) -> bool:
    """``Recipient exclusion criteria for later infusions``: a noun phrase, if it is not an item of a list."""
    named = NAMES_SECTION.match(words)
    if named is None:
        return False
    if marked and not words.rstrip().endswith(":") and (named.group("before") or len(words) > 90):
        return False
    before, after = named.group("before"), named.group("after")
    return not SPEAKS_OF_CRITERIA.search(before) and not (
        SPEAKS_OF_CRITERIA.search(re.sub(r"\bto\s+be\s+(?:met|fulfilled|satisfied)\b", "", after, flags=re.I))
        and not re.search(r"\bmeet(?:ing)?\s+any\b", after, re.I)
    )


def section_of(words: str) -> Section | None:
    """The section that a heading opens; None if it opens none."""
    if KEEPS_OUT.match(words):
        return Section.EXCLUSION
    found = list(SECTION_WORDS.finditer(words))
    if not found:
        return None
    return Section.EXCLUSION if any(m.group("exclusion") for m in found) else Section.INCLUSION


def gate_of(words: str) -> Gate | None:
    """The gate that a heading names; None for none or for more than one."""
    named = [gate for gate, pattern in GATES if pattern.search(words)]
    return named[0] if len(named) == 1 else None
