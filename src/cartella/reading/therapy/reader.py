"""From the words of a study to its therapy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cartella.reading.therapy.aims import Aims, read_aims
from cartella.reading.therapy.classes import (
    CAR_T,
    CLASS_OF_ORIGIN,
    UNNAMED,
    UNSPECIFIED,
    VIRUS_SPECIFIC,
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
from cartella.reading.therapy.source import Passage, passages
from cartella.reading.therapy.targets import Target, viruses_in
from cartella.trials.study import Study
from cartella.trials.therapy import (
    Aspect,
    Bucket,
    CellClass,
    Finding,
    Origin,
    Therapy,
)

_T_CELL = frozenset(
    {CAR_T, "tcr_t", "tcr_fusion", "til", "til_edited", "car_nkt", "gamma_delta_t", "virus_specific_t",
     "tumour_antigen_t", "armed_t", "car_treg", "caar_t", UNSPECIFIED, UNNAMED}
)  # fmt: skip
_ANTIGEN_SPECIFIC = "tumour_antigen_t"
_VACCINE = "dendritic_vaccine"
_LISTS = (
    Aspect.COSTIMULATION,
    Aspect.VECTOR,
    Aspect.EDITS,
    Aspect.SWITCHES,
    Aspect.ARMOUR,
    Aspect.CHECKPOINT_EDITS,
    Aspect.ROUTES,
    Aspect.LYMPHODEPLETION,
    Aspect.COMBINATIONS,
)


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


def _finding(aspect: Aspect, value: str, place: Hit | CellMention | Target) -> Finding:
    return Finding(aspect, value, place.passage.field, place.start, place.end)


def _against_viruses(mentions: Sequence[CellMention], all_passages: Sequence[Passage]) -> tuple[CellMention, ...]:
    """T cells specific for "antigens" are the virus's where no cancer is treated and a title names a virus."""
    if (
        not any(mention.family == _ANTIGEN_SPECIFIC for mention in mentions)
        or treats_cancer(all_passages)[0] is not False
    ):
        return tuple(mentions)
    if not any(True for passage in all_passages if passage.is_title for _ in viruses_in(passage)):
        return tuple(mentions)
    return tuple(
        replace(mention, family=VIRUS_SPECIFIC) if mention.family == _ANTIGEN_SPECIFIC else mention
        for mention in mentions
    )


class _Assembly:
    """One study's therapy in the making."""

    def __init__(self, all_passages: Sequence[Passage], cells: Cells, role: Role) -> None:
        self.passages = all_passages
        self.cells = cells
        self.role = replace(role, mentions=_against_viruses(role.mentions, all_passages))
        self.findings: list[Finding] = list(_role_findings(role))
        self.review = list(role.review)

    def therapy(self) -> Therapy:
        given = families(self.role.mentions)
        features = read_features(self.passages)
        origin = self._origin(features.get("origin", []))
        aims = read_aims(self.passages, self.role.mentions, given, are_given=self.role.bucket is None)
        self.findings += aims.findings
        self.review += aims.review
        classes = self._classes(given, origin, aims)
        cancer, passage, start, end = treats_cancer(self.passages)
        if passage is not None:
            self.findings.append(Finding(Aspect.CANCER, str(cancer).lower(), passage.field, start, end))
        bucket = (
            Bucket.NOT_CELL_THERAPY if set(given) == {_VACCINE} else self.role.bucket or self._bucket(given, cancer)
        )
        if given == [UNSPECIFIED]:
            self.review.append("receptor_not_named")
        elif given == [UNNAMED]:
            self.review.append("cells_not_named")
        if self.role.mentions and all(
            mention.product is not None and mention.product.product.confidence == "memory"
            for mention in self.role.mentions
        ):
            self.review.append("known_from_memory_only")
        if cancer is None and bucket in (Bucket.T_CELL_CANCER, Bucket.RELATED_CELL_CANCER):
            self.review.append("disease_not_named")
        values = {aspect: self._feature(aspect, features) for aspect in _LISTS}
        generation = self._feature(Aspect.GENERATION, features)
        self._from_products(values)
        return Therapy(
            bucket,
            classes=classes,
            origin=origin,
            targets=tuple(aims.symbols),
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
            disagreements=tuple(aims.disagreements),
        )

    def _bucket(self, given: Sequence[str], cancer: bool | None) -> Bucket:
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

    def _classes(self, given: Sequence[str], origin: Origin, aims: Aims) -> tuple[CellClass, ...]:
        found: dict[CellClass, Hit | CellMention | Target] = {}
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
        for construct, hit in read_constructs(self.cells, given, len(aims.symbols)).items():
            found.setdefault(construct, hit)
        several = {CellClass.CAR_T_DUAL, CellClass.CAR_T_TANDEM, CellClass.CAR_T_SEQUENTIAL}
        if CAR_T in given and aims.together is not None and not several.intersection(found):
            found[CellClass.CAR_T_DUAL] = aims.together
        for value, place in found.items():
            self.findings.append(_finding(Aspect.CLASSES, value.value, place))
        return tuple(value for value in CellClass if value in found)

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
