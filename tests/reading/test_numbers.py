"""Measured values, scales, ages, lines and antigens: one meaning in many spellings, exact at the bound."""

from __future__ import annotations

import itertools

import pytest
from facts import outcome, patient

from cartella.logic import Expression, Not, Number, Opaque, walk
from cartella.reading import read_criteria
from cartella.reading.comparisons import find_comparisons
from cartella.trials.criteria import Outcome

OK, CONFLICT, UNKNOWN = Outcome.OK, Outcome.CONFLICT, Outcome.UNKNOWN
IN, EX = "Inclusion", "Exclusion"

SAME: dict[str, tuple[str, ...]] = {
    "lab:plt>=50": (
        "Platelets ≥ 50,000/µL", "Platelet count >= 50 x 10^9/L", "PLATELETS ≥50 × 10⁹/L",
        "Platelets of at least 50 K/uL",
        "Platelet count at least 50,000/mm3", "Platelets ≥ 50,000 per mm(3)", "Platelets ≥ 50 G/L",
        "Platelets greater than or equal to 50,000 cells/µL", "Piastrine ≥ 50.000/mm3", "Platelets = ≥50,000/µL",
        "Platelet count ≥ 50 x 10^9/L (50,000/µL)",
        "Platelets greater than/equal to 50 x 10 ^ 9 / L", "Platelets ≥50×10^9；",
        "Platelets greater than or euqual to 50,000/mcL",
        "Platelets at or above 50,000/µL (tested within 10 days of entry)",
    ),
    "lab:hb>=8": ("Hemoglobin ≥ 8 g/dL", "Hb ≥ 80 g/L", "Haemoglobin ≥8.0 g/dL (≥80 g/L)", "Emoglobina ≥ 8 g/dl"),
    "lab:anc>=1.5": ("ANC ≥ 1,500/µL", "ANC ≥ 1.500/µL", "Absolute neutrophil count greater than ≥ 1.5×10^9/L"),
    "lab:creatinine.uln<=1.5": (
        "Creatinine ≤ 1.5 x ULN", "Serum creatinine ≤1.5×ULN", "Creatinine ≤ 1.5 times the upper limit of normal",
        "Serum creatinine ≤ 1.5 ULN", "Creatinine ≤ ULN x 1.5", "Creatinine ≤ 1.5 x UNL", "Creatinina ≤ 1,5 x LSN",
        "Creatinine must be less than or equal to 1.5 times (≤ 1.5x) the institutional normal upper limit",
        "Serum creatinine ≤ 1.5 per institutional ULN", "Creatinine no greater than 1.5 fold upper limit of normal",
        "Creatinine ≤ to 1.5 times the upper normal limit", "Creatinine ≤ 1.5 times the normal maximum value",
        "Creatinine not above one and a half times the upper limit of the normal range",
        "Creatinine ≤ 1 1/2 times the upper limit of normal", "Creatinine \\&lt;= 1.5 x ULN",
        "Creatinine ≤ 1.5 x ULN (within 14 days before registration)",
    ),
    "lab:creatinine<=2": (
        "Creatinine ≤ 2 mg/dL", "Creatinine ≤ 2.0 mg/100 ml",
        "Serum creatinine ≤ to 2 mg per 100 ml",
    ),
    "lab:glucose_random>150": ("Glucose > 150 mg/dL", "Glucose > 150 mg⁄dL"),
    "lab:ldh.uln<=1": ("LDH ≤ ULN", "LDH ≤ 1 x ULN", "LDH ≤ upper limit of normal"),
    "lab:fev1>=50": ("FEV1 ≥ 50%", "FEV1 ≥ 50% predicted", "FEV1 ≥ 50% of expected", "FEV1 ≥ 50 % of predicted value"),
    "lab:crcl>=60": (
        "CrCL ≥ 60 cc/min", "Creatinine clearance ≥ 60 mL/min/1.73 m2", "Creatinine clearance ≥ 60 mL/min",
        "CrCl ≥ 60 ml/min (Cockcroft and Gault formula)",
    ),
    "lab:life_expectancy>=12": ("Life expectancy ≥ 12 weeks", "Aspettativa di vita di almeno 12 settimane"),
    "age>=18 age<=70": (
        "Age 18 to 70 years", "Aged 18 to 70 years", "Age ≥ 18 and ≤ 70 years", "18 ≤ age ≤ 70 years old",
        "18~70 years old",
        "Between the ages of 18 and 70 years", "Età compresa tra 18 e 70 anni", "Age 18-70 (including 18 and 70)",
        "Age from 18 to 70 years old (inclusive)", "18-70 years old, no gender limit",
        "Patients aged 18-70 years", "Age between 18-70 years", "Ages 18 - 70 years",
    ),
    "age>=18": (
        "Age ≥ 18 years at the time of consent", "Aged ≥ 18 years at the time of signing the informed consent",
        "Subject is ≥18 years old (including the threshold), gender is not limited", "Must be at least 18 years of age",
        "Persons must be 18 years of age or older, of any gender, race or ethnicity", "Age: 18 and over",
        "Of age ≥ 18 years or older", "Must have minimum age of 18 Years", "18 years of age inclusive or above",
    ),
    "age>=6 age<=65": (
        "Age 6-65 years", "Age 6 - 65 years.", "Aged 6 to 65 years (both ends included), any sex",
        "Aged 6-65 years (inclusive of 6 and 65 years old)", "Age 6-65 years, with no restriction on gender",
    ),
    "age.months>=12 age<30": ("Age ≥ 12 months and < 30 years at the time of consent",),
    "age.months>=6 age<16": ("Aged between 6 months and <16 years", "Age 6 months to < 16 years"),
    "ecog<=1": (
        "ECOG 0-1", "ECOG performance status of 0 or 1", "ECOG score 0~1", "ECOG PS ≤ 1", "Performance status: 0-1",
        "Eastern Cooperative Oncology Group performance status grade that is 0 or 1", "ECOG 1 or better",
        "ECOG performance status that is either 0 or 1 at screening", "ECOG (see Appendix B) performance status 0-1",
        "ECOG performance status (Rossi et al., 1999) of 0-1", "ECOG 0-1 within 7 days before leukapheresis",
    ),
    "lab:life_expectancy>12": (
        "Life expectancy > 12 weeks", "Expected lifetime is more than 12 weeks", "Expected survival over 12 weeks",
        "Anticipated life expectancy > 12 weeks in the opinion of the investigator",
        "Expected to live more than 12 weeks",
    ),
    "lab:spo2>92": (
        "Oxygen saturation > 92% on room air", "Pulse oxygen > 92 %", "SaO2 > 92% at rest without oxygen",
        "Oxygen (O2) saturation > 92% on room air (to be measured within 3 days of infusion)",
    ),
    "lab:lvef>=45": (
        "LVEF ≥ 45%", "Cardiac EF ≥ 45% by echocardiogram",
        "Left ventricular ejection fraction ≥ 45% within 1 month before entry",
    ),
    "lab:dlco>=45": (
        "DLCO (corrected for hemoglobin) ≥ 45%",
        "Diffusing capacity for carbon monoxide ≥ 45% of predicted",
    ),
    "lab:qtc<470": ("QTc < 470 ms", "QTcF < 470 msec", "Corrected QT interval < 470 ms (Fridericia formula)"),
    "lines>=1 lines<=3": (
        "1-3 prior lines of therapy", "At least one and no more than three prior lines of therapy",
        "A minimum of 1 to a maximum of 3 prior lines of therapy", "One to three prior lines of therapy",
    ),
    "lines>=2": (
        "At least 2 prior lines of therapy", "≥2 prior regimens", "Two or more lines of systemic therapy",
        "Failed at least two prior regimens", "Almeno due linee di terapia", "Minimum of 2 prior anti-myeloma regimens",
        "Failed second-line or above treatment",
    ),
    "antigen:CLDN18.percent>=40 antigen:CLDN18.intensity>=2": (
        "CLDN18.2 2+/3+ in ≥ 40 % of cells", "Claudin 18.2 positive ≥ 2+ in ≥ 40 % of cells",
    ),
    "antigen:CD276.h_score>=100": ("B7-H3 H-score ≥ 100", "H score of at least 100 for B7-H3"),
}  # fmt: skip


