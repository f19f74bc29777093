"""Presence: what the patient has or had. Absence is not denial."""

from __future__ import annotations

import pytest
from facts_in_short import absent, days_ago, event, facts, found, truth

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    Cause,
    Interval,
    Not,
    Period,
    PeriodUnit,
    Presence,
    Truth,
    Window,
    evaluate,
)

CHEMOTHERAPY = Presence("class:chemotherapy", register="therapy")
CYTARABINE = event("drug:cytarabine", "class:antimetabolite", "class:chemotherapy")
UNNAMED = event("class:chemotherapy", may_be=("drug:cytarabine", "drug:methotrexate"))


class TestAbsenceIsNotDenial:
    """Only a documented absence, or a list that the record declares complete, makes an absence known."""

    def test_what_is_not_in_the_record_is_unknown(self) -> None:
        assert found(CHEMOTHERAPY, facts()) == (UNKNOWN, {Cause.NOT_TOLD})

    def test_other_entries_say_nothing_of_it(self) -> None:
        assert found(CHEMOTHERAPY, facts(event("drug:rituximab"))) == (UNKNOWN, {Cause.NOT_TOLD})

    def test_a_documented_absence_is_a_no(self) -> None:
        assert truth(CHEMOTHERAPY, facts(absences=(absent("class:chemotherapy"),))) is FALSE

    def test_the_absence_of_a_class_is_the_absence_of_its_kinds(self) -> None:
        """An absence carries the concept that was named and all its kinds, not what is above it."""
        no_antimetabolite = facts(absences=(absent("class:antimetabolite", "drug:cytarabine", "drug:methotrexate"),))
        assert truth(Presence("drug:cytarabine"), no_antimetabolite) is FALSE
        assert truth(Presence("class:chemotherapy"), no_antimetabolite) is UNKNOWN

    def test_a_complete_list_without_it_is_a_no(self) -> None:
        assert truth(CHEMOTHERAPY, facts(event("drug:rituximab"), complete=["therapy"])) is FALSE

    def test_another_list_being_complete_says_nothing(self) -> None:
        assert truth(CHEMOTHERAPY, facts(complete=["medication", "procedure"])) is UNKNOWN

    def test_a_criterion_without_a_register_is_settled_by_a_documented_absence_only(self) -> None:
        infection = Presence("cond:infection")
        assert truth(infection, facts(complete=["therapy", "medication", "procedure"])) is UNKNOWN
        assert truth(infection, facts(absences=(absent("cond:infection"),))) is FALSE

    def test_what_rules_it_out_is_shown(self) -> None:
        patient = facts(absences=(absent("class:chemotherapy"),), complete=["therapy"])
        words = [source.words for source in evaluate(CHEMOTHERAPY, patient).sources]
        assert words == ["no class:chemotherapy", "all of therapy"]


class TestWhatAnEventIs:
    """An event is certainly some concepts, and may be others."""

    def test_a_drug_is_its_classes_too(self) -> None:
        assert truth(CHEMOTHERAPY, facts(CYTARABINE)) is TRUE

    def test_a_class_may_be_any_of_its_drugs(self) -> None:
        assert found(Presence("drug:cytarabine"), facts(UNNAMED)) == (UNKNOWN, {Cause.IMPRECISE})

    def test_a_complete_list_does_not_settle_what_an_entry_of_it_may_be(self) -> None:
        node = Presence("drug:cytarabine", register="therapy")
        assert found(node, facts(UNNAMED, complete=["therapy"])) == (UNKNOWN, {Cause.IMPRECISE})

    def test_a_complete_list_settles_what_no_entry_may_be(self) -> None:
        node = Presence("drug:rituximab", register="therapy")
        assert truth(node, facts(UNNAMED, complete=["therapy"])) is FALSE

    def test_a_documented_absence_settles_what_an_imprecise_entry_is_not(self) -> None:
        """Chemotherapy without names, but never cytarabine: the one statement does not make the other doubtful."""
        patient = facts(UNNAMED, absences=(absent("drug:cytarabine"),))
        assert truth(Presence("drug:cytarabine"), patient) is FALSE
        assert truth(CHEMOTHERAPY, patient) is TRUE

    def test_one_certain_event_is_enough(self) -> None:
        patient = facts(UNNAMED, CYTARABINE)
        trace = evaluate(Presence("drug:cytarabine"), patient)
        assert trace.truth is TRUE
        assert [source.words for source in trace.sources] == ["drug:cytarabine"]


