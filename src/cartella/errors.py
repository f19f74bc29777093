"""Everything that Cartella raises on purpose.

::

    CartellaError                 1   something went wrong that has a name
    ├── UsageError                2   the command or the call is not as it should be
    ├── InputError                3   a patient's record cannot be read
    ├── RegistryFileError         4   a registry file, or a record in it, cannot be read
    ├── StoreError                5   the store cannot be opened, read or written
    │   └── StoreBusyError        5   another load is writing to the store
    └── NotFound                  6   the study, patient or place that was asked for is not there

The number is the exit code of the command line. 0 is success; 7 (`PARTIAL`) is a load that finished but had to leave
records out; 130 is an interruption from the keyboard; any other exception is a defect of Cartella.

Each error says what happened, where, why, and what to do next, in English and Italian; the language is chosen when
the message is rendered. An error never quotes a value from a patient's record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Lang = Literal["en", "it"]

PARTIAL = 7
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Words:
    """One message in the two languages."""

    en: str
    it: str

    def in_language(self, lang: Lang) -> str:
        """The wording in `lang`."""
        return self.it if lang == "it" else self.en


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the input.

    `path`: the file as the user named it ("-" is standard input). `line` counts from 1. `item` is the position of a
    record in an array, from 1. `offset` counts bytes from 0, after decompression. `field` is a path inside the record.
    """

    path: str | None = None
    line: int | None = None
    item: int | None = None
    offset: int | None = None
    field: str | None = None

    def in_language(self, lang: Lang) -> str:
        """The place in words; empty when nothing is known of it."""
        italian = lang == "it"
        parts = []
        if self.path is not None:
            standard_input = "standard input" if lang == "en" else "ingresso standard"
            parts.append(standard_input if self.path == "-" else self.path)
        if self.line is not None:
            parts.append(f"{'riga' if italian else 'line'} {self.line}")
        if self.item is not None:
            parts.append(f"{'elemento' if italian else 'item'} {self.item}")
        if self.offset is not None:
            parts.append(f"byte {self.offset}")
        if self.field is not None:
            parts.append(f"{'campo' if italian else 'field'} {self.field}")
        return ", ".join(parts)


_LABELS = {
    "en": {"where": "Where", "why": "Why", "next_step": "What to do"},
    "it": {"where": "Dove", "why": "Perché", "next_step": "Che cosa fare"},
}


class CartellaError(Exception):
    """The root of the tree. `what` is required; the other parts are None where there is nothing to add."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: Words,
        *,
        where: Where | None = None,
        why: Words | None = None,
        next_step: Words | None = None,
    ) -> None:
        super().__init__(what.en)
        self.what = what
        self.where = where
        self.why = why
        self.next_step = next_step

    def render(self, lang: Lang = "en") -> str:
        """The whole message, one part a line."""
        labels = _LABELS[lang]
        lines = [self.what.in_language(lang)]
        place = self.where.in_language(lang) if self.where is not None else ""
        if place:
            lines.append(f"{labels['where']}: {place}")
        if self.why is not None:
            lines.append(f"{labels['why']}: {self.why.in_language(lang)}")
        if self.next_step is not None:
            lines.append(f"{labels['next_step']}: {self.next_step.in_language(lang)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render("en")


class UsageError(CartellaError):
    """A command or a call that cannot be carried out as it was given."""

    exit_code = 2


class InputError(CartellaError):
    """A patient's record that cannot be read. It names places, never values."""

    exit_code = 3


class RegistryFileError(CartellaError):
    """A registry file that cannot be read, or a record in it."""

    exit_code = 4


class StoreError(CartellaError):
    """A store that cannot be opened, read or written."""

    exit_code = 5


class StoreBusyError(StoreError):
    """Another load is writing to this store."""


class NotFound(CartellaError):  # noqa: N818  # the word users read
    """Something that was asked for by name and is not there."""

    exit_code = 6
