"""Criteria in words: representative sentences, and hundreds of invented expressions."""

from __future__ import annotations

from typing import get_args

import pytest
from gulpease import gulpease
from invented_expressions import CODES, CONCEPTS, QUANTITIES, many

from cartella.explaining import words
from cartella.explaining.tables import Lang, Register
from cartella.knowledge import knowledge
from cartella.logic import (
    SCALE,
    And,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Presence,
    Window,
    children,
    walk,
)

RENDERINGS: tuple[tuple[Lang, Register], ...] = (
    ("it", "patient"),
    ("it", "clinician"),
    ("en", "patient"),
    ("en", "clinician"),
)
INVENTED = many(400)


def at_least(quantity: str, value: int) -> Number:
    return Number(quantity, Operator.AT_LEAST, value * SCALE)


def at_most(quantity: str, value: int) -> Number:
    return Number(quantity, Operator.AT_MOST, value * SCALE)


def within(amount: int, unit: PeriodUnit) -> Window:
    return Window(at_most=Period(amount, unit))


SIX_MONTHS = within(6, PeriodUnit.MONTH)
HEART_OR_STROKE = Or(
    (Presence("cond:myocardial_infarction", window=SIX_MONTHS), Presence("cond:stroke", window=SIX_MONTHS))
)
GOLDEN: tuple[tuple[Expression, str, str, str, str], ...] = (
    (
        And((at_least("age", 18), at_most("age", 75))),
        "Età tra 18 e 75 anni (compresi).",
        "Età 18–75 anni",
        "Age from 18 to 75 years.",
        "Age 18–75 yr",
    ),
    (
        at_least("lab:plt", 50),
        "Piastrine almeno 50.000 per microlitro di sangue (50 × 10⁹/L).",
        "Piastrine ≥ 50 × 10⁹/L",
        "Platelets at least 50,000 per microlitre of blood (50 × 10⁹/L).",
        "Platelet count ≥ 50 × 10⁹/L",
    ),
    (
        Number("lab:bilirubin_total.uln", Operator.AT_MOST, 3 * SCALE // 2),
        "Bilirubina (esame del fegato) al massimo 1,5 volte il limite alto del laboratorio.",
        "Bilirubina totale ≤ 1,5 × LSN",
        "Bilirubin (a liver test) at most 1.5 times the laboratory's upper limit.",
        "Total bilirubin ≤ 1.5 × ULN",
    ),
    (
        Number("ecog", Operator.LESS, 2 * SCALE),
        "Condizioni generali (scala ECOG, 0 è il meglio) al massimo 1, cioè almeno: cammina e può fare lavori leggeri.",
        "ECOG < 2",
        "General condition (ECOG scale, 0 is best) at most 1, that is, at least: walks and can do light work.",
        "ECOG < 2",
    ),
    (
        Code("diagnosis", knowledge().descendants("disease:LBCL") | {"disease:MCL"}),
        "Diagnosi di linfoma a grandi cellule B o linfoma mantellare.",
        "Diagnosi: linfoma a grandi cellule B o linfoma mantellare",
        "Diagnosis of large B-cell lymphoma or mantle cell lymphoma.",
        "Diagnosis: large B-cell lymphoma or mantle cell lymphoma",
    ),
    (
        Not(Presence("class:directed_at:CD19", register="therapy")),
        "Nessuna cura con farmaci diretti contro CD19, anche in passato.",
        "Nessuna terapia: terapia diretta contro CD19, anche pregressa",
        "No treatment with drugs aimed at CD19, now or in the past.",
        "No therapy: CD19-directed therapy, ever",
    ),
    (
        Not(HEART_OR_STROKE),
        "Senza infarto del cuore o ictus negli ultimi 6 mesi.",
        "No infarto miocardico o ictus (≤ 6 mesi fa)",
        "Without heart attack or stroke in the last 6 months.",
        "No myocardial infarction or stroke (≤ 6 mo ago)",
    ),
    (
        Presence("class:systemic_therapy", window=within(4, PeriodUnit.WEEK), register="therapy"),
        "Cura con farmaci contro il tumore nelle ultime 4 settimane.",
        "Terapia: terapia antitumorale sistemica (≤ 4 sett. fa)",
        "Treatment with drugs against the cancer in the last 4 weeks.",
        "Therapy: systemic anticancer therapy (≤ 4 wk ago)",
    ),
    (
        Code("antigen:TNFRSF17", frozenset({"positive"})),
        "BCMA positivo sulle cellule del tumore.",
        "BCMA: positivo",
        "BCMA positive on the tumour cells.",
        "BCMA: positive",
    ),
    (
        at_least("antigen:MSLN.percent.ihc", 50),
        "Cellule del tumore con mesotelina (esame sul tessuto) almeno 50%.",
        "Mesotelina, cellule positive (IHC) ≥ 50%",
        "Tumour cells with mesothelin (tissue test) at least 50%.",
        "Mesothelin, positive cells (IHC) ≥ 50%",
    ),
    (
        Or((Presence("hla:A*02:01"), Presence("hla:A*02:06"))),
        "Tipo di tessuto HLA-A*02:01 o A*02:06.",
        "HLA-A*02:01 o A*02:06",
        "Tissue type HLA-A*02:01 or A*02:06.",
        "HLA-A*02:01 or A*02:06",
    ),
    (
        Or((at_most("lab:alt.uln", 3), And((Presence("site:liver"), at_most("lab:alt.uln", 5))))),
        "Almeno uno di questi punti: esame del fegato ALT al massimo 3 volte il limite alto del laboratorio; (malattia "
        "nel fegato, ed esame del fegato ALT al massimo 5 volte il limite alto del laboratorio).",
        "ALT ≤ 3 × LSN o (localizzazione epatica e ALT ≤ 5 × LSN)",
        "At least one of these: liver test ALT at most 3 times the laboratory's upper limit; (cancer in the liver, and "
        "liver test ALT at most 5 times the laboratory's upper limit).",
        "ALT ≤ 3 × ULN or (liver involvement and ALT ≤ 5 × ULN)",
    ),
    (
        If(Code("sex", frozenset({"female"})), Not(Presence("cond:pregnancy"))),
        "Se vale «sesso femminile», allora «senza gravidanza».",
        "Se sesso: femminile: no gravidanza",
        "If “sex female” holds, then “without pregnancy”.",
        "If sex: female: no pregnancy",
    ),
    (
        at_least("lines", 2),
        "Numero di cure già fatte (linee) almeno 2.",
        "Linee precedenti ≥ 2",
        "Number of treatments so far (lines) at least 2.",
        "Prior lines ≥ 2",
    ),
    (
        Presence("cond:infection", frozenset({"!controlled"})),
        "Infezione (non sotto controllo).",
        "Infezione (attiva o latente) (non controllata)",
        "Infection (not under control).",
        "Infection (active or latent) (uncontrolled)",
    ),
)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case[4]))
def test_representative_sentences(case: tuple[Expression, str, str, str, str]) -> None:
    expression, *expected = case
    assert [words(expression, lang, register) for lang, register in RENDERINGS] == expected


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case[4]))
def test_representative_italian_sentences_are_easy_to_read(case: tuple[Expression, str, str, str, str]) -> None:
    assert gulpease(case[1]) >= 60


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_invented_expressions_have_words_and_a_negation_is_seen(lang: Lang, register: Register) -> None:
    for expression in INVENTED:
        said = words(expression, lang, register)
        assert said.strip(" .")
        assert "{" not in said
        assert "_" not in said
        # what was not read is as open as its negation; wherever something was read, a negation is seen
        if any(not isinstance(node, Opaque) and not children(node) for node in walk(expression)):
            assert words(Not(expression), lang, register) != said
        assert words(Not(Not(expression)), lang, register) == said


