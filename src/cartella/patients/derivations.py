"""What follows from a record by a stated rule: converted scales, lines, completeness, refractoriness, staleness.

Every derived fact says so in its source. Rules of the field: lines L04, L08, L12 and L31, refractoriness R19 (IMWG:
progression during therapy or within 60 days of the last dose) of the project's sheet of rules; performance scales by
the usual table (ECOG 0 = 90-100, 1 = 70-80, 2 = 50-60, 3 = 30-40, 4 = 10-20).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Event, Interval, Measure, PatientFacts, Source
from cartella.patients.context import Context, Given, above, below, millionths
from cartella.patients.report import Fate
from cartella.patients.statements import ADDED
from cartella.patients.wording import mark

REGISTERS = ("therapy", "procedure", "medication")
"""The lists of treatments that a record can declare complete."""

_ECOG_OF = {100: 0, 90: 0, 80: 1, 70: 1, 60: 2, 50: 2, 40: 3, 30: 3, 20: 4, 10: 4, 0: 5}
_SIXTY = 60


def performance(context: Context) -> None:
    """The other performance scales from the one that is recorded, as intervals."""
    measures = context.draft.measures
    for key in ("karnofsky", "lansky"):
        for measure in list(measures.get(key, ())):
            if measure.source.derived or measure.value.low is None or measure.value.high is None:
                continue
            low, high = measure.value.low // SCALE, measure.value.high // SCALE
            grades = [_ECOG_OF[level] for level in range(low, high + 1, 10)]
            ecog = Interval(millionths(min(grades)), millionths(max(grades)))
            note = f"ECOG {_span(ecog)} = {key.capitalize()} {_span(measure.value)}"
            _convert(context, "ecog", ecog, measure, note)
            other = "lansky" if key == "karnofsky" else "karnofsky"
            _convert(context, other, measure.value, measure, f"{other.capitalize()} = {key.capitalize()}")
    for measure in list(measures.get("ecog", ())):
        if measure.source.derived or measure.value.low is None or measure.value.high is None:
            continue
        levels = [
            level for level, grade in _ECOG_OF.items() if measure.value.low <= grade * SCALE <= measure.value.high
        ]
        span = Interval(millionths(min(levels)), millionths(max(levels)))
        for key in ("karnofsky", "lansky"):
            _convert(context, key, span, measure, f"ECOG {_span(measure.value)} = {key.capitalize()} {_span(span)}")


def _convert(context: Context, key: str, value: Interval, measure: Measure, note: str) -> None:
    stated = [m for m in context.draft.measures.get(key, ()) if m.source.derived is None]
    if not stated:
        source = replace(measure.source, derived=note)
        context.draft.measure(key, value, source)


def _span(value: Interval) -> str:
    low, high = (value.low or 0) // SCALE, (value.high or 0) // SCALE
    return str(low) if low == high else f"{low}-{high}"


def lines(context: Context) -> None:
    """Prior lines counted from the dated regimens whose notes name their line, where the record states no number.

    The highest line named is the number, provided that every line up to it is named and every systemic treatment
    against the cancer names one; else the number is at least the number of lines named.
    """
    if "lines" in context.draft.measures:
        return
    past = [given for given in context.given if given.systemic]
    named = frozenset[int]().union(*(given.lines for given in past))
    if not named:
        return
    whole = named == frozenset(range(1, max(named) + 1)) and all(given.lines for given in past)
    first = next(given for given in past if given.lines)
    shown = "; ".join(f"{min(g.lines)}: {g.name}" for g in past if g.lines)
    source = Source(first.path, shown, None, f"counted from the regimens: {max(named)} lines")
    value = Interval.exactly(millionths(max(named))) if whole else Interval(millionths(max(named)), None)
    context.draft.measure("lines", value, source)
    context.draft.remark(Fate.ASSUMED, first.path, "lines_counted", value=str(max(named)), shown=shown)


def completeness(context: Context, complete: Iterable[str] | None) -> None:
    """Which lists of the record are complete: as a person says of each, as the caller says, else by the rule for
    curated summaries.

    A record that states its number of prior lines, and whose listed therapies account for each of those lines, is a
    curated summary: its lists of therapies, procedures and medicines are taken as complete.
    """
    _completeness(context, complete)
    draft = context.draft
    for register, whole in draft.lists.items():
        if whole:
            draft.declare(register, ADDED, "complete_by_caller")
        elif draft.complete.pop(register, None) is not None:
            draft.remark(Fate.ASSUMED, ADDED, "incomplete_by_caller", register=mark(f"register:{register}"))


def _completeness(context: Context, complete: Iterable[str] | None) -> None:
    if complete is not None:
        wanted = set(complete)
        for register in REGISTERS:
            context.draft.complete.pop(register, None)
        for register in REGISTERS:
            if register in wanted:
                context.draft.declare(register, "", "complete_by_caller")
        return
    stated = context.draft.measures.get("lines", [])
    if not context.stated_lines or not stated or stated[-1].value.low is None:
        return
    number = stated[-1].value.low // SCALE
    named = frozenset[int]().union(*(given.lines for given in context.given))
    if number == 0 and any(given.systemic and not given.current for given in context.given):
        return
    if frozenset(range(1, number + 1)) <= named:
        for register in REGISTERS:
            context.draft.declare(register, stated[-1].source.path, "complete_by_lines", lines=str(number))


def refractoriness(context: Context) -> None:
    """Put "refractory" on the treatments that the record, or the 60-day rule of the IMWG, says have failed."""
    last = last_regimen(context)
    if context.last_failed is not None and last is not None:
        for part in last.parts:
            context.refractory_to.setdefault(part, context.last_failed)
        if not last.parts:
            context.refractory_to.setdefault(last.name.lower(), context.last_failed)
        context.draft.remark(Fate.ASSUMED, last.path, "last_regimen_failed", name=last.name)
    events = context.draft.events
    for concept, source in context.refractory_to.items():
        hits = [
            index
            for index, event in enumerate(events)
            if event.counts_as == concept
            or (concept in event.concepts and event.counts_as.startswith(("drug:", "class:")))
        ]
        if not hits and concept in knowledge().concepts:
            _failed_elsewhere(context, concept, source)
            continue
        latest = max(hits, key=lambda index: events[index].last.high or 0, default=None)
        for index in hits:
            if index == latest or events[index].source.path == source.path:
                traits = {**events[index].traits, "refractory": True, "progressed": True}
                events[index] = replace(events[index], traits=traits)


def failures(context: Context) -> None:
    """Put "progressed" on a line that did not hold: the cancer came back after it, or another line had to follow.

    Only where the record says that the cancer relapsed, progressed or resisted; a treatment stopped because it was not
    tolerated, one before or after an operation, and what only led to another are left open.
    """
    events = context.draft.events
    came_back = any(event.counts_as in _CAME_BACK for event in events)
    last = max((max(given.lines) for given in context.given if given.systemic and given.lines), default=0)
    line = {given.path: max(given.lines) for given in context.given if given.lines}
    for index, event in enumerate(events):
        traits = event.traits
        if "progressed" in traits or any(traits.get(name) for name in _NO_FAILURE):
            continue
        followed = line.get(event.source.path, last) < last or _followed(context, event)
        if traits.get("relapsed") or (came_back and followed):
            events[index] = replace(event, traits={**traits, "progressed": True})


def _followed(context: Context, event: Event) -> bool:
    """Whether a line of treatment began after a transplant."""
    if "class:transplant_procedure" not in event.concepts or event.last.high is None:
        return False
    begun = [given.start.low for given in context.given if given.systemic and given.lines and given.start]
    return any(day is not None and day > event.last.high for day in begun)


_CAME_BACK = frozenset({"state:relapsed", "state:refractory", "state:progressive"})
_NO_FAILURE = (
    "intolerant", "adjuvant", "neoadjuvant", "bridging", "conditioning", "lymphodepletion", "consolidation", "current",
)  # fmt: skip


def _failed_elsewhere(context: Context, concept: str, source: Source) -> None:
    """A drug that is refractory and was given inside a regimen, or that no entry tells of; a regimen by its drugs."""
    events = context.draft.events
    parts = knowledge().regimens[concept].components if concept in knowledge().regimens else ()
    own = [index for index, event in enumerate(events) if event.counts_as in parts]
    if parts and {events[index].counts_as for index in own} == set(parts):
        for index in own:
            events[index] = replace(events[index], traits={**events[index].traits, **_FAILED})
        return
    within = [event.last for event in events if concept in event.concepts]
    last = max(within, key=lambda days: days.high or 0, default=None)
    context.draft.event(concept, above(concept), source, last=last, traits=_FAILED)


_FAILED = {"refractory": True, "progressed": True}


def last_regimen(context: Context) -> Given | None:
    """The systemic treatment of the cancer that ended last, or goes on.

    Where the record numbers its lines, a medicine taken now that belongs to no line is for something else.
    """
    systemic = [given for given in context.given if given.systemic]
    if any(given.lines for given in systemic):
        systemic = [given for given in systemic if given.lines or not given.current]
    return max(
        systemic,
        key=lambda given: (
            given.current,
            (given.end.high if given.end and given.end.high else 0),
            max(given.lines, default=0),
        ),
        default=None,
    )


_VIRUSES = {
    "lab:hbv_dna.detected": "cond:hepatitis_b",
    "lab:hcv_rna.detected": "cond:hepatitis_c",
    "lab:hiv_rna.detected": "cond:hiv_infection",
}


def viral_activity(context: Context) -> None:
    """A chronic viral infection is active when its viral load is detected; its clinical status does not tell.

    Without viral load a hepatitis C is over; hepatitis B and HIV stay, and trials differ in what they call active.
    """
    for test, concept in _VIRUSES.items():
        found = {code for coding in context.draft.codings.get(test, ()) for code in coding.possible}
        for index, event in enumerate(context.draft.events):
            if concept not in event.concepts:
                continue
            traits = {name: value for name, value in event.traits.items() if name != "active" or value is False}
            if len(found) == 1:
                traits["controlled"] = found == {"no"}
                if found == {"yes"}:
                    traits["active"] = True
                elif concept == "cond:hepatitis_c":
                    traits["active"] = False
            elif any(name.endswith("_active") for name in event.concepts if name.startswith(concept)):
                traits["active"] = True
            context.draft.events[index] = replace(event, traits=traits)
    told = any("cond:hepatitis_c_exposure" in event.concepts | event.may_be for event in context.draft.events)
    loads = context.draft.codings.get("lab:hcv_rna.detected", ())
    if loads and not told and all(coding.possible == {"no"} for coding in loads):
        rule = f"{mark('lab:hcv_rna')}: negative"
        source = replace(loads[-1].source, derived=loads[-1].source.derived or rule)
        context.draft.absence("cond:hepatitis_c", below("cond:hepatitis_c"), source)


def mentioned(context: Context) -> None:
    """Treatments that are only mentioned in passing become events when no entry of their own tells of them."""
    for event in context.mentioned:
        concept = event.counts_as
        wanted_current = event.traits.get("current") is True
        known = [
            other
            for other in context.draft.events
            if concept in other.concepts and (not wanted_current or other.traits.get("current") is True)
        ]
        if not known:
            context.draft.events.append(event)
            context.draft.remark(Fate.USED, event.source.path, "mentioned", name=mark(concept))


def steroid_dose(context: Context) -> None:
    """The present daily dose of systemic steroids in prednisone-equivalents; 0 in a complete list without any."""
    draft = context.draft
    if "steroid_dose" in draft.measures and not context.doses:
        return
    total_low = total_high = 0
    sources: list[Source] = []
    for concept, found in context.doses.items():
        values = [value for value, _ in found]
        if len(set(values)) > 1:
            draft.remark(Fate.AMBIGUOUS, found[0][1].path, "values_differ", name=mark(concept))
        total_low += max(values) if len(set(values)) == 1 else min(values)
        total_high += max(values) if len(set(values)) == 1 else sum(values)
        sources += [source for _, source in found[:1]]
    if sources:
        first = sources[0]
        derived = first.derived if len(sources) == 1 else "sum of the steroids taken"
        source = Source(first.path, first.words, first.day, derived)
        draft.measures["steroid_dose"] = [Measure(Interval(total_low, None if context.undosed else total_high), source)]
        return
    if context.undosed:
        draft.measure("steroid_dose", Interval(1, None), context.undosed[0])
        return
    taken = any(
        "class:systemic_corticosteroid" in event.concepts | event.may_be and event.traits.get("current")
        for event in draft.events
    )
    if "medication" in draft.complete and not taken:
        source = draft.complete["medication"]
        draft.measure(
            "steroid_dose", Interval.exactly(0), replace(source, derived="no systemic steroid in a complete list")
        )


def steroid_dose_by_weight(context: Context) -> None:
    """The dose of steroids for each kilogram of the newest weight; rounding keeps the true value inside."""
    measures = context.draft.measures
    for found in measures.get("steroid_dose", ())[-1:]:
        low, high = found.value.low, found.value.high
        weight = max(measures.get("lab:weight", ()), key=lambda m: m.source.day or 0, default=None)
        if high == 0:
            context.draft.measure("steroid_dose.per_kg", Interval.exactly(0), found.source)
        elif weight is not None and weight.value.low and weight.value.high:
            least = None if low is None else low * SCALE // weight.value.high
            most = None if high is None else -(-high * SCALE // weight.value.low)
            kilograms = f"{_decimal(weight.value.low)} kg"
            derived = f"{found.source.derived}; for {kilograms}" if found.source.derived else f"for {kilograms}"
            context.draft.measure("steroid_dose.per_kg", Interval(least, most), replace(found.source, derived=derived))


def _decimal(value: int) -> str:
    return f"{value // SCALE}" if value % SCALE == 0 else f"{value / SCALE:.1f}"


def staleness(facts: PatientFacts, context: Context) -> PatientFacts:
    """An antigen measured before the last therapy directed at it is out of date."""
    last_directed: dict[str, int] = {}
    for event in facts.events:
        for concept in event.concepts:
            if (
                concept.startswith("class:directed_at:")
                and event.last.high is not None
                and event.counts_as.startswith("drug:")
            ):
                symbol = concept.removeprefix("class:directed_at:")
                last_directed[symbol] = max(last_directed.get(symbol, 0), _certain_day(event))

    def stale(key: str, day: int | None) -> bool:
        if not key.startswith("antigen:"):
            return False
        symbol = key.removeprefix("antigen:").split(".", 1)[0]
        after = last_directed.get(symbol)
        return after is not None and day is not None and day < after

    measures = {k: replace(m, stale=True) if stale(k, m.source.day) else m for k, m in facts.measures.items()}
    codings = {k: replace(c, stale=True) if stale(k, c.source.day) else c for k, c in facts.codings.items()}
    for key, coding in codings.items():
        if coding.stale:
            context.draft.remark(Fate.AMBIGUOUS, coding.source.path, "out_of_date", name=mark(key))
    return replace(facts, measures=measures, codings=codings)


def _certain_day(event: Event) -> int:
    """The latest day on which the treatment was certainly still given."""
    return event.last.low if event.last.low is not None else 0
