"""Explanations: the parts that decide, the reason, what is missing, what may change and from which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from invented_expressions import Inventor, many
from sample_result import FACTS, IN, LINES, OUT, TODAY, at_least, at_most, source, within

from cartella.explaining import Change, Explanation, Reason, explain, says
from cartella.explaining.deciding import deciding
from cartella.explaining.tables import Lang, Register
from cartella.explaining.washout import day_of_change
from cartella.logic import (
    FALSE,
    SCALE,
    TRUE,
    UNKNOWN,
    Absence,
    And,
    AtLeast,
    Cause,
    Code,
    Coding,
    Event,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Opaque,
    Operator,
    Or,
    PatientFacts,
    Period,
    PeriodUnit,
    Presence,
    Span,
    Trace,
    Truth,
    Unread,
    Window,
    evaluate,
)
from cartella.logic.expressions import Count, Number
from cartella.logic.truth import at_least as kleene_at_least
from cartella.logic.truth import conjunction, disjunction, negation
from cartella.trials.criteria import Gate, Outcome, Point, Section

RENDERINGS: tuple[tuple[Lang, Register], ...] = (
    ("it", "patient"),
    ("it", "clinician"),
    ("en", "patient"),
    ("en", "clinician"),
)


def explained(section: Section, expression: Expression, facts: PatientFacts = FACTS) -> Explanation:
    return explain(Point(section, expression), evaluate(expression, facts), None, facts)


FEMALE = Code("sex", frozenset({"female"}))
REASONS: tuple[tuple[Section, Expression, Reason], ...] = (
    (IN, at_least("age", 18), Reason.MET),
    (IN, at_most("age", 70), Reason.NOT_MET),
    (OUT, Presence("cond:hiv_infection"), Reason.EXCLUDED_ABSENT),
    (OUT, Presence("class:car_t", register="therapy"), Reason.EXCLUDED_PRESENT),
    (IN, If(FEMALE, Not(Presence("cond:pregnancy"))), Reason.NOT_APPLICABLE),
    (IN, at_least("lab:anc", 1), Reason.NOT_TOLD),
    (IN, at_least("karnofsky", 80), Reason.IMPRECISE),
    (IN, Code("antigen:CD19", frozenset({"positive"})), Reason.OUT_OF_DATE),
    (IN, Opaque(Unread.JUDGEMENT), Reason.JUDGEMENT),
    (OUT, Opaque(), Reason.NOT_UNDERSTOOD),
)


@pytest.mark.parametrize(("section", "expression", "reason"), REASONS, ids=[r.value for *_, r in REASONS])
def test_each_reason(section: Section, expression: Expression, reason: Reason) -> None:
    explanation = explained(section, expression)
    assert explanation.reason is reason
    said = [says(explanation, lang, register) for lang, register in RENDERINGS]
    assert len(set(said)) == 4
    assert all(text.endswith((".", "?")) for text in said)


def test_every_reason_has_a_case() -> None:
    assert {reason for *_, reason in REASONS} == set(Reason)


# The parts that decide, against Kleene's tables


def combined(trace: Trace, kept: frozenset[str]) -> Truth:
    """The truth of a trace when only the leaves in `kept` are known."""
    parts = [combined(part, kept) for part in trace.parts]
    match trace.node:
        case Not():
            return negation(parts[0])
        case And():
            return conjunction(parts)
        case Or():
            return disjunction(parts)
        case AtLeast(count=count):
            return kleene_at_least(count, parts)
        case If():
            return disjunction((negation(parts[0]), parts[1]))
    return trace.truth if trace.identifier in kept else UNKNOWN


def random_traces() -> list[Trace]:
    """Invented expressions whose leaves have truths by lot."""
    inventor = Inventor(7)

    def made(node: Expression, identifier: str) -> Trace:
        parts: tuple[Trace, ...]
        match node:
            case Not(item=item):
                parts = (made(item, f"{identifier}.0"),)
            case And(items=items) | Or(items=items) | AtLeast(items=items):
                parts = tuple(made(item, f"{identifier}.{n}") for n, item in enumerate(items))
            case If(condition=condition, then=then):
                parts = (made(condition, f"{identifier}.0"), made(then, f"{identifier}.1"))
            case Opaque():
                return Trace(identifier, node, UNKNOWN, frozenset({Cause.NOT_UNDERSTOOD}))
            case _:
                return Trace(identifier, node, inventor.dice.choice((TRUE, FALSE, UNKNOWN)))
        bare = Trace(identifier, node, UNKNOWN, parts=parts)
        return replace(bare, truth=combined(bare, frozenset(leaves(bare))))

    return [made(expression, "0") for expression in many(400)]


def leaves(trace: Trace) -> list[str]:
    return [leaf for part in trace.parts for leaf in leaves(part)] if trace.parts else [trace.identifier]


TRACES = random_traces()


def test_what_decides_settles_the_point_alone_and_no_part_of_it_is_idle() -> None:
    settled = [t for t in TRACES if t.truth is not UNKNOWN and len(leaves(t)) > 1]
    assert len(settled) > 100
    for trace in settled:
        kept = frozenset(leaf.identifier for leaf in deciding(trace))
        assert combined(trace, kept) is trace.truth
        for leaf in kept:
            assert combined(trace, kept - {leaf}) is UNKNOWN


def test_what_keeps_a_point_open_is_unknown() -> None:
    for trace in TRACES:
        if trace.truth is UNKNOWN:
            parts = deciding(trace)
            assert parts
            assert all(part.truth is UNKNOWN for part in parts)


def test_a_reason_that_cannot_change_is_given_before_one_that_may() -> None:
    both = And((at_least("lab:hb", 8), at_most("age", 70)))
    explanation = explained(IN, both)
    assert [part.node for part in explanation.parts] == [at_most("age", 70)]
    assert explanation.change is Change.FIXED


# What would settle a point


def test_what_is_missing_is_named() -> None:
    lines = {line: expression for line, _, expression in LINES}
    alt = explained(IN, lines["* ALT no more than 3 x ULN, or 5 x ULN with liver involvement"])
    assert [m.subject for m in alt.missing] == ["lab:alt.uln", "site:liver"]
    assert "esame del fegato ALT e malattia nel fegato" in says(alt, "it", "patient")


def test_an_answer_does_not_hide_that_a_part_was_not_understood() -> None:
    explanation = explained(IN, And((at_least("lab:anc", 1), Opaque(), Opaque(Unread.JUDGEMENT))))
    assert explanation.reason is Reason.NOT_TOLD
    said = says(explanation, "en", "patient")
    assert "One part must also be read in the original text." in said
    assert "A doctor must also judge." in said


def test_facts_keep_their_day_and_how_they_were_derived() -> None:
    derived = says(explained(IN, at_least("karnofsky", 70)), "en", "clinician")
    assert "derived: Karnofsky 70-80 = ECOG 1" in derived
    assert "20 October 2026" in says(explained(IN, at_most("ecog", 1)), "en", "patient")


def test_the_sentence_is_quoted_from_the_text() -> None:
    text = "Key points:\n  * No older than 70 years \n"
    point = Point(IN, at_most("age", 70), Span(14, 39), cohort="Cohort B", gate=Gate.INFUSION)
    explanation = explain(point, evaluate(point.expression, FACTS), text)
    assert explanation.quote == "* No older than 70 years"
    said = says(explanation, "en", "patient")
    assert "Cohort B" in said
    assert "before the cells are given" in said


def test_what_asks_nothing_or_was_not_read_or_is_too_long_is_not_worded_as_a_demand() -> None:
    unread = says(explained(OUT, Or((Opaque(), Opaque(Unread.JUDGEMENT)))), "en", "patient")
    assert unread == ("A doctor must judge this. One part must also be read in the original text.")
    assert says(explained(IN, And(())), "en", "clinician").startswith("No condition.")
    partly = says(explained(OUT, And((Presence("class:car_t"), Opaque()))), "en", "patient")
    assert "CAR-T" in partly
    assert partly.endswith("A part of this point was not understood. Please read it with a doctor.")
    analytes = (
        "lab:hb",
        "lab:plt",
        "lab:anc",
        "lab:alt",
        "lab:ast",
        "lab:creatinine",
        "lab:albumin",
        "lab:lvef",
        "lab:spo2",
    )
    each = tuple(at_least(analyte, n) for n, analyte in enumerate(analytes, 1))
    assert "Read them with a doctor" in says(explained(IN, And(each)), "en", "patient")
    assert "albumin" in says(explained(IN, And(each)), "en", "clinician").lower()


def test_a_patient_is_told_what_an_intricate_rule_is_about_and_a_clinician_the_rule() -> None:
    rule = And(
        (
            Presence("cond:stroke"),
            Not(Or((Presence("cond:gvhd_acute"), And((Presence("cond:ascites"), Presence("cond:stroke")))))),
        )
    )
    for section in (IN, OUT):
        said = says(explained(section, rule), "en", "patient")
        assert "stroke" in said and "The whole rule is in the text of the study." in said
        assert "(" not in says(explained(section, rule), "it", "patient").partition(":")[0]
        assert "whole rule" not in says(explained(section, rule), "en", "clinician")


def test_an_exclusion_that_was_read_in_part_is_not_said_to_exclude_all_that_was_read() -> None:
    said = says(explained(OUT, And((Presence("cond:stroke"), Opaque()))), "en", "patient")
    assert said.startswith("The study excludes some cases of: stroke.")


# What may change


@pytest.mark.parametrize(
    ("section", "expression", "expected"),
    [
        (IN, at_most("age", 70), Change.FIXED),
        (OUT, Number("age", Operator.GREATER, 70 * SCALE), Change.FIXED),
        (IN, at_least("age", 80), Change.MAY_CHANGE),
        (IN, at_most("lines", 2), Change.FIXED),
        (IN, at_least("lines", 4), Change.MAY_CHANGE),
        (IN, FEMALE, Change.FIXED),
        (IN, Code("diagnosis", frozenset({"disease:PCM"})), Change.FIXED),
        (IN, at_least("lab:hb", 8), Change.MAY_CHANGE),
        (OUT, Presence("class:car_t", register="therapy"), Change.FIXED),
        (OUT, Presence("class:systemic_therapy", window=within(4, PeriodUnit.WEEK)), Change.MAY_CHANGE),
        (IN, Presence("drug:lenalidomide", register="therapy"), Change.MAY_CHANGE),
        (OUT, Count("class:systemic_therapy", Operator.AT_LEAST, 1, "therapy"), Change.FIXED),
        (IN, Or((at_most("age", 70), at_least("lab:hb", 8))), Change.MAY_CHANGE),
    ],
)
def test_conflicts_that_are_fixed_and_that_may_change(
    section: Section, expression: Expression, expected: Change
) -> None:
    explanation = explained(section, expression)
    assert explanation.outcome is Outcome.CONFLICT
    assert explanation.change is expected


def test_hla_is_fixed_and_an_illness_without_time_is_left_open() -> None:
    facts = replace(
        FACTS,
        events=(Event(frozenset({"cond:hepatitis_b"}), source("hepatitis B")),),
        complete={"hla:A": source("typed at both alleles")},
    )
    assert explained(IN, Presence("hla:A*02:01", register="hla:A"), facts).change is Change.FIXED
    assert explained(OUT, Presence("cond:hepatitis_b"), facts).change is None


def with_end(last: date, going_on: bool = False) -> PatientFacts:
    day = last.toordinal()
    event = Event(
        frozenset({"class:systemic_therapy"}),
        source("bendamustine"),
        last=Interval(day, None) if going_on else Interval.exactly(day),
    )
    return PatientFacts(reference_day=TODAY, events=(event,))


WINDOWS = [
    Window(at_most=Period(amount, unit), at_most_strict=strict)
    for amount, unit in ((14, PeriodUnit.DAY), (4, PeriodUnit.WEEK), (1, PeriodUnit.MONTH), (6, PeriodUnit.MONTH))
    for strict in (False, True)
] + [Window(at_most=Period(2, PeriodUnit.YEAR)), Window(at_most=Period(36, PeriodUnit.HOUR))]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("last", [date(2026, 10, 31), date(2026, 10, 1), date(2026, 8, 31), date(2026, 5, 1)])
def test_the_day_of_a_washout_is_the_first_on_which_the_evaluator_says_so(window: Window, last: date) -> None:
    facts = with_end(last)
    expression = Presence("class:systemic_therapy", window=window, register="therapy")
    explanation = explained(OUT, expression, facts)
    if explanation.outcome is not Outcome.CONFLICT:
        assert explanation.free_from is None
        return
    free = explanation.free_from
    assert free is not None
    complete = replace(facts, complete={"therapy": source("the list is complete")})
    assert evaluate(expression, replace(complete, reference_day=free)).truth is FALSE
    assert evaluate(expression, replace(complete, reference_day=free - 1)).truth is not FALSE


def test_a_washout_of_four_weeks_by_hand() -> None:
    # last day 15 October; "within 4 weeks" still holds on 12 November, 28 days later
    window = within(4, PeriodUnit.WEEK)
    explanation = explained(OUT, Presence("class:systemic_therapy", window=window), with_end(date(2026, 10, 15)))
    assert explanation.free_from == date(2026, 11, 13).toordinal()
    assert "13 November 2026" in says(explanation, "en", "patient")
    assert "13 novembre 2026" in says(explanation, "it", "clinician")


def test_a_treatment_that_goes_on_has_no_day() -> None:
    window = within(4, PeriodUnit.WEEK)
    explanation = explained(OUT, Presence("class:systemic_therapy", window=window), with_end(date(2026, 11, 1), True))
    assert explanation.outcome is Outcome.CONFLICT
    assert explanation.free_from is None


def test_a_list_is_free_when_its_last_part_is() -> None:
    week, year = (Presence("class:systemic_therapy", window=within(1, u)) for u in (PeriodUnit.WEEK, PeriodUnit.YEAR))
    facts = with_end(date(2026, 10, 30))
    days = [explained(OUT, e, facts).free_from for e in (week, year)]
    assert explained(OUT, Or((week, year)), facts).free_from == max(d for d in days if d)
    assert explained(OUT, And((week, year)), facts).free_from == min(d for d in days if d)
    assert explained(OUT, Or((week, Presence("class:systemic_therapy"))), facts).free_from is None


def test_without_facts_there_is_no_day_and_with_an_endless_window_neither() -> None:
    facts = with_end(date(2026, 10, 30))
    near = Presence("class:systemic_therapy", window=within(1, PeriodUnit.WEEK))
    assert explain(Point(OUT, near), evaluate(near, facts), None).free_from is None
    endless = Presence("class:systemic_therapy", window=within(9000, PeriodUnit.YEAR))
    assert day_of_change(evaluate(endless, facts), facts) is None


def test_invented_points_are_all_explained() -> None:
    """On made-up facts, in every section and rendering: something is said, and it says the outcome's reason."""
    facts = replace(
        FACTS,
        measures={**FACTS.measures, "lab:anc": Measure(Interval.exactly(SCALE), source("ANC 1.0"))},
        codings={**FACTS.codings, "stage": Coding(frozenset({"III"}), source("stage III"))},
        absences=(*FACTS.absences, Absence(frozenset({"cond:stroke"}), source("no stroke"))),
    )
    reasons = set()
    for expression in many(300):
        for section in Section:
            explanation = explained(section, expression, facts)
            reasons.add(explanation.reason)
            for lang, register in RENDERINGS:
                assert says(explanation, lang, register).strip()
            if explanation.outcome is Outcome.UNKNOWN:
                assert explanation.causes
                assert explanation.change is None
    assert len(reasons) > 6
