"""A GA4GH Phenopacket (version 2) as the statements of a record.

Times are read where they are days. An age at onset becomes a day only if the date of birth is stated; an age at the
last encounter, of which the day is not told, is not used. Parts that are not read are remarked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cartella.logic import Interval
from cartella.patients.dates import parse_day
from cartella.patients.draft import Draft
from cartella.patients.report import Fate
from cartella.patients.statements import Person, Quantity, Standing, Statement, Topic, exact

_SEX = {"MALE": "male", "FEMALE": "female"}
_SYSTEMS = {
    "SNOMED": "snomed",
    "SCTID": "snomed",
    "ICD10": "icd10",
    "ICD10CM": "icd10",
    "LOINC": "loinc",
    "NCIT": "ncit",
}
_AGE = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)
_PARTS = frozenset({"phenotypicFeatures", "metaData", "interpretations", "diseases", "medicalActions"})
_NOT_READ = ("biosamples", "files")

Part = Mapping[str, Any]


def is_phenopacket(data: object) -> bool:
    """Whether the data look like a Phenopacket."""
    return isinstance(data, Mapping) and "subject" in data and bool(_PARTS & set(data)) and "resourceType" not in data


def died(packet: Part) -> bool:
    """Whether the subject is recorded as dead."""
    return _table(_table(packet.get("subject")).get("vitalStatus")).get("status") == "DECEASED"


def person_of(packet: Part) -> Person:
    """Who the packet speaks of."""
    subject = _table(packet.get("subject"))
    sex = _SEX.get(str(subject.get("sex") or ""), "")
    label = str(subject.get("id") or packet.get("id") or "")
    return Person("subject", label, sex, parse_day(subject["dateOfBirth"]) if subject.get("dateOfBirth") else None)


def statements_of(packet: Part, draft: Draft) -> Iterator[Statement]:
    """Everything that the packet states, part by part; what is not read is remarked in `draft`."""
    if died(packet):
        draft.remark(Fate.AMBIGUOUS, "subject.vitalStatus", "deceased")
    if _table(packet.get("subject")).get("timeAtLastEncounter") and person_of(packet).birth is None:
        draft.remark(Fate.IGNORED, "subject.timeAtLastEncounter", "age_undated")
    for part in _NOT_READ:
        if packet.get(part):
            draft.remark(Fate.IGNORED, part, "resource_not_read", kind=part)
    yield from _Packet(packet).statements()


class _Packet:
    def __init__(self, packet: Part) -> None:
        self.packet = packet
        self.birth = person_of(packet).birth

    def statements(self) -> Iterator[Statement]:
        named = set()
        for path, part in self._parts("diseases"):
            name, codes = _term(part.get("term"))
            named.add(name)
            yield self._condition(path, name, codes, part, self._disease_notes(part))
        for path, part in self._parts("phenotypicFeatures"):
            name, codes = _term(part.get("type"))
            notes = [_term(item)[0] for item in (part.get("severity"), *_items(part.get("modifiers"))) if item]
            yield self._condition(path, name, codes, part, notes)
        for path, part in self._parts("measurements"):
            yield from self._measurement(path, part)
        for path, part in self._parts("medicalActions"):
            yield from self._action(path, part)
        for path, part in self._parts("interpretations"):
            diagnosis = _table(part.get("diagnosis"))
            name, codes = _term(diagnosis.get("disease"))
            if name and name not in named and part.get("progressStatus") in ("SOLVED", "COMPLETED"):
                yield Statement(Topic.CONDITION, f"{path}.diagnosis.disease", name, codes)
            for number, found in enumerate(_items(diagnosis.get("genomicInterpretations"))):
                yield from self._variant(f"{path}.diagnosis.genomicInterpretations[{number}]", _table(found))

    def _parts(self, name: str) -> Iterator[tuple[str, Part]]:
        for number, part in enumerate(_items(self.packet.get(name))):
            if isinstance(part, Mapping):
                yield f"{name}[{number}]", part

    def _condition(
        self, path: str, name: str, codes: tuple[tuple[str, str], ...], part: Part, notes: list[str]
    ) -> Statement:
        end = self._time(part.get("resolution"))
        standing = Standing.DENIED if part.get("excluded") else Standing.PAST if end is not None else Standing.STATED
        start = self._time(part.get("onset"))
        return Statement(
            Topic.CONDITION,
            path,
            name,
            codes,
            start=start,
            end=end,
            standing=standing,
            notes=tuple(filter(None, notes)),
        )

    def _disease_notes(self, part: Part) -> list[str]:
        found = []
        for stage in _items(part.get("diseaseStage")):
            text = _term(stage)[0]
            found.append(text if "stage" in text.lower() else f"stage {text}")
        found += [_term(item)[0] for item in _items(part.get("clinicalTnmFinding"))]
        return [*found, _term(part.get("primarySite"))[0]]

    def _measurement(self, path: str, part: Part) -> Iterator[Statement]:
        name, codes = _term(part.get("assay"))
        day = self._time(part.get("timeObserved"))
        listed = [(name, codes, part.get("value"))]
        for item in _items(_table(part.get("complexValue")).get("typedQuantities")):
            label, own = _term(_table(item).get("type"))
            listed.append((label, own, {"quantity": _table(item).get("quantity")}))
        for label, own, raw in listed:
            stated = _table(raw)
            quantity = _table(stated.get("quantity"))
            number = exact(quantity.get("value"))
            if number is not None:
                unit = _table(quantity.get("unit"))
                limits = _table(quantity.get("referenceRange"))
                yield Statement(
                    Topic.OBSERVATION,
                    path,
                    label,
                    own,
                    quantity=Quantity(
                        number,
                        str(unit.get("id") or "").removeprefix("UCUM:") or str(unit.get("label") or ""),
                        "",
                        exact(limits.get("low")),
                        exact(limits.get("high")),
                    ),
                    start=day,
                )
            elif answer := _term(stated.get("ontologyClass"))[0]:
                yield Statement(Topic.OBSERVATION, path, label, own, value=answer, start=day)

    def _action(self, path: str, part: Part) -> Iterator[Statement]:
        notes = tuple(filter(None, [_term(part.get("responseToTreatment"))[0], _term(part.get("treatmentIntent"))[0]]))
        treatment, procedure = _table(part.get("treatment")), _table(part.get("procedure"))
        regimen, radiation = _table(part.get("therapeuticRegimen")), _table(part.get("radiationTherapy"))
        if treatment:
            name, codes = _term(treatment.get("agent"))
            spans = [_table(_table(item).get("interval")) for item in _items(treatment.get("doseIntervals"))]
            starts = [day for span in spans if (day := _day(span.get("start"))) is not None]
            ends = [day for span in spans if (day := _day(span.get("end"))) is not None]
            start = min(starts, key=lambda day: day.low or 0, default=None)
            end = max(ends, key=lambda day: day.high or 0, default=None)
            standing = Standing.PAST if end is not None else Standing.STATED
            yield Statement(Topic.MEDICATION, path, name, codes, start=start, end=end, standing=standing, notes=notes)
        if regimen:
            described = str(_table(regimen.get("externalReference")).get("description") or "")
            name = described or _term(regimen.get("ontologyClass"))[0]
            start, end = self._time(regimen.get("startTime")), self._time(regimen.get("endTime"))
            yield Statement(Topic.MEDICATION, path, name, start=start, end=end, standing=Standing.PAST, notes=notes)
        if radiation:
            site = _term(radiation.get("bodySite"))[0]
            yield Statement(Topic.PROCEDURE, path, f"radiotherapy {site}".strip(), standing=Standing.PAST, notes=notes)
        if procedure:
            name, codes = _term(procedure.get("code"))
            day = self._time(procedure.get("performed"))
            yield Statement(Topic.PROCEDURE, path, name, codes, start=day, end=day, standing=Standing.PAST, notes=notes)

    def _variant(self, path: str, part: Part) -> Iterator[Statement]:
        described = _table(_table(part.get("variantInterpretation")).get("variationDescriptor"))
        gene = str(_table(described.get("geneContext")).get("symbol") or "")
        if gene and part.get("interpretationStatus") != "REJECTED":
            written = [str(_table(item).get("value") or "") for item in _items(described.get("expressions"))]
            label = str(described.get("label") or (written[0] if written else "")) or "altered"
            yield Statement(Topic.OBSERVATION, path, gene, value=label)

    def _time(self, element: object) -> Interval | None:
        """A time element as days; an age needs the date of birth."""
        found = _table(element)
        if "timestamp" in found:
            return _day(found["timestamp"])
        if "interval" in found:
            return _day(_table(found["interval"]).get("end")) or _day(_table(found["interval"]).get("start"))
        age = _AGE.fullmatch(str(_table(found.get("age")).get("iso8601duration") or "-"))
        if age is None or self.birth is None or self.birth.low is None or self.birth.high is None:
            return None
        years, months, weeks, days = (int(part or 0) for part in age.groups())
        least = 12 * years + months
        open_days = 34 if months else 369 if years else 0
        shift = 7 * weeks + days
        low, high = _later(self.birth.low, least), _later(self.birth.high, least)
        if low is None or high is None:
            return None
        return Interval(low + shift, high + shift + (0 if shift else open_days))


def _later(day: int, months: int) -> int | None:
    """The day so many months later; None beyond the calendar."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, 28)).toordinal() if year <= date.max.year else None


def _day(value: object) -> Interval | None:
    return None if value is None else parse_day(value)


def _term(item: object) -> tuple[str, tuple[tuple[str, str], ...]]:
    found = _table(item)
    prefix, _, code = str(found.get("id") or "").partition(":")
    system = _SYSTEMS.get(prefix.upper())
    return str(found.get("label") or ""), ((system, code),) if system and code else ()


def _table(item: object) -> Part:
    return item if isinstance(item, Mapping) else {}


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
