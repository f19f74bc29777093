"""A short record in the other forms that are read: FHIR Bundle, Phenopacket, OMOP rows, a wide row, long rows.

For trying the program, and for its tests: the same invented patient in every form. Medical words stay words; no code is
made up for them, but ICD-10 where the record has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]

_GENDER = {"male": 8507, "female": 8532}
_ICD10 = "http://hl7.org/fhir/sid/icd-10"


def fhir_bundle(record: Record) -> Record:
    """The record as a FHIR R4 Bundle."""
    person = record.get("patient", {})
    resources: list[Record] = [
        {
            "resourceType": "Patient",
            "id": person.get("label", "patient"),
            "gender": person.get("sex"),
            "birthDate": person.get("birth_date"),
        }
    ]
    resources += [_subject(resource, person.get("label", "patient")) for resource in _resources(record)]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": found} for found in resources]}


def _subject(resource: Record, label: str) -> Record:
    return {**resource, "subject": {"reference": f"Patient/{label}"}}


def _resources(record: Record) -> Iterator[Record]:
    diagnosis = record.get("diagnosis")
    if diagnosis:
        code: Record = {"text": diagnosis["name"]}
        if "icd10" in diagnosis:
            code["coding"] = [{"system": _ICD10, "code": diagnosis["icd10"], "display": diagnosis["name"]}]
        yield _clean(
            {
                "resourceType": "Condition",
                "meta": {
                    "profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"]
                },
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "code": code,
                "onsetDateTime": diagnosis.get("since"),
                "note": [{"text": diagnosis["note"]}] if "note" in diagnosis else None,
            }
        )
    for name, text, quantity, limit, day in _findings(record):
        found: Record = {"resourceType": "Observation", "status": "final", "code": {"text": name}}
        if quantity is None:
            found["valueString"] = text
        else:
            found["valueQuantity"] = {"value": quantity[0], "unit": quantity[1]}
            if limit is not None:
                found["referenceRange"] = [{"high": {"value": limit, "unit": quantity[1]}}]
        yield _clean({**found, "effectiveDateTime": day})
    for therapy in record.get("therapies", ()):
        notes = [f"line {therapy['line']}"] if "line" in therapy else []
        notes += [therapy["response"]] if "response" in therapy else []
        yield _clean(
            {
                "resourceType": "MedicationStatement",
                "status": "completed",
                "medicationCodeableConcept": {"text": therapy["name"]},
                "effectivePeriod": _clean({"start": therapy.get("start"), "end": therapy.get("end")}),
                "note": [{"text": text} for text in notes],
            }
        )
    for name in record.get("medicines", ()):
        yield {"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": {"text": name}}
    for condition in record.get("conditions", ()):
        past = "until" in condition
        yield _clean(
            {
                "resourceType": "Condition",
                "clinicalStatus": {"coding": [{"code": "resolved" if past else "active"}]},
                "code": {"text": condition["name"]},
                "onsetDateTime": condition.get("since"),
                "abatementDateTime": condition.get("until"),
            }
        )
    for name in record.get("absent", ()):
        status = {"coding": [{"code": "refuted"}]}
        yield {"resourceType": "Condition", "verificationStatus": status, "code": {"text": name}}
    for register in record.get("complete", ()):
        title = {"therapy": "therapy", "procedure": "procedure", "medication": "medication"}[register]
        yield {"resourceType": "List", "status": "current", "mode": "snapshot", "title": title}


def _findings(record: Record) -> Iterator[tuple[str, str, tuple[Any, str] | None, Any, str | None]]:
    """Everything that was found: name, answer or quantity with unit, upper limit, day."""
    performance = record.get("performance", {})
    if "ecog" in performance:
        yield "ECOG performance status", "", (performance["ecog"], "{score}"), None, performance.get("date")
    if "lines" in record:
        yield "Number of prior lines of systemic therapy", "", (record["lines"], "{count}"), None, None
    laboratory = record.get("laboratory", {})
    for name, value in laboratory.items():
        if name != "date":
            yield name, "", (value["value"], value["unit"]), value.get("upper"), laboratory.get("date")
    for marker in record.get("markers", ()):
        yield f"{marker['name']} expression", marker["result"], None, None, marker.get("date")
    for finding in record.get("findings", ()):
        for name, answer in finding.items():
            yield name, answer["value"], None, None, answer.get("date")


def phenopacket(record: Record) -> Record:
    """The record as a Phenopacket."""
    person = record.get("patient", {})
    packet: Record = {
        "id": person.get("label", ""),
        "subject": _clean(
            {
                "id": person.get("label"),
                "sex": str(person.get("sex", "")).upper() or None,
                "dateOfBirth": _stamp(person.get("birth_date")),
            }
        ),
        "metaData": {"createdBy": "cartella cohort sample", "phenopacketSchemaVersion": "2.0"},
    }
    diagnosis = record.get("diagnosis")
    if diagnosis:
        disease: Record = {
            "term": _term(diagnosis["name"], f"ICD10:{diagnosis['icd10']}" if "icd10" in diagnosis else "")
        }
        stages = [part for part in diagnosis.get("note", "").split(", ") if part.startswith("stage")]
        others = [part for part in diagnosis.get("note", "").split(", ") if part and not part.startswith("stage")]
        disease["diseaseStage"] = [_term(text) for text in stages]
        disease["clinicalTnmFinding"] = [_term(text) for text in others]
        packet["diseases"] = [_clean(disease)]
    features = [
        _clean({"type": _term(item["name"]), "resolution": _at(item.get("until"))})
        for item in record.get("conditions", ())
    ]
    features += [{"type": _term(name), "excluded": True} for name in record.get("absent", ())]
    packet["phenotypicFeatures"] = features
    packet["measurements"] = [
        _clean({"assay": _term(name), "value": _measured(text, quantity, limit), "timeObserved": _at(day)})
        for name, text, quantity, limit, day in _findings(record)
    ]
    packet["medicalActions"] = [
        _clean(
            {
                "treatment": {
                    "agent": _term(therapy["name"]),
                    "doseIntervals": [
                        {"interval": _clean({"start": _stamp(therapy.get("start")), "end": _stamp(therapy.get("end"))})}
                    ],
                },
                "responseToTreatment": _term(therapy["response"]) if "response" in therapy else None,
            }
        )
        for therapy in record.get("therapies", ())
    ] + [{"treatment": {"agent": _term(name)}} for name in record.get("medicines", ())]
    return packet


def _measured(text: str, quantity: tuple[Any, str] | None, limit: Any) -> Record:
    if quantity is None:
        return {"ontologyClass": _term(text)}
    found: Record = {"value": quantity[0], "unit": _term(quantity[1], f"UCUM:{quantity[1]}")}
    if limit is not None:
        found["referenceRange"] = {"high": limit}
    return {"quantity": found}


def omop_rows(record: Record, number: int) -> Iterator[tuple[str, Record]]:
    """The record as rows of OMOP tables, concepts by their source values; `number` is the person's id."""
    person = record.get("patient", {})
    born = str(person.get("birth_date") or "--").split("-")
    yield (
        "person",
        {
            "person_id": number,
            "gender_concept_id": _GENDER.get(person.get("sex", ""), 0),
            "year_of_birth": born[0] or None,
            "month_of_birth": born[1] or None,
            "day_of_birth": born[2] or None,
            "person_source_value": person.get("label", ""),
        },
    )
    diagnosis = record.get("diagnosis")
    if diagnosis:
        words = diagnosis["name"] + (f", {diagnosis['note']}" if "note" in diagnosis else "")
        yield "condition_occurrence", _occurrence(number, "condition", words, _whole(diagnosis.get("since")), None)
    for condition in record.get("conditions", ()):
        since, until = _whole(condition.get("since")), _whole(condition.get("until"))
        yield "condition_occurrence", _occurrence(number, "condition", condition["name"], since, until)
    for name in record.get("absent", ()):
        yield "observation", _observation(number, name, "absent", None)
    for therapy in record.get("therapies", ()):
        row = _occurrence(number, "drug_exposure", therapy["name"], therapy.get("start"), therapy.get("end"))
        notes = [f"line {therapy['line']}"] if "line" in therapy else []
        yield "drug_exposure", {**row, "stop_reason": "; ".join([*notes, therapy.get("response", "")])}
    for name in record.get("medicines", ()):
        yield "drug_exposure", _occurrence(number, "drug_exposure", name, None, None)
    for name, text, quantity, limit, day in _findings(record):
        if quantity is None:
            yield "observation", _observation(number, name, text, day)
        else:
            yield (
                "measurement",
                {
                    "person_id": number,
                    "measurement_concept_id": 0,
                    "measurement_source_value": name,
                    "measurement_date": day,
                    "value_as_number": quantity[0],
                    "unit_source_value": quantity[1],
                    "range_high": limit,
                },
            )


