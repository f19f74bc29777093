"""One study, all studies, a text: what `trial`, `search`, `read` and `info` answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartella.catalogue.entry import Entry
from cartella.catalogue.expressions import to_json
from cartella.catalogue.titles import therapy_words, title
from cartella.errors import NotFound, Words
from cartella.explaining import Lang, Register, concern, words
from cartella.knowledge import knowledge
from cartella.logic import Span
from cartella.places import country_code
from cartella.services.answers import release_json, site_json, status_json, therapy_json
from cartella.services.match import find_one_place, nearest_site
from cartella.services.sources import Source
from cartella.trials.criteria import Criteria, Point
from cartella.trials.therapy import Bucket

_NUMBER = re.compile(r"NCT\d{8}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to look for; every part that is given must fit. `words` are looked for in all that is known of a study.

    `disease` and `target` take names as people write them; a disease finds its kinds too. `kind` is "car_t", "tcr_t",
    "til" or another class of the taxonomy, or the beginning of one. `country` and `near` are about sites that nothing
    says are closed; `within_km` limits the distance.
    """

    words: str = ""
    disease: str | None = None
    target: str | None = None
    kind: str | None = None
    phase: str | None = None
    status: str | None = None
    country: str | None = None
    near: str | None = None
    within_km: int | None = None
    any_status: bool = False
    any_kind: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A study that was found, with the kilometres to its nearest open site where a place was named."""

    entry: Entry
    distance_km: int | None


def get_entry(source: Source, identifier: str) -> Entry:
    """The study of that number. Raises NotFound."""
    found = source.entry(identifier.strip().upper())
    if found is None:
        raise NotFound(
            Words(f"There is no study {identifier} here.", f"Qui non c'è nessuno studio {identifier}."),
            next_step=Words(
                "Check the number, or load its record with 'cartella load FILE'.",
                "Controllare il numero, o caricare il suo record con 'cartella load FILE'.",
            ),
        )
    return found


def search(source: Source, request: SearchRequest) -> list[Hit]:
    """The studies that fit, the nearest first where a place was named, else those with the freshest status first."""
    place = None if request.near is None else find_one_place(request.near)
    diseases = None if request.disease is None else _diseases(request.disease)
    hits = []
    for entry in source.entries():
        if not _fits(entry, request, diseases):
            continue
        nearest = nearest_site(entry, place)
        distance = None if nearest is None else nearest[1]
        if request.within_km is not None and (distance is None or distance > request.within_km):
            continue
        hits.append(Hit(entry, distance))
    return sorted(hits, key=_place_in_list)


def _place_in_list(hit: Hit) -> tuple[int, int, str]:
    status = hit.entry.status
    confirmed = 0 if status is None or status.confirmed is None else status.confirmed.earliest.toordinal()
    return (10**6 if hit.distance_km is None else hit.distance_km), -confirmed, hit.entry.id


def _fits(entry: Entry, request: SearchRequest, diseases: frozenset[str] | None) -> bool:
    if request.status is not None:
        if entry.status is None or entry.status.status.value != request.status.lower().replace(" ", "_"):
            return False
    elif not request.any_status and not entry.may_be_entered:
        return False
    if not request.any_kind and entry.bucket not in (Bucket.T_CELL_CANCER, None):
        return False
    if diseases is not None and diseases.isdisjoint(entry.diseases):
        return False
    if request.target is not None and not _has_target(entry, request.target):
        return False
    if request.kind is not None and not _has_kind(entry, request.kind):
        return False
    if request.phase is not None and request.phase.lower().removeprefix("phase") not in {
        phase.removeprefix("early_").removeprefix("phase") for phase in entry.phases
    }:
        return False
    if request.country is not None and not _has_country(entry, request.country):
        return False
    return all(word in _searchable(entry) for word in request.words.lower().split())


def _diseases(name: str) -> frozenset[str]:
    """Everything that a named disease can be: itself, its kinds, and what it is a kind of. Raises NotFound."""
    house = knowledge()
    named = [name] if name in house.concepts else [c for m in house.lexicon.find(name) for c in m.concepts]
    found = [concept for concept in named if concept.startswith("disease:")]
    if not found:
        raise NotFound(
            Words(f"The disease {name!r} is not known.", f"La malattia {name!r} non è nota."),
            next_step=Words(
                "Write its name in English or Italian ('follicular lymphoma'), or search by words.",
                "Scriverne il nome in italiano o in inglese ('linfoma follicolare'), o cercare per parole.",
            ),
        )
    return frozenset().union(*(house.descendants(disease) | house.ancestors(disease) for disease in found))


def _has_target(entry: Entry, target: str) -> bool:
    if entry.therapy is None:
        return False
    named = {m.removeprefix("antigen:") for x in knowledge().lexicon.find(target) for m in x.concepts}
    wanted = {name.lower() for name in named | {target}}
    return any(known.lower() in wanted for known in entry.therapy.targets)


def _has_kind(entry: Entry, kind: str) -> bool:
    wanted = kind.lower().replace("-", "_").replace(" ", "_")
    return entry.therapy is not None and any(known.value.startswith(wanted) for known in entry.therapy.classes)


def _has_country(entry: Entry, country: str) -> bool:
    code = country_code(country)
    if code is None:
        raise NotFound(
            Words(f"The country {country!r} is not known.", f"Il Paese {country!r} non è noto."),
            next_step=Words("Write its name or its ISO code.", "Scriverne il nome o il codice ISO."),
        )
    return any(site.may_take_patients and country_code(site.country) == code for site in entry.sites)


def _searchable(entry: Entry) -> str:
    therapy = entry.therapy
    parts = [entry.id, entry.acronym or "", title(entry, "en"), title(entry, "it"), entry.sponsor or ""]
    if therapy is not None:
        parts += [*therapy.products, *therapy.combinations, *therapy.targets, therapy_words(therapy, "en")]
    parts += [f"{site.facility} {site.city} {site.country}" for site in entry.sites]
    return " ".join(parts).lower()


def entry_json(entry: Entry, as_of: date, lang: Lang, register: Register, text: str | None) -> dict[str, Any]:
    """A study as JSON, with its points in words."""
    return {
        **hit_json(Hit(entry, None), as_of, lang),
        "sites": [site_json(site, None, as_of, lang) for site in entry.sites],
        "start": None if entry.start is None else str(entry.start),
        "completion": None if entry.completion is None else str(entry.completion),
        "first_posted": None if entry.first_posted is None else str(entry.first_posted),
        "last_update": None if entry.last_update is None else str(entry.last_update),
        "enrolment": entry.enrolment,
        "unread_points": entry.unread,
        "points": [point_json(point, lang, register, text) for point in entry.points],
    }


def hit_json(hit: Hit, as_of: date, lang: Lang) -> dict[str, Any]:
    """A found study as JSON."""
    entry = hit.entry
    return {
        "id": entry.id,
        "title": title(entry, lang),
        "acronym": entry.acronym,
        "link": entry.url,
        "status": status_json(entry.status, as_of),
        "phases": list(entry.phases),
        "sponsor": entry.sponsor,
        "diseases": list(entry.diseases),
        "therapy": therapy_json(entry, lang),
        "distance_km": hit.distance_km,
        "sites_count": len(entry.sites),
    }


def point_json(point: Point, lang: Lang, register: Register, text: str | None) -> dict[str, Any]:
    """A point as JSON: where it stands, what it says, and its expression."""
    span = None if point.span is None or text is None else [point.span.start, point.span.end]
    return {
        "section": point.section.value,
        "cohort": point.cohort,
        "gate": None if point.gate is None else point.gate.value,
        "field": point.field,
        "span": span,
        "text": None if span is None or text is None else text[span[0] : span[1]],
        "concern": point.concern,
        "concern_words": None if point.concern is None else concern(point.concern, lang, register),
        "words": words(point.expression, lang, register),
        "expression": to_json(point.expression),
    }


def is_disease(identifier: str) -> bool:
    """Whether there is a disease of that id."""
    return identifier.startswith("disease:") and identifier in knowledge().concepts


def disease_name(identifier: str, lang: Lang) -> str:
    """The name of a disease."""
    return knowledge().label(identifier, lang)


def disease_names(lang: Lang) -> list[str]:
    """All names of diseases that a person may type in a language, sorted."""
    house = knowledge()
    names = {house.label(concept, lang) for concept in house.concepts if concept.startswith("disease:")}
    return sorted(names, key=str.lower)


def is_number(text: str) -> bool:
    """Whether `text` is written like a registry number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def read_text(text: str) -> Criteria:
    """The points of an eligibility text."""
    from cartella.reading import read_criteria  # here, because the reader is slow to load and mostly not needed

    return read_criteria(text)


