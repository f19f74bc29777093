"""Treatments: regimens and drugs of the past, current medicines, procedures, vaccines."""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Interval, Source
from cartella.patients.context import Context, Given, above, below
from cartella.patients.cues import pattern
from cartella.patients.numbers import written_numbers
from cartella.patients.phrases import Finding, Polarity, read_text
from cartella.patients.statements import Standing, Statement, Topic
from cartella.patients.terms import find_terms
from cartella.patients.unknown_medicines import (
    INVESTIGATIONAL,
    STUDY,
    TREATMENTS,
    keep_unknown,
    unknown_parts,
)
from cartella.patients.wording import mark

STEROIDS = "class:systemic_corticosteroid"
_TOPICAL = re.compile(
    r"\b(?:topical\w*|inhal\w+|nasal|intranasal|eye|ophthalm\w+|drops?|cream|ointment|gel|lotion"
    r"|enema|intravitreal|cutaneous|topic[oaie]|inalator\w+|collirio"
    r"|crema|pomata|per via inalatoria|spray|intra-?articular)\b",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"\b(?:line|linea|lines|linee)\s*(?:no\.?|n\.?|number)?\s*(?P<n>\d{1,2})(?:\s*(?:-|to|and|e)\s*(?P<m>\d{1,2}))?"
    r"|\b(?P<ord>\d{1,2})(?:st|nd|rd|th|a|ª|°)?[- ](?:line|linea)\b"
    r"|\b(?P<word>first|second|third|fourth|fifth|sixth|prima|seconda|terza|quarta|quinta|sesta)[- ](?:line|linea)\b",
    re.IGNORECASE,
)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        ("first prima", "second seconda", "third terza", "fourth quarta", "fifth quinta", "sixth sesta"), start=1
    )
    for word in words.split()
}
_NOTES: tuple[tuple[str, str], ...] = (
    (
        "refractory",
        r"(?<!not )(?<!non-)refractory|refrattari\w+|resistan(?:t|ce)|primary progression"
        r"|no response|failed|failure|nessuna risposta",
    ),
    ("progressed", r"progress(?:ed|ion|ive disease)|progression\w*|\bPD\b|progredit\w+|progressione"),
    (
        "intolerant",
        r"intoleran\w+|intolleran\w+|discontinued (?:for|due to|because of) (?:toxicity|adverse)"
        r"|stopped (?:for|due to) toxicity|tossicit\w+",
    ),
    (
        "complete_response",
        r"complete (?:metabolic )?(?:response|remission)|\bs?CR\b|\bCMR\b|risposta completa"
        r"|remissione completa",
    ),
    ("partial_response", r"partial (?:response|remission)|\b(?:VG)?PR\b|risposta parziale"),
    ("stable_disease", r"stable disease|\bSD\b|malattia stabile"),
    ("relapsed", r"relaps\w+|recidiv\w+"),
    ("maintenance", r"maintenance|mantenimento"),
    ("adjuvant", r"(?<!neo)(?<!neo-)adjuvant|(?<!neo)adiuvante"),
    ("neoadjuvant", r"neo-?adjuvant|neoadiuvante"),
    ("bridging", r"bridg\w+|terapia ponte"),
    ("lymphodepletion", r"lymphodeplet\w+|linfodeple\w+"),
    ("conditioning", r"conditioning|condizionamento"),
    ("consolidation", r"consolidation|consolidamento"),
    ("intrathecal", r"intrathecal|intratecale"),
)
_NOTE_PATTERNS = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _NOTES)
_NOTHING = re.compile(
    r"^\s*(?:none|nil|no (?:other |current |regular |concomitant )*(?:medications?|medicines?"
    r"|drugs?|therap(?:y|ies)|treatments?)|nothing|nessun[oa]?(?: farmac\w+| terapia.*)?"
    r"|non assume farmaci)\s*\.?\s*$",
    re.IGNORECASE,
)
_DOSE_UNIT = re.compile(r"^(?P<mass>mg|g|mcg|µg|ug)(?P<kg>/kg)?(?P<day>/d(?:ay|ie)?)?$", re.IGNORECASE)
_FREQUENCY: tuple[tuple[Fraction, str], ...] = (
    (
        Fraction(3),
        r"three times (?:a |per )?da(?:y|ily)|t\.?i\.?d\.?|3\s?x\s?/?\s?d|every 8 h\w*"
        r"|tre volte al (?:giorno|d[iì])|ogni 8 ore",
    ),
    (
        Fraction(2),
        r"twice (?:a |per )?da(?:y|ily)|b\.?i\.?d\.?|2\s?x\s?/?\s?d|every 12 h\w*"
        r"|due volte al (?:giorno|d[iì])|ogni 12 ore",
    ),
    (Fraction(4), r"four times (?:a |per )?da(?:y|ily)|q\.?i\.?d\.?|every 6 h\w*|quattro volte al giorno|ogni 6 ore"),
    (Fraction(1, 2), r"every (?:other|second) day|alternate days|on alternate days|a giorni alterni|qod"),
    (Fraction(1, 7), r"(?:once )?(?:weekly|a week|per week)|every week|(?:alla|a) settimana|settimanale|/week|qw"),
    (
        Fraction(1),
        r"daily|(?:a|per|each|every|once a) day|/d(?:ay|ie)?\b|\bdie\b|al (?:giorno|d[iì])|q\.?d\.?"
        r"|o\.?d\.?|once daily|in the morning|al mattino|ogni giorno|quotidian\w+",
    ),
)
_FREQUENCIES = tuple((times, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for times, words in _FREQUENCY)


def read_medication(context: Context, statement: Statement) -> bool:
    """A regimen of the past or a medicine taken now."""
    if statement.standing is Standing.NOT_DONE:
        context.ignored(statement, "not_done")
        return True
    if statement.standing is Standing.PLANNED or _future(context, statement):
        context.ignored(statement, "planned")
        return True
    if _NOTHING.match(statement.name):
        context.draft.declare("medication", statement.path, "nothing_taken")
        return True
    name = f"{statement.name} {statement.value}".strip()
    findings = read_text(statement.name, context.day, TREATMENTS)
    denied = [finding for finding in findings if finding.polarity is Polarity.DENIED]
    for finding in denied:
        _not_taken(context, statement, finding)
    for finding in findings:
        if finding.polarity in {Polarity.DOUBTFUL, Polarity.PLANNED}:
            context.ignored(
                statement,
                "planned" if finding.polarity is Polarity.PLANNED else "doubtful",
                name=mark(finding.term.concept),
            )
    stated = [finding for finding in findings if finding.polarity in {Polarity.STATED, Polarity.OTHER, Polarity.FAMILY}]
    if findings and not stated:
        return True
    give(context, statement, name, stated, coded=_coded(statement))
    return True


def _coded(statement: Statement) -> tuple[str, ...]:
    house = knowledge()
    return tuple(
        concept
        for system, code in statement.codes
        for concept in house.by_code(system, code)
        if concept.split(":", 1)[0] in TREATMENTS
    )


def _future(context: Context, statement: Statement) -> bool:
    return statement.start is not None and statement.start.low is not None and statement.start.low > context.day


def _not_taken(context: Context, statement: Statement, finding: Finding) -> None:
    """ "no immunosuppression since D": what ended by D; without a date, only that it is not taken now."""
    concept = finding.term.concept
    ended = finding.since or finding.last
    if ended is not None:
        context.draft.event(
            concept,
            above(concept),
            context.source(statement, derived="not taken any more since"),
            last=Interval(None, ended.high),
            traits={"current": False},
        )
        context.used(statement, "stopped_since", name=mark(concept))
    else:
        context.used(statement, "not_taken", name=mark(concept))
    if concept in above("class:corticosteroid") | {STEROIDS, "class:corticosteroid"}:
        context.draft.measure("steroid_dose", Interval.exactly(0), context.source(statement))


def deny_treatments(context: Context, statement: Statement) -> bool:
    """``radiotherapy`` among what is absent: it was never given, in any of its kinds."""
    named = {term.concept for term in find_terms(statement.name, TREATMENTS) if len(term.concepts) == 1}
    for concept in sorted(named):
        context.draft.absence(concept, below(concept), context.source(statement))
        context.used(statement, "absent", name=mark(concept))
        if above(concept) & {STEROIDS} or concept == "class:corticosteroid":
            context.draft.measure("steroid_dose", Interval.exactly(0), context.source(statement))
    return bool(named)


def is_current(context: Context, statement: Statement) -> bool:
    """Whether a medicine is taken on the reference day."""
    if statement.standing is Standing.PAST:
        return False
    if statement.end is not None and statement.end.high is not None and statement.end.high < context.day:
        return False
    return statement.standing is Standing.ACTIVE or (statement.topic is Topic.MEDICATION and statement.start is None)


def give(
    context: Context,
    statement: Statement,
    name: str,
    findings: list[Finding],
    coded: tuple[str, ...] = (),
) -> None:
    """Store what was given: one event for each drug, class or regimen named, and one for what is not known."""
    current = is_current(context, statement)
    last = _last(context, statement, current)
    notes = "; ".join(statement.notes)
    traits = treatment_traits(f"{statement.name}; {notes}")
    lines = lines_named(f"{statement.name}; {notes}")
    traits["current"] = current
    for number, word in enumerate(("first_line", "second_line", "third_line"), start=1):
        if lines:
            traits[word] = number in lines
    source = context.source(statement, day=last)
    concepts = list(dict.fromkeys([*(f.term.concept for f in findings), *coded]))
    concepts = [c for c in concepts if not _subsumed(c, concepts)]
    words = f"{statement.name}; {notes}"
    studied = above("class:investigational_agent") if STUDY.search(words) else frozenset[str]()
    tested = studied if INVESTIGATIONAL.search(words) else frozenset[str]()
    if studied:
        trial = "cond:participation_other_trial"
        # not told in full: there may have been other trials, of no medicine
        context.draft.event(f"trial:{statement.path}", above(trial), source, last=last, traits={"current": current})
    for concept in concepts:
        certain, possible = above(concept) | tested, studied
        if concept.startswith("class:"):
            possible = studied | below(concept)
            if concept == "class:chemotherapy":
                possible |= below("class:corticosteroid")
        if _TOPICAL.search(name):
            certain = _topical(certain)
        counted = name.lower() if concept in {"class:chemotherapy", "class:systemic_therapy"} else concept
        context.draft.event(counted, certain, source, may_be=possible, last=last, traits=traits)
    unknown = unknown_parts(statement.name, coded)
    for part in unknown:
        keep_unknown(context, statement, part, current, source, last, traits, tested)
    if concepts:
        context.used(
            statement,
            "taken_now" if current else "given",
            name=", ".join(mark(c) for c in concepts),
            lines=", ".join(map(str, sorted(lines))) or "-",
        )
    _note_refractory(context, traits, concepts, source)
    systemic = any("class:systemic_therapy" in above(c) for c in concepts) or (not concepts and not current)
    context.given.append(
        Given(
            statement.path,
            statement.name,
            tuple(concepts),
            frozenset(lines),
            statement.start,
            statement.end,
            current,
            systemic,
        )
    )
    if current:
        _dose(context, statement, name, concepts, source)


def _topical(concepts: frozenset[str]) -> frozenset[str]:
    """What a medicine is that acts where it is put: no class that means the whole body."""
    if "class:corticosteroid" in concepts:
        return concepts - {STEROIDS} | {"class:topical_inhaled_corticosteroid"}
    return frozenset(c for c in concepts if c.startswith("drug:")) | {"class:medication", "class:treatment"}


def _subsumed(concept: str, concepts: list[str]) -> bool:
    """A class beside one of its own kinds is the same treatment ("induction chemotherapy (COJEC)")."""
    return concept.startswith("class:") and any(other != concept and concept in above(other) for other in concepts)


def _last(context: Context, statement: Statement, current: bool) -> Interval:
    if current:
        return Interval.exactly(context.day)
    begun = statement.start.low if statement.start is not None else None
    if statement.end is not None and statement.end.high is not None:
        low = statement.end.low
        if begun is not None and low is not None:
            low = max(low, begun)
        return Interval(min(low, context.day) if low is not None else None, min(statement.end.high, context.day))
    return Interval(begun, context.day)


def treatment_traits(text: str) -> dict[str, bool]:
    """Response and purpose of a treatment, from its notes."""
    traits = {name: True for name, words in _NOTE_PATTERNS if words.search(text)}
    if re.search(r"\bnot refractory|non[- ]refractory|non refrattari", text, re.IGNORECASE):
        traits["refractory"] = False
    if traits.get("refractory") is True:
        traits["progressed"] = traits.get("progressed", True)
    return traits


def lines_named(text: str) -> set[int]:
    """The numbers of the lines of therapy that a note names."""
    found: set[int] = set()
    for match in _LINE.finditer(text):
        if match["word"]:
            found.add(_ORDINALS[match["word"].lower()])
        elif match["ord"]:
            found.add(int(match["ord"]))
        else:
            found |= set(range(int(match["n"]), int(match["m"] or match["n"]) + 1))
    return {line for line in found if 0 < line < 30}


def _note_refractory(context: Context, traits: dict[str, bool], concepts: list[str], source: Source) -> None:
    if traits.get("refractory") is True:
        for concept in concepts:
            context.refractory_to.setdefault(concept, source)


def _dose(context: Context, statement: Statement, name: str, concepts: list[str], source: Source) -> None:
    """The daily dose of a systemic steroid, in prednisone-equivalents."""
    house = knowledge()
    steroids = [c for c in concepts if STEROIDS in above(c)]
    if not steroids or _TOPICAL.search(name):
        return
    factor = house.steroid_factor(steroids[0]) if len(steroids) == 1 else None
    daily = daily_milligrams(context, statement, name)
    if factor is None or daily is None:
        context.undosed.append(source)
        context.ambiguous(statement, "steroid_without_dose", name=mark(steroids[0]))
        return
    equivalent = daily * factor * SCALE
    derived = None if factor == 1 else f"{mark(steroids[0])} x {factor}"
    context.doses.setdefault(steroids[0], []).append(
        (round(equivalent), Source(source.path, source.words, source.day, derived))
    )


def daily_milligrams(context: Context, statement: Statement, text: str) -> Fraction | None:
    """The dose in mg per day that a text states; None when it states none or one that cannot be converted."""
    for number in written_numbers(text):
        unit = _DOSE_UNIT.match(number.unit)
        if unit is None or number.comparator:
            continue
        value = number.value * {"g": 1000, "mg": 1}.get(unit["mass"].lower(), Fraction(1, 1000))
        if unit["kg"]:
            weights = context.draft.measures.get("lab:weight")
            if not weights or weights[-1].value.low is None:
                return None
            value *= Fraction(weights[-1].value.low, SCALE)
        if unit["day"]:
            return value
        for times, words in _FREQUENCIES:
            if words.search(text[number.start :]):
                return value * times
        context.assumed(statement, "dose_assumed_daily")
        return value
    return None


def read_vaccine(context: Context, statement: Statement) -> bool:
    """A vaccination: live, not live, or not known."""
    if statement.standing is Standing.NOT_DONE or _future(context, statement):
        context.ignored(statement, "not_done")
        return True
    house = knowledge()
    terms = [t for t in find_terms(statement.name, TREATMENTS) if "class:vaccine" in above(t.concept)]
    concept = next((t.concept for t in terms if t.concept != "class:vaccine"), "class:vaccine")
    possible = below(concept) if concept == "class:vaccine" else frozenset[str]()
    source = context.source(statement)
    context.draft.event(concept, above(concept), source, may_be=possible, last=_last(context, statement, False))
    context.used(statement, "given", name=house.label(concept, "en"), lines="-")
    return True


def is_planned(text: str) -> bool:
    """Whether a text speaks of what is only planned."""
    return bool(pattern("planned").search(text))
