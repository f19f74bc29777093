"""Sentences about pregnancy, breast-feeding and contraception: whom they concern, and what would stand in the way.

Their wording varies without end, their meaning hardly: nobody asks for a pregnancy, everybody asks for contraception
of those who can conceive or father a child. So such a sentence is read by what it mentions, not by its grammar. A
pregnancy or a breast-fed child stands in the way; that contraception is agreed to, or a child is planned, is for the
person to say, and is asked only of those whom the sentence concerns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.logic import And, Code, Expression, Not, Opaque, Presence, Span, Unread
from cartella.reading.clause import disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

SUBJECTS = frozenset(
    """cond:pregnancy cond:breastfeeding cond:childbearing_potential cond:postmenopausal cond:surgical_sterility
    cond:contraception cond:contraception_refusal cond:fathering_intent lab:hcg_serum lab:hcg_urine""".split()
)
BESIDE = SUBJECTS | {"lab:age", "lab:fsh", "lab:estradiol"}
"""What a sentence on the subject may name besides; treatments as well, from which it counts its times."""

_WHO = r"(?:subjects?|patients?|participants?|individuals?|persons?|people|partners?|recipients?|volunteers?)"
_OWN_WORDS = re.compile(
    r"\b(?:\w*contracepti\w*|birth\s+control|sperm|abstinen\w+|pregnan\w+|fertility|incinta|condoms?"
    r"|spermicid\w+|vasectom\w+"
    r"|intra-?uterine\s+(?:hormone[- ]releasing\s+)?(?:devices?|systems?)|IUDs?|tubal\s+(?:ligation|occlusion)"
    r"|(?:donate|donation\s+of|donating)\s+(?:eggs?|ova|oocytes?)|egg\s+(?:cell\s+)?donation|sexually\s+active|sexual\s+intercourse)\b",
    re.I,
)
_FERTILE = r"(?:\s+(?:\w+\s+){0,4}?(?:child-?\s?bearing|reproductive)\s+(?:potential|age))?"
PARTNER = re.compile(
    rf"\b(?:fe)?male\s+(?:sexual\s+)?(?:partners?|condoms?)\b{_FERTILE}"
    rf"|\bpartner(?:s|ed)?\b(?:[^.;,]{{0,40}}?\b(?:women|females?|woman|pregnant)\b)?{_FERTILE}"
    r"|\bsex\s+with\s+(?:an?\s+)?(?:women|woman|men|man|females?|males?)\b|\bmale\s+sterili[sz]ation\b",
    re.I,
)
MALE = re.compile(
    r"\b(?:men|man|males?|sperm|semen|(?:child-?)?father\w*|vasectom\w+|both\s+(?:sexes|genders)|uomini|maschi)\b", re.I
)
FEMALE = re.compile(
    r"\b(?:wom[ae]n|females?|girls?|mothers?|wocbp|focbp|fcbp|ova|ovum|oocytes?|eggs?|both\s+(?:sexes|genders)"
    r"|donne|donna|femmine?)\b",
    re.I,
)
ONE_SEX = re.compile(
    rf"\b(?:(?:fe)?male|(?:wo)?men|(?:wo)?man)s?(?:\s+(?:and|or|/)\s+(?:fe)?males?)?\s+(?:study\s+|research\s+)?{_WHO}\b"
    rf"|\b{_WHO}\s+(?:who\s+(?:is|are)\s+)?(?:pregnant|breast|lactating|nursing|(?:fe)?males?\b|(?:wo)?men\b)",
    re.I,
)
EVERYBODY = re.compile(rf"\b(?:{_WHO}|everyone|all\s+who|pazienti|soggetti)\b|^\W*those\b", re.I)
PREGNANT = re.compile(r"\b(?:pregnan\w+|gravid\w+|incinta|gestation)\b", re.I)
NOT_THE_STATE = re.compile(
    r"\b(?:avoid\w*|prevent\w*|risk\s+of|becom\w+|gett?(?:ing)?|plan\w*|inten\w+|wish\w*|desir\w+|outcomes?|unplanned"
    r"|future|until|against|partner\w*|possib\w+|caus\w+|for\s+the\s+duration\s+of|risk\s+or|of\s+any)"
    r"(?:\s+(?:a|an|the|for|of|to|from|be|their|any|is|are|who|having))*\s*$|\bpotential\s*$",
    re.I,
)
PLANNED_AFTER = re.compile(
    r"^\s*(?:and\s+contraception|plans?|planning|intention|prevention|protection|outcome|risk|rates?|occur\w*)\b", re.I
)
BREAST_FED = re.compile(r"\b(?:breast[- ]?fe?ed\w*|lactat\w+|nursing|nurse|allatt\w+)\b", re.I)
GIVEN_UP = re.compile(r"\b(?:discontinu\w+|stop\w*|refrain\w*|abstain\w*|cease|willing|agree\w*|interrupt\w*)\b", re.I)
PERSONAL = re.compile(
    r"\b(?:\w*contracepti\w*|birth\s+control|abst(?:ain\w*|inen\w+)|barrier|condoms?|intra-?uterine|spermicid\w*|vasectom\w*|tubal|sexual\w*|iuds?|diaphragm|sperm|donat\w+"
    r"|plan(?:s|ned|ning)?|inten\w+|wish\w*|desire\w*|father\w*|conceiv\w*|agree\w*|(?:un)?willing\w*|family\s+planning"
    r"|become\s+pregnant|refus\w+|protected\s+sex|use\s+of|commit\w*|requirements?)\b",
    re.I,
)
DEFINES = re.compile(
    r"\b(?:(?:is|are|be)\s+(?:not\s+)?(?:considered|defined|deemed|regarded)|defined\s+as|considered\s+(?:to\s+be\s+)?(?:of|not)"
    r"|includes?|examples?|methods?\s+(?:of\s+\w+\s+)?(?:are|include)|will\s+be\s+(?:\w+\s+)?(?:performed|informed|counsel\w+|tested|done)"
    r"|should\s+be\s+(?:informed|counsel\w+|advised|notified)|(?:should|must)\s+(?:\w+\s+)?inform|must\s+be\s+reported|is\s+not\s+(?:required|necessary)"
    r"|unknown|milk\s+cannot)\b",
    re.I,
)
REASON = re.compile(r"\b(?:effects?|risks?)\b[^.;]{0,90}\b(?:is|are)\s+(?:not\s+(?:\w+\s+)?)?(?:un)?known\b", re.I)
IN_CASE = re.compile(r"\bshould\s+(?:a|any|the)\b.*\bmust\b", re.I)
"""What is to be done in case of a pregnancy."""
DEMANDS = re.compile(
    r"\b(?:must|agree\w*|willing|required?\s+to|excluded|ineligible|not\s+eligible|should\s+use|devono)\b", re.I
)


def is_about_it(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence speaks of reproduction and of nothing else that a record could tell."""
    named = [c for t in tokens if t.kind is Kind.CONCEPT for group in t.concepts for c in group]
    if not (any(c in SUBJECTS for c in named) or _OWN_WORDS.search(text)):
        return False
    foreign = [c for c in named if c not in BESIDE and kind_of(c) not in {"drug", "class", "regimen"}]
    if any(t.is_cue(Cue.STATE) for t in tokens):
        return False
    treatments = [c for c in named if kind_of(c) in {"drug", "class", "regimen"}]
    alone = any(c in SUBJECTS for c in named) or not treatments
    return not foreign and alone and not any(_is_a_limit(t) for t in tokens)


