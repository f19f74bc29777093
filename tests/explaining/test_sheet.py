"""The sheet for the doctor: what stands on it, and its PDF as a reader of the screen aloud meets it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sample_result import CONFLICTS, DAY, LINES, result, trial

from cartella.explaining import Group, Lang, PatientSummary, Register, ResultView, Sheet, sheet_of
from cartella.explaining.lines import MOST_QUESTIONS
from cartella.explaining.sheet import MOST_FACTS, MOST_LATER, MOST_TRIALS
from cartella.explaining.sheet_pdf import sheet_pdf

RENDERINGS: tuple[tuple[Lang, Register], ...] = (
    ("it", "patient"), ("it", "clinician"), ("en", "patient"), ("en", "clinician"),
)  # fmt: skip


def full() -> ResultView:
    """More of everything than a sheet may hold."""
    base = result()
    return replace(
        base,
        patient=PatientSummary(understood=tuple(f"fact number {n}, told at some length" for n in range(60))),
        trials=(
            *(
                trial(
                    n,
                    "A trial with a rather long title that fills more than one line of the sheet, phase 1, Foundation",
                    Group.MISSING_INFORMATION,
                    n,
                    LINES,
                )
                for n in range(9)
            ),
            *(
                trial(n, "Another long title, also of more than one line, phase 1", Group.CONFLICT, n, CONFLICTS[1:3])
                for n in range(20, 29)
            ),
        ),
        totals={Group.NO_OBSTACLE: 0, Group.MISSING_INFORMATION: 9, Group.CONFLICT: 57},
    )


def reader(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(sheet_pdf(sheet)))


def text(found: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in found.pages).split())


def structure(node: Any) -> list[str]:
    """The kinds of the structure elements, in the order in which they are read."""
    if not isinstance(node, dict):
        return []
    kids = node.get("/K", [])
    below = kids if isinstance(kids, list) else [kids]
    own = [str(node["/S"])] if "/S" in node else []
    return own + [kind for kid in below if not isinstance(kid, int) for kind in structure(kid.get_object())]


def test_the_first_trials_without_conflict_and_those_that_may_pass() -> None:
    sheet = sheet_of(result(), "en", "patient")
    assert [one.id for one in sheet.trials] == ["NCT90000001", "NCT90000002"]
    assert [one.id for one in sheet.later] == ["NCT90000004"], "an age over the limit does not pass"
    (later,) = sheet.later
    assert any("haemoglobin" in point for point in later.points)


def test_the_day_to_look_again_is_told_where_it_is_known() -> None:
    washout = tuple(line for line in CONFLICTS if "Systemic treatment" in line[0])
    view = replace(
        result(), trials=(trial(4, "T", Group.CONFLICT, 1, CONFLICTS[1:3]), trial(5, "T", Group.CONFLICT, 2, washout))
    )
    sheet = sheet_of(view, "en", "patient")
    assert [one.id for one in sheet.later] == ["NCT90000005", "NCT90000004"], "what has a day comes first"
    # last given on 15 October, four weeks before collection
    assert sheet.later[0].again == "Look again: 13 November 2026"
    assert sheet.later[1].again == ""


def test_a_sheet_is_bounded() -> None:
    sheet = sheet_of(full(), "it", "patient")
    assert len(sheet.questions) <= MOST_QUESTIONS == 7
    assert len(sheet.trials) == MOST_TRIALS
    assert len(sheet.later) <= MOST_LATER
    assert len(sheet.facts) == MOST_FACTS
    assert sheet.facts[-1] == ("", f"… e altri {60 - MOST_FACTS + 1} dati")


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_it_fits_on_two_pages(lang: Lang, register: Register) -> None:
    found = reader(sheet_of(full(), lang, register, unknown=["one thing", "another"]))
    assert len(found.pages) <= 2
    assert len(reader(sheet_of(result(), lang, register)).pages) <= 2
    for page in found.pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_everything_is_in_the_text(lang: Lang, register: Register) -> None:
    sheet = sheet_of(result(), lang, register, [("Età", "71 anni")], ["HLA"])
    found = text(reader(sheet))
    for words in (
        sheet.prepared, sheet.release, sheet.say("limits"), sheet.say("notes"), "Età: 71 anni", "HLA",
        *sheet.questions, *sheet.not_checked, *(one.title for one in sheet.trials), *(one.id for one in sheet.later),
    ):  # fmt: skip
        assert " ".join(words.split()) in found, words
    assert sheet.questions


@pytest.mark.parametrize(("lang", "tag"), [("it", "it-IT"), ("en", "en")])
def test_it_is_a_tagged_pdf_with_language_and_title(lang: Lang, tag: str) -> None:
    found = reader(sheet_of(result(), lang, "patient"))
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == tag
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert found.metadata is not None
    assert "Cartella" in str(found.metadata.title)
    about = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert f"<rdf:li>{tag}</rdf:li>" in about
    kinds = structure(root["/StructTreeRoot"])
    assert kinds[0] == "/Document"
    headings = [kind for kind in kinds if re.fullmatch(r"/H\d|/Title", kind)]
    assert headings[:2] == ["/Title", "/H1"]
    assert "/H2" in headings
    assert {"/L", "/LI", "/P", "/Link"} <= set(kinds)


def test_only_its_own_fonts_are_in_it() -> None:
    found = reader(sheet_of(result(), "it", "patient"))
    resources: list[Any] = [page["/Resources"] for page in found.pages]
    fonts = {str(font.get_object()["/BaseFont"]) for some in resources for font in some["/Font"].values()}
    assert fonts
    assert all("Libertinus" in font for font in fonts)
    assert not found.attachments


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = sheet_of(result(), "it", "patient")
    assert sheet_pdf(sheet) == sheet_pdf(sheet_of(result(), "it", "patient"))
    later = replace(sheet, day=DAY + timedelta(days=1))
    assert sheet_pdf(later) != sheet_pdf(sheet)


HOSTILE = (
    '#panic("no") $x$ *bold* _it_ = heading @ref <label> `raw` \\ // # ~ -- --- [x] #read("/etc/passwd") "quote"',
    "\u202eturned\u2066 round\x00\x07\x1b[31m",
    "医院 in 上海, مستشفى, 🚑, 𝒳, e\u0301",
    "a" * 400,
    "",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_is_read_as_markup_and_none_breaks_the_sheet(words: str) -> None:
    base = result()
    hostile = replace(base.trials[1], title=words or "-", sponsor=words, therapy=words, link="javascript:alert(1)")
    view = replace(base, trials=(hostile,), release=words, patient=PatientSummary(understood=(words,)))
    sheet = sheet_of(view, "it", "patient", [(words, words)], [words])
    found = reader(sheet)
    shown = text(found)
    if words.startswith("#panic"):
        assert '#panic("no") $x$ *bold* _it_ = heading @ref <label> `raw`' in shown
    assert "javascript" not in shown
    links = [a for page in found.pages for a in page.get("/Annots", [])]
    assert not links


def test_what_the_font_cannot_show_is_marked() -> None:
    sheet = sheet_of(result(), "it", "patient", [("Sede", "Hôpital Łódź 医院, ≥ 3 × 10⁹")])
    assert "Hôpital Łódź □, ≥ 3 × 10⁹" in text(reader(sheet))


def test_an_empty_result_is_a_sheet_too() -> None:
    empty = replace(result(), trials=(), totals={}, patient=PatientSummary())
    sheet = sheet_of(empty, "en", "patient")
    found = text(reader(sheet))
    assert sheet.say("sheet.trials.none") in found
    assert sheet.say("question.none") in found
