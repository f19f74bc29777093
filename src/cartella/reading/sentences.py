"""Sentences of an item, and what each sentence does: ask, exclude, allow, or explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from cartella.logic import And, Expression, If, Not, Or
from cartella.reading import reproduction
from cartella.reading.cases import case_of, lifted
from cartella.reading.clause import Clause, opaque
from cartella.reading.concepts.condition import DETECTED
from cartella.reading.concepts.presence import STOPPED
from cartella.reading.cues import Cue
from cartella.reading.exceptions import REPLACEMENT, STEROIDS, replacement_dose
from cartella.reading.grammar import Grammar
from cartella.reading.passing import without_objects
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token, tokenise
from cartella.trials.criteria import Section

END = re.compile(
    r"(?<=[.;])\s+(?!(?i:or)\b)(?=[A-Z(>\"<]|\d)|;\s*(?!(?i:or)\b)(?=\S)|(?<=[a-z)\]])\.(?=[A-Z][a-z])"
    r"|(?<=[\w.)])\s+(?=(?:PRIOR CONCURRENT THERAPY|PATIENT CHARACTERISTICS|DISEASE CHARACTERISTICS"
    r"|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Other|Menopausal status"
    r"|Performance status|Life expectancy|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Hormone receptor status):\s)"
)
LISTING = re.compile(r"\b(?:includ\w+|such\s+as|following|limited\s+to|one\s+of)[^.;]*:[^.]*$", re.I)
NO_END = re.compile(
    r"\b(?:e\.g|i\.e|vs|approx|etc|dr|no|inc|al|resp|incl|max|min|ca|spp|var|cf|fig|sec)\.$|\b[A-Z]\.$", re.I
)
EXPLAINS = re.compile(
    r"""^\W*(?:note\b|n\.?b\.?\b|nota\b|for\s+example|this\s+(?:includes|is\s+because|criterion|means)|because\b|the\s+(?:effects|safety|reason|definition)\b
        |(?:these\s+|the\s+|such\s+)?potential\s+risks\b|this\s+(?:study|trial|protocol|phase|applies)\b|[\w\s,-]{3,60}\bcohort\s+will\s+be\b|(?:examples|these)\s+(?:include|are)|see\s+(?:section|appendix)|refer\s+to|e\.g\.|i\.e\.|[\w\s-]{2,60}\bis\s+defined\s+(?:as|by)\b|[\w\s-]{2,60}\bare\s+defined\s+(?:as|by)\b)""",
    re.I | re.X,
)


ABOUT_PEOPLE = re.compile(
    r"^\W*(?:o\s+)?(?:note:?\s*)?(?:however,?\s*)?(?:all\s+|the\s+|any\s+|eligible\s+|such\s+|those\s*"
    r"|adult\s+)*(?:patients?|subjects?|participants?|individuals?|those|recipients?|persons?|he|she|they)\b",
    re.I,
)


NOT_NEEDED = re.compile(r"\b(?:is|are|be)\s+not\s+(?:be\s+)?(?:required|mandatory|necessary|needed)\b", re.I)
REQUIRED_PAUSE = re.compile(r"^\W*(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?)\s[^.;]{1,40}\bwash-?\s?out\b", re.I)
BARRED = frozenset({"should not", "must not", "should not be", "must not be", "shall not"})
TO_COME = re.compile(r"^\W*(?:the\s+)?(?:development|occurrence|onset|appearance|emergence)\s+of\b", re.I)
TOXICITY = re.compile(
    r"\b(?:recover(?:ed|y)?|resol(?:ved|ution)|unresolved|residual|persist\w*)\b[^.;]{0,90}\b(?:toxic\w*"
    r"|adverse\s+(?:events?|effects?|reactions?)|side[- ]effects?|AEs?)\b"
    r"|\b(?:toxicit(?:y|ies)|toxic\s+effects?|adverse\s+(?:events?|effects?))\b[^.;]{0,90}\b(?:recover(?:ed|y)?"
    r"|resol(?:ved|ution)|unresolved|residual|grade)\b",
    re.I,
)
BECAUSE = re.compile(
    r"[,;]?\s+(?:because(?!\s+of)|because\s+of\s+(?:the\s+|its\s+|their\s+)?(?:potential\w*|unknown|possible"
    r"|risks?|danger\w*)|in\s+order\s+to|since\s+(?:there|it|these|this\s+(?:may|is|could))|as\s+(?:there\s+is"
    r"|there\s+are|this\s+may|these\s+may|the\s+(?:effects|risks?|safety)))\b",
    re.I,
)
FOR_THIS_REASON = re.compile(r"^\W*for\s+(?:this|these)\s+reasons?\b", re.I)
OF_A_COHORT = re.compile(
    r"\b(?i:cohorts?|arms?|stratum|strata|dose\s+level)\s?\#?(?:[A-Z]\d?|\d{1,2}[A-Za-z]?)\b|\bDL\s?\d"
    r"|\b(?i:phase)\s+(?:[12]|I{1,2})[ab]?\s*:"
)
CONDUCT = re.compile(
    r"\b(?:not\s+(?:be\s+)?(?:allowed|permitted|acceptable)|prohibited"
    r"|forbidden)\b[^.;]{0,60}\b(?:after\s+enrol\w+|during\s+(?:the\s+)?(?:course\s+of\s+the\s+)?(?:study|trial"
    r"|treatment|participation)(?!\s+drug)|while\s+on\s+(?:study|trial|treatment)|throughout\s+the\s+(?:study"
    r"|trial|duration)|on[- ]study)\b",
    re.I,
)
TAKES_PART = re.compile(r"\b(?:participat\w+|enrol+ed|enrol+ment)\b[^.;]{0,40}\b(?:stud(?:y|ies)|trials?)\b", re.I)


class Role(Enum):
    """What a sentence does to the criterion it belongs to."""

    ASKS = "asks"
    EXCLUDES = "excludes"
    ALLOWS = "allows"
    EXPLAINS = "explains"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands in the plain text, what it does, and what it says the patient has."""

    start: int
    end: int
    role: Role
    expression: Expression | None
    about_people: bool = False
    tokens: tuple[Token, ...] = ()