class TestTraits:
    """A trait is stated true, stated false, or not stated."""

    @pytest.mark.parametrize(
        ("stated", "asked", "expected"),
        [
            ({"active": True}, {"active"}, TRUE),
            ({"active": False}, {"active"}, FALSE),
            ({}, {"active"}, UNKNOWN),
            ({"active": True}, {"!active"}, FALSE),
            ({"active": False}, {"!active"}, TRUE),
            ({}, {"!active"}, UNKNOWN),
            ({"active": True, "severe": True}, {"active", "severe"}, TRUE),
            ({"active": True}, {"active", "severe"}, UNKNOWN),
            ({"active": False}, {"active", "severe"}, FALSE),
            ({"active": True, "severe": False}, {"active", "!severe"}, TRUE),
        ],
        ids=lambda value: repr(value) if isinstance(value, dict | set) else value.name,
    )
    def test_a_trait_of_the_only_infection(self, stated: dict[str, bool], asked: set[str], expected: Truth) -> None:
        patient = facts(
            event("cond:infection", traits=stated), event("drug:rituximab", traits={"active": True}), complete=["cond"]
        )
        assert truth(Presence("cond:infection", frozenset(asked), register="cond"), patient) is expected

    def test_a_controlled_infection_does_not_deny_another_one(self) -> None:
        """No list of conditions is complete here: there may be an active infection that was not told."""
        patient = facts(event("cond:infection", traits={"active": False}))
        assert found(Presence("cond:infection", frozenset({"active"})), patient) == (UNKNOWN, {Cause.NOT_TOLD})

    def test_an_unstated_trait_is_an_imprecise_fact(self) -> None:
        patient = facts(event("cond:infection"))
        assert found(Presence("cond:infection", frozenset({"active"})), patient) == (UNKNOWN, {Cause.IMPRECISE})

    def test_asking_for_false_is_not_denying_the_presence(self) -> None:
        """An infection that is not active is there; that no infection is active is another question."""
        patient = facts(
            event("cond:infection", traits={"active": False}), event("cond:infection", traits={"active": True})
        )
        assert truth(Presence("cond:infection", frozenset({"!active"})), patient) is TRUE
        assert truth(Not(Presence("cond:infection", frozenset({"active"}))), patient) is FALSE


class TestWindows:
    """A window asks when it was last active; a day that is known only roughly is an interval of days."""

    WITHIN_FOUR_WEEKS = Presence(
        "class:chemotherapy", window=Window(at_most=Period(4, PeriodUnit.WEEK)), register="therapy"
    )

    @pytest.mark.parametrize(
        ("last", "expected"),
        [
            (days_ago(0), TRUE),
            (days_ago(28), TRUE),
            (days_ago(29), FALSE),
            (days_ago(20, 28), TRUE),
            (days_ago(20, 29), UNKNOWN),
            (days_ago(29, 60), FALSE),
            (days_ago(-5), TRUE),
            (Interval(), UNKNOWN),
            (Interval(None, days_ago(29).low), FALSE),
            (Interval(None, days_ago(28).low), UNKNOWN),
            (Interval(days_ago(28).low, None), TRUE),
            (Interval(days_ago(29).low, None), UNKNOWN),
        ],
    )
    def test_chemotherapy_within_four_weeks(self, last: Interval, expected: Truth) -> None:
        patient = facts(event("class:chemotherapy", last=last), complete=["therapy"])
        assert truth(self.WITHIN_FOUR_WEEKS, patient) is expected

    def test_an_old_treatment_does_not_deny_a_recent_one(self) -> None:
        patient = facts(event("class:chemotherapy", last=days_ago(300)))
        assert found(self.WITHIN_FOUR_WEEKS, patient) == (UNKNOWN, {Cause.NOT_TOLD})

    def test_one_event_must_be_all_that_is_asked(self) -> None:
        """A recent mild one and an old severe one are not a recent severe one."""
        node = Presence(
            "cond:cytokine_release_syndrome", frozenset({"severe"}), Window(at_most=Period(1, PeriodUnit.MONTH)), "cond"
        )
        recent = event("cond:cytokine_release_syndrome", traits={"severe": False}, last=days_ago(10))
        old = event("cond:cytokine_release_syndrome", traits={"severe": True}, last=days_ago(400))
        assert truth(node, facts(recent, old, complete=["cond"])) is FALSE

    def test_what_is_out_of_the_window_is_settled_even_if_what_it_was_is_not(self) -> None:
        node = Presence("drug:cytarabine", window=Window(at_most=Period(4, PeriodUnit.WEEK)), register="therapy")
        old = event("class:chemotherapy", may_be=("drug:cytarabine",), last=days_ago(300))
        assert truth(node, facts(old, complete=["therapy"])) is FALSE
