"""What passes between a registry and the store: records, rejections and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartella.errors import RegistryFileError, Where, Words
from cartella.trials.study import Study

MAX_DEPTH = 64
"""How deep a record may be nested. Real records have about ten levels; the limit stops nesting bombs."""

MAX_RECORD_BYTES = 32 * 1024 * 1024
"""How large one record may be. The largest real records, with all results, have about ten million bytes."""


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """One record as the registry holds it, and where it was found. `id` is the registry's, in its normal form."""

    id: str
    data: Mapping[str, Any]
    where: Where


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that could not be read as a record and was left out, while reading went on.

    `rest_unread`: nothing after this place in the same file could be read.
    """

    where: Where
    why: Words
    next_step: Words
    rest_unread: bool = False

    def error(self) -> RegistryFileError:
        """The same as an error, for callers that want to stop at it."""
        if self.rest_unread:
            what = Words("The file could not be read to its end.", "Il file non è stato letto fino in fondo.")
        else:
            what = Words("A record could not be read.", "Un record non è stato letto.")
        return RegistryFileError(what, where=self.where, why=self.why, next_step=self.next_step)


@dataclass(frozen=True, slots=True)
class RecordWarning:
    """A field that is not as the registry documents it. `kind` is a stable word to count by.

    Kinds: ``wrong_type``, ``unknown_value``, ``unreadable_date``, ``unreadable_age``, ``impossible_number``,
    ``unencodable_character``.
    """

    study_id: str
    field: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StudyReading:
    """A Study, and what was odd in its record. The odd values stay in the raw record."""

    study: Study
    warnings: tuple[RecordWarning, ...] = ()
