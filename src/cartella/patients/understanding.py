"""From statements to facts: who reads what, in which order, and what follows from the whole."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator

from cartella.logic import Interval, PatientFacts, Source
from cartella.patients import (
    allergies,
    cancer,
    consequences,
    course,
    derivations,
    findings,
    half_lives,
    illness,
    organs,
    severity,
    treatments,
)
from cartella.patients.context import Context, millionths
from cartella.patients.corrections import prefer_added
from cartella.patients.dates import completed_months
from cartella.patients.draft import Draft
from cartella.patients.markers import read_marker
from cartella.patients.measurements import read_analyte, read_scale
from cartella.patients.procedures import read_procedure
from cartella.patients.report import Fate, Report
from cartella.patients.statements import Person, Standing, Statement, Topic, is_added
from cartella.patients.terms import find_terms
from cartella.patients.toxicities import read_residual, settle
from cartella.patients.wording import mark

_OBSERVATIONS = (
    allergies.read_observation,
    findings.read_lines,
    read_residual,
    read_scale,
    read_marker,
    findings.read_pregnancy,
    findings.read_expectancy,
    read_analyte,
    findings.read_finding,
)


LONGEST_TEXT = 4_000
"""Characters of an entry; a longer one is a letter, and is not read."""


class TooSlowError(Exception):
    """The record was not understood in the time that there was."""


def understand(
    person: Person | None,
    statements: list[Statement],
    draft: Draft,
    complete: Iterable[str] | None,
    until: float = math.inf,
) -> tuple[PatientFacts, Report]:
    """The facts that the statements of one record give on the draft's reference day.

    Raises TooSlowError if they are not yet understood at the moment `until` (of `time.monotonic`).
    """
    context = Context(draft, draft.reference_day)
    _person(context, person)
    usable = [s for s in statements if not (_later(context, s) or _too_long(context, s))]
    usable = _diagnosis_corrected(context, usable)
    conditions = (s for s in usable if s.topic is Topic.CONDITION)
    primary = cancer.choose_primary(context, _in_time(conditions, until))
    for statement in _in_time(sorted(usable, key=lambda s: _ORDER[s.topic] - (s.path in primary)), until):
        _read(context, statement, statement.path in primary)
    prefer_added(draft)
    derivations.performance(context)
    derivations.lines(context)
    derivations.completeness(context, complete)
    derivations.mentioned(context)
    derivations.viral_activity(context)
    derivations.refractoriness(context)
    derivations.steroid_dose(context)
    derivations.steroid_dose_by_weight(context)
    allergies.draw(context)
    consequences.draw(context)
    severity.draw(context)
    organs.draw(context)
    course.draw(context)
    derivations.failures(context)
    illness.finish(context)
    settle(context)
    half_lives.draw(context)
    facts, _ = draft.settle()
    facts = derivations.staleness(facts, context)
    return facts, Report(tuple(draft.remarks))


_ORDER = {
    Topic.CONDITION: 1,
    Topic.OBSERVATION: 2,
    Topic.MEDICATION: 3,
    Topic.PROCEDURE: 4,
    Topic.ALLERGY: 5,
    Topic.VACCINE: 6,
}


def _person(context: Context, person: Person | None) -> None:
    if person is None:
        context.draft.remark(Fate.IGNORED, "Patient", "no_patient")
        return
    if person.sex in {"male", "female"}:
        context.sex = person.sex
        path = person.path_of("sex", "gender")
        context.draft.coding("sex", {person.sex}, Source(path, person.sex))
        context.draft.remark(Fate.USED, path, "sex", sex=mark(f"value:{person.sex}"))
        if person.sex == "male":
            findings.absent_by_sex(context, path)
    elif person.sex:
        context.draft.remark(Fate.IGNORED, f"{person.path}.gender", "sex_not_read")
    if person.birth is None:
        context.draft.remark(Fate.IGNORED, person.path, "no_birth_date")
        return
    months = completed_months(person.birth, context.day)
    if months.low is None or months.high is None:
        return
    path = person.path_of("birth", "birthDate")
    source = Source(path, "", person.birth.low)
    years = Interval(millionths(months.low // 12), millionths(months.high // 12))
    context.draft.measure("age", years, source)
    context.draft.measure("age.months", Interval(millionths(months.low), millionths(months.high)), source)
    shown = str(months.low // 12) if years.is_exact else f"{months.low // 12}-{months.high // 12}"
    context.draft.remark(Fate.USED, path, "age", years=shown)


def _in_time(statements: Iterable[Statement], until: float) -> Iterator[Statement]:
    for statement in statements:
        if time.monotonic() > until:
            raise TooSlowError
        yield statement


def _too_long(context: Context, statement: Statement) -> bool:
    if len(statement.text) <= LONGEST_TEXT:
        return False
    context.ignored(statement, "too_long", limit=str(LONGEST_TEXT))
    return True


def _diagnosis_corrected(context: Context, statements: list[Statement]) -> list[Statement]:
    """Without the cancer that the record names where a person has added the diagnosis."""
    if not any(s.primary and is_added(s.path) for s in statements):
        return statements
    own = [s for s in statements if s.topic is Topic.CONDITION and not is_added(s.path)]
    replaced = cancer.choose_primary(context, own)
    for path in sorted(replaced):
        context.draft.remark(Fate.IGNORED, path, "corrected", name=mark("diagnosis"))
    return [s for s in statements if s.path not in replaced]


def _later(context: Context, statement: Statement) -> bool:
    """Whether an entry speaks of a day after the reference day, so that it is not known on that day."""
    day = statement.start
    if statement.topic in {Topic.MEDICATION, Topic.PROCEDURE, Topic.VACCINE}:
        return False
    if day is not None and day.low is not None and day.low > context.day:
        context.ignored(statement, "after_reference_day")
        return True
    return False


def _read(context: Context, statement: Statement, primary: bool) -> None:
    if not any((statement.name, statement.codes, statement.value)):
        context.ignored(statement, "no_words")
        return
    before = len(context.draft.remarks)
    done = False
    match statement.topic:
        case Topic.CONDITION:
            done = _condition(context, statement, primary)
        case Topic.OBSERVATION:
            done = _observation(context, statement)
        case Topic.MEDICATION:
            done = treatments.read_medication(context, statement)
        case Topic.PROCEDURE:
            done = read_procedure(context, statement)
        case Topic.VACCINE:
            done = treatments.read_vaccine(context, statement)
        case Topic.ALLERGY:
            done = allergies.read_allergy(context, statement)
    if not done and len(context.draft.remarks) == before:
        context.ignored(statement, "not_understood", words=statement.words)


def _condition(context: Context, statement: Statement, primary: bool) -> bool:
    if primary:
        return cancer.read_cancer(context, statement)
    terms = find_terms(statement.name, frozenset({"disease", "cond", "site", "state"}))
    if statement.secondary or (
        terms and any(t.concept == "state:metastatic" for t in terms) and statement.standing is not Standing.DENIED
    ):
        text = "; ".join([statement.name, *statement.notes])
        return cancer.read_state(context, statement, f"metastases {text}" if statement.secondary else text) > 0
    return illness.read_condition(context, statement)


def _observation(context: Context, statement: Statement) -> bool:
    if statement.missing:
        context.ignored(statement, "not_tested", name=statement.name)
        return True
    return any(reader(context, statement) for reader in _OBSERVATIONS)
