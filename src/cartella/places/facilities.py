"""Names of hospitals: the same institution under ten spellings is one; a masked name is no institution.

A name that is not in our table is kept as it is and keyed by country, city and its normal form, so that spellings which
differ only in case, accents, punctuation or a registry's decoration ("/ID# 123", "- Accepting Adult Patients",
"Site 0012") are one.
"""

from dataclasses import dataclass
from functools import lru_cache

from cartella.places.countries import country_code
from cartella.places.facility_names import clean_name, is_masked, names_an_institution, normal_name
from cartella.places.facility_table import Institution, institutions_named
from cartella.places.folding import fold
from cartella.places.gazetteer import Language, Place, places_named
from cartella.places.points import distance_km
from cartella.places.sites import AGREES_WITHIN_KM, locate_site


@dataclass(frozen=True, slots=True)
class Facility:
    """An institution as a site names it.

    `key` is the same for all spellings of one institution, and None for a masked name, which must never be merged or
    counted as a centre; the name of a person, an address or a company counts as masked and is not kept. `name` is as
    the table has it, or as the registry has it without decoration. `listed` is True when our table knows it. `city_en`
    and `city_it` are the town's names ("" when no city is given).
    """

    key: str | None
    name: str
    masked: bool
    city_en: str
    city_it: str
    listed: bool = False

    def worded(self, language: Language) -> str:
        """The name to show; if masked, "a site in Milan, name not given", "un centro a Milano, nome non indicato"."""
        if not self.masked:
            return self.name
        if language == "it":
            where = f" {_in_italian(self.city_it)}" if self.city_it else ""
            return f"un centro{where}, nome non indicato"
        where = f" in {self.city_en}" if self.city_en else ""
        return f"a site{where}, name not given"


def _in_italian(city: str) -> str:
    if city.startswith("L'"):
        return f"all'{city[2:]}"
    return f"ad {city}" if city[0] in "Aa" else f"a {city}"


@lru_cache(maxsize=8192)
def facility(name: str | None, city: str | None = None, country: str | None = None) -> Facility:
    """The institution that a site's columns name. Missing columns are allowed; no name counts as masked.

    A spelling of our table counts only in the institution's own city or within 30 km of it, since general names
    ("University Hospital") stand in many cities; without a city, only when it names one institution of the country.
    """
    code = country_code(country)
    town = locate_site(None, city, None, country).place
    written = (name or "").strip()
    english = town.named("en").split("/")[0] if town else (city or "").strip()
    italian = town.named("it").split("/")[0] if town else (city or "").strip()
    if is_masked(written):
        return Facility(None, written, True, english, italian)
    known = institutions_named(written, code) if code else ()
    if city:
        known = tuple(institution for institution in known if _in_town(institution, city, town))
    if len(known) == 1:
        return Facility(known[0].key, known[0].name, False, english, italian, listed=True)
    if not names_an_institution(written):
        return Facility(None, "", True, english, italian)
    where = town.id if town else fold(city or "")
    key = "/".join((code or "", where, normal_name(written) or fold(written)))
    return Facility(key, clean_name(written) or written, False, english, italian)


def _in_town(institution: Institution, city: str, town: Place | None) -> bool:
    if fold(institution.city) == fold(city):
        return True
    return town is not None and any(
        other.country == town.country and distance_km(other.point, town.point) <= AGREES_WITHIN_KM
        for other in places_named(institution.city)
    )
