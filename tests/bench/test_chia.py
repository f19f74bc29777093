"""The second measure of the reader, on an invented document with marks in the form of BRAT."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from fractions import Fraction
from pathlib import Path

import pytest
from brat import Document, read_archive, read_document
from chia import Measures, table
from shared_data import REPOSITORY
from spoken import Amount, Duration, amount_of, duration_of

TEXT = "Hemoglobin at least 8 g/dL\r\nNo stroke within 6 months\r\nPlatelets normal\r\nActive hepatitis B\r\n"


def marks(*rows: tuple[str, str, str], relations: tuple[str, ...] = ()) -> str:
    """The lines of a file of marks; each row is key, kind and the marked words, which stand once in the text."""
    lines = [
        f"{key}\t{kind} {TEXT.index(words)} {TEXT.index(words) + len(words)}\t{words}" for key, kind, words in rows
    ]
    return "\n".join([*lines, *relations, "*\tOR T1 T2"])


MARKS = marks(
    ("T1", "Measurement", "Hemoglobin"),
    ("T2", "Value", "at least 8 g/dL"),
    ("T3", "Negation", "No"),
    ("T4", "Condition", "stroke"),
    ("T5", "Temporal", "within 6 months"),
    ("T6", "Value", "normal"),
    ("T7", "Condition", "hepatitis B"),
    relations=("R1\tHas_value Arg1:T1 Arg2:T2\t", "R2\tHas_negation Arg1:T4 Arg2:T3\t"),
)


def invented(name: str = "NCT90000001_inc", written: str = MARKS) -> Document:
    return read_document(name, TEXT, written)


def test_marks_keep_their_places() -> None:
    document = invented()
    assert [entity.words for entity in document.of_kind("Value")] == ["at least 8 g/dL", "normal"]
    for entity in document.entities.values():
        assert TEXT[entity.start : entity.end] == entity.words
    assert ("Has_negation", "T4", "T3") in document.relations


def test_a_mark_with_a_gap_covers_the_gap() -> None:
    document = read_document("NCT90000001_inc", TEXT, "T1\tCondition 0 10;20 26\tHemoglobin g/dL")
    assert (document.entities["T1"].start, document.entities["T1"].end) == (0, 26)


def test_what_the_reader_finds_is_counted() -> None:
    measures = Measures()
    measures.add(invented())
    for score in (measures.values, measures.amounts, measures.units, measures.times, measures.lengths):
        assert (score.marked, score.marked_met, score.found, score.found_met) == (1, 1, 1, 1)
    assert (measures.negations.precision, measures.negations.recall) == (1, 1)
    assert measures.named.marked == 3 and measures.named.recall == 1
    assert "| values with a number: the place | 1 | 1 | 100.0 % | 100.0 % | 100.0 % |" in table(measures)


@pytest.mark.parametrize(
    ("wrong", "measure"),
    [("at least 8 g/dL", "amounts"), ("within 6 months", "lengths")],
)
def test_another_number_is_no_match(wrong: str, measure: str) -> None:
    other = wrong.replace("8", "9").replace("6", "7")
    measures = Measures()
    measures.add(invented(written=MARKS.replace(f"\t{wrong}", f"\t{other}")))
    score = getattr(measures, measure)
    assert (score.marked, score.marked_met, score.found_met) == (1, 0, 0)
    assert other in score.misses[0]


def test_words_that_were_set_aside_do_not_count() -> None:
    measures = Measures()
    measures.add(invented(written=MARKS + "\n" + marks(("T9", "Non-query-able", "at least 8 g/dL"))))
    assert (measures.values.marked, measures.values.found) == (0, 0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("≥ 18 years", Amount((Fraction(18),), ">=", "years", None)),
        ("greater than or equal to 1.5 x ULN", Amount((Fraction(3, 2),), ">=", "xuln", "uln")),
        ("100,000/mm3 or more", Amount((Fraction(100_000), Fraction(3)), ">=", "/mm", None)),
        ("< 7,0 mM", Amount((Fraction(7),), "<", "mm", None)),
        ("1 x 10^9/L", Amount((Fraction(10**9),), None, "/l", None)),
        ("normal", None),
    ],
)
def test_amounts_in_words(words: str, expected: Amount | None) -> None:
    found = amount_of(words)
    assert found is None or expected is None or found.operator == expected.operator
    assert (found is None) is (expected is None)
    if found is not None and expected is not None:
        assert found.numbers[0] == expected.numbers[0] and found.limit == expected.limit


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("in the past six months", Duration(6, "month", False)),
        ("at least 4 wks before", Duration(4, "week", True)),
        ("at baseline", None),
        ("5 half-lives or 2 weeks", None),
    ],
)
def test_durations_in_words(words: str, expected: Duration | None) -> None:
    assert duration_of(words) == expected


def test_the_command_reads_an_archive_and_says_when_it_is_absent(tmp_path: Path) -> None:
    archive = tmp_path / "invented.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        for name, words in (("x/NCT90000001_inc.txt", TEXT), ("x/NCT90000001_inc.ann", MARKS)):
            content = words.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    assert [document.name for document in read_archive(archive)] == ["NCT90000001_inc"]
    command = [sys.executable, str(REPOSITORY / "bench" / "chia.py"), "--archive"]
    done = subprocess.run([*command, str(archive)], capture_output=True, text=True, check=True)
    assert "Documents: 1." in done.stdout
    absent = subprocess.run([*command, str(tmp_path / "nothing")], capture_output=True, text=True, check=False)
    assert absent.returncode == 1 and "needs the Chia corpus, skipped" in absent.stderr