def test_the_four_renderings_of_an_expression_differ() -> None:
    same = [e for e in INVENTED if len({words(e, lang, register) for lang, register in RENDERINGS}) < 3]
    # a comparison of an abbreviation with a number may be the same for both languages, nothing more
    assert all(len(list(walk(e))) <= 2 for e in same)


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_different_atoms_have_different_words(lang: Lang, register: Register) -> None:
    atoms: list[Expression] = [Number(q, op, 3 * SCALE) for q in QUANTITIES for op in Operator]
    atoms += [Code(variable, frozenset({code})) for variable, codes in CODES for code in codes]
    windows = (None, SIX_MONTHS, within(4, PeriodUnit.WEEK), Window(at_most=SIX_MONTHS.at_most, at_most_strict=True))
    atoms += [Presence(c, window=w, register=r) for c, r in CONCEPTS for w in windows]
    atoms += [Presence("cond:stroke", frozenset({t})) for t in ("active", "!active", "controlled", "!controlled")]
    atoms += [Count("class:chemotherapy", op, 2) for op in Operator]
    said = [words(atom, lang, register) for atom in atoms]
    doubled = {text for text in said if said.count(text) > 1}
    assert not doubled


def test_the_invented_expressions_hold_every_kind_of_node() -> None:
    kinds = {type(node) for expression in INVENTED for node in walk(expression)}
    assert kinds == set(get_args(Expression))


def test_a_text_with_two_readings_says_so() -> None:
    first, second = at_most("lab:alt.uln", 3), at_most("lab:ast.uln", 3)
    either = Or((And((first, second)), And((Or((first, second)), Opaque()))))
    assert words(either, "en", "clinician") == "ALT ≤ 3 × ULN and/or AST ≤ 3 × ULN [ambiguous text]"


def test_limits_on_one_quantity_are_never_lost() -> None:
    three = And((at_least("age", 18), at_least("age", 21), at_most("age", 75)))
    said = words(three, "en", "clinician")
    assert all(limit in said for limit in ("≥ 18", "≥ 21", "≤ 75"))


def test_a_denied_list_denies_each_item_and_a_denied_and_does_not() -> None:
    a, b = Presence("cond:stroke"), Presence("cond:seizure")
    assert words(Not(Or((a, b))), "en", "patient") == "Without stroke or seizure (fit)."
    assert words(Not(And((a, b))), "en", "patient") == "Without stroke, or without seizure (fit)."


def test_alternatives_that_hang_on_unread_text_say_so_once() -> None:
    items = tuple(And((Presence(concept), Opaque())) for concept in ("cond:stroke", "cond:seizure"))
    assert words(Or(items), "en", "clinician") == "(stroke or seizure) with [text not interpreted]"
