"""Sentences of an item, and what each sentence does: ask, exclude, allow, or explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, If, Not, Opaque, Or, Unread
from cartella.reading import allergies, judged, other_cancers, reproduction, toxicity
from cartella.reading.cases import case_of, instead_of, lifted, with_alternative
from cartella.reading.clause import AGE, Clause, opaque
from cartella.reading.concepts.condition import DETECTED
from cartella.reading.cues import Cue
from cartella.reading.exceptions import REPLACEMENT, STEROIDS, replacement_dose
from cartella.reading.grammar import Grammar
from cartella.reading.other_trials import of_now_or_before
from cartella.reading.passing import needs_as_traits, without_objects
from cartella.reading.phrases import depths_of, family
from cartella.reading.remarks import ONLY_TESTED, asks_nothing, says_again
from cartella.reading.roles import COUNTING, EXCEPTION, Role, denies_an_illness, is_kept_out, kept_out_at, role_of
from cartella.reading.tables import read_rows
from cartella.reading.text import PlainText
from cartella.reading.times import find_times
from cartella.reading.tokens import Kind, Token, tokenise
from cartella.trials.criteria import Section

ABOUT_PEOPLE = re.compile(
    r"^\W*(?:o\s+)?(?:note:?\s*)?(?:however,?\s*)?(?:all\s+|the\s+|any\s+|eligible\s+|such\s+|those\s*"
    r"|adult\s+)*(?:patients?|subjects?|participants?|individuals?|those|recipients?|persons?|he|she|they)\b",
    re.I,
)


STOPPED = re.compile(
    r"\b(?:stop(?:ped)?|discontinu\w+|complet(?:ed|ion)|ceas\w+|withheld|elapsed|washed[\s-]*out|washout|tapered)\b",
    re.I,
)
"""What is asked of a treatment, where the treatment is the subject; people are "off" one."""
TO_COME = re.compile(r"^\W*(?:the\s+)?(?:development|occurrence|onset|appearance|emergence)\s+of\b", re.I)
BECAUSE = re.compile(
    r"[,;]?\s+(?:because(?!\s+of)|because\s+of\s+(?:the\s+|its\s+|their\s+)?(?:potential\w*|unknown|possible"
    r"|risks?|danger\w*)|in\s+order\s+to|since\s+(?:there|it|these|this\s+(?:may|is|could))|as\s+(?:there\s+is"
    r"|there\s+are|this\s+may|these\s+may|the\s+(?:effects|risks?|safety)|(?:the|this|these|such)\s+(?:[\w-]+\s+){1,8}(?:will|may|might|could|would)\s+"
    r"(?:pose|increase|lead|cause|interfere|affect|result|compromise)))\b",
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands in the plain text, what it does, and what it says the patient has."""

    start: int
    end: int
    role: Role
    expression: Expression | None
    about_people: bool = False
    tokens: tuple[Token, ...] = ()


LABEL = re.compile(
    r"^\W*(?:(?:PRIOR CONCURRENT THERAPY|PATIENT CHARACTERISTICS"
    r"|DISEASE CHARACTERISTICS)\s*:\s*)?(?:Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery"
    r"|Other|Menopausal status|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Hormone receptor status)\s*:\s*(?=\S)"
    r"|^\W*(?:PRIOR CONCURRENT THERAPY|PATIENT CHARACTERISTICS|DISEASE CHARACTERISTICS)\s*:\s*(?=\S)"
)


OF_TREATMENT = re.compile(r"^\W*(?:Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery)\s*:", re.I)


def _is_subject(label: re.Match[str], text: str) -> bool:
    """``Chemotherapy: should be stopped 1 week before``: the label is what is spoken of."""
    rest = text[label.end() :]
    if not OF_TREATMENT.match(text) or not find_times(rest):
        return False
    named = [c for m in knowledge().lexicon.find(rest) for c in m.concepts]
    return not any(c.startswith(("drug:", "class:", "regimen:")) for c in named) or rest.lower().startswith("should")


def read_sentences(plain: PlainText, places: Sequence[tuple[int, int]], section: Section) -> list[Sentence]:
    """The sentences of one criterion. One that only gives another limit in another case is part of the one before."""
    whole = plain.text[places[0][0] : places[-1][1]] if places else ""
    special = bool(OF_A_COHORT.search(whole))
    result: list[Sentence] = []
    for n, (start, end) in enumerate(places):
        again = n > 0 and says_again(plain.text[start:end], plain.text[places[0][0] : start])
        if again or (result and _goes_on(result, plain, start, end)):
            result.append(Sentence(start, end, Role.EXPLAINS, None))
            continue
        sentence = read_sentence(plain, start, end, section, first=n == 0, of_a_cohort=special)
        joined = _as_other_case(plain, sentence, result) if section is not Section.EXCLUSION else None
        if joined is None:
            result.append(sentence)
        else:
            at, expression = joined
            result[at] = replace(result[at], expression=expression)
            result[-1] = replace(result[-1], end=end)
    return result


