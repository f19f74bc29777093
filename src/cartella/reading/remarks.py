"""Lines and sentences that ask for nothing: labels without a demand, remarks on the document, numbers left alone.

A label is a line whose every word belongs to a section ("Procurement", "Renal function"); the name of an illness or of
a finding is none, since alone on a line it is what is asked.
"""

from __future__ import annotations

import re

_PART = (
    r"(?:ha?ematolog(?:y|ic|ical)|chemistry|biochemistry|coagulation|laborator(?:y|ies)|renal|kidney|hepatic|liver|cardiac"
    r"|cardiovascular|heart|pulmonary|lung|respiratory|bone|marrow|organs?|blood|vital|main|major|end|system(?:s|ic)?|immune)"
)
LABEL = re.compile(
    r"^\W*(?:\d{1,2}[.)]?\s*|[a-z][.)]\s+)?(?:"
    r"key|procurement|treatment|collection|(?:leuk[ao]*pher|apher)esis|lympho-?depletion|(?:cell\s+)?infusion|screening"
    r"|enrol+ment|registration|pre-?screening|manufacturing|general|others?|and|n/?a|not\s+applicable|none"
    r"|not\s+specified|prior\s+(?:concurrent\s+)?therap(?:y|ies)|concurrent\s+therap(?:y|ies)|(?:disease|patient|donor)\s+characteristics"
    r"|characteristics|performance\s+status|disease\s+status|see\s+(?:the\s+)?disease\s+characteristics"
    rf"|(?:{_PART}(?:\s*(?:,|/|and|or|&)+\s*|\s+)?){{1,6}}(?:(?:functions?|functioning|parameters?|values?|tests?|profile|reserve|status)\s*)?"
    r")\W*$",
    re.I,
)
BARE = re.compile(r"^\W*(?:(?:\d{1,2}|[a-z]|i{1,3}|iv|and)\W*)$", re.I)
"""The number of a list, or the connective *and*, on its own: *or* joins what stands around it."""
_RULES = (
    r"(?:inclusion|exclusion|eligibility)(?:\s*(?:/|and|or|&)+\s*(?:inclusion|exclusion|eligibility))*(?:\s+criteria)?"
)
REMARK = re.compile(
    r"^\W*(?:note\s*:?\s*)?(?:"
    rf"(?:other|additional|further)\s+(?:protocol|study|trial)?[\s-]*(?:defined|specified|specific)?\s*(?:{_RULES}|criteria)\s+"
    r"(?:may|might|could|can|will|also)?\s*(?:also\s+)?appl(?:y|ies)"
    rf"|there\s+(?:is|are)\s+no\s+(?:specific\s+|other\s+|further\s+|additional\s+)*{_RULES}(?:\s+for\s+this\s+(?:study|trial))?"
    r"|(?:there\s+(?:is|are|will\s+be)\s+)?no\s+(?:upper\s+)?(?:limits?|restrictions?|maximum)\s+(?:to|on|of|for|regarding)\s+(?:the\s+)?(?:number|type|amount)s?"
    r"\s+of\s+(?:prior|previous|past|earlier)\s+[\w\s/,-]{3,60}"
    r"|(?:also\s+)?see\s+(?:also\s+)?(?:the\s+)?(?:disease\s+characteristics|(?:appendi(?:x|ces)|table|section|protocol|inclusion|exclusion)\b[^;]{0,60}|https?:\S+[^;]{0,160})"
    r"|(?:retired|removed|deleted|withdrawn|intentionally\s+left\s+blank|(?:this\s+)?(?:exclusion|inclusion|criteri\w+)\s+(?:\w+\s+)?(?:has|have)\s+been\s+(?:retired|removed|deleted))"
    r"(?:\s+(?:with|by|in|as\s+of)\s+(?:protocol\s+)?(?:v(?:ersion)?|amendment)?\W*[\d.]*)?"
    r"|[\w/ ]{3,40}:\s*(?:not\s+specified|(?:also\s+)?see\s+(?:disease|patient)\s+characteristics|n/a|not\s+applicable)"
    r"|(?:(?:ULN|LLN|ALT|AST|Cr?CL?|e?GFR|ANC|CNS|PFT|E[CK]G|ECHO|MUGA|CT|MRI|PET)\s*(?:\([^()]*\))?\s*=\s*[a-z][a-z\s-]{3,60}[;,.]?\s*)+"
    r"|(?:unless\s+otherwise\s+\w+,?\s+)?(?:to\s+be\s+eligible\b[^,;]{0,40},\s*)?(?:all\s+|the\s+)?(?:subjects?|patients?|participants?|donors?)\s+(?:must|should|have\s+to)\s+"
    r"(?:meet|fulfil+|satisfy)\s+(?:all\s+(?:of\s+)?|each\s+of\s+)?(?:the\s+)?following\s+(?:\w+\s+){0,2}?(?:criteria|conditions|requirements)"
    r"(?:\s+(?:to|in\s+order\s+to)\s+(?:be\s+(?:eligible|enrolled|included)|participate|enrol+|take\s+part)[\w\s]{0,30})?"
    r")\W*$",
    re.I,
)


def asks_nothing(words: str) -> bool:
    """Whether a line, or a sentence, is a label, a remark on the document or a number left alone."""
    return bool(LABEL.match(words) or BARE.match(words) or REMARK.match(words))


ONLY_TESTED = re.compile(
    r"^\W*if\s+(?:(?:sero-?)?positive|[\w\s-]{2,30}\b(?:sero-?)?positive)[^.;,]{0,40},\s*(?:an?\s+|the\s+)?[^.;,]{0,60}"
    r"\b(?:quantitation|quantification|testing|tests?|PCR|measurement)\s+(?:must|should|will|has\s+to|needs?\s+to)\s+be\s+"
    r"(?:performed|obtained|done|carried\s+out)\W*$",
    re.I,
)
"""``If positive, RNA quantitation must be performed``: what the study does; whatever it finds, nothing is asked yet."""
REPEATED = re.compile(
    r"^\W*(?:those|(?:all\s+|any\s+)?(?:patients?|subjects?|participants?|individuals?))?\s*(?:(?:who|that|which)\s+)?(?:(?:are|is|test)\s+)?"
    r"(?:(?:found\s+to\s+be|for)\s+)?(?:PCR|DNA|RNA|viral\s+load)[\s-]*(?:test\s+)?positive\s*"
    r"(?:patients?|subjects?|participants?|individuals?|results?|tests?)?\s*(?:(?:will|are|is|must|should)\s+(?:be\s+)?)?"
    r"(?:excluded|ineligible|not\s+(?:be\s+)?eligible)\W*$",
    re.I,
)
DEMANDED = re.compile(
    r"\b(?:negative|undetectable|not\s+detect\w+)\b[^.;]{0,60}\b(?:PCR|polymerase|DNA|RNA|viral\s+load)"
    r"|\b(?:PCR|polymerase|DNA|RNA|viral\s+load)\b[^.;]{0,60}\b(?:negative|undetectable|not\s+detect\w+)",
    re.I,
)


def says_again(sentence: str, before: str) -> bool:
    """``Those who are PCR positive will be excluded`` behind the demand that the PCR be negative."""
    return bool(REPEATED.match(sentence) and DEMANDED.search(before))
