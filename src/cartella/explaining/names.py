"""The names of what expressions speak of: quantities, codes, concepts, traits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cartella.explaining.tables import Lang, Register, message, own_name
from cartella.knowledge import knowledge

# Names of persons and places that begin a name and keep their capital in the middle of a sentence.
_PROPER_WORDS = """Behcet Bloom Burkitt Chagas Clostridioides Coombs Crohn Cushing Down Epstein Ewing Fanconi Gilbert
    Graves Guillain Hashimoto Hodgkin Kaposi Kostmann Langerhans Merkel Parkinson Philadelphia Pneumocystis Richter
    Sezary Sjogren Sjögren Karnofsky Lansky Von Waldenstrom Waldenström West Wilms Wilson Zika Li Diamond
    Shwachman Child"""
_PROPER = frozenset(_PROPER_WORDS.split())
_ANTIGEN = re.compile(r"(antigen:[^.]+)\.(percent\.ihc|percent\.flow|percent|intensity|h_score)$")
_MOST_SHOWN = 6
"""How many kinds a patient is shown of a long list of diagnoses."""


def lowered(text: str) -> str:
    """A name as it stands inside a sentence: the first letter small, unless it is a proper name or an abbreviation."""
    first = re.split(r"[\s/,-]", text, maxsplit=1)[0]
    if not first or first in _PROPER or any(c.isupper() or c.isdigit() for c in first[1:]) or first[1:] == "":
        return text
    if re.match(r"[A-Z][a-z]?-?\d", text):
        return text
    return text[0].lower() + text[1:]


def name(identifier: str, lang: Lang, register: Register) -> str:
    """The name of a quantity, variable, concept, state or site, small inside a sentence; an unknown id says itself."""
    own = own_name(identifier, lang, register)
    if own is not None:
        return own if register == "patient" else lowered(own)
    if match := _ANTIGEN.match(identifier):
        return message(f"antigen.{match[2]}", lang, register, x=name(match[1], lang, register))
    kind, _, rest = identifier.partition(":")
    if kind == "hla" and rest:
        return message("hla", lang, register, x=rest)
    if kind == "allergy":
        return message("allergy_to", lang, register, x=name(rest, lang, register))
    if kind == "variant":
        return message("variant", lang, register, x=rest)
    house = knowledge()
    for made in ("directed_at", "car_t"):
        if rest.startswith(f"{made}:"):
            antigen = f"antigen:{rest.removeprefix(f'{made}:')}"
            return message(made, lang, register, x=name(antigen, lang, register))
    if identifier in house.concepts:
        label = house.label(identifier, lang)
        if kind == "gene":
            return message("gene", lang, register, x=label)
        return lowered(label)
    if kind == "gene":
        return message("gene", lang, register, x=rest)
    for suffix in (".uln", ".lln", ".detected"):
        if identifier.endswith(suffix):
            return name(identifier.removesuffix(suffix), lang, register)
    return (rest or kind).replace("_", " ")


def called(identifier: str, lang: Lang, register: Register) -> str:
    """The name of whatever a remark on a record speaks of: also a trait (``trait:active``) or an answer."""
    if identifier.startswith("trait:"):
        return trait(identifier.removeprefix("trait:"), lang, register)
    return name(identifier, lang, register)


def trait(identifier: str, lang: Lang, register: Register) -> str:
    """A trait in words, "!" for its opposite."""
    own = own_name(f"trait:{identifier}", lang, register)
    if own is not None:
        return own
    plain = identifier.removeprefix("!").replace("_", " ")
    return message("negated", lang, register, x=plain) if identifier.startswith("!") else plain


def values(variable: str, codes: Iterable[str], lang: Lang, register: Register) -> str:
    """The codes of a variable in words, joined by "or"; kinds of a named diagnosis are not named beside it."""
    found = sorted(_widest(frozenset(codes)) if variable == "diagnosis" else codes)
    names = list(dict.fromkeys(own_name(f"value:{c}", lang, register) or _code(c, lang, register) for c in found))
    if variable == "diagnosis":
        names.sort()
    if register == "patient" and len(names) > _MOST_SHOWN + 1:
        rest = message("more", lang, register, n=len(names) - _MOST_SHOWN)
        return f"{', '.join(names[:_MOST_SHOWN])} {rest}"
    return listed(names, "or", lang, register)


def _code(code: str, lang: Lang, register: Register) -> str:
    return name(code, lang, register) if ":" in code else code


def _widest(codes: frozenset[str]) -> frozenset[str]:
    house = knowledge()
    return frozenset(
        c for c in codes if c not in house.concepts or not any(a in codes for a in house.ancestors(c) if a != c)
    )


def listed(items: list[str], joint: str, lang: Lang, register: Register) -> str:
    """ "A, B or C"; `joint` is "or" or "and"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjoining(joint, items[-1], lang, register)} {items[-1]}"


def conjoining(joint: str, following: str, lang: Lang, register: Register) -> str:
    """The word "and" or "or"; in Italian "e" becomes "ed" before another "e"."""
    if joint == "and" and following[:1].lower() == "e":
        joint = "ed"
    return message(f"list.{joint}", lang, register)
