"""What readers of events share: traits and times beside a concept, and which list of a record settles its absence."""

from __future__ import annotations

import re
from dataclasses import replace

from cartella.knowledge import OTHER, knowledge
from cartella.logic import (
    SCALE,
    And,
    Expression,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Presence,
    Span,
    Unread,
    Window,
)
from cartella.reading.clause import KINDS_OF_THERAPY, Clause, conjunction, disjunction, either_reading, kind_of
from cartella.reading.cues import Cue
from cartella.reading.times import Time
from cartella.reading.tokens import Kind, Token

PROCEDURES = ("class:surgery", "class:transplant_procedure", "class:radiotherapy", "class:local_therapy")
MEDICINES = (
    "class:immunosuppressant", "class:corticosteroid", "class:anticoagulant", "class:antiplatelet", "class:antiviral",
    "class:antifungal", "class:antiepileptic", "class:growth_factor", "class:cyp3a_strong_inhibitor",
    "class:cyp3a_inhibitor", "class:cyp3a_inducer", "class:hormone_replacement", "class:antithyroid",
)  # fmt: skip

TRIAL = "cond:participation_other_trial"
"""Without a time or a word of the past: a trial that goes on."""
TOOK_PART = re.compile(r"\b(?:prior|previous(?:ly)?|history|past|participated|earlier|been)\b", re.I)
UNTIMED = frozenset({"cond:pregnancy", "cond:breastfeeding", "cond:childbearing_potential", "cond:contraception"})
"""A test "within 7 days" dates the test, not what it looks for."""


def register_of(concept: str) -> str | None:
    """The list of a record that, when complete, settles that `concept` was never given."""
    if concept in ("cond:organ_transplant", "cond:dialysis"):
        return "procedure"
    if kind_of(concept) not in ("drug", "class", "regimen"):
        return None
    above = knowledge().ancestors(concept)
    if "class:vaccine" in above:
        return None  # a list of cancer treatments does not list vaccines
    if any(p in above for p in PROCEDURES):
        return "procedure"
    if any(m in above for m in MEDICINES) and "class:anticancer_agent" not in above:
        return "medication"
    return "therapy"


def events(clause: Clause, token: Token, position: int, traits: frozenset[str] = frozenset()) -> Expression:
    """The presence of what `token` names, with the traits and the time that stand in its clause.

    A token of several concepts is a list: any of them where the clause says what excludes, else as its own
    connectives say. A concept with several candidates is settled only where all candidates agree.
    """
    time = time_of(clause, position)
    told = traits_of(clause)
    # "active autoimmune disease requiring steroids": it is the illness that is active
    stated = traits if _is_therapy(token) and any(_is_illness(t) for t in clause.tokens) else traits | told
    return disjunction([_of_all(clause, token, chosen, time, position) for chosen in _choices(stated)])


def _choices(traits: frozenset[str]) -> list[frozenset[str]]:
    """``active or uncontrolled``: each way to choose one of the traits that are alternatives."""
    choices = [frozenset(t for t in traits if "|" not in t)]
    for trait in sorted(t for t in traits if "|" in t):
        choices = [chosen | {each} for chosen in choices for each in trait.split("|")]
    return choices


def _of_all(clause: Clause, token: Token, traits: frozenset[str], time: Time | None, position: int) -> Expression:
    items = [_candidates(clause, group, traits, time, position) for group in token.concepts]
    if len(items) == 1:
        return items[0]
    if all(isinstance(item, Not) for item in items):
        # "4 weeks since A or B": neither within that time
        return conjunction(items)
    if token.join == "or" or clause.unwanted or (not token.join and clause.unwanted):
        return disjunction(items)
    if token.join in ("and", ""):
        return conjunction(items)
    return either_reading(conjunction(items), disjunction(items), clause.span(position))


def _is_therapy(token: Token) -> bool:
    return all(kind_of(c) in KINDS_OF_THERAPY for group in token.concepts for c in group)


def _is_illness(token: Token) -> bool:
    return any(kind_of(c) == "cond" for group in token.concepts for c in group)