def read_study_text(source: Source, identifier: str) -> tuple[str, Criteria]:
    """The eligibility text of a study with its points. Raises NotFound where the text is not kept."""
    entry = get_entry(source, identifier)
    text = source.text(entry.id)
    if text is None:
        raise NotFound(
            Words(f"The text of {entry.id} is not kept here.", f"Il testo di {entry.id} non è conservato qui."),
            why=Words(
                "The catalogue holds facts, not texts, or the record has none.",
                "Il catalogo contiene fatti e non testi, oppure il record non ne ha.",
            ),
            next_step=Words(
                f"Load its record with 'cartella load FILE', or read it at {entry.url}",
                f"Caricare il suo record con 'cartella load FILE', o leggerlo su {entry.url}",
            ),
        )
    points = tuple(point for point in entry.points if point.span is not None)
    covered = sorted((point.span.start, point.span.end) for point in points if point.span is not None)
    return text, Criteria(points, tuple(_gaps(covered, len(text))))


def _gaps(covered: Iterable[tuple[int, int]], length: int) -> Iterable[Span]:
    position = 0
    for start, end in covered:
        if start > position:
            yield Span(position, start)
        position = max(position, end)
    if position < length:
        yield Span(position, length)


def text_of(data: str) -> str:
    """The eligibility text in what a person brought: a registry record, or the text itself."""
    if data.lstrip().startswith("{"):
        try:
            record = json.loads(data)
            module = record["protocolSection"]["eligibilityModule"]
            return str(module["eligibilityCriteria"])
        except (ValueError, KeyError, TypeError):
            return data
    return data


def criteria_json(text: str, criteria: Criteria, lang: Lang, register: Register) -> dict[str, Any]:
    """A read text as JSON; the spans of points and fillers together are the whole text."""
    return {
        "characters": len(text),
        "points": [point_json(point, lang, register, text) for point in criteria.points],
        "fillers": [[span.start, span.end] for span in criteria.fillers],
    }


def info_json(source: Source) -> dict[str, Any]:
    """What is here: the release and counts."""
    entries = source.entries()
    return {
        "release": release_json(source.release),
        "trials": len(entries),
        "with_criteria": sum(entry.unread is not None for entry in entries),
        "points": sum(len(entry.points) for entry in entries),
        "unread_points": sum(entry.unread or 0 for entry in entries),
        "status": _counted(entry.status.status.value if entry.status else "not_stated" for entry in entries),
        "kinds": _counted(entry.bucket.value if entry.bucket else "not_typed" for entry in entries),
        "sites": sum(len(entry.sites) for entry in entries),
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
