"""Where studies come from: the embedded catalogue, the person's own store, or registry files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from cartella import __version__
from cartella.catalogue.entry import Entry
from cartella.registries.records import Rejection
from cartella.trials.study import Study

Progress = Callable[[int, int], None]
"""Called with how many of how many are done, by whatever takes more than a moment."""


@dataclass(frozen=True, slots=True)
class Release:
    """What an answer was made from. `as_of` is the newest day on which any record was taken, None if none says so."""

    name: str
    origin: str
    as_of: date | None
    trials: int
    version: str = __version__


class Source(Protocol):
    """Studies to match against."""

    @property
    def release(self) -> Release: ...

    def entries(self) -> Sequence[Entry]: ...

    def entry(self, identifier: str) -> Entry | None: ...

    def text(self, identifier: str) -> str | None:
        """The eligibility text as the registry holds it; None where it is not kept."""
        ...


class CatalogueSource:
    """The catalogue that is shipped with the program."""

    @cached_property
    def release(self) -> Release:
        from cartella.catalogue.embedded import embedded_catalogue

        catalogue = embedded_catalogue()
        return Release(catalogue.name, "catalogue", catalogue.as_of, len(catalogue.entries))

    def entries(self) -> Sequence[Entry]:
        from cartella.catalogue.embedded import embedded_catalogue

        return embedded_catalogue().entries

    def entry(self, identifier: str) -> Entry | None:
        from cartella.catalogue.embedded import embedded_catalogue

        return embedded_catalogue().by_id.get(identifier)

    def text(self, identifier: str) -> str | None:
        return None


class FileSource:
    """Registry files, read as they are, without a store. `rejections` are records that had to be left out."""

    def __init__(self, names: Iterable[str], progress: Progress | None = None) -> None:
        self._studies, self.rejections = read_studies(names)
        self._progress = progress

    @cached_property
    def release(self) -> Release:
        return Release("files", "files", data_day(self._studies.values()), len(self._studies))

    def entries(self) -> Sequence[Entry]:
        return compile_all(self._studies.values(), self._progress)

    def entry(self, identifier: str) -> Entry | None:
        from cartella.catalogue.compiling import compile_entry

        study = self._studies.get(identifier)
        return None if study is None else compile_entry(study)

    def text(self, identifier: str) -> str | None:
        study = self._studies.get(identifier)
        return None if study is None else study.criteria_text


class LayeredSource:
    """Several sources: the first is matched as a whole, the others are asked for an id that the former do not hold."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources

    @property
    def release(self) -> Release:
        return self._sources[0].release

    def entries(self) -> Sequence[Entry]:
        return self._sources[0].entries()

    def entry(self, identifier: str) -> Entry | None:
        return next((found for source in self._sources if (found := source.entry(identifier)) is not None), None)

    def text(self, identifier: str) -> str | None:
        for source in self._sources:
            if source.entry(identifier) is not None:
                return source.text(identifier)
        return None


def read_studies(names: Iterable[str]) -> tuple[dict[str, Study], list[Rejection]]:
    """The studies of registry files by id, the last record of an id counts; and what had to be left out.

    Raises RegistryFileError when a file holds nothing that can be read.
    """
    from cartella.registries.ctgov import read_study
    from cartella.registries.files import read_file

    studies: dict[str, Study] = {}
    rejections = []
    for name in names:
        found, rejected = 0, []
        for item in read_file(name):
            if isinstance(item, Rejection):
                rejected.append(item)
                continue
            study = read_study(item.data).study
            studies[study.id] = study
            found += 1
        if rejected and not found:
            raise rejected[0].error()
        rejections += rejected
    return studies, rejections


def compile_all(studies: Iterable[Study], progress: Progress | None = None) -> list[Entry]:
    """The entries of all studies; reading takes some milliseconds each."""
    from cartella.catalogue.compiling import compile_entry

    listed = list(studies)
    entries = []
    for number, study in enumerate(listed, start=1):
        entries.append(compile_entry(study))
        if progress is not None:
            progress(number, len(listed))
    return entries


def data_day(studies: Iterable[Study]) -> date | None:
    """The newest day on which any of the records was taken or confirmed."""
    days: list[date] = []
    for study in studies:
        days += [snapshot.day for snapshot in study.snapshots]
        days += [found.earliest for found in (study.source.taken, study.last_update) if found is not None]
    return max(days, default=None)
