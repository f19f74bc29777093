"""The concepts, their order by "is a kind of", and their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

from cartella.knowledge.analytes import Analyte, load_analytes
from cartella.knowledge.files import KnowledgeError, rows
from cartella.knowledge.lexicon import Lexicon, load_lexicon

_CONCEPT_FILES = ("diseases.csv", "conditions.csv", "therapies.csv", "drugs.csv", "antigens.csv", "genes.csv")
_CONCEPT_COLUMNS = ("id", "english", "italian", "parents", "confidence")
_REGIMEN_COLUMNS = ("id", "english", "components", "confidence")
_SCALE_COLUMNS = ("scale", "level", "order", "english", "italian", "conversion", "confidence")
_CODE_COLUMNS = ("id", "system", "code", "confidence")
_PRODUCT_COLUMNS = ("id", "therapy", "agency", "date", "status", "confidence")
_STEROID_COLUMNS = ("id", "prednisone_mg_per_mg", "confidence")
_ORDINARY_COLUMNS = ("word", "confidence")
_HALF_LIFE_COLUMNS = ("id", "low_days", "high_days", "confidence")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a record or a criterion can speak of.

    `parents` are what it is a kind of: who has the concept has its parents, and who is known not to have a parent has
    none of its kinds. `codes` maps a code system (icd10, loinc, oncotree, ncit, atc) to codes. `confidence` is
    "verified" (seen in a source) or "memory" (to be checked).
    """

    id: str
    kind: str
    english: str
    italian: str
    parents: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: str = "memory"


@dataclass(frozen=True, slots=True)
class Regimen:
    """A named combination; who was given it was given each of `components`."""

    id: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """What one agency decided about a product: `date` as published (may be a year or a month), `status` in words."""

    agency: str
    date: str
    status: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Product:
    """An approved cell product; `therapy` as "CAR-T", "TCR-T", "TIL"; `antigens` are concept ids."""

    id: str
    therapy: str
    names: tuple[str, ...]
    antigens: tuple[str, ...]
    approvals: tuple[Approval, ...]


