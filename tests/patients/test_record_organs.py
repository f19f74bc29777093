"""What one measurement of an organ says of another, and that it says so."""

from __future__ import annotations

from patient_facts import of

from cartella.logic import SCALE, Interval


def test_clearance_and_filtration_stand_for_each_other_within_a_tenth() -> None:
    facts = of(laboratory={"creatinine clearance": "50 mL/min"})[0]
    estimated = facts.measures["lab:egfr"]
    assert estimated.value == Interval(45 * SCALE, 55 * SCALE)
    assert estimated.source.derived
    facts = of(laboratory={"eGFR": "60 mL/min/1.73m2"})[0]
    assert facts.measures["lab:crcl"].value == Interval(54 * SCALE, 66 * SCALE)


def test_what_is_stated_comes_before_what_is_estimated() -> None:
    facts = of(laboratory={"creatinine clearance": "50 mL/min", "eGFR": "70 mL/min/1.73m2"})[0]
    assert facts.measures["lab:egfr"].value == Interval.exactly(70 * SCALE)
    assert facts.measures["lab:crcl"].value == Interval.exactly(50 * SCALE)


def test_a_named_formula_gives_the_corrected_interval() -> None:
    facts = of(laboratory={"QTcF": "452 ms"})[0]
    assert facts.measures["lab:qtc"].value == Interval.exactly(452 * SCALE)


def test_well_saturated_on_room_air_is_not_dependent_on_oxygen() -> None:
    def absent(name: str, value: str) -> bool:
        facts = of(laboratory={name: value})[0]
        return any("cond:oxygen_dependence" in a.concepts for a in facts.absences)

    assert absent("oxygen saturation on room air", "96 %")
    assert not absent("oxygen saturation on room air", "90 %")
    assert not absent("oxygen saturation", "96 %")


def test_metastases_that_are_denied() -> None:
    facts = of(absent=["liver metastases", "bone marrow involvement"])[0]
    denied = frozenset[str]().union(*(a.concepts for a in facts.absences))
    assert {"site:liver", "site:bone_marrow"} <= denied
