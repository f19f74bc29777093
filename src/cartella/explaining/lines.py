"""Sentences about a trial and a result that every rendering shows: status with its age, phase, places, questions."""

from __future__ import annotations

import re
from collections import defaultdict

from cartella.explaining.amounts import age_of_status, is_stale
from cartella.explaining.deciding import Change
from cartella.explaining.names import listed, name
from cartella.explaining.tables import Lang, Register, message, messages
from cartella.explaining.view import Group, PointView, ResultView, SiteView, TrialView
from cartella.knowledge import knowledge
from cartella.logic import Cause
from cartella.trials.criteria import Outcome

MOST_QUESTIONS = 7
_MOST_TOGETHER = 5
_TREATMENTS = ("drug", "class", "regimen")
_UNREAD = (Cause.JUDGEMENT, Cause.NOT_UNDERSTOOD)


def status_words(status: str, lang: Lang, register: Register) -> str:
    """The registry's status in words ("Active, not recruiting" is one); a word that is not known stays as it is."""
    known = f"status.{re.sub(r'[^A-Z0-9]+', '_', status.upper()) or 'UNKNOWN'}"
    return message(known, lang, register) if known in messages() else status


def status_lines(trial: TrialView, lang: Lang, register: Register) -> list[str]:
    """The status with its age; older than six months or undated: to be confirmed."""
    said, *doubt = status_said(trial.status, trial.status_age_days, lang, register)
    return [message("status", lang, register, x=said), *doubt]


def status_said(status: str, days: int | None, lang: Lang, register: Register) -> list[str]:
    """A status with its age, and that it is to be confirmed where it is older than six months or undated."""
    words = status_words(status, lang, register)
    if days is None:
        return [words, message("status.undated", lang, register)]
    if days <= 0:
        return [message("status.today", lang, register, x=words)]
    found = [message("status.age", lang, register, x=words, age=age_of_status(days, lang, register))]
    return [*found, message("status.stale", lang, register)] if is_stale(days) else found


def phase_line(trial: TrialView, lang: Lang, register: Register) -> str | None:
    """The phase in words; None if the registry gives none."""
    words = phase_said(trial.phases, lang, register)
    return message("phase", lang, register, x=words) if words else None


def phase_said(phases: tuple[str, ...], lang: Lang, register: Register) -> str:
    """The registry's phases (PHASE1, PHASE2) in words; empty if there are none."""
    key = f"phase.{'_'.join(phases)}"
    return message(key, lang, register) if phases and key in messages() else ", ".join(phases)


def site_words(site: SiteView, lang: Lang, register: Register) -> str:
    """ "Hospital, City, Country, about 30 km in a straight line"."""
    parts = [part for part in (site.name, site.city, site.country) if part]
    if site.distance_km is not None:
        parts.append(message("site.distance", lang, register, n=site.distance_km))
    return ", ".join(parts)


def about(trial: TrialView, lang: Lang, register: Register) -> list[str]:
    """The card of a trial: what is tested, phase, status with its age, nearest place, sponsor."""
    found = [message("therapy.given", lang, register, x=trial.therapy)] if trial.therapy else []
    phase = phase_line(trial, lang, register)
    found += [phase] if phase else []
    found += status_lines(trial, lang, register)
    if trial.sites:
        found.append(message("site.nearest", lang, register, x=site_words(trial.sites[0], lang, register)))
    else:
        found.append(message("sites.none", lang, register))
    if trial.sponsor:
        found.append(message("sponsor", lang, register, x=trial.sponsor))
    return found


def point_counts(trial: TrialView, lang: Lang, register: Register) -> str:
    """ "Points: 8 without obstacle, 3 to be clarified, 0 not matching"."""
    counted = [
        message(f"outcomes.{outcome.value}", lang, register, n=len(trial.with_outcome(outcome)))
        for outcome in (Outcome.OK, Outcome.UNKNOWN, Outcome.CONFLICT)
    ]
    if trial.unread_points:
        counted.append(message("points.unread", lang, register, n=trial.unread_points))
    return message("points", lang, register, x=", ".join(counted))


