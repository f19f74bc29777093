"""What can be said of a facility's name alone: its bare form, its normal form, and whether a sponsor masked it."""

import re

from cartella.places.folding import fold

_DECORATION = re.compile(
    r"\s*(?:/\s*id\s*#?\s*[\w-]+"
    r"|-\s*accepting\b.*$"
    r"|\((?:all|consent|data|limited)\b[^)]*(?:protocol|follow|collection|activit)[^)]*\)"
    r"|[(\[]?\s*\b(?:investigational |study |research |clinical )?site\s*(?:id\s*|number\s*|no\.?\s*)?"
    r"[:#-]?\s*[a-z]{0,3}\d[\w/-]*\s*[)\]]?"
    r"|[(\[]\s*#?\s*\d+\s*[)\]])",
    re.IGNORECASE,
)
_WHO = r"(?:[\w&.'-]+\s+){0,4}"
_TAIL = r"(?:\s*[-–:,#(]*\s*(?:site|id|no\.?|number)?[\s:#.-]*[a-z]{0,4}[\s-]?\d[\w./-]*\s*\)?)?"
_MASKED = re.compile(
    rf"{_WHO}(?:investigat(?:ional|ive|or|ion)|research|(?:clinical\s+)?(?:study|trial)|clinical|recruiting)\s+"
    rf"(?:research\s+|trial\s+|study\s+)?sites?{_TAIL}"
    rf"|local\s+institution{_TAIL}"
    rf"|(?:research|study|trial|clinical\s+trial|investigational)\s+(?:facility|location|institution|cent(?:er|re)){_TAIL}"
    r"|(?:site|facility|cent(?:er|re)|institution|hospital)(?:\s*(?:id|no\.?|number|reference))*[\s:#.(-]*[a-z]{0,3}\d[\w-]*\)?"
    r"|(?:site|facility|cent(?:er|re)|institution)|[a-z]{0,3}\d+"
    r"|for\s+(?:more|additional|further)\s+information\b.*",
    re.IGNORECASE,
)
# What the name of a place of care is made of, in the languages of the registries. A name without any of this is mostly
# that of a person, an address or a company.
_PLACE_OF_CARE = re.compile(
    r"hosp|ospedal|spital|sygehus|sjukhus|sykehus|krankenhaus|szpital|nemocnic|korhaz|hastane|gasthuis|ziekenhuis|sanator"
    r"|h[oô]pital|clini[ckq]|klini[ck]|cl[ií]nic|cent(?:er|re|ro|rum)|zentrum|\bctr\b|universi|uniwersy|egyetem|[uú]stav"
    r"|institu|\binst\b|intezet|colleg|school|facult|medicine|medical|m[eé]dico|health|salud|salute|\bsant[eé]\b|saude"
    r"|oncolo|onkolo|cancer|tumou?r|ha?ematol|rheuma|revmato|neurolog|urolog|leuc?em|transplant|blood|marrow|bone\b"
    r"|department|division|program|research|foundation|fondation|fondazione|fundac|funda[cç]|charit|infirmary|benefic"
    r"|\b(?:irccs|asst|ausl|azienda|inserm|nhs|chr?[uv]?|aphp|ap-hp|u[zm]c?|az|fn|uhkt|spsk|umcg?|upmc|uc(?:sd|la|sf)?"
    r"|univ|hup?|children|permanente|academy|military|pla|ccit)\b|city of hope|saint jude|nebraska|bronson|aurora"
    r"|banner|papanikolaou|\bnetwork\b|医院",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\b(?:bio-?tech\w*|\w*therapeuti\w*|pharma\w*|biomedicine|biotech\w*)\b", re.IGNORECASE)
_PERSON = re.compile(r"@|\d{8}|^(?:office of|prof(?:essor)?\b)|\b(?:m\.?d\.?|ph\.?d\.?)$", re.IGNORECASE)
_SAME_WORD = {"centre": "center", "centers": "center", "hosp": "hospital", "univ": "university", "uni": "university"}
_IDLE = {"the", "of", "and", "de", "di", "du", "des", "del", "della", "dei", "la", "le", "el", "for", "at", "in"}


def clean_name(name: str) -> str:
    """A facility's name without what registries hang on it: site numbers, remarks on recruitment."""
    return " ".join(_DECORATION.sub(" ", name).split()).strip(" ,;-–/")


def normal_name(name: str) -> str:
    """The form in which two spellings of one name are equal: no decoration, accents, punctuation, case, idle words."""
    words = [_SAME_WORD.get(word, word) for word in fold(clean_name(name)).split()]
    return " ".join(word for word in words if word not in _IDLE)


def is_masked(name: str) -> bool:
    """Whether a sponsor hid the institution: "Research Site", "Local Institution - 0012", "Acme Investigative Site"."""
    stripped = name.strip(" .")
    return not stripped or _MASKED.fullmatch(stripped) is not None


def names_an_institution(name: str) -> bool:
    """Whether a name is that of a place of care; registries also write persons, addresses and companies there."""
    bare = clean_name(name) or name.strip()
    if _PERSON.search(bare):
        return False
    return _PLACE_OF_CARE.search(_COMPANY.sub(" ", bare)) is not None
