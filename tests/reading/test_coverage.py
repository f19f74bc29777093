"""The report on what was read: every point is counted once, and what stops most points stands first."""

from __future__ import annotations

from cartella.logic import And, Number, Opaque, Operator, Unread
from cartella.reading import read_criteria
from cartella.reading.coverage import Reading, Text, coverage, reading_of

TEXTS = [
    "Inclusion Criteria:\n\n- Age ≥ 18 years\n- Gloppy liver of grade 3\n- Written consent\n",
    "Inclusion Criteria:\n\n- Platelets ≥ 50 x 10^9/L\n- gloppy liver of grade 12\n\nExclusion Criteria:\n\n"
    "- HIV infection, or an unheard-of gromple\n- Haemoglobin ≥ 8 g/dL\n",
]


def texts() -> list[Text]:
    return [Text(f"T{n}", text, read_criteria(text).points) for n, text in enumerate(TEXTS, start=1)]


def test_every_point_is_counted_once() -> None:
    found = coverage(texts())
    assert found.texts == 2
    assert found.points.total() == sum(len(t.points) for t in texts())
    assert found.points[Reading.READ] == 2
    assert found.points[Reading.JUDGEMENT] == 1
    assert found.by_concept["age"][Reading.READ] == 1
    assert found.by_concept["cond:hiv_infection"].total() == 1
    assert found.concerns == {"direction": 1}


def test_the_most_frequent_wording_stands_first() -> None:
    first, *others = coverage(texts()).wordings
    assert first.points == first.texts == 2
    assert first.example == "T1"
    assert "gloppy" in first.words
    assert "12" not in first.words, "numbers are written as #"
    assert any("gromple" in wording.words for wording in others)
    assert len(coverage(texts(), most=1).wordings) == 1


def test_how_far_a_point_was_read() -> None:
    limit, unread, judged = Number("age", Operator.AT_LEAST, 1), Opaque(), Opaque(Unread.JUDGEMENT)
    assert reading_of(limit) is Reading.READ
    assert reading_of(And((limit, judged))) is Reading.READ, "what a person must judge was read"
    assert reading_of(And((limit, unread))) is Reading.PARTLY
    assert reading_of(judged) is Reading.JUDGEMENT
    assert reading_of(And((unread, judged))) is Reading.UNREAD
