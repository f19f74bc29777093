"""The cases that domain people write: every YAML file in this folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from case_files import FOLDER, Case, cases_in, same_summary, summary

from cartella.logic import (
    SCALE,
    And,
    Code,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Presence,
    Trace,
    Window,
    evaluate,
)
from cartella.patients import read_record
from cartella.reading import read_criteria
from cartella.trials.criteria import Outcome, Point

CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in cases_in(path)]


def parameters() -> list[object]:
    """One test per case; a case that is known not to work yet must fail, so that its mark is taken off in time."""
    return [
        pytest.param(
            case,
            id=f"{case.file}:{case.identifier}",
            marks=[pytest.mark.xfail(reason=case.not_yet, strict=True, raises=AssertionError)] if case.not_yet else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", parameters())
def test_case(case: Case) -> None:
    facts, _ = read_record(dict(case.patient), case.as_of)
    points = [point for point in read_criteria(case.text).points if point.cohort in (None, case.cohort)]
    results = [
        (point, trace, point.outcome(trace.truth)) for point in points for trace in [evaluate(point.expression, facts)]
    ]
    told = "\n".join(
        [f"{case.file}:{case.identifier}", f"  {case.criterion}", *(line for r in results for line in lines(case, *r))]
    )
    assert points, f"{told}\n  no point was read from it"
    found = overall([outcome for _, _, outcome in results])
    assert found is case.outcome, f"{told}\n  expected {case.outcome.value}, found {found.value}. {case.because}"
    if case.expression is not None:
        read = " | ".join(summary(point.expression) for point in points)
        assert same_summary(case.expression, read), (
            f"{told}\n  expected the meaning  {case.expression}\n  but it was read as    {read}"
        )


def overall(outcomes: list[Outcome]) -> Outcome:
    """What several points say together: a conflict stands out, and what is unknown keeps it from being ok."""
    return next((kind for kind in (Outcome.CONFLICT, Outcome.UNKNOWN) if kind in outcomes), Outcome.OK)


def lines(case: Case, point: Point, trace: Trace, outcome: Outcome) -> list[str]:
    """What was made of one point, for a person to read."""
    quote = case.text[point.span.start : point.span.end].strip() if point.span else ""
    causes = ", ".join(sorted(cause.value for cause in trace.causes))
    facts = "; ".join(source.words or source.path for source in trace.sources)
    return [
        f"  read as   {summary(point.expression)}   (from '{quote}')",
        f"  outcome   {outcome.value}{f' because {causes}' if causes else ''}{f'; facts: {facts}' if facts else ''}",
    ]


def test_every_case_has_an_id_of_its_own() -> None:
    names = Counter((case.file, case.identifier) for case in CASES)
    assert CASES
    assert not [name for name, number in names.items() if number > 1]


class TestTheFormat:
    """The reader of case files and the one-line summary."""

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("- 1", "has the keys"),
            ("as_of: 2026-11-01\ncases:\n- {id: a, outcom: ok}", "unknown keys ..outcom"),
            ("as_of: 2026-11-01\ncases:\n- {id: a}", "lacks .*criterion"),
            (
                "as_of: 2026-11-01\ncases:\n- {id: a, criterion: b, section: inclusion, patient: {}, outcome: fits}",
                "'fits' is not a valid Outcome",
            ),
        ],
    )
    def test_refuses_what_is_not_written_as_the_format_asks(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "wrong.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            list(cases_in(path))

    def test_sums_up_an_expression(self) -> None:
        alt = Number("lab:alt.uln", Operator.AT_MOST, 5 * SCALE // 2)
        recent = Presence(
            "cond:infection", frozenset({"active", "!severe"}), Window(at_most=Period(1, PeriodUnit.MONTH))
        )
        node = Or((alt, And((Not(recent), Code("sex", frozenset({"male"})), Opaque()))))
        assert summary(node) == (
            "lab:alt.uln <= 2.5 or "
            "(not cond:infection (!severe, active) within 1 month and sex in male and [not understood])"
        )

    def test_compares_summaries_with_wildcards(self) -> None:
        assert same_summary("a  and\n b", "a and b")
        assert same_summary("diagnosis in ... MCL", "diagnosis in FL, MCL")
        assert not same_summary("a", "a and b")

    def test_several_points_together(self) -> None:
        assert overall([Outcome.OK, Outcome.UNKNOWN]) is Outcome.UNKNOWN
        assert overall([Outcome.OK, Outcome.UNKNOWN, Outcome.CONFLICT]) is Outcome.CONFLICT
        assert overall([Outcome.OK]) is Outcome.OK