INCLUDES = re.compile(r"^\W*(?:these|examples|such\s+\w+)\s+(?:include|are)\b", re.I)
SAYS_MORE = re.compile(r"\b(?:must|should|shall|eligible|excluded|allowed|permitted|agree|may|exceptions?)\b", re.I)


def _goes_on(before: Sequence[Sentence], plain: PlainText, start: int, end: int) -> bool:
    """``These include A; B; and C``: the list of examples goes on behind the semicolon."""
    if before[-1].role is not Role.EXPLAINS or not plain.text[before[-1].start : start].rstrip().endswith(";"):
        return False
    first = next((s for s in reversed(before) if INCLUDES.match(plain.text[s.start : s.end])), None)
    listed = first is not None and all(s.role is Role.EXPLAINS for s in before[before.index(first) :])
    return listed and plain.text[start].islower() and not SAYS_MORE.search(plain.text[start:end])


REACH = 12
"""So many sentences back may the limit stand that another case is told of; text without end stays quick to read."""


def _as_other_case(plain: PlainText, sentence: Sentence, before: Sequence[Sentence]) -> tuple[int, Expression] | None:
    """``... <= 3 x ULN; <= 5 x ULN if the liver is involved``: which sentence it belongs to, and its meaning now."""
    grammar = Grammar(plain, False)
    for at in range(len(before) - 1, max(-1, len(before) - 1 - REACH), -1):
        rule = before[at]
        if rule.role is not Role.ASKS or rule.expression is None or sentence.role is Role.EXCLUDES:
            continue
        other = instead_of(sentence.tokens, rule.tokens)
        if (
            other is not None
            and (read := grammar.read([t for t in other.other if not t.is_cue(Cue.REQUIRE)])) is not None
        ):
            expression = with_alternative(rule.expression, other.quantities, read)
            if expression is not None:
                return at, expression
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
    if told and not FOR_THIS_REASON.match(text) and len(re.findall(r"\w+", text[: told.start()])) > 1:
        text = text[: told.start()]
    label = LABEL.match(text) or EXCEPTION.match(text)
    if section is not Section.EXCLUSION and (rows := read_rows(text, start, plain)) is not None:
        return Sentence(start, end, Role.ASKS, rows)
    if asks_nothing(text):
        return Sentence(start, end, Role.EXPLAINS, None)
    if ONLY_TESTED.match(text):
        return Sentence(start, end, Role.ASKS, And(()))
    if section is not Section.EXCLUSION and judged.FUNCTION.match(text):
        return Sentence(start, end, Role.ASKS, Opaque(Unread.JUDGEMENT, plain.original(start, end)))
    if label and _is_subject(label, text):
        label = None
    begin = label.end() if label else 0
    tokens = needs_as_traits(without_objects(tokenise(text[begin:], start + begin, plain.named)))
    if COUNTING.match(text):
        return Sentence(start, end, Role.ASKS, And(()))
    role = role_of(text, tokens, section, first=first)
    people = bool(ABOUT_PEOPLE.match(text))
    if role in (Role.ASKS, Role.EXCLUDES) and other_cancers.is_about_it(text, tokens):
        rule = other_cancers.read(text, tokens, start, plain.original(start, end))
        return Sentence(start, end, Role.ASKS, rule, people)
    if role in (Role.ASKS, Role.EXCLUDES) and allergies.is_about_it(text, tokens):
        return Sentence(start, end, Role.ASKS, allergies.read(text, plain.original(start, end)), people)
    if role is not Role.ALLOWS and reproduction.is_about_it(text, tokens):
        if reproduction.only_explains(text, first=first):
            return Sentence(start, end, Role.EXPLAINS, None)
        return Sentence(start, end, Role.ASKS, reproduction.read(text, plain.original(start, end)), people)
    if role is Role.EXPLAINS:
        return Sentence(start, end, role, None)
    whole = Clause(tokens, plain, role is Role.EXCLUDES)
    on_terms = role is Role.ALLOWS and any(t.is_cue(Cue.IF, Cue.ONLY_IF) for t in tokens)
    if tokens and not on_terms and TO_COME.match(text):
        return Sentence(start, end, role, opaque(whole, tokens), people)
    if tokens and not on_terms and toxicity.TOXICITY.search(text):
        return Sentence(start, end, role, _of_toxicity(plain, tokens, role, section), people)
    expression = _expression(plain, tokens, role, section)
    if (
        role is Role.ALLOWS
        and REPLACEMENT.search(text)
        and any(c in STEROIDS for t in tokens for g in t.concepts for c in g)
    ):
        expression = replacement_dose(opaque(whole, tokens))
    if expression is None and tokens:
        expression = opaque(whole, tokens)
    if expression is not None:
        expression = judged.reached(expression, tokens, plain)
    if expression is not None and role is Role.ASKS and section is Section.EXCLUSION and denies_an_illness(tokens):
        # a slip of the text, or what is wanted said again: it lets in, and keeps nobody out
        expression = Or((expression, opaque(whole, tokens)))
    if expression is not None and role is not Role.ALLOWS and (of_a_cohort or OF_A_COHORT.search(text)):
        doubt = opaque(whole, tokens)
        expression = And((doubt, expression)) if role is Role.EXCLUDES else If(doubt, expression)
    elif expression is not None and role is Role.EXCLUDES and CONDUCT.search(text):
        # what must not be done in the study is no matter of the past
        expression = And((opaque(whole, tokens), expression))
    elif expression is not None and role is Role.EXCLUDES and TAKES_PART.search(text) and not of_now_or_before(text):
        expression = Or((expression, opaque(whole, tokens)))
    return Sentence(start, end, role, expression, people, tuple(tokens))


