"""The sheet for the doctor: one or two pages to bring along, made from a result. Plain data; `sheet_pdf` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from cartella.explaining import lines
from cartella.explaining.amounts import day
from cartella.explaining.deciding import Change
from cartella.explaining.saying import asks, because
from cartella.explaining.tables import Lang, Register, message
from cartella.explaining.view import Group, ResultView, TrialView
from cartella.trials.criteria import Outcome

MOST_TRIALS = 5
MOST_LATER = 3
MOST_FACTS = 24
_MOST_POINTS = 2
_LONGEST_POINT = 260
_LONGEST_FACT = 300


@dataclass(frozen=True, slots=True)
class SheetTrial:
    """A trial on the sheet. `group` is its group, `about` and `points` are sentences; `again` says when to look again
    at a trial in conflict, empty where nobody can say."""

    id: str
    title: str
    link: str
    group: Group
    about: tuple[str, ...]
    points: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the sheet, worded in one language.

    `day` is the reference day. `facts` are what was given, each with its short name (which may be empty); `unknown`
    names what was asked and is not known. `trials` are the first without conflict, `later` those whose conflicts may
    pass, first those of which the day is known.
    """

    lang: Lang
    register: Register
    day: date
    prepared: str
    data_as_of: str
    release: str
    facts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    questions: tuple[str, ...]
    trials: tuple[SheetTrial, ...]
    later: tuple[SheetTrial, ...]
    not_checked: tuple[str, ...]
    totals: tuple[tuple[Group, int], ...] = field(default=())

    def say(self, identifier: str, **parameters: object) -> str:
        """A heading or a sentence that is on every sheet."""
        return message(identifier, self.lang, self.register, **parameters)


def sheet_of(
    result: ResultView,
    lang: Lang,
    register: Register,
    facts: Sequence[tuple[str, str]] | None = None,
    unknown: Sequence[str] = (),
) -> Sheet:
    """The sheet of a result. Without `facts` it shows what was understood of the record."""
    given = [("", line) for line in result.patient.understood] if facts is None else list(facts)
    given = [(name, _shortened(words, _LONGEST_FACT)) for name, words in given]
    if len(given) > MOST_FACTS:
        rest = len(given) - MOST_FACTS + 1
        given = [*given[: MOST_FACTS - 1], ("", message("sheet.more_facts", lang, register, n=rest))]
    first = [*result.in_group(Group.NO_OBSTACLE), *result.in_group(Group.MISSING_INFORMATION)][:MOST_TRIALS]
    passing = [trial for trial in result.in_group(Group.CONFLICT) if _may_pass(trial)]
    later = sorted(passing, key=lambda trial: _free_from(trial) is None)[:MOST_LATER]
    return Sheet(
        lang=lang,
        register=register,
        day=result.reference_day,
        prepared=message("sheet.prepared", lang, register, day=day(result.reference_day.toordinal(), lang)),
        data_as_of=message("data_as_of", lang, register, day=day(result.data_as_of.toordinal(), lang)),
        release=message("release", lang, register, x=result.release),
        facts=tuple(given),
        unknown=tuple(unknown),
        questions=tuple(lines.questions(result, lang, register)),
        trials=tuple(_trial(trial, lang, register) for trial in first),
        later=tuple(_later(trial, lang, register) for trial in later),
        not_checked=tuple(lines.not_checked(result, lang, register)),
        totals=tuple((group, result.total(group)) for group in Group),
    )


def _trial(trial: TrialView, lang: Lang, register: Register) -> SheetTrial:
    about = (*lines.about(trial, lang, register), lines.point_counts(trial, lang, register))
    return SheetTrial(trial.id, trial.title, trial.link, trial.group, about)


def _later(trial: TrialView, lang: Lang, register: Register) -> SheetTrial:
    """A trial whose conflicts may pass: what does not match, and the day on which to look again."""
    conflicts = trial.with_outcome(Outcome.CONFLICT)
    points = []
    for point in conflicts[:_MOST_POINTS]:
        asked = asks(point.explanation, lang, register)[-1:]
        said = " ".join((*asked, *because(point.explanation, lang, register)[1:2]))
        points.append(_shortened(said or (point.explanation.quote or ""), _LONGEST_POINT))
    if len(conflicts) > len(points):
        points.append(message("missing.more", lang, register, n=len(conflicts) - len(points)))
    free = _free_from(trial)
    again = "" if free is None else message("look_again", lang, register, day=day(free, lang))
    about = tuple(lines.status_lines(trial, lang, register))
    return SheetTrial(trial.id, trial.title, trial.link, trial.group, about, tuple(filter(None, points)), again)


def _free_from(trial: TrialView) -> int | None:
    """The first day on which every conflict has run out; None where that is not known of all of them."""
    days = [point.explanation.free_from for point in trial.with_outcome(Outcome.CONFLICT)]
    known = [found for found in days if found is not None]
    return max(known) if known and len(known) == len(days) else None


def _may_pass(trial: TrialView) -> bool:
    return all(point.change is Change.MAY_CHANGE for point in trial.with_outcome(Outcome.CONFLICT))


def _shortened(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"
