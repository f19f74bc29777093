"""ClinicalTrials.gov API v2: one JSON record to a Study.

Field names: https://clinicaltrials.gov/data-api/about-api/study-data-structure. Every module may be missing, every
value may be of another type or a word that is not in the documentation; what cannot be used is left out of the Study
with a warning, and stays in the raw record.

Two keys outside the registry's own format are understood, both optional:

``_registry_snapshot_YYYY_MM_DD``
    What the registry said on that day, for records whose text is older: ``overallStatus``, ``lastUpdatePostDate``,
    ``n_sites``, and ``locations`` in the registry's shape. It becomes a `Snapshot`.
``_source``
    Where the record was taken from: ``repo_date`` (the day it was taken) and ``format``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from cartella.registries.fields import Fields
from cartella.registries.records import RecordWarning, StudyReading
from cartella.trials.dates import StudyDate
from cartella.trials.status import Status, StatusEntry
from cartella.trials.study import Arm, Intervention, RecordSource, SexLimit, Site, Snapshot, Study

REGISTRY = "ClinicalTrials.gov"

_ID = re.compile(r"NCT\d{8}", re.ASCII)
_SNAPSHOT_KEY = re.compile(r"_registry_snapshot_(\d{4})_(\d{2})_(\d{2})", re.ASCII)

_STUDY_TYPES = frozenset({"interventional", "observational", "expanded_access"})
_PHASES = frozenset({"na", "early_phase1", "phase1", "phase2", "phase3", "phase4"})
_INTERVENTIONS = frozenset(
    {
        "behavioral",
        "biological",
        "combination_product",
        "device",
        "diagnostic_test",
        "dietary_supplement",
        "drug",
        "genetic",
        "procedure",
        "radiation",
        "other",
    }
)
_ARMS = frozenset(
    ["experimental", "active_comparator", "placebo_comparator", "sham_comparator", "no_intervention", "other"]
)
_SPONSORS = frozenset({"nih", "fed", "other_gov", "indiv", "industry", "network", "ambig", "other", "unknown"})
_SEXES = {
    "all": SexLimit.ALL,
    "both": SexLimit.ALL,
    "a": SexLimit.ALL,
    "female": SexLimit.FEMALE,
    "f": SexLimit.FEMALE,
    "male": SexLimit.MALE,
    "m": SexLimit.MALE,
}


def record_id(data: Mapping[str, Any]) -> str | None:
    """The registry's number of a record, "NCT" and eight digits; None where it has none: then it is no study."""
    protocol = data.get("protocolSection")
    module = protocol.get("identificationModule") if isinstance(protocol, dict) else None
    number = module.get("nctId") if isinstance(module, dict) else None
    if not isinstance(number, str):
        return None
    number = number.strip().upper()
    return number if _ID.fullmatch(number) else None


def read_study(data: Mapping[str, Any]) -> StudyReading:
    """The Study of one record: a pure function of the record.

    Raises:
        ValueError: the record has no registry number.
    """
    number = record_id(data)
    if number is None:
        raise ValueError("the record has no protocolSection.identificationModule.nctId")
    warnings: list[RecordWarning] = []
    record = Fields(data, "", number, warnings)
    protocol = record.part("protocolSection")
    identification = protocol.part("identificationModule")
    status = protocol.part("statusModule")
    sponsors = protocol.part("sponsorCollaboratorsModule")
    description = protocol.part("descriptionModule")
    conditions = protocol.part("conditionsModule")
    design = protocol.part("designModule")
    things = protocol.part("armsInterventionsModule")
    eligibility = protocol.part("eligibilityModule")

    verified = status.date("statusVerifiedDate")
    last_update = status.date("lastUpdatePostDateStruct")
    confirmed = verified or last_update
    enrolment = design.part("enrollmentInfo")
    lead = sponsors.part("leadSponsor")
    study = Study(
        id=number,
        source=_source(record),
        acronym=identification.line("acronym"),
        brief_title=identification.line("briefTitle"),
        official_title=identification.line("officialTitle"),
        other_ids=_other_ids(identification),
        study_type=design.word("studyType", _STUDY_TYPES),
        status=_status(status, "overallStatus", confirmed),
        why_stopped=status.line("whyStopped"),
        verified=verified,
        first_posted=status.date("studyFirstPostDateStruct"),
        last_update=last_update,
        start=status.date("startDateStruct"),
        primary_completion=status.date("primaryCompletionDateStruct"),
        completion=status.date("completionDateStruct"),
        phases=_phases(design),
        enrolment=enrolment.count("count"),
        enrolment_estimated=_estimated(enrolment),
        sponsor=lead.line("name"),
        sponsor_class=lead.word("class", _SPONSORS),
        collaborators=tuple(name for part in sponsors.parts("collaborators") if (name := part.line("name"))),
        conditions=conditions.lines("conditions"),
        keywords=conditions.lines("keywords"),
        interventions=_interventions(things),
        arms=_arms(things),
        summary=description.text("briefSummary"),
        description=description.text("detailedDescription"),
        minimum_age=eligibility.age("minimumAge"),
        maximum_age=eligibility.age("maximumAge"),
        sex=_sex(eligibility),
        healthy_volunteers=eligibility.flag("healthyVolunteers"),
        criteria_text=eligibility.text("eligibilityCriteria"),
        sites=_sites(protocol.part("contactsLocationsModule"), confirmed),
        snapshots=_snapshots(data, record),
    )
    return StudyReading(study, tuple(warnings))


