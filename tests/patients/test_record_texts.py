"""Short texts of records: what becomes a fact, what does not, and how a thing stands."""

from __future__ import annotations

import pytest
from patient_facts import DAY, condition, days, event, has, messages, number, of

from cartella.logic import FALSE, TRUE, UNKNOWN, Interval

NEVER_POSITIVE = [
    ("suspected pneumonia", "cond:pneumonia"),
    ("possible pulmonary embolism", "cond:pulmonary_embolism"),
    ("rule out tuberculosis", "cond:tuberculosis"),
    ("pneumonia?", "cond:pneumonia"),
    ("sospetta polmonite", "cond:pneumonia"),
    ("family history of breast cancer", "cond:second_malignancy"),
    ("mother with breast cancer", "cond:second_malignancy"),
    ("familiarità per carcinoma mammario", "cond:second_malignancy"),
    ("hepatitis B vaccination", "cond:hepatitis_b"),
    ("vaccinated against hepatitis B", "cond:hepatitis_b"),
    ("screening for tuberculosis", "cond:tuberculosis"),
    ("at risk of stroke", "cond:stroke"),
    ("pneumocystis prophylaxis", "cond:pjp"),
]


@pytest.mark.parametrize(("text", "concept"), NEVER_POSITIVE)
def test_doubt_family_and_other_contexts_are_not_facts(text: str, concept: str) -> None:
    assert has(condition(text), concept) is UNKNOWN


ABSENT = [
    ("no evidence of central nervous system involvement", "cond:cns_involvement"),
    ("no history of stroke or seizures", "cond:stroke"),
    ("no history of stroke or seizures", "cond:seizure"),
    ("no fever, pneumonia or stroke", "cond:stroke"),
    ("HIV negative", "cond:hiv_infection"),
    ("hepatitis C: negative", "cond:hepatitis_c"),
    ("without graft-versus-host disease", "cond:gvhd"),
    ("pulmonary embolism excluded", "cond:pulmonary_embolism"),
    ("nessuna infezione attiva", "cond:infection_active"),
    ("HIV, HBV and HCV negative", "cond:hiv_infection"),
    ("HIV, HBV and HCV negative", "cond:hepatitis_b"),
    ("HIV, HBV and HCV serology negative", "cond:hepatitis_c"),
]


@pytest.mark.parametrize(("text", "concept"), ABSENT)
def test_denied_in_words(text: str, concept: str) -> None:
    assert has(condition(text), concept) is FALSE


def test_a_denial_ends_where_the_text_turns() -> None:
    facts = condition("no history of stroke but heart failure")
    assert has(facts, "cond:stroke") is FALSE
    assert has(facts, "cond:heart_failure") is TRUE


def test_a_negative_test_at_the_end_of_a_list_denies_only_infections() -> None:
    facts = condition("diabetes, hypertension, HIV negative")
    assert has(facts, "cond:diabetes") is TRUE
    assert has(facts, "cond:hypertension") is TRUE
    assert has(condition("hepatitis B positive, HIV negative"), "cond:hepatitis_b") is TRUE


def test_no_active_infection_says_nothing_of_a_latent_one() -> None:
    facts = of(findings={"infection": "no active infection"})[0]
    assert has(facts, "cond:infection_active") is FALSE
    assert has(facts, "cond:tuberculosis_latent") is UNKNOWN


def test_without_denies_only_what_follows() -> None:
    facts = condition("diabetes without neuropathy")
    assert has(facts, "cond:diabetes") is TRUE
    assert has(facts, "cond:neuropathy") is FALSE


TRAITS = [
    ("hypertension, controlled with ramipril", "cond:hypertension", ["controlled", "active"], ["!controlled"]),
    ("atrial fibrillation, uncontrolled", "cond:atrial_fibrillation", ["!controlled"], ["controlled"]),
    ("seizures, controlled with levetiracetam", "cond:seizure", ["controlled", "treated"], ["!controlled"]),
    ("brain metastases: three, untreated, symptomatic", "cond:brain_metastases", ["!treated", "symptomatic"], []),
    ("asymptomatic brain metastases", "cond:brain_metastases", ["!symptomatic"], ["symptomatic"]),
    ("Crohn's disease, active, on adalimumab", "cond:crohn", ["active", "systemic_treatment"], ["!active"]),
    ("Crohn's disease, inactive", "cond:crohn", ["!active"], ["active"]),
    ("pneumonia, active, on intravenous antibiotics", "cond:pneumonia", ["systemic_treatment"], ["!treated"]),
    ("psoriasis, topical steroids only", "cond:psoriasis", ["!systemic_treatment"], ["systemic_treatment"]),
    ("psoriasis requiring no systemic therapy", "cond:psoriasis", ["!systemic_treatment"], ["systemic_treatment"]),
    ("acute graft-versus-host disease grade III of the gut, active", "cond:gvhd_acute", ["active", "severe"], []),
    ("acute graft-versus-host disease grade I", "cond:gvhd", ["!severe", "!grade_2_or_more"], ["severe"]),
    ("tuberculosis, active, under treatment", "cond:tuberculosis_active", ["active", "treated"], []),
    ("diabete mellito ben controllato", "cond:diabetes", ["controlled"], ["!controlled"]),
]


