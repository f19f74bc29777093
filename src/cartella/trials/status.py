"""The recruitment status of a study or a site, and how far it can be trusted on a day.

A study and its sites each have their own status; neither is derived from the other. The words are those of
ClinicalTrials.gov (https://clinicaltrials.gov/study-basics/glossary, "recruitment status" and "expanded access
status"). A word that is not among them is kept as text and never guessed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cartella.logic import Period, PeriodUnit
from cartella.trials.dates import StudyDate

CONFIRMED_FOR = Period(6, PeriodUnit.MONTH)
"""How long a status stands after its last confirmation; an older one is to be confirmed."""


class Status(StrEnum):
    """What a registry says of recruitment.

    `UNKNOWN` is the registry's own word: the study was open and nobody has confirmed it for two years.
    `UNRECOGNISED` is ours: the record has a word that we do not know; `StatusEntry.text` holds it.
    """

    NOT_YET_RECRUITING = "not_yet_recruiting"
    RECRUITING = "recruiting"
    ENROLLING_BY_INVITATION = "enrolling_by_invitation"
    ACTIVE_NOT_RECRUITING = "active_not_recruiting"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    AVAILABLE = "available"
    NO_LONGER_AVAILABLE = "no_longer_available"
    TEMPORARILY_NOT_AVAILABLE = "temporarily_not_available"
    APPROVED_FOR_MARKETING = "approved_for_marketing"
    WITHHELD = "withheld"
    UNRECOGNISED = "unrecognised"

    @property
    def takes_patients(self) -> bool | None:
        """Whether patients can enter now: None where the word does not tell."""
        if self in _OPEN:
            return True
        return None if self in _UNTOLD else False


_OPEN = frozenset({Status.RECRUITING, Status.AVAILABLE, Status.ENROLLING_BY_INVITATION})
_UNTOLD = frozenset({Status.UNKNOWN, Status.WITHHELD, Status.UNRECOGNISED})
_BY_WORD = {status.value: status for status in Status if status is not Status.UNRECOGNISED}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A status as a record states it: its meaning, the record's own word, and when it was last confirmed.

    `confirmed` is None where the record gives no date.
    """

    status: Status
    text: str
    confirmed: StudyDate | None = None

    @classmethod
    def read(cls, text: str, confirmed: StudyDate | None = None) -> StatusEntry:
        """The entry of the word `text`: "RECRUITING", "Recruiting", "Active, not recruiting"."""
        word = "_".join(text.replace(",", " ").replace("-", " ").replace("_", " ").lower().split())
        word = word.removesuffix("_status") if word == "unknown_status" else word
        return cls(_BY_WORD.get(word, Status.UNRECOGNISED), text, confirmed)

    def age_in_days(self, reference: date) -> int | None:
        """Days from the last confirmation to `reference`, counted from the earliest day that it may have been on.

        0 for a confirmation after `reference`; None without a date.
        """
        if self.confirmed is None:
            return None
        return max(0, (reference - self.confirmed.earliest).days)

    def to_be_confirmed(self, reference: date) -> bool:
        """Whether the status no longer stands on its own: undated, unknown, or older than `CONFIRMED_FOR`."""
        age = self.age_in_days(reference)
        if age is None or self.status in _UNTOLD:
            return True
        return age > CONFIRMED_FOR.days_before(reference.toordinal())
