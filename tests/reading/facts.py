"""Small patients for tests of the reader: only the facts that a test is about."""

from __future__ import annotations

from datetime import date

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Absence, Coding, Event, Interval, Measure, PatientFacts, Source, evaluate
from cartella.reading import read_criteria
from cartella.trials.criteria import Outcome

TODAY = date(2026, 11, 1).toordinal()
HERE = Source("test", "stated")


def patient(
    numbers: dict[str, float] | None = None,
    codes: dict[str, str] | None = None,
    has: dict[str, int | None] | None = None,
    absent: tuple[str, ...] = (),
    complete: tuple[str, ...] = (),
    traits: dict[str, dict[str, bool]] | None = None,
) -> PatientFacts:
    """`has` maps a concept to the days since it was last active (None: it goes on); `absent` is documented."""
    house = knowledge()
    events = []
    for concept, ago in (has or {}).items():
        last = TODAY if ago is None else TODAY - ago
        known = house.ancestors(concept) if concept in house.concepts else frozenset({concept})
        events.append(
            Event(known, HERE, last=Interval.exactly(last), traits=(traits or {}).get(concept, {}), counts_as=concept)
        )
    kinds = [house.descendants(a) if a in house.concepts else frozenset({a}) for a in absent]
    return PatientFacts(
        TODAY,
        {q: Measure(Interval.exactly(round(v * SCALE)), HERE) for q, v in (numbers or {}).items()},
        {v: Coding(_kinds(c), HERE) for v, c in (codes or {}).items()},
        tuple(events),
        tuple(Absence(k, HERE) for k in kinds),
        dict.fromkeys(complete, HERE),
    )


def _kinds(code: str) -> frozenset[str]:
    house = knowledge()
    return house.descendants(code) if code in house.concepts else frozenset({code})


def outcome(line: str, facts: PatientFacts, section: str = "Inclusion", context: str = "") -> Outcome:
    """What one line of a section means for a patient: all its points together."""
    found = [
        point.outcome(evaluate(point.expression, facts).truth)
        for point in read_criteria(f"{section} Criteria:\n\n* {line}\n", context).points
    ]
    if Outcome.CONFLICT in found:
        return Outcome.CONFLICT
    return Outcome.UNKNOWN if Outcome.UNKNOWN in found or not found else Outcome.OK
