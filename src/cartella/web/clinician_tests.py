"""The missing test that decides most for this patient, with a way to enter its result at once."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cartella.explaining import Lang, codes_of, name
from cartella.services.deciding import KINDS, Effect, answer_kind, entry_name, usual_unit
from cartella.web.addresses import LANGUAGES, address, language_of, page
from cartella.web.clinician import gone
from cartella.web.desk import Desk
from cartella.web.filtering import view_of
from cartella.web.held import held_by
from cartella.web.wording import say

router = APIRouter()

MOST_TESTS = 40
_MOST_TRIALS = 12


@dataclass(frozen=True, slots=True)
class TestLine:
    """One subject in words. `answer` is the kind of the addition that states its result ("" where none can), `entry`
    its name there, `unit` the usual unit of a value; `trials` are the first of those that it is asked in, those that it
    can decide first."""

    __test__ = False

    effect: Effect
    name: str
    kind: str
    codes: tuple[str, ...]
    answer: str
    entry: str
    unit: str
    trials: tuple[str, ...]


@page(router, "tests")
def tests(request: Request) -> Response:
    """The missing tests in the order in which they decide."""
    desk: Desk = request.app.state.desk
    held = held_by(request)
    if held is None:
        return gone(request)
    lang, view = language_of(request.url.path), view_of(request.query_params)
    ready = desk.ready()
    ranking = held.ranking(ready, "usual", False)
    open_trials = frozenset(row.entry.id for row in ranking.rows if not row.standing.tally.conflicts)
    found = ready.deciding_tests(held.day).of(held.patient.facts, open_trials)
    chosen = view.given.get("subject", "")
    wanted = [effect for effect in found.effects if chosen not in KINDS or effect.kind == chosen]
    places = {row.entry.id: row.rank for row in ranking.rows}
    return desk.show(
        request,
        "clinician_tests.html",
        "tests",
        elsewhere={code: address("tests", code) + view.link() for code in LANGUAGES},
        held=held,
        view=view,
        chosen=chosen if chosen in KINDS else "",
        kinds=[kind for kind in KINDS if any(effect.kind == kind for effect in found.effects)],
        tests=[_line(effect, lang, places) for effect in wanted[:MOST_TESTS]],
        total=len(wanted),
        open_trials=found.open_trials,
        without_criteria=found.without_criteria,
    )


def _line(effect: Effect, lang: Lang, places: dict[str, int]) -> TestLine:
    words = name(effect.subject, lang, "clinician")
    if effect.subject.endswith((".uln", ".lln")):
        words = say(f"clinician.tests.{effect.subject[-3:]}", lang, x=words)
    decided = effect.can_settle | effect.last
    order = sorted(effect.asked, key=lambda found: (found not in decided, places[found]))
    return TestLine(
        effect,
        words[:1].upper() + words[1:],
        effect.kind,
        codes_of(effect.subject),
        answer_kind(effect.subject),
        entry_name(effect.subject),
        usual_unit(effect.subject, lang),
        tuple(order[:_MOST_TRIALS]),
    )
