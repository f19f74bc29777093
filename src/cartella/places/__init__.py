"""Places and institutions, offline: where a town or site is, how far apart two are, which hospital is which."""

from cartella.places.countries import Country, countries, country_code
from cartella.places.facilities import Facility, facility
from cartella.places.facility_names import clean_name, is_masked, names_an_institution
from cartella.places.facility_table import Institution, institutions
from cartella.places.gazetteer import Place, places_named
from cartella.places.points import Point, distance_km
from cartella.places.search import PlaceSearch, find_place
from cartella.places.sheets import Sheet, SheetName, sheet
from cartella.places.sites import AGREES_WITHIN_KM, SiteLocation, locate_site

__all__ = [
    "AGREES_WITHIN_KM",
    "Country",
    "Facility",
    "Institution",
    "Place",
    "PlaceSearch",
    "Point",
    "Sheet",
    "SheetName",
    "SiteLocation",
    "clean_name",
    "countries",
    "country_code",
    "distance_km",
    "facility",
    "find_place",
    "institutions",
    "is_masked",
    "locate_site",
    "names_an_institution",
    "places_named",
    "sheet",
]
