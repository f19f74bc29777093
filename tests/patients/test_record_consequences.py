"""What follows from facts that a record states, and what does not."""

from __future__ import annotations

import pytest
from patient_facts import days, event, has, number, of

from cartella.logic import FALSE, SCALE, TRUE, UNKNOWN, Interval, PatientFacts


def finding(name: str, answer: str, **sections: object) -> PatientFacts:
    return of(findings={name: answer}, **sections)[0]


def woman(birth: str, **sections: object) -> PatientFacts:
    return of(patient={"sex": "female", "birth_date": birth}, **sections)[0]


def codes(facts: PatientFacts, variable: str) -> set[str]:
    coding = facts.codings.get(variable)
    return set(coding.possible) if coding else set()


@pytest.mark.parametrize(
    ("infection", "tests"),
    [
        ("hepatitis B", ["hbsag", "hbv_dna"]),
        ("hepatitis C", ["anti_hcv", "hcv_rna"]),
        ("HIV infection", ["hiv_agab", "hiv_rna"]),
    ],
)
def test_without_the_infection_its_tests_are_negative(infection: str, tests: list[str]) -> None:
    facts = of(absent=[infection])[0]
    for test in tests:
        assert codes(facts, f"lab:{test}.detected") == {"no"}
        assert facts.codings[f"lab:{test}.detected"].source.derived
    assert "lab:anti_hbc.detected" not in facts.codings


def test_an_old_contact_with_hepatitis_b_leaves_its_dna_open() -> None:
    facts = finding("hepatitis B", "HBsAg negative, anti-HBc positive")
    assert has(facts, "cond:hepatitis_b") is FALSE
    assert codes(facts, "lab:anti_hbc.detected") == {"yes"}
    assert "lab:hbv_dna.detected" not in facts.codings


def test_a_contradiction_about_an_infection_gives_no_test() -> None:
    facts = of(absent=["hepatitis C"], conditions=["hepatitis C"])[0]
    assert "lab:anti_hcv.detected" not in facts.codings


def test_hepatitis_b_without_viral_load_is_neither_active_nor_not() -> None:
    facts = of(conditions=["chronic hepatitis B"], findings={"hepatitis B": "HBV DNA undetectable"})[0]
    assert has(facts, "cond:hepatitis_b", "active") is UNKNOWN
    assert codes(facts, "lab:hbsag.detected") == {"yes"}
    loaded = of(conditions=["hepatitis B, HBV DNA 50,000 IU/mL"])[0]
    assert has(loaded, "cond:hepatitis_b_active", "active") is TRUE


REPRODUCTION = ("cond:pregnancy", "cond:breastfeeding", "cond:childbearing_potential")


@pytest.mark.parametrize("birth", ["2020-03-01", "1960-01-01"])
def test_girls_and_women_beyond_childbearing(birth: str) -> None:
    assert all(has(woman(birth), concept) is FALSE for concept in REPRODUCTION)


@pytest.mark.parametrize("birth", ["2012-03-01", "1972-01-01"])
def test_between_those_ages_nothing_follows(birth: str) -> None:
    assert all(has(woman(birth), concept) is UNKNOWN for concept in REPRODUCTION)


def test_a_negative_test_denies_pregnancy_only() -> None:
    facts = woman("1990-01-01", findings={"pregnancy test": "negative"})
    assert has(facts, "cond:pregnancy") is FALSE
    assert has(facts, "cond:breastfeeding") is UNKNOWN
    assert has(facts, "cond:childbearing_potential") is UNKNOWN


@pytest.mark.parametrize("answer", ["negative serum test, postmenopausal", "negative; hysterectomy in 2015"])
def test_menopause_and_sterilisation_beside_a_negative_test(answer: str) -> None:
    facts = woman("1970-01-01", findings={"pregnancy status": answer})
    assert all(has(facts, concept) is FALSE for concept in REPRODUCTION)


def test_what_is_stated_of_an_old_woman_stays() -> None:
    facts = woman("1960-01-01", findings={"pregnancy test": "positive"})
    assert has(facts, "cond:pregnancy") is TRUE


def test_white_cells_are_at_least_the_sum_of_their_kinds() -> None:
    facts = of(laboratory={"date": "2026-10-20", "neutrophils": "1.2 10*9/L", "lymphocytes": "0.9 10*9/L"})[0]
    assert facts.measures["lab:wbc"].value == Interval(2_100_000, None)
    counted = of(laboratory={"neutrophils": "1.2 10*9/L", "white blood cells": "3.0 10*9/L"})[0]
    assert number(counted, "lab:wbc") == 3


def test_the_inr_is_a_ratio_to_normal() -> None:
    facts = of(laboratory={"INR": "1.8"})[0]
    assert facts.measures["lab:inr.uln"].value == Interval(1_500_000, 1_800_000)
    assert facts.measures["lab:pt.uln"].value == Interval(None, 1_800_000)


def test_nyha_class_tells_the_symptoms_of_heart_failure() -> None:
    assert has(of(conditions=["heart failure, NYHA class III"])[0], "cond:heart_failure", "symptomatic") is TRUE
    assert has(of(conditions=["heart failure, NYHA class I"])[0], "cond:heart_failure", "symptomatic") is FALSE
    assert has(of(conditions=["heart failure"])[0], "cond:heart_failure", "symptomatic") is UNKNOWN


def test_an_untreated_symptomatic_metastasis_is_active() -> None:
    facts = of(diagnosis="breast cancer", findings={"brain metastases": "three, untreated, symptomatic"})[0]
    assert has(facts, "cond:brain_metastases", "active", "!controlled") is TRUE


