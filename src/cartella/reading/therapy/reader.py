"""From the words of a study to its therapy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cartella.reading.therapy.classes import (
    CAR_T,
    CLASS_OF_ORIGIN,
    RECEPTOR_FAMILIES,
    UNNAMED,
    UNSPECIFIED,
    CellMention,
    Cells,
    families,
    in_vivo_hit,
    read_cells,
    read_constructs,
)
from cartella.reading.therapy.cues import Hit
from cartella.reading.therapy.disease import treats_cancer
from cartella.reading.therapy.features import read_features, read_hla, read_origin, wanted
from cartella.reading.therapy.role import Role, read_role
from cartella.reading.therapy.source import Passage, Tier, passages
from cartella.reading.therapy.targets import VIRAL, Strength, Target, strongest, targets_in
from cartella.trials.study import Study
from cartella.trials.therapy import (
    Aspect,
    Bucket,
    CellClass,
    Disagreement,
    Finding,
    Origin,
    Therapy,
)

_T_CELL = frozenset(
    {CAR_T, "tcr_t", "tcr_fusion", "til", "til_edited", "car_nkt", "gamma_delta_t", "virus_specific_t", "tumour_antigen_t", "armed_t",
     "car_treg", "caar_t", UNSPECIFIED, UNNAMED}
)  # fmt: skip
_VACCINE = "dendritic_vaccine"
_LISTS = {
    Aspect.COSTIMULATION: "costimulation",
    Aspect.VECTOR: "vector",
    Aspect.EDITS: "edits",
    Aspect.SWITCHES: "switches",
    Aspect.ARMOUR: "armour",
    Aspect.CHECKPOINT_EDITS: "checkpoint_edits",
    Aspect.ROUTES: "routes",
    Aspect.LYMPHODEPLETION: "lymphodepletion",
    Aspect.COMBINATIONS: "combinations",
}


def type_therapy(study: Study) -> Therapy:
    """What the study gives, follows or accompanies, with the words from which each value was read.

    Title and names of interventions are believed before descriptions, these before the summary; what the lower places
    say otherwise is kept as a disagreement. Eligibility text is never read here. Never fails: a study whose words tell
    of no cells is `Bucket.NOT_CELL_THERAPY`.
    """
    all_passages = passages(study)
    cells = read_cells(all_passages)
    role = read_role(study, all_passages, cells)
    if role.bucket is Bucket.NOT_CELL_THERAPY:
        return Therapy(Bucket.NOT_CELL_THERAPY, roles=role.roles, findings=_role_findings(role))
    return _Assembly(all_passages, cells, role).therapy()


def _role_findings(role: Role) -> tuple[Finding, ...]:
    return tuple(_finding(Aspect.BUCKET, hit.value, hit) for hit in role.hits)


def _usual_marker(target: Target) -> bool:
    """HER2 and EGFR divide breast and lung cancers for any treatment; there they do not tell of this therapy's aim."""
    return target.symbol in ("ERBB2", "EGFR") and re.search(r"breast|lung", target.passage.lower) is not None


def _finding(aspect: Aspect, value: str, place: Hit | CellMention | Target) -> Finding:
    return Finding(aspect, value, place.passage.field, place.start, place.end)


