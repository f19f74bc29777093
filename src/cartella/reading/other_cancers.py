"""Sentences about another cancer than the one under study: the rule, its time, and the usual exceptions.

"Another malignancy within 5 years, except treated skin cancer, cancer in situ, or a cancer in remission for 3 years":
the words are countless, the parts are these. Whoever has no other cancer passes whatever the exceptions are; whoever
has one is settled by the parts that were read, and any word that was not leaves the sentence open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, Not, Opaque, Period, PeriodUnit, Presence, Span, Window
from cartella.reading.clause import conjunction, disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.times import find_times
from cartella.reading.tokens import Kind, Token

OTHER = "cond:second_malignancy"
EXCEPTED_KINDS = (
    "cond:nmsc", "cond:in_situ_neoplasm", "cond:bladder_superficial", "cond:prostate_low_risk",
    "cond:thyroid_papillary_exc",
)  # fmt: skip
HEAD = re.compile(
    r"\b(?:other|others|another|second|secondary|additional|concurrent|concomitant|prior|previous|history\s+of|active)\s+"
    r"(?:\w+[\s,/-]+){0,5}?(?:malignan\w+|cancers?|tumou?rs?|neoplas\w+|carcinomas?)\b"
    r"|\b(?:malignan\w+|cancers?|tumou?rs?)\s+(?:\w+\s+){0,3}?(?:other\s+than|besides|within|in\s+the\s+(?:past|last|first))",
    re.I,
)
IN_ADDITION = re.compile(r"^\W*(?:in\s+addition\s+to|except(?:\s+for)?|apart\s+from|besides)\b", re.I)
EXCEPTION = re.compile(
    r"\b(?:except\w*|unless|other\s+than|with\s+the\s+exceptions?|excluding|apart\s+from|besides|in\s+addition\s+to"
    r"|but\s+not|not\s+includ\w+|the\s+following\s+are)\b"
    r"|\((?=[^)]*(?:not\s+included|are\s+allowed|is\s+allowed|permitted))",
    re.I,
)
LESSER = (
    r"skin|melanoma|situ|basal|squamous|cervi|prostat|superficial|low[- ]risk|locali[sz]ed|treated|cured|hormon|observ"
    r"|expectant"
)
UNDER_STUDY = re.compile(
    rf"\b(?:other\s+than|besides|in\s+addition\s+to|apart\s+from)\s+(?![^,;()]*(?:{LESSER}))(?:\w+[\s-]+){{0,4}}?"
    r"(?:disease|cancer|malignancy|tumou?r|indication|lymphoma|leuka?emia|myeloma|MM|AML|ALL|NHL|CLL|carcinoma|sarcoma"
    r"|neuroblastoma|glioma)(?:\s+under\s+study)?\b",
    re.I,
)
"""``malignancy other than the lymphoma``: the cancer of the trial itself is no exception to tell."""
UNRELATED = re.compile(
    r"^[\W\d]*(?:any\s+|an?\s+)?(?:active|concurrent|uncontrolled|current)\s+(?:invasive\s+)?(?:malignan\w+|cancers?)\s+"
    r"(?:not\s+related|unrelated|other\s+than)\b",
    re.I,
)
TWO_RULES = re.compile(r"\bor\s+(?:any\s+|a\s+)?history\b", re.I)
FREE = re.compile(
    r"disease[- ]free|free\s+(?:of|from)\s+(?:the\s+|any\s+)?(?:disease|cancer|malignancy|recurrence)|remission"
    r"|no\s+(?:known\s+|active\s+)?(?:evidence|signs?)\s+of\s+(?:active\s+)?(?:disease|recurren\w+|relapse|malignancy)"
    r"|without\s+(?:evidence\s+of\s+)?(?:disease|recurren\w+|relapse)|no\s+recurrence|not\s+recurred|not\s+required"
    r"|(?:curative(?:ly)?|definitive(?:ly)?|complete(?:ly)?)\s+(?:treat|resect|remov|cur)\w+|curative\s+intent|\bcured\b",
    re.I,
)
NOT_FREE = re.compile(
    r"\bnot\s+(?:been\s+)?(?:in\s+(?:complete\s+)?remission|relieved|disease[- ]free|cured|free\s+of)\b", re.I
)
MUST = re.compile(r"\bmust\b", re.I)
ACTIVE = re.compile(
    r"\b(?:active|concurrent(?:ly)?|concomitant|progress\w+|uncontrolled|current(?:ly)?|ongoing)\b", re.I
)
EVER = re.compile(r"\b(?:history|prior|previous(?:ly)?|past|ever|had|diagnosed|within)\b", re.I)
MILD = re.compile(r"\bother\s+than\s+(?:\w+\s+){0,2}?(?:observation|surveillance|hormon\w+|endocrine)\b", re.I)
"""``requiring any therapy other than observation or hormones``: who needs no more has no active cancer."""
TREATED = re.compile(r"\b(?:treated|resect\w+|excis\w+|cured|curative\w*|remov\w+|surg\w+|radical)\b", re.I)
JUDGED = re.compile(
    r"\b(?:risk|investigator|opinion|judg\w+|discretion|potential|interfere|natural\s+history|likel\w+|certain)\b", re.I
)
REQUIRES = re.compile(
    r"\b(?:requir\w+|need\w*|receiv\w+|undergo\w+)\b[^.;,]{0,30}\b(?:treatment|therapy|chemotherapy|intervention)\b",
    re.I,
)
LASTING = re.compile(
    r"(?P<more>(?:more\s+than|longer\s+than|over|>(?!\s*=))\s*)?"
    r"(?P<number>\d{1,3}|one|two|three|four|five|ten)(?:\s+or\s+more)?\s*(?:\(\d+\)\s*)?-?(?P<unit>years?|yrs?|months?|mos?)\b",
    re.I,
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
PARTS = re.compile(r"[;,]|\bor\b|\bunless\b", re.I)


def is_about_it(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence excludes other cancers and speaks of nothing else that a record could tell."""
    named = [c for t in tokens if t.kind is Kind.CONCEPT for group in t.concepts for c in group]
    apart = bool(IN_ADDITION.match(text) and HEAD.search(text)) or bool(UNRELATED.match(text))
    if OTHER not in named and not apart:
        return False
    house = knowledge()
    kinds = frozenset().union(*(house.descendants(kind) for kind in EXCEPTED_KINDS)) | {OTHER}
    foreign = [
        c for c in named if c not in kinds and kind_of(c) not in {"disease", "drug", "class", "site"} and c != "lab:psa"
    ]
    if foreign or TWO_RULES.search(text) or any(t.is_cue(Cue.PERMIT) for t in tokens):
        return False
    first = next((c for c in named if c in kinds or c.startswith("disease:")), None)
    return apart or first == OTHER