def _of_toxicity(plain: PlainText, tokens: list[Token], role: Role, section: Section) -> Expression:
    """A sentence about toxicity; what it says before that of the time since a treatment is read on its own."""
    at = toxicity.begins_at(tokens)
    rest = tokens[at + 1 :] if at is not None else tokens
    text = plain.text[rest[0].start : rest[-1].end].replace("\n", " ")
    span = plain.original(rest[0].start, rest[-1].end)
    if role is Role.ALLOWS:
        return _allowed_after_recovery(plain, tokens) or opaque(Clause(tokens, plain, False), tokens)
    told = toxicity.read(text, span, excludes=role is Role.EXCLUDES)
    first = _expression(plain, tokens[:at], role, section) if at is not None else None
    if first is None:
        return told
    return Or((first, told)) if role is Role.EXCLUDES else And((first, told))


def _allowed_after_recovery(plain: PlainText, tokens: list[Token]) -> Expression | None:
    """``Minor surgery within 3 weeks is allowed as long as toxicities have recovered``: asked of those who had it."""
    at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.IF, Cue.ONLY_IF)), None)
    if at is None or toxicity.TOXICITY.search(" ".join(t.text for t in tokens[:at])):
        return None
    subject = Grammar(plain, True).read([t for t in tokens[:at] if not t.is_cue(Cue.PERMIT, Cue.REQUIRE)])
    rest = tokens[at + 1 :]
    if subject is None or not rest:
        return None
    text = plain.text[rest[0].start : rest[-1].end].replace("\n", " ")
    return If(subject, toxicity.read(text, plain.original(rest[0].start, rest[-1].end), excludes=False))