class _Assembly:
    """One study's therapy in the making."""

    def __init__(self, all_passages: Sequence[Passage], cells: Cells, role: Role) -> None:
        self.passages = all_passages
        self.cells = cells
        self.role = role
        self.findings: list[Finding] = list(_role_findings(role))
        self.disagreements: list[Disagreement] = []
        self.review = list(role.review)

    def therapy(self) -> Therapy:
        given = families(self.role.mentions)
        features = read_features(self.passages)
        origin = self._origin(features.get("origin", []))
        targets = self._targets(given)
        classes = self._classes(given, origin, len(targets))
        cancer, passage, start, end = treats_cancer(self.passages)
        if passage is not None:
            self.findings.append(Finding(Aspect.CANCER, str(cancer).lower(), passage.field, start, end))
        bucket = self.role.bucket or self._bucket(given, cancer)
        if given == [UNSPECIFIED]:
            self.review.append("receptor_not_named")
        elif given == [UNNAMED]:
            self.review.append("cells_not_named")
        if cancer is None and bucket in (Bucket.T_CELL_CANCER, Bucket.RELATED_CELL_CANCER):
            self.review.append("disease_not_named")
        values = {aspect: self._feature(aspect, features) for aspect in _LISTS}
        generation = self._feature(Aspect.GENERATION, features)
        self._from_products(values)
        return Therapy(
            bucket,
            classes=classes,
            origin=origin,
            targets=targets,
            hla=self._hla(given),
            generation=int(generation[0]) if generation else None,
            costimulation=values[Aspect.COSTIMULATION],
            vector=values[Aspect.VECTOR],
            edits=values[Aspect.EDITS],
            switches=values[Aspect.SWITCHES],
            armour=values[Aspect.ARMOUR],
            checkpoint_edits=values[Aspect.CHECKPOINT_EDITS],
            routes=values[Aspect.ROUTES],
            lymphodepletion=values[Aspect.LYMPHODEPLETION],
            combinations=values[Aspect.COMBINATIONS],
            products=self._products(),
            roles=self.role.roles,
            cancer=cancer,
            review=tuple(dict.fromkeys(self.review)),
            findings=tuple(self.findings),
            disagreements=tuple(self.disagreements),
        )

    def _bucket(self, given: Sequence[str], cancer: bool | None) -> Bucket:
        if set(given) == {_VACCINE}:
            return Bucket.NOT_CELL_THERAPY
        if cancer is False:
            return Bucket.NON_CANCER
        with_receptor = "cik" in given and any(
            mention.product is not None or mention.passage.text[mention.start : mention.end].upper().startswith("CAR")
            for mention in self.role.mentions
            if mention.family == "cik"
        )
        return Bucket.T_CELL_CANCER if with_receptor or _T_CELL.intersection(given) else Bucket.RELATED_CELL_CANCER

    def _origin(self, hits: Sequence[Hit]) -> Origin:
        origin, place, contested = read_origin(hits, self.cells, self.role.mentions)
        if place is not None:
            self.findings.append(_finding(Aspect.ORIGIN, origin.value, place))
        if contested:
            self.review.append("origin_contested")
        return origin

    def _classes(self, given: Sequence[str], origin: Origin, targets: int) -> tuple[CellClass, ...]:
        found: dict[CellClass, Hit | CellMention] = {}
        for mention in self.role.mentions:
            if mention.family not in given:
                continue
            family = (
                CLASS_OF_ORIGIN[origin]
                if mention.family == CAR_T
                else CellClass(UNSPECIFIED if mention.family == UNNAMED else mention.family)
            )
            found.setdefault(family, mention)
            if mention.product is not None:
                for value in mention.product.product.classes:
                    if value.value.startswith("car_t_") and value not in CLASS_OF_ORIGIN.values():
                        found.setdefault(value, mention)
        in_vivo = in_vivo_hit(self.cells)
        if in_vivo is not None and CAR_T in given:
            found.setdefault(CellClass.CAR_T_IN_VIVO, in_vivo)
        for construct, hit in read_constructs(self.cells, given, targets).items():
            found.setdefault(construct, hit)
        several = {CellClass.CAR_T_DUAL, CellClass.CAR_T_TANDEM, CellClass.CAR_T_SEQUENTIAL}
        if CAR_T in given and self.in_one_name and not several.intersection(found):
            found[CellClass.CAR_T_DUAL] = self._hit_of(self.in_one_name)
        for value, place in found.items():
            self.findings.append(_finding(Aspect.CLASSES, value.value, place))
        return tuple(value for value in CellClass if value in found)

    @staticmethod
    def _hit_of(target: Target) -> Hit:
        return Hit(target.symbol, "construct", target.passage, target.start, target.end)

    def _targets(self, given: Sequence[str]) -> tuple[str, ...]:
        self.in_one_name: Target | None = None
        if not given:
            return ()
        cell_passages = {id(mention.passage) for mention in self.role.mentions}
        read = [
            target
            for passage in self.passages
            for target in targets_in(passage, passage.is_intervention and id(passage) in cell_passages)
            if self._fits(target, given)
        ]
        product_targets = self._product_targets()
        kept: list[Target] = []
        for tier in Tier:
            strong = [target for target in strongest(read, tier) if target.strength is not Strength.DISEASE]
            if strong:
                kept = strong
                break
            if tier is Tier.NAME and product_targets:
                break
        symbols = list(dict.fromkeys(target.symbol for target in kept))
        known = list(dict.fromkeys(symbol for symbol, _ in product_targets))
        if not symbols and known:
            symbols = known
            self.findings += [_finding(Aspect.TARGETS, symbol, mention) for symbol, mention in product_targets]
        elif symbols and set(known) > set(symbols):
            self.findings += [
                _finding(Aspect.TARGETS, symbol, mention)
                for symbol, mention in product_targets
                if symbol not in symbols
            ]
            symbols += [symbol for symbol in known if symbol not in symbols]
        elif known and not set(known) <= set(symbols) and kept and kept[0].passage.tier is Tier.NAME:
            self._disagree(
                symbols, [(symbol, _finding(Aspect.TARGETS, symbol, mention)) for symbol, mention in product_targets]
            )
        if not symbols and RECEPTOR_FAMILIES.intersection(given):
            kept = [target for target in read if target.strength is Strength.DISEASE and not _usual_marker(target)]
            first_tier = min((target.passage.tier for target in kept), default=Tier.NAME)
            kept = [target for target in kept if target.passage.tier is first_tier]
            symbols = list(dict.fromkeys(target.symbol for target in kept))
            if symbols:
                self.review.append("target_read_from_the_disease")
        self.findings += [_finding(Aspect.TARGETS, target.symbol, target) for target in kept]
        lower = [
            target
            for target in read
            if target.strength is Strength.AIMED and kept and target.passage.tier > kept[0].passage.tier
        ]
        self._disagree(symbols, [(target.symbol, _finding(Aspect.TARGETS, target.symbol, target)) for target in lower])
        for before in kept:
            partner = next(
                (
                    other
                    for other in kept
                    if other.passage is before.passage
                    and other.symbol != before.symbol
                    and 0 <= other.start - before.end <= 8
                    and not re.search(r"\bor\b", before.passage.text[before.end : other.start])
                ),
                None,
            )
            if partner is not None and before.passage.tier is Tier.NAME:
                self.in_one_name = before
                break
        return tuple(symbols)

    def _fits(self, target: Target, given: Sequence[str]) -> bool:
        """Antigens of a virus are targets of virus-specific cells and of receptors against them, not of other CARs."""
        if target.symbol not in VIRAL:
            return target.symbol != "CD274" or bool({CAR_T, "car_nk", "nk"}.intersection(given))
        if target.symbol in (
            "EBV",
            "HPV",
            "HIV",
            "HBV-S",
            "CMV-PP65",
            "HHV6",
            "VZV",
            "BKV-LT",
            "ADV-HEXON",
            "SARS-COV-2",
        ):
            return target.strength is not Strength.DISEASE and bool(
                {"virus_specific_t", "tumour_antigen_t", "tcr_t", UNSPECIFIED}.intersection(given)
                or (CAR_T in given and target.symbol in ("HIV", "HBV-S", "EBV") and target.strength is Strength.AIMED)
            )
        return True

    def _product_targets(self) -> list[tuple[str, CellMention]]:
        return [
            (symbol, mention)
            for mention in self.role.mentions
            if mention.product is not None
            for symbol in mention.product.product.targets
        ]

    def _disagree(self, kept: Iterable[str], others: Sequence[tuple[str, Finding]]) -> None:
        kept = tuple(kept)
        different = [(symbol, finding) for symbol, finding in others if symbol not in kept]
        if different:
            self.disagreements.append(
                Disagreement(
                    Aspect.TARGETS,
                    kept,
                    tuple(dict.fromkeys(symbol for symbol, _ in different)),
                    tuple(finding for _, finding in different),
                )
            )

    def _hla(self, given: Sequence[str]) -> tuple[str, ...]:
        if not {"tcr_t", "tcr_fusion", CAR_T, "virus_specific_t", "tumour_antigen_t", "car_treg"}.intersection(given):
            return ()
        values: list[str] = []
        for value, passage, start, end in read_hla(self.passages):
            self.findings.append(Finding(Aspect.HLA, value, passage.field, start, end))
            if value not in values:
                values.append(value)
        return tuple(values)

    def _feature(self, aspect: Aspect, features: dict[str, list[Hit]]) -> tuple[str, ...]:
        values: list[str] = []
        for hit in features.get(aspect.value, ()):
            if hit.value not in values and wanted(aspect.value, hit):
                values.append(hit.value)
                self.findings.append(_finding(aspect, hit.value, hit))
        return tuple(values)

    def _from_products(self, values: dict[Aspect, tuple[str, ...]]) -> None:
        """What is known of the product where the record is silent."""
        for mention in self.role.mentions:
            if mention.product is None:
                continue
            product = mention.product.product
            for aspect, value in ((Aspect.COSTIMULATION, product.costimulation), (Aspect.VECTOR, product.vector)):
                if value and not values[aspect]:
                    values[aspect] = (value,)
                    self.findings.append(_finding(aspect, value, mention))

    def _products(self) -> tuple[str, ...]:
        names: list[str] = []
        for mention in self.role.mentions:
            if mention.product is not None and mention.product.product.name not in names:
                names.append(mention.product.product.name)
                self.findings.append(_finding(Aspect.PRODUCTS, names[-1], mention))
        return tuple(names)
