"""The table of trials: filters, order, pages, files, and one trial point by point."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from cartella import services

from .clinician_records import FHIR, SHORT, bring, correct, plain
from .invented_trials import COMMON, Pages, pages, source, study

TABLE = "/en/clinicians/trials"


def numbers(page: str) -> list[str]:
    """The trials of the table, in its order."""
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*/(NCT\d+)', page)


def test_rows_in_order_with_group_counts_and_status(site: Pages) -> None:
    bring(site, FHIR)
    page = site.text(TABLE)
    words = plain(page)
    assert len(numbers(page)) == 6
    assert "6 of 6 trials" in words
    assert "A point does not match: 1" in words, "platelets of 30 are below the 50 of one trial"
    assert numbers(page)[-1] == "NCT90000002"
    assert "recruiting, 4 wk ago" in words or "recruiting, 1 mo ago" in words
    assert "Ospedale Inventato" in words
    assert re.search(r"<strong>\d+ km</strong>", page)


def test_line_count_is_shown_and_corrected_on_the_table(site: Pages) -> None:
    bring(site)
    assert 'name="lines" inputmode="numeric" maxlength="3" value="2"' in site.text(TABLE)
    correct(site, "/en/clinicians/record", action="core", lines="5", ecog="", back="table", query="")
    assert 'name="lines" inputmode="numeric" maxlength="3" value="5"' in site.text(TABLE)


def test_a_correction_is_evaluated_at_once(site: Pages) -> None:
    bring(site, FHIR)
    assert "A point does not match: 1" in plain(site.text(TABLE))
    correct(site, "/en/clinicians/record", action="add", kind="lab", name="platelets", value="150 10*9/L")
    assert "A point does not match: 0" in plain(site.text(TABLE))


@pytest.mark.parametrize(("query", "left"), [
    ("group=conflict", 1), ("group=missing_information", 5), ("group=no_obstacle", 0), ("kind=car_t", 6),
    ("kind=til", 0),
    ("target=CD19", 6), ("target=BCMA", 0), ("phase=phase1", 6), ("phase=phase2", 0), ("country=IT", 6),
    ("country=FR", 0),
    ("within=50", 0), ("within=1000", 6), ("months=3", 6), ("group=nonsense", 6), ("phase=nonsense", 6),
    ("within=x", 6),
    ("kind=nonsense", 0), ("from=9999999999", 6), ("from=-1", 6), ("order=near", 6), ("order=%00", 6), ("closed=1", 6),
])  # fmt: skip
def test_filters(site: Pages, query: str, left: int) -> None:
    bring(site, FHIR)
    page = site.text(f"{TABLE}?{query}")
    assert len(numbers(page)) == left
    if not left:
        assert "No trial fits the filters" in page


def test_links_keep_the_filters_and_say_nothing_of_the_patient(site: Pages) -> None:
    bring(site, FHIR)
    page = site.text(f"{TABLE}?country=IT&order=near&evil=%3Cscript%3E&lines=2")
    links = re.findall(r'(?:href|action)="([^"]+)"', page)
    assert any("country=IT&amp;order=near" in link for link in links)
    for link in links:
        assert "evil" not in link
        assert "lines" not in link
        for secret in ("invented", "Lecce", "1968", "ECOG", "lymphoma"):
            assert secret not in link


def test_distances_are_measured_from_the_place_that_is_named(site: Pages) -> None:
    bring(site)
    assert "Straight-line distances from Lecce" in plain(site.text(TABLE))
    correct(site, "/en/clinicians/record", action="core", near="Bologna")
    page = site.text(f"{TABLE}?within=50")
    assert "Straight-line distances from Bologna" in plain(page)
    assert len(numbers(page)) == 6
    bring(site, "diagnosis: Follicular lymphoma\n")
    assert "No distances" in plain(site.text(TABLE))


def test_many_trials_are_paged(tmp_path: Path) -> None:
    many = {f"NCT9000{n:04d}": COMMON for n in range(60)}
    site = pages(source(tmp_path, many))
    bring(site)
    seen, path = [], TABLE
    while path:
        page = site.text(path)
        seen += numbers(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = "" if found is None else found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 60


def test_csv_holds_all_rows_and_no_formula(tmp_path: Path) -> None:
    evil = {"NCT90000001": COMMON, "NCT90000002": COMMON}
    records = [study(number, text) for number, text in evil.items()]
    records[0]["protocolSection"]["identificationModule"]["briefTitle"] = '=HYPERLINK("http://x";"CAR-T in lymphoma")'
    records[1]["protocolSection"]["sponsorCollaboratorsModule"] = {"leadSponsor": {"name": "@SUM(1)"}}
    path = tmp_path / "studies.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    opened = services.open_source(None, [str(path)])
    site = pages(opened)
    bring(site)
    answered = site.client.get(f"{TABLE}.csv")
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    assert answered.headers["content-disposition"] == 'attachment; filename="cartella-2026-11-01.csv"'
    assert answered.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answered.text.lstrip("\ufeff"))))
    assert {row["trial"] for row in rows} == set(evil)
    assert all(not value.startswith(("=", "+", "-", "@", "\t")) for row in rows for value in row.values())
    assert any(row["title"].startswith("'=") for row in rows)
    assert any(row["sponsor"] == "'@SUM(1)" for row in rows)
    assert all(row["release"] == "files" and row["knowledge"] and row["reference_day"] == "2026-11-01" for row in rows)


def test_json_follows_the_contract_and_the_filters(site: Pages) -> None:
    bring(site, FHIR)
    answered = site.client.get(f"{TABLE}.json?group=conflict")
    data = json.loads(answered.content)
    assert data["format"] == 1
    assert [trial["id"] for trial in data["trials"]] == ["NCT90000002"]
    assert data["groups"]["missing_information"] == 5
    conflict = next(point for point in data["trials"][0]["points"] if point["outcome"] == "conflict")
    assert conflict["facts"][0]["path"] == "Bundle.entry[4].resource"
    assert data["knowledge"]


def test_text_and_pdf_of_the_rows(site: Pages) -> None:
    bring(site, FHIR)
    text = site.client.get(f"{TABLE}.txt")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Reference day: 1 November 2026" in text.text
    assert "NCT90000001" in text.text
    pdf = site.client.get("/it/medici/studi.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "NCT90000001" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert site.client.get(f"{TABLE}.exe").status_code == 404


def test_points_with_sentence_facts_and_codes(site: Pages) -> None:
    bring(site, FHIR)
    page = site.text(f"{TABLE}/nct90000002?country=IT")
    words = plain(page)
    assert "Platelets &gt;= 50 x 10^9/L" in page
    assert "Platelets; 30 10*9/L" in words
    assert "20 October 2026" in words
    assert "Bundle.entry[4].resource" in words
    assert "LOINC 777-3" in words
    assert words.index("Platelets; 30") < words.index("HIV"), "conflicts come first"
    assert f'href="{TABLE}?country=IT"' in page
    assert site.client.get(f"{TABLE}/NCT99999999").status_code == 404


@pytest.mark.parametrize("path", ["/it/medici", "/it/medici/cartella", "/it/medici/studi", "/it/medici/esami",
                                  "/en/clinicians/record", TABLE, "/en/clinicians/tests",
                                  "/en/clinicians/trials/NCT90000001"])  # fmt: skip
def test_nothing_promises_or_judges(site: Pages, path: str) -> None:
    bring(site, SHORT)
    page = plain(site.text(path))
    assert not re.search(r"eligib|idone[oi]\b|congrat|\bfit for\b", page, re.IGNORECASE), path
    assert "None" not in page
