"""Where a trial's site is. City and country decide; the point that a registry gives is only a witness.

Registries fill in points by machine, and a third of the Italian ones lie in another city of the same name. So the point
comes from the gazetteer; the registry's own is compared with it, picks between namesakes, and stands in, marked as such,
only where the gazetteer does not know the city and the point at least lies in the stated country.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cartella.places.countries import countries, country_code
from cartella.places.folding import fold
from cartella.places.gazetteer import Place, lies_in, places_named
from cartella.places.points import Point, distance_km

AGREES_WITHIN_KM = 30

Basis = Literal["city", "region", "registry", "none"]
Agreement = Literal["agrees", "disagrees", "no point", "not compared"]

_PARTS = re.compile(r"\s*[,;()/\[\]|，、（）]+\s*|\s+[-–]\s+|\s*\n\s*")
_NUMBERS = re.compile(r"\b[\w-]*\d[\w-]*\b")
_AROUND = re.compile(
    r"\b(?:city|shi|sheng|province|prov|pref|prefecture|municipality|district|qu|county|cedex|ciudad autonoma de|"
    r"capital federal|caba|greater|metropolitan|region|autonomous|si|gun|ku|do|gu|cdx|stadt|kota|de el|the)\b"
)


@dataclass(frozen=True, slots=True)
class SiteLocation:
    """Where a site is, and how that is known.

    `basis`: "city" (the gazetteer's point of city and country), "region" (the city is not in the gazetteer, a city that
    names its state or region is: Chaoyang, state Beijing), "registry" (the registry's own point, unconfirmed), "none".
    `agreement` tells whether the registry's point lies within 30 km of the gazetteer's. `ambiguous` is True when several
    cities of the country bear the name and nothing tells them apart; the most populous was taken.
    """

    point: Point | None
    basis: Basis
    agreement: Agreement
    place: Place | None = None
    ambiguous: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether the point may be used without a remark: known by its city, one city only."""
        return self.basis == "city" and not self.ambiguous


def locate_site(
    facility: str | None,
    city: str | None,
    state: str | None,
    country: str | None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> SiteLocation:
    """Locate a site from the columns of a registry; any of them may be missing, wrong or decorated.

    Without a known country nothing is located by name: the same city name exists in many countries. The facility counts
    only when there is no city: an institution of our own table brings its city.
    """
    code = country_code(country)
    witness = _point(latitude, longitude)
    if code is None:
        return SiteLocation(None, "none", "no point" if witness is None else "not compared")
    if not (city and city.strip()) and facility:
        city = _city_of(facility, code)
    candidates = _cities(city or "", code)
    hints = _hints(city or "", state)
    fitting = tuple(place for place in candidates if any(lies_in(place, hint) for hint in hints))
    near = tuple(place for place in candidates if _agreement(place.point, witness) == "agrees")
    chosen = tuple(place for place in fitting if place in near) or fitting or near
    if chosen:
        return _known(chosen[0], "city", witness, ambiguous=len(chosen) > 1 and not _one_town(chosen))
    region = _cities(state or "", code)
    if candidates and not (hints and region and _in_region(hints, region)):
        return _known(candidates[0], "city", witness, ambiguous=len(candidates) > 1 and not _one_town(candidates))
    if region and (witness is None or _agreement(region[0].point, witness) == "agrees"):
        return _known(region[0], "region", witness, ambiguous=False)
    if candidates:
        return _known(candidates[0], "city", witness, ambiguous=True)
    if witness is not None and countries()[code].holds(witness):
        return SiteLocation(witness, "registry", "not compared")
    return SiteLocation(None, "none", "no point" if witness is None else "not compared")


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    """The registry's point; None when it is missing, out of range, or the 0, 0 that stands for missing."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Point(latitude, longitude)


def _agreement(point: Point, witness: Point | None) -> Agreement:
    if witness is None:
        return "no point"
    return "agrees" if distance_km(point, witness) <= AGREES_WITHIN_KM else "disagrees"


def _known(place: Place, basis: Basis, witness: Point | None, *, ambiguous: bool) -> SiteLocation:
    return SiteLocation(place.point, basis, _agreement(place.point, witness), place, ambiguous)


def _one_town(places: tuple[Place, ...]) -> bool:
    """Whether namesakes are one town for the purpose: within 30 km of the first, or far smaller than it."""
    first = places[0]
    return all(
        distance_km(first.point, other.point) <= AGREES_WITHIN_KM or first.population >= 10 * max(1, other.population)
        for other in places[1:]
    )


def _in_region(hints: tuple[str, ...], region: tuple[Place, ...]) -> bool:
    """Whether the state names a city that is its own region (Beijing, Hamburg): its districts are not in the gazetteer."""
    return any(lies_in(region[0], hint) for hint in hints)


def _hints(city: str, state: str | None) -> tuple[str, ...]:
    """Texts that may name a region or province: the state, and what stands beside the city's name."""
    texts = [*_split(city)[1:], *_split(state or ""), *city.split()[-1:]]
    texts += [_AROUND.sub(" ", fold(text)).strip() for text in texts]
    return tuple(dict.fromkeys(text for text in texts if text))


def _split(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in _PARTS.split(_NUMBERS.sub(" ", text))) if part]


def _readings(city: str) -> Iterator[str]:
    """Names that a city column may hold, the fullest first: as written, its parts, its parts without "city", "district"
    and the like, then without their last words ("Roma RM", "Paris Cedex")."""
    parts = _split(city)
    yield city
    yield from parts
    bare = [" ".join(_AROUND.sub(" ", fold(part)).split()) for part in parts]
    yield from bare
    for part in bare:
        words = part.split()
        for cut in range(len(words) - 1, 0, -1):
            yield " ".join(words[:cut])
        for start in range(1, len(words)):
            yield " ".join(words[start:])


@lru_cache(maxsize=4096)
def _cities(city: str, code: str) -> tuple[Place, ...]:
    """Places of the country that the column names, by its first reading that names any, the most populous first."""
    for reading in _readings(city):
        if len(reading) > 1:
            found = tuple(place for place in places_named(reading) if place.country == code)
            if found:
                return found
    return ()


def _city_of(facility: str, code: str) -> str | None:
    from cartella.places.facilities import city_of_facility  # here, because facilities look their cities up in places

    return city_of_facility(facility, code)
