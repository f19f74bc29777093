"""Codes, text that was not read, and the nodes above others; what a point makes of the truth."""

from __future__ import annotations

from itertools import product

import pytest
from facts_in_short import absent, coding, event, facts, found, truth

from cartella.logic import (
    FALSE,
    TRUE,
    UNKNOWN,
    And,
    AtLeast,
    Cause,
    Code,
    Coding,
    Expression,
    If,
    Not,
    Opaque,
    Or,
    Presence,
    Source,
    Span,
    Truth,
    Unread,
    evaluate,
    numbered,
)
from cartella.logic.truth import AND, NOT, OR
from cartella.trials.criteria import Outcome, Point, Section

YES, NO, OPEN = Presence("cond:yes"), Presence("cond:no"), Presence("cond:open")
PATIENT = facts(event("cond:yes"), absences=(absent("cond:no"),))
ATOMS: dict[Truth, Expression] = {TRUE: YES, FALSE: NO, UNKNOWN: OPEN}
LYMPHOMA = Code("diagnosis", frozenset({"disease:DLBCLNOS", "disease:FL", "disease:MCL"}))


class TestCode:
    """A coded value is one of a set of possible codes."""

    @pytest.mark.parametrize(
        ("possible", "expected"),
        [
            ({"disease:FL"}, TRUE),
            ({"disease:FL", "disease:MCL"}, TRUE),
            ({"disease:CLL"}, FALSE),
            ({"disease:CLL", "disease:AML"}, FALSE),
            ({"disease:CLL", "disease:MCL"}, UNKNOWN),
        ],
        ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else value.name,
    )
    def test_is_settled_only_if_every_possible_code_agrees(self, possible: set[str], expected: Truth) -> None:
        assert truth(LYMPHOMA, facts(codings={"diagnosis": coding(*possible)})) is expected

    def test_says_why_it_is_unknown(self) -> None:
        assert found(LYMPHOMA, facts()) == (UNKNOWN, {Cause.NOT_TOLD})
        imprecise = facts(codings={"diagnosis": coding("disease:CLL", "disease:FL")})
        assert found(LYMPHOMA, imprecise) == (UNKNOWN, {Cause.IMPRECISE})

    def test_an_antigen_measured_before_the_therapy_against_it_is_out_of_date(self) -> None:
        positive = Code("antigen:CD19", frozenset({"positive"}))
        assert found(positive, facts(codings={"antigen:CD19": coding("positive", stale=True)})) == (
            UNKNOWN,
            {Cause.OUT_OF_DATE},
        )

    def test_no_possible_code_at_all_cannot_be_written(self) -> None:
        """It would be inside every set and outside every set: a yes and a no at once."""
        with pytest.raises(ValueError, match="at least one possible code"):
            Coding(frozenset(), Source("record", "nothing"))


class TestOpaque:
    """Text without a meaning for the program is never settled by any fact."""

    @pytest.mark.parametrize(
        ("why", "cause"),
        [(Unread.NOT_UNDERSTOOD, Cause.NOT_UNDERSTOOD), (Unread.JUDGEMENT, Cause.JUDGEMENT)],
    )
    def test_is_always_unknown(self, why: Unread, cause: Cause) -> None:
        assert found(Opaque(why), PATIENT) == (UNKNOWN, {cause})
        assert found(Not(Opaque(why)), PATIENT) == (UNKNOWN, {cause})

    def test_keeps_all_that_it_is_part_of_from_coming_out_clean(self) -> None:
        assert truth(And((YES, Opaque())), PATIENT) is UNKNOWN

    def test_does_not_hide_what_was_read(self) -> None:
        assert truth(And((NO, Opaque())), PATIENT) is FALSE
        assert truth(Or((YES, Opaque())), PATIENT) is TRUE


