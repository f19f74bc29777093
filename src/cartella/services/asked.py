"""A person's own answers: what each means in a record, and what to ask next.

The answers are plain data, as a form or a file holds them (`ANSWERS` names them). They become a short record, so that
they are understood by the same rules as every other record. "I don't know" is no answer: it leaves everything open.
What a person does not name is never taken as absent; only an explicit "no" is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from cartella.knowledge import knowledge
from cartella.patients import LoadedPatient, patient_of_record
from cartella.services.askable import MARKER, UNKNOWN, entries_of

STATES = {
    "new": "newly diagnosed, untreated",
    "remission": "in complete remission",
    "relapsed": "relapsed",
    "refractory": "refractory to last therapy",
    "progressive": "progressive disease",
}
"""How the disease stands, in the words of a record."""

THERAPIES = {
    "chemotherapy": ("therapies", "chemotherapy"),
    "autologous": ("procedures", "autologous stem cell transplant"),
    "allogeneic": ("procedures", "allogeneic stem cell transplant"),
    "car_t": ("therapies", "CAR-T cell therapy"),
    "bispecific": ("therapies", "bispecific antibody"),
    "checkpoint": ("therapies", "checkpoint inhibitor"),
    "radiotherapy": ("procedures", "radiotherapy"),
}
"""Treatments that are asked for one by one."""

ILLNESSES = {
    "hiv": "HIV infection",
    "hepatitis_b": "hepatitis B",
    "hepatitis_c": "hepatitis C",
    "infection": "active infection",
    "autoimmune": "autoimmune disease",
    "cns": "central nervous system involvement by the cancer",
    "heart": "heart disease",
    "stroke": "stroke",
    "seizures": "seizure disorder",
    "other_cancer": "second malignancy",
    "gvhd": "graft-versus-host disease",
    "pregnancy": "pregnancy",
}
"""Other illnesses and states that are asked for one by one."""

MARKERS = {
    "disease:PCM": ("BCMA", "GPRC5D"),
    "disease:AML": ("CD33", "CD123"),
    "disease:ALL": ("CD19", "CD22", "CD7"),
    "disease:T_CELL_MALIGNANCY": ("CD7", "CD5", "CD30"),
    "disease:HL": ("CD30",),
    "disease:LYMPHOID": ("CD19", "CD20", "CD22"),
    "disease:NBL": ("GD2", "B7-H3"),
    "disease:CANCER": ("HER2", "mesothelin", "CLDN18.2", "GPC3", "GD2", "B7-H3"),
}
"""The tumour markers worth asking for, by disease; the first that the disease is a kind of counts."""

ALL_MARKERS = tuple(dict.fromkeys(marker for markers in MARKERS.values() for marker in markers))

_MEDICINES = re.compile(r"\s*(?:[,;\n]|\s\be\b\s|\s\band\b\s)\s*")
_MOST_MEDICINES = 30


def markers_for(disease: str | None) -> tuple[str, ...]:
    """The markers to ask for; none while the disease is not known."""
    if disease is None or disease not in knowledge().concepts:
        return ()
    kinds = {disease, *knowledge().ancestors(disease)}
    return next((found for kind, found in MARKERS.items() if kind in kinds), ())


def diseases_named(text: str) -> tuple[str, ...]:
    """The diseases that a text names, in medical or everyday words; several where it leaves a choice."""
    house = knowledge()
    found = [c for mention in house.lexicon.find(text) for c in mention.concepts if c.startswith("disease:")]
    narrow = [d for d in dict.fromkeys(found) if not any(d != o and d in house.ancestors(o) for o in found)]
    return tuple(narrow)


Origin = tuple[str, str]
"""Where an entry of a record comes from: the question, and the row of it or the text that was written."""


def record_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The short record that says what the answers say."""
    return _written(answers).data


def origins_of(answers: Mapping[str, Any]) -> dict[str, Origin]:
    """The answer behind each path of that record, so that a fact can be shown as what the person said."""
    return _written(answers).origins


