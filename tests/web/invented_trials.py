"""A few invented trials for the tests of the pages, and a browser that needs no network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from cartella import services
from cartella.web import Desk, create_app
from cartella.web.keeping import COOKIE, Sealer

DAY = date(2026, 11, 1)
KEY = "a key for tests"
COMMON = "Inclusion Criteria:\n* Age 18 years or older\n* Follicular lymphoma\n"
CRITERIA = {
    "NCT90000001": COMMON + "* ECOG 0 or 1\nExclusion Criteria:\n* HIV infection\n* Stroke within 6 months",
    "NCT90000002": COMMON + "* Platelets >= 50 x 10^9/L\nExclusion Criteria:\n* HIV infection",
    "NCT90000003": COMMON + "Exclusion Criteria:\n* HIV infection\n* Prior allogeneic stem cell transplant",
    "NCT90000004": COMMON + "* AST <= 3 x ULN\nExclusion Criteria:\n* Hepatitis B",
    "NCT90000005": "Inclusion Criteria:\n* Age 18 to 60 years\n* Follicular lymphoma\nExclusion Criteria:\n* Dementia",
    "NCT90000006": COMMON + "Exclusion Criteria:\n* Chemotherapy within 4 weeks before leukapheresis",
}


def study(number: str, criteria: str) -> dict[str, Any]:
    """A registry record."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": f"CD19 CAR-T in lymphoma, study {number[-1]}"},
            "statusModule": {"overallStatus": "RECRUITING", "statusVerifiedDate": "2026-10"},
            "conditionsModule": {"conditions": ["Follicular Lymphoma"]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1"]},
            "armsInterventionsModule": {
                "interventions": [{"type": "BIOLOGICAL", "name": "Autologous CD19 CAR-T cells"}]
            },
            "eligibilityModule": {"eligibilityCriteria": criteria, "sex": "ALL", "minimumAge": "18 Years"},
            "contactsLocationsModule": {
                "locations": [
                    {"facility": "Ospedale Inventato", "city": "Bologna", "country": "Italy", "status": "RECRUITING"}
                ]
            },
        }
    }


def source(folder: Path, criteria: Mapping[str, str] = CRITERIA) -> services.Source:
    """The invented trials as a source."""
    path = folder / "studies.jsonl"
    path.write_text("\n".join(json.dumps(study(number, text)) for number, text in criteria.items()), encoding="utf-8")
    return services.open_source(None, [str(path)])


@dataclass
class Pages:
    """The pages on the invented trials, and what the browser keeps."""

    client: TestClient

    def keep(self, answers: dict[str, Any]) -> None:
        """Give the browser these answers."""
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, Sealer(KEY).seal(answers), "localhost.local")

    def kept(self) -> dict[str, Any]:
        """The answers that the browser keeps."""
        found = Sealer(KEY).open(self.client.cookies[COOKIE])
        assert found is not None
        return found

    def text(self, path: str, status: int = 200) -> str:
        """A page as text."""
        response = self.client.get(path)
        assert response.status_code == status, response.status_code
        return response.text


def pages(opened: services.Source) -> Pages:
    """The pages on a source."""
    desk = Desk(lambda: opened, lambda: DAY, KEY)
    return Pages(TestClient(create_app(desk, per_minute=100_000), base_url="http://localhost"))