def expressions(criterion: str, section: str = IN, bullet: str = "* ") -> tuple[Expression, ...]:
    points = read_criteria(f"{section} Criteria:\n\n{bullet}{criterion}").points
    return tuple(point.expression for point in points)


def numbers(found: tuple[Expression, ...]) -> set[str]:
    said = (n for e in found for n in walk(e) if isinstance(n, Number))
    return {f"{n.quantity}{n.operator.value}{n.bound / 1_000_000:g}" for n in said}


@pytest.mark.parametrize(
    ("meaning", "spelling"),
    [(meaning, spelling) for meaning, spellings in SAME.items() for spelling in spellings],
)
def test_one_meaning_in_many_spellings(meaning: str, spelling: str) -> None:
    found = expressions(spelling)
    assert numbers(found) == set(meaning.split())
    assert not any(isinstance(n, Opaque) for e in found for n in walk(e)), "a part of the sentence stayed unread"


@pytest.mark.parametrize(
    ("criterion", "meaning"),
    [
        ("AST five times higher than the upper limit of normal", "lab:ast.uln>5"),
        ("AST 5-fold higher than the ULN", "lab:ast.uln>5"),
        ("AST more than 5 times above the upper limit of normal", "lab:ast.uln>5"),
        ("ALT > 120% of the upper limit of normal", "lab:alt.uln>1.2"),
        ("ALT more than 20% above the upper limit of normal", "lab:alt.uln>1.2"),
    ],
)
def test_multiples_of_a_limit_in_words(criterion: str, meaning: str) -> None:
    assert numbers(expressions(criterion, EX)) == {meaning}


