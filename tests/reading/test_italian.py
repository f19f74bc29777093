"""Italian criteria mean what their English counterparts mean, and every character keeps its place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartella.logic import Expression, walk
from cartella.reading import read_criteria
from cartella.reading.cues import phrases as cues
from cartella.reading.italian import in_english, phrases
from cartella.reading.text import plain_text
from cartella.trials.criteria import Section

SAME = [
    ("Età pari o superiore a 18 anni", "Age ≥ 18 years"),
    ("Età compresa tra 2 e 65 anni", "Age between 2 and 65 years"),
    ("Piastrine ≥ 50.000/mm3", "Platelets ≥ 50,000/mm3"),
    ("Piastrine non inferiori a 75.000/mmc", "Platelets ≥ 75,000/mm3"),
    ("Emoglobina superiore a 8,5 g/dL", "Haemoglobin > 8.5 g/dL"),
    ("Creatinina ≤ 1,5 volte il limite superiore della norma", "Creatinine ≤ 1.5 times the upper limit of normal"),
    ("AST e ALT ≤ 2,5 x LSN", "AST and ALT ≤ 2.5 x ULN"),
    ("Clearance della creatinina di almeno 60 mL/min", "Creatinine clearance of at least 60 mL/min"),
    ("Fosfatasi alcalina inferiore a 3 volte il LSN", "Alkaline phosphatase < 3 x ULN"),
    ("Infezione fungina attiva", "Active fungal infection"),
    ("Nessuna infezione attiva", "No active infection"),
    ("Assenza di metastasi cerebrali", "Absence of brain metastases"),
    ("Trapianto autologo nelle 12 settimane precedenti", "Autologous transplant in the previous 12 weeks"),
    ("Radioterapia entro 2 settimane dall'arruolamento", "Radiotherapy within 2 weeks of enrollment"),
    ("Almeno 2 precedenti linee di terapia", "At least 2 prior lines of therapy"),
    ("Storia di ictus nell'ultimo anno", "History of stroke in the last 1 year"),
    ("Malattia autoimmune che richieda terapia sistemica", "Autoimmune disease requiring systemic therapy"),
    ("Linfoma follicolare recidivato o refrattario", "Relapsed or refractory follicular lymphoma"),
    ("Mieloma multiplo in progressione", "Progressive multiple myeloma"),
    ("HIV, epatite B o epatite C", "HIV, hepatitis B or hepatitis C"),
    ("Gravidanza o allattamento", "Pregnancy or breastfeeding"),
    ("Bilirubina ≤ 2 mg/dL, tranne sindrome di Gilbert", "Bilirubin ≤ 2 mg/dL, except Gilbert syndrome"),
    ("ALT ≤ 3 x LSN a meno che non vi sia coinvolgimento epatico", "ALT ≤ 3 x ULN unless there is liver involvement"),
    ("Terapia anticoagulante in corso", "Ongoing anticoagulant therapy"),
]
ITALIAN = {Section.INCLUSION: "Criteri di inclusione", Section.EXCLUSION: "Criteri di esclusione"}
ENGLISH = {Section.INCLUSION: "Inclusion Criteria", Section.EXCLUSION: "Exclusion Criteria"}


def read(heading: str, line: str) -> tuple[tuple[Section, Expression], ...]:
    return tuple((p.section, p.expression) for p in read_criteria(f"{heading}:\n\n- {line}\n").points)


@pytest.mark.parametrize("section", list(Section), ids=lambda s: s.value)
@pytest.mark.parametrize(("italian", "english"), SAME, ids=[italian for italian, _ in SAME])
def test_both_languages_mean_the_same(italian: str, english: str, section: Section) -> None:
    assert read(ITALIAN[section], italian) == read(ENGLISH[section], english)


@pytest.mark.parametrize(
    "heading",
    [
        "Principali criteri di esclusione",
        "Criteri di non inclusione",
        "CRITERI DI ESCLUSIONE",
        "Chi non può partecipare allo studio",
    ],
)
def test_headings_of_exclusions(heading: str) -> None:
    assert [section for section, _ in read(heading, "Infezione attiva")] == [Section.EXCLUSION]


def test_every_character_keeps_its_place() -> None:
    text = "Criteri di inclusione:\n\n• Piastrine ≥ 50.000/mm3 nell'ultima settimana\n• Linfoma follicolare\n"
    for point in read_criteria(text).points:
        for node in walk(point.expression):
            if node.span is not None:
                assert point.span is not None
                assert point.span.start <= node.span.start < node.span.end <= point.span.end
    assert [text[p.span.start : p.span.end].strip("• \n") for p in read_criteria(text).points if p.span] == [
        "Piastrine ≥ 50.000/mm3 nell'ultima settimana",
        "Linfoma follicolare",
    ]


WORDS = st.sampled_from([" ".join(phrase.words) for phrase in phrases()])
OTHERS = st.sampled_from(["4", "1,5", "50.000", ",", "HIV", "(", ")", "xyz"])
LINES = st.lists(st.lists(WORDS | OTHERS, max_size=9).map(" ".join), max_size=6)


@settings(max_examples=60)
@given(LINES)
def test_any_italian_text_is_partitioned(lines: list[str]) -> None:
    text = "Criteri di esclusione:\n" + "\n".join(f"- {line}" for line in lines)
    criteria = read_criteria(text)
    spans = sorted([p.span for p in criteria.points if p.span] + list(criteria.fillers))
    assert spans[0].start == 0
    assert spans[-1].end == len(text)
    assert all(one.end == other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "english",
    [
        "Inclusion Criteria:\n* Non-Hodgkin lymphoma, stage I or II\n* IL-2 within 4 weeks, e.g. aldesleukin",
        "* Able to come to the clinic; no vitamin E\n  o Hepatitis A or E\n  a) HLA-A*02:01",
        "* Per protocol, a dose of 1,500 mg/m2 or 50.000 units",
    ],
)
def test_english_text_is_left_alone(english: str) -> None:
    plain = plain_text(english)
    assert in_english(plain) is plain


def test_a_word_without_a_row_stays_unread() -> None:
    ((_, expression),) = read("Criteri di inclusione", "Assenza di pippolite")
    assert any(type(node).__name__ == "Opaque" for node in walk(expression))


def test_the_table_says_each_phrase_once() -> None:
    seen = [phrase.words for phrase in phrases()]
    assert len(seen) == len(set(seen))
    assert all(phrase.english.strip() == phrase.english != "" for phrase in phrases())
    assert len(cues()) > 1000
