"""The compact table of a clinician: one row a trial, filters that say nothing of the patient, CSV and text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import target_name, therapy_words, title
from cartella.explaining import Lang, age_of_status, is_stale, message, phase_said, status_said, status_words
from cartella.places import country_code, facility
from cartella.services.centres import country_name
from cartella.services.finding import KINDS
from cartella.services.match import Ranked, Ranking
from cartella.services.provenance import Provenance

PHASES = ("early_phase1", "phase1", "phase2", "phase3", "phase4", "none")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_COLUMNS = (
    "rank",
    "trial",
    "title",
    "group",
    "conflicts",
    "open_points",
    "phase",
    "class_and_target",
    "targets",
    "status",
    "status_confirmed",
    "status_days",
    "nearest_site",
    "city",
    "country",
    "distance_km",
    "sponsor",
    "link",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the table is limited to; every part that is given must fit. `group` is the value of a group. `within_km` and
    `country` are about sites that nothing says are closed, `status_months` about the age of the trial's own status."""

    group: str = ""
    kind: str = ""
    target: str = ""
    phase: str = ""
    country: str = ""
    within_km: int | None = None
    status_months: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in a ranking; targets, the most frequent first, and countries with their names."""

    kinds: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    phases: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]


def kinds_of(entry: Entry) -> frozenset[str]:
    """The kinds of cells of a trial, as the search tells them apart."""
    classes = () if entry.therapy is None else entry.therapy.classes
    found = {name for name, starts in KINDS if starts and any(known.value.startswith(starts) for known in classes)}
    return frozenset(found or {"other"})


def phases_of(entry: Entry) -> frozenset[str]:
    """The phases of a trial; "none" where it states none."""
    return frozenset(phase for phase in entry.phases if phase != "na") or frozenset({"none"})


def filtered(rows: Iterable[Ranked], filters: Filters) -> list[Ranked]:
    """The rows that fit, in their order."""
    return [row for row in rows if _fits(row, filters)]


def _fits(row: Ranked, filters: Filters) -> bool:
    entry, standing = row.entry, row.standing
    if filters.group and standing.group.value != filters.group:
        return False
    if filters.kind and filters.kind not in kinds_of(entry):
        return False
    if filters.target and (entry.therapy is None or filters.target not in entry.therapy.targets):
        return False
    if filters.phase and filters.phase not in phases_of(entry):
        return False
    if filters.country and filters.country not in countries_of(entry):
        return False
    if filters.within_km is not None and (standing.distance_km is None or standing.distance_km > filters.within_km):
        return False
    days = standing.status_days
    return filters.status_months is None or (days is not None and days * 12 <= filters.status_months * 366)


def countries_of(entry: Entry) -> tuple[str, ...]:
    """The countries of the sites that nothing says are closed, those with most sites first."""
    counted = Counter(code for site in entry.sites if site.may_take_patients and (code := country_code(site.country)))
    return tuple(code for code, _ in counted.most_common())


def nearest_words(row: Ranked, lang: Lang) -> str:
    """The nearest site that nothing says is closed: its name and town; empty where no distance is known."""
    if row.nearest is None:
        return ""
    site = row.nearest[0]
    where = facility(site.facility, site.city, site.country)
    return ", ".join(filter(None, (where.worded(lang), None if where.masked else site.city)))


def choices(rows: Sequence[Ranked], lang: Lang) -> Choices:
    """What the rows can be limited to."""
    targets = Counter(t for row in rows if row.entry.therapy is not None for t in row.entry.therapy.targets)
    lands = frozenset[str]().union(*(countries_of(row.entry) for row in rows))
    kinds = frozenset[str]().union(*(kinds_of(row.entry) for row in rows))
    phases = frozenset[str]().union(*(phases_of(row.entry) for row in rows))
    named = sorted(((code, country_name(code, lang)) for code in lands), key=lambda c: (c[0] != "IT", c[1]))
    return Choices(
        tuple(name for name, _ in KINDS if name in kinds),
        tuple((target, target_name(target, lang)) for target, _ in targets.most_common()),
        tuple(phase for phase in PHASES if phase in phases),
        tuple(named),
    )


def csv_of(ranking: Ranking, rows: Iterable[Ranked], provenance: Provenance, lang: Lang) -> str:
    """The rows as CSV for a spreadsheet, which must never take a text from a registry for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, "reference_day", "release", "version", "knowledge"])
    last = [ranking.request.as_of.isoformat(), provenance.release, provenance.version, provenance.knowledge]
    for row in rows:
        writer.writerow([_cell(value) for value in [*_values(row, lang), *last]])
    return out.getvalue()


