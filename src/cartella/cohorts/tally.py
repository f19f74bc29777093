"""What became of a cohort's rows and entries: counts, with the places of the first few. Additive over parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SHOWN = 5
"""Places that are named for each kind of problem."""

PROBLEMS: dict[str, tuple[str, str]] = {
    "not_a_row": ("the row cannot be read as a row of the table", "la riga non è leggibile come riga della tabella"),
    "wrong_number_of_cells": (
        "the row has more or fewer cells than the heading",
        "la riga ha più o meno celle dell'intestazione",
    ),
    "not_json": ("the line is not well-formed JSON", "la riga non è JSON ben formato"),
    "not_a_record": (
        "the line is neither FHIR, nor a short record, nor a Phenopacket",
        "la riga non è FHIR, né una cartella breve, né un Phenopacket",
    ),
    "unreadable": ("the record cannot be read", "la cartella non si può leggere"),
    "unborn": ("the date of birth lies after the reference day", "la data di nascita è dopo il giorno di riferimento"),
    "several_patients": ("the line holds several patients", "la riga contiene più pazienti"),
    "no_patient_id": ("no id of a patient", "manca l'identificativo del paziente"),
    "person_twice": ("a second row of a person; the first is used", "seconda riga di una persona; si usa la prima"),
    "person_unknown": ("a row of a person who is not in the table person", "riga di una persona assente da person"),
    "died": ("recorded as dead: left out", "deceduto secondo i dati: escluso"),
    "empty": ("a row without any entry", "una riga senza alcuna voce"),
    "defect": ("the program failed on this record", "il programma non ha retto questa cartella"),
}
"""Why a patient or a row is left out, in English and Italian."""

DOUBTS: dict[str, tuple[str, str]] = {
    "no_birth_date": ("without date of birth: the age is not known", "senza data di nascita: età non nota"),
    "no_sex": ("without sex", "senza sesso"),
    "no_diagnosis": ("without a diagnosis that is known here", "senza una diagnosi nota al programma"),
    "id_made": ("without an id: the position is used", "senza identificativo: si usa la posizione"),
}
"""What is missing in a patient who is used all the same."""


@dataclass
class CohortReport:
    """Counts over the patients of one or more parts.

    `left_out` and `doubts` count patients and rows by the reasons above, `remarks` entries by fate and message, `units`
    values by name and unit; `places` names the first few of each reason; `first_units` where each unit came first.
    """

    patients: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    remarks: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)
    first_units: dict[tuple[str, str], int] = field(default_factory=dict)

    def leave_out(self, reason: str, place: str) -> None:
        """A patient or a row that is not used."""
        self.left_out[reason] += 1
        self._place(reason, place)

    def doubt(self, reason: str, place: str) -> None:
        """Something missing in a patient who is used."""
        self.doubts[reason] += 1
        self._place(reason, place)

    def unit(self, name: str, unit: str, position: int) -> None:
        """A value that was written in a unit."""
        self.units[name, unit] += 1
        self.first_units.setdefault((name, unit), position)

    def _place(self, reason: str, place: str) -> None:
        listed = self.places.setdefault(reason, [])
        if len(listed) < SHOWN:
            listed.append(place)

    def add(self, other: CohortReport) -> None:
        """Put the counts of a later part to these."""
        self.patients += other.patients
        self.left_out.update(other.left_out)
        self.doubts.update(other.doubts)
        self.remarks.update(other.remarks)
        self.units.update(other.units)
        for reason, places in other.places.items():
            for place in places:
                self._place(reason, place)
        for key, position in other.first_units.items():
            self.first_units[key] = min(position, self.first_units.get(key, position))

    @property
    def changed_units(self) -> dict[str, list[tuple[str, int, int]]]:
        """Names with values in more than one unit: unit, how many, and the position where it came first."""
        found: dict[str, list[tuple[str, int, int]]] = {}
        for (name, unit), number in self.units.items():
            found.setdefault(name, []).append((unit, number, self.first_units[name, unit]))
        return {name: sorted(found[name], key=lambda item: item[2]) for name in sorted(found) if len(found[name]) > 1}

    def to_json(self) -> dict[str, Any]:
        """Plain data, the same for the same cohort."""
        return {
            "patients": self.patients,
            "left_out": dict(sorted(self.left_out.items())),
            "doubts": dict(sorted(self.doubts.items())),
            "places": dict(sorted(self.places.items())),
            "remarks": [[*key, number] for key, number in sorted(self.remarks.items())],
            "units": [[*key, number, self.first_units[key]] for key, number in sorted(self.units.items())],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CohortReport:
        """What `to_json` wrote."""
        return cls(
            data["patients"],
            Counter(data["left_out"]),
            Counter(data["doubts"]),
            Counter({(fate, message): number for fate, message, number in data["remarks"]}),
            Counter({(name, unit): number for name, unit, number, _ in data["units"]}),
            {reason: list(places) for reason, places in data["places"].items()},
            {(name, unit): first for name, unit, _, first in data["units"]},
        )