@pytest.mark.parametrize(("text", "concept", "held", "not_held"), TRAITS)
def test_traits(text: str, concept: str, held: list[str], not_held: list[str]) -> None:
    facts = condition(text)
    assert has(facts, concept) is TRUE
    assert has(facts, concept, *held) is TRUE
    for trait in not_held:
        assert has(facts, concept, trait) is not TRUE


LAST = [
    ("epilepsy with seizures in the last month", "cond:epilepsy", days("2026-10-01", "2026-11-01")),
    ("stroke 3 years ago", "cond:stroke", days("2022-11-02", "2023-11-01")),
    ("cured hepatitis C, treated in 2019", "cond:hepatitis_c_resolved", days("2019-01-01", "2019-12-31")),
    ("pneumonia, resolved 2023", "cond:pneumonia", days("2023-01-01", "2023-12-31")),
    ("polmonite risolta a marzo 2024", "cond:pneumonia", days("2024-03-01", "2024-03-31")),
    ("deep vein thrombosis on 14/02/2025", "cond:dvt", days("2025-02-14", "2025-02-14")),
]


@pytest.mark.parametrize(("text", "concept", "last"), LAST)
def test_the_last_day_of_activity(text: str, concept: str, last: Interval) -> None:
    assert event(condition(text), concept).last == last


def test_an_event_has_the_day_it_happened_and_a_state_goes_on() -> None:
    assert event(condition("myocardial infarction", since="2026-08-30"), "cond:myocardial_infarction").last == days(
        "2026-08-30", "2026-08-30"
    )
    assert event(condition("heart failure", since="2020-01-01"), "cond:heart_failure").last == Interval.exactly(
        DAY.toordinal()
    )


def test_a_past_infection_is_no_active_infection() -> None:
    assert has(condition("pneumonia, resolved 2023"), "cond:infection_active") is not TRUE
    assert has(condition("pneumonia"), "cond:infection_active") is TRUE


def test_an_earlier_cancer_in_remission() -> None:
    facts = of(
        diagnosis="High-grade serous ovarian carcinoma",
        conditions=[{"name": "breast cancer treated in 2025, in remission for 1 year", "since": "2025-02-01"}],
    )[0]
    earlier = event(facts, "cond:second_malignancy")
    assert "disease:BREAST" in earlier.concepts
    assert earlier.last == days("2025-02-01", "2025-11-01")
    assert earlier.traits["active"] is False
    assert facts.codings["diagnosis"].possible.isdisjoint({"disease:BREAST"})


def test_no_evidence_of_recurrence_does_not_deny_the_cancer() -> None:
    text = "prostate cancer, treated with prostatectomy in 2015, no evidence of recurrence"
    facts = of(diagnosis="Multiple myeloma", conditions=[text])[0]
    assert has(facts, "cond:second_malignancy") is TRUE
    assert event(facts, "cond:second_malignancy").traits["active"] is False


VIRUSES = [
    ("hepatitis B, HBV DNA 50,000 IU/mL", "lab:hbv_dna", 50_000, "yes", "cond:hepatitis_b_active", TRUE),
    ("HIV infection, viral load 12,000 copies/mL", "lab:hiv_rna", 12_000, "yes", "cond:hiv_infection", TRUE),
    ("epatite B, HBV DNA 50.000 UI/mL", "lab:hbv_dna", 50_000, "yes", "cond:hepatitis_b_active", TRUE),
    (
        "HBsAg positive, HBV DNA undetectable on entecavir",
        "lab:hbv_dna",
        0,
        "no",
        "cond:hepatitis_b_active",
        FALSE,
    ),
]


@pytest.mark.parametrize(("text", "test", "value", "found", "concept", "held"), VIRUSES)
def test_viral_loads(text: str, test: str, value: int, found: str, concept: str, held: object) -> None:
    facts = condition(text)
    assert number(facts, test) == value
    assert facts.codings[f"{test}.detected"].possible == {found}
    assert has(facts, concept) is held


def test_the_cancer_that_another_name_brings_in_is_no_second_cancer() -> None:
    facts = of(
        diagnosis="Diffuse large B-cell lymphoma",
        conditions=["central nervous system involvement by the lymphoma, active"],
    )[0]
    assert has(facts, "cond:cns_active") is TRUE
    assert has(facts, "cond:second_malignancy") is UNKNOWN


