"""Where studies come from: the embedded catalogue, the person's own store, or registry files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from cartella.catalogue.entry import Entry
from cartella.trials.study import AgeLimit, RecordSource, SexLimit, Study


@dataclass(frozen=True, slots=True)
class Release:
    """What an answer was made from. `name` is the same for the same content; `as_of` is the day of the newest word."""

    name: str
    origin: str
    as_of: date | None
    trials: int | None


class Source(Protocol):
    """Studies to match against."""

    @property
    def release(self) -> Release: ...

    def entries(self) -> Sequence[Entry]: ...

    def entry(self, identifier: str) -> Entry | None: ...

    def text(self, identifier: str) -> str | None:
        """The eligibility text as the registry holds it; None where it is not kept."""


class FileSource:
    """Registry files, read as they are, without a store."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._studies = {study.id: study for path in paths for study in _studies(path)}
        self._paths = paths

    @property
    def release(self) -> Release:
        return Release("files", "files", None, len(self._studies))

    def entries(self) -> Sequence[Entry]:
        return [entry for entry in map(self.entry, self._studies) if entry is not None]

    def entry(self, identifier: str) -> Entry | None:
        from cartella.catalogue.compiling import compile_entry

        study = self._studies.get(identifier)
        return None if study is None else compile_entry(study)

    def text(self, identifier: str) -> str | None:
        study = self._studies.get(identifier)
        return None if study is None else study.criteria_text


def _studies(path: Path) -> Iterator[Study]:
    """Provisional until cartella.registries reads files."""
    import gzip
    import json

    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            protocol = json.loads(line)["protocolSection"]
            names = protocol.get("identificationModule", {})
            rules = protocol.get("eligibilityModule", {})
            yield Study(
                names["nctId"],
                RecordSource("ctgov"),
                brief_title=names.get("briefTitle"),
                official_title=names.get("officialTitle"),
                conditions=tuple(protocol.get("conditionsModule", {}).get("conditions", ())),
                minimum_age=AgeLimit.read(rules["minimumAge"]) if rules.get("minimumAge") else None,
                maximum_age=AgeLimit.read(rules["maximumAge"]) if rules.get("maximumAge") else None,
                sex=SexLimit(rules["sex"].lower()) if rules.get("sex") else None,
                criteria_text=rules.get("eligibilityCriteria"),
            )