@pytest.mark.parametrize(
    "criterion",
    ["Diastolic blood pressure > 135/85 mmHg", "Systolic blood pressure > 160/100", "LVEF ≥ 40/55 percent"],
)
def test_one_number_of_a_pair_says_nothing(criterion: str) -> None:
    assert numbers(expressions(criterion)) == set()


@pytest.mark.parametrize(
    "criterion",
    ["Patients who must take warfarin", "Subjects that need to take warfarin", "Need to take warfarin"],
)
def test_among_exclusions_a_relative_clause_describes_and_asks_nothing(criterion: str) -> None:
    assert not any(isinstance(n, Not) for e in expressions(criterion, EX) for n in walk(e))


@pytest.mark.parametrize("spelling", [spellings[0] for spellings in SAME.values()])
def test_bullet_case_and_full_stop_change_nothing(spelling: str) -> None:
    plain = expressions(spelling)
    for bullet, end in itertools.product(("* ", "1. ", "-  ", "a) "), ("", ".", ";")):
        assert expressions(spelling + end, bullet=bullet) == plain


@pytest.mark.parametrize(
    ("criterion", "quantity", "bound", "step"),
    [
        ("Platelets ≥ 50,000/µL", "lab:plt", 50.0, 0.1),
        ("Hemoglobin > 8 g/dL", "lab:hb", 8.0, 0.1),
        ("ALT ≤ 2.5 x ULN", "lab:alt.uln", 2.5, 0.01),
        ("Creatinine clearance at least 60 mL/min", "lab:crcl", 60.0, 1.0),
        ("LVEF ≥ 45%", "lab:lvef", 45.0, 1.0),
        ("QTc < 470 ms", "lab:qtc", 470.0, 1.0),
        ("ECOG ≤ 2", "ecog", 2.0, 1.0),
        ("Karnofsky ≥ 60", "karnofsky", 60.0, 10.0),
        ("Age ≥ 18 years", "age", 18.0, 1.0),
        ("Age under 75 years", "age", 75.0, 1.0),
        ("At least 2 prior lines of therapy", "lines", 2.0, 1.0),
        ("No more than 4 prior lines of therapy", "lines", 4.0, 1.0),
    ],
)
def test_a_bound_is_exact(criterion: str, quantity: str, bound: float, step: float) -> None:
    """Just below and just above the bound differ, and the bound itself belongs to the side that the words say."""
    below, at, above = (outcome(criterion, patient({quantity: v}), IN) for v in (bound - step, bound, bound + step))
    assert {below, above} == {OK, CONFLICT}
    strict = any(word in criterion for word in (">", "<", "under"))
    higher_is_better = above is OK
    assert at is ((below if higher_is_better else above) if strict else OK)


