"""Invented studies for the tests of therapy typing, and the real records where they are at hand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Intervention:
    name: str
    type: str | None = "BIOLOGICAL"
    other_names: Sequence[str] = ()
    description: str | None = None


@dataclass
class Arm:
    label: str
    description: str | None = None


@dataclass
class InventedStudy:
    brief_title: str | None = None
    official_title: str | None = None
    conditions: Sequence[str] = ()
    keywords: Sequence[str] = ()
    interventions: Sequence[Intervention] = ()
    arms: Sequence[Arm] = field(default_factory=tuple)
    summary: str | None = None
    study_type: str | None = None


def invented(title: str, *interventions: str, **others: Any) -> InventedStudy:
    """A study with a title and the names of its interventions."""
    return InventedStudy(title, interventions=[Intervention(name) for name in interventions], **others)


def registry_studies(path: Path) -> Iterator[tuple[str, InventedStudy]]:
    """The records of a gzipped file of registry records, with their ids."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            protocol = json.loads(line)["protocolSection"]
            identification = protocol["identificationModule"]
            given = protocol.get("armsInterventionsModule", {})
            about = protocol.get("conditionsModule", {})
            yield (
                identification["nctId"],
                InventedStudy(
                    identification.get("briefTitle"),
                    identification.get("officialTitle"),
                    about.get("conditions") or (),
                    about.get("keywords") or (),
                    [
                        Intervention(
                            item.get("name") or "",
                            item.get("type"),
                            item.get("otherNames") or (),
                            item.get("description"),
                        )
                        for item in given.get("interventions") or ()
                    ],
                    [Arm(item.get("label") or "", item.get("description")) for item in given.get("armGroups") or ()],
                    protocol.get("descriptionModule", {}).get("briefSummary"),
                    protocol.get("designModule", {}).get("studyType"),
                ),
            )