def split(text: str, start: int) -> list[tuple[int, int]]:
    """The sentences of `text` (which begins at `start` of the plain text) as pairs of plain positions."""
    cuts = [0]
    for match in END.finditer(text):
        if match.start() > 0 and NO_END.search(text[: match.start()]):
            continue
        before = text[: match.start()]
        if before.count("(") > before.count(")"):
            continue
        if text[match.start() : match.end()].startswith(";") and LISTING.search(before):
            continue
        cuts.append(match.end())
    cuts.append(len(text))
    pairs = []
    for begin, end in pairwise(cuts):
        while begin < end and text[begin].isspace():
            begin += 1
        while end > begin and text[end - 1].isspace():
            end -= 1
        if begin < end:
            pairs.append((start + begin, start + end))
    return pairs


LABEL = re.compile(
    r"^\W*(?:(?:PRIOR CONCURRENT THERAPY|PATIENT CHARACTERISTICS"
    r"|DISEASE CHARACTERISTICS)\s*:\s*)?(?:Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery"
    r"|Other|Menopausal status|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Hormone receptor status)\s*:\s*(?=\S)"
)


def read_sentences(plain: PlainText, places: Sequence[tuple[int, int]], section: Section) -> list[Sentence]:
    """The sentences of one criterion. One that only gives another limit in another case is part of the one before."""
    whole = plain.text[places[0][0] : places[-1][1]] if places else ""
    special = bool(OF_A_COHORT.search(whole))
    result: list[Sentence] = []
    for n, (start, end) in enumerate(places):
        sentence = read_sentence(plain, start, end, section, first=n == 0, of_a_cohort=special)
        joined = _as_other_case(plain, sentence, result) if section is not Section.EXCLUSION else None
        if joined is None:
            result.append(sentence)
        else:
            at, expression = joined
            result[at] = replace(result[at], expression=expression)
            result[-1] = replace(result[-1], end=end)
    return result


def _as_other_case(plain: PlainText, sentence: Sentence, before: Sequence[Sentence]) -> tuple[int, Expression] | None:
    """``... <= 3 x ULN; <= 5 x ULN if the liver is involved``: which sentence it belongs to, and its meaning now."""
    grammar = Grammar(plain, False)
    for at in range(len(before) - 1, -1, -1):
        rule = before[at]
        if rule.role is not Role.ASKS or rule.expression is None or sentence.role is Role.EXCLUDES:
            continue
        found = case_of(sentence.tokens, rule.tokens)
        if found is None:
            continue
        limit, condition = (grammar.read(found[0]), replace(grammar, unwanted=True).read(found[1]))
        if limit is not None and condition is not None:
            expression = lifted(rule.expression, condition, limit, unwanted=False)
            if expression is not None:
                return at, expression
    return None


