"""Names of hospitals: the same institution under ten spellings is one; a masked name is no institution.

Spellings come from our own table (data/facilities.csv, data/spellings.csv); a name that is not in it is kept as it is and
keyed by country, city and its normalised form, so that spellings which differ only in case, accents, punctuation or in a
registry's decoration ("/ID# 123", "- Accepting Adult Patients", "Site 0012") are one.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from cartella.places.countries import DATA, country_code
from cartella.places.folding import fold
from cartella.places.gazetteer import Language, Place, places_named

_NUMBER = r"(?:#|no\.?|number|id|n°)?[\s:.#-]*[a-z]{0,3}[\s-]?\d[\w./-]*"
_DECORATION = re.compile(
    r"\s*(?:/\s*id\s*#?\s*[\w-]+"
    r"|-\s*accepting\b.*$"
    r"|\((?:all|consent|data|limited)\b[^)]*(?:protocol|follow|collection|activit)[^)]*\)"
    r"|[(\[]?\b(?:investigational|study|research|clinical)?\s*site\s*(?:id\s*|number\s*|no\.?\s*)?[:#-]?\s*[a-z]{0,3}\d[\w/-]*[)\]]?"
    r"|[(\[]\s*#?\s*\d+\s*[)\]])",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"(?:(?:[\w&.'-]+\s+){0,3}(?:investigational|investigative|investigator|research|clinical|study|trial|local|recruiting|"
    r"clinical\s+trial|clinical\s+research|clinical\s+study)\s+"
    r"(?:trial\s+|study\s+|research\s+)?(?:site|facility|institution|cent(?:er|re)|location)s?"
    r"|site|(?:facility|centre|center|institution)|study\s+site|for\s+more\s+information.*)"
    rf"(?:\s*[-–:,(#/]*\s*{_NUMBER}\s*\)?)?",
    re.IGNORECASE,
)
_CALLED_SITE = re.compile(
    r"(?:[\w&.'-]+\s+){0,3}(?:investigat\w+|research|study|clinical|recruiting|trial)\s+(?:trial\s+|study\s+)?sites?\b.*|"
    r"site\s*[-–:#(]*\s*[a-z]{0,3}\d[\w-]*.*|local\s+institution\b.*|site\s+reference\b.*|facility\s+\d+\w*",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"hospital|hopital|ospedale|klinik|clinic\b|clinique|clinica|universi|institut|college|foundation|fondazione|policlinico",
    re.IGNORECASE,
)
_SAME_WORD = {"centre": "center", "centers": "center", "hosp": "hospital", "univ": "university", "uni": "university"}
_IDLE = {"the", "of", "and", "de", "di", "du", "des", "del", "della", "dei", "la", "le", "el", "for", "at", "in"}


@dataclass(frozen=True, slots=True)
class Facility:
    """An institution as a site names it.

    `key` is the same for all spellings of one institution, and None for a masked name, which must never be merged or
    counted as a centre. `name` is the name to show (a masked one is shown through `worded`). `listed` is True when our
    table knows it.
    """

    key: str | None
    name: str
    masked: bool
    city: str
    listed: bool = False

    def worded(self, language: Language) -> str:
        """The name to show; for a masked one "a site in Milan, name not given", "un centro a Milano, nome non indicato"."""
        if not self.masked:
            return self.name
        if not self.city:
            return "un centro, nome non indicato" if language == "it" else "a site, name not given"
        if language == "it":
            return f"un centro {_in_italian(self.city)}, nome non indicato"
        return f"a site in {self.city}, name not given"


def _in_italian(city: str) -> str:
    if city.startswith("L'"):
        return f"all'{city[2:]}"
    return f"ad {city}" if city[0] in "Aa" else f"a {city}"


def clean_name(name: str) -> str:
    """A facility's name without what registries hang on it: site numbers, remarks on recruitment."""
    return " ".join(_DECORATION.sub(" ", name).split()).strip(" ,;-–/")


def normal_name(name: str) -> str:
    """The form in which two spellings of one name are equal: no decoration, accents, punctuation, case, or idle words."""
    words = [_SAME_WORD.get(word, word) for word in fold(clean_name(name)).split()]
    return " ".join(word for word in words if word not in _IDLE)


def is_masked(name: str) -> bool:
    """Whether a sponsor hid the institution: "Research Site", "Local Institution - 0012", "Novartis Investigative Site"."""
    stripped = name.strip()
    if _INSTITUTION.search(stripped):
        return bool(_MASKED.fullmatch(stripped)) and "institution" in stripped.casefold()
    return not stripped or bool(_MASKED.fullmatch(stripped) or _CALLED_SITE.fullmatch(stripped))


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    name: str
    city: str
    country: str


@cache
def _entries() -> dict[str, _Entry]:
    with (DATA / "facilities.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["key"]: _Entry(row["key"], row["name"], row["city"], row["country"]) for row in csv.DictReader(lines)
        }


@cache
def _spellings() -> dict[tuple[str, str], tuple[_Entry, ...]]:
    found: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    with (DATA / "spellings.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            entry = _entries()[row["key"]]
            found[row["spelling"], entry.country].append(entry)
    return {spelling: tuple(entries) for spelling, entries in found.items()}


def _town(city: str, code: str | None) -> Place | None:
    """The town that a city column names, without its hints: enough to compare two columns."""
    from cartella.places.sites import locate_site  # here, because sites look the city of a facility up in this module

    return locate_site(None, city, None, code).place if code and city else None


def _same_town(entry: _Entry, city: str, code: str) -> bool:
    if fold(entry.city) == fold(city):
        return True
    town = _town(city, code)
    return town is not None and town in places_named(entry.city)


def facility(name: str | None, city: str | None = None, country: str | None = None) -> Facility:
    """The institution that a site's columns name. Missing columns are allowed: no name counts as masked.

    A spelling of our table is recognised in its own city; without a city, or in another, only when it names one
    institution of the country and is not a general name ("University Hospital").
    """
    code = country_code(country)
    written = (name or "").strip()
    town = _town(city or "", code)
    shown_city = town.name.split("/")[0] if town is not None else (city or "").strip()
    if is_masked(written):
        return Facility(None, written, True, shown_city)
    normal = normal_name(written)
    known = _spellings().get((normal, code), ()) if code else ()
    here = tuple(entry for entry in known if city and code and _same_town(entry, city, code))
    if len(here) == 1 or (not city and len(known) == 1):
        entry = (here or known)[0]
        return Facility(entry.key, entry.name, False, shown_city or entry.city, listed=True)
    place = town.id if town is not None else fold(city or "")
    key = "/".join((code or "", place, normal or fold(written)))
    return Facility(key, clean_name(written) or written, False, shown_city)


def city_of_facility(name: str, code: str) -> str | None:
    """The city of an institution of our table, or None when the name is not in it or names several."""
    known = _spellings().get((normal_name(name), code), ())
    return known[0].city if len(known) == 1 else None
