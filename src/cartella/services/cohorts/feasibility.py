"""A draft protocol, or a registered trial, against a cohort: `cartella feasibility`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cartella.cohorts import Cohort, CohortReport, Part
from cartella.errors import InputError, UsageError, Where, Words
from cartella.explaining import FeasibilityView, Lang, PointLoss, name, render_feasibility, words
from cartella.explaining.feasibility import Curve, CurvePoint, bound_text
from cartella.explaining.feasibility import render_text as render_feasibility_text
from cartella.matching.bulk.columns import Columns
from cartella.matching.feasibility import Counts, Protocol, bounds_from, numbers_of, protocol_of
from cartella.matching.shards import put
from cartella.reading import read_criteria
from cartella.services.cohorts.match import csv_text
from cartella.services.cohorts.running import (
    Effort,
    carry_out,
    check_day,
    finish,
    opened_cohort,
    prepare_folder,
    require_patients,
    run_key,
    scratch,
)
from cartella.services.cohorts.work import FeasibilityTask, Reading
from cartella.services.sources import Source
from cartella.services.studies import is_number
from cartella.trials.criteria import Point

FIRST = 500
"""Patients from whom the range of each curve is taken."""


@dataclass(frozen=True)
class Draft:
    """The points of a protocol, with the text that they come from, if it is at hand."""

    title: str
    points: tuple[Point, ...]
    text: str | None


@dataclass(frozen=True)
class FeasibilityAnswer:
    """What a protocol costs in a cohort."""

    draft: Draft
    protocol: Protocol
    counts: Counts
    report: CohortReport
    columns: tuple[str, ...]
    failures: dict[int, str]


def draft_of(source: Source, asked: str) -> Draft:
    """The protocol that was named: a file with criteria, or the number of a trial."""
    path = Path(asked)
    if not path.exists() and is_number(asked):
        entry = source.entry(asked.upper())
        if entry is None:
            raise UsageError(
                Words("The trial is not there.", "Lo studio non c'è."),
                where=Where(asked),
                next_step=Words("Check the number, or name a file.", "Controllare il numero, o indicare un file."),
            )
        return Draft(entry.id, entry.points, source.text(entry.id))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Words("The criteria cannot be read.", "I criteri non si possono leggere."),
            where=Where(asked),
            why=Words(type(error).__name__, type(error).__name__),
            next_step=Words(
                "Name a text file with the criteria, or a trial (NCT...).",
                "Indicare un file di testo con i criteri, o uno studio (NCT...).",
            ),
        ) from None
    points = read_criteria(text).points
    if not points:
        raise UsageError(
            Words("The text asks nothing.", "Il testo non chiede nulla."),
            where=Where(asked),
            next_step=Words(
                "Write the criteria as a list below 'Inclusion Criteria:' and 'Exclusion Criteria:'.",
                "Scrivere i criteri come elenco sotto 'Inclusion Criteria:' ed 'Exclusion Criteria:'.",
            ),
        )
    return Draft(path.name, points, text)


def feasibility(
    cohort_name: str, draft: Draft, reading: Reading, folder: Path | None = None, effort: Effort | None = None
) -> FeasibilityAnswer:
    """Hold a protocol against a cohort. `folder` gets what the command shows, as CSV, and the manifest."""
    effort = effort or Effort()
    with scratch(folder) as work:
        cohort = opened_cohort(cohort_name, effort, work)
        check_day(cohort, reading.as_of)
        if not cohort.parts:
            raise InputError(Words("The cohort is empty.", "La coorte è vuota."), where=Where(cohort_name))
        protocol = protocol_of(draft.points, bounds_from(_first_patients(cohort, reading), draft.points))
        key = run_key("feasibility", protocol.compiled.key, cohort.key, reading.as_of, reading.complete, effort.shard)
        about = {
            "cohort": Path(cohort_name).name,
            "protocol": draft.title,
            "reference_day": reading.as_of.isoformat(),
            "complete": reading.complete,
            "patients_in_a_shard": effort.shard,
        }
        target = (folder or work / "out").resolve()
        prepare_folder(target, key, about)
        run = carry_out(FeasibilityTask(protocol, reading, str(target), key), cohort, target, key, effort)
        counts = Counts.none(protocol)
        for found in run.results():
            counts.add(Counts.from_json(found["counts"]))
        answer = FeasibilityAnswer(draft, protocol, counts, run.report(), cohort.columns, run.failures)
        require_patients(answer.report, cohort_name, run.failures)
        if folder is not None:
            put(folder / "report.json", answer.report.to_json())
            finish(run, folder, about)
    return answer


def _first_patients(cohort: Cohort, reading: Reading) -> list[Columns]:
    """The first patients of a cohort, from as many parts as it takes."""
    found: list[Columns] = []
    for part in cohort.parts:
        found.append(reading.columns(_beginning(part))[0])
        if sum(map(len, found)) >= FIRST:
            break
    return found


def _beginning(part: Part) -> Part:
    """The first patients of a part that can be cut by patients; a part of lines is cut by bytes and taken whole."""
    if part.files:
        return replace(part, files=part.files[:FIRST])
    if part.form in ("facts", "rows"):
        return replace(part, stop=min(part.stop, part.start + FIRST))
    return replace(part, stop=_after_lines(part))


def _after_lines(part: Part) -> int:
    place = part.start
    with Path(part.path).open("rb") as file:
        file.seek(place)
        for _ in range(FIRST):
            line = file.readline()
            if not line or place >= part.stop:
                break
            place += len(line)
    return min(place, part.stop)


def view(answer: FeasibilityAnswer, lang: Lang) -> FeasibilityView:
    """The answer in words, for a page."""
    counts, protocol = answer.counts, answer.protocol
    losses = []
    for position, number in enumerate(protocol.judged):
        point = answer.draft.points[number]
        losses.append(
            PointLoss(
                number=number + 1,
                wanted=point.section.value == "inclusion",
                says=words(point.expression, lang, "clinician"),
                quote=_quote(point, answer.draft.text),
                remaining=int(counts.remaining[position]),
                certain=int(counts.certain[position]),
                conflicts=int(counts.conflicts[position]),
                unknowns=int(counts.unknowns[position]),
                only=int(counts.only[position]),
                only_unknown=int(counts.only_unknown[position]),
                open=int(counts.open[position]),
            )
        )
    unread = tuple(
        (number + 1, _quote(point, answer.draft.text) or words(point.expression, lang, "clinician"))
        for number, point in enumerate(answer.draft.points)
        if number not in protocol.judged
    )
    return FeasibilityView(
        title=answer.draft.title,
        patients=counts.patients,
        losses=tuple(losses),
        unread=unread,
        curves=tuple(_curves(answer, lang)),
        left_out=sum(answer.report.left_out.values()),
    )


def _quote(point: Point, text: str | None) -> str:
    if point.span is None or text is None:
        return ""
    return " ".join(text[point.span.start : point.span.end].split())


def _curves(answer: FeasibilityAnswer, lang: Lang) -> list[Curve]:
    found: dict[tuple[int, str], list[CurvePoint]] = {}
    for position, variant in enumerate(answer.protocol.variants):
        without, clean = answer.counts.curve[position].tolist()
        found.setdefault((variant.point, variant.node), []).append(CurvePoint(variant.bound, without, clean))
    curves = []
    for place, identifier, node in numbers_of(answer.draft.points):
        points = found.get((place, identifier), [])
        if len(points) > 1:
            label = f"{name(node.quantity, lang, 'clinician')} {node.operator.value}"
            curves.append(Curve(place + 1, label, node.quantity, node.bound, tuple(points)))
    return curves


def feasibility_text(answer: FeasibilityAnswer, lang: Lang) -> str:
    """The report for the terminal."""
    return render_feasibility_text(view(answer, lang), lang)


def feasibility_html(answer: FeasibilityAnswer, lang: Lang) -> str:
    """The report as one page that needs nothing else."""
    return render_feasibility(view(answer, lang), lang)


LOSS_COLUMNS = (
    "point", "section", "remaining", "certain", "conflicts", "unknowns", "only_this", "only_this_unknown",
    "still_open", "says", "quote",
)  # fmt: skip
CURVE_COLUMNS = ("point", "quantity", "criterion", "bound", "as_drafted", "without_conflict", "no_obstacle")


def point_csv(answer: FeasibilityAnswer, lang: Lang) -> str:
    """What each point costs, as CSV."""
    return csv_text([_loss_row(loss) for loss in view(answer, lang).losses], LOSS_COLUMNS)


def curve_csv(answer: FeasibilityAnswer, lang: Lang) -> str:
    """What changed bounds would bring, as CSV; bounds in the unit of the vocabulary."""
    rows: list[dict[str, Any]] = []
    for curve in view(answer, lang).curves:
        for point in curve.points:
            rows.append(
                {
                    "point": curve.point,
                    "quantity": curve.quantity,
                    "criterion": curve.label,
                    "bound": bound_text(point.bound, "en").replace(",", ""),
                    "as_drafted": int(point.bound == curve.drafted),
                    "without_conflict": point.without_conflict,
                    "no_obstacle": point.no_obstacle,
                }
            )
    return csv_text(rows, CURVE_COLUMNS)


def feasibility_json(answer: FeasibilityAnswer, lang: Lang) -> dict[str, Any]:
    """The answer as JSON."""
    seen = view(answer, lang)
    return {
        "format": 1,
        "protocol": seen.title,
        "patients": seen.patients,
        "points": [_loss_row(loss) for loss in seen.losses],
        "not_judged": [{"point": number, "text": text} for number, text in seen.unread],
        "curves": [
            {
                "point": curve.point,
                "quantity": curve.quantity,
                "drafted": curve.drafted,
                "values": [[p.bound, p.without_conflict, p.no_obstacle] for p in curve.points],
            }
            for curve in seen.curves
        ],
        "cohort": answer.report.to_json(),
        "failed_shards": {str(shard): why for shard, why in sorted(answer.failures.items())},
    }


def _loss_row(loss: PointLoss) -> dict[str, Any]:
    return {
        "point": loss.number,
        "section": "inclusion" if loss.wanted else "exclusion",
        "remaining": loss.remaining,
        "certain": loss.certain,
        "conflicts": loss.conflicts,
        "unknowns": loss.unknowns,
        "only_this": loss.only,
        "only_this_unknown": loss.only_unknown,
        "still_open": loss.open,
        "says": loss.says,
        "quote": loss.quote,
    }


def files_of(answer: FeasibilityAnswer, lang: Lang) -> Sequence[tuple[str, str]]:
    """The files of the output folder: name and content."""
    return (
        ("points.csv", point_csv(answer, lang)),
        ("curves.csv", curve_csv(answer, lang)),
        ("report.html", feasibility_html(answer, lang)),
    )
