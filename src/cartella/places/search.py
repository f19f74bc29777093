"""Finding a place by what a person typed: "Milano, IT", "Springfield, Illinois", "roma rm", "20133 Milano"."""

import re
from dataclasses import dataclass

from cartella.places.countries import country_code
from cartella.places.gazetteer import Language, Place, lies_in, places_like, places_named

_PARTS = re.compile(r"[,;()/\n|]+")
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}-)?\d[\d-]*\b")
_MUCH_LARGER = 10  # a namesake ten times as populous as the next is taken for the one meant; the others are still told
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PlaceSearch:
    """What was found for a text.

    `place` is the one meant, or None when nothing was found, when several places may be meant, or when the text names a
    region or country in which no such place lies. `candidates` are all that bear the name, the most populous first.
    `not_matched` are the parts of the text (region, province, country) that fitted none of them. `suggestions` are
    places with a similar name, only when nothing was found.
    """

    text: str
    place: Place | None
    candidates: tuple[Place, ...] = ()
    not_matched: tuple[str, ...] = ()
    suggestions: tuple[Place, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return self.place is None and len(self.candidates) > 0

    def says(self, language: Language) -> str:
        """One sentence for the person who asked."""
        if self.place is not None:
            others = [place.described(language) for place in self.candidates if place != self.place][:3]
            named = self.place.described(language)
            if not others:
                return named
            more = "; ".join(others)
            return f"{named} (esiste anche: {more})" if language == "it" else f"{named} (there is also: {more})"
        shown = self.candidates or self.suggestions
        listed = "; ".join(place.described(language) for place in shown[:5])
        if self.not_matched and self.candidates:
            wanted = ", ".join(self.not_matched)
            if language == "it":
                return f"«{self.text}»: nessun luogo con questo nome in {wanted}. Con lo stesso nome: {listed}"
            return f'"{self.text}": no place of this name in {wanted}. Of the same name: {listed}'
        if self.candidates:
            if language == "it":
                return f"«{self.text}» può essere: {listed}. Aggiungere la provincia, la regione o il Paese"
            return f'"{self.text}" may be: {listed}. Add the province, the region or the country'
        if language == "it":
            return f"«{self.text}» non trovato. " + (f"Forse: {listed}" if listed else "Provare una città vicina")
        return f'"{self.text}" was not found. ' + (f"Perhaps: {listed}" if listed else "Try a larger town nearby")


def find_place(text: str, country: str | None = None) -> PlaceSearch:
    """Look a place up by name, in any of its usual languages, with or without region, province, country or postcode.

    `country` (name or code) limits the answer to that country. Raises ValueError when `country` is not known.
    """
    code = country_code(country)
    if country and code is None:
        raise ValueError(f"country {country!r} is not known: write its name in English or Italian, or its ISO code")
    name, hints, found = _named_in(text, code)
    if not found:
        return PlaceSearch(text, None, suggestions=places_like(name, code))
    fitting = tuple(place for place in found if all(lies_in(place, hint) for hint in hints))
    if not fitting:
        missed = tuple(hint for hint in hints if not any(lies_in(place, hint) for place in found))
        return PlaceSearch(text, None, found[:_SHOWN], missed or hints)
    return PlaceSearch(text, _meant(fitting), fitting[:_SHOWN])


def _meant(candidates: tuple[Place, ...]) -> Place | None:
    first = candidates[0]
    if len(candidates) == 1 or first.population >= _MUCH_LARGER * max(1, candidates[1].population):
        return first
    return None


def _named_in(text: str, code: str | None) -> tuple[str, tuple[str, ...], tuple[Place, ...]]:
    """The name in a text, the hints beside it, and the places that bear the name in the country."""
    parts = [part.strip() for part in _PARTS.split(_POSTCODE.sub(" ", text)) if part.strip()]
    if not parts:
        return "", (), ()
    readings = [(parts[0], tuple(parts[1:]))]
    words = parts[0].split()
    for cut in range(len(words) - 1, max(0, len(words) - 4), -1):
        readings.append((" ".join(words[:cut]), (" ".join(words[cut:]), *parts[1:])))
    for name, hints in readings:
        found = tuple(place for place in places_named(name) if code is None or place.country == code)
        # A tail of words is a hint only if it fits: "San Giovanni Rotondo FG" yes, "Bad Homburg" no.
        if found and (name == parts[0] or any(all(lies_in(place, hint) for hint in hints) for place in found)):
            return name, hints, found
    return parts[0], tuple(parts[1:]), ()
