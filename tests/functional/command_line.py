"""Running the real command, as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def cartella(
    *words: str | Path, home: Path, stdin: str | bytes = b"", environment: Mapping[str, str] | None = None
) -> Run:
    """Run `cartella` with a home of its own, in English unless told otherwise; a traceback is always a failure."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "CARTELLA_"))}
    settings |= {"XDG_DATA_HOME": str(home / "data"), "HOME": str(home), "LANG": "C.UTF-8", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "cartella", *map(str, words)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=settings | dict(environment or {}),
        timeout=120,
    )
    run = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in run.err, run.err
    assert "has a defect" not in run.err, run.err
    return run


def invented_study(number: int, criteria: str | None, **changes: Any) -> dict[str, Any]:
    """A record in the registry's shape that nobody registered."""
    eligibility: dict[str, Any] = {"minimumAge": "18 Years", "sex": "ALL"}
    if criteria is not None:
        eligibility["eligibilityCriteria"] = criteria
    eligibility |= changes.pop("eligibility", {})
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT9{number:07d}",
                "briefTitle": f"CD19 CAR-T in Lymphoma, study {number}",
            },
            "statusModule": {
                "overallStatus": changes.pop("status", "RECRUITING"),
                "lastUpdatePostDateStruct": {"date": changes.pop("updated", "2026-09-01"), "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented Institute"}},
            "conditionsModule": {"conditions": changes.pop("conditions", ["Lymphoma"])},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1"]},
            "armsInterventionsModule": {
                "interventions": [{"type": "BIOLOGICAL", "name": "Autologous CD19 CAR-T cells"}]
            },
            "eligibilityModule": eligibility,
            "contactsLocationsModule": {
                "locations": changes.pop(
                    "locations",
                    [{"facility": "Invented Hospital", "city": "Milan", "country": "Italy", "status": "RECRUITING"}],
                )
            },
            **changes,
        }
    }


CRITERIA = """Inclusion Criteria:

* ECOG performance status 0 or 1
* Platelets >= 50 x 10^9/L
* Written informed consent

Exclusion Criteria:

* Active hepatitis B
* Prior allogeneic stem cell transplant
"""

PATIENT = """patient:
  label: test
  sex: female
  birth_date: 1970-01-01
  city: Milano
  country: IT
diagnosis:
  name: Diffuse large B-cell lymphoma
performance:
  ecog: 1
laboratory:
  platelets: 112 10*9/L
absent: [hepatitis B]
complete: [therapy, procedure]
"""
