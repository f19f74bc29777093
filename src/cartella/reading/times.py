"""Time windows in a text: ``within 4 weeks prior to leukapheresis``, ``at least 100 days after``, ``in the last year``.

A window counts back from the reference day: "within 4 weeks of infusion" is counted as if the infusion were that day
(the convention of the labelled pairs, and the most careful one for a patient who asks today).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cartella.logic import Operator, Period, PeriodUnit, Window
from cartella.reading.limits import AT_A_WORD, OPERATORS, WORDS

UNITS = {
    "hour": PeriodUnit.HOUR, "hr": PeriodUnit.HOUR, "ora": PeriodUnit.HOUR, "ore": PeriodUnit.HOUR,
    "day": PeriodUnit.DAY, "giorn": PeriodUnit.DAY,
    "week": PeriodUnit.WEEK, "wk": PeriodUnit.WEEK, "settiman": PeriodUnit.WEEK,
    "month": PeriodUnit.MONTH, "mo": PeriodUnit.MONTH, "mes": PeriodUnit.MONTH,
    "year": PeriodUnit.YEAR, "yr": PeriodUnit.YEAR, "ann": PeriodUnit.YEAR,
}  # fmt: skip

_UNIT = r"(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|ore|ora|giorn[oi]|settiman[ae]|mes[ei]|ann[oi])"
_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(WORDS)}|a|an|un|una)"
_OP = "|".join(f"(?:{pattern.pattern})" for _, pattern in OPERATORS)
_ANCHOR_NOUN = (
    r"(?:enrol+(?:l?ment|l?ed|ling)|enter(?:ing)?|entry|entering|screening|registration|registering|random\w+"
    r"|pre-?registration|consenting|signing\s+(?:of\s+)?(?:the\s+)?(?:informed\s+consent(?:\s+form)?|ICF|consent)|ICF(?:\s+sign\w+)?|IMP"
    r"|cycle\s+\d+(?:\s*,?\s*day\s+-?\d+)?(?:\s+therapy)?|(?:NMA-?)?LD(?!H)(?:\s+(?:preparative\s+)?(?:regimen|chemotherapy))?|cell\s+therapy"
    r"|recruit\w*|(?:informed\s+)?consent(?:\s+form)?|leu[ck][aeo]*pheresis|pre-?(?:leuk)?apheresis"
    r"|apheresis|cell\s+(?:collection|infusion)|manufacturing|(?:re)?infusions?|reinfusion|lympho-?depletion|lympho-?depleting\s+(?:chemotherapy|therapy"
    r"|regimen)|LD\s+chemotherapy|lympho-?depleting|conditioning"
    r"|(?:study|trial|protocol)\s+(?:treatment|therapy|drugs?|entry|participation|agents?|intervention|product"
    r"|medication|start|initiation|day|visit|inclusion|dose)"
    r"|(?:first|1st|initial)\s+(?:dose|administration|infusion|study\s+\w+)|treatment|dosing|dose|administration"
    r"|day\s*[-+]?\d+|baseline|inclusion|procurement|collection|(?:the\s+)?study|(?:the\s+)?trial|start"
    r"|initiation"
    r"|(?:C1D1|D0|PBMC|ALLO-\d+)|visit|eligibility|accrual|testing|surgery|resection|transfer|injection"
    r"|receiving\s+\w+|arruolamento|aferesi|leucaferesi|infusione|linfodeplezione|screening|consenso|reclutamento"
    r"|LDC|TR|harvest\w*|vaccination|(?:laborator\w+|lab|blood|ha?ematolog\w+|cbc|screening)?\s*(?:tests?|testing|draws?"
    r"|samples?|sampling|assessments?|evaluations?|examinations?|measurements?|inspection|analysis))"
)
_BEFORE = (
    r"(?:prior\s+to|before|preceding|previous\s+to|in\s+advance\s+of|prior|prima\s+del(?:la|l')?"
    r"|precedenti(?:\s+(?:la|l'|il|all'))?|ahead\s+of)"
)
_AT = r"(?:of|from|to|at|dal(?:la|l')?|del(?:la|l')?)"
_FILL = r"(?:(?!(?:and|or(?!\s+[\w-]*\d)|who|which|with|if|unless|except|but|must)\b)[\w/'\[\]-]+\s+){0,6}?"
_TAIL = (
    rf"(?:\s*(?:/|\bor\b|\band\b|,)\s*(?:{_BEFORE}\s+)?(?:the\s+)?(?:\w+\s+){{0,2}}?{_ANCHOR_NOUN}\b)?(?:\s+(?:of|for"
    rf"|with|to)\s+(?:the\s+)?(?:study|trial|protocol|investigational|preparat(?:ory|ive)"
    rf"|CAR[- ]?T?|T|TCR|TIL|cell|cells|lympho\w+"
    rf"|chemotherapy|treatment|therapy|drug|product|infusion|screening)\b(?:[- ]\w+){{0,3}}?(?:\s+(?:cells?|therapy"
    rf"|product|infusion|treatment|drug|chemotherapy|study))?)?(?:\s+(?:visit|period|procedures?|chemotherapy|cells?"
    rf"|product|date|day|sample|intervention|collection|consent|signing|start|initiation|manufactur\w+|assessments?"
    rf"|administration|1(?=[\s.;,)]|$)))*"
)
_ANCHOR = rf"(?:\s*(?:{_BEFORE}|{_AT})\s+(?:the\s+|l')?{_FILL}{_ANCHOR_NOUN}\b{_TAIL})"
WINDOW = re.compile(
    rf"""{AT_A_WORD}(?P<frame>\b(?:within|in|during|over|for|nelle|nei|negli|entro|da)\s+)?
        (?:\b(?:the|a|period\s+of|of|le|i|gli)\s+)*(?P<last>(?:last|past|previous|prior|preceding|recent|ultim[ie]|precedenti)\s+)?
        (?P<op>{_OP})?\s*(?:the\s+)?(?:(?P<last2>(?:last|past|previous|prior|preceding))\s+)?\(?(?P<n>{_NUMBER})\)?(?:\s*\(\d{{1,3}}\))?\s*(?:-\s*)?(?:full\s+|calendar\s+|consecutive\s+)?(?P<unit>{_UNIT})\b\.?(?:\s*\(\s*(?P<n2>\d+)\s*(?P<unit2>\w+)\s*\))?'?
        (?:\s+(?:period|time|interval|window)\b)?
        (?P<ago>\s+(?:ago|earlier|previously|fa|precedenti))?
        (?P<anchor>{_ANCHOR})?
        (?P<loose>\s*(?:{_BEFORE}|since|after|post|following|from|of|dal(?:la)?|dopo)\b)?""",
    re.I | re.X,
)
HALF_LIVES = re.compile(
    rf"{AT_A_WORD}(?:(?:within|at\s+least|<|>=|<=|>|or|of)\s*)*(?P<n>{_NUMBER})\s*(?:\(\d\)\s*)?(?:drug\s+|elimination\s+"
    rf"|plasma\s+|terminal\s+)?(?:half|1/2)(?:[\s-]*(?:lives|life)|-times?)",
    re.I,
)
UNIT_NEARBY = re.compile(rf"(?<![A-Za-z]){_UNIT}\b|half|1/2", re.I)
ELAPSED = re.compile(
    rf"(?<![\w.])(?P<n>{_NUMBER})\s*(?:\(\d{{1,3}}\)\s*)?(?:-\s*)?(?P<unit>{_UNIT})\b"
    r"(?=\s+(?:(?:must|should|shall|has|have|had|will|need|needs|are|is|to|be|required)\s+){1,4}(?:elapse[ds]?|passe?[ds]?)\b)",
    re.I,
)
"""``3 weeks must have elapsed since``: a distance, though nothing says "at least"."""
PAUSED = re.compile(
    r"\b(?:off|free\s+(?:of|from)|without|stopp?(?:ed)?|discontinued?|held|withheld|washed?[\s-]*out"
    r"|not\s+(?:have\s+|be\s+|been\s+)?(?:receiv\w+|take\w*|using|used))\b[^.;]*$",
    re.I,
)
LATER = re.compile(r"\s*(?:after|following|post|thereafter|from)\b", re.I)
BARE = re.compile(rf"[\s,(]*(?:or|and|o)\s+(?:at\s+least\s+)?(?P<n>{_NUMBER})\s*(?:-\s*)?(?P<unit>{_UNIT})\b", re.I)
WASHOUT = re.compile(rf"(?<=[^\W\d]|\))\s*(?:-|:|=|,)\s*(?P<n>{_NUMBER})\s*(?P<unit>{_UNIT})\s*(?:washout)?\W*$", re.I)
OWN_NUMBER = re.compile(r"(?:^|[\s(:])\d{1,3}$")
"""``18 - 70 years`` is a range, ``anti-PD-1 - 4 weeks`` a wash-out."""
FAR = re.compile(r"\s*(?:at\s+least|>|greater|more)", re.I)
PASSED = re.compile(
    r"\s+(?:must|should|shall|has|have|will)\b[^.;]{0,25}\b(?:elapsed|passed)\b|\s+(?:after|since)\b", re.I
)
WHICHEVER = re.compile(
    r"\(?\s*which(?:ever)?\s+(?:is|was|comes|occurs|period\s+is)?\s*(?:the\s+)?(?P<which>shorter|longer|first|later"
    r"|greater|less\w*|earlier|last)\b[^;.)]{0,24}?(?=[;.),]|$|\sprior|\sbefore|\sof)\)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of time in a text, at characters `start` to `end` of the searched text.

    `window` counts back from the reference day. `recent`: it speaks of something that lies close ("within 4 weeks");
    otherwise of something that lies far ("at least 4 weeks before"). `anchored`: the text names the step or the
    present from which it counts; without, the words beside it decide. `open_end` is the preposition that waits for
    what the time is counted from ("after", "since"). `lives`: how many half-lives, 0 where none are named.
    """

    start: int
    end: int
    window: Window
    recent: bool
    anchored: bool
    open_end: str | None
    half_lives: str | None = None
    lives: int = 0
    doubtful: bool = False
    washout: bool = False
    alternative: Window | None = None


