"""Holding a patient's facts against the points of studies: outcomes, the three groups, the order of the answer."""

from cartella.matching.memo import Interned, Memo
from cartella.matching.ranking import DEFAULT_ORDER, RankKey, Standing, ranked
from cartella.matching.results import Group, PointResult, Tally, check, group_of, tally
from cartella.matching.structured import condition_point, structured_points

__all__ = [
    "DEFAULT_ORDER",
    "Group",
    "Interned",
    "Memo",
    "PointResult",
    "RankKey",
    "Standing",
    "Tally",
    "check",
    "condition_point",
    "group_of",
    "ranked",
    "structured_points",
    "tally",
]