class TestNodesAboveOthers:
    """They say what the tables say."""

    def test_not_and_or(self) -> None:
        for left, right in product(ATOMS, repeat=2):
            pair = (ATOMS[left], ATOMS[right])
            assert truth(And(pair), PATIENT) is AND[left, right]
            assert truth(Or(pair), PATIENT) is OR[left, right]
            assert truth(Not(pair[0]), PATIENT) is NOT[left]

    def test_if_passes_those_whom_it_does_not_concern(self) -> None:
        expected = {
            (TRUE, TRUE): TRUE,
            (TRUE, UNKNOWN): UNKNOWN,
            (TRUE, FALSE): FALSE,
            (UNKNOWN, TRUE): TRUE,
            (UNKNOWN, UNKNOWN): UNKNOWN,
            (UNKNOWN, FALSE): UNKNOWN,
            (FALSE, TRUE): TRUE,
            (FALSE, UNKNOWN): TRUE,
            (FALSE, FALSE): TRUE,
        }
        assert {
            (condition, then): truth(If(ATOMS[condition], ATOMS[then]), PATIENT)
            for condition, then in product(ATOMS, repeat=2)
        } == expected

    @pytest.mark.parametrize(
        ("count", "items", "expected"),
        [
            (2, (YES, YES, NO), TRUE),
            (2, (YES, OPEN, NO), UNKNOWN),
            (2, (YES, NO, NO), FALSE),
            (2, (OPEN, OPEN, NO), UNKNOWN),
            (3, (YES, YES, OPEN), UNKNOWN),
            (3, (YES, YES, NO), FALSE),
            (0, (NO, NO), TRUE),
        ],
    )
    def test_at_least_some_of_several(self, count: int, items: tuple[Expression, ...], expected: Truth) -> None:
        assert truth(AtLeast(count, items), PATIENT) is expected

    def test_an_exception_is_part_of_the_tree(self) -> None:
        """ "ALT at most 3, at most 5 if the liver is involved", with the exception open and the first part failed."""
        assert truth(Or((NO, And((OPEN, YES)))), PATIENT) is UNKNOWN
        assert truth(Or((NO, And((NO, YES)))), PATIENT) is FALSE

    def test_causes_are_those_of_the_unknown_parts(self) -> None:
        judgement = Opaque(Unread.JUDGEMENT)
        assert found(And((YES, OPEN, judgement)), PATIENT) == (UNKNOWN, {Cause.NOT_TOLD, Cause.JUDGEMENT})
        assert found(And((NO, OPEN, judgement)), PATIENT) == (FALSE, frozenset())

    def test_a_trace_has_the_shape_and_the_ids_of_the_expression(self) -> None:
        node = And((Not(YES), If(OPEN, Or((NO, YES)))))
        trace = evaluate(node, PATIENT)
        assert [identifier for identifier, _ in numbered(node)] == [
            "0",
            "0.0",
            "0.0.0",
            "0.1",
            "0.1.0",
            "0.1.1",
            "0.1.1.0",
            "0.1.1.1",
        ]
        assert trace.parts[1].parts[1].parts[0].identifier == "0.1.1.0"
        assert trace.parts[1].parts[1].parts[0].node is NO

    def test_equal_meanings_are_equal_nodes_wherever_they_stand(self) -> None:
        assert Presence("cond:yes", span=Span(0, 5)) == Presence("cond:yes", span=Span(90, 95))


class TestPolarity:
    """The expression says what the patient has; a point says whether that is wanted."""

    @pytest.mark.parametrize(
        ("section", "value", "outcome"),
        [
            (Section.INCLUSION, TRUE, Outcome.OK),
            (Section.INCLUSION, FALSE, Outcome.CONFLICT),
            (Section.INCLUSION, UNKNOWN, Outcome.UNKNOWN),
            (Section.EXCLUSION, TRUE, Outcome.CONFLICT),
            (Section.EXCLUSION, FALSE, Outcome.OK),
            (Section.EXCLUSION, UNKNOWN, Outcome.UNKNOWN),
        ],
    )
    def test_of_a_point(self, section: Section, value: Truth, outcome: Outcome) -> None:
        assert Point(section, YES).outcome(value) is outcome

    def test_an_exclusion_is_an_inclusion_of_the_negation(self) -> None:
        for node in (YES, NO, OPEN, And((YES, OPEN)), Opaque()):
            excluded = Point(Section.EXCLUSION, node)
            included = Point(Section.INCLUSION, Not(node))
            assert excluded.outcome(truth(node, PATIENT)) is included.outcome(truth(Not(node), PATIENT))

    def test_text_that_was_not_read_is_never_a_conflict_and_never_ok(self) -> None:
        for section in Section:
            assert Point(section, Opaque()).outcome(truth(Opaque(), PATIENT)) is Outcome.UNKNOWN