def read_sentence(
    plain: PlainText, start: int, end: int, section: Section, *, first: bool, of_a_cohort: bool = False
) -> Sentence:
    """Read one sentence in its section. An expression that cannot be made is an Opaque, never a silence."""
    text = plain.text[start:end].replace("\n", " ")
    told = BECAUSE.search(text)
    if told and not FOR_THIS_REASON.match(text):
        text = text[: told.start()]
    label = LABEL.match(text)
    begin = label.end() if label else 0
    tokens = without_objects(tokenise(text[begin:], start + begin, plain.named))
    role = _role(text, tokens, section, first=first)
    people = bool(ABOUT_PEOPLE.match(text))
    if role is not Role.ALLOWS and reproduction.is_about_it(text, tokens):
        if reproduction.only_explains(text, first=first):
            return Sentence(start, end, Role.EXPLAINS, None)
        return Sentence(start, end, Role.ASKS, reproduction.read(text, plain.original(start, end)), people)
    if role is Role.EXPLAINS:
        return Sentence(start, end, role, None)
    whole = Clause(tokens, plain, role is Role.EXCLUDES)
    if tokens and (TOXICITY.search(text) or TO_COME.match(text)):
        return Sentence(start, end, role, opaque(whole, tokens), people)
    expression = _expression(plain, tokens, role, section)
    if (
        role is Role.ALLOWS
        and REPLACEMENT.search(text)
        and any(c in STEROIDS for t in tokens for g in t.concepts for c in g)
    ):
        expression = replacement_dose(opaque(whole, tokens))
    if expression is None and tokens:
        expression = opaque(whole, tokens)
    if expression is not None and role is not Role.ALLOWS and (of_a_cohort or OF_A_COHORT.search(text)):
        doubt = opaque(whole, tokens)
        expression = And((doubt, expression)) if role is Role.EXCLUDES else If(doubt, expression)
    elif expression is not None and role is Role.EXCLUDES and CONDUCT.search(text):
        # what must not be done in the study is no matter of the past
        expression = And((opaque(whole, tokens), expression))
    elif expression is not None and role is Role.EXCLUDES and TAKES_PART.search(text):
        expression = Or((expression, opaque(whole, tokens)))
    return Sentence(start, end, role, expression, people, tuple(tokens))


def _role(text: str, tokens: Sequence[Token], section: Section, *, first: bool) -> Role:
    # what stands in brackets is an aside: its verbs do not decide what the sentence does
    main = _outside_brackets(tokens)
    main = main[: next((n for n, t in enumerate(main) if t.is_cue(Cue.EXCEPT, Cue.UNLESS)), len(main))] or main
    if any(t.is_cue(Cue.EXCLUDE) for t in main):
        return Role.EXCLUDES
    if any(t.is_cue(Cue.PERMIT) for t in main):
        return Role.ALLOWS
    if not first and NOT_NEEDED.search(text):
        return Role.EXPLAINS
    if EXPLAINS.match(text) and not (first and re.match(r"\W*[\w\s-]{2,60}\b(?:is|are)\s+defined", text, re.I)):
        return Role.EXPLAINS
    if section is Section.EXCLUSION and _is_kept_out(main):
        return Role.EXCLUDES
    if any(t.is_cue(Cue.REQUIRE) or t.text.lower() in BARRED for t in main) or REQUIRED_PAUSE.match(text):
        return Role.ASKS
    return Role.EXCLUDES if section is Section.EXCLUSION else Role.ASKS


def _kept_out_at(tokens: Sequence[Token]) -> int | None:
    for n, token in enumerate(tokens):
        if token.text.lower() in BARRED:
            return n
        if token.is_cue(Cue.REQUIRE):
            denied = tokens[n + 1 : n + 2]
            return n if denied and denied[0].text.lower() in {"not", "not be"} else None
    return None


def _is_kept_out(tokens: Sequence[Token]) -> bool:
    """``Subjects with an active infection should not start treatment``: among exclusions, the subject is excluded."""
    at = _kept_out_at(tokens)
    if at is None:
        return False
    kinds = {c.partition(":")[0] for t in tokens[:at] for g in t.concepts for c in g}
    later = {c.partition(":")[0] for t in tokens[at:] for g in t.concepts for c in g}
    return bool(kinds & {"cond", "disease"}) and not later & {"lab", "disease", "scale"}


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


