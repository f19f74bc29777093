"""Places and institutions, offline: where a town is, where a site is, how far apart they are, which hospital is which."""

from cartella.places.countries import Country, countries, country_code
from cartella.places.facilities import Facility, clean_name, facility, is_masked
from cartella.places.gazetteer import Place, places_named
from cartella.places.points import Point, distance_km
from cartella.places.search import PlaceSearch, find_place
from cartella.places.sites import AGREES_WITHIN_KM, SiteLocation, locate_site

__all__ = [
    "AGREES_WITHIN_KM",
    "Country",
    "Facility",
    "Place",
    "PlaceSearch",
    "Point",
    "SiteLocation",
    "clean_name",
    "countries",
    "country_code",
    "distance_km",
    "facility",
    "find_place",
    "is_masked",
    "locate_site",
    "places_named",
]
