"""Feasibility: every count is that of going through the patients one by one with the reference evaluator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kits import DAY, facts_of, records

from cartella.cohorts.writing import Form, write_cohort
from cartella.errors import UsageError
from cartella.explaining import Lang
from cartella.matching import check
from cartella.services import CatalogueSource
from cartella.services.cohorts import feasibility as use
from cartella.services.cohorts.running import Effort
from cartella.services.cohorts.work import Reading
from cartella.trials.criteria import Outcome

DRAFT = """Inclusion Criteria:
* Age 18 to 75 years
* CD19 positive
* ECOG performance status 0 or 1
* Platelets >= 75 x 10^9/L, or >= 50 x 10^9/L with bone marrow involvement
* Written informed consent

Exclusion Criteria:
* Prior CAR-T cell therapy
* Active hepatitis B
"""
PATIENTS = records(60, seed=3)
FACTS = [facts_of(record) for record in PATIENTS]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> use.FeasibilityAnswer:
    folder = tmp_path_factory.mktemp("feasibility")
    write_cohort(PATIENTS, Form.RECORDS, folder / "cohort.ndjson")
    (folder / "draft.txt").write_text(DRAFT)
    draft = use.draft_of(CatalogueSource(), str(folder / "draft.txt"))
    return use.feasibility(
        str(folder / "cohort.ndjson"), draft, Reading(DAY), folder / "out", Effort(workers=1, shard=17)
    )


def test_every_count_is_that_of_one_by_one(answer: use.FeasibilityAnswer) -> None:
    points = [answer.draft.points[number] for number in answer.protocol.judged]
    table = [[result.outcome for result in check(points, facts)] for facts in FACTS]
    ok, conflict, unknown = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN
    counts = answer.counts
    assert counts.patients == len(FACTS)
    for n in range(len(points)):
        assert counts.conflicts[n] == sum(row[n] is conflict for row in table)
        assert counts.unknowns[n] == sum(row[n] is unknown for row in table)
        assert counts.remaining[n] == sum(conflict not in row[: n + 1] for row in table)
        assert counts.certain[n] == sum(all(o is ok for o in row[: n + 1]) for row in table)
        others = [row[:n] + row[n + 1 :] for row in table]
        assert counts.only[n] == sum(
            row[n] is conflict and conflict not in rest for row, rest in zip(table, others, strict=True)
        )
        assert counts.only_unknown[n] == sum(
            row[n] is unknown and all(o is ok for o in rest) for row, rest in zip(table, others, strict=True)
        )
        assert counts.open[n] == sum(row[n] is unknown and conflict not in row for row in table)


def test_a_curve_says_what_the_changed_protocol_gives(answer: use.FeasibilityAnswer) -> None:
    """The criterion of ECOG is one comparison: for each bound the patients are counted by hand."""
    points = [answer.draft.points[number] for number in answer.protocol.judged]
    variants = answer.protocol.variants
    assert {variant.point for variant in variants} == {0, 2, 3}
    others = [[check([point], facts)[0].outcome for point in (*points[:2], *points[3:])] for facts in FACTS]
    for number, variant in enumerate(variants):
        if variant.point != 2:
            continue
        known = [facts.measures.get("ecog") for facts in FACTS]
        fits = [None if m is None else (m.value.high or 0) <= variant.bound for m in known]
        without = sum(fit is not False and Outcome.CONFLICT not in rest for fit, rest in zip(fits, others, strict=True))
        clean = sum(fit is True and set(rest) == {Outcome.OK} for fit, rest in zip(fits, others, strict=True))
        assert answer.counts.curve[number].tolist() == [without, clean]


def test_the_drafted_bound_is_on_every_curve_and_gives_the_protocol_itself(answer: use.FeasibilityAnswer) -> None:
    for curve in use.view(answer, "en").curves:
        assert curve.now.without_conflict == answer.counts.remaining[-1]
        assert curve.now.no_obstacle == answer.counts.certain[-1]
        assert curve.best.without_conflict >= curve.now.without_conflict


def test_what_is_not_read_is_named_and_left_out(answer: use.FeasibilityAnswer) -> None:
    seen = use.view(answer, "en")
    assert [number for number, _ in seen.unread] == [5]
    assert "informed consent" in seen.unread[0][1]
    assert [loss.number for loss in seen.losses] == [1, 2, 3, 4, 6, 7]


@pytest.mark.parametrize("lang", ["en", "it"])
def test_the_report_is_one_page_that_needs_nothing(answer: use.FeasibilityAnswer, lang: Lang) -> None:
    page = use.feasibility_html(answer, lang)
    assert page.startswith("<!doctype html>") and f'lang="{lang}"' in page
    assert "<script" not in page and "http" not in re.sub(r"<style>.*?</style>|http-equiv", "", page, flags=re.DOTALL)
    assert page.count("<svg") == 1 + len(use.view(answer, lang).curves)
    text = use.feasibility_text(answer, lang)
    assert ("Fattibilità di draft.txt" if lang == "it" else "Feasibility of draft.txt") in text


def test_csv_and_json_say_the_same(answer: use.FeasibilityAnswer) -> None:
    lines = use.point_csv(answer, "en").splitlines()
    found = use.feasibility_json(answer, "en")
    assert len(lines) == 1 + len(found["points"])
    assert lines[1].startswith(",".join(str(value) for value in list(found["points"][0].values())[:4]))
    assert sum(len(curve["values"]) for curve in found["curves"]) == len(use.curve_csv(answer, "en").splitlines()) - 1


def test_a_registered_trial_is_a_protocol_too() -> None:
    assert use.draft_of(CatalogueSource(), "NCT06096038").points


@pytest.mark.parametrize("asked", ["NCT00000000", "no-such-file.txt"])
def test_what_is_no_protocol_is_refused(asked: str) -> None:
    with pytest.raises(UsageError):
        use.draft_of(CatalogueSource(), asked)


def test_a_text_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text("\n\n")
    with pytest.raises(UsageError):
        use.draft_of(CatalogueSource(), str(tmp_path / "draft.txt"))