class Knowledge:
    """All vocabularies. Use `knowledge()`, which loads them once; parts load when first asked for."""

    @cached_property
    def concepts(self) -> Mapping[str, Concept]:
        """Every concept by id."""
        codes: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for id_, system, code, _ in rows("codes.csv", _CODE_COLUMNS):
            codes[id_][system] = (*codes[id_].get(system, ()), code)
        found: dict[str, Concept] = {}

        def add(id_: str, english: str, italian: str, parents: tuple[str, ...], confidence: str) -> None:
            if id_ in found:
                raise KnowledgeError(f"{id_} is defined twice; give one of the two another id")
            found[id_] = Concept(id_, id_[: id_.index(":")], english, italian, parents, codes.get(id_, {}), confidence)

        for name in _CONCEPT_FILES:
            for id_, english, italian, parents, confidence in rows(name, _CONCEPT_COLUMNS):
                add(id_, english, italian, tuple(parents.split()), confidence)
        for antigen in [concept for concept in found.values() if concept.kind == "antigen"]:
            symbol = antigen.id[len("antigen:") :]
            directed, car_t = f"class:directed_at:{symbol}", f"class:car_t:{symbol}"
            add(
                directed,
                f"{antigen.english}-directed therapy",
                f"Terapia diretta contro {antigen.italian}",
                ("class:antigen_directed",),
                antigen.confidence,
            )
            add(
                car_t,
                f"{antigen.english} CAR-T",
                f"CAR-T anti-{antigen.italian}",
                ("class:car_t", directed),
                antigen.confidence,
            )
        for id_, english, components, confidence in rows("regimens.csv", _REGIMEN_COLUMNS):
            add(id_, english, english, tuple(components.split()), confidence)
        for analyte in self.analytes.values():
            add(analyte.id, analyte.english, analyte.italian, (), analyte.confidence)
        for scale, *_ in rows("scales.csv", _SCALE_COLUMNS):
            if scale not in found:
                add(scale, scale[len("scale:") :], scale[len("scale:") :], (), "verified")
        return found

    @cached_property
    def analytes(self) -> Mapping[str, Analyte]:
        """Measurements by id ('lab:plt')."""
        return load_analytes()

    @cached_property
    def regimens(self) -> Mapping[str, Regimen]:
        """Regimens by id ('regimen:R-CHOP')."""
        return {
            concept.id: Regimen(concept.id, concept.parents)
            for concept in self.concepts.values()
            if concept.kind == "regimen"
        }

    @cached_property
    def products(self) -> Mapping[str, Product]:
        """Approved cell products by drug id."""
        therapies: dict[str, str] = {}
        approvals: dict[str, list[Approval]] = defaultdict(list)
        for id_, therapy, agency, date, status, confidence in rows("products.csv", _PRODUCT_COLUMNS):
            therapies[id_] = therapy
            approvals[id_].append(Approval(agency, date, status, confidence))
        names = self.lexicon.names
        return {
            id_: Product(
                id_,
                therapy,
                names.get(id_, ()),
                tuple(
                    f"antigen:{ancestor.removeprefix('class:directed_at:')}"
                    for ancestor in sorted(self.ancestors(id_))
                    if ancestor.startswith("class:directed_at:")
                ),
                tuple(approvals[id_]),
            )
            for id_, therapy in therapies.items()
        }

    @cached_property
    def lexicon(self) -> Lexicon:
        """All names of all concepts, to be found in text."""
        return load_lexicon()

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Words of the names of medicines that matter to no criterion, in lower case."""
        return frozenset(word for word, _ in rows("ordinary.csv", _ORDINARY_COLUMNS))

    def ancestors(self, id: str) -> frozenset[str]:
        """Everything the concept certainly is, itself included. KeyError for an id that is no concept."""
        found = self._ancestors.get(id)
        if found is None:
            collected = {id}
            for parent in self.concepts[id].parents:
                collected |= self.ancestors(parent)
            found = self._ancestors[id] = frozenset(collected)
        return found

    def descendants(self, id: str) -> frozenset[str]:
        """All kinds of the concept, itself included. KeyError for an id that is no concept."""
        found = self._descendants.get(id)
        if found is None:
            if id not in self.concepts:
                raise KeyError(id)
            collected = {id}
            for child in self._children.get(id, ()):
                collected |= self.descendants(child)
            found = self._descendants[id] = frozenset(collected)
        return found

    def label(self, id: str, lang: str) -> str:
        """The preferred name; `lang` is "it" or "en"."""
        concept = self.concepts[id]
        return concept.italian if lang == "it" else concept.english

    def by_code(self, system: str, code: str) -> tuple[str, ...]:
        """The concepts that a code may stand for (one of them, not all); empty when the code is not known.

        An ICD-10 code that is not listed is read as the nearest code above it: C83.30 as C83.3, then C83.
        """
        wanted = code.strip().upper()
        if system == "icd10" and len(wanted) > 3 and "." not in wanted:
            wanted = f"{wanted[:3]}.{wanted[3:]}"
        while wanted:
            found = self._by_code.get((system, wanted))
            if found:
                return found
            if system != "icd10" or len(wanted) <= 3:
                break
            wanted = wanted[:-1].rstrip(".")
        return ()

    def steroid_factor(self, id: str) -> Fraction | None:
        """Milligrams of prednisone that one milligram of the drug counts as; None if it is not convertible."""
        return self._steroids.get(id)

    def half_life(self, id: str) -> tuple[Fraction, Fraction] | None:
        """The shortest and the longest half-life of a drug in days, None where none is known."""
        return self._half_lives.get(id)

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _descendants(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        children: dict[str, list[str]] = defaultdict(list)
        for concept in self.concepts.values():
            for parent in concept.parents:
                children[parent].append(concept.id)
        return {parent: tuple(ids) for parent, ids in children.items()}

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for concept in self.concepts.values():
            for system, codes in concept.codes.items():
                for code in codes:
                    found[system, code.upper()].append(concept.id)
        return {key: tuple(ids) for key, ids in found.items()}

    @cached_property
    def _steroids(self) -> Mapping[str, Fraction]:
        return {id_: Fraction(factor) for id_, factor, _ in rows("steroids.csv", _STEROID_COLUMNS)}

    @cached_property
    def _half_lives(self) -> Mapping[str, tuple[Fraction, Fraction]]:
        return {
            id_: (Fraction(low), Fraction(high)) for id_, low, high, _ in rows("half_lives.csv", _HALF_LIFE_COLUMNS)
        }


@cache
def knowledge() -> Knowledge:
    """The vocabularies, loaded once per process."""
    return Knowledge()
