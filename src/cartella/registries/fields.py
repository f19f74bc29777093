"""Taking values out of a record whose fields may be missing or of another type than documented.

Every method answers None or an empty tuple for a field that is missing, and warns about one that is of a wrong type.
A single value where a list is documented is taken as a list of one: converters from XML write records like that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cartella.registries.records import RecordWarning
from cartella.trials.dates import StudyDate
from cartella.trials.study import AgeLimit

_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_COUNT = 10**9
_ESTIMATED = {"ESTIMATED": True, "ESTIMATE": True, "ANTICIPATED": True, "ACTUAL": False}


class Fields:
    """One object inside a record, with its path; warnings of all objects of a record go to one list."""

    def __init__(self, data: Mapping[str, Any], path: str, study_id: str, warnings: list[RecordWarning]) -> None:
        self._data = data
        self._path = path
        self._study_id = study_id
        self._warnings = warnings

    def warn(self, name: str, kind: str, detail: str = "") -> None:
        """Record that the field `name` is odd."""
        path = f"{self._path}.{name}" if self._path else name
        self._warnings.append(RecordWarning(self._study_id, path, kind, detail[:80]))

    def part(self, name: str) -> Fields:
        """The object `name`; an empty one when it is missing."""
        value = self._data.get(name)
        path = f"{self._path}.{name}" if self._path else name
        if isinstance(value, dict):
            return Fields(value, path, self._study_id, self._warnings)
        if value is not None:
            self._wrong_type(name, value)
        return Fields({}, path, self._study_id, self._warnings)

    def parts(self, name: str) -> tuple[Fields, ...]:
        """The objects in the list `name`."""
        found = []
        for position, value in enumerate(self._items(name)):
            path = f"{name}[{position}]"
            if isinstance(value, dict):
                full = f"{self._path}.{path}" if self._path else path
                found.append(Fields(value, full, self._study_id, self._warnings))
            elif value is not None:
                self._wrong_type(path, value)
        return tuple(found)

    def text(self, name: str) -> str | None:
        """The text `name` exactly as it stands; half a surrogate pair, which is no character, becomes U+FFFD."""
        return self._as_text(name, self._data.get(name))

    def line(self, name: str) -> str | None:
        """The short text `name` on one line, with single spaces; None where nothing is left."""
        return _one_line(self.text(name))

    def lines(self, name: str) -> tuple[str, ...]:
        """The short texts in the list `name`, without empty and repeated ones."""
        texts = (_one_line(self._as_text(f"{name}[{i}]", value)) for i, value in enumerate(self._items(name)))
        return tuple(dict.fromkeys(text for text in texts if text is not None))

    def word(self, name: str, known: frozenset[str]) -> str | None:
        """The value of an enumeration in lower case with underscores; kept, with a warning, when not `known`."""
        text = self.line(name)
        return None if text is None else self._known_word(name, text, known)

    def words(self, name: str, known: frozenset[str]) -> tuple[str, ...]:
        """The values of a list of an enumeration, as in `word`."""
        return tuple(dict.fromkeys(self._known_word(name, text, known) for text in self.lines(name)))

    def count(self, name: str) -> int | None:
        """A whole number of at least 0."""
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
            self._wrong_type(name, value)
            value = int(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(name, value)
            return None
        if not 0 <= value <= _MAX_COUNT:
            self.warn(name, "impossible_number")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """Yes or no; the words of the old format ("Yes", "Accepts Healthy Volunteers", "No") are understood."""
        value = self._data.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            word = value.strip().lower()
            if word in ("yes", "true", "y", "accepts healthy volunteers"):
                return True
            if word in ("no", "false", "n"):
                return False
            if word:
                self.warn(name, "unknown_value", value)
            return None
        self._wrong_type(name, value)
        return None

    def degrees(self, name: str, limit: int) -> float | None:
        """A coordinate between -limit and limit."""
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong_type(name, value)
            return None
        if not -limit <= value <= limit:
            self.warn(name, "impossible_number")
            return None
        return float(value)

    def date(self, name: str) -> StudyDate | None:
        """A date, given as text or as an object of `date` and `type`."""
        value = self._data.get(name)
        if isinstance(value, dict):
            inner = self.part(name)
            kind = inner.line("type")
            estimated = None if kind is None else _ESTIMATED.get(kind.upper())
            if kind is not None and estimated is None:
                inner.warn("type", "unknown_value", kind)
            return inner._read_date("date", estimated)
        return self._read_date(name, None)

    def age(self, name: str) -> AgeLimit | None:
        """A limit of age."""
        text = self.line(name)
        if text is None:
            return None
        limit = AgeLimit.read(text)
        if not limit.is_understood:
            self.warn(name, "unreadable_age", text)
        return limit

    def _read_date(self, name: str, estimated: bool | None) -> StudyDate | None:
        text = self.line(name)
        if text is None:
            return None
        try:
            return StudyDate.read(text, estimated)
        except ValueError:
            self.warn(name, "unreadable_date", text)
            return None

    def _items(self, name: str) -> Iterable[Any]:
        value = self._data.get(name)
        if value is None or value == {}:  # converters from XML write an empty element as {}
            return ()
        if isinstance(value, list):
            return value
        self._wrong_type(name, value)
        return (value,)

    def _as_text(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong_type(name, value)
            return None
        if not value.isascii() and _SURROGATES.search(value):
            self.warn(name, "unencodable_character")
            return _SURROGATES.sub("\ufffd", value)
        return value

    def _known_word(self, name: str, text: str, known: frozenset[str]) -> str:
        word = "_".join(text.lower().replace("-", " ").replace("_", " ").split())
        word = re.sub(r"^phase_(?=\d)", "phase", word)
        if word not in known:
            self.warn(name, "unknown_value", text)
        return word

    def _wrong_type(self, name: str, value: Any) -> None:
        self.warn(name, "wrong_type", type(value).__name__)


def _one_line(text: str | None) -> str | None:
    if text is None:
        return None
    return " ".join(text.split()) or None
