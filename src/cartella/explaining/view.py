"""What a result page shows, as plain data: the seam between `matching`, `services` and the renderings.

How to make one::

    points = tuple(
        point_view(point, explain(point, evaluate(point.expression, facts), text, facts), text)
        for point in criteria.points
    )
    trial = TrialView(id="NCT...", title="...", link="https://...", group=Group.CONFLICT, rank=1, points=points, ...)
    result = ResultView(release="...", data_as_of=date(...), reference_day=date(...), patient=summary, trials=(trial,))

`text` is the eligibility text as the registry holds it, or None in the embedded catalogue. Nothing in these classes is
worded for one language except what is said to be "in words": make those in the language of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from cartella.explaining.deciding import Change
from cartella.explaining.explanation import Explanation
from cartella.trials.criteria import Outcome, Point

_CONTEXT = 150
"""Characters of the text that are shown before and after a quoted sentence."""


class Group(Enum):
    """The three groups of trials."""

    NO_OBSTACLE = "no_obstacle"
    MISSING_INFORMATION = "missing_information"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PointView:
    """One point with its explanation; `before` and `after` are the text around the quoted sentence."""

    explanation: Explanation
    before: str = ""
    after: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the point means for the patient."""
        return self.explanation.outcome

    @property
    def change(self) -> Change | None:
        """For a conflict: whether it may pass."""
        return self.explanation.change


def point_view(point: Point, explanation: Explanation, text: str | None) -> PointView:
    """The point with the text around its sentence, cut at the ends of lines."""
    if text is None or point.span is None:
        return PointView(explanation)
    before = text[max(0, point.span.start - _CONTEXT) : point.span.start]
    after = text[point.span.end : point.span.end + _CONTEXT]
    if point.span.start > _CONTEXT:
        before = "… " + before.partition("\n" if "\n" in before else " ")[2]
    if point.span.end + _CONTEXT < len(text):
        after = after.rpartition("\n" if "\n" in after else " ")[0] + " …"
    return PointView(explanation, before, after)


@dataclass(frozen=True, slots=True)
class SiteView:
    """A place of a trial. `status` is the registry's word (RECRUITING ...) or None; distances are straight lines."""

    name: str
    city: str
    country: str
    distance_km: int | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class TrialView:
    """One trial on the page.

    `status` and `phases` are the registry's words (RECRUITING; PHASE1, PHASE2), worded here. `status_age_days` is the
    age of the status on the reference day, None if its date is not known. `therapy` says in words what is given.
    `unread_points` counts points that are only at the source (embedded catalogue). `sites` come nearest first.
    """

    id: str
    title: str
    link: str
    group: Group
    rank: int
    status: str
    status_age_days: int | None
    points: tuple[PointView, ...]
    phases: tuple[str, ...] = ()
    sponsor: str = ""
    therapy: str = ""
    sites: tuple[SiteView, ...] = ()
    unread_points: int = 0

    def with_outcome(self, outcome: Outcome) -> tuple[PointView, ...]:
        """The points of one outcome, in the order of the text."""
        return tuple(p for p in self.points if p.outcome is outcome)


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """What became of the record, each line in words: `understood`, `ignored` and `assumed`."""

    understood: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultView:
    """A whole answer. `trials` are in the order of the ranking; `totals` counts all trials of each group when only the
    first of them are in `trials`. `not_checked` are further lines in words, beside those that always hold."""

    release: str
    data_as_of: date
    reference_day: date
    patient: PatientSummary
    trials: tuple[TrialView, ...]
    totals: dict[Group, int] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()

    def in_group(self, group: Group) -> tuple[TrialView, ...]:
        """The trials of one group, in order."""
        return tuple(t for t in self.trials if t.group is group)

    def total(self, group: Group) -> int:
        """How many trials are in the group, shown or not."""
        return self.totals.get(group, len(self.in_group(group)))
