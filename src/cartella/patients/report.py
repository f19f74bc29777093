"""What became of every entry of a record: used, ignored, ambiguous, assumed. Nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from cartella.patients.messages import WORDING
from cartella.patients.wording import Namer, worded


class Fate(Enum):
    """What became of an entry, or of a part of it."""

    USED = "used"
    IGNORED = "ignored"
    AMBIGUOUS = "ambiguous"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report.

    `path` says where in the record (``Bundle.entry[12].resource.valueQuantity``); `message` is a message id of
    `cartella.patients.messages`, `parameters` its words. Parameters may quote the record: a remark is shown to the
    person who brought the record and is never logged.
    """

    fate: Fate
    path: str
    message: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str = "en", namer: Namer | None = None) -> str:
        """The remark in words, in "en" or "it"; `namer` gives other names than those of the vocabulary."""
        parameters = {key: worded(value, language, namer) for key, value in self.parameters.items()}
        if "unit" in parameters:  # what stands in braces is no unit of UCUM but a remark on it: {INR}, {score}
            parameters["unit"] = parameters["unit"].translate({ord("{"): None, ord("}"): None})
        return WORDING[self.message][language].format(**parameters)


@dataclass(frozen=True, slots=True)
class Report:
    """All remarks on one record, in the order of the record."""

    remarks: tuple[Remark, ...] = ()

    def of(self, fate: Fate) -> tuple[Remark, ...]:
        """The remarks of one kind."""
        return tuple(remark for remark in self.remarks if remark.fate is fate)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.remarks)

    def counts(self) -> dict[str, int]:
        """How many remarks of each kind there are, by the name of the kind."""
        return {fate.value: len(self.of(fate)) for fate in Fate}

    def to_json(self, language: str = "en") -> list[dict[str, object]]:
        """The remarks as plain data, for a face that speaks JSON."""
        return [
            {
                "fate": remark.fate.value,
                "path": remark.path,
                "message": remark.message,
                "parameters": {key: worded(value, language) for key, value in remark.parameters.items()},
                "says": remark.words(language),
            }
            for remark in self.remarks
        ]
