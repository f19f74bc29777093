"""Remarks and rules of derived facts in the reader's language: no id is left, no rule stays English in Italian."""

import re
from datetime import date
from pathlib import Path

import pytest
from shared_data import shared_folder

from cartella.patients import LoadedPatient, load_patient, worded
from cartella.patients.wording import pattern, rules

DAY = date(2026, 11, 1)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
SHARED = shared_folder()
RECORDS = [*EXAMPLES, *(sorted((SHARED / "gold" / "patients").glob("*.json")) if SHARED else [])]


def derived(patient: LoadedPatient) -> set[str]:
    """The rules by which facts of the patient were derived."""
    facts = patient.facts
    sources = [measure.source for measure in facts.measures.values()]
    sources += [coding.source for coding in facts.codings.values()]
    sources += [event.source for event in facts.events]
    sources += [absence.source for absence in facts.absences]
    return {source.derived for source in sources if source.derived}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_remark_and_rule_can_be_said_in_both_languages(path: Path) -> None:
    patient = load_patient(path, DAY)
    said = {lang: [remark.words(lang) for remark in patient.report] for lang in ("en", "it")}
    for lang in ("en", "it"):
        assert not [words for words in said[lang] if re.search(r"[⟦⟧{}]|\b(cond|disease|class|value|trait):\w", words)]
    told = {remark.parameters["rule"] for remark in patient.report if "rule" in remark.parameters}
    missing = sorted(pattern(rule) for rule in told | derived(patient) if pattern(rule) not in rules())
    assert not missing, f"patients/data/rules.csv says nothing of {missing}"
    assert all(worded(rule, "it") for rule in told)


def test_the_table_has_a_place_for_everything_that_varies() -> None:
    for english, italian in rules().items():
        assert english.count("{}") == italian.count("{}"), english