def _candidates(
    clause: Clause, group: tuple[str, ...], traits: frozenset[str], time: Time | None, at: int
) -> Expression:
    if OTHER in group:
        return Opaque(Unread.NOT_UNDERSTOOD, clause.span(at))
    read = [one_event(clause, concept, traits, time, at) for concept in group]
    result = read[0]
    for other in read[1:]:
        result = either_reading(result, other, clause.span(at))
    return result


def one_event(clause: Clause, concept: str, traits: frozenset[str], time: Time | None, at: int) -> Expression:
    """One concept: present within the time, or, where the time asks for a distance, not present within it."""
    if time is not None and time.alternative is not None:
        second = replace(time, window=time.alternative, alternative=None)
        first = replace(time, alternative=None)
        return either_reading(
            one_event(clause, concept, traits, first, at),
            one_event(clause, concept, traits, second, at),
            clause.span(at),
        )
    span = clause.span(at)
    register = register_of(concept)
    if time is None or concept in UNTIMED:
        once = Presence(concept, traits, None, register, span)
        if time is None and register is not None and (is_current(clause) or _is_taken(clause, register)):
            once = Presence(concept, traits, Window(at_most=Period(0, PeriodUnit.DAY)), register, span)
        if concept == TRIAL and not TOOK_PART.search(clause.words()):
            return replace(once, window=Window(at_most=Period(0, PeriodUnit.DAY)))
        return _with_steroids(once, once.window, span) if concept == "class:immunosuppressant" else once
    far = not time.recent or (not clause.unwanted and bool(STOPPED.search(clause.words())))
    if time.washout:
        lately = Presence(concept, traits, Window(at_most=time.window.at_most, at_most_strict=True), register, span)
        return lately if clause.unwanted else Not(lately, span)
    if far and not time.recent and ((clause.unwanted and not clause.negated) or "!active" in traits):
        return Presence(concept, traits, time.window, register, span)
    window: Window | None = time.window
    if far and time.window.at_least is not None:
        window = Window(at_most=time.window.at_least, at_most_strict=not time.window.at_least_strict)
    elif far:
        window = Window(at_most=time.window.at_most, at_most_strict=True)
    plain = Presence(concept, traits, window, register, span)
    near: Expression = plain
    doubt = Opaque(Unread.NOT_UNDERSTOOD, span)
    # an operation has no half-life
    half_lives = None if register == "procedure" and time.half_lives != "only" else time.half_lives
    if half_lives is not None:
        near = _with_half_lives(plain, half_lives, time.lives)
    if time.doubtful:
        near = Or((near, And((Presence(concept, traits, None, register, span), doubt))))
    if concept == "class:immunosuppressant":
        near = _with_steroids(near, window, span)
    # "must not have had X for at least a week": the negation is applied by the clause
    return Not(near, span) if far and not clause.negated else near


def _with_half_lives(near: Presence, rule: str, number: int) -> Expression:
    """Within a time or so many half-lives: the shorter or the longer of both, or the half-lives alone.

    Where the text does not say which, whoever is within the time but beyond the half-lives stays open.
    """
    doubt = Opaque(Unread.NOT_UNDERSTOOD, near.span)
    counted = near.traits | {f"within_{number}_half_lives"} if number in COUNTED else None
    over = ALL_HALF_LIVES if near.register == "therapy" else None
    whole = replace(near, window=over)
    lives = replace(whole, traits=counted) if counted is not None else And((whole, doubt))
    if rule == "only":
        return lives
    if rule == "longer":
        return Or((near, lives))
    both = replace(near, traits=counted) if counted is not None else And((near, doubt))
    return both if rule == "shorter" or counted is None else And((near, Or((both, doubt))))


ALL_HALF_LIVES = Window(at_most=Period(1, PeriodUnit.YEAR))
"""No medicine against cancer has half-lives of which ten are more than a year (the longest, of antibodies: a month)."""
COUNTED = (2, 3, 4, 5)
"""The numbers of half-lives of which records know whether they have passed (`cartella.patients.half_lives`)."""
STOPPED = re.compile(
    r"\b(?:stop(?:ped)?|discontinu\w+|complet(?:ed|ion)|ceas\w+|withheld|elapsed?|passed|washed[\s-]*out|washout|tapered"
    r"|off)\b",
    re.I,
)


