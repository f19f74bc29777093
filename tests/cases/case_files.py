"""The format of the case files, read strictly: a mistyped key must not make a case weaker than it looks.

The format is described for its writers in README.md in this folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from cartella.logic import (
    SCALE,
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Or,
    Period,
    Presence,
    Unread,
    Window,
)
from cartella.trials.criteria import Outcome, Section

FOLDER = Path(__file__).parent
FILE_KEYS = {"about", "as_of", "cases"}
CASE_KEYS = {
    "id",
    "criterion",
    "section",
    "language",
    "cohort",
    "patient",
    "outcome",
    "expression",
    "because",
    "not_yet",
}
HEADINGS = {
    ("en", Section.INCLUSION): "Inclusion Criteria:",
    ("en", Section.EXCLUSION): "Exclusion Criteria:",
    ("it", Section.INCLUSION): "Criteri di inclusione:",
    ("it", Section.EXCLUSION): "Criteri di esclusione:",
}


@dataclass(frozen=True)
class Case:
    """One criterion, one patient, and what is expected."""

    file: str
    identifier: str
    as_of: date
    criterion: str
    section: Section
    language: str
    cohort: str | None
    patient: Mapping[str, Any]
    outcome: Outcome
    expression: str | None
    because: str
    not_yet: str | None

    @property
    def text(self) -> str:
        """The criterion as an eligibility text would hold it, below the heading of its section."""
        return f"{HEADINGS[self.language, self.section]}\n\n* {self.criterion}\n"


def cases_in(path: Path) -> Iterator[Case]:
    """The cases of one file; ValueError says which case is not written as the format asks."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content.keys() <= FILE_KEYS or not {"as_of", "cases"} <= content.keys():
        raise ValueError(f"{path.name}: a file of cases has the keys {sorted(FILE_KEYS)}")
    for number, raw in enumerate(content["cases"], start=1):
        where = f"{path.name}, case {number} ({raw.get('id', 'without id')})"
        if unknown := raw.keys() - CASE_KEYS:
            raise ValueError(f"{where}: unknown keys {sorted(unknown)}; known are {sorted(CASE_KEYS)}")
        if missing := {"id", "criterion", "section", "patient", "outcome"} - raw.keys():
            raise ValueError(f"{where}: lacks {sorted(missing)}")
        try:
            yield Case(
                path.stem,
                raw["id"],
                content["as_of"],
                raw["criterion"].strip(),
                Section(raw["section"]),
                {"en": "en", "it": "it"}[raw.get("language", "en")],
                raw.get("cohort"),
                raw["patient"],
                Outcome(raw["outcome"]),
                raw.get("expression"),
                raw.get("because", ""),
                raw.get("not_yet"),
            )
        except (KeyError, ValueError) as problem:
            raise ValueError(f"{where}: {problem} is not a value that the format knows") from None


def summary(node: Expression) -> str:
    """An expression in one line of plain text, the same for equal meanings."""
    match node:
        case Number(quantity=quantity, operator=operator, bound=bound):
            return f"{quantity} {operator.value} {_decimal(bound)}"
        case Code(variable=variable, codes=codes):
            return f"{variable} in {', '.join(sorted(codes))}"
        case Presence(concept=concept, traits=traits, window=window):
            told = f" ({', '.join(sorted(traits))})" if traits else ""
            return f"{concept}{told}{_window(window)}"
        case Count(concept=concept, operator=operator, bound=bound):
            return f"number of {concept} {operator.value} {bound}"
        case Opaque(why=why):
            return "[judgement]" if why is Unread.JUDGEMENT else "[not understood]"
        case Not(item=item):
            return f"not {_inside(item)}"
        case And(items=items):
            return " and ".join(_inside(item) for item in items)
        case Or(items=items):
            return " or ".join(_inside(item) for item in items)
        case AtLeast(count=count, items=items):
            return f"at least {count} of: {'; '.join(_inside(item) for item in items)}"
        case If(condition=condition, then=then):
            return f"if {_inside(condition)} then {_inside(then)}"


def same_summary(expected: str, found: str) -> bool:
    """Whether a summary is as expected; ``...`` stands for anything, line breaks and blanks are free."""
    wanted, got = " ".join(expected.split()), " ".join(found.split())
    return re.fullmatch(".*".join(map(re.escape, wanted.split("..."))), got) is not None


def _inside(node: Expression) -> str:
    return f"({summary(node)})" if isinstance(node, And | Or | AtLeast | If) else summary(node)


def _decimal(bound: int) -> str:
    whole, rest = divmod(abs(bound), SCALE)
    digits = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{digits}" if bound < 0 else digits


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    parts = []
    if window.at_most is not None:
        parts.append(f" within {'less than ' * window.at_most_strict}{_period(window.at_most)}")
    if window.at_least is not None:
        parts.append(f" {'more than' if window.at_least_strict else 'at least'} {_period(window.at_least)} ago")
    return "".join(parts)


def _period(period: Period) -> str:
    return f"{period.amount} {period.unit.value}{'s' * (period.amount != 1)}"
