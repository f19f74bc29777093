"""Invented studies for the tests of therapy typing."""

from __future__ import annotations

from typing import Any

from cartella.trials.study import Intervention, RecordSource, Study


def invented(title: str, *interventions: str, **others: Any) -> Study:
    """A study with a title and the names of its interventions."""
    return Study(
        "NCT90000001",
        RecordSource("invented"),
        brief_title=title,
        interventions=tuple(Intervention(name, "biological") for name in interventions),
        **others,
    )
