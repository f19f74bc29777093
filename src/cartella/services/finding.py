"""Searching all trials by what is known of them, with the number of trials behind every choice.

Nothing about a person is asked here: no place to measure from, no age. Made once for a release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import composed_title, target_name, therapy_words
from cartella.explaining import Lang
from cartella.knowledge import knowledge
from cartella.places.folding import fold
from cartella.services.access import Access, access_of
from cartella.services.asked import diseases_named
from cartella.services.centres import Centres
from cartella.services.sources import Source
from cartella.trials.therapy import Bucket

Order = Literal["fresh", "new", "sites"]
ORDERS: tuple[Order, ...] = ("fresh", "new", "sites")
FACETS = ("kind", "target", "phase", "country", "access", "scope")
"""The facets of which one value each can be chosen; a disease is written, not chosen."""

_MOST_SIMILAR = 4

KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("car_t", ("car_t",)),
    ("tcr_t", ("tcr",)),
    ("til", ("til",)),
    ("nk", ("car_nk", "nk")),
    ("gamma_delta", ("gamma_delta",)),
    ("virus", ("virus_specific",)),
    ("other", ()),
)
"""Kinds of cells as people ask for them, with the beginnings of the classes that they stand for."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. "" is no limit, but for `access` and `scope`, whose "" is what most people look for: trials
    that nothing says are closed, and T-cell therapy of cancer; "any" lifts them. Unknown values find nothing."""

    words: str = ""
    disease: str = ""
    kind: str = ""
    target: str = ""
    phase: str = ""
    country: str = ""
    access: str = ""
    scope: str = ""
    order: Order = "fresh"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the trials in order, and for every facet how many trials each of its values would leave.

    `diseases` are those that were looked for; with a name that is not known there are none and `suggestions` has the
    names that come closest.
    """

    entries: Sequence[Entry]
    counts: Mapping[str, Mapping[str, int]]
    diseases: tuple[str, ...] = ()
    unknown_disease: bool = False
    suggestions: Mapping[Lang, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Card:
    """An entry with everything that it can be found by."""

    entry: Entry
    values: Mapping[str, frozenset[str]]
    diseases: frozenset[str]
    text: str
    confirmed: int
    begun: int


class Finder:
    """All trials of a release, ready to be searched."""

    def __init__(self, source: Source, centres: Centres) -> None:
        self._source = source
        self._centres = centres

    @cached_property
    def _cards(self) -> tuple[_Card, ...]:
        return tuple(self._card(entry) for entry in self._source.entries())

    def find(self, query: Query) -> Finding:
        """The trials that fit, and the counts of every facet, each counted with all the others as they are chosen."""
        diseases: tuple[str, ...] = ()
        if query.disease.strip():
            diseases = diseases_named(query.disease)
            if not diseases:
                return Finding((), {name: {} for name in FACETS}, (), True, _similar_names(query.disease))
        house = knowledge()
        wanted = frozenset[str]().union(*(house.descendants(d) | house.ancestors(d) | {d} for d in diseases))
        words = fold(query.words).split()
        fitting = [
            card
            for card in self._cards
            if (not wanted or not wanted.isdisjoint(card.diseases)) and all(word in card.text for word in words)
        ]
        chosen = {name: getattr(query, name) for name in FACETS}
        counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        found = []
        for card in fitting:
            missed = [name for name in FACETS if not _fits(card, name, chosen[name])]
            if not missed:
                found.append(card)
            for name in FACETS if not missed else missed if len(missed) == 1 else ():
                counts[name].update(card.values[name])
        found.sort(key=_ORDERS[query.order])
        return Finding(tuple(card.entry for card in found), counts, diseases)

    def _card(self, entry: Entry) -> _Card:
        therapy = entry.therapy
        seats = self._centres.seats[entry.id]
        classes = () if therapy is None else therapy.classes
        kinds = {name for name, starts in KINDS if starts and any(c.value.startswith(starts) for c in classes)}
        status = entry.status
        begun = entry.start or entry.first_posted
        return _Card(
            entry,
            {
                "kind": frozenset(kinds or {"other"}),
                "target": frozenset(() if therapy is None else therapy.targets),
                "phase": frozenset(phase for phase in entry.phases if phase != "na") or frozenset({"none"}),
                "country": frozenset(
                    seat.country
                    for seat in seats
                    if seat.country is not None and seat.access is not Access.CLOSED and not seat.visits_only
                ),
                "access": frozenset({access_of(status).value}),
                "scope": frozenset({(entry.bucket or Bucket.T_CELL_CANCER).value}),
            },
            frozenset(entry.diseases),
            self._text(entry),
            0 if status is None or status.confirmed is None else status.confirmed.earliest.toordinal(),
            0 if begun is None else begun.earliest.toordinal(),
        )

    def _text(self, entry: Entry) -> str:
        house = knowledge()
        parts = [entry.id, entry.acronym or "", entry.title or "", entry.sponsor or ""]
        parts += [composed_title(entry, "it"), composed_title(entry, "en")]
        parts += [house.label(d, lang) for d in entry.diseases if d in house.concepts for lang in ("it", "en")]
        if entry.therapy is not None:
            therapy = entry.therapy
            parts += [*therapy.products, *therapy.combinations, *therapy.targets, therapy_words(therapy, "en")]
            parts += [target_name(target, "en") for target in therapy.targets]
        for seat in self._centres.seats[entry.id]:
            parts.append("" if seat.named.masked else seat.named.name)
            parts += [] if seat.town is None else [seat.town.name_it, seat.town.name_en]
        return fold(" ".join(dict.fromkeys(parts)))


def _fits(card: _Card, name: str, value: str) -> bool:
    if value == "any" and name in ("access", "scope"):
        return True
    if value:
        return value in card.values[name]
    if name == "access":
        return Access.CLOSED.value not in card.values[name]
    return name != "scope" or Bucket.T_CELL_CANCER.value in card.values[name]


_ORDERS = {
    "fresh": lambda card: (-card.confirmed, card.entry.id),
    "new": lambda card: (-card.begun, card.entry.id),
    "sites": lambda card: (-len(card.entry.sites), card.entry.id),
}


def _similar_names(name: str) -> dict[Lang, tuple[str, ...]]:
    house = knowledge()
    meant = {
        spelling.lower(): concept
        for concept, names in house.lexicon.names.items()
        if concept.startswith("disease:")
        for spelling in names
    }
    near = get_close_matches(name.lower()[:100], sorted(meant), 12, 0.7)
    diseases = list(dict.fromkeys(meant[spelling] for spelling in near))[:_MOST_SIMILAR]
    return {lang: tuple(house.label(disease, lang) for disease in diseases) for lang in ("it", "en")}