def _is_a_limit(token: Token) -> bool:
    """A number of the laboratory; the rates and ages of a definition are passed over."""
    return token.kind is Kind.COMPARISON and bool(re.search(r"/\s?[mµu]?L\b|\bULN\b|10\^?9", token.text))


def only_explains(text: str, *, first: bool) -> bool:
    """Who counts as fertile, which methods will do, what is done in the study, why: no demand of its own.

    The first sentence of a line is taken for a demand, unless it only gives the reason for one.
    """
    if DEMANDS.search(IN_CASE.sub(" ", text)):
        return False
    return bool(REASON.search(text)) if first else bool(DEFINES.search(text)) or not _names_anybody(text)


def _names_anybody(text: str) -> bool:
    words = PARTNER.sub(" ", text)
    return bool(MALE.search(words) or FEMALE.search(words) or EVERYBODY.search(words) or BREAST_FED.search(words))


def read(text: str, span: Span) -> Expression:
    """What would stand in the way, as a negation: "no pregnancy, no breast-fed child, and what is agreed to"."""
    doubt = Opaque(Unread.JUDGEMENT, span)
    concerned = _concerned(text, span)
    obstacles: list[Expression] = []
    if any(_is_the_state(text, m) for m in PREGNANT.finditer(text)):
        obstacles.append(Presence("cond:pregnancy", span=span))
    fed = BREAST_FED.search(text)
    if fed:
        child = Presence("cond:breastfeeding", span=span)
        obstacles.append(
            And((child, doubt)) if GIVEN_UP.search(text[max(0, fed.start() - 40) : fed.start()]) else child
        )
    if PERSONAL.search(text) or not obstacles:
        obstacles.append(And((concerned, doubt)))
    return Not(disjunction(obstacles), span)


def _is_the_state(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() :]
    return not NOT_THE_STATE.search(before) and not PLANNED_AFTER.match(after)


def _concerned(text: str, span: Span) -> Expression:
    """Whom the sentence concerns: women who can conceive, men, or both; without a word of it, both."""
    words = PARTNER.sub(" ", text)
    male, female = bool(MALE.search(words)), bool(FEMALE.search(words))
    if BREAST_FED.search(words) and not male and not (PREGNANT.search(words) or _OWN_WORDS.search(words)):
        return Presence("cond:childbearing_potential", span=span)
    everybody = bool(EVERYBODY.search(ONE_SEX.sub(" ", words)))
    if everybody or not (male or female):
        male = female = True
    groups: list[Expression] = []
    if female:
        groups.append(Presence("cond:childbearing_potential", span=span))
    if male:
        groups.append(Code("sex", frozenset({"male"}), span))
    return disjunction(groups)
