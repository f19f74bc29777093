"""How it works and the words explained: true, easy to read, and linked from where the words stand."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from markupsafe import Markup

from cartella.explaining import Lang
from cartella.web import about
from cartella.web.glossary import linker, terms
from cartella.web.wording import wordings

from .invented_trials import Pages

sys.path.append(str(Path(__file__).parent.parent / "explaining"))
from gulpease import gulpease

ITALIAN = {
    identifier: italian
    for identifier, (italian, _) in wordings().items()
    if identifier.split(".")[0] in ("about", "term", "words", "next", "help", "sheet", "when", "value", "retry")
    and not identifier.endswith(".find")
}


@pytest.mark.parametrize("identifier", [i for i, text in ITALIAN.items() if len(text.split()) > 4 and text[-1] in ".?"])
def test_italian_sentences_are_easy_to_read(identifier: str) -> None:
    text = re.sub(r"\{\w+\}", "10", ITALIAN[identifier])
    assert gulpease(text) >= 60, text


def test_the_numbers_are_those_that_were_measured(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "quality.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| [A-Z]: \d+ pairs", line)]
    measured = [[float(cell.removesuffix(" %")) for cell in row if cell.endswith("%")] for row in rows]
    first, wrong, now, wrong_now = ([row[column] for row in measured] for column in (0, 2, 3, 4))
    assert (min(first) // 1, -(-max(first) // 1)) == (about.NEW["low"], about.NEW["high"])
    assert (min(wrong) // 1, -(-max(wrong) // 1)) == (about.NEW["wrong_low"], about.NEW["wrong_high"])
    assert (min(now) // 1, max(now) // 1) == (about.NOW["low"], about.NOW["high"])
    assert max(wrong_now) * 10 <= about.NOW["wrong"]
    pairs = sum(int(row[0].split()[1]) for row in rows)
    assert f"{pairs} coppie" in wordings()["about.quality.day"][0]
    assert f"{pairs} pairs" in wordings()["about.quality.day"][1]


@pytest.mark.parametrize(("path", "said"), [
    ("/it/come-funziona", ["Nessun ostacolo trovato (da verificare)", "da 68 a 73 frasi su 100", "dispositivo medico",
                           "Non siamo un ufficio pubblico", "800 22 65 24", "due ore al massimo"]),
    ("/en/how-it-works", ["No obstacle found (to be verified)", "68 to 73 sentences of 100", "medical device",
                          "We are not a public office", "800 22 65 24", "two hours at most"]),
])  # fmt: skip
def test_it_says_what_it_does_and_what_it_is_not(site: Pages, path: str, said: list[str]) -> None:
    page = site.text(path)
    for words in said:
        assert words in page
    assert not re.search(r"eligib|idone[oi]\b", page)


@pytest.mark.parametrize(("lang", "path"), [("it", "/it/parole"), ("en", "/en/words")])
def test_every_word_has_its_place(site: Pages, lang: Lang, path: str) -> None:
    page = site.text(path)
    found = re.findall(r'<div id="([\w-]+)"><dt>', page)
    assert len(found) == len(set(found)) == len(terms(lang)) >= 30
    for key in ("car-t", "tcr-t", "til", "leukapheresis", "lymphodepletion", "phase1", "phase2", "phase3", "inclusion",
                "exclusion", "washout", "ecog", "antigen", "hla", "refractory", "relapse", "line", "measurable",
                "consent"):  # fmt: skip
        assert key in found


def test_a_word_is_linked_once_and_only_in_running_text() -> None:
    link = linker("it")
    found = link(Markup(
        '<h3>ECOG</h3><a href="#">HLA</a><p class="ECOG">Serve ECOG 1. ECOG di nuovo, e HLA-A*02.</p>'
        "<summary>CAR-T</summary><blockquote>CAR-T and ECOG</blockquote><p>Recidiva, non recidivante; CAR-T</p>"
    ))  # fmt: skip
    assert found == Markup(
        '<h3>ECOG</h3><a href="#">HLA</a><p class="ECOG">Serve <a class="term" href="/it/parole#ecog">ECOG</a> 1. '
        "ECOG di nuovo, e HLA-A*02.</p><summary>CAR-T</summary><blockquote>CAR-T and ECOG</blockquote>"
        '<p><a class="term" href="/it/parole#relapse">Recidiva</a>, non recidivante; '
        '<a class="term" href="/it/parole#car-t">CAR-T</a></p>'
    )
    hla = '<a class="term" href="/it/parole#hla">HLA</a>'
    assert link("<b>til</b> & HLA") == Markup(f"&lt;b&gt;til&lt;/b&gt; &amp; {hla}")


def test_results_link_their_difficult_words(site: Pages) -> None:
    site.keep({"disease": "disease:FL", "age": 70})
    for path, page in (("/it/risultati", "/it/parole"), ("/en/results/NCT90000001", "/en/words")):
        text = site.text(path)
        assert f'href="{page}#phase1"' in text
        linked = re.findall(rf'href="{page}#([\w-]+)"', text)
        assert len(linked) == len(set(linked)), "once in a page"
        assert set(linked) <= set(re.findall(r'<div id="([\w-]+)"><dt>', site.text(page)))


def test_spellings_belong_to_one_word() -> None:
    for lang in ("it", "en"):
        spellings = [spelling.lower() for term in terms("it" if lang == "it" else "en") for spelling in term.spellings]
        assert len(spellings) == len(set(spellings))