def find_times(text: str) -> list[Time]:
    """All stretches of time in `text`, leftmost first; half-lives are joined with the time that stands beside them."""
    found: list[Time] = []
    if not UNIT_NEARBY.search(text):
        return found
    for match in WINDOW.finditer(text):
        time = _time(match, text)
        if time is not None:
            found.append(time)
    for match in ELAPSED.finditer(text):
        if not any(match.start() < t.end and t.start < match.end() for t in found):
            found.append(Time(match.start(), match.end(), Window(at_least=_period(match)), False, True, None))
    listed = None if found else WASHOUT.search(text)
    if listed is not None and not OWN_NUMBER.search(text[: listed.start()]):
        window = Window(at_most=_period(listed), at_most_strict=True)
        found.append(Time(listed.start(), listed.end(), window, True, True, None, washout=True))
    for match in HALF_LIVES.finditer(text):
        found = _with_half_lives(text, found, match)
    return sorted(found, key=lambda t: t.start)


def _with_half_lives(text: str, times: list[Time], match: re.Match[str]) -> list[Time]:
    """``5 half-lives or 4 weeks, whichever is shorter``: how many, and how they go with the time beside them.

    `half_lives` of the time is then "shorter" (within the stated time only if also within the half-lives), "longer"
    (within the stated time in any case), "unknown", or "only" where no other time stands beside them.
    """
    beside = [
        t
        for t in times
        if re.fullmatch(
            r"[\s,(]*(?:or|and|o|/)?[\s,(]*(?:the\s+)?",
            text[match.end() : t.start] if t.start >= match.end() else text[t.end : match.start()],
            re.I,
        )
    ]
    lives = _amount(match["n"])
    which = WHICHEVER.search(text, match.start(), min(len(text), match.end() + 120))
    rule = "unknown"
    if which:
        rule = "longer" if which.group("which").lower() in {"longer", "later", "greater", "last"} else "shorter"
    bare = BARE.match(text, match.end())
    if not beside and bare:
        period = _period(bare)
        beside = [Time(match.start(), bare.end(), Window(at_most=period), not FAR.match(match.group()), True, None)]
        if not beside[0].recent:
            beside = [Time(match.start(), bare.end(), Window(at_least=period), False, True, None)]
    others = [t for t in times if t not in beside and not (t.start < match.end() and match.start() < t.end)]
    if not beside:
        any_time = Window(at_least=Period(0, PeriodUnit.DAY))
        anchor = re.compile(_ANCHOR, re.I).match(text, match.end())
        end = anchor.end() if anchor else match.end()
        far = bool(FAR.match(match.group()) or PASSED.match(text[end:]))
        return [*others, Time(match.start(), end, any_time, not far, True, None, "only", lives)]
    time = beside[0]
    start, end = min(time.start, match.start()), max(time.end, match.end())
    if which and which.start() - end < 30:
        end = max(end, which.end())
    anchor = re.compile(_ANCHOR, re.I).match(text, end)
    if anchor:
        end = anchor.end()
    return [*others, Time(start, end, time.window, time.recent, True, None, rule, lives)]