def _occurrence(number: int, kind: str, name: str, start: str | None, end: str | None) -> Record:
    stem = "drug" if kind == "drug_exposure" else kind
    return {
        "person_id": number,
        f"{stem}_concept_id": 0,
        f"{stem}_source_value": name,
        f"{kind}_start_date": start,
        f"{kind}_end_date": end,
    }


def _observation(number: int, name: str, answer: str, day: str | None) -> Record:
    return {
        "person_id": number,
        "observation_concept_id": 0,
        "observation_source_value": name,
        "observation_date": day,
        "value_as_string": answer,
    }


def wide_row(record: Record) -> Record:
    """The record as one row of a wide table."""
    person, diagnosis = record.get("patient", {}), record.get("diagnosis", {})
    performance, laboratory = record.get("performance", {}), record.get("laboratory", {})
    row: Record = {
        "patient": person.get("label"),
        "sex": person.get("sex"),
        "birth_date": person.get("birth_date"),
        "diagnosis": diagnosis.get("name"),
        "icd10": diagnosis.get("icd10"),
        "diagnosis_since": diagnosis.get("since"),
        "diagnosis_note": diagnosis.get("note"),
        "ecog": performance.get("ecog"),
        "performance_date": performance.get("date"),
        "laboratory_date": laboratory.get("date"),
        "lines": record.get("lines"),
        "therapies": "; ".join(map(_entry, record.get("therapies", ()))),
        "conditions": "; ".join(map(_entry, record.get("conditions", ()))),
        "absent": "; ".join(record.get("absent", ())),
        "medicines": "; ".join(record.get("medicines", ())),
        "complete": "; ".join(record.get("complete", ())),
        "markers": "; ".join(f"{marker['name']}: {marker['result']}" for marker in record.get("markers", ())),
        "findings": "; ".join(f"{name}: {a['value']}" for f in record.get("findings", ()) for name, a in f.items()),
    }
    for name, value in laboratory.items():
        if name != "date":
            row[f"{name} [{value['unit']}]"] = value["value"]
            if "upper" in value:
                row[f"{name}_upper"] = value["upper"]
    return row


