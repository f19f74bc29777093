"""An answer as the data of a result page, worded in one language."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import therapy_words, title
from cartella.errors import UsageError, Words
from cartella.explaining import (
    Explanation,
    Lang,
    PatientSummary,
    Register,
    ResultView,
    Sheet,
    SiteView,
    TrialView,
    called,
    point_view,
    render_html,
    render_text,
    sheet_of,
)
from cartella.explaining import Group as ViewGroup
from cartella.matching import Group
from cartella.patients import Fate, LoadedPatient, Remark
from cartella.places import Place, distance_km, facility
from cartella.services.answers import MatchAnswer, TrialAnswer

_FAR = 10**6


def result_view(
    answer: MatchAnswer,
    lang: Lang,
    register: Register = "patient",
    commands: bool = False,
    said: Mapping[str, str] | None = None,
) -> ResultView:
    """The page of an answer.

    With `commands` it names the options of the command line that would change it. `said` are a person's own words for
    paths of the record: they are shown in place of the words of the record.
    """
    return ResultView(
        release=f"{answer.release.name}, Cartella {answer.release.version}",
        data_as_of=answer.release.as_of or answer.as_of,
        reference_day=answer.as_of,
        patient=summary(answer.patient, lang, register),
        trials=tuple(_trial(trial, answer, lang, said or {}) for trial in answer.trials),
        totals={ViewGroup(group.value): answer.count(group) for group in Group},
        not_checked=_not_checked(answer, lang, commands),
    )


def summary(patient: LoadedPatient, lang: Lang, register: Register = "patient") -> PatientSummary:
    """What was understood of a record, what was not used, what was assumed; each thing once."""
    namer = partial(called, lang=lang, register=register)

    def said(*fates: Fate) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.words(lang, namer) for fate in fates for r in patient.report.of(fate)))

    return PatientSummary(said(Fate.USED), said(Fate.AMBIGUOUS, Fate.IGNORED), said(Fate.ASSUMED))


def remark_words(remark: Remark, lang: Lang, register: Register = "clinician") -> str:
    """A line of the report on a record in words."""
    return remark.words(lang, partial(called, lang=lang, register=register))


def _trial(trial: TrialAnswer, answer: MatchAnswer, lang: Lang, said: Mapping[str, str]) -> TrialView:
    entry = trial.entry
    explanations = [_as_said(explanation, said) for explanation in trial.explanations(answer.patient.facts)]
    return TrialView(
        id=entry.id,
        title=title(entry, lang),
        link=entry.url,
        group=ViewGroup(trial.standing.group.value),
        rank=trial.rank,
        status="" if entry.status is None else entry.status.text,
        status_age_days=trial.standing.status_days,
        points=tuple(
            point_view(result.point, explanation, trial.text)
            for result, explanation in zip(trial.results, explanations, strict=True)
        ),
        phases=tuple(phase.upper() for phase in entry.phases),
        sponsor=entry.sponsor or "",
        therapy="" if entry.therapy is None else therapy_words(entry.therapy, lang),
        sites=site_views(entry, answer.place, lang),
        unread_points=entry.unread or 0,
    )


def _as_said(explanation: Explanation, said: Mapping[str, str]) -> Explanation:
    """The explanation with the person's own words; they hold the day where one was told."""
    facts = tuple(
        replace(source, words=said[source.path], day=None) if source.path in said else source
        for source in explanation.facts
    )
    return replace(explanation, facts=tuple(dict.fromkeys(facts)))


def site_views(entry: Entry, place: Place | None, lang: Lang) -> tuple[SiteView, ...]:
    """The sites that nothing says are closed, nearest first; where all are closed, all of them."""
    open_sites = [site for site in entry.sites if site.may_take_patients] or list(entry.sites)
    found = []
    for site in open_sites:
        distance = None if place is None or site.place is None else distance_km(place.point, site.place)
        name = facility(site.facility, site.city, site.country).worded(lang)
        status = None if site.status is None else site.status.text
        found.append(SiteView(name, site.city or "", site.country or "", distance, status))
    return tuple(sorted(found, key=lambda view: _FAR if view.distance_km is None else view.distance_km))


def _not_checked(answer: MatchAnswer, lang: Lang, commands: bool) -> tuple[str, ...]:
    lines = []
    options = " (--any-status, --any-kind)" if commands else ""
    italian = lang == "it"
    if any(standing.tally.unread is None for standing in answer.standings):
        number = sum(standing.tally.unread is None for standing in answer.standings)
        lines.append(
            f"{number} studi non hanno qui il testo dei criteri: sono stati confrontati solo età, sesso e malattia."
            if italian
            else f"{number} trials have no criteria text here: only age, sex and disease were compared."
        )
    if answer.left_out:
        lines.append(
            f"{answer.left_out} studi non considerati, perché chiusi o di altro tipo{options}."
            if italian
            else f"{answer.left_out} trials were not considered: closed, or of another kind{options}."
        )
    if answer.missing:
        listed = ", ".join(answer.missing)
        lines.append(f"Non trovati: {listed}." if italian else f"Not found: {listed}.")
    return tuple(lines)


def match_text(answer: MatchAnswer, lang: Lang, register: Register, colour: bool = False) -> str:
    """The answer for the terminal."""
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return render_text(result_view(answer, lang, register, True), lang, register, width, colour)


def match_html(answer: MatchAnswer, lang: Lang, register: Register) -> str:
    """The answer as one file that needs nothing else."""
    return render_html(result_view(answer, lang, register, True), lang, register)


def match_pdf(answer: MatchAnswer, lang: Lang, register: Register) -> bytes:
    """The sheet for the doctor as a tagged PDF. Raises UsageError where typst is not installed."""
    return pdf_of(sheet_of(result_view(answer, lang, register, True), lang, register))


def pdf_of(sheet: Sheet) -> bytes:
    """A sheet as a tagged PDF. Raises UsageError where typst is not installed."""
    try:
        from cartella.explaining.sheet_pdf import sheet_pdf
    except ModuleNotFoundError:
        raise UsageError(
            Words("A PDF needs one more package.", "Per il PDF serve un altro pacchetto."),
            why=Words("typst is not installed.", "typst non è installato."),
            next_step=Words("Install it: pip install 'cartella[web]'.", "Installarlo: pip install 'cartella[web]'."),
        ) from None
    return sheet_pdf(sheet)
