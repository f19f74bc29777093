"""The order of the answer: five terms that can each be said in one line, and no score.

Groups come first; within a group the terms decide in the chosen order, and the trial's id where all are equal, so
that the order is total and the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from cartella.matching.results import Group, Tally, group_of

T = TypeVar("T")


class RankKey(Enum):
    """A term of the order; each puts the smaller number first and what is not known last."""

    CONFLICTS = "conflicts"
    DISEASE = "disease"
    UNKNOWNS = "unknowns"
    DISTANCE = "distance"
    FRESHNESS = "freshness"


DEFAULT_ORDER = (RankKey.CONFLICTS, RankKey.DISEASE, RankKey.UNKNOWNS, RankKey.DISTANCE, RankKey.FRESHNESS)

_LAST = 10**9
"""Behind every number that a term can have."""

_GROUPS = {group: position for position, group in enumerate(Group)}


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that decides a study's place.

    `distance_km`: straight line to the nearest site that is not known to be closed, in whole kilometres; None without
    a place to measure from or without such a site. `status_days`: days since the status was last confirmed; None when
    the record gives no date. `names_disease`: whether the study is registered for the patient's disease or a group that
    it belongs to; a record may say nothing of it, and such studies come after those that do.
    """

    identifier: str
    tally: Tally
    distance_km: int | None = None
    status_days: int | None = None
    names_disease: bool = False

    @property
    def group(self) -> Group:
        """The group, by the tally."""
        return group_of(self.tally)

    def term(self, key: RankKey) -> int | None:
        """The number that `key` puts in order."""
        match key:
            case RankKey.CONFLICTS:
                return self.tally.conflicts
            case RankKey.DISEASE:
                return 0 if self.names_disease else None
            case RankKey.UNKNOWNS:
                return self.tally.open_points
            case RankKey.DISTANCE:
                return self.distance_km
            case RankKey.FRESHNESS:
                return self.status_days


def ranked(items: Iterable[tuple[Standing, T]], order: Sequence[RankKey] = DEFAULT_ORDER) -> list[tuple[Standing, T]]:
    """The items in order, best first. Keys that `order` leaves out still break ties, in the default order."""
    keys = (*order, *(key for key in DEFAULT_ORDER if key not in order))

    def place(item: tuple[Standing, T]) -> tuple[object, ...]:
        standing = item[0]
        terms = (standing.term(key) for key in keys)
        return (_GROUPS[standing.group], *(_LAST if term is None else term for term in terms), standing.identifier)

    return sorted(items, key=place)