def read(text: str, tokens: Sequence[Token], start: int, span: Span) -> Expression:
    """That there is no such cancer: the negation of the rule without its exceptions.

    `start` is where the text begins in the plain text.
    """
    rule_words, exception_words, exceptions, begin = _parted(text, tokens, start)
    doubt = Opaque(span=span)
    rule = _rule(rule_words, span)
    parts: list[Expression] = [rule]
    if JUDGED.search(rule_words):
        parts.append(doubt)
    elif REQUIRES.search(rule_words) and not EVER.search(rule_words):
        parts.append(Not(Presence(OTHER, frozenset({"hormonal_only"}), span=span)))
        parts.append(doubt)
    lifted = _lifting(exception_words, exceptions, begin, span)
    if lifted:
        parts.append(Not(disjunction(lifted)))
    return Not(conjunction(parts), span)


def _parted(text: str, tokens: Sequence[Token], start: int) -> tuple[str, str, list[Token], int]:
    """The words of the rule, those of the exceptions, the tokens among the exceptions, and where these words begin."""
    text = UNDER_STUDY.sub(lambda m: " " * len(m.group()), text) if not IN_ADDITION.match(text) else text
    if IN_ADDITION.match(text):
        last = max((t.end for t in tokens if _is_excepted(t)), default=start) - start
        own = next((m.start() for m in HEAD.finditer(text) if m.start() >= last), last)
        return text[own:], text[:own], [t for t in tokens if t.start - start < own], start
    cut = EXCEPTION.search(text)
    if cut is None:
        return text, "", [], start
    at = cut.start()
    return text[:at], text[at:], [t for t in tokens if t.start - start >= at], start + at


def _is_excepted(token: Token) -> bool:
    house = knowledge()
    kinds = frozenset().union(*(house.descendants(kind) for kind in EXCEPTED_KINDS))
    return any(c in kinds for group in token.concepts for c in group)


def _rule(words: str, span: Span) -> Expression:
    active = ACTIVE.search(words) and not EVER.search(words)
    traits = frozenset({"active"}) if active else frozenset[str]()
    time = next((t for t in find_times(words)), None)
    if NOT_FREE.search(words) or (MUST.search(words) and FREE.search(words)):
        return And((Presence(OTHER, span=span), Not(_free(words, span))))
    if time is not None and time.recent and time.window.at_most is not None:
        return Presence(OTHER, traits, time.window, span=span)
    return Presence(OTHER, traits, span=span)


def _lifting(words: str, tokens: Sequence[Token], start: int, span: Span) -> list[Expression]:
    """What lifts the rule: kinds of cancer, a remission, hormones alone; and whatever was not understood.

    `start` is where the words begin in the plain text.
    """
    if not words.strip():
        return []
    treated = frozenset({"treated"}) if TREATED.search(words) else frozenset[str]()
    lifted: list[Expression] = []
    for token in tokens:
        for concept in (c for group in token.concepts for c in group):
            if concept.startswith("cond:") and _is_excepted(token):
                lifted.append(Presence(concept, treated, span=span))
            elif concept.startswith("disease:") and concept != "disease:CANCER":
                lifted.append(And((Presence(concept, span=span), Opaque(span=span))))
    if _frees_any(words, [t.start - start for t in tokens if _is_excepted(t)]):
        lifted.append(_free(words, span))
    if MILD.search(words):
        lifted.append(Presence(OTHER, frozenset({"hormonal_only"}), span=span))
        lifted.append(Presence(OTHER, frozenset({"!active"}), span=span))
    if not lifted or JUDGED.search(words):
        lifted.append(Opaque(span=span))
    return lifted


def _free(words: str, span: Span) -> Expression:
    """Free of the other cancer, for as long as the words say."""
    lasting = LASTING.search(words)
    if lasting is None:
        return Presence(OTHER, frozenset({"!active"}), span=span)
    number = NUMBERS.get(lasting["number"].lower()) or int(lasting["number"])
    unit = PeriodUnit.YEAR if lasting["unit"].lower().startswith("y") else PeriodUnit.MONTH
    strict = bool(lasting["more"])
    window = Window(at_least=Period(number, unit), at_least_strict=strict)
    return Presence(OTHER, frozenset({"!active"}), window, span=span)


def _frees_any(words: str, kinds: Sequence[int]) -> bool:
    """Whether a remission or a cure is said of any cancer, and not of a kind that stands in the same part."""
    begin = 0
    for end in [*(m.end() for m in PARTS.finditer(words)), len(words)]:
        if FREE.search(words[begin:end]) and not any(begin <= kind < end for kind in kinds):
            return True
        begin = end
    return False
