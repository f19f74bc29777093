"""Words that ask for nothing: where to look it up, how a value is computed, that either sex will do, whose opinion."""

from __future__ import annotations

import re

REFERENCES = re.compile(
    r"[\[(]\s*(?:please\s+)?(?:(?:see|refer\s+to|as\s+per|according\s+to)\s+)?(?:the\s+)?(?:appendi(?:x|ces)|annex|attachment"
    r"|section|table|protocol)\b[^()\[\]<>=]{0,40}[\])]"
    r"|[\[(][^()\[\]<>=]{0,90}\b(?:(?:does|do|will)\s+not\s+(?:need|have)\s+to|need\s+not|not\s+required\s+to)\s+be\s+(?:repeated|re-?done)[^()\[\]<>=]{0,60}[\])]"
    r"|,?\s*\b(?:please\s+)?(?:see|refer\s+to)\s+(?:the\s+)?(?:appendi(?:x|ces)|annex|attachment)\s*(?:[A-Z0-9.]{1,5}\b)?"
    r"|[\[(]\s*[A-Z][a-z]+(?:\s+et\s+al\.?)?,?\s*(?:19|20)\d\d\s*[\])]"
    r"|[\[(]?\s*\b(?:corrected|adjusted|correcting|uncorrected)\s+(?:only\s+)?for\s+(?:the\s+)?(?:ha?emoglobin|hgb|hb|ana?emia|(?:lung|alveolar)"
    r"\s+volume|volume|ventilation|albumin)(?:\s+(?:and|and/or|or)\s+(?:\w+\s+)?(?:volume|ventilation|ha?emoglobin))?"
    r"(?:\s+(?:if|when|where|as|level|concentration|clinically|appropriate|needed|necessary|applicable|indicated))*\s*[\])]?",
    re.I,
)
"""Where to look it up, and how a value is corrected: nothing that is asked."""
OPINION = re.compile(
    r",?\s*\b(?:as\s+(?:\w+\s+)?)?(?:in|per|by|according\s+to|based\s+on)\s+(?:the\s+)?(?:clinical\s+)?(?:(?:opinion|judge?ment|assessment"
    r"|estimation|discretion)\s+of\s+)?(?:the\s+)?(?:principal\s+|treating\s+|study\s+)?(?:investigators?|physicians?|PI)(?:'s?)?"
    r"(?:\s+(?:opinion|judge?ment|assessment|discretion|estimation))?\b",
    re.I,
)
"""A life expectancy is always somebody's opinion."""
_LIMITS = r"(?:limit(?:ation)?s?|restrictions?|requirements?|limited|restricted|bar)"
_SEX = r"(?:gender|sex)(?:es|s)?"
ANYONE = re.compile(
    rf"\b(?:the\s+)?{_SEX}\s*:?\s*(?:(?:is|are|was|were)\s+)?(?:not\s+{_LIMITS}|unlimited|unrestricted|any|all|both|either"
    rf"|no\s+{_LIMITS})\b"
    rf"|\b(?:with\s+)?(?:no|without)\s+(?:{_LIMITS}\s+(?:on|of|to|for|by|in)\s+)?{_SEX}\b(?:\s*{_LIMITS})?"
    rf"|\b(?:of\s+)?(?:any|all|both|either|unlimited|regardless\s+of|irrespective\s+of)\s+(?:the\s+)?{_SEX}\b"
    r"(?:\s*(?:,\s*or|,|/|or|and)\s*(?:race|ethnic\s+(?:group|background)|ethnicity|gender|sex))*",
    re.I,
)
"""Whoever: no sex is asked for."""
_FORMULA = (
    r"(?:cockcroft[- ]*(?:and\s+)?gault|schwartz|mdrd|ckd-?\s?epi|modification\s+of\s+diet\s+in\s+renal\s+disease)"
)
_THOSE = r"(?:patients|subjects|participants|children|adults|those)"
EQUATIONS = re.compile(
    rf"(?<=rate|ance)\s*\((?:e?GFR|CrCL?|CLcr)\s*[;,]?\s*(?:calculated\s+|estimated\s+)?(?:by\s+|using\s+|with\s+)?(?:the\s+)?{_FORMULA}[^()<>]*\)|"
    rf"(?:,?\s*\b(?:or|and)\s+)?(?:\b(?:by|using|with)\s+)?(?:the\s+)?(?:bedside\s+|revised\s+|modified\s+)?\b{_FORMULA}"
    rf"(?:\s+(?:formula|equation|method|estimate))?\s+(?:for|in)\s+(?:adult\s+|p(?:a)?ediatric\s+)?{_THOSE}"
    r"(?:\s*(?:aged\s+|of\s+age\s+)?[<>]\s*=?\s*\d+\s*-?\s*(?:years?|yrs?|y\.?o\.?)?(?:\s*(?:old|of\s+age))?)?|"
    r"\[[^\[\]]*=[^\[\]]*\b(?:age|s?cr|creatinine|weight)\b[^\[\]]*\]"
    r"|\((?=[^()]*=)[^()]*(?:\([^()]*\)[^()]*)*\b(?:age|weight)\b[^()]*(?:\([^()]*\)[^()]*)*\)"
    r"|,?\s*(?:\b(?:formula|equation|estimation|calculated\s+as)\s*[:=]?\s*)?\(\s*140\s*-\s*age[^;]*$"
    r"|[;.,]?\s*\be?GFR\s*=\s*\d+\s*x[^;]*$",
    re.I,
)
"""How a clearance is computed."""
STEPS = re.compile(
    r"^\W*(?:(?:STEP\s*\d+|(?:PRE-?)?REGISTRATION|RE-?REGISTRATION|RANDOMI[SZ]ATION|SCREENING|ENROL+MENT|PARTICIPANTS?|PATIENTS?|SUBJECTS?"
    r"|RECIPIENTS?|(?:ELIGIBILITY|CRITERIA)(?:\s+(?:CRITERIA|TO|FOR|AND|PROCEED|WITH|START|OF|CYCLE|TREATMENT|INFUSION|LEUKAPHERESIS"
    r"|APHERESIS|LYMPHODEPLET\w+|CHEMOTHERAPY|STUDY|COLLECTION|CELLS?|CAR|T|\d+|PRIOR|BEFORE|THE|ENROLLMENT|SCREENING|ADMINISTRATION"
    r"|PLACEMENT|RESERVOIR|[A-Z0-9]+-CAR))*"
    r"|(?=[A-Z0-9 ,/&-]{0,60}\bPROCEED)(?:[A-Z0-9,/&-]+\s+){2,14}?[A-Z0-9,/&-]+)\s*:\s*)+(?=\S)"
)
"""The step of the study at which something is asked."""
_SPECIMEN = (
    r"(?:(?:malignant|leuk[a]?emic|blast|cancer|tumou?r|neoplastic|clonal)\s+cells?|bone\s+marrow|peripheral\s+blood|blood|marrow|CSF"
    r"|cerebrospinal\s+fluid|(?:tumou?r|lymph\s+node|tissue|pathological|biopsy|marrow|blood)(?:\s+(?:tissues?|biops(?:y|ies)|specimens?|samples?))?"
    r"|specimens?|samples?|biops(?:y|ies)|tissues?)"
)
SPECIMENS = re.compile(
    rf"(?:(?<=\bexpression)|(?<=\bpositive)|(?<=\bpositivity)|(?<=\bexpressed))\s+(?:in|on|from)\s+(?:an?\s+|the\s+|any\s+)?{_SPECIMEN}(?:(?:\s*(?:,|/|\bor\b|\band/or\b))+\s*(?:an?\s+|the\s+|other\s+)?{_SPECIMEN})+"
    r"|\bon\s+(?:an?\s+|any\s+|the\s+)?(?:patholog\w+\s+|tumou?r\s+|biopsy\s+|tissue\s+)*(?:specimens?|samples?|biops(?:y|ies))\s+of\s+[^,;.()]{0,40}?cells\b"
    r"|\bat\s+any\s+(?:time|point)\s+(?:in|during)\s+(?:the\s+)?(?:course\s+of\s+)?(?:the\s+|their\s+)?(?:prior\s+|previous\s+)?(?:treatment|therapy|disease|illness)\b",
    re.I,
)
"""Where on the patient the expression of an antigen was seen, and when in the past."""
AGAINST_THE_CANCER = re.compile(
    r"(?:(?<=therapy)|(?<=treatment)|(?<=therapies)|(?<=treatments))\s+(?:to\s+treat|for\s+the"
    r"\s+treatment\s+of|given\s+for|directed\s+(?:at|against))\s+(?:the\s+|their\s+)?(?:underlying\s+|primary\s+)?(?:malignancy|cancer|tumou?r|malignant\s+disease|disease\s+under\s+study)\b",
    re.I,
)
"""What a treatment of the cancer is for."""
AT_COLLECTION = re.compile(
    r"\bat\s+(?:the\s+)?time\s+of\s+(?:the\s+)?(?:blood|samples?|cells?|PBMC|tissue)(?:\s+samples?)?\s+"
    r"(?:collection|draw|procurement|harvest)(?:\s+for\s+(?:[\w-]+\s+){0,3}(?:manufactur\w+|production))?\b",
    re.I,
)
"""The step from which such times are counted: the day on which a patient asks."""
_CAME_BACK = (
    r"(?:(?<=relapsed)|(?<=relapse)|(?<=relapses)|(?<=recurrence)|(?<=recurred)|(?<=recurrence of disease)"
    r"|(?<=relapsed disease)|(?<=recurrent disease))"
)
AFTER_REMISSION = re.compile(
    rf"{_CAME_BACK}\s+(?:after|following|from)\s+(?:(?:achiev|attain|obtain|reach|hav)\w+\s+)*"
    r"(?:an?\s+|the\s+|their\s+|initial\s+|prior\s+|previous\s+|documented\s+|at\s+least\s+(?:one|1)\s+)*"
    r"(?:complete\s+(?:remission|response)|CR\d?)(?:\s*\(CR\))?\b",
    re.I,
)
"""What relapsed was in remission before, and is not now."""
_TEST = (
    r"(?:(?:cardiac|transthoracic|resting|standard|two-dimensional|2-?D|baseline|serum|nuclear|a|an|the|either|radionuclide)\s+)*"
    r"(?:echo-?cardiogra(?:ms?|phy|phic\s+\w+)|echo|ECHO?G|TTE|(?:MUGA|(?:multi-?(?:ple-?)?\s?gated\s+(?:acquisition|radionuclide|blood\s+pool)))"
    r"(?:\s*[\[(](?:MUGA|ECHO)[\])])?(?:\s+(?:scans?|scanning|imaging))?|ventriculogra\w+|angiogra\w+|cardiac\s+MRI|MRI|pulse\s+oximetry|oximetry"
    r"|spirometry|pulmonary\s+function\s+tests?(?:ing)?|PFTs?|plethysmography|EC?KG|electrocardiogra\w+)(?:\s*[\[(](?:ECHO|MUGA|PFTs?|ECG|EKG|TTE)[\])])?"
)
METHODS = re.compile(
    r",?\s*(?:\bas\s+)?\b(?:measured|assessed|determined|evaluated|demonstrated|documented|confirmed|shown|obtained|estimated|evidenced"
    r"|detected|seen|performed|calculated)\s+(?:by|with|using|on|via|through|in)\s+(?:an?\s+)?"
    rf"{_TEST}(?:(?:\s*(?:,|/|\bor\b|\band/or\b|\band\b))+\s*{_TEST}|(?:\s*(?:,|/|\bor\b))+\s*(?:an?\s+)?(?:other\s+)?"
    r"(?:equivalent|comparable|acceptable|similar|appropriate)(?:\s+(?:modality|test|method|imaging|technique)\w*)?)*"
    r"(?!\s*(?:/|,?\s*\bor\b|,?\s*\band/or\b))\b",
    re.I,
)
"""By which machine a heart or a lung is measured."""
GRADED = re.compile(
    r"(?<=ULN|mal)\s*[\[(]\s*(?:(?:NCI[- ]?)?CTCAE\s*)?(?:v(?:ersion)?\.?\s*\d"
    r"(?:\.\d)?\s*,?\s*)?(?:[<>]\s*=?\s*)?grades?\s*"
    r"(?:[<>]\s*=?\s*)?[0-4](?:\s*(?:or|-)\s*(?:[0-4]|less|lower|better))?(?:\s*(?:per|by|according\s+to)?\s*"
    r"(?:NCI[- ]?)?CTCAE[^()\[\]]{0,12})?\s*[\])]",
    re.I,
)
"""The grade that a multiple of the limit of normal has in the scale of adverse events."""
TESTED = re.compile(
    r"\b(?:be\s+|have\s+been\s+)?tested\s+for\s+(?:the\s+)?presence\s+of\s+(?:(?:hepatitis\s+)?[\w-]+\s+){0,2}?(?:antigens?|virus|RNA|DNA)"
    r"\s+by\s+(?:RT-?)?PCR\s+and\s+(?=(?:be|is|are)\b)",
    re.I,
)
"""That a test is made whose result is asked for right behind."""
OF_ANYTHING = re.compile(
    r"\b(?:directed|targeted)\s+(?:at|to|against)\s+any\s+(?:targets?|antigens?)\b|\bfor\s+any\s+(?:other\s+)?(?:indication|reason|purpose)\b"
    r"|\b(?:of|from)\s+any\s+(?:origin|cause|(?:a?etiology)|kind|type|sort)\b|[(\[]\s*any\s+(?:origin|cause|a?etiology)\s*[)\]]",
    re.I,
)
"""Of whatever kind: no kind is left out."""
IF_EVER = re.compile(
    r",?\s*[(\[]?\bif\s+(?:(?:ever|previously)\s+)?(?:performed|given|done|received|any|needed|necessary|known|available)\s*[)\]]?(?=\s*[.;]?\s*$)",
    re.I,
)
"""Behind a pause since a treatment: asked of those who had it, which a pause is anyway."""
_FORETOLD = re.compile(r"\b(?:life[- ]expectancy|survival|life-?\s?(?:span|time)|to\s+(?:live|survive))\b", re.I)


