"""What the program knows of one study when it matches, searches or shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cartella.places import Point as Place
from cartella.trials.criteria import Point
from cartella.trials.dates import StudyDate
from cartella.trials.status import Status, StatusEntry
from cartella.trials.therapy import Bucket, Therapy

REGISTRY_PAGE = "https://clinicaltrials.gov/study/"


@dataclass(frozen=True, slots=True)
class EntrySite:
    """A site with the point where our own gazetteer puts it; None for a site that could not be placed."""

    facility: str | None
    city: str | None
    country: str | None
    status: StatusEntry | None
    place: Place | None

    @property
    def may_take_patients(self) -> bool:
        """Whether nothing says that this site is closed."""
        if self.status is None or self.status.status is Status.NOT_YET_RECRUITING:
            return True
        return self.status.status.takes_patients is not False


@dataclass(frozen=True, slots=True)
class Entry:
    """One study, compiled from its record.

    `title` is the registry's, None in the embedded catalogue (which composes one from the facts). `diseases` are the
    registered conditions as disease ids; `conditions_read` is False when one of them was not recognised. `unread`
    counts points that are known but cannot be judged here; None means that the record holds no
    criteria in words: no text, or one in which nothing is asked.
    """

    id: str
    title: str | None = None
    acronym: str | None = None
    status: StatusEntry | None = None
    first_posted: StudyDate | None = None
    last_update: StudyDate | None = None
    start: StudyDate | None = None
    completion: StudyDate | None = None
    phases: tuple[str, ...] = ()
    enrolment: int | None = None
    sponsor: str | None = None
    sites: tuple[EntrySite, ...] = ()
    diseases: tuple[str, ...] = ()
    conditions_read: bool = False
    therapy: Therapy | None = None
    points: tuple[Point, ...] = ()
    unread: int | None = None

    @property
    def url(self) -> str:
        """The page of the registry: where everything that is not here can be read."""
        return REGISTRY_PAGE + self.id

    @property
    def bucket(self) -> Bucket | None:
        """What kind of study it is; None when its therapy was not typed."""
        return None if self.therapy is None else self.therapy.bucket

    @property
    def may_be_entered(self) -> bool:
        """Whether the status lets patients in, now or soon, or does not tell. Not stated counts as not told."""
        if self.status is None or self.status.status is Status.NOT_YET_RECRUITING:
            return True
        return self.status.status.takes_patients is not False

    def status_days(self, reference: date) -> int | None:
        """Days since the status was last confirmed; None without a date."""
        return None if self.status is None else self.status.age_in_days(reference)
