"""The compact table of a clinician: one row a trial, filters that say nothing of the patient, CSV and text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import therapy_words, title
from cartella.explaining import Lang, message, phase_said, status_said
from cartella.knowledge import knowledge
from cartella.matching import Group
from cartella.places import countries, country_code, facility
from cartella.services.match import Ranked, Ranking
from cartella.services.provenance import Provenance

KINDS = ("car_t", "tcr_t", "til", "other")
"""The classes that the table can be limited to; a trial may be of several."""
NO_PHASE = "none"
_PREFIXES = {"car_t": ("car_t",), "tcr_t": ("tcr",), "til": ("til",)}
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
    """What the table is limited to; every part that is given must fit. `within_km` and `country` are about sites that
    nothing says are closed, `status_months` about the age of the trial's own status."""

    group: Group | None = None
    kind: str = ""
    target: str = ""
    phase: str = ""
    country: str = ""
    within_km: int | None = None
    status_months: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in a ranking: identifiers with their names, most frequent first."""

    targets: tuple[tuple[str, str], ...]
    phases: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]


def kinds_of(entry: Entry) -> frozenset[str]:
    """The classes of a trial, as the table tells them apart."""
    if entry.therapy is None:
        return frozenset()
    values = [known.value for known in entry.therapy.classes]
    found = {kind for kind, prefixes in _PREFIXES.items() if any(value.startswith(prefixes) for value in values)}
    others = [value for value in values if not value.startswith(("car_t", "tcr", "til"))]
    return frozenset(found | {"other"} if others else found)


def filtered(rows: Iterable[Ranked], filters: Filters) -> list[Ranked]:
    """The rows that fit, in their order."""
    return [row for row in rows if _fits(row, filters)]


def _fits(row: Ranked, filters: Filters) -> bool:
    entry, standing = row.entry, row.standing
    if filters.group is not None and standing.group is not filters.group:
        return False
    if filters.kind and filters.kind not in kinds_of(entry):
        return False
    if filters.target and (entry.therapy is None or filters.target not in entry.therapy.targets):
        return False
    if filters.phase and filters.phase not in (entry.phases or (NO_PHASE,)):
        return False
    if filters.country and filters.country not in _countries(entry):
        return False
    if filters.within_km is not None and (standing.distance_km is None or standing.distance_km > filters.within_km):
        return False
    days = standing.status_days
    return filters.status_months is None or (days is not None and days * 12 <= filters.status_months * 366)


def _countries(entry: Entry) -> set[str]:
    return {code for site in entry.sites if site.may_take_patients and (code := country_code(site.country))}


def choices(rows: Sequence[Ranked], lang: Lang) -> Choices:
    """What the rows can be limited to."""
    targets = Counter(t for row in rows if row.entry.therapy is not None for t in row.entry.therapy.targets)
    lands = Counter(code for row in rows for code in _countries(row.entry))
    phases = {phase for row in rows for phase in row.entry.phases or (NO_PHASE,)}
    known = countries()
    return Choices(
        tuple((target, target_name(target, lang)) for target, _ in targets.most_common()),
        tuple(sorted(phases, key=lambda phase: (phase == NO_PHASE, phase == "na", phase))),
        tuple((code, known[code].name_it if lang == "it" else known[code].name_en) for code, _ in lands.most_common()),
    )


def target_name(target: str, lang: Lang) -> str:
    """The name of a target that clinicians use: BCMA for TNFRSF17."""
    concept = f"antigen:{target}"
    return knowledge().label(concept, lang) if concept in knowledge().concepts else target


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
    about.append(" ".join(status_of(row, lang)))
    if row.nearest is not None:
        site, km = row.nearest
        about.append(f"{facility(site.facility, site.city, site.country).worded(lang)}, {site.city}, {km} km")
    parts = [f"{row.rank}. {entry.id} – {title(entry, lang)}", f"   {group} ({', '.join(points)})"]
    return "\n".join([*parts, f"   {'; '.join(filter(None, about))}", f"   {entry.url}"])


def phase_of(entry: Entry, lang: Lang) -> str:
    """The phase as clinicians write it: "1/2"; empty where none is stated."""
    return phase_said(tuple(phase.upper() for phase in entry.phases), lang, "clinician")


def status_of(row: Ranked, lang: Lang) -> list[str]:
    """The status of a trial with its age, and that it is to be confirmed, where it is; nothing where none is stated."""
    status = row.entry.status
    return [] if status is None else status_said(status.text, row.standing.status_days, lang, "clinician")