@pytest.mark.parametrize(
    ("criterion", "section", "never"),
    [
        ("ALT ≤ 2.5", IN, "lab:alt"),
        ("Life expectancy at least 3", IN, "lab:life_expectancy"),
        ("Serum creatinine ≤ 1.5 x baseline", IN, "lab:creatinine"),
        ("Negative serum pregnancy test whose sensitivity is at least 20 mIU/mL", IN, "lab:hcg_serum"),
        ("Spinal fluid (CSF) with ≥ 5 white blood cells per mm3", EX, "lab:wbc"),
        ("eGFR = 186 x age", IN, "lab:egfr"),
        ("Age of onset ≥ 18", IN, "age"),
        ("More than 3 prior lines of anti-PD-1 therapy", EX, "lines"),
        ("No response to first-line therapy", IN, "lines"),
    ],
)
def test_a_number_that_is_no_limit_decides_nothing(criterion: str, section: str, never: str) -> None:
    quantities = {n.quantity for e in expressions(criterion, section) for n in walk(e) if isinstance(n, Number)}
    assert never not in quantities


@pytest.mark.parametrize(
    ("criterion", "section", "codes", "expected"),
    [
        ("NYHA class II or greater", EX, {"nyha": "III"}, CONFLICT),
        ("NYHA class II or greater", EX, {"nyha": "I"}, OK),
        ("Unresectable stage III or stage IV disease", IN, {"stage": "II"}, CONFLICT),
        ("Stage III or stage IV disease", IN, {"stage": "IV"}, OK),
        ("Stage II or higher", IN, {"stage": "III"}, OK),
    ],
)
def test_lists_of_levels(criterion: str, section: str, codes: dict[str, str], expected: Outcome) -> None:
    assert outcome(criterion, patient(codes=codes), section) is expected


def test_a_variant_is_one_of_its_gene() -> None:
    criterion = "KRAS G12V mutation"
    assert outcome(criterion, patient(has={"variant:KRAS G12V": None}), IN) is OK
    assert outcome(criterion, patient(has={"gene:KRAS": None}), IN) is UNKNOWN
    assert outcome(criterion, patient(absent=("variant:KRAS G12V",)), IN) is CONFLICT


def test_a_gene_changed_in_some_way_does_not_exclude() -> None:
    """The record may speak of an amplification where the text excludes a mutation."""
    assert outcome("EGFR mutation", patient(has={"gene:EGFR": None}), EX) is UNKNOWN
    assert outcome("EGFR mutation", patient(absent=("gene:EGFR",)), EX) is OK
    assert outcome("Wild-type KRAS", patient(has={"gene:KRAS": None}), IN) is CONFLICT


def test_alleles_in_other_spellings() -> None:
    typed = patient(has={"hla:A*11:01": None}, complete=("hla:A",))
    for spelling in ("HLA-A*11:01 positive", "HLA-A 11:01 positive", "HLA-A*1101", "HLA-A*11:01P"):
        assert outcome(spelling, typed, IN) is OK
        assert outcome(spelling.replace("11", "02", 1), typed, IN) is CONFLICT
    assert outcome("HLA-A*11:01 negative", typed, IN) is CONFLICT


def test_independence_of_transfusions_is_no_transfusion_asked_for() -> None:
    criterion = "Platelets ≥ 50,000/µL (transfusion independent)"
    counts = {"lab:plt": 90.0}
    assert outcome(criterion, patient(counts, complete=("therapy",)), IN) is OK
    assert outcome(criterion, patient(counts, has={"class:transfusion": 400}, complete=("therapy",)), IN) is UNKNOWN


@pytest.mark.parametrize(
    ("criterion", "section"),
    [
        ("QTc < 450 ms in men and < 470 ms in women", IN),
        ("QTc < 450 ms (male) or < 470 ms (female)", IN),
        ("QTc ≥ 450 ms for males or ≥ 470 ms for females", EX),
    ],
)
def test_a_limit_for_each_sex(criterion: str, section: str) -> None:
    def said(sex: str, value: float) -> Outcome:
        return outcome(criterion, patient({"lab:qtc": value}, codes={"sex": sex}), section)

    assert said("male", 460) is CONFLICT and said("male", 440) is OK
    assert said("female", 460) is OK and said("female", 480) is CONFLICT