@dataclass
class _Record:
    """A short record in the making."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def put(self, section: str, entry: Any, path: str, origin: Origin) -> None:
        self.data[section] = entry
        self.origins[path] = origin

    def add(self, section: str, entry: Any, origin: Origin) -> None:
        listed = self.data.setdefault(section, [])
        self.origins[f"{section}[{len(listed)}]"] = origin
        listed.append(entry)

    def name(self, section: str, name: str, value: Any, origin: Origin) -> None:
        self.data.setdefault(section, {})[name] = value
        self.origins[f"{section}.{name}"] = origin


def _written(answers: Mapping[str, Any]) -> _Record:
    record = _Record({"patient": _person(answers)})
    record.origins |= {"patient.gender": ("sex", ""), "patient.birthDate": ("age", "")}
    disease = str(answers.get("disease"))
    if disease in knowledge().concepts:
        state = STATES.get(str(answers.get("state")))
        entry = {"name": knowledge().label(disease, "en")} | ({"note": state} if state is not None else {})
        record.put("diagnosis", entry, "diagnosis", ("disease", ""))
    more = further(answers)
    _therapies(record, answers, more)
    for illness, answer in answers.get("illnesses", {}).items():
        if illness in ILLNESSES and answer in ("yes", "no") and illness not in more:
            record.add("conditions" if answer == "yes" else "absent", ILLNESSES[illness], ("illnesses", illness))
    if answers.get("ecog") in range(5):
        record.put("performance", {"ecog": answers["ecog"]}, "performance.ecog", ("ecog", ""))
    if answers.get("lines") in range(20):
        record.put("lines", answers["lines"], "lines", ("lines", ""))
    for marker, result in answers.get("markers", {}).items():
        if result in ("positive", "negative") and marker_concept(marker) not in more:
            record.add("markers", {"name": marker, "result": result}, ("markers", marker))
    if hla := answers.get("hla"):
        record.name("findings", "HLA type", hla, ("markers", "hla"))
    for question, section, name, value in entries_of(more):
        if name:
            record.name(section, name, value, ("more", question))
        else:
            record.add(section, value, ("more", question))
    return record


def further(answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers to further questions (`askable`) that say something: each goes before the core answer it refines."""
    return {name: answer for name, answer in answers.get("more", {}).items() if answer != UNKNOWN}


@cache
def marker_concept(marker: str) -> str | None:
    """The antigen that the name of a marker means."""
    found = [c for mention in knowledge().lexicon.find(marker) for c in mention.concepts if c.startswith(MARKER)]
    return found[0] if len(found) == 1 else None


def patient_of_answers(answers: Mapping[str, Any], as_of: date) -> LoadedPatient:
    """The patient whom the answers describe. Raises InputError for answers that cannot be."""
    return patient_of_record(record_of(answers), as_of)


def _person(answers: Mapping[str, Any]) -> dict[str, Any]:
    person: dict[str, Any] = {}
    if answers.get("sex") in ("male", "female"):
        person["sex"] = answers["sex"]
    if isinstance(answers.get("age"), int):
        person["age"] = answers["age"]
    if place := answers.get("place"):
        person["city"] = place
    return person


def _therapies(record: _Record, answers: Mapping[str, Any], more: Mapping[str, str]) -> None:
    for therapy, answer in answers.get("therapies", {}).items():
        if therapy in THERAPIES and therapy not in more and answer in ("yes", "no"):
            section, name = THERAPIES[therapy]
            record.add(section if answer == "yes" else "absent", name, ("therapies", therapy))
    named = [name for name in _MEDICINES.split(str(answers.get("medicines", ""))) if name][:_MOST_MEDICINES]
    for name in named:
        record.add("therapies", name, ("medicines", name))
    last = answers.get("last")
    if isinstance(last, str) and last not in (UNKNOWN, ""):
        # when the last treatment ended says nothing of which it was, so that no named treatment gets the day
        record.add("therapies", {"name": "anticancer therapy", "end": last}, ("last", ""))
