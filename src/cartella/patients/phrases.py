"""Reading a short text of a record: which concepts it names, and how each of them stands.

Deliberately shallow: segments between punctuation, names from the vocabulary, cues with a scope. What a cue speaks of
is decided by position: a cue beside a name speaks of it; a cue in a segment without a name speaks of the name before
it, or of the first one after it. A name under a cue of doubt, of the family, or of another context (vaccination,
screening, risk) never becomes a positive fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from cartella.knowledge import knowledge
from cartella.logic import Interval, Period, PeriodUnit
from cartella.patients.cues import GRADE, grade_number, pattern, status_patterns
from cartella.patients.dates import find_dates
from cartella.patients.terms import Term, find_terms

ALL_KINDS = frozenset(
    {"disease", "cond", "drug", "class", "regimen", "antigen", "gene", "lab", "scale", "state", "site"}
)


class Polarity(Enum):
    """Whether the text states a thing, denies it, doubts it, or speaks of something else."""

    STATED = "stated"
    DENIED = "denied"
    DOUBTFUL = "doubtful"
    FAMILY = "family"
    OTHER = "other"
    PLANNED = "planned"


@dataclass(slots=True)
class Finding:
    """A concept named in a text, with what the text says of it.

    `last` is the interval of days of its last activity where the text tells one; `since` the day it began. `attached`
    marks a disease that another name brings in ("involvement by the lymphoma"); `occurred` that `last` was told as a
    distance from now ("3 years ago", "in the last month").
    """

    term: Term
    polarity: Polarity = Polarity.STATED
    traits: dict[str, bool] = field(default_factory=dict)
    past: bool = False
    now: bool = False
    since: Interval | None = None
    last: Interval | None = None
    grade: int | None = None
    attached: bool = False
    occurred: bool = False


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    sentence: int


_POST_NEGATION = re.compile(
    r"^[\s:=(]*(?:(?:is|was|are|were|test(?:ing)?|serology|PCR|antigen|antibod(?:y|ies)|status"
    r"|infection|result|disease|has been|have been"
    r"|risulta|sierologia|esame|è|e')[\s:=]+){0,3}"
    r"(?:negative|absent|excluded|ruled out|not detected|undetected|not present|not found|none"
    r"|never|denied|nil|no|neg\.?|negativ[oaie]|assent[ei]|esclus[oaie]"
    r"|non rilevat[oaie]|nessun[oa]?|mai)(?![\w-])",
    re.IGNORECASE,
)
_PRE_NEGATION = re.compile(
    r"(?<![\w-])(?:no|not|non|never|without|w/o|absence of|negative for|denie[sd]|free of|nil"
    r"|no evidence of|no signs? of|no history of|neither|nor"
    r"|lack of|nessun[oa]?|nega|assenza di|senza|esclus[oaie]|mai|n[eé]|ruled out)(?!\w)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?P<n>\d+|a|an|one|two|three|four|five|six|un|una|due|tre|quattro|cinque|sei)\s+"
    r"(?P<unit>day|week|month|year|giorn|settiman|mes|ann)\w*\s+(?:ago|fa|earlier|prima)\b",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"(?:for|since|da|per)\s+(?:at least |over |more than |almeno |oltre |circa |about )?"
    r"(?P<n>\d+|a|an|one|two|three|four|five|six|un|una|due|tre|quattro|cinque|sei)\s+"
    r"(?P<unit>day|week|month|year|giorn|settiman|mes|ann)\w*",
    re.IGNORECASE,
)
_RECENT = re.compile(
    r"(?:in|within|during|over|nell|negli|nelle|entro)\s*(?:the|l['’]|gli|le|i)?\s*(?:last|past"
    r"|previous|ultim[oaie])\s+"
    r"(?:(?P<n>\d+|two|three|four|five|six|due|tre|quattro|cinque|sei)\s+)?(?P<unit>day|week"
    r"|month|year|giorn|settiman|mes|ann)\w*",
    re.IGNORECASE,
)
_WORDS = {
    **dict.fromkeys(("a", "an", "one", "un", "una"), 1),
    **dict.fromkeys(("two", "due"), 2),
    **dict.fromkeys(("three", "tre"), 3),
    **dict.fromkeys(("four", "quattro"), 4),
    **dict.fromkeys(("five", "cinque"), 5),
    **dict.fromkeys(("six", "sei"), 6),
}
_UNITS = {
    "day": PeriodUnit.DAY,
    "giorn": PeriodUnit.DAY,
    "week": PeriodUnit.WEEK,
    "settiman": PeriodUnit.WEEK,
    "month": PeriodUnit.MONTH,
    "mes": PeriodUnit.MONTH,
    "year": PeriodUnit.YEAR,
    "ann": PeriodUnit.YEAR,
}
_SINCE = re.compile(
    r"(?:since|from|da|dal|dall['’]|dalla|onset(?: in)?|diagnosed(?: in)?|insorgenza)\s*$", re.IGNORECASE
)
_SUBJECT_KINDS = frozenset({"cond", "disease", "state"})
_BY = re.compile(
    r"\b(?:by|of|from|in|due to|secondary to|da|del|della|dal|dalla|di)\s+(?:the\s+|a\s+)?$", re.IGNORECASE
)
_TREATMENT_KINDS = frozenset({"drug", "class", "regimen"})
_SEEN_ON = re.compile(
    r"\b(?:on|at|by|in|alla|all['’])\s+(?:the\s+)?(?:chest\s+|abdominal\s+|brain\s+|last\s+)?"
    r"(?:CT|MRI|PET(?:[-/ ]CT)?|TC|RM|ultrasound|echo\w*|imaging|scans?|x-?ray|biopsy|visit)\b(?:\s+(?:of|on|del|in))?",
    re.IGNORECASE,
)
"""How a thing was seen, or not seen: it does not belong to what was."""
_CONJUNCTION = re.compile(r",|\s+(?:and|e|ed|&)\s+|\s[-–—]\s|:|\(|\)", re.IGNORECASE)
_SENTENCE = re.compile(r"[;\n]|\.(?=\s|$)")


def read_text(text: str, reference_day: int, kinds: frozenset[str]) -> list[Finding]:
    """The concepts of `kinds` that a text names, in order, each with how it stands.

    Names that stand inside another context still come out, with their polarity: the caller decides what to report.
    """
    terms = find_terms(text, kinds)
    segments = _segments(text, terms)
    findings = [Finding(term) for term in terms]
    for position, finding in enumerate(findings):
        finding.attached = bool(
            position and finding.term.kind in {"disease", "site"} and _BY.search(text[: finding.term.start])
        )
    for index, segment in enumerate(segments):
        own = [finding for finding in findings if segment.start <= finding.term.start < segment.end]
        words = text[segment.start : segment.end]
        if own:
            _polarity(words, segment.start, own)
            _status(words, own, reference_day)
            before = [f for f in findings if f.term.start < segment.start and f.term.kind not in _TREATMENT_KINDS]
            before = [f for f in before if f.term.kind in _SUBJECT_KINDS] or before
            if before and all(f.term.kind in _TREATMENT_KINDS for f in own):
                # "seizures, controlled with levetiracetam": the status is that of the condition
                _read_status(words, before[-1], reference_day, timed=False)
        else:
            target = _neighbour(findings, segments, index)
            if target is not None:
                _aside(words, target, reference_day)
    _carry_negation(text, segments, findings)
    _carry_back(text, segments, findings)
    return findings


def unread_parts(text: str, *besides: re.Pattern[str]) -> list[str]:
    """The pieces of a text in which nothing is recognised: no name, no cue, no date, no number, none of `besides`."""
    terms = find_terms(text, ALL_KINDS)
    parts = []
    for segment in _segments(text, terms):
        words = text[segment.start : segment.end]
        if any(segment.start <= term.start < segment.end for term in terms):
            continue
        known = any(compiled.search(words) for compiled, _ in status_patterns())
        known = known or any(compiled.search(words) for compiled in besides)
        known = known or any(
            pattern(name).search(words) for name in ("negation", "doubt", "family", "other", "planned")
        )
        if not known and not find_dates(words) and not any(char.isdigit() for char in words) and len(words.strip()) > 2:
            parts.append(words.strip(" ,;.:()"))
    return parts


def _segments(text: str, terms: list[Term]) -> list[_Segment]:
    """Pieces of the text between commas, conjunctions and full stops that do not lie inside a name or a number."""
    inside = [(term.start, term.end) for term in terms]

    def free(position: int) -> bool:
        if any(start < position < end for start, end in inside):
            return False
        before, after = text[max(0, position - 1) : position], text[position + 1 : position + 2]
        return not (text[position] in ",.:" and before.isdigit() and after.isdigit())

    cuts: list[tuple[int, int, bool]] = []
    cuts += [(m.start(), m.end(), True) for m in _SENTENCE.finditer(text) if free(m.start())]
    cuts += [(m.start(), m.end(), False) for m in _CONJUNCTION.finditer(text) if free(m.start())]
    cuts += [(m.start(), m.end(), False) for m in pattern("break").finditer(text) if free(m.start())]
    found, position, sentence = [], 0, 0
    for start, end, full in sorted(cuts):
        if start < position:
            continue
        if text[position:start].strip():
            found.append(_Segment(position, start, sentence))
        position = end
        sentence += full
    if text[position:].strip():
        found.append(_Segment(position, len(text), sentence))
    return found


def _neighbour(findings: list[Finding], segments: list[_Segment], index: int) -> Finding | None:
    """The finding that a segment without a name speaks of: the last before it, else the first after it."""
    segment = segments[index]
    subjects = [f for f in findings if f.term.kind in _SUBJECT_KINDS and not f.attached] or findings
    before = [finding for finding in subjects if finding.term.start < segment.start]
    if before:
        return before[-1]
    after = [finding for finding in subjects if _sentence_of(finding, segments) == segment.sentence]
    return after[0] if after else None


def _sentence_of(finding: Finding, segments: list[_Segment]) -> int:
    return next((s.sentence for s in segments if s.start <= finding.term.start < s.end), -1)


def _polarity(words: str, offset: int, own: list[Finding]) -> None:
    masked = _mask_status(words)
    doubt = list(pattern("doubt").finditer(masked))
    for match in doubt:
        masked = _blank(masked, match.start(), match.end())
    family = pattern("family").search(masked)
    other = pattern("other").search(masked)
    planned = pattern("planned").search(masked)
    for position, finding in enumerate(own):
        start, end = finding.term.start - offset, finding.term.end - offset
        following = masked[end : own[position + 1].term.start - offset if position + 1 < len(own) else len(masked)]
        is_thing = finding.term.kind in {"cond", "disease", "state", "site"}
        if family and family.start() < start and is_thing:
            finding.polarity = Polarity.FAMILY
        elif other and is_thing:
            finding.polarity = Polarity.OTHER
        elif planned and not is_thing:
            finding.polarity = Polarity.PLANNED
        elif any(m.start() < start for m in doubt) or (doubt and position == len(own) - 1):
            finding.polarity = Polarity.DOUBTFUL
        elif _PRE_NEGATION.search(masked[:start]) or _POST_NEGATION.match(following):
            finding.polarity = Polarity.DENIED


def _mask_status(words: str) -> str:
    """The words with status cues blanked, so that the "not" of "not controlled" denies nothing."""
    for compiled, cue in status_patterns():
        if not cue.past:
            for match in compiled.finditer(words):
                words = _blank(words, match.start(), match.end())
    return words


def _blank(words: str, start: int, end: int) -> str:
    return words[:start] + " " * (end - start) + words[end:]


def _status(words: str, own: list[Finding], reference_day: int) -> None:
    for finding in own:
        _read_status(words, finding, reference_day)


def _aside(words: str, target: Finding, reference_day: int) -> None:
    """A segment without a name: its status, its dates, and a bare word of doubt or denial, speak of the target."""
    masked = _mask_status(words)
    if pattern("doubt").search(masked):
        target.polarity = Polarity.DOUBTFUL
    elif pattern("family").search(masked) and target.term.kind in {"cond", "disease"}:
        target.polarity = Polarity.FAMILY
    elif (told := _POST_NEGATION.match(masked)) and not re.search(r"\w", masked[told.end() :]):
        target.polarity = Polarity.DENIED
    elif pattern("planned").search(masked) and target.term.kind in {"class", "drug", "regimen"}:
        target.polarity = Polarity.PLANNED
    _read_status(words, target, reference_day)


_NO_GRADE = re.compile(r"\b(?:no|without|never|less than|below|nessun\w*|senza)\s+(?:\w+\s+)?$", re.IGNORECASE)
"""``no grade 3 or 4 toxicity``: the grade is denied."""


def _read_status(words: str, finding: Finding, reference_day: int, timed: bool = True) -> None:
    past = now = False
    for compiled, cue in status_patterns():
        if compiled.search(words):
            past, now = past or cue.past, now or cue.now
            for name, value in cue.traits:
                finding.traits.setdefault(name, value)
    finding.past = finding.past or past
    finding.now = finding.now or now
    if (grade := GRADE.search(words)) and not _NO_GRADE.search(words[: grade.start()]):
        finding.grade = grade_number(grade["grade"])
    if timed:
        _read_time(words, finding, past, reference_day)


def _read_time(words: str, finding: Finding, past: bool, reference_day: int) -> None:
    if recent := _RECENT.search(words):
        finding.last = Interval(reference_day - _period(recent).days_before(reference_day), reference_day)
        finding.occurred = True
        return
    if ago := _AGO.search(words):
        finding.last = _about(_period(ago), reference_day)
        finding.occurred = True
        return
    if (lasting := _LASTING.search(words)) and finding.past:
        finding.last = _within(_about(_period(lasting), reference_day), finding.last)
        return
    for start, _, days in find_dates(words):
        if _SINCE.search(words[:start]) and not past:
            finding.since = days
        else:
            low = days.low if days.low is not None else 1
            finding.last = (
                _within(Interval(low, min(days.high or reference_day, reference_day)), finding.last)
                if (low <= reference_day)
                else finding.last
            )


def _period(match: re.Match[str]) -> Period:
    groups: Mapping[str, str | None] = match.groupdict()
    number = (groups["n"] or "1").lower()
    amount = _WORDS.get(number) or int(number)
    unit = next(unit for stem, unit in _UNITS.items() if match["unit"].lower().startswith(stem))
    return Period(amount, unit)


def _about(period: Period, reference_day: int) -> Interval:
    """The days that "N units ago" may mean: at least N, less than N + 1 units."""
    longer = Period(period.amount + 1, period.unit)
    return Interval(
        reference_day - longer.days_before(reference_day) + 1, reference_day - period.days_before(reference_day)
    )


def _within(first: Interval, second: Interval | None) -> Interval:
    """The days that both intervals allow, or the later of the two where none is common."""
    if second is None or second.low is None or second.high is None or first.low is None or first.high is None:
        return first
    low, high = max(first.low, second.low), min(first.high, second.high)
    if low <= high:
        return Interval(low, high)
    return first if first.low > second.low else second


def _carry_negation(text: str, segments: list[_Segment], findings: list[Finding]) -> None:
    """ "no fever, cough or infection": a denial goes on over the bare names of a list, up to a break."""
    denied = False
    sentence = -1
    for segment in segments:
        own = [finding for finding in findings if segment.start <= finding.term.start < segment.end]
        if segment.sentence != sentence:
            denied, sentence = False, segment.sentence
        gap = text[max(0, segment.start - 12) : segment.start]
        if pattern("break").search(gap):
            denied = False
        if not own:
            continue
        words = text[segment.start : segment.end]
        if own[0].polarity is Polarity.DENIED and _PRE_NEGATION.search(_mask_status(words)):
            denied = True
        elif denied and own[0].polarity is Polarity.STATED and _bare(words, segment.start, own):
            for finding in own:
                finding.polarity = Polarity.DENIED
        else:
            denied = False


def _carry_back(text: str, segments: list[_Segment], findings: list[Finding]) -> None:
    """ "HIV, HBV and HCV negative": the result of the last infection of a list is that of the bare ones before it."""
    for position in range(len(segments) - 1, 0, -1):
        segment, before = segments[position], segments[position - 1]
        own = [f for f in findings if segment.start <= f.term.start < segment.end]
        earlier = [f for f in findings if before.start <= f.term.start < before.end]
        if not own or not earlier or segment.sentence != before.sentence:
            continue
        if own[0].polarity is not Polarity.DENIED or earlier[-1].polarity is not Polarity.STATED:
            continue
        if _PRE_NEGATION.search(_mask_status(text[segment.start : own[0].term.start])):
            continue
        words = text[before.start : before.end]
        infections = all(_is_infection(f.term) for f in (*own, *earlier))
        if infections and _bare(words, before.start, earlier) and not _known_status(words):
            for finding in earlier:
                finding.polarity = Polarity.DENIED


def _is_infection(term: Term) -> bool:
    house = knowledge()
    return term.concept in house.concepts and bool(
        house.ancestors(term.concept) & {"cond:infection", "cond:viral_hepatitis", "cond:hepatitis_b_exposure"}
    )


def _known_status(words: str) -> bool:
    return any(compiled.search(words) for compiled, _ in status_patterns()) or bool(re.search(r"positiv", words, re.I))


def _bare(words: str, offset: int, own: list[Finding]) -> bool:
    """Whether a segment holds hardly more than names: at most two short words besides them."""
    for finding in own:
        words = _blank(words, finding.term.start - offset, finding.term.end - offset)
    words = _SEEN_ON.sub(" ", words)
    for start, end, _ in find_dates(words):
        words = _blank(words, start, end)
    rest = [
        word for word in re.findall(r"\w+", words) if word.lower() not in {"or", "and", "o", "e", "other", "any", "nor"}
    ]
    return len(rest) <= 1 and not any(char.isdigit() for char in words)
