"""A result for the terminal."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from cartella.explaining import lines
from cartella.explaining.amounts import day
from cartella.explaining.saying import needs_text, says
from cartella.explaining.tables import Lang, Register, message
from cartella.explaining.view import Group, ResultView, TrialView
from cartella.trials.criteria import Outcome

SHAPES = {Group.NO_OBSTACLE: "○", Group.MISSING_INFORMATION: "?", Group.CONFLICT: "≠"}
_MARKS = {Outcome.OK: "○", Outcome.UNKNOWN: "?", Outcome.CONFLICT: "≠"}
_COLOURS = {Group.NO_OBSTACLE: "36", Group.MISSING_INFORMATION: "33", Group.CONFLICT: "35"}
_INDENT = "   "


def render_text(result: ResultView, lang: Lang, register: Register, width: int = 80, colour: bool = False) -> str:
    """The whole result, at most `width` characters a line; with `colour`, ANSI colours beside the words and shapes.

    Control characters in what registries and records say are taken out, so that no text can write to the terminal.
    """
    page = _Page(max(32, width), colour)
    page.heading(message("title", lang, register))
    page.paragraph(message("limits", lang, register))
    for identifier, when in (("data_as_of", result.data_as_of), ("reference_day", result.reference_day)):
        page.paragraph(message(identifier, lang, register, day=day(when.toordinal(), lang)))
    page.paragraph(message("release", lang, register, x=result.release))
    page.heading(message("summary", lang, register))
    for group in Group:
        counted = lines.counted_trials(result.total(group), lang, register)
        page.coloured(f"{SHAPES[group]} {message(f'group.{group.value}', lang, register)}: {counted}", group)
    page.paragraph(message("order", lang, register))
    _facts(page, result, lang, register)
    if not result.trials:
        page.heading(message("empty", lang, register))
        page.paragraph(message("empty.about", lang, register))
    for group in Group:
        _group(page, result, group, lang, register)
    page.heading(message("questions", lang, register))
    page.items(lines.questions(result, lang, register) or [message("question.none", lang, register)], numbered=True)
    page.heading(message("not_checked", lang, register))
    page.items(lines.not_checked(result, lang, register))
    page.paragraph("")
    page.paragraph(message("talk", lang, register))
    return "\n".join(page.out).strip() + "\n"


class _Page:
    def __init__(self, width: int, colour: bool) -> None:
        self.width, self.colour = width, colour
        self.out: list[str] = []

    def paragraph(self, text: str, indent: str = "", first: str | None = None) -> None:
        wrapped = textwrap.wrap(
            _plain(text),
            self.width,
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        self.out += wrapped or [""]

    def heading(self, text: str) -> None:
        self.out.append("")
        start = len(self.out)
        self.paragraph(text)
        self.out.append("─" * min(self.width, max(len(line) for line in self.out[start:])))
        if self.colour:
            self.out[start:-1] = [f"\x1b[1m{line}\x1b[0m" for line in self.out[start:-1]]

    def coloured(self, text: str, group: Group) -> None:
        start = len(self.out)
        self.paragraph(text, indent="  ", first="")
        if self.colour:
            self.out[start:] = [f"\x1b[{_COLOURS[group]}m{line}\x1b[0m" for line in self.out[start:]]

    def items(self, texts: Iterable[str], numbered: bool = False) -> None:
        for place, text in enumerate(texts, 1):
            mark = f"{place}. " if numbered else "- "
            self.paragraph(text, indent=" " * len(mark), first=mark)


def _plain(text: str) -> str:
    kept = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text)
    return re.sub(r"\s+", " ", kept).strip()


def _facts(page: _Page, result: ResultView, lang: Lang, register: Register) -> None:
    patient = result.patient
    page.heading(message("facts", lang, register))
    page.items(patient.understood or [message("facts.none", lang, register)])
    for identifier, found in (("ignored", patient.ignored), ("assumed", patient.assumed)):
        if found:
            page.paragraph(message(identifier, lang, register, n=len(found)))
            page.items(found)
    page.paragraph(message("facts.check", lang, register))


def _group(page: _Page, result: ResultView, group: Group, lang: Lang, register: Register) -> None:
    trials = result.in_group(group)
    page.out.append("")
    page.coloured(f"{SHAPES[group]} {message(f'group.{group.value}', lang, register)}", group)
    page.out.append("═" * page.width)
    empty = not trials and not result.total(group)
    page.paragraph(message(f"group.{group.value}.{'none' if empty else 'about'}", lang, register))
    if result.total(group) > len(trials):
        page.paragraph(message("shown", lang, register, n=len(trials)))
    for trial in trials:
        _trial(page, trial, lang, register)


def _trial(page: _Page, trial: TrialView, lang: Lang, register: Register) -> None:
    page.out.append("")
    page.paragraph(f"{trial.rank}. {trial.title} ({trial.id})")
    for line in (*lines.about(trial, lang, register), lines.point_counts(trial, lang, register)):
        page.paragraph(line, indent=_INDENT)
    page.paragraph(trial.link, indent=_INDENT)
    for outcome in (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.OK):
        for title, points in lines.sections(trial, outcome, lang, register):
            page.paragraph(title, indent=_INDENT)
            for point in points:
                explanation = point.explanation
                page.paragraph(
                    says(explanation, lang, register), indent=_INDENT * 2, first=f"{_INDENT}{_MARKS[outcome]}  "
                )
                if explanation.quote and (register == "clinician" or needs_text(explanation, lang, register)):
                    page.paragraph(f"“{explanation.quote}”", indent=_INDENT * 3)
