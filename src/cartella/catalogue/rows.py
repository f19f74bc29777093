"""An entry as a row of plain JSON values, and back.

How a point and a place are written is left to the caller: inside the row (the store, which keeps spans), or as numbers
of shared tables (the catalogue). An empty value at the end of a row may be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from cartella.catalogue.entry import Entry, EntrySite
from cartella.catalogue.expressions import from_json, to_json
from cartella.logic import Expression, Span
from cartella.places import Point as Place
from cartella.trials.criteria import Gate, Point, Section
from cartella.trials.dates import StudyDate
from cartella.trials.status import Status, StatusEntry
from cartella.trials.therapy import Bucket, CellClass, Origin, Therapy

Row = list[Any]

_THERAPY_LISTS = (
    "targets",
    "hla",
    "costimulation",
    "vector",
    "edits",
    "switches",
    "armour",
    "checkpoint_edits",
    "routes",
    "lymphodepletion",
    "combinations",
    "products",
    "roles",
    "review",
)
_STATUS = {status.value: status for status in Status}
_SECTIONS = {section.value: section for section in Section}
_GATES = {gate.value: gate for gate in Gate}


def entry_row(entry: Entry, point: Callable[[Point], Any], site: Callable[[EntrySite], Any]) -> Row:
    """The entry as a row."""
    return [
        entry.id,
        entry.title,
        entry.acronym,
        _status_out(entry.status),
        _date_out(entry.first_posted),
        _date_out(entry.last_update),
        _date_out(entry.start),
        _date_out(entry.completion),
        list(entry.phases),
        entry.enrolment,
        entry.sponsor,
        list(entry.diseases),
        int(entry.conditions_read),
        None if entry.therapy is None else therapy_out(entry.therapy),
        entry.unread,
        [point(item) for item in entry.points],
        [site(item) for item in entry.sites],
    ]


def row_entry(row: Row, point: Callable[[Any], Point], site: Callable[[Any], EntrySite]) -> Entry:
    """The entry that `entry_row` wrote. ValueError for anything else."""
    try:
        return Entry(
            id=row[0],
            title=row[1],
            acronym=row[2],
            status=_status_in(row[3]),
            first_posted=_date_in(row[4]),
            last_update=_date_in(row[5]),
            start=_date_in(row[6]),
            completion=_date_in(row[7]),
            phases=tuple(row[8]),
            enrolment=row[9],
            sponsor=row[10],
            diseases=tuple(row[11]),
            conditions_read=bool(row[12]),
            therapy=None if row[13] is None else therapy_in(row[13]),
            unread=row[14],
            points=tuple(map(point, row[15])),
            sites=tuple(map(site, row[16])),
        )
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"not an entry: {row!r:.80}") from error


def point_row(point: Point, expression: Callable[[Expression], Any] = to_json) -> Row:
    """A point with its span."""
    span = None if point.span is None else [point.span.start, point.span.end]
    gate = None if point.gate is None else point.gate.value
    row = [expression(point.expression), point.section.value, point.field, point.cohort, gate, point.concern, span]
    while row[-1] is None:
        row.pop()
    return row


def row_point(row: Row, expression: Callable[[Any], Expression] = from_json) -> Point:
    """The point that `point_row` wrote."""
    full = row + [None] * (7 - len(row))
    return Point(
        section=_SECTIONS[full[1]],
        expression=expression(full[0]),
        span=None if full[6] is None else Span(*full[6]),
        cohort=full[3],
        gate=None if full[4] is None else _GATES[full[4]],
        field=full[2],
        concern=full[5],
    )


def site_row(site: EntrySite) -> Row:
    """A site with its place."""
    place = None if site.place is None else [site.place.latitude, site.place.longitude]
    return [site.facility, site.city, site.country, place, _status_out(site.status)]


def row_site(row: Row) -> EntrySite:
    """The site that `site_row` wrote."""
    place = None if row[3] is None else Place(row[3][0], row[3][1])
    return EntrySite(row[0], row[1], row[2], _status_in(row[4]), place)


def therapy_out(therapy: Therapy) -> dict[str, Any]:
    """What is given, without the words it was read from and without what is empty."""
    values: dict[str, Any] = {"bucket": therapy.bucket.value}
    if therapy.classes:
        values["classes"] = [item.value for item in therapy.classes]
    if therapy.origin is not Origin.UNKNOWN:
        values["origin"] = therapy.origin.value
    for name in _THERAPY_LISTS:
        if getattr(therapy, name):
            values[name] = list(getattr(therapy, name))
    for name in ("generation", "cancer"):
        if getattr(therapy, name) is not None:
            values[name] = getattr(therapy, name)
    return values


def therapy_in(values: dict[str, Any]) -> Therapy:
    """The therapy that `therapy_out` wrote."""
    return Therapy(
        bucket=Bucket(values["bucket"]),
        classes=tuple(CellClass(item) for item in values.get("classes", ())),
        origin=Origin(values.get("origin", Origin.UNKNOWN)),
        generation=values.get("generation"),
        cancer=values.get("cancer"),
        **{name: tuple(values[name]) for name in _THERAPY_LISTS if name in values},
    )


_WRITTEN = {field.name for field in fields(Therapy)} - {"findings", "disagreements"}
assert {"bucket", "classes", "origin", "generation", "cancer", *_THERAPY_LISTS} == _WRITTEN, "Therapy has changed"


def _status_out(entry: StatusEntry | None) -> list[str | None] | None:
    if entry is None:
        return None
    return [entry.status.value, _date_out(entry.confirmed)]


def _status_in(row: list[str] | None) -> StatusEntry | None:
    if row is None:
        return None
    status = _STATUS[row[0]]
    return StatusEntry(status, status.value.upper(), _date_in(row[1]))


def _date_out(date: StudyDate | None) -> str | None:
    return None if date is None else str(date) + {None: "", True: "?", False: "!"}[date.estimated]


def _date_in(text: str | None) -> StudyDate | None:
    if text is None:
        return None
    estimated = {"?": True, "!": False}.get(text[-1])
    return StudyDate.read(text.rstrip("?!"), estimated)