_OF_A_YEAR = ("et al", "(19", "(20", " 19", " 20", ",19", ",20")
_SIGNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (ANYONE, ("sex", "gender")),
    (REFERENCES, ("append", "annex", "attach", "section", "table", "protocol", "correct", "adjusted", *_OF_A_YEAR)),
    (STEPS, (":",)),
    (SPECIMENS, ("express", "positiv", "on ", "at any")),
    (AFTER_REMISSION, ("relaps", "recur")),
    (AGAINST_THE_CANCER, ("therap", "treatment")),
    (AT_COLLECTION, ("time of",)),
    (TESTED, ("tested for",)),
    (IF_EVER, ("if ",)),
    (OF_ANYTHING, (" any ", "(any ")),
    (
        METHODS,
        (
            "echo",
            "tte",
            "muga",
            "gated",
            "oximet",
            "spiromet",
            "function test",
            "pft",
            "ecg",
            "ekg",
            "angio",
            "mri",
            "graph",
        ),
    ),
)
"""Words without one of which a pattern cannot match: looking for them is much faster than the pattern itself."""


def unasked(text: str) -> list[re.Match[str]]:
    """The stretches of `text` that may be passed over."""
    small = " ".join(text.lower().split())
    patterns = [pattern for pattern, signs in _SIGNS if any(sign in small for sign in signs)]
    if _FORETOLD.search(text):
        patterns.append(OPINION)
    return [match for pattern in patterns for match in pattern.finditer(text)]


_OF_AN_EQUATION = re.compile(r"=|gault|schwartz|mdrd|ckd|140|modification of diet", re.I)


def without_equations(text: str) -> str:
    """The text with blanks where it says how a value is computed; a text that says nothing else stays as it is."""
    if "rade" in text:
        text = GRADED.sub(lambda match: " " * len(match.group()), text)
    if not _OF_AN_EQUATION.search(text):
        return text
    without = EQUATIONS.sub(lambda match: " " * len(match.group()), text)
    return without if re.search(r"\d", without) else text