def test_irradiated_stable_metastases_are_not_said_to_be_active() -> None:
    facts = of(diagnosis="breast cancer", conditions=["brain metastases, treated with radiosurgery, stable"])[0]
    assert has(facts, "cond:brain_metastases") is TRUE
    assert has(facts, "cond:brain_metastases", "active") is UNKNOWN


def test_medicines_that_treat_an_illness() -> None:
    tuberculosis = of(conditions=["tuberculosis, active"], medicines=["isoniazid 300 mg daily"])[0]
    assert has(tuberculosis, "cond:infection_active", "treated", "systemic_treatment") is TRUE
    on_treatment = of(conditions=["chronic GVHD, active on treatment"], medicines=["ruxolitinib 10 mg"])[0]
    assert has(on_treatment, "cond:gvhd", "systemic_treatment") is TRUE
    for_something = of(conditions=["chronic GVHD, active"], medicines=["prednisone 5 mg"])[0]
    assert has(for_something, "cond:gvhd", "systemic_treatment") is UNKNOWN
    skin_only = of(conditions=["chronic GVHD of the skin, on topical steroids only"], medicines=["ruxolitinib"])[0]
    assert has(skin_only, "cond:gvhd_chronic", "systemic_treatment") is FALSE


def test_an_active_infection_and_an_infection_that_is_carried() -> None:
    assert has(of(conditions=["CMV reactivation"])[0], "cond:infection_active") is TRUE
    for carried in ("HIV infection", "chronic hepatitis B", "HPV infection"):
        assert has(of(conditions=[carried])[0], "cond:infection_active") is not TRUE


def test_a_recovered_infection_named_in_two_words_is_over() -> None:
    facts = of(conditions=["SARS-CoV-2 infection, recovered in September 2026"])[0]
    assert has(facts, "cond:covid19", "active") is FALSE
    assert has(facts, "cond:infection_active") is not TRUE


def test_probable_invasive_is_a_category_of_mycology_and_probable_alone_a_doubt() -> None:
    assert has(of(conditions=["probable invasive aspergillosis, on voriconazole"])[0], "cond:aspergillosis") is TRUE
    assert has(of(conditions=["probable pneumonia"])[0], "cond:pneumonia") is UNKNOWN


@pytest.mark.parametrize("word", ["never", "none", "no", "absent", "mai", "not present"])
def test_an_answer_that_says_there_is_none(word: str) -> None:
    assert has(finding("hepatic encephalopathy", word), "cond:hepatic_encephalopathy") is FALSE


def test_varices_that_never_bled_are_no_bleeding() -> None:
    assert has(finding("oesophageal varices", "grade 1, never bled"), "cond:variceal_bleed") is FALSE
    assert has(finding("oesophageal varices", "grade 1"), "cond:variceal_bleed") is UNKNOWN
    assert has(of(conditions=["bleeding oesophageal varices"])[0], "cond:variceal_bleed") is TRUE


def test_immunosuppression_that_ended() -> None:
    facts = finding("immunosuppression", "none since 2026-07-01")
    assert has(facts, "class:immunosuppressant", "current") is not TRUE
    assert event(facts, "class:immunosuppressant").last == Interval(None, days("2026-07-01", "2026-07-01").high)


def test_what_an_illness_in_remission_is_on_is_taken_now() -> None:
    facts = of(conditions=["Crohn disease, in remission on azathioprine"])[0]
    assert has(facts, "cond:crohn", "!active", "systemic_treatment") is TRUE
    assert has(facts, "drug:azathioprine", "current") is TRUE


def test_complete_lists_deny_what_only_they_could_tell() -> None:
    empty = of(complete=["procedure", "therapy"])[0]
    assert has(empty, "cond:coronary_revascularisation") is FALSE
    assert has(empty, "cond:prior_irae") is FALSE
    checkpoint = of(complete=["therapy"], therapies=[{"name": "pembrolizumab", "end": "2026-02"}])[0]
    assert has(checkpoint, "cond:prior_irae") is UNKNOWN
    assert has(checkpoint, "cond:coronary_revascularisation") is UNKNOWN


@pytest.mark.parametrize("medicine", ["tacrolimus ointment", "dexamethasone eye drops", "budesonide inhaler"])
def test_medicines_that_act_where_they_are_put(medicine: str) -> None:
    facts = of(medicines=[medicine], complete=["medication"])[0]
    assert has(facts, "class:immunosuppressant", register="medication") is FALSE
    assert has(facts, "class:systemic_corticosteroid", register="medication") is FALSE
    assert number(facts, "steroid_dose") == 0


def test_a_dose_by_weight_needs_the_weight() -> None:
    known = of(laboratory={"weight": "20 kg"}, medicines=["prednisone 2 mg/kg/day"])[0]
    assert number(known, "steroid_dose") == 40
    unknown = of(medicines=["prednisone 2 mg/kg/day"])[0]
    assert unknown.measures["steroid_dose"].value == Interval(1, None)
    assert of(medicines=["dexamethasone 10 mg/m2/day"])[0].measures["steroid_dose"].value.high is None


def test_minimal_residual_disease_with_a_number() -> None:
    assert codes(finding("MRD", "positive, 0.2 %"), "lab:mrd.detected") == {"yes"}
    assert codes(finding("MRD", "< 0.01 %"), "lab:mrd.detected") == {"no"}
    assert number(finding("MRD", "positive, 0.2 %"), "lab:mrd") * SCALE == 200_000