def _expression(plain: PlainText, tokens: list[Token], role: Role, section: Section) -> Expression | None:
    unwanted = Grammar(plain, True)
    wanted = Grammar(plain, False)
    if role is Role.EXCLUDES:
        unwanted = Grammar(plain, True, excluding=True)
        kept_out = _kept_out_at(tokens)
        if kept_out is not None and section is Section.EXCLUSION and _is_kept_out(tokens):
            tokens = tokens[:kept_out]
        depths = _depths(tokens)
        return unwanted.read(
            [t for t, d in zip(tokens, depths, strict=True) if d or not t.is_cue(Cue.EXCLUDE, Cue.REQUIRE)]
        )
    if role is Role.ALLOWS:
        return _allowed(unwanted, wanted, tokens)
    prefix = _prefix(tokens)
    if prefix:
        rest = _expression(plain, tokens[prefix + 1 :], role, section)
        named = wanted.read(tokens[:prefix])
        if rest is None or named is None:
            return rest or named
        alone = all(
            t.kind is Kind.CONCEPT or t.cue is not None or t.kind in (Kind.SLASH, Kind.COMMA) for t in tokens[:prefix]
        )
        words = " ".join(t.text for t in tokens[:prefix])
        alone = alone or bool(re.search(r"\b(?:cohort|arm|group|stratum|patients|subjects)\b", words, re.I))
        return If(named, rest) if alone else And((named, rest))
    depths = _depths(tokens)
    split_at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.REQUIRE) and depths[n] == 0), None)
    if split_at:
        subject, predicate = tokens[:split_at], tokens[split_at + 1 :]
        if (
            _limits(subject, plain)
            and not _of_the_tumour(subject)
            and not STOPPED.search(" ".join(t.text for t in predicate))
        ):
            # "women of child-bearing potential must ...": asked only of those for whom the subject holds
            condition = unwanted.read(subject)
            if condition is not None and any(t.is_cue(Cue.OTHER) for t in subject):
                condition = And((condition, opaque(Clause(subject, plain, True), subject)))
            rule = wanted.read(predicate)
            if rule is None and predicate:
                rule = opaque(Clause(list(predicate), plain, False), predicate)
            if condition is not None and rule is not None:
                return If(condition, rule)
    return wanted.read([t for t in tokens if not t.is_cue(Cue.REQUIRE)])


def _prefix(tokens: Sequence[Token]) -> int | None:
    """``CLL/SLL: active disease ...``: where the colon stands after words that name a disease and no verb."""
    for n, token in enumerate(tokens[:14]):
        if token.kind is Kind.COLON:
            named = any(c.startswith("disease:") for t in tokens[:n] for g in t.concepts for c in g)
            quiet = not any(
                t.is_cue(Cue.REQUIRE, Cue.ALL_OF, Cue.ALTERNATIVES, Cue.SUCH_AS, Cue.NOTE) for t in tokens[:n]
            )
            return n if named and quiet and n + 1 < len(tokens) else None
    return None


def _depths(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open at each token."""
    depth = 0
    result = []
    for token in tokens:
        if token.kind is Kind.OPEN:
            depth += 1
        result.append(depth)
        if token.kind is Kind.CLOSE:
            depth = max(0, depth - 1)
    return result


def _limits(subject: Sequence[Token], plain: PlainText) -> bool:
    """Whether a subject narrows whom the sentence concerns: it names a condition, a disease, a sex or a therapy."""
    for token in subject:
        if token.is_cue(Cue.IF, Cue.UNLESS, Cue.EXCEPT):
            return False
        if token.kind is Kind.CONCEPT:
            kinds = {c.partition(":")[0] for group in token.concepts for c in group}
            if kinds & {"cond", "disease", "drug", "class", "regimen", "gene", "antigen"}:
                return True
            if all(c in DETECTED for group in token.concepts for c in group):
                return True
    words = " ".join(t.text.lower() for t in subject)
    return bool(re.search(r"\b(?:females?|males?|women|men|woman|man|children|adults|donne|uomini)\b", words))


GROUP = re.compile(
    r"\b(?:other\b.*|patients?|subjects?|participants?|individuals?|persons?|people|those|recipients?|donors?|females?|males?"
    r"|wom[ae]n|m[ae]n|adults?|child(?:ren)?|pazienti|(?:tumou?rs|cancers|malignancies|types))\b",
    re.I,
)


def _of_the_tumour(subject: Sequence[Token]) -> bool:
    """``CD19 expression must be seen``, ``measurable disease must be present``: what is asked for, not of whom."""
    words = " ".join(t.text for t in subject)
    named = {c.partition(":")[0] for t in subject for g in t.concepts for c in g if c != "cond:measurable_disease"}
    states = any(t.is_cue(Cue.STATE) or ("cond:measurable_disease",) in t.concepts for t in subject)
    return (bool(named) or states) and named <= {"antigen", "hla", "gene"} and not GROUP.search(words)


def _allowed(unwanted: Grammar, wanted: Grammar, tokens: list[Token]) -> Expression | None:
    """``X is allowed`` says what X is; ``X is allowed if Y`` asks Y of those with X."""
    at = next(n for n, t in enumerate(tokens) if t.is_cue(Cue.PERMIT))
    condition_at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.IF, Cue.ONLY_IF)), None)
    if condition_at is not None and condition_at > at:
        subject = unwanted.read(tokens[:at])
        condition = wanted.read(tokens[condition_at + 1 :])
        if subject is not None and condition is not None:
            return If(subject, condition)
        return None
    return unwanted.read([t for t in tokens if not t.is_cue(Cue.PERMIT, Cue.REQUIRE)])


def denied(expression: Expression) -> Expression:
    """The complement, without a double negation."""
    return expression.item if isinstance(expression, Not) else Not(expression)
