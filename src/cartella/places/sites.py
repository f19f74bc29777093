"""Where a trial's site is. City and country decide; the point that a registry gives is only a witness.

Registries fill in points by machine, and a third of the Italian ones lie far from the city they name. So the point
comes from the gazetteer; the registry's own is compared with it, picks between namesakes, and stands in, marked as
such, only where the gazetteer does not know the city and the point at least lies in the stated country.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cartella.places.countries import countries, country_code
from cartella.places.facility_table import institutions_named
from cartella.places.folding import fold, name_key
from cartella.places.gazetteer import Place, is_region, lies_in, places_like, places_named
from cartella.places.points import Point, distance_km

AGREES_WITHIN_KM = 30

Basis = Literal["city", "region", "registry", "none"]
Agreement = Literal["agrees", "disagrees", "no point", "not compared"]

_PARTS = re.compile(r"\s*[,;()/\[\]|，、（）]+\s*|\s+[-–]\s+|\s*\n\s*")
_NUMBERS = re.compile(r"\b[\w-]*\d[\w-]*\b")
_AROUND = re.compile(
    r"\b(?:city|shi|sheng|province|prov|provincia|pref|prefecture|municipality|district|qu|county|cedex|cdx|"
    r"metropolitan|autonomous|si|gwangyeoksi|teukbyeolsi|distrito|capital|federal)\b"
)
# A region that is one city: a site in a district that the gazetteer does not know is still in that city.
_CITY_REGIONS = {
    "AR": {"buenosairesfd", "ciudadautonomadebuenosaires", "capitalfederal", "caba"},
    "AT": {"wien", "vienna"},
    "CN": {"beijing", "shanghai", "tianjin"},
    "DE": {"berlin", "hamburg"},
    "JP": {"tokyo"},
    "KR": {"seoul", "busan", "incheon", "daegu", "daejeon", "gwangju"},
    "MY": {"kualalumpur"},
    "RU": {"moscow", "stpetersburg"},
    "TH": {"bangkok", "krungthepmahanakhon"},
    "TR": {"istanbul"},
}
_BIG_CITY = 1_000_000


@dataclass(frozen=True, slots=True)
class SiteLocation:
    """Where a site is, and how that is known.

    `basis`: "city" (the gazetteer's point of city and country), "region" (the city column names a district of a city
    that is its own region: Koto-ku, Tokyo), "registry" (the registry's own point, unconfirmed), "none".
    `agreement` tells whether the registry's point lies within 30 km of the gazetteer's. `ambiguous` is True when
    several cities of the country bear the name and nothing tells them apart (the most populous was taken), or when the
    city was recognised only by a similar spelling.
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

    Without a known country nothing is located: the same city name exists in many countries. A stated region in which
    no such city is known outweighs namesakes elsewhere: Danville, Pennsylvania is never put in California. The facility
    counts only when there is no city: an institution of our own table brings its city.
    """
    code = country_code(country)
    witness = _point(latitude, longitude)
    if code is None:
        return _unknown(witness)
    if not (city and city.strip()) and facility:
        known = institutions_named(facility, code)
        city = known[0].city if len(known) == 1 else None
    return _by_name(city or "", state or "", code, witness) or _by_witness(city or "", code, witness)


def _by_name(city: str, state: str, code: str, witness: Point | None) -> SiteLocation | None:
    hints = _hints(city, state, code)
    candidates = _cities(city, code) or _shortened(city, hints, code, witness)
    in_region = tuple(place for place in candidates if any(lies_in(place, hint) for hint in hints))
    near = tuple(place for place in candidates if _agreement(place.point, witness) == "agrees")
    chosen = tuple(place for place in in_region if place in near) or in_region or near
    if chosen:
        return _known(chosen[0], "city", witness, ambiguous=not _one_town(chosen))
    elsewhere = any(is_region(hint, code) for hint in hints)
    if candidates and not elsewhere:
        return _known(candidates[0], "city", witness, ambiguous=not _one_town(candidates))
    for hint in hints:
        if name_key(hint) in _CITY_REGIONS.get(code, ()):
            region = [place for place in places_named(hint) if place.country == code]
            if region:
                return _known(region[0], "region", witness, ambiguous=False)
    similar = _similar(city, hints, code, witness)
    return _known(similar, "city", witness, ambiguous=True) if similar else None


def _by_witness(city: str, code: str, witness: Point | None) -> SiteLocation:
    """The registry's point, if it can be true. For a column that names a whole region it is a machine's guess."""
    if witness is not None and countries()[code].holds(witness) and not is_region(city, code):
        return SiteLocation(witness, "registry", "not compared")
    return _unknown(witness)


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


def _unknown(witness: Point | None) -> SiteLocation:
    return SiteLocation(None, "none", "no point" if witness is None else "not compared")


def _known(place: Place, basis: Basis, witness: Point | None, *, ambiguous: bool) -> SiteLocation:
    return SiteLocation(place.point, basis, _agreement(place.point, witness), place, ambiguous)


def _one_town(places: tuple[Place, ...]) -> bool:
    """Whether one place is meant: the others lie within 30 km of the first, or are far smaller than it."""
    first = places[0]
    return all(
        distance_km(first.point, other.point) <= AGREES_WITHIN_KM or first.population >= 10 * max(1, other.population)
        for other in places[1:]
    )


def _split(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in _PARTS.split(_NUMBERS.sub(" ", text))) if part]


def _bare(text: str) -> str:
    """The text without the words that say what kind of place it is: "Wuhan City" is "wuhan"."""
    return " ".join(_AROUND.sub(" ", fold(text)).split())


def _hints(city: str, state: str, code: str) -> tuple[str, ...]:
    """Texts that may name a region or province: the state, and what stands beside the city's name."""
    texts = [*_split(state), *_split(city)[1:]]
    texts += [_bare(text) for text in texts]
    return tuple(
        dict.fromkeys(text for text in texts if text and (is_region(text, code) or country_code(text) != code))
    )


@lru_cache(maxsize=8192)
def _cities(city: str, code: str) -> tuple[Place, ...]:
    """Places of the country that the column names, the most populous first.

    Read as written, then its parts, then its parts without "city", "district" and the like. Where the column is the
    name of a region, only a city of that very name or of a million there counts: Kyoto and Praha do, Okazaki (one of
    whose names is Aichi) does not.
    """
    parts = _split(city)
    for reading in (city, *parts, *(_bare(part) for part in parts), re.sub(r"[-\s]ku$", "", _bare(city))):
        if len(reading) < 2:
            continue
        found = tuple(place for place in places_named(reading) if place.country == code)
        if is_region(reading, code):
            found = tuple(
                place
                for place in found
                if _is_named(place, name_key(reading)) or (lies_in(place, reading) and place.population >= _BIG_CITY)
            )
        if found:
            return found
    return ()


def _is_named(place: Place, key: str) -> bool:
    return any(key in name_key(name) for name in (place.name, place.name_en, place.name_it))


def _shortened(city: str, hints: tuple[str, ...], code: str, witness: Point | None) -> tuple[Place, ...]:
    """Places named by a part of the words, each borne out by something else.

    The words left out name its region ("Roma RM"), the registry's point lies there, or they follow a city of a million
    ("Beijing Haidian"). Otherwise Fort Sam Houston would be Houston.
    """
    for start, end, words in _windows(city):
        found = tuple(place for place in places_named(" ".join(words[start:end])) if place.country == code)
        rest = " ".join(words[:start] + words[end:])
        borne = tuple(
            place
            for place in found
            if lies_in(place, rest)
            or _agreement(place.point, witness) == "agrees"
            or (start == 0 and witness is None and place.population >= _BIG_CITY)
        )
        if borne:
            return borne
    return ()


def _windows(city: str) -> Iterator[tuple[int, int, list[str]]]:
    """Leading words of the column's first part from the longest, then its trailing words."""
    words = _bare(_split(city)[0]).split() if _split(city) else []
    yield from ((0, end, words) for end in range(len(words) - 1, 0, -1))
    yield from ((start, len(words), words) for start in range(1, len(words)))


@lru_cache(maxsize=2048)
def _similar(city: str, hints: tuple[str, ...], code: str, witness: Point | None) -> Place | None:
    """The only place of a similar name that the stated region holds or the registry's point bears out."""
    if len(name_key(city)) < 5 or is_region(city, code) or not (hints or witness):
        return None
    borne = [
        place
        for place in places_like(city, code, limit=50)
        if _agreement(place.point, witness) == "agrees" or (witness is None and any(lies_in(place, h) for h in hints))
    ]
    return borne[0] if len(borne) == 1 else None
