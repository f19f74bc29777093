"""Answers about cohorts in words, Italian and English."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from cartella.cohorts import CohortReport
from cartella.cohorts.tables import WideTable
from cartella.cohorts.tally import DOUBTS, PROBLEMS
from cartella.explaining import Lang
from cartella.matching.pairs import GROUPS
from cartella.patients.messages import WORDING
from cartella.services.cohorts.match import CohortAnswer, trial_rows
from cartella.services.cohorts.tests import TestsAnswer, test_rows

_SHOWN = 10
_FAILED = {
    "en": "Shard {number} failed ({why}); its patients are not counted. Run the same command again to try once more.",
    "it": "La parte {number} è fallita ({why}); i suoi pazienti non sono contati. Ripetere il comando per riprovare.",
}
_GROUP = {
    "no_obstacle": ("no obstacle found", "nessun ostacolo trovato"),
    "missing_information": ("information missing", "mancano informazioni"),
    "conflict": ("a point does not match", "un punto non corrisponde"),
}


def say(lang: Lang, english: str, italian: str) -> str:
    """One of two wordings."""
    return italian if lang == "it" else english


def number(value: int, lang: Lang) -> str:
    """A count with its thousands grouped."""
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "it" else text


def share(part: int, whole: int, lang: Lang) -> str:
    """A part of a whole in per cent, with one decimal; empty where there is no whole."""
    if not whole:
        return ""
    text = f"{100 * part / whole:.1f} %"
    return text.replace(".", ",") if lang == "it" else text


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows as lines with columns; the columns in `right` are set to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    aligned = set(right)
    lines = []
    for row in rows:
        cells = [c.rjust(w) if n in aligned else c.ljust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def report_lines(report: CohortReport, columns: Sequence[str], lang: Lang) -> list[str]:
    """What became of the rows of a cohort; empty where there is nothing to say."""
    lines = []
    column = 1 if lang == "it" else 0
    for title, counts, wording in (
        (say(lang, "Left out", "Esclusi"), report.left_out, PROBLEMS),
        (say(lang, "Used, but", "Usati, ma"), report.doubts, DOUBTS),
    ):
        for reason, count in sorted(counts.items(), key=lambda item: -item[1]):
            places = "; ".join(report.places.get(reason, [])[:3])
            said = wording.get(reason, (reason, reason))[column]
            lines.append(f"{title}: {number(count, lang)} – {said} ({places}{' ...' if count > 3 else ''})")
    for name, units in report.changed_units.items():
        listed = ", ".join(
            f"{unit or say(lang, 'no unit', 'senza unità')}: {number(count, lang)}"
            + say(lang, f" (first in patient {first} of its shard)", f" (dal paziente {first} della sua parte)")
            for unit, count, first in units
        )
        lines.append(
            say(
                lang, f"{name} comes in several units, each read as written: {listed}", f"{name} in più unità: {listed}"
            )
        )
    if columns:
        wide = WideTable(columns)
        if wide.missing:
            lines.append(
                say(
                    lang,
                    "Columns that are not there, so unknown for all: ",
                    "Colonne assenti, quindi ignote per tutti: ",
                )
                + ", ".join(wide.missing)
            )
        if wide.unread:
            lines.append(say(lang, "Columns that are not read: ", "Colonne non lette: ") + ", ".join(wide.unread[:20]))
    odd = [(key, count) for key, count in report.remarks.most_common() if key[0] in ("ambiguous", "ignored")]
    for (_, message), count in odd[:_SHOWN]:
        said = WORDING[message][lang] if message in WORDING else message
        lines.append(f"{say(lang, 'Entries', 'Voci')}: {number(count, lang)} × {_without_parameters(said)}")
    return lines


def _without_parameters(wording: str) -> str:
    """The words of a remark that stand for many: what is put in differs from one to the next."""
    return re.sub(r"\{\w+\}", "…", re.sub(r"^\W*\{\w+\}\W*", "", wording))


def failure_lines(failures: dict[int, str], lang: Lang) -> list[str]:
    """The shards that failed."""
    return [_FAILED[lang].format(number=shard, why=why) for shard, why in sorted(failures.items())]


def match_lines(answer: CohortAnswer, folder: str, lang: Lang) -> list[str]:
    """The summary of `cohort match`."""
    patients, trials = answer.totals.patients, len(answer.entries)
    counts = answer.totals.trials.sum(axis=0).tolist()
    whole = sum(counts)
    people, studies, pairs = (number(count, lang) for count in (patients, trials, whole))
    lines = [
        say(
            lang,
            f"{people} patients × {studies} trials = {pairs} pairs",
            f"{people} pazienti × {studies} studi = {pairs} coppie",
        )
        + f" ({answer.release.name})"
    ]
    column = 1 if lang == "it" else 0
    for group, count in zip(GROUPS, counts, strict=True):
        lines.append(f"  {_GROUP[group.value][column]}: {number(count, lang)} ({share(count, whole, lang)})")
    if answer.left_out:
        lines.append(
            say(
                lang,
                f"Trials not considered, closed or of another kind: {number(answer.left_out, lang)}",
                f"Studi non considerati, chiusi o di altro tipo: {number(answer.left_out, lang)}",
            )
        )
    lines += report_lines(answer.report, answer.columns, lang)
    lines += failure_lines(answer.failures, lang)
    lines.append("")
    lines += _best_trials(answer, lang)
    lines.append("")
    lines.append(
        say(
            lang,
            f"Written to {folder}: pairs/ (patient, trial, group, deciding points), patients/, trials.csv, points.csv, "
            "report.json, manifest.json",
            f"Scritto in {folder}: pairs/ (paziente, studio, gruppo, punti decisivi), patients/, trials.csv, "
            "points.csv, report.json, manifest.json",
        )
    )
    return lines


def _best_trials(answer: CohortAnswer, lang: Lang) -> list[str]:
    """The trials with most patients whom nothing that is known keeps out."""
    worded = [row for row in trial_rows(answer, lang) if row["unread_points"] != ""]
    rows = sorted(worded, key=lambda row: (-row["no_obstacle"], -row["missing_information"], row["trial"]))
    head = ("trial", "no obstacle", "missing", "conflict", "costliest point")
    heads = ("studio", "nessun ostacolo", "mancano", "conflitto", "punto più costoso")
    listed: list[Sequence[str]] = [heads if lang == "it" else head]
    for row in rows[:_SHOWN]:
        told = f"{row['costliest_words'][:60]} (−{number(row['costs'], lang)})" if row["costs"] else ""
        counts = [number(row[group.value], lang) for group in GROUPS]
        listed.append([row["trial"], *counts, told])
    lines = table(listed, right=(1, 2, 3))
    if silent := len(answer.entries) - len(worded):
        lines.append(
            say(
                lang,
                f"Not listed: {number(silent, lang)} trials without criteria text here (only age, sex, disease).",
                f"Non elencati: {number(silent, lang)} studi senza testo dei criteri (solo età, sesso, malattia).",
            )
        )
    return lines


def match_json(answer: CohortAnswer, lang: Lang) -> dict[str, Any]:
    """The summary of `cohort match` as JSON."""
    counts = answer.totals.trials.sum(axis=0).tolist()
    return {
        "format": 1,
        "release": answer.release.name,
        "trial_set": answer.compiled.key,
        "cohort": {"kind": answer.form, **answer.report.to_json()},
        "patients": answer.totals.patients,
        "pairs": {group.value: count for group, count in zip(GROUPS, counts, strict=True)},
        "pairs_written": answer.pairs,
        "left_out": answer.left_out,
        "failed_shards": {str(shard): why for shard, why in sorted(answer.failures.items())},
        "trials": trial_rows(answer, lang),
    }


def tests_lines(answer: TestsAnswer, shown: int, lang: Lang) -> list[str]:
    """What `cohort tests` says."""
    counts = answer.counts
    people, studies, pairs = (number(count, lang) for count in (counts.people, answer.trials, counts.open_pairs))
    lines = [
        say(
            lang,
            f"{people} patients × {studies} trials with criteria in words: {pairs} open pairs (something is unknown).",
            f"{people} pazienti × {studies} studi con criteri in parole: {pairs} coppie aperte (manca qualcosa).",
        ),
        *textwrap.wrap(
            say(
                lang,
                "A test settles a pair if no possible result leaves it open; it can settle it if one result does. "
                "Points that were not read are left aside: no test can settle them.",
                "Un esame decide una coppia se nessun risultato possibile la lascia aperta; può deciderla se almeno un "
                "risultato lo fa. I punti non letti sono esclusi: nessun esame può deciderli.",
            ),
            100,
        ),
        *report_lines(answer.report, answer.columns, lang),
        *failure_lines(answer.failures, lang),
        "",
    ]
    heads = (
        ("missing test or question", "settles", "can settle", "can exclude", "can clear", "patients", "missing in"),
        (
            "esame o domanda che manca",
            "decide",
            "può decidere",
            "può escludere",
            "può liberare",
            "pazienti",
            "manca in",
        ),
    )
    listed: list[Sequence[str]] = [heads[1 if lang == "it" else 0]]
    keys = ("settles", "can_settle", "can_exclude", "can_leave_no_obstacle", "patients", "missing_in")
    rows = test_rows(answer, lang)
    chosen = list({row["test"]: row for row in (*rows[: shown // 2], *_by_chance(rows)[:shown])}.values())[:shown]
    for row in chosen:
        listed.append([row["name"][:44], *(number(row[key], lang) for key in keys)])
    return lines + table(listed, right=range(1, 7))


def _by_chance(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["can_settle"], row["test"]))


def tests_json(answer: TestsAnswer, lang: Lang) -> dict[str, Any]:
    """What `cohort tests` says, as JSON."""
    return {
        "format": 1,
        "patients": answer.counts.people,
        "trials": answer.trials,
        "trials_without_text": answer.silent,
        "open_pairs": answer.counts.open_pairs,
        "tests": test_rows(answer, lang),
        "cohort": answer.report.to_json(),
        "failed_shards": {str(shard): why for shard, why in sorted(answer.failures.items())},
    }
