"""Whether patients can enter a trial or a site, as far as the registry tells."""

from __future__ import annotations

from enum import StrEnum

from cartella.catalogue.entry import Entry, EntrySite
from cartella.trials.status import Status, StatusEntry


class Access(StrEnum):
    """What the status says of entering: open now, not open yet, not told, closed."""

    OPEN = "open"
    NOT_YET = "not_yet"
    UNTOLD = "untold"
    CLOSED = "closed"


def access_of(status: StatusEntry | None) -> Access:
    """What a status says; a missing one does not tell."""
    if status is None:
        return Access.UNTOLD
    if status.status is Status.NOT_YET_RECRUITING:
        return Access.NOT_YET
    takes = status.status.takes_patients
    return Access.UNTOLD if takes is None else Access.OPEN if takes else Access.CLOSED


def site_access(entry: Entry, site: EntrySite) -> Access:
    """What holds at a site: its own status where it has one, and never more than the trial's own lets in."""
    trial = access_of(entry.status)
    if trial is Access.CLOSED or site.status is None:
        return trial
    own = access_of(site.status)
    order = list(Access)
    return max(trial, own, key=order.index)