def _other_ids(identification: Fields) -> tuple[str, ...]:
    own = identification.part("orgStudyIdInfo").line("id")
    secondary = (part.line("id") for part in identification.parts("secondaryIdInfos"))
    found = (own, *secondary, *identification.lines("nctIdAliases"))
    return tuple(dict.fromkeys(number for number in found if number is not None))


def _status(part: Fields, name: str, confirmed: StudyDate | None) -> StatusEntry | None:
    text = part.line(name)
    if text is None:
        return None
    entry = StatusEntry.read(text, confirmed)
    if entry.status is Status.UNRECOGNISED:
        part.warn(name, "unknown_value", text)
    return entry


def _phases(design: Fields) -> tuple[str, ...]:
    words = design.words("phases", _PHASES | {"not_applicable", "unknown"})
    named = ("na" if word == "not_applicable" else word for word in words if word != "unknown")
    return tuple(dict.fromkeys(named))


def _estimated(enrolment: Fields) -> bool | None:
    kind = enrolment.word("type", frozenset({"actual", "estimated", "anticipated", "estimate"}))
    if kind == "actual":
        return False
    return True if kind in ("estimated", "anticipated", "estimate") else None


def _sex(eligibility: Fields) -> SexLimit | None:
    text = eligibility.line("sex") or eligibility.line("gender")
    if text is None:
        return None
    sex = _SEXES.get(text.lower(), SexLimit.UNRECOGNISED)
    if sex is SexLimit.UNRECOGNISED:
        eligibility.warn("sex", "unknown_value", text)
    return sex


def _interventions(things: Fields) -> tuple[Intervention, ...]:
    found = []
    for part in things.parts("interventions"):
        name = part.line("name")
        if name is None:
            continue
        found.append(
            Intervention(
                name=name,
                kind=part.word("type", _INTERVENTIONS),
                other_names=part.lines("otherNames"),
                description=part.text("description"),
                arms=part.lines("armGroupLabels"),
            )
        )
    return tuple(found)


def _arms(things: Fields) -> tuple[Arm, ...]:
    found = []
    for part in things.parts("armGroups"):
        label = part.line("label")
        if label is None:
            continue
        found.append(
            Arm(
                label=label,
                kind=part.word("type", _ARMS),
                description=part.text("description"),
                interventions=part.lines("interventionNames"),
            )
        )
    return tuple(found)


def _sites(module: Fields, confirmed: StudyDate | None) -> tuple[Site, ...]:
    found = []
    for part in module.parts("locations"):
        point = part.part("geoPoint")
        latitude, longitude = point.degrees("lat", 90), point.degrees("lon", 180)
        if latitude is None or longitude is None:
            latitude = longitude = None  # half a point is none
        site = Site(
            facility=part.line("facility"),
            city=part.line("city"),
            state=part.line("state"),
            country=part.line("country"),
            status=_status(part, "status", confirmed),
            latitude=latitude,
            longitude=longitude,
        )
        if site != Site():
            found.append(site)
    return tuple(found)


def _snapshots(data: Mapping[str, Any], record: Fields) -> tuple[Snapshot, ...]:
    found = []
    for key in data:
        written = _SNAPSHOT_KEY.fullmatch(key)
        if written is None:
            continue
        try:
            day = date(*(int(part) for part in written.groups()))
        except ValueError:
            record.warn(key, "unreadable_date")
            continue
        part = record.part(key)
        confirmed = part.date("lastUpdatePostDate")
        listed = data[key].get("locations") if isinstance(data[key], dict) else None
        found.append(
            Snapshot(
                day=day,
                status=_status(part, "overallStatus", confirmed),
                sites=_sites(part, confirmed) if isinstance(listed, list) else None,
                site_count=part.count("n_sites"),
            )
        )
    return tuple(sorted(found, key=lambda snapshot: snapshot.day))


def _source(record: Fields) -> RecordSource:
    own = record.part("_source")
    taken = own.date("repo_date") or record.part("derivedSection").part("miscInfoModule").date("versionHolder")
    return RecordSource(REGISTRY, taken, own.line("format"))