STATES = [
    ("relapsed and refractory", ["state:relapsed", "state:refractory"]),
    ("platinum resistant", ["state:platinum_resistant"]),
    ("metastatic (liver, peritoneum)", ["state:metastatic", "site:liver", "site:peritoneum"]),
    ("primary refractory", ["state:primary_refractory", "state:refractory"]),
    ("second relapse (bone marrow)", ["state:relapsed", "site:bone_marrow"]),
    ("recidivato, metastasi polmonari", ["state:relapsed", "state:metastatic", "site:lung"]),
    ("unresectable, progressive", ["state:unresectable", "state:progressive"]),
]


@pytest.mark.parametrize(("note", "concepts"), STATES)
def test_states_of_the_cancer(note: str, concepts: list[str]) -> None:
    facts = of(diagnosis={"name": "Gastric adenocarcinoma", "note": note})[0]
    for concept in concepts:
        assert has(facts, concept) is TRUE


def test_states_that_are_denied_or_over() -> None:
    denied = of(diagnosis={"name": "Melanoma", "note": "unresectable, no brain metastases"})[0]
    assert has(denied, "cond:brain_metastases") is FALSE
    removed = of(diagnosis="Neuroblastoma", findings={"disease status": "measurable adrenal mass resected"})[0]
    assert has(removed, "state:measurable") is UNKNOWN


def test_stage_and_scores() -> None:
    facts = of(diagnosis={"name": "Melanoma", "note": "stage IIIC"}, conditions=["heart failure, NYHA class III"])[0]
    assert facts.codings["stage"].possible == {"III"}
    assert facts.codings["nyha"].possible == {"III"}
    other = of(diagnosis={"name": "Multiple myeloma", "note": "ISS stage III"})[0]
    assert "stage" not in other.codings


def test_stage_four_of_a_solid_tumour_is_metastatic_and_of_a_lymphoma_not() -> None:
    assert has(of(diagnosis={"name": "Melanoma", "note": "stage IV"})[0], "state:metastatic") is TRUE
    lymphoma = of(diagnosis={"name": "Diffuse large B-cell lymphoma", "note": "stage IV"})[0]
    assert has(lymphoma, "state:metastatic") is UNKNOWN


def test_a_text_and_a_code_that_differ_stay_both_possible() -> None:
    facts, report = of(diagnosis={"name": "Multiple myeloma", "icd10": "C16.9"})
    assert {"disease:PCM", "disease:STAD"} <= facts.codings["diagnosis"].possible
    assert "code_and_text_differ" in messages(report, "ambiguous")


def test_a_contradiction_reaches_neither_side() -> None:
    facts, report = of(conditions=["hepatitis C"], absent=["hepatitis C"])
    assert has(facts, "cond:hepatitis_c") is UNKNOWN
    assert "stated_and_denied" in messages(report, "ambiguous")


def test_a_wide_denial_beside_a_narrow_statement() -> None:
    facts, report = of(conditions=["vitiligo"], absent=["autoimmune disease"])
    assert has(facts, "cond:vitiligo") is TRUE
    assert has(facts, "cond:autoimmune_disease") is UNKNOWN
    assert has(facts, "cond:crohn") is FALSE
    assert "denied_more_widely" in messages(report, "ambiguous")


def test_what_is_not_understood_is_reported() -> None:
    facts, report = of(conditions=["flibbertigibbet syndrome"], findings={"aura": "purple"})
    assert facts.events == ()
    assert messages(report, "ignored").count("not_understood") == 2


def test_pregnancy_and_contraception() -> None:
    assert has(of(findings={"pregnancy status": "negative serum pregnancy test"})[0], "cond:pregnancy") is FALSE
    assert has(of(findings={"pregnancy status": "positive serum pregnancy test"})[0], "cond:pregnancy") is TRUE
    after = of(findings={"pregnancy status": "postmenopausal"})[0]
    assert has(after, "cond:pregnancy") is FALSE
    assert has(after, "cond:childbearing_potential") is FALSE
    man = of(patient={"sex": "male"})[0]
    assert has(man, "cond:pregnancy") is FALSE
    both = of(findings={"pregnancy status": "negative test; uses effective contraception"})[0]
    assert has(both, "state:contraception") is TRUE
    assert has(both, "cond:pregnancy") is FALSE


def test_allergies() -> None:
    facts = of(allergies=["gentamicin, anaphylaxis"])[0]
    assert has(facts, "cond:allergy_aminoglycoside", "severe") is TRUE
    assert has(of(allergies=["No known drug allergies"])[0], "cond:allergy") is FALSE
