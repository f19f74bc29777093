"""Centres, map and numbers: names merged, masked sites never a centre, list and map equal, counts with their scope."""

from __future__ import annotations

import csv
import io
import re

import pytest
from gulpease import gulpease

from cartella.network import burden_group, burdens, centre_facts
from cartella.places import institutions, sheet
from cartella.services import CatalogueSource
from cartella.services.access import Access
from cartella.services.numbers import CHARTS
from cartella.services.overview import Overview
from cartella.trials.therapy import Bucket, CellClass, Origin, Therapy
from cartella.web.wording import wordings

from .invented_trials import Pages, pages

OVERVIEW = Overview(CatalogueSource())


@pytest.fixture(scope="session")
def whole() -> Pages:
    """The pages on the embedded catalogue."""
    return pages(CatalogueSource())


def test_every_italian_centre_has_a_page_and_an_institution() -> None:
    assert len(centre_facts()) == 75
    assert set(centre_facts()) <= set(institutions())
    assert set(centre_facts()) <= set(OVERVIEW.centres.by_slug)


def test_a_masked_site_is_no_centre() -> None:
    for seats in OVERVIEW.centres.seats.values():
        for seat in seats:
            assert (seat.slug is None) == (seat.named.masked or seat.country is None)


def test_a_centre_stands_once_in_a_trial_and_a_closed_trial_is_open_nowhere() -> None:
    for entry in OVERVIEW.source.entries():
        seats = OVERVIEW.centres.seats[entry.id]
        named = [seat.slug for seat in seats if seat.slug]
        assert len(named) == len(set(named))
        if entry.status is not None and entry.status.status.takes_patients is False and not entry.may_be_entered:
            assert all(seat.access is Access.CLOSED for seat in seats)


def test_a_site_for_visits_only_says_so() -> None:
    told = [seat for seats in OVERVIEW.centres.seats.values() for seat in seats if seat.visits_only]
    assert told
    words = ("protocol", "follow", "collection", "consent", "analysis")
    assert all(any(word in str(seat.site.facility).lower() for word in words) for seat in told)
    counted = {id(seat) for seats in OVERVIEW.centres.trials_in_town.values() for seat in seats}
    assert counted.isdisjoint(id(seat) for seat in told)


def test_what_is_known_of_a_centre_is_shown_with_its_flag_and_source(whole: Pages) -> None:
    page = whole.text("/it/centri/it-bg-papa-giovanni")
    assert "da verificare" in page and "Fonti: yesmilano.it" in page
    page = whole.text("/en/centres/it-bo-santorsola")
    assert "as of 2025-05" in page and "seen in a source" in page and "aosp.bo.it" in page


def test_a_town_of_the_map_leads_to_its_centres(whole: Pages) -> None:
    page = whole.text("/it/mappa")
    link = re.search(r'href="(/it/centri\?country=IT&amp;town=milan)"', page)
    assert link is not None
    centres = whole.text(link[1].replace("&amp;", "&"))
    assert "I centri: Milano, Italia" in centres


@pytest.mark.parametrize("view", ["", "?view=world"])
def test_map_and_list_say_the_same_without_a_style_or_an_address_elsewhere(whole: Pages, view: str) -> None:
    page = whole.text(f"/en/map{view}")
    assert page.count("<circle") == len(re.findall(r'<li><a href="/en/centres\?country=', page)) > 0
    drawn = re.search(r"<svg class=\"map\".*?</svg>", page, re.DOTALL)
    assert drawn is not None and "style=" not in drawn[0] and "http" not in drawn[0]
    assert len(page.encode()) < 115_000  # with the style sheets and the script it stays below 150 KB