def sections(
    trial: TrialView, outcome: Outcome, lang: Lang, register: Register
) -> list[tuple[str, tuple[PointView, ...]]]:
    """The points of one outcome under their titles, those that something can be done about first.

    Conflicts that may pass stand apart from those that are fixed; points that an answer would settle stand apart from
    those that only a person can judge or read.
    """
    points = trial.with_outcome(outcome)
    parted: tuple[tuple[str, tuple[PointView, ...]], ...]
    match outcome:
        case Outcome.CONFLICT:
            parted = (
                ("points.may_change", tuple(p for p in points if p.change is Change.MAY_CHANGE)),
                ("points.conflict", tuple(p for p in points if p.change is None)),
                ("points.fixed", tuple(p for p in points if p.change is Change.FIXED)),
            )
        case Outcome.UNKNOWN:
            parted = (
                ("points.unknown", tuple(p for p in points if p.explanation.missing)),
                ("points.with_doctor", tuple(p for p in points if not p.explanation.missing)),
            )
        case Outcome.OK:
            parted = (("points.ok", points),)
    return [(message(identifier, lang, register, n=len(some)), some) for identifier, some in parted if some]


def counted_trials(number: int, lang: Lang, register: Register) -> str:
    """ "1 trial", "3 trials"."""
    return f"{number} {message('one_trial' if number == 1 else 'many_trials', lang, register)}"


def questions(result: ResultView, lang: Lang, register: Register) -> list[str]:
    """At most seven questions made from what is unknown; what concerns most trials comes first.

    Facts of one kind are asked together, a few at a time. Trials with a conflict are left out: an answer would not open
    them. What only a person can judge or read comes last.
    """
    subjects: dict[str, set[str]] = defaultdict(set)
    others: dict[Cause, set[str]] = defaultdict(set)
    for trial in result.trials:
        if trial.group is Group.CONFLICT:
            continue
        for point in trial.with_outcome(Outcome.UNKNOWN):
            for missing in point.explanation.missing:
                subjects[_asked(missing.subject)].add(trial.id)
            for cause in _UNREAD:
                if cause in point.explanation.causes:
                    others[cause].add(trial.id)
    asked: list[tuple[str, list[str]]] = []
    room = MOST_QUESTIONS - len(others)
    for subject in sorted(subjects, key=lambda s: (-len(subjects[s]), s)):
        kind = _kind(subject)
        together = next((some for same, some in asked if same == kind and len(some) < _MOST_TOGETHER), None)
        if together is not None:
            together.append(subject)
        elif len(asked) < room:
            asked.append((kind, [subject]))
    found = []
    for kind, some in asked:
        names = list(dict.fromkeys(name(subject, lang, register).rstrip(",") for subject in some))
        concerned = set[str]().union(*(subjects[subject] for subject in some))
        found.append((message(kind, lang, register, x=listed(names, "or", lang, register)), concerned))
    found += [(message(f"question.{cause.value}", lang, register), others[cause]) for cause in _UNREAD if others[cause]]
    return [f"{question} ({_concerns(len(ids), lang, register)})" for question, ids in found]


def _concerns(number: int, lang: Lang, register: Register) -> str:
    trials = message("one_trial" if number == 1 else "many_trials", lang, register)
    return message("question.count", lang, register, n=number, trials=trials)


def _asked(subject: str) -> str:
    """What has to be asked: one HLA typing answers for all types, one test for its value and its ratio to the limit."""
    if subject.startswith("hla:"):
        return "hla:"
    return subject.removesuffix(".uln").removesuffix(".lln").removesuffix(".detected")


def _kind(subject: str) -> str:
    kind = subject.partition(":")[0]
    if subject == "diagnosis":
        return "question.diagnosis"
    if kind == "hla":
        return "question.hla"
    if kind == "antigen" and "." not in subject:
        return "question.antigen"
    if kind in _TREATMENTS:
        return "question.therapy"
    if kind in ("cond", "state", "site", "gene", "variant"):
        return "question.presence"
    measured = subject in knowledge().analytes or "." in subject or subject in ("ecog", "karnofsky", "lansky", "age")
    return "question.measure" if measured else "question.code"


def not_checked(result: ResultView, lang: Lang, register: Register) -> list[str]:
    """What no outcome on the page speaks of."""
    always = ("not_checked.consent", "not_checked.unread", "not_checked.centre")
    return [*(message(identifier, lang, register) for identifier in always), *result.not_checked]