def _amount(words: str) -> int:
    word = words.lower()
    return int(word) if word.isdigit() else WORDS.get(word, 1)


def _period(match: re.Match[str]) -> Period:
    unit = next(u for prefix, u in UNITS.items() if match.group("unit").lower().startswith(prefix))
    return Period(_amount(match.group("n")), unit)


def _time(match: re.Match[str], text: str) -> Time | None:
    frame = (match.group("frame") or "").strip().lower()
    last = match.group("last") or match.group("last2") or match.group("ago") == " precedenti"
    if match.group("n").lower() in {"a", "an", "un", "una"} and not (frame or match.group("op") or last):
        return None
    period = _period(match)
    operator = None
    if match.group("op"):
        operator = next((op for op, pattern in OPERATORS if pattern.fullmatch(match.group("op"))), None)
    anchor, loose = match.group("anchor"), (match.group("loose") or "").strip().lower()
    ago = match.group("ago")
    if not (frame or operator or last or anchor or loose or ago):
        return None
    far = operator in (Operator.AT_LEAST, Operator.GREATER)
    if far and loose == "of" and not anchor:
        return None  # "at least 6 months of ibrutinib": how long it was given
    strict = operator in (Operator.GREATER, Operator.LESS)
    window = Window(at_least=period, at_least_strict=strict) if far else Window(at_most=period, at_most_strict=strict)
    if frame in {"for", "da"} and not last:
        if operator is None and PAUSED.search(text[: match.start()]) and not LATER.match(text[match.end("unit") :]):
            # "off steroids for 4 weeks": so long at least
            return _made(match, Window(at_least=period), False, True, "", period)
        return None if not far and operator is None else _made(match, window, not far, bool(anchor), loose, period)
    return _made(match, window, not far, bool(anchor or last or ago), loose, period)


def _made(match: re.Match[str], window: Window, recent: bool, anchored: bool, loose: str, period: Period) -> Time:
    end = match.end("loose") if not loose else match.start("loose")
    if not loose:
        end = match.end()
    return Time(match.start(), end, window, recent, anchored, loose or None, alternative=_alternative(match, window))


def _alternative(match: re.Match[str], window: Window) -> Window | None:
    """``6 months (24 weeks)``: the same time in another unit, which is seldom the same number of days."""
    unit = next((u for prefix, u in UNITS.items() if (match.group("unit2") or "").lower().startswith(prefix)), None)
    if unit is None:
        return None
    period = Period(int(match.group("n2")), unit)
    if window.at_most is not None:
        return Window(at_most=period, at_most_strict=window.at_most_strict)
    return Window(at_least=period, at_least_strict=window.at_least_strict)