def test_towns_lie_on_their_sheets() -> None:
    for name in ("world", "italy"):
        view = OVERVIEW.map("world" if name == "world" else "italy")
        assert view.marks
        assert all(0 <= mark.across <= view.width and 0 <= mark.down <= view.height for mark in view.marks)
    italy = {mark.town.key: mark for mark in OVERVIEW.map("italy").marks}
    assert italy["milan"].down < italy["bologna"].down < italy["rome"].down
    assert italy["turin"].across < italy["milan"].across < italy["bologna"].across
    assert sheet("world").land.startswith("M") and "nan" not in sheet("world").land


def test_numbers_say_what_was_counted_and_that_they_are_no_results(whole: Pages) -> None:
    page = whole.text("/it/numeri")
    assert page.count("<figure") == page.count("<svg xmlns") == len(CHARTS)
    assert "non dicono se una cura funziona" in page and "22 agosto 2026" in page
    assert (
        "style=" not in page
        and "<style" not in page
        and page.count('id="') == len(set(re.findall(r'id="[^"]*"', page)))
    )


def test_the_file_of_a_chart_holds_its_table(whole: Pages) -> None:
    for count in OVERVIEW.counts:
        answer = whole.client.get(f"/en/numbers/{count.name}.csv")
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert [int(row[1]) for row in rows[1 : len(count.rows) + 1]] == [row.number for row in count.rows]
        assert "not results" in answer.text and str(count.of) in answer.text.replace(",", "")


def test_the_same_numbers_are_drawn_alike() -> None:
    from cartella.web.charts import chart

    once = chart(False, ("CD19", "BCMA"), (3, 2), ",")
    chart.cache_clear()
    assert chart(False, ("CD19", "BCMA"), (3, 2), ",") == once
    assert 'fill="' not in once and "font-family" not in once and "url(" not in once


@pytest.mark.parametrize(
    ("classes", "origin", "phases", "group"),
    [
        ((CellClass.CAR_T_AUTOLOGOUS,), Origin.AUTOLOGOUS, ("phase1",), "car_t_first"),
        ((CellClass.CAR_T_UNSPECIFIED,), Origin.UNKNOWN, ("phase3",), "car_t"),
        ((CellClass.CAR_T_UNSPECIFIED,), Origin.HEALTHY_DONOR, ("phase1",), "donor"),
        ((CellClass.TIL,), Origin.AUTOLOGOUS, ("phase2",), "til"),
        ((CellClass.TCR_T,), Origin.AUTOLOGOUS, ("phase1",), "tcr_t"),
        ((CellClass.CAR_T_IN_VIVO,), Origin.IN_VIVO, ("phase1",), None),
        ((CellClass.NK,), Origin.HEALTHY_DONOR, ("phase1",), None),
    ],
)
def test_what_taking_part_asks_depends_on_the_treatment(
    classes: tuple[CellClass, ...], origin: Origin, phases: tuple[str, ...], group: str | None
) -> None:
    found = burden_group(Therapy(Bucket.T_CELL_CANCER, classes, origin), phases)
    assert found == group
    listed = burdens(found)
    assert bool(listed) == (group is not None)
    assert all(burden.low <= burden.high and (burden.source or not burden.verified) for burden in listed)
    if group is not None:
        assert {"nights_hospital", "nights_near", "trips", "company"} <= {burden.item for burden in listed}


def test_no_numbers_are_shown_for_other_illnesses_or_studies() -> None:
    for bucket in (Bucket.NON_CANCER, Bucket.OBSERVATIONAL, Bucket.LONG_TERM_FOLLOW_UP):
        assert burden_group(Therapy(bucket, (CellClass.CAR_T_AUTOLOGOUS,)), ("phase1",)) is None
    assert burden_group(None, ()) is None


def test_italian_sentences_of_the_public_pages_are_easy_to_read() -> None:
    parts = ("trials.", "trial.", "centres.", "centre.", "map.", "numbers.")
    sentences = [
        italian
        for identifier, (italian, _) in wordings().items()
        if identifier.startswith(parts) and italian.endswith((".", "?"))
    ]
    assert len(sentences) > 40
    assert gulpease(" ".join(sentences)) >= 60
