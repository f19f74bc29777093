"""Treatments in records: drugs, regimens, lines, completeness, refractoriness, steroids."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from patient_facts import days, event, has, messages, number, of

from cartella.logic import FALSE, SCALE, TRUE, UNKNOWN, Interval, Period, PeriodUnit, Presence, Window, evaluate


def therapies(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"therapies": list(entries), **more}


def test_a_regimen_is_its_parts_and_their_classes() -> None:
    facts = of(therapies=[{"name": "R-CHOP", "start": "2024-03-01", "end": "2024-07-15"}])[0]
    for concept in ("regimen:R-CHOP", "drug:doxorubicin", "class:anthracycline", "class:anti_cd20_antibody"):
        assert has(facts, concept) is TRUE
    assert event(facts, "regimen:R-CHOP").last == days("2024-07-15", "2024-07-15")


def test_italian_and_brand_names() -> None:
    facts = of(therapies=["ciclofosfamide", "Keytruda"])[0]
    assert has(facts, "drug:cyclophosphamide") is TRUE
    assert has(facts, "drug:pembrolizumab") is TRUE


def test_a_chemotherapy_without_names_may_be_any() -> None:
    facts = of(therapies=[{"name": "XQ-99 induction chemotherapy", "start": "2024-01-01", "end": "2024-03-01"}])[0]
    assert has(facts, "class:chemotherapy") is TRUE
    assert has(facts, "drug:cytarabine") is UNKNOWN


def test_a_medicine_that_nobody_knows_leaves_questions_open() -> None:
    known = of(medicines=["metformin 500 mg"], complete=["medication"])[0]
    assert has(known, "class:immunosuppressant", register="medication") is FALSE
    unknown, report = of(medicines=["zorbifenol"], complete=["medication"])
    assert has(unknown, "class:immunosuppressant", register="medication") is UNKNOWN
    assert "medicine_unknown" in messages(report, "ambiguous")


def test_planned_and_not_given_treatments_are_no_facts() -> None:
    facts, report = of(procedures=["allogeneic stem cell transplant planned for December 2026"])
    assert has(facts, "class:allogeneic_hsct") is UNKNOWN
    assert "planned" in messages(report, "ignored")


def test_no_immunosuppression_since_a_day() -> None:
    facts = of(medicines=["no immunosuppression since 2026-07-01"])[0]

    def within(weeks: int) -> object:
        window = Window(at_most=Period(weeks, PeriodUnit.WEEK))
        return evaluate(Presence("class:immunosuppressant", window=window, register="medication"), facts).truth

    stopped = event(facts, "class:immunosuppressant")
    assert stopped.last == Interval(None, days("2026-07-01", "2026-07-01").high)
    assert within(4) is UNKNOWN  # the list is not complete: another one may be taken


STEROIDS = [
    ("prednisone 15 mg daily", Fraction(15)),
    ("dexamethasone 8 mg daily", Fraction(160, 3)),
    ("dexamethasone 2 mg twice daily", Fraction(80, 3)),
    ("methylprednisolone 16 mg/die", Fraction(20)),
    ("prednisone 5 mg every other day", Fraction(5, 2)),
    ("prednisone 0.02 g daily", Fraction(20)),
]


@pytest.mark.parametrize(("text", "dose"), STEROIDS)
def test_steroid_dose(text: str, dose: Fraction) -> None:
    value = of(medicines=[text])[0].measures["steroid_dose"].value
    assert value == Interval.exactly(round(dose * SCALE))


def test_the_same_steroid_written_twice_counts_once() -> None:
    facts = of(medicines=["dexamethasone 2 mg daily"], findings={"dexamethasone": "2 mg daily, stable for 10 days"})[0]
    assert facts.measures["steroid_dose"].value == Interval.exactly(round(Fraction(40, 3) * SCALE))


def test_a_steroid_on_the_skin_is_not_systemic() -> None:
    facts = of(medicines=["hydrocortisone cream"], complete=["medication"])[0]
    assert has(facts, "class:systemic_corticosteroid", register="medication") is FALSE
    assert number(facts, "steroid_dose") == 0


def test_no_steroid_in_an_open_list_says_nothing() -> None:
    assert "steroid_dose" not in of(medicines=["ramipril 5 mg"])[0].measures


CURATED = therapies(
    {"name": "R-CHOP", "start": "2024-03-01", "end": "2024-07-15", "line": 1},
    {"name": "R-DHAP", "start": "2026-01-10", "end": "2026-03-20", "line": 2},
    lines=2,
)


def test_a_curated_summary_is_complete_and_says_so() -> None:
    facts, report = of(**CURATED)
    assert set(facts.complete) == {"therapy", "procedure", "medication"}
    assert messages(report, "assumed").count("complete_by_lines") == 3
    assert has(facts, "class:car_t", register="therapy") is FALSE


def test_lines_that_are_not_accounted_for_leave_the_lists_open() -> None:
    facts = of(**{**CURATED, "lines": 3})[0]
    assert facts.complete == {}


def test_the_caller_decides_on_completeness() -> None:
    from patient_facts import DAY

    from cartella.patients import read_record

    assert read_record(CURATED, DAY, complete=[])[0].complete == {}
    assert set(read_record({"lines": 1}, DAY, complete=["therapy"])[0].complete) == {"therapy"}


def test_lines_are_counted_where_none_are_stated() -> None:
    counted = of(therapies=CURATED["therapies"])[0].measures["lines"]
    assert counted.value == Interval.exactly(2 * SCALE)
    assert counted.source.derived
    gap = of(therapies=[{"name": "FOLFOX", "line": 3, "start": "2025-01-01", "end": "2025-06-01"}])[0]
    assert gap.measures["lines"].value == Interval(3 * SCALE, None)


MYELOMA = {
    "therapies": [
        {"name": "bortezomib, lenalidomide", "start": "2020-01-01", "end": "2020-06-01", "line": 1},
        {"name": "carfilzomib, dexamethasone", "start": "2026-01-01", "end": "2026-09-10", "line": 2},
    ]
}


def test_progression_within_sixty_days_makes_the_last_regimen_refractory() -> None:
    note = "relapsed, progressive disease within 60 days of last therapy"
    facts = of(diagnosis={"name": "Multiple myeloma", "note": note}, **MYELOMA)[0]
    assert has(facts, "drug:carfilzomib", "refractory") is TRUE
    assert has(facts, "drug:bortezomib", "refractory") is UNKNOWN


def test_progression_after_a_year_does_not() -> None:
    note = "progressive disease within 12 months of last therapy"
    facts = of(diagnosis={"name": "Multiple myeloma", "note": note}, **MYELOMA)[0]
    assert has(facts, "drug:carfilzomib", "refractory") is UNKNOWN


def test_refractory_to_named_drugs() -> None:
    facts = of(findings={"refractory to": "bortezomib and lenalidomide"}, **MYELOMA)[0]
    assert has(facts, "class:proteasome_inhibitor", "refractory") is TRUE
    assert has(facts, "class:immunomodulatory_agent", "refractory") is TRUE
    assert has(facts, "drug:carfilzomib", "refractory") is UNKNOWN


def test_refractory_to_a_regimen_or_to_a_part_of_one() -> None:
    both = [{"name": "ipilimumab and nivolumab", "start": "2025-01-10", "end": "2025-04-01"}]
    facts = of(diagnosis={"name": "Melanoma", "note": "progressed on ipilimumab/nivolumab"}, therapies=both)[0]
    assert has(facts, "class:pd1_inhibitor", "refractory") is TRUE
    assert event(facts, "drug:nivolumab").last == days("2025-04-01", "2025-04-01")
    part = of(findings={"refractory to": "oxaliplatin"}, therapies=[{"name": "FLOT", "end": "2025-04-01"}])[0]
    assert has(part, "class:platinum", "refractory") is TRUE
    assert has(part, "class:taxane", "refractory") is UNKNOWN
    assert all(e.last.high == days("2025-04-01", "2025-04-01").high for e in part.events)


def test_a_transplant_named_in_passing_counts_only_without_its_own_entry() -> None:
    note = {"last response": "relapse 5 months after autologous transplant, biopsy-proven on 2026-10-05"}
    alone = of(findings=note)[0]
    assert has(alone, "class:autologous_hsct") is TRUE
    assert event(alone, "state:biopsy_proven").last == days("2026-10-05", "2026-10-05")
    dated = of(findings=note, procedures=[{"name": "autologous transplant", "date": "2026-05-08"}])[0]
    assert event(dated, "class:autologous_hsct").last == days("2026-05-08", "2026-05-08")


def test_procedures() -> None:
    facts = of(
        procedures=[
            {"name": "radiotherapy 60 Gy to the brain", "date": "2025-08-30"},
            {"name": "major abdominal surgery", "date": "2026-10-15"},
            {"name": "liver biopsy", "date": "2026-10-20"},
        ]
    )[0]
    assert has(facts, "class:radiotherapy", "brain") is TRUE
    assert has(facts, "class:major_surgery") is TRUE
    assert event(facts, "class:surgery").last == days("2026-10-15", "2026-10-15")


def test_an_operation_of_unknown_size_may_be_major() -> None:
    facts = of(procedures=[{"name": "surgery on the primary tumour", "date": "2025-06-15"}])[0]
    assert has(facts, "class:surgery") is TRUE
    assert has(facts, "class:major_surgery") is UNKNOWN
