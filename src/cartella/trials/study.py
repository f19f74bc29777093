"""A study, as one registry record tells it.

Nothing is filled in: None, or an empty tuple, means that the record does not state it ("not stated"), which is never
the same as "no" or "none". Texts stand as the registry holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cartella.logic import Period, PeriodUnit
from cartella.trials.dates import StudyDate
from cartella.trials.status import StatusEntry

_AGE = re.compile(r"(\d{1,4})\s*(year|month|week|day|hour)s?", re.IGNORECASE | re.ASCII)
_NO_LIMIT = re.compile(r"n/?a|none|no (?:maximum|minimum|limit)(?: age)?(?: limit)?", re.IGNORECASE)


class SexLimit(StrEnum):
    """Who may take part; "all" is a statement too, unlike a field that is missing.

    `UNRECOGNISED` is a word that we do not know: it may be a limit, so it cannot count as none.
    """

    ALL = "all"
    FEMALE = "female"
    MALE = "male"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """A limit of age as a record states it; registries include both ends, in completed years, months, weeks, days.

    `text` is the record's own wording. `period` is what was read of it; it is None for wording that states the
    absence of a limit (`is_open`), and for wording that was not understood, which is no licence to ignore it.
    """

    text: str
    period: Period | None
    is_open: bool = False

    @classmethod
    def read(cls, text: str) -> AgeLimit:
        """The limit written as ``18 Years``, ``6 Months``, ``No maximum`` or in words that are not understood."""
        stripped = text.strip()
        if _NO_LIMIT.fullmatch(stripped):
            return cls(text, None, is_open=True)
        stated = _AGE.fullmatch(stripped)
        if stated is None:
            return cls(text, None)
        return cls(text, Period(int(stated[1]), PeriodUnit(stated[2].lower())))

    @property
    def is_understood(self) -> bool:
        """Whether the wording was read, be it as a limit or as none."""
        return self.is_open or self.period is not None


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that is given or done. `kind` is the registry's word in lower case ("biological", "drug")."""

    name: str
    kind: str | None = None
    other_names: tuple[str, ...] = ()
    description: str | None = None
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of participants. `kind` is the registry's word in lower case ("experimental")."""

    label: str
    kind: str | None = None
    description: str | None = None
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the study runs. `latitude` and `longitude` (degrees) are the registry's and often wrong."""

    facility: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    status: StatusEntry | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the registry said of a study on one day, where a record carries it next to an older text.

    `sites` is None where the snapshot lists none; `site_count` may be stated all the same.
    """

    day: date
    status: StatusEntry | None = None
    sites: tuple[Site, ...] | None = None
    site_count: int | None = None


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Where a record was taken from, and the day it was taken, as far as the record says so itself."""

    registry: str
    taken: StudyDate | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """One study.

    `status` and `sites` are the record's own. `snapshots`, oldest first, hold what later days said; `current_status`
    and `current_sites` take them into account. `phases` and the kinds are the registry's words in lower case
    ("phase1", "early_phase1", "na"). `enrolment` counts persons, `enrolment_estimated` says whether they are still
    to be enrolled. `criteria_text` is the eligibility text exactly as the registry holds it.
    """

    id: str
    source: RecordSource
    acronym: str | None = None
    brief_title: str | None = None
    official_title: str | None = None
    other_ids: tuple[str, ...] = ()
    study_type: str | None = None
    status: StatusEntry | None = None
    why_stopped: str | None = None
    verified: StudyDate | None = None
    first_posted: StudyDate | None = None
    last_update: StudyDate | None = None
    start: StudyDate | None = None
    primary_completion: StudyDate | None = None
    completion: StudyDate | None = None
    phases: tuple[str, ...] = ()
    enrolment: int | None = None
    enrolment_estimated: bool | None = None
    sponsor: str | None = None
    sponsor_class: str | None = None
    collaborators: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    arms: tuple[Arm, ...] = ()
    summary: str | None = None
    description: str | None = None
    minimum_age: AgeLimit | None = None
    maximum_age: AgeLimit | None = None
    sex: SexLimit | None = None
    healthy_volunteers: bool | None = None
    criteria_text: str | None = None
    sites: tuple[Site, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def current_status(self) -> StatusEntry | None:
        """The newest status known: that of the latest snapshot which states one, or else the record's own."""
        for snapshot in reversed(self.snapshots):
            if snapshot.status is not None and self._is_later(snapshot):
                return snapshot.status
        return self.status

    @property
    def current_sites(self) -> tuple[Site, ...]:
        """The sites of the latest snapshot that lists them, or else the record's own."""
        for snapshot in reversed(self.snapshots):
            if snapshot.sites is not None and self._is_later(snapshot):
                return snapshot.sites
        return self.sites

    def _is_later(self, snapshot: Snapshot) -> bool:
        return self.last_update is None or snapshot.day >= self.last_update.earliest
