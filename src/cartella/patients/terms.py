"""Names found in a record's text: from the vocabulary, and the states and sites of the cancer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cartella.knowledge import OTHER, knowledge
from cartella.patients.states import compiled

_CARCINOMA = re.compile(r"\b(?P<organ>[a-z]+)\s+(?:adeno)?(?:carcinoma|malignancy)\b", re.IGNORECASE)
_ANY = "disease:CANCER"
_LIKE = re.compile(r"-?\s?(?:like|mimic\w*|simil\w*)\b", re.IGNORECASE)
"""``stroke-like episode``: something else than a stroke."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name in a text; `concepts` are its meanings of the kinds asked for, more than one where it is ambiguous."""

    start: int
    end: int
    concepts: tuple[str, ...]
    words: str

    @property
    def concept(self) -> str:
        """The meaning, the first of several."""
        return self.concepts[0]

    @property
    def kind(self) -> str:
        """The kind of the first meaning: disease, cond, drug, class, regimen, antigen, gene, lab, state, site."""
        return self.concept.split(":", 1)[0]


def find_terms(text: str, kinds: frozenset[str]) -> list[Term]:
    """The names of `kinds` in a text, in order, without overlap; a longer name wins over a shorter."""
    found: list[Term] = []
    for mention in knowledge().lexicon.find(text):
        meanings = tuple(concept for concept in mention.concepts if concept != OTHER and _kind(concept) in kinds)
        if meanings and not (meanings[0].startswith("cond:") and _LIKE.match(text, mention.end)):
            found.append(Term(mention.start, mention.end, meanings, mention.surface))
    if "disease" in kinds:
        found += _carcinomas(text, found)
    if kinds & {"state", "site", "class"}:
        taken = [(term.start, term.end) for term in found]
        for identifier, pattern in compiled():
            if _kind(identifier) not in kinds:
                continue
            for match in pattern.finditer(text):
                if not match.group():
                    continue
                beside = [(start, end) for start, end in taken if match.start() < end and start < match.end()]
                if all(match.start() <= start and end < match.end() for start, end in beside) or all(
                    match.start() < start and end <= match.end() for start, end in beside
                ):
                    found = [term for term in found if (term.start, term.end) not in beside]
                    found.append(Term(match.start(), match.end(), (identifier,), match.group()))
    if "cond" in kinds:
        found = _effusions(text, found)
    found.sort(key=lambda term: (term.start, term.start - term.end))
    return _joined(text, found)


_FLUID = r"(?:pleural|pericardial|peritoneal|abdominal)"
_EFFUSIONS = re.compile(
    rf"\b{_FLUID}(?:\s*(?:,|/|\band\b|\bor\b)+\s*(?:or\s+|and\s+)?{_FLUID})+\s+(?:effusions?|fluid)\b", re.IGNORECASE
)
_CAVITIES = {
    "pleural": "cond:pleural_effusion",
    "pericardial": "cond:pericardial_effusion",
    "peritoneal": "cond:ascites",
    "abdominal": "cond:ascites",
}


def _effusions(text: str, found: list[Term]) -> list[Term]:
    """ "Pleural or pericardial effusion": one noun for several cavities."""
    for match in _EFFUSIONS.finditer(text):
        found = [t for t in found if t.end <= match.start() or match.end() <= t.start]
        places = list(re.finditer(_FLUID, match.group(), re.IGNORECASE))
        for place in places:
            start = match.start() + place.start()
            end = match.end() if place is places[-1] else match.start() + place.end()
            found.append(Term(start, end, (_CAVITIES[place.group().lower()],), text[start:end]))
    return found


def _carcinomas(text: str, found: list[Term]) -> list[Term]:
    """ "Prostate carcinoma" where the vocabulary holds "prostate cancer" only."""
    more: list[Term] = []
    for match in _CARCINOMA.finditer(text):
        if any(term.start < match.end() and match.start() < term.end and term.concept != _ANY for term in found):
            continue
        usual = f"{match['organ']} cancer"
        for mention in knowledge().lexicon.find(usual):
            meanings = tuple(c for c in mention.concepts if _kind(c) == "disease")
            if meanings and mention.start == 0 and mention.end == len(usual):
                more.append(Term(match.start(), match.end(), meanings, match.group()))
                found[:] = [t for t in found if not (t.start < match.end() and match.start() < t.end)]
    return more


def _joined(text: str, terms: list[Term]) -> list[Term]:
    """ "SARS-CoV-2 infection" is one name: a wider illness that follows its own kind at once is part of its name."""
    kept: list[Term] = []
    house = knowledge()
    for term in terms:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.kind == term.kind == "cond"
            and term.concept != last.concept
            and term.concept in house.ancestors(last.concept)
            and not text[last.end : term.start].strip()
        ):
            kept[-1] = Term(last.start, term.end, last.concepts, text[last.start : term.end])
            continue
        kept.append(term)
    return kept


def _kind(concept: str) -> str:
    return concept.split(":", 1)[0]
