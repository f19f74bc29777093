"""What is known of Italian centres: each statement with how far it can be trusted, its date and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cartella.network.tables import rows

Answer = Literal["yes", "no", "unknown"]
Confidence = Literal["verified", "implied", "memory"]
_ANSWERS: dict[str, Answer] = {"yes": "yes", "no": "no", "unknown": "unknown"}
_CONFIDENCES: dict[str, Confidence] = {"verified": "verified", "implied": "implied", "memory": "memory"}


@dataclass(frozen=True, slots=True)
class Known:
    """One statement on a centre. "verified" was seen in a source, "implied" follows from another statement, "memory"
    is to be checked. `as_of` is a year or a month, "" where none is known."""

    answer: Answer
    confidence: Confidence
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class CentreFacts:
    """An Italian centre by the key of its institution.

    `authorised`: named by its Region for CAR-T on the market, which is not the same as open for every product. `jacie`:
    accredited for transplants and cell therapy. `cell_factory`: makes cells itself under GMP. `transplants`: a
    programme of stem cell transplants. `source` names sites and pages, "" where nothing was found.
    """

    key: str
    region: str
    adults: Answer
    children: Answer
    authorised: Known
    jacie: Known
    cell_factory: Known
    transplants: Known
    source: str
    source_date: str


@cache
def centre_facts() -> Mapping[str, CentreFacts]:
    """All Italian centres by key."""
    found = {}
    for row in rows("centres_it.csv"):

        def known(name: str, as_of: str = "", row: dict[str, str] = row) -> Known:
            return Known(_ANSWERS[row[name]], _CONFIDENCES[row[f"{name}_confidence"]], as_of)

        found[row["key"]] = CentreFacts(
            row["key"],
            row["region"],
            _ANSWERS[row["adults"]],
            _ANSWERS[row["children"]],
            known("authorised", row["authorised_as_of"]),
            known("jacie"),
            known("cell_factory"),
            known("transplants"),
            row["source"],
            row["source_date"],
        )
    return found
