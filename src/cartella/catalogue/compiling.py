"""From a study to its entry: reading, typing, locating, and the points of the structured fields."""

from __future__ import annotations

from functools import cache

from cartella.catalogue.entry import Entry, EntrySite
from cartella.knowledge import knowledge
from cartella.matching import condition_point, structured_points
from cartella.places import facility, is_masked, locate_site
from cartella.reading import read_criteria
from cartella.reading.therapy import type_therapy
from cartella.trials.study import Site, Study


def compile_entry(study: Study) -> Entry:
    """Everything that matching needs of a study. Points of the text keep their spans."""
    diseases, conditions_read = diseases_of(study)
    points = list(structured_points(study.minimum_age, study.maximum_age, study.sex))
    condition = condition_point(diseases, all_read=conditions_read)
    if condition is not None:
        points.append(condition)
    text = study.criteria_text
    asked = read_criteria(text, context_of(study)).points if text is not None and text.strip() else ()
    points.extend(asked)
    return Entry(
        id=study.id,
        title=study.brief_title or study.official_title,
        acronym=study.acronym,
        status=study.current_status,
        first_posted=study.first_posted,
        last_update=study.last_update,
        start=study.start,
        completion=study.completion,
        phases=study.phases,
        enrolment=study.enrolment,
        sponsor=study.sponsor,
        sites=tuple(_located(site) for site in study.current_sites),
        diseases=diseases,
        conditions_read=conditions_read,
        therapy=type_therapy(study),
        points=tuple(points),
        unread=0 if asked else None,
    )


def context_of(study: Study) -> str:
    """What else the record says of the study, which settles what an abbreviation in its criteria stands for."""
    titles = (study.brief_title or "", study.official_title or "")
    return "\n".join((*titles, *study.conditions, *study.keywords))


def diseases_of(study: Study) -> tuple[tuple[str, ...], bool]:
    """The registered conditions as disease ids, and whether every one of them was recognised."""
    found: dict[str, None] = {}
    all_read = bool(study.conditions)
    for condition in study.conditions:
        named = _named(condition)
        all_read = all_read and bool(named)
        found.update(dict.fromkeys(named))
    return tuple(found), all_read


@cache
def _named(condition: str) -> tuple[str, ...]:
    """The diseases that one registered condition names; one with several meanings names none."""
    mentions = knowledge().lexicon.find(condition)
    return tuple(m.concepts[0] for m in mentions if len(m.concepts) == 1 and m.concepts[0].startswith("disease:"))


def _located(site: Site) -> EntrySite:
    """The site with our point of it. What stands for a name and is a person, an address or a company is not kept."""
    named = facility(site.facility, site.city, site.country)
    name = None if named.masked and not is_masked(site.facility or "") else site.facility
    where = locate_site(site.facility, site.city, site.state, site.country, site.latitude, site.longitude)
    return EntrySite(name, site.city, site.country, site.status, where.point)