@pytest.mark.parametrize(
    ("criterion", "outcomes"),
    [
        ("Child-Pugh class A", (OK, CONFLICT, CONFLICT)),
        ("Child-Pugh A or B7", (OK, UNKNOWN, CONFLICT)),
        ("Child-Pugh score ≤ 7", (OK, UNKNOWN, CONFLICT)),
        ("Child-Pugh score ≤ 6", (OK, CONFLICT, CONFLICT)),
        ("Child-Pugh ≤ B", (OK, OK, CONFLICT)),
    ],
)
def test_points_of_the_liver_and_their_classes(criterion: str, outcomes: tuple[Outcome, ...]) -> None:
    found = tuple(outcome(criterion, patient(codes={"child_pugh": c})) for c in "ABC")
    assert found == outcomes


@pytest.mark.parametrize(
    "criterion",
    [
        "Dyspnea ≤ grade 1",
        "≤ CTCAE grade 1 dyspnea",
        "Pulmonary reserve defined as dyspnoea grade 0 or 1",
        "< grade 2 dyspnea",
    ],
)
def test_dyspnoea_up_to_a_grade(criterion: str) -> None:
    assert outcome(criterion, patient(absent=("cond:dyspnoea",))) is OK
    assert outcome(criterion, patient(has={"cond:dyspnoea": None})) is UNKNOWN


@pytest.mark.parametrize(
    ("criterion", "certain", "open_"),
    [
        ("Platelets > 50,000/dL", {"lab:plt": 60}, {"lab:plt": 40}),
        ("Creatinine ≤ 1.5 g/dL", {"lab:creatinine.uln": 0.9}, {"lab:creatinine.uln": 1.2}),
        ("Hemoglobin ≥ 8 g/dL (≥ 120 g/L)", {"lab:hb": 12.5}, {"lab:hb": 9}),
    ],
)
def test_a_slip_of_the_unit_is_certain_only_for_the_well(
    criterion: str, certain: dict[str, float], open_: dict[str, float]
) -> None:
    assert outcome(criterion, patient(certain)) is OK
    assert outcome(criterion, patient(open_)) is UNKNOWN


SIGNS = ">", ">=", "=>", "> =", ">/=", "<", "<=", "=<", "</", "</=", "="
WORDS_FOR_SIGNS = (
    "at least", "no more than", "greater than or equal", "equal to or less than", "not exceeding", "at or below",
    "above", "up to", "minimum of", "non inferiore a",
)  # fmt: skip


@pytest.mark.parametrize("sign", [*SIGNS, *WORDS_FOR_SIGNS])
def test_every_sign_that_is_found_has_a_meaning(sign: str) -> None:
    assert find_comparisons(f"platelets {sign} 50 x 10^9/L")


@pytest.mark.parametrize("text", ["≥ 3 mo", "6 months to 16 years", "> ULN", "≤ 1.5 x ULN (≤ 2 mg/dL)", "1e400", "≥ 0"])
def test_comparisons_stay_inside_their_text_and_do_not_overlap(text: str) -> None:
    found = find_comparisons(text.replace("≥", ">=").replace("≤", "<="))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(c.start < c.end for c in found)


@pytest.mark.parametrize(
    "row",
    [
        "Age greater than 5 and less than or equal to 9: maximum serum creatinine (mg/dL) 0.9",
        "Age 1 to < 2 years: 0.6 Age 2 to < 6 years: 0.8 Age 6 to < 10 years: 1.0",
        "Female and male: Age 1 to < 3 years: 0.6 Female and male: Age 3 < 7 years: 0.8",
    ],
)
def test_a_row_of_a_table_by_age_shuts_nobody_out(row: str) -> None:
    assert all(outcome(row, patient({"age": age, "lab:creatinine": 0.9})) is not CONFLICT for age in (4.0, 8.0, 50.0))