def _entry(item: Record) -> str:
    start, end = item.get("start") or item.get("since"), item.get("end") or item.get("until")
    text = str(item["name"])
    if start or end:
        text += f" @ {start or ''}..{end or ''}"
    if "line" in item:
        text += f" # {item['line']}"
    return text + (f" : {item['response']}" if "response" in item else "")


def long_rows(record: Record) -> Iterator[Record]:
    """The record as rows of a long table."""
    label = record.get("patient", {}).get("label")
    for row in _long(record):
        yield {"patient": label, **row}


def _long(record: Record) -> Iterator[Record]:
    for name, text in record.get("patient", {}).items():
        if name != "label":
            yield {"section": "patient", "name": name, "value": text}
    diagnosis = record.get("diagnosis")
    if diagnosis:
        row = {"section": "diagnosis", "name": diagnosis["name"], "start": diagnosis.get("since")}
        yield {**row, "icd10": diagnosis.get("icd10"), "note": diagnosis.get("note")}
    performance = record.get("performance", {})
    if "ecog" in performance:
        yield {"section": "performance", "name": "ecog", "value": performance["ecog"], "date": performance.get("date")}
    laboratory = record.get("laboratory", {})
    for name, value in laboratory.items():
        if name != "date":
            row = {"section": "laboratory", "name": name, "value": value["value"], "unit": value["unit"]}
            yield {**row, "upper": value.get("upper"), "date": laboratory.get("date")}
    for marker in record.get("markers", ()):
        yield {"section": "markers", "name": marker["name"], "value": marker["result"], "date": marker.get("date")}
    for finding in record.get("findings", ()):
        for name, answer in finding.items():
            yield {"section": "findings", "name": name, "value": answer["value"], "date": answer.get("date")}
    if "lines" in record:
        yield {"section": "lines", "name": "lines", "value": record["lines"]}
    for section in ("therapies", "conditions"):
        for item in record.get(section, ()):
            start, end = item.get("start") or item.get("since"), item.get("end") or item.get("until")
            row = {"section": section, "name": item["name"], "start": start, "end": end}
            yield {**row, "line": item.get("line"), "response": item.get("response")}
    for section in ("absent", "medicines", "complete"):
        for name in record.get(section, ()):
            yield {"section": section, "name": name}


LONG_COLUMNS = (
    "patient section name value unit lower upper date start end line status response note method icd10".split()
)
"""The columns of a long table."""


def _term(label: str, identifier: str = "") -> Record:
    return {"id": identifier or "text:", "label": label}


def _stamp(day: str | None) -> str | None:
    return None if day is None else f"{day}T00:00:00Z"


def _at(day: str | None) -> Record | None:
    return None if day is None else {"timestamp": day if len(day) < 10 else _stamp(day)}


def _whole(day: str | None) -> str | None:
    """OMOP has no partial dates: the first of a month stands for it."""
    return f"{day}-01" if day is not None and len(day) == 7 else day


def _clean(part: Record) -> Record:
    return {key: value for key, value in part.items() if value is not None and value != []}
