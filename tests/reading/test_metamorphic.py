"""One criterion in many dresses: what does not change the meaning must not change the expression.

The seeds are invented criteria of the usual kinds. A change of bullet, case, sign, unit, spelling, blank or line break
keeps the expression; a negation gives the complement; a limit moved by a step gives the other outcome.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest
from facts import outcome, patient
from hypothesis import given, settings
from hypothesis import strategies as st

from cartella.knowledge import knowledge
from cartella.knowledge.analytes import Analyte
from cartella.logic import SCALE, And, Expression, If, Not, Number, Operator, Or, Presence
from cartella.logic.rewrites import simplify
from cartella.reading import read_criteria
from cartella.reading.lint import HIGH_IS_BAD, LOW_IS_BAD
from cartella.trials.criteria import Outcome

EXCLUSIONS = (
    "Active hepatitis B or hepatitis C infection",
    "HIV infection",
    "Allogeneic stem cell transplantation within 3 months",
    "Chemotherapy within 2 weeks prior to leukapheresis",
    "History of seizure, stroke or dementia",
    "Uncontrolled hypertension",
    "Myocardial infarction within 6 months",
    "GVHD requiring systemic therapy",
    "Prior treatment with CD19-directed therapy",
    "Active autoimmune illness requiring systemic immunosuppressive therapy",
    "Live vaccine within 6 weeks",
    "Symptomatic brain metastases",
    "Active infection",
)
MORE_EXCLUSIONS = (
    "Pregnant or breastfeeding women",
    "Other malignancy within 3 years, except basal cell carcinoma",
    "Platelets < 50,000/mm3",
    "Creatinine > 1.5 x ULN",
    "Corticosteroids > 10 mg/day prednisone",
    "Haemoglobin < 8 g/dL, or bilirubin > 2 mg/dL, unless Gilbert syndrome",
)
INCLUSIONS = (
    "Age ≥ 18 years",
    "ECOG 0-1",
    "Platelets ≥ 50,000/mm3",
    "Haemoglobin ≥ 8 g/dL",
    "ALT and AST ≤ 3 x ULN",
    "Creatinine clearance ≥ 45 mL/min",
    "Relapsed or refractory diffuse large B-cell lymphoma",
    "At least 2 prior lines of therapy",
    "CD19 positive disease",
    "Life expectancy of at least 12 weeks",
    "Total bilirubin ≤ 1.5 x ULN, except in patients with Gilbert syndrome",
    "Relapsed multiple myeloma after at least 3 prior lines of therapy including a proteasome inhibitor",
    "No active infection",
    "At least 4 weeks since the last chemotherapy",
    "Stage III or IV melanoma",
)
SEEDS = [("Exclusion", s) for s in (*EXCLUSIONS, *MORE_EXCLUSIONS)] + [("Inclusion", s) for s in INCLUSIONS]
CELLS = (
    "50 x 10^9/L",
    "50×10⁹/L",
    "50,000/µL",
    "50 K/uL",
    "50.000/mmc",
    "50 000/mm3",
    "50,000 per mm3",
    "50,000/cu mm",
)
LIMITS = ("× ULN", "times ULN", "x upper limit of normal", "times the institutional upper limit of normal", "xULN")


def expressions(section: str, lines: str) -> list[Expression]:
    return [point.expression for point in read_criteria(f"{section} Criteria:\n\n{lines}\n").points]


def sign(at_least: str, at_most: str) -> Callable[[str], str]:
    return lambda seed: seed.replace("≥", at_least).replace("≤", at_most)


def small(seed: str) -> str:
    return seed if seed[1].isupper() else seed[0].lower() + seed[1:]


def other_unit(old: str, new: str) -> Callable[[str], str]:
    return lambda seed: seed.replace(old, new)


CHANGES: dict[str, list[Callable[[str], str]]] = {
    "full stop": [lambda s: f"{s}.", lambda s: f"{s};", lambda s: f"{s} "],
    "small first letter": [small],
    "American spelling": [lambda s: s.replace("aem", "em")],
    "signs": [
        sign(">=", "<="),
        sign("\\>=", "\\<="),
        sign("&ge;", "&le;"),
        sign("at least", "at most"),
        sign("greater than or equal to", "less than or equal to"),
        sign("not less than", "not more than"),
        lambda s: s.replace(" ≥ ", "≥").replace(" ≤ ", "≤").replace(" < ", "<").replace(" > ", ">"),
    ],
    "blanks": [lambda s: s.replace(" ", "  "), lambda s: s.replace(" ", "\u00a0")],
    "people": [lambda s: f"Patients with {small(s)}", lambda s: f"Participant has {small(s)}"],
    "units": [
        *(other_unit("50,000/mm3", unit) for unit in CELLS),
        *(other_unit("x ULN", unit) for unit in LIMITS),
        other_unit("8 g/dL", "80 g/L"),
        other_unit("45 mL/min", "45 ml/minute"),
        other_unit("10 mg/day", "10 mg daily"),
    ],
    "words of time": [
        other_unit("within 3 months", "in the last 3 months"),
        other_unit("within 6 months", "in the previous six months"),
        other_unit("within 2 weeks prior to", "within two weeks before"),
        other_unit("within 6 weeks", "within the past 6 weeks"),
    ],
}


@pytest.mark.parametrize("kind", CHANGES)
def test_another_dress_is_the_same_criterion(kind: str) -> None:
    for section, seed in SEEDS:
        plain = expressions(section, f"* {seed}")
        for change in CHANGES[kind]:
            changed = change(seed)
            if changed != seed:
                assert expressions(section, f"* {changed}") == plain, changed


@pytest.mark.parametrize("bullet", ["- ", "• ", "1. ", "a) ", "(1) ", "  * ", ""])
def test_another_bullet_is_the_same_criterion(bullet: str) -> None:
    for section, seed in SEEDS:
        assert expressions(section, f"{bullet}{seed}") == expressions(section, f"* {seed}"), seed


def test_a_line_break_is_a_blank() -> None:
    """A line goes on below where it cannot end, or where the next begins with a small letter."""
    for section, seed in SEEDS:
        plain = expressions(section, f"* {seed}")
        words = seed.split(" ")
        for place in range(1, len(words)):
            if words[place][0].islower() or words[place - 1] in {"of", "or", "and", "within", "<", ">", "≥", "≤", "x"}:
                broken = f"* {' '.join(words[:place])}\n  {' '.join(words[place:])}"
                assert expressions(section, broken) == plain, broken


def test_the_order_of_a_list_is_free() -> None:
    names = ("HIV infection", "hepatitis C", "tuberculosis", "syphilis")
    found = set()
    for order in itertools.permutations(names):
        (expression,) = expressions("Exclusion", f"* {', '.join(order[:-1])} or {order[-1]}")
        assert isinstance(expression, Or)
        found.add(frozenset(expression.items))
    assert len(found) == 1


def test_what_stands_in_front_may_stand_behind() -> None:
    pairs = [
        ("Within 4 weeks before leukapheresis, chemotherapy", "Chemotherapy within 4 weeks before leukapheresis"),
        ("Heart failure, symptomatic", "Symptomatic heart failure"),
        ("Hypertension that is not controlled", "Uncontrolled hypertension"),
    ]
    for one, other in pairs:
        assert expressions("Exclusion", f"* {one}") == expressions("Exclusion", f"* {other}"), one


@pytest.mark.parametrize(
    "frame",
    [
        "No {}",
        "No evidence of {}",
        "Absence of {}",
        "Without {}",
        "Patients must not have {}",
        "The patient does not have {}",
        "Patients with {} are excluded",
    ],
)
def test_a_denied_inclusion_is_the_exclusion(frame: str) -> None:
    for seed in EXCLUSIONS:
        (unwanted,) = expressions("Exclusion", f"* {seed}")
        (wanted,) = expressions("Inclusion", f"* {frame.format(small(seed))}")
        assert simplify(wanted) == simplify(Not(unwanted)), frame.format(small(seed))


# every measured quantity, at its bound

OPERATORS = {
    Operator.AT_LEAST: ("≥ {}", "at least {}", "not less than {}"),
    Operator.AT_MOST: ("≤ {}", "at most {}", "no more than {}"),
    Operator.GREATER: ("> {}", "greater than {}", "above {}"),
    Operator.LESS: ("< {}", "less than {}", "below {}"),
}
WRITTEN = {"10*9/L": "x 10^9/L", "10*12/L": "x 10^12/L", "10*6/L": "x 10^6/L"}
UNNAMED = frozenset({"1", "a", "{presence}", "{INR}", "{titre}", "{score}"})


def is_measured(analyte: Analyte) -> bool:
    plain = not set(analyte.unit) & set("{}[]") and analyte.unit not in UNNAMED
    # a formula for the QT interval names no quantity of its own
    other = ("lab:prednisone_equiv", "lab:age", "lab:qt", "lab:qtcb", "lab:qtcf")
    return plain and "(" not in analyte.english and analyte.id not in other


MEASURED = sorted((a for a in knowledge().analytes.values() if is_measured(a)), key=lambda a: a.id)


def section_of(quantity: str, operator: Operator) -> str:
    """Where a trial would write such a limit: a good low limit is asked for, a bad one excludes."""
    low = operator in (Operator.AT_LEAST, Operator.GREATER)
    if quantity in LOW_IS_BAD:
        return "Inclusion" if low else "Exclusion"
    return "Exclusion" if low and quantity in HIGH_IS_BAD else "Inclusion"


@settings(max_examples=150)
@given(
    st.sampled_from(MEASURED),
    st.sampled_from([(operator, frame) for operator, frames in OPERATORS.items() for frame in frames]),
    st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=50),
)
def test_a_limit_is_read_as_it_is_written(analyte: Analyte, operator: tuple[Operator, str], share: Fraction) -> None:
    low, high = analyte.plausible
    value = low + (high - low) * share
    number = round(float(value), 1) if value < 20 else round(value)
    meant, frame = operator
    unit = WRITTEN.get(analyte.unit, analyte.unit)
    section = section_of(analyte.id, meant)
    written = f"{analyte.english} {frame.format(f'{number} {unit}')}"
    (expression,) = expressions(section, f"* {written}")
    assert expression == Number(analyte.id, meant, int(Fraction(str(number)) * SCALE)), written


@settings(max_examples=60)
@given(st.sampled_from(MEASURED), st.sampled_from(list(OPERATORS)))
def test_a_step_over_the_bound_is_the_other_outcome(analyte: Analyte, operator: Operator) -> None:
    low, high = analyte.plausible
    bound = round(low + (high - low) / 2)
    section = section_of(analyte.id, operator)
    unit = WRITTEN.get(analyte.unit, analyte.unit)
    line = f"{analyte.english} {OPERATORS[operator][0].format(f'{bound} {unit}')}"
    below, at, above = (outcome(line, patient({analyte.id: bound + step}), section) for step in (-0.01, 0, 0.01))
    assert {below, above} == {Outcome.OK, Outcome.CONFLICT}
    assert at is (above if operator in (Operator.AT_LEAST, Operator.LESS) else below)


# criteria made from random expressions

FINDINGS: dict[str, str] = {
    "HIV infection": "cond:hiv_infection",
    "tuberculosis": "cond:tuberculosis",
    "heart failure": "cond:heart_failure",
    "stroke": "cond:stroke",
    "pancreatitis": "cond:pancreatitis",
    "cirrhosis": "cond:cirrhosis",
}
VALUES: dict[str, Number] = {
    "platelets below 50 x 10^9/L": Number("lab:plt", Operator.LESS, 50 * SCALE),
    "haemoglobin < 8 g/dL": Number("lab:hb", Operator.LESS, 8 * SCALE),
    "total bilirubin > 2 x ULN": Number("lab:bilirubin_total.uln", Operator.GREATER, 2 * SCALE),
    "LVEF less than 45%": Number("lab:lvef", Operator.LESS, 45 * SCALE),
}
Said = tuple[str, Expression]
finding = st.sampled_from([(text, Presence(concept)) for text, concept in FINDINGS.items()])
value = st.sampled_from(list(VALUES.items()))


def several(kind: st.SearchStrategy[Said]) -> st.SearchStrategy[list[Said]]:
    return st.lists(kind, min_size=2, max_size=4, unique_by=lambda said: said[0])


def listed(said: list[Said]) -> Said:
    texts = [text for text, _ in said]
    return f"{', '.join(texts[:-1])} or {texts[-1]}", Or(tuple(e for _, e in said))


criterion: st.SearchStrategy[Said] = st.one_of(
    finding,
    value,
    several(finding).map(listed),
    several(value).map(listed),
    st.tuples(value, finding).map(
        lambda pair: (f"{pair[0][0]}, unless {pair[1][0]} is present", And((pair[0][1], Not(pair[1][1]))))
    ),
    st.tuples(value, finding).map(
        lambda pair: (f"{pair[0][0]}, except in patients with {pair[1][0]}", And((pair[0][1], Not(pair[1][1]))))
    ),
)


def shape(node: Expression) -> object:
    """An expression without the order of its lists."""
    match node:
        case And(items=items):
            return ("and", frozenset(map(shape, items)))
        case Or(items=items):
            return ("or", frozenset(map(shape, items)))
        case Not(item=item):
            return ("not", shape(item))
        case If(condition=condition, then=then):
            return ("if", shape(condition), shape(then))
        case _:
            return node


@settings(max_examples=120)
@given(criterion)
def test_a_criterion_made_from_an_expression_is_read_back(said: Said) -> None:
    text, meant = said
    (expression,) = expressions("Exclusion", f"* {text[0].upper()}{text[1:]}")
    assert shape(simplify(expression)) == shape(simplify(meant)), text


@settings(max_examples=60)
@given(several(criterion), st.sampled_from(["* ", "- ", "1. "]))
def test_criteria_below_each_other_do_not_disturb_each_other(many: list[Said], bullet: str) -> None:
    lines = "\n".join(f"{bullet}{text[0].upper()}{text[1:]}" for text, _ in many)
    found = expressions("Exclusion", lines)
    assert [shape(simplify(e)) for e in found] == [shape(simplify(meant)) for _, meant in many]