def _values(row: Ranked, lang: Lang) -> list[object]:
    entry, standing, site = row.entry, row.standing, row.nearest[0] if row.nearest else None
    place = None if site is None else facility(site.facility, site.city, site.country).worded(lang)
    confirmed = None if entry.status is None else entry.status.confirmed
    return [
        row.rank,
        entry.id,
        title(entry, lang),
        standing.group.value,
        standing.tally.conflicts,
        standing.tally.open_points,
        " ".join(entry.phases),
        "" if entry.therapy is None else therapy_words(entry.therapy, lang),
        "" if entry.therapy is None else " ".join(target_name(t, lang) for t in entry.therapy.targets),
        "" if entry.status is None else entry.status.status.value,
        confirmed,
        standing.status_days,
        place,
        None if site is None else site.city,
        None if site is None else site.country,
        standing.distance_km,
        entry.sponsor,
        entry.url,
    ]


def _cell(value: object) -> str:
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def text_of_table(ranking: Ranking, rows: Sequence[Ranked], provenance: Provenance, lang: Lang) -> str:
    """The rows as plain text, to be pasted into a letter or a file."""
    lines = [provenance.line(lang, ranking.request.as_of), ""]
    for row in rows:
        lines += [_line(row, lang), ""]
    return "\n".join([*lines, message("limits", lang, "clinician"), ""])


def _line(row: Ranked, lang: Lang) -> str:
    entry, standing = row.entry, row.standing
    group = message(f"group.{standing.group.value}", lang, "clinician")
    points = [message("outcomes.conflict", lang, "clinician", n=standing.tally.conflicts)]
    if standing.tally.open_points is not None:
        points.append(message("outcomes.unknown", lang, "clinician", n=standing.tally.open_points))
    about = [message("phase", lang, "clinician", x=phase_of(entry, lang))] if entry.phases else []
    about.append("; ".join(status_of(row, lang)))
    if row.nearest is not None:
        about.append(f"{nearest_words(row, lang)}, {row.nearest[1]} km")
    parts = [f"{row.rank}. {entry.id} – {title(entry, lang)}", f"   {group} ({', '.join(points)})"]
    return "\n".join([*parts, f"   {'; '.join(filter(None, about))}", f"   {entry.url}"])


def phase_of(entry: Entry, lang: Lang) -> str:
    """The phase as clinicians write it: "1/2"; empty where none is stated."""
    return phase_said(tuple(phase.upper() for phase in entry.phases), lang, "clinician")


def status_parts(row: Ranked, lang: Lang) -> tuple[str, str, bool]:
    """The status, how long ago it was confirmed, and whether it is to be confirmed; empty where none is stated."""
    status, days = row.entry.status, row.standing.status_days
    if status is None:
        return "", "", False
    age = (
        ""
        if days is None
        else message("status.ago", lang, "clinician", age=age_of_status(max(days, 0), lang, "clinician"))
    )
    return status_words(status.text, lang, "clinician"), age, days is None or is_stale(days)


def status_of(row: Ranked, lang: Lang) -> list[str]:
    """The status of a trial with its age, and that it is to be confirmed, where it is; nothing where none is stated."""
    status = row.entry.status
    return [] if status is None else status_said(status.text, row.standing.status_days, lang, "clinician")