def _expression(plain: PlainText, tokens: list[Token], role: Role, section: Section) -> Expression | None:
    unwanted = Grammar(plain, True)
    wanted = Grammar(plain, False)
    if role is Role.EXCLUDES:
        unwanted = Grammar(plain, True, excluding=True)
        kept_out = kept_out_at(tokens)
        if kept_out is not None and is_kept_out(tokens, section):
            tokens = tokens[:kept_out]
        depths = depths_of(tokens)
        return unwanted.read(
            [t for t, d in zip(tokens, depths, strict=True) if d or not t.is_cue(Cue.EXCLUDE, Cue.REQUIRE)]
        )
    if role is Role.ALLOWS:
        return _allowed(plain, tokens, section)
    if role is Role.EXCEPTS:
        return unwanted.read([t for t in tokens if not t.is_cue(Cue.PERMIT)])
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
    tokens = _without_label(tokens)
    depths = depths_of(tokens)
    split_at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.REQUIRE) and depths[n] == 0), None)
    if split_at:
        if tokens[split_at].text.lower() in IS_DEMANDED and (demanded := wanted.read(tokens[:split_at])) is not None:
            # "CD22 on the tumour is required": the subject itself; what follows says more of it
            more = [t for t in tokens[split_at + 1 :] if t.kind is not Kind.COMMA]
            return And((demanded, opaque(Clause(more, plain, False), more))) if more else demanded
        subject, predicate = _subject_and_predicate(tokens, split_at)
        if (
            _limits(subject, plain)
            and not _of_the_tumour(subject)
            and not _of_a_quantity(subject)
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


def _of_a_quantity(subject: Sequence[Token]) -> bool:
    """``function for chemotherapy: the neutrophil count must be ...``: the count is what is spoken of, not whom."""
    last = next((t for t in reversed(subject) if t.kind is Kind.CONCEPT), None)
    if last is None or last.concepts == AGE or any(c in DETECTED for g in last.concepts for c in g):
        return False
    return family(last) in ("lab", "scale")


IS_DEMANDED = frozenset({"is required", "are required", "is mandatory", "are mandatory"})
PEOPLE = frozenset({"patients", "subjects", "participants", "individuals", "those"})


def _subject_and_predicate(tokens: Sequence[Token], split_at: int) -> tuple[list[Token], list[Token]]:
    """``chronic hepatitis B, HBV DNA must be undetectable``: the test belongs to what is demanded."""
    subject, predicate = list(tokens[:split_at]), list(tokens[split_at + 1 :])
    comma = next((n for n in range(len(subject) - 1, 0, -1) if subject[n].kind is Kind.COMMA), None)
    if comma is None or not subject[comma + 1 :]:
        return subject, predicate
    tests = subject[comma + 1 :]
    if all(t.kind is Kind.CONCEPT and all(c in DETECTED for g in t.concepts for c in g) for t in tests):
        return subject[:comma], [*tests, *predicate]
    return subject, predicate


def _prefix(tokens: Sequence[Token]) -> int | None:
    """Whom a sentence concerns: ``CLL/SLL: active disease ...``, ``patients not on anticoagulants: INR ...``.

    Where the colon stands after words that name a disease, or people and their treatment, and no verb.
    """
    people = bool(tokens) and tokens[0].text.lower() in PEOPLE
    for n, token in enumerate(tokens[:14]):
        if token.kind is Kind.COLON:
            kinds = ("disease:", "drug:", "class:") if people else ("disease:",)
            named = any(c.startswith(kinds) for t in tokens[:n] for g in t.concepts for c in g)
            quiet = not any(
                t.is_cue(Cue.REQUIRE, Cue.ALL_OF, Cue.ALTERNATIVES, Cue.SUCH_AS, Cue.NOTE) for t in tokens[:n]
            )
            return n if named and quiet and n + 1 < len(tokens) else None
    return None


FUNCTION = re.compile(r"\b(?:function\w*|reserve|counts?|parameters?|values?|status|requirements?)\b", re.I)


def _without_label(tokens: list[Token]) -> list[Token]:
    """``Adequate marrow function for chemotherapy: neutrophils must be ...``: the limits say what is adequate."""
    for n, token in enumerate(tokens[:20]):
        if token.kind is Kind.COMPARISON or token.is_cue(Cue.REQUIRE, Cue.EXCEPT, Cue.UNLESS):
            return tokens
        if token.kind is Kind.COLON:
            rest = tokens[n + 1 :]
            limit = next((m for m, t in enumerate(rest) if t.kind is Kind.COMPARISON), 0)
            complete = any(family(t) in ("lab", "scale") for t in rest[:limit])
            return rest if complete and FUNCTION.search(" ".join(t.text for t in tokens[:n])) else tokens
    return tokens


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
    treatments = {"class", "drug", "regimen"} if any(t.is_cue(Cue.STATE) for t in subject) else set[str]()
    return (bool(named) or states) and named <= {"antigen", "hla", "gene"} | treatments and not GROUP.search(words)


def _allowed(plain: PlainText, tokens: list[Token], section: Section) -> Expression | None:
    """``X is allowed`` says what X is; ``X is allowed if Y`` asks Y of those with X."""
    unwanted, wanted = Grammar(plain, True), Grammar(plain, False)
    permits = [n for n, t in enumerate(tokens) if t.is_cue(Cue.PERMIT)]
    condition_at = next((n for n, t in enumerate(tokens) if t.is_cue(Cue.IF, Cue.ONLY_IF)), None)
    if condition_at is None or condition_at < permits[0]:
        # "patients with a lymphoma that has relapsed may enrol": who fits must fit in all of it
        asks = section is Section.INCLUSION and any(family(t) == "disease" for t in tokens[: permits[0]])
        grammar = wanted if asks else unwanted
        return grammar.read([t for t in tokens if not t.is_cue(Cue.PERMIT, Cue.REQUIRE)])
    before = [n for n in permits if n < condition_at]
    start = before[-2] + 1 if len(before) > 1 else 0  # "A are eligible, and B are eligible if ...": only B
    named = [t for t in tokens[start:condition_at] if not t.is_cue(Cue.PERMIT, Cue.REQUIRE)]
    asked = tokens[condition_at + 1 :]
    if not named or not asked:
        return None
    subject = unwanted.read(named) or unwanted.unread(named)
    told = None if toxicity.TOXICITY.search(" ".join(t.text for t in asked)) else wanted.read(asked)
    return If(subject, told or wanted.unread(asked))


def denied(expression: Expression) -> Expression:
    """The complement, without a double negation."""
    return expression.item if isinstance(expression, Not) else Not(expression)
