"""Whether words about a therapy tell of what is given, or of what was given before, elsewhere, or to others."""

from __future__ import annotations

import re

# Words that may stand between "after" and the name of the therapy without changing what "after" refers to.
_BETWEEN = (
    r"(?:(?:the|an?|their|any|one|first|second|prior|previous|commercial(?:ly)?|available|approved|standard|of|"
    r"care|and|"
    r"administration|infusions?|doses?|treatment|therapy|with|using|from|to|at|least|least one|autologous|"
    r"allogeneic|donor-derived|"
    r"investigational|academic|universal|dual|tandem|bispecific|humani[sz]ed|chimeric|antigen|receptor|T|"
    r"T-cells?|cells?|"
    r"immune|effector|genetically|gene|gene-|lentivir\w+|retrovir\w+|engineered|modified|transduced|adoptive|"
    r"lymphodepletion|chemotherapy|lymphodepleting|novel|targeted|directed|specific|both|either|relapse|anti|"
    r"B-cell|B|"
    r"(?:ASCT|HSCT|HCT|BMT|transplant\w*|chemotherapy)(?: \(\w+\))? (?:or|and)|bone|marrow|stem|ha?ematopoietic|"
    r"allo|auto|haplo|maturation|multiple|CAR-?T?|"
    r"investigated|\w+cabtagene|\w+ciloleucel|on|idecabtagene|"
    r"[\w/+.-]*(?:CD\d|BCMA|GPRC|HER2|GD2|anti-|-directed|-targeted|-targeting|-specific|-redirected|leucel|"
    r"-cel\b|\d)[\w/+.-]*"
    r")[\s,()-]+){0,8}"
)
_BEFORE = re.compile(
    r"(?:\b(?:after|following|post|prior(?: to)?|previous(?:ly)?|before|during|undergo\w*|"
    r"(?:patients|subjects|participants|people|children|adults|women|men|individuals|"
    r"those)[\w ,/()+-]{0,80} (?<!are )(?<!be )(?<!being )(?:treated|managed) (?:with|by|in)|"
    r"previously (?:treated|managed) (?:with|by|in)|exposed to|exposure to|refractory to|resistan\w+ to|"
    r"respon\w+ to|history of|"
    r"candidates? for|eligible for|bridging(?: therapy)? (?:to|for|into)|recipients? of|patients (?:on|given|of)|"
    r"(?<!be )(?<!are )receiving|(?:induced|caused|mediated|triggered) by|(?:associated|related) (?:with|to)|"
    r"secondary to|context of|setting of|"
    r"outcomes? (?:of|with)|toxicit\w+ (?:of|from|to)|awaiting|scheduled for|planned for|na[iï]ve to|progress\w* on|"
    r"relaps\w+ (?:from|on|to|post)|relapsing|fail(?:ed|ure|ures|ing)(?: of| to| on)?|unresponsive to|ineligible for|"
    r"(?:treatments|therapies)[- ]including|(?:treatments|therapies) such as|such as|limitations? of|"
    r"efficacy of other|"
    r"access to|response to|given|enrolled in|intoleran\w+ to|unfit for|unlike|success of|advances? in|suitable for|"
    r"(?:people|patients|participants|subjects|individuals|children|adults|those|who|have|had|has|men|women)"
    r"(?: (?:who|that|are|have|had|been|were|has|previously|recently|already|also|or|and|young|adults|children|"
    r"adult|elderly))* receiv(?:ed|ing)|"
    r"previously received|commercial(?:ly available)?|standard[- ]of[- ]care|SOC)\b|"
    r"\bpost-)[\s,:(-]*" + _BETWEEN + r"\Z",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[\s()-]*(?:(?:T[- ]?cells?|T\b|cells?|CAR-?T|CART|therap(?:y|ies)|treatments?|infusions?|immunotherapy|"
    r"products?|"
    r"\(CAR-?T\)|\(CAR\)|commercial|targeted|specific)[\s()-]*){0,5}"
    r"(?:recipients?|failures?|failed|survivors|candidates|toxicit\w+|related|associated|induced|mediated|"
    r"treated|exposed|"
    r"refractory|experienced|eligible|ineligible|na[iï]ve|relapse\b|relapsed\b|relapses\b|patients\b(?! with|"
    r" in)|was recently approved|"
    r"(?:is|as) (?:the )?standard|"
    r"ha(?:s|ve) (?:been |shown|revolutioni|emerged|become|transformed|demonstrated|achieved|"
    r"produced|significantly|dramatically|changed|improved|led))",
    re.IGNORECASE,
)
_REACH_BEFORE = 130
_REACH_BEHIND = 90


def is_background(text: str, start: int, end: int) -> bool:
    """True if the words at `start` to `end` name a therapy that the study does not give.

    "Nivolumab after BCMA CAR-T", "CAR-T-related cytopenia", "patients receiving CAR-T".
    """
    if _BEHIND.match(text, end, end + _REACH_BEHIND):
        return True
    return _BEFORE.search(text[max(0, start - _REACH_BEFORE) : start]) is not None
