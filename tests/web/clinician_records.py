"""An invented patient for the clinician's pages, and how a test brings her."""

from __future__ import annotations

import json
import re
from typing import Any

from httpx2 import Response

from .invented_trials import Pages

FHIR: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "invented",
                "name": [{"family": "Segretissima", "given": ["Ada"]}],
                "gender": "female",
                "birthDate": "1968-05-14",
                "address": [{"city": "Lecce", "country": "IT"}],
            }
        },
        {
            "resource": {
                "resourceType": "Condition",
                "code": {"text": "Follicular lymphoma; relapsed"},
                "clinicalStatus": {"coding": [{"code": "active"}]},
            }
        },
        {"resource": {"resourceType": "Observation", "code": {"text": "ECOG performance status"}, "valueInteger": 1}},
        {"resource": {"resourceType": "Condition", "code": {"text": "a word that nobody knows"}}},
        {
            "resource": {
                "resourceType": "Observation",
                "code": {"text": "Platelets"},
                "valueQuantity": {"value": 30, "unit": "10*9/L"},
                "effectiveDateTime": "2026-10-20",
            }
        },
    ],
}
SHORT = """
patient: {sex: female, age: 58, city: Lecce, country: IT}
diagnosis: {name: Follicular lymphoma, note: relapsed}
lines: 2
therapies: [{name: R-CHOP, line: 1, end: 2024-08-20}, {name: R-ICE, line: 2, end: 2026-03-01}]
absent: [HIV infection]
"""


def bring(site: Pages, content: Any = SHORT, path: str = "/it/medici") -> Response:
    """Upload a record as a file."""
    raw = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    return site.client.post(path, files={"file": ("record", raw)}, follow_redirects=False)


def correct(site: Pages, to: str = "/it/medici/cartella", **fields: str) -> Response:
    """Send a form of the page of the record."""
    return site.client.post(to, data=fields, follow_redirects=False)


def plain(page: str) -> str:
    """The words of the main part of a page."""
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])
    return " ".join(words.replace("&#39;", "'").replace("&amp;", "&").split())
