"""What a person corrects of a record on the spot, without touching the record itself.

Corrections are entries to add (a short record), entries to leave out, and lists to take as complete or not. They are
read together with the record by the same rules, and they go before it: where an added entry and one of the record
speak of the same thing, the added one counts and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cartella.patients import record
from cartella.patients.draft import Draft
from cartella.patients.report import Fate
from cartella.patients.statements import ADDED, Person, Statement, is_added
from cartella.patients.wording import mark

_SCALES = frozenset({"ecog", "karnofsky", "lansky"})


@dataclass(frozen=True, slots=True)
class Corrections:
    """`added` is a short record, `left_out` are paths of entries, `lists` says of a list by its name whether it is to
    be taken as complete; what it does not name stays as the record has it."""

    added: Mapping[str, Any] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    lists: Mapping[str, bool] = field(default_factory=dict)


NO_CORRECTIONS = Corrections()


def corrected(
    person: Person | None, statements: Iterable[Statement], corrections: Corrections, draft: Draft
) -> tuple[Person | None, list[Statement]]:
    """Who the record speaks of and what it states, corrected. Raises InputError for a malformed addition."""
    kept = []
    for statement in statements:
        if statement.path in corrections.left_out:
            draft.remark(Fate.IGNORED, statement.path, "left_out")
        else:
            kept.append(statement)
    draft.lists.update(corrections.lists)
    if not corrections.added:
        return person, kept
    told, added = record.statements_of(corrections.added, draft)
    kept += [replace(statement, path=f"{ADDED}.{statement.path}") for statement in added]
    return _person(person, told), kept


def _person(person: Person | None, told: Person | None) -> Person | None:
    if person is None or told is None:
        return told if person is None else person
    given = {name: value for name in ("sex", "birth", "city", "country") if (value := getattr(told, name))}
    return replace(person, **given, added=frozenset(given))


def prefer_added(draft: Draft) -> None:
    """Where an added entry speaks of something, take out what the record itself says of it."""
    names = sorted({*draft.measures, *draft.codings})
    spoken = {_subject(name) for name in names if any(is_added(path) for path in _paths(draft, name))}
    for name in names:
        if _subject(name) in spoken:
            _keep_added(draft, name)
    _prefer_events(draft)


def _subject(name: str) -> str:
    """What a quantity or variable is about: a value and its ratio to the limits, an antigen and its share of cells."""
    if name in _SCALES:
        return "performance"
    return name.partition(".")[0] if name.startswith(("lab:", "antigen:")) else name


def _paths(draft: Draft, name: str) -> set[str]:
    return {fact.source.path for fact in (*draft.measures.get(name, ()), *draft.codings.get(name, ()))}


def _keep_added(draft: Draft, name: str) -> None:
    for path in sorted(path for path in _paths(draft, name) if not is_added(path)):
        draft.remark(Fate.IGNORED, path, "corrected", name=mark(name))
    measures = [measure for measure in draft.measures.pop(name, ()) if is_added(measure.source.path)]
    codings = [coding for coding in draft.codings.pop(name, ()) if is_added(coding.source.path)]
    if measures:
        draft.measures[name] = measures
    if codings:
        draft.codings[name] = codings


def _prefer_events(draft: Draft) -> None:
    """An added absence goes before an event of the record, an added event before a denial."""
    denied = frozenset[str]().union(*(a.concepts for _, a in draft.absences if is_added(a.source.path)))
    stated = {event.counts_as for event in draft.events if is_added(event.source.path)}
    for event in list(draft.events):
        if event.counts_as in denied and not is_added(event.source.path):
            draft.events.remove(event)
            draft.remark(Fate.IGNORED, event.source.path, "corrected", name=mark(event.counts_as))
    for concept, absence in list(draft.absences):
        if absence.concepts & stated and not is_added(absence.source.path):
            draft.absences.remove((concept, absence))
            draft.remark(Fate.IGNORED, absence.source.path, "corrected", name=mark(concept))
