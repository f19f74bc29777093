"""The therapy that a study tests, as far as its words tell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Bucket(StrEnum):
    """What kind of study it is, seen from somebody who looks for T-cell therapy of a cancer.

    The part that a study plays goes before what its patients were given: the follow-up of people who were treated
    for lupus is a follow-up. `NON_CANCER` is a study that treats something else than a cancer with such cells.
    """

    T_CELL_CANCER = "t_cell_cancer"
    RELATED_CELL_CANCER = "related_cell_cancer"
    LONG_TERM_FOLLOW_UP = "long_term_follow_up"
    SUPPORTIVE = "supportive"
    OBSERVATIONAL = "observational"
    EXPANDED_ACCESS = "expanded_access"
    NON_CANCER = "non_cancer"
    NOT_CELL_THERAPY = "not_cell_therapy"


class CellClass(StrEnum):
    """Classes of cell therapy: cell lineage and receptor, and the constructs that are counted on their own.

    One product may have several: a tandem CAR-T from the patient's own cells is both `CAR_T_AUTOLOGOUS` and
    `CAR_T_TANDEM`. The last three are for words that say less, or more, than the taxonomy has a name for.
    """

    CAR_T_AUTOLOGOUS = "car_t_autologous"
    CAR_T_ALLOGENEIC = "car_t_allogeneic"
    CAR_T_TRANSPLANT_DONOR = "car_t_transplant_donor"
    CAR_T_IN_VIVO = "car_t_in_vivo"
    CAR_T_DUAL = "car_t_dual"
    CAR_T_TANDEM = "car_t_tandem"
    CAR_T_SEQUENTIAL = "car_t_sequential"
    CAR_T_ARMOURED = "car_t_armoured"
    CAR_T_LOGIC_GATED = "car_t_logic_gated"
    CAR_T_ADAPTER = "car_t_adapter"
    CAR_T_DRUG_CONTROLLED = "car_t_drug_controlled"
    TCR_T = "tcr_t"
    CAR_T_TCR_MIMIC = "car_t_tcr_mimic"
    TCR_FUSION = "tcr_fusion"
    TIL = "til"
    TIL_EDITED = "til_edited"
    CAR_NK = "car_nk"
    CAR_NKT = "car_nkt"
    CAR_MACROPHAGE = "car_macrophage"
    GAMMA_DELTA_T = "gamma_delta_t"
    CIK = "cik"
    VIRUS_SPECIFIC_T = "virus_specific_t"
    TUMOUR_ANTIGEN_T = "tumour_antigen_t"
    DONOR_LYMPHOCYTES = "donor_lymphocytes"
    CAR_TREG = "car_treg"
    CAAR_T = "caar_t"
    DENDRITIC_VACCINE = "dendritic_vaccine"
    ARMED_T = "armed_t"
    CAR_T_UNSPECIFIED = "car_t_unspecified"
    T_CELL_UNSPECIFIED = "t_cell_unspecified"
    NK = "nk"


class Origin(StrEnum):
    """Whose cells they were."""

    AUTOLOGOUS = "autologous"
    HEALTHY_DONOR = "healthy_donor"
    TRANSPLANT_DONOR = "transplant_donor"
    IN_VIVO = "in_vivo"
    CELL_LINE = "cell_line"
    UNKNOWN = "unknown"


class Aspect(StrEnum):
    """What a finding is about; the name of the field of `Therapy` that holds its value."""

    BUCKET = "bucket"
    CLASSES = "classes"
    ORIGIN = "origin"
    TARGETS = "targets"
    HLA = "hla"
    GENERATION = "generation"
    COSTIMULATION = "costimulation"
    VECTOR = "vector"
    EDITS = "edits"
    SWITCHES = "switches"
    ARMOUR = "armour"
    CHECKPOINT_EDITS = "checkpoint_edits"
    ROUTES = "routes"
    LYMPHODEPLETION = "lymphodepletion"
    COMBINATIONS = "combinations"
    PRODUCTS = "products"
    ROLES = "roles"
    CANCER = "cancer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One value and the words it was read from.

    `field` names the place in the record ("brief_title", "interventions[1].name", "summary"); `start` and `end` count
    the characters of that field as the record holds it.
    """

    aspect: Aspect
    value: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Title and interventions say one thing, the other text another; `kept` is what the therapy holds."""

    aspect: Aspect
    kept: tuple[str, ...]
    others: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Therapy:
    """What is given, with the words that say so.

    Nothing is assumed: a class, a target or an origin that no word names is absent or unknown. `targets` are HGNC
    symbols, or the names in use for antigens without a gene (GD2, HPV16-E6). `generation` is 1 to 5, None if not told.
    `cancer` is None where no word tells whether a cancer is treated. `review` says why a person should look at the
    record; such a study stays in its bucket.
    """

    bucket: Bucket
    classes: tuple[CellClass, ...] = ()
    origin: Origin = Origin.UNKNOWN
    targets: tuple[str, ...] = ()
    hla: tuple[str, ...] = ()
    generation: int | None = None
    costimulation: tuple[str, ...] = ()
    vector: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    armour: tuple[str, ...] = ()
    checkpoint_edits: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    lymphodepletion: tuple[str, ...] = ()
    combinations: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    cancer: bool | None = None
    review: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def why(self, aspect: Aspect, value: str | None = None) -> tuple[Finding, ...]:
        """The findings behind one aspect, or behind one value of it."""
        return tuple(
            finding
            for finding in self.findings
            if finding.aspect is aspect and (value is None or finding.value == value)
        )

    def as_json(self) -> dict[str, Any]:
        """The therapy as values that JSON can hold; `from_json` gives it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Therapy:
        """The therapy that `as_json` wrote. ValueError or TypeError for anything else."""
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, (list, tuple))}
        return cls(
            **{
                **values,
                **lists,
                "bucket": Bucket(values["bucket"]),
                "classes": tuple(CellClass(value) for value in values["classes"]),
                "origin": Origin(values["origin"]),
                "findings": tuple(_finding(value) for value in values["findings"]),
                "disagreements": tuple(
                    Disagreement(
                        Aspect(value["aspect"]),
                        tuple(value["kept"]),
                        tuple(value["others"]),
                        tuple(_finding(finding) for finding in value["findings"]),
                    )
                    for value in values["disagreements"]
                ),
            }
        )


def _finding(values: dict[str, Any]) -> Finding:
    return Finding(**{**values, "aspect": Aspect(values["aspect"])})
