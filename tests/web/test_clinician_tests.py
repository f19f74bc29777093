"""The missing test that decides most: exact, and answered on the spot."""

from __future__ import annotations

import re

from cartella import services
from cartella.matching import Group, group_of, tally
from cartella.matching.memo import Memo
from cartella.services import Source
from cartella.web.held import Addition, changed, opened

from .clinician_records import FHIR, SHORT, bring, correct, plain
from .invented_trials import DAY, Pages

TESTS = "/en/clinicians/tests"


def of(invented: Source, record: str = SHORT) -> services.deciding.Effects:
    held = opened(record.encode(), DAY)
    ranking = services.rank_trials(invented, held.patient, services.MatchRequest(as_of=DAY))
    open_trials = frozenset(row.entry.id for row in ranking.rows if not row.standing.tally.conflicts)
    return services.DecidingTests(invented, DAY).of(held.patient.facts, open_trials)


def test_the_numbers_are_those_of_giving_every_answer(invented: Source) -> None:
    record = SHORT.replace("absent: [HIV infection]", "performance: {ecog: 1}")
    held = opened(record.encode(), DAY)
    effects = {effect.subject: effect for effect in of(invented, record).effects}
    answers = {
        "cond:hiv_infection": [Addition("absent", "HIV infection"), Addition("condition", "HIV infection")],
        "lab:plt": [Addition("lab", "platelets", "10 10*9/L"), Addition("lab", "platelets", "50 10*9/L")],
        "cond:dementia": [Addition("absent", "dementia"), Addition("condition", "dementia")],
    }
    entries = list(invented.entries())
    before = {e.id: group_of(tally(e.points, Memo(held.patient.facts), e.unread)) for e in entries}
    waiting = {number for number, group in before.items() if group is Group.MISSING_INFORMATION}
    for subject, given in answers.items():
        groups = []
        for addition in given:
            facts = changed(held, DAY, additions=(addition,)).patient.facts
            groups.append({e.id: group_of(tally(e.points, Memo(facts), e.unread)) for e in entries})
        still = [{n for n in waiting if after[n] is Group.MISSING_INFORMATION} for after in groups]
        effect = effects[subject]
        assert effect.can_settle == waiting - (still[0] & still[1]), subject
        assert effect.settles == waiting - (still[0] | still[1]), subject
        assert effect.can_exclude == {n for n in waiting for after in groups if after[n] is Group.CONFLICT}, subject


def test_trials_in_conflict_are_left_aside(invented: Source) -> None:
    found = of(invented, SHORT + "laboratory: {platelets: 10 10*9/L}\n")
    assert found.open_trials == 5
    assert all("NCT90000002" not in effect.asked for effect in found.effects)


def test_the_page_ranks_names_and_codes_the_tests(site: Pages) -> None:
    bring(site)
    page = site.text(TESTS)
    assert "on the 6 trials without conflict whose criteria we have read" in plain(page)
    assert "Platelet count" in page
    assert "LOINC 777-3" in page
    assert re.search(r'href="/en/clinicians/trials/NCT9000000\d"', page)
    assert "AST (× upper limit)" in page


def test_tests_can_be_limited_to_a_kind(site: Pages) -> None:
    bring(site)
    page = plain(site.text(f"{TESTS}?subject=illness"))
    assert "Hepatitis B" in page
    assert "Platelet count" not in page
    assert "Platelet count" in plain(site.text(f"{TESTS}?subject=nonsense"))


def test_a_result_is_entered_on_the_spot(site: Pages) -> None:
    bring(site)
    form = {"action": "add", "back": "tests", "query": "subject=illness", "kind": "absent", "name": "Dementia"}
    answered = correct(site, "/en/clinicians/record", **form)
    assert answered.headers["location"] == f"{TESTS}?subject=illness"
    assert "Dementia" not in plain(site.text(TESTS))
    assert "Absent (documented): Dementia" in plain(site.text("/en/clinicians/record"))


def test_a_record_with_nothing_open_gets_a_designed_page(site: Pages) -> None:
    bring(site, "patient: {age: 10}\ndiagnosis: Osteosarcoma\n")
    assert "No missing fact decides any of these trials" in plain(site.text(TESTS))


def test_also_a_fhir_record(site: Pages) -> None:
    bring(site, FHIR)
    assert "HIV infection" in plain(site.text(TESTS))