def _with_steroids(expression: Expression, window: Window | None, span: Span) -> Expression:
    """A steroid above 10 mg of prednisone a day suppresses immunity; whether less counts is for the trial to judge.

    Limit: the dose that most trials allow (10 mg in about 80 of 139 texts that name one).
    """
    steroid = Presence("class:systemic_corticosteroid", frozenset(), window, "medication", span)
    high = Number("steroid_dose", Operator.GREATER, 10 * SCALE, span)
    return Or((expression, And((steroid, Or((high, Opaque(Unread.JUDGEMENT, span)))))))


CURRENT = re.compile(
    r"\b(?:current(?:ly)?|receiving|concurrent(?:ly)?|concomitant(?:ly)?|ongoing|taking|use\s+of|using"
    r"|require[sd]?|requiring|need(?:s|ing)?|dependen\w+|continuous|chronic|in\s+corso|attuale|on)\b",
    re.I,
)
NOW = re.compile(r"\b(?:concurrent(?:ly)?|concomitant(?:ly)?|currently\s+(?:receiv|tak|us|on)\w*|ongoing)\b", re.I)
EARLIER = re.compile(
    r"\b(?:prior|previous(?:ly)?|history|past|received|receipt|had|underwent|undergone|treated|ever|after"
    r"|following|exposure|exposed|failed|refractory|relapsed|progressed|or\s+have)\b",
    re.I,
)


def is_current(clause: Clause) -> bool:
    """Whether a clause speaks of what is taken now: "receiving", "requires", without a word of the past."""
    words = clause.words()
    return bool(NOW.search(words)) or (bool(CURRENT.search(words)) and not EARLIER.search(words))


def _is_taken(clause: Clause, register: str) -> bool:
    """``Systemic steroids`` alone among exclusions: nobody means those of years ago."""
    judged = any(t.is_cue(Cue.JUDGEMENT) for t in clause.tokens)
    return register == "medication" and clause.excluding and not judged and not EARLIER.search(clause.words())


def time_of(clause: Clause, position: int) -> Time | None:
    """The time that belongs to the concept at `position`; a time between two events belongs to neither."""
    for n, token in enumerate(clause.tokens):
        if token.kind is not Kind.TIME or token.time is None:
            continue
        if token.time.open_end and n > position:
            # "relapse within 12 months of transplant" is a relation between two events
            continue
        if token.time.open_end and any(_is_event(t) for t in clause.tokens[:n]):
            continue
        settled = bool(token.time.recent or token.time.anchored or token.time.open_end)
        settled = settled or any(t.is_cue(Cue.TRAIT) and t.name == "resolved" for t in clause.tokens)
        words = clause.words()
        since = SINCE.search(words) or (STOPPED.search(words) and not clause.unwanted)
        if not settled and not since and not _is_all(clause, token.time):
            continue
        clause.claim(n)
        return replace(token.time, doubtful=True) if token.name == "doubtful" else token.time
    return None


def _is_all(clause: Clause, time: Time) -> bool:
    """``at least 6 weeks for bevacizumab``: a distance and a therapy, and nothing else."""
    return not time.recent and all(
        t.kind is Kind.TIME or t.is_cue(Cue.GLUE, Cue.REQUIRE) or (t.kind is Kind.CONCEPT and _is_therapy(t))
        for t in clause.tokens
    )


SINCE = re.compile(r"\b(?:since|elapsed|after|post|from|washout|off|prior|before)\b", re.I)


def _is_event(token: Token) -> bool:
    """Something that happened, to which a time may belong; a diagnosis is no such thing."""
    return token.is_cue(Cue.STATE) or any(not c.startswith(("disease:", "lab:age")) for g in token.concepts for c in g)


def traits_of(clause: Clause) -> frozenset[str]:
    """The traits named in the clause; they are carried by every event that is read from it."""
    found = set()
    for n, token in enumerate(clause.tokens):
        if token.is_cue(Cue.TRAIT):
            found.add("!active" if token.name == "resolved" else token.name)
            clause.used.add(n)
    return frozenset(found)
