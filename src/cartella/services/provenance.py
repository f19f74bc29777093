"""What an answer rests on, for the file: release of the trials, knowledge, version of the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cartella.catalogue.keys import knowledge_key
from cartella.explaining import Lang, day_words, message
from cartella.services.sources import Source


@dataclass(frozen=True, slots=True)
class Provenance:
    """Three names: the same three, the same record and the same reference day give the same answer.

    `knowledge` is the beginning of a hash over all tables from which texts and records are read; `as_of` the newest day
    on which any record of the release was taken.
    """

    release: str
    as_of: date | None
    knowledge: str
    version: str

    def line(self, lang: Lang, reference_day: date) -> str:
        """All of it in one line."""
        day = day_words(reference_day.toordinal(), lang)
        return message(
            "provenance", lang, "clinician", day=day, release=self.release, knowledge=self.knowledge, x=self.version
        )


def provenance_of(source: Source) -> Provenance:
    """What an answer from this source rests on."""
    release = source.release
    return Provenance(release.name, release.as_of, knowledge_key()[:12], release.version)
