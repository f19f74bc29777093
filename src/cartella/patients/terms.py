"""Names found in a record's text: from the vocabulary, and the states and sites of the cancer."""

from __future__ import annotations

from dataclasses import dataclass

from cartella.knowledge import OTHER, knowledge
from cartella.patients.states import compiled


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
        if meanings:
            found.append(Term(mention.start, mention.end, meanings, mention.surface))
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
    found.sort(key=lambda term: (term.start, term.start - term.end))
    return found


def _kind(concept: str) -> str:
    return concept.split(":", 1)[0]
