"""Search engines find the public pages, each in both languages, and no page of a person."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from .invented_trials import Pages

PUBLIC = ["/it/", "/en/trials", "/it/studi", "/it/centri", "/en/map", "/it/numeri", "/en/trials/NCT90000001"]
PERSONAL = ["/it/domande/malattia", "/en/answers", "/it/risultati", "/en/results/NCT90000001", "/it/foglio"]
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_may_be_indexed(site: Pages, path: str) -> None:
    page = site.text(path)
    assert "noindex" not in page
    assert re.search(r'<meta name="description" content="[^"]{20,}">', page)
    assert len(re.findall(r"<h1", page)) == 1


@pytest.mark.parametrize("path", PERSONAL)
def test_a_page_of_a_person_may_not(site: Pages, path: str) -> None:
    assert '<meta name="robots" content="noindex">' in site.text(path)


def test_a_search_is_not_indexed(site: Pages) -> None:
    assert 'content="noindex, follow"' in site.text("/en/trials?words=CD19")


def test_the_site_map_names_every_page_in_both_languages(site: Pages) -> None:
    robots = site.text("/robots.txt")
    assert "Sitemap: http://localhost/sitemap.xml" in robots and "Disallow: /*?" in robots
    parts = [found.text for found in ET.fromstring(site.text("/sitemap.xml")).iterfind(".//s:loc", SPACE)]
    listed = [
        str(found.text) for part in parts for found in ET.fromstring(site.text(str(part))).iterfind(".//s:loc", SPACE)
    ]
    assert len(listed) == len(set(listed))
    paths = [address.removeprefix("http://localhost") for address in listed]
    for path in ("/it/studi/NCT90000003", "/en/trials/NCT90000003", "/it/centri/it-mi-int", "/en/numbers"):
        assert path in paths
    for path in paths:
        assert not re.search(
            r"domande|questions|risposte|answers|risultati|results|foglio|sheet|medici|clinic", path
        ) or ("/centr" in path)
    for path in paths[::25]:
        site.text(path)


def test_parts_that_are_not_there_are_not_found(site: Pages) -> None:
    for number in ("9", "x", "-1", "0001"):
        site.text(f"/sitemap-{number}.xml", 404)
