"""From FHIR R4 resources to statements. Tolerant: a resource that is odd is reported, never a crash.

Reads a Bundle of any type, a single resource, or a list of resources (NDJSON), with contained resources. What a
resource means medically is decided later (`cartella.patients.understanding`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cartella.logic import Interval
from cartella.patients.codes import QUALIFIERS
from cartella.patients.dates import parse_day
from cartella.patients.draft import Draft
from cartella.patients.fhir_values import (
    Resource,
    answer_in_words,
    code_of,
    codes_of,
    dose_in_words,
    first,
    items,
    notes_of,
    observation_name,
    stage_in_words,
    table,
    words_of,
)
from cartella.patients.report import Fate
from cartella.patients.statements import Person, Quantity, Standing, Statement, Topic, exact

_CLINICAL = {
    "active": Standing.ACTIVE,
    "recurrence": Standing.ACTIVE,
    "relapse": Standing.ACTIVE,
    "inactive": Standing.PAST,
    "remission": Standing.PAST,
    "resolved": Standing.PAST,
}
_VERIFICATION = {
    "refuted": Standing.DENIED,
    "unconfirmed": Standing.DOUBTFUL,
    "provisional": Standing.DOUBTFUL,
    "differential": Standing.DOUBTFUL,
}
_GIVEN = {
    "active": Standing.ACTIVE,
    "in-progress": Standing.ACTIVE,
    "completed": Standing.PAST,
    "stopped": Standing.PAST,
    "on-hold": Standing.PAST,
    "ended": Standing.PAST,
    "not-taken": Standing.NOT_DONE,
    "not-done": Standing.NOT_DONE,
    "cancelled": Standing.NOT_DONE,
    "draft": Standing.PLANNED,
    "intended": Standing.PLANNED,
    "preparation": Standing.PLANNED,
    "unknown": Standing.STATED,
}
_LISTS = {
    "therapy": ("therapy", "treatment", "oncology", "antineoplastic", "terapie", "terapia"),
    "procedure": ("procedure", "surg", "interventi"),
    "medication": ("medication", "drug", "medicine", "farmaci", "medicinali"),
}
_LIST_CODES = {"10160-0": "medication", "medications": "medication", "47519-4": "procedure", "surgeries": "procedure"}
_SILENT = frozenset({"Location", "Organization", "Practitioner", "PractitionerRole", "Medication", "Provenance"})


def statements_of(data: Any, draft: Draft) -> tuple[Person | None, list[Statement]]:
    """All statements of a FHIR record; what is not read is remarked in `draft`."""
    return _Walk(data, draft).read()


class _Walk:
    """One pass over a record."""

    def __init__(self, data: Any, draft: Draft) -> None:
        self.draft = draft
        self.resources = list(_resources(data, draft))
        self.known: dict[str, Resource] = {}
        for _, resource, url in self.resources:
            kind, identifier = resource.get("resourceType"), resource.get("id")
            for key in (url, f"{kind}/{identifier}" if identifier else None):
                if key:
                    self.known.setdefault(str(key), resource)

    def read(self) -> tuple[Person | None, list[Statement]]:
        patients = [item for item in self.resources if item[1].get("resourceType") == "Patient"]
        person = None
        self.own: set[str] = set()
        if patients:
            path, resource, url = patients[0]
            person = self._person(path, resource)
            self.own = {str(key) for key in (url, resource.get("id"), f"Patient/{resource.get('id')}") if key}
        found: list[Statement] = []
        for path, resource, _ in self.resources:
            if resource.get("resourceType") == "Patient":
                continue
            if self._of_another(resource):
                self.draft.remark(Fate.IGNORED, path, "other_person", kind=str(resource.get("resourceType")))
                continue
            found.extend(self._statements(path, resource))
        return person, found

    def _of_another(self, resource: Resource) -> bool:
        subject = table(resource.get("subject") or resource.get("patient"))
        reference = str(subject.get("reference") or "")
        if not reference or not self.own or reference.startswith("#"):
            return False
        return reference not in self.own and not any(reference.endswith(f"/{key}") for key in self.own)

    def _person(self, path: str, resource: Resource) -> Person:
        birth = None
        if resource.get("birthDate") is not None:
            birth = parse_day(resource["birthDate"])
            if birth is None:
                self.draft.remark(Fate.IGNORED, f"{path}.birthDate", "not_a_date")
        if resource.get("deceasedBoolean") is True or resource.get("deceasedDateTime"):
            self.draft.remark(Fate.AMBIGUOUS, path, "deceased")
        address = table(first(resource.get("address")))
        return Person(
            path=path,
            label=str(resource.get("id") or ""),
            sex=str(resource.get("gender") or ""),
            birth=birth,
            city=str(address.get("city") or ""),
            country=str(address.get("country") or ""),
        )

    def _statements(self, path: str, resource: Resource) -> Iterator[Statement]:
        kind = resource.get("resourceType")
        if resource.get("status") == "entered-in-error" or code_of(resource.get("verificationStatus")) == (
            "entered-in-error"
        ):
            self.draft.remark(Fate.IGNORED, path, "entered_in_error")
            return
        match kind:
            case "Condition":
                yield from self._condition(path, resource)
            case "Observation":
                yield from self._observation(path, resource)
            case "MedicationStatement" | "MedicationRequest" | "MedicationAdministration":
                yield from self._medication(path, resource, str(kind))
            case "Procedure":
                yield from self._procedure(path, resource)
            case "Immunization":
                yield from self._vaccine(path, resource)
            case "AllergyIntolerance":
                yield from self._allergy(path, resource)
            case "DiagnosticReport":
                yield from self._report(path, resource)
            case "List":
                self._list(path, resource)
            case "FamilyMemberHistory":
                self.draft.remark(Fate.IGNORED, path, "family_history")
            case str() if kind in _SILENT:
                self.draft.remark(Fate.IGNORED, path, "no_patient_fact", kind=kind)
            case _:
                self.draft.remark(Fate.IGNORED, path, "resource_not_read", kind=str(kind))

    def _condition(self, path: str, resource: Resource) -> Iterator[Statement]:
        standing = _CLINICAL.get(code_of(resource.get("clinicalStatus")), Standing.STATED)
        standing = _VERIFICATION.get(code_of(resource.get("verificationStatus")), standing)
        clinical = code_of(resource.get("clinicalStatus"))
        notes = list(notes_of(resource))
        notes += [text for stage in items(resource.get("stage")) if (text := stage_in_words(table(stage)))]
        if clinical in {"relapse", "recurrence"}:
            notes.append("relapsed")
        elif clinical == "remission":
            notes.append("in remission")
        if severity := words_of(resource.get("severity")):
            notes.append(severity)
        notes += [text for site in items(resource.get("bodySite")) if (text := words_of(site))]
        name = words_of(resource.get("code"))
        codes = tuple(codes_of(resource.get("code")))
        for extension in items(resource.get("extension")):
            if "histology-morphology" in str(table(extension).get("url")):
                concept = table(extension).get("valueCodeableConcept")
                codes += tuple(codes_of(concept))
                if text := words_of(concept):
                    notes.append(text)
        profiles = " ".join(str(p) for p in items(table(resource.get("meta")).get("profile")))
        start = self._onset(path, resource, "onset")
        end = self._onset(path, resource, "abatement")
        yield Statement(
            Topic.CONDITION,
            path,
            name,
            codes,
            start=start,
            end=end,
            standing=Standing.PAST if end is not None and standing is Standing.STATED else standing,
            notes=tuple(notes),
            primary="primary-cancer-condition" in profiles,
            secondary="secondary-cancer-condition" in profiles,
        )

    def _onset(self, path: str, resource: Resource, which: str) -> Interval | None:
        for key in (f"{which}DateTime", f"{which}Period", f"{which}String"):
            value = resource.get(key)
            if isinstance(value, Mapping):
                value = value.get("start" if which == "onset" else "end")
            if value is not None:
                return self._day(f"{path}.{key}", value)
        return None

    def _day(self, path: str, value: object) -> Interval | None:
        day = parse_day(value)
        if day is None:
            self.draft.remark(Fate.IGNORED, path, "not_a_date")
        return day

    def _observation(self, path: str, resource: Resource) -> Iterator[Statement]:
        if resource.get("status") == "cancelled":
            self.draft.remark(Fate.IGNORED, path, "not_done")
            return
        start = self._effective(path, resource)
        method = words_of(resource.get("method"))
        notes = tuple(notes_of(resource))
        name, codes = observation_name(resource.get("code"))
        components = [table(part) for part in items(resource.get("component"))]
        if components and codes and any(code == "69548-6" for _, code in codes):
            yield self._variant(path, components, start)
        else:
            for number, part in enumerate(components):
                part_name, part_codes = observation_name(part.get("code"))
                where = f"{path}.component[{number}]"
                yield from self._valued(where, part, part_name, part_codes, start, method, ())
        if not components or any(key.startswith("value") for key in resource):
            yield from self._valued(path, resource, name, codes, start, method, notes)

    def _variant(self, path: str, components: list[Resource], start: Interval | None) -> Statement:
        """An mCODE genomic variant: the gene (LOINC 48018-6) and the change, in one name."""
        gene, rest = "", []
        for part in components:
            codes = {code for _, code in codes_of(part.get("code"))}
            text = words_of(part.get("valueCodeableConcept")) or str(part.get("valueString") or "")
            if "48018-6" in codes:
                gene = text
            elif text:
                rest.append(text)
        return Statement(Topic.OBSERVATION, path, gene or "genetic variant", value=", ".join(rest) or "", start=start)

    def _valued(
        self,
        path: str,
        part: Resource,
        name: str,
        codes: tuple[tuple[str, str], ...],
        start: Interval | None,
        method: str,
        notes: tuple[str, ...],
    ) -> Iterator[Statement]:
        value, quantity, missing = "", None, False
        if "valueQuantity" in part or "valueInteger" in part:
            raw = table(part.get("valueQuantity")) or {"value": part.get("valueInteger")}
            quantity = self._quantity(path, raw, part)
            if quantity is None:
                return
        elif "valueCodeableConcept" in part:
            value = answer_in_words(part["valueCodeableConcept"])
        elif "valueString" in part:
            value = str(part["valueString"])
        elif "valueBoolean" in part:
            value = "yes" if part["valueBoolean"] else "no"
        elif "valueRange" in part:
            both = (table(part["valueRange"]).get(side) for side in ("low", "high"))
            shown = [table(side) for side in both if side]
            value = " - ".join(f"{side.get('value', '')} {side.get('unit', '')}".strip() for side in shown)
        elif "valueRatio" in part:
            both = (table(part["valueRatio"]).get(side) for side in ("numerator", "denominator"))
            value = "/".join(str(table(side).get("value", "")) for side in both)
        elif "valueDateTime" in part:
            value = str(part["valueDateTime"])
        elif "dataAbsentReason" in part:
            value, missing = words_of(part["dataAbsentReason"]) or code_of(part["dataAbsentReason"]), True
        elif interpretation := words_of(first(part.get("interpretation"))):
            value = QUALIFIERS.get(code_of(first(part.get("interpretation"))), interpretation)
        elif not notes:
            self.draft.remark(Fate.IGNORED, path, "no_value")
            return
        yield Statement(
            Topic.OBSERVATION, path, name, codes, value, quantity, start, notes=notes, method=method, missing=missing
        )

    def _quantity(self, path: str, raw: Resource, part: Resource) -> Quantity | None:
        number = exact(raw.get("value"))
        if number is None:
            self.draft.remark(Fate.IGNORED, f"{path}.valueQuantity", "not_a_number")
            return None
        unit = str(raw.get("unit") or raw.get("code") or "")
        limits: dict[str, Any] = {"low": None, "high": None}
        for item in items(part.get("referenceRange")):
            kind = code_of(table(item).get("type")) or "normal"
            if kind != "normal":
                continue
            for side in limits:
                limit = table(table(item).get(side))
                same = str(limit.get("unit") or limit.get("code") or unit) in {unit, str(raw.get("code"))}
                if limit and same and limits[side] is None:
                    limits[side] = exact(limit.get("value"))
            break
        return Quantity(number, unit, str(raw.get("comparator") or ""), limits["low"], limits["high"])

    def _effective(self, path: str, resource: Resource) -> Interval | None:
        for key in ("effectiveDateTime", "effectiveInstant", "issued"):
            if resource.get(key) is not None:
                return self._day(f"{path}.{key}", resource[key])
        period = table(resource.get("effectivePeriod"))
        value = period.get("end") or period.get("start")
        return self._day(f"{path}.effectivePeriod", value) if value else None

    def _medication(self, path: str, resource: Resource, kind: str) -> Iterator[Statement]:
        concept = resource.get("medicationCodeableConcept")
        if concept is None:
            reference = str(table(resource.get("medicationReference")).get("reference") or "")
            found = self._resolve(reference, resource)
            concept = found.get("code") or {"text": table(resource.get("medicationReference")).get("display")}
        standing = _GIVEN.get(str(resource.get("status")), Standing.STATED)
        if resource.get("doNotPerform") is True:
            standing = Standing.NOT_DONE
        if kind == "MedicationRequest" and str(resource.get("intent")) in {"proposal", "plan", "option"}:
            standing = Standing.PLANNED
        start, end = self._period(path, resource, ("effective", "performed"))
        if start is None and kind == "MedicationRequest" and resource.get("authoredOn"):
            start = self._day(f"{path}.authoredOn", resource["authoredOn"])
        notes = list(notes_of(resource))
        notes += [text for why in items(resource.get("statusReason")) if (text := words_of(why))]
        dosages = items(resource.get("dosage")) or items(resource.get("dosageInstruction"))
        name = words_of(concept)
        doses = [text for dosage in dosages if (text := dose_in_words(table(dosage)))]
        yield Statement(
            Topic.MEDICATION,
            path,
            name,
            tuple(codes_of(concept)),
            value=", ".join(doses),
            start=start,
            end=end,
            standing=standing,
            notes=tuple(notes),
        )

    def _resolve(self, reference: str, resource: Resource) -> Resource:
        if reference.startswith("#"):
            for item in items(resource.get("contained")):
                if str(table(item).get("id")) == reference[1:]:
                    return table(item)
        return self.known.get(reference, {})

    def _period(self, path: str, resource: Resource, stems: tuple[str, ...]) -> tuple[Interval | None, Interval | None]:
        for stem in stems:
            if resource.get(f"{stem}DateTime") is not None:
                day = self._day(f"{path}.{stem}DateTime", resource[f"{stem}DateTime"])
                return day, day
            period = table(resource.get(f"{stem}Period"))
            if period:
                where = f"{path}.{stem}Period"
                start = self._day(f"{where}.start", period["start"]) if period.get("start") else None
                end = self._day(f"{where}.end", period["end"]) if period.get("end") else None
                return start, end
            if resource.get(f"{stem}String") is not None:
                return parse_day(resource[f"{stem}String"]), None
        return None, None

    def _procedure(self, path: str, resource: Resource) -> Iterator[Statement]:
        standing = _GIVEN.get(str(resource.get("status")), Standing.STATED)
        start, end = self._period(path, resource, ("performed", "occurrence"))
        notes = list(notes_of(resource))
        notes += [text for site in items(resource.get("bodySite")) if (text := words_of(site))]
        notes += [text] if (text := words_of(resource.get("outcome"))) else []
        name = words_of(resource.get("code"))
        codes = tuple(codes_of(resource.get("code")))
        yield Statement(Topic.PROCEDURE, path, name, codes, start=start, end=end, standing=standing, notes=tuple(notes))

    def _vaccine(self, path: str, resource: Resource) -> Iterator[Statement]:
        standing = _GIVEN.get(str(resource.get("status")), Standing.STATED)
        when = resource.get("occurrenceDateTime") or resource.get("occurrenceString")
        start = self._day(f"{path}.occurrence", when) if when else None
        name, codes = words_of(resource.get("vaccineCode")), tuple(codes_of(resource.get("vaccineCode")))
        yield Statement(Topic.VACCINE, path, name, codes, start=start, end=start, standing=standing)

    def _allergy(self, path: str, resource: Resource) -> Iterator[Statement]:
        standing = _CLINICAL.get(code_of(resource.get("clinicalStatus")), Standing.STATED)
        standing = _VERIFICATION.get(code_of(resource.get("verificationStatus")), standing)
        notes = list(notes_of(resource))
        for reaction in items(resource.get("reaction")):
            item = table(reaction)
            notes += [text for sign in items(item.get("manifestation")) if (text := words_of(sign))]
            notes += [str(item["severity"])] if item.get("severity") else []
        name, codes = words_of(resource.get("code")), tuple(codes_of(resource.get("code")))
        start = self._onset(path, resource, "onset")
        yield Statement(Topic.ALLERGY, path, name, codes, start=start, standing=standing, notes=tuple(notes))

    def _report(self, path: str, resource: Resource) -> Iterator[Statement]:
        start = self._effective(path, resource)
        name = words_of(resource.get("code"))
        texts = [words_of(code) for code in items(resource.get("conclusionCode"))]
        if resource.get("conclusion"):
            texts.append(str(resource["conclusion"]))
        for text in filter(None, texts):
            yield Statement(Topic.OBSERVATION, f"{path}.conclusion", name, value=text, start=start)
        if not any(texts):
            self.draft.remark(Fate.IGNORED, path, "results_elsewhere")

    def _list(self, path: str, resource: Resource) -> None:
        """A snapshot list, or one declared empty, makes its register complete."""
        title = f"{words_of(resource.get('code'))} {resource.get('title') or ''}".lower()
        registers = {_LIST_CODES[code] for _, code in codes_of(resource.get("code")) if code in _LIST_CODES}
        registers |= {name for name, cues in _LISTS.items() if any(cue in title for cue in cues)}
        nil = code_of(resource.get("emptyReason")) == "nilknown"
        whole = resource.get("mode") == "snapshot" and resource.get("status", "current") == "current"
        if len(registers) == 1 and (nil or (whole and not resource.get("emptyReason"))):
            self.draft.declare(registers.pop(), path)
        else:
            self.draft.remark(Fate.IGNORED, path, "list_not_complete")


def _resources(data: Any, draft: Draft) -> Iterator[tuple[str, Resource, str | None]]:
    """Every resource of a record with its path and its full URL, contained ones excepted."""
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _within(f"[{number}]", item, None, draft)
    else:
        yield from _within("", data, None, draft)


def _within(path: str, data: Any, url: str | None, draft: Draft) -> Iterator[tuple[str, Resource, str | None]]:
    if not isinstance(data, Mapping) or not isinstance(data.get("resourceType"), str):
        draft.remark(Fate.IGNORED, path or "$", "not_a_resource")
        return
    kind = data["resourceType"]
    if kind != "Bundle":
        yield path or kind, data, url
        for number, item in enumerate(items(data.get("contained"))):
            if table(item).get("resourceType") not in {"Medication", None}:
                yield from _within(f"{path or kind}.contained[{number}]", item, None, draft)
        return
    for number, entry in enumerate(items(data.get("entry"))):
        where = f"{path}.Bundle.entry[{number}]".removeprefix(".")
        item = table(entry)
        yield from _within(f"{where}.resource", item.get("resource"), item.get("fullUrl"), draft)


def patients_of(data: Any) -> Iterator[str]:
    """The paths of the different patients in FHIR data."""
    seen: set[str] = set()
    for path, resource, url in _resources(data, Draft(0)):
        if resource.get("resourceType") == "Patient":
            name = str(resource.get("id") or url or path)
            if name not in seen:
                seen.add(name)
                yield path
