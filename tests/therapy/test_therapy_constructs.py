"""Origin, construct, route, combinations, and the words that each value was read from."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from invented_studies import invented

from cartella.reading.therapy import type_therapy
from cartella.reading.therapy.cues import CueError, cues, table
from cartella.trials.study import Arm, Intervention, RecordSource, Study
from cartella.trials.therapy import Aspect, Bucket, CellClass, Finding, Origin, Therapy

RICH = Study(
    "NCT90000002",
    RecordSource("invented"),
    brief_title="Tandem CD19/CD20 CAR-T with ibrutinib in lymphoma",
    official_title="Autologous tandem CD19/CD20 4-1BB CAR-T cells with inducible caspase 9 and PD-1 knockout",
    conditions=("Lymphoma, B-Cell",),
    interventions=(
        Intervention("Tandem CD19/CD20 CAR-T", "biological", description="Intravenous, by lentiviral vector"),
        Intervention("Ibrutinib", "drug"),
        Intervention("Fludarabine", "drug"),
        Intervention("Cyclophosphamide", "drug"),
    ),
    arms=(Arm("CAR-T with ibrutinib"),),
    summary="Third-generation CAR-T cells that secrete IL-15 are given. HLA-A*02:01 is not asked.",
)


def test_everything_of_a_rich_record() -> None:
    therapy = type_therapy(RICH)
    assert therapy.bucket is Bucket.T_CELL_CANCER
    assert {CellClass.CAR_T_AUTOLOGOUS, CellClass.CAR_T_TANDEM, CellClass.CAR_T_ARMOURED} <= set(therapy.classes)
    assert therapy.origin is Origin.AUTOLOGOUS
    assert therapy.targets == ("CD19", "MS4A1")
    assert therapy.generation == 3
    assert therapy.costimulation == ("4-1BB",)
    assert therapy.vector == ("lentivirus",)
    assert therapy.switches == ("iCasp9",)
    assert therapy.checkpoint_edits == ("PD-1 disrupted",)
    assert therapy.armour == ("IL-15",)
    assert therapy.routes == ("intravenous",)
    assert set(therapy.lymphodepletion) == {"fludarabine", "cyclophosphamide"}
    assert therapy.combinations == ("kinase inhibitor",)
    assert therapy.cancer is True


def words_of(study: Study, finding: Finding) -> str:
    place: Any = study
    for step in finding.field.replace("]", "").split("."):
        name, _, index = step.partition("[")
        place = getattr(place, name)
        if index:
            place = place[int(index)]
    assert isinstance(place, str)
    return place[finding.start : finding.end]


def test_each_value_shows_its_words() -> None:
    therapy = type_therapy(RICH)
    for finding in therapy.findings:
        assert words_of(RICH, finding).strip(), finding
    (switch,) = therapy.why(Aspect.SWITCHES)
    assert words_of(RICH, switch) == "inducible caspase 9"
    assert next(words_of(RICH, found) for found in therapy.why(Aspect.TARGETS, "MS4A1")) == "CD20"
    for aspect in ("targets", "classes", "vector", "armour", "routes", "combinations", "lymphodepletion"):
        for value in getattr(therapy, aspect):
            assert therapy.why(Aspect(aspect), value), (aspect, value)


def test_json_gives_the_therapy_back() -> None:
    therapy = type_therapy(RICH)
    assert Therapy.from_json(json.loads(json.dumps(therapy.as_json()))) == therapy


ORIGINS: list[tuple[str, Origin, CellClass]] = [
    ("Autologous CD19 CAR-T in lymphoma", Origin.AUTOLOGOUS, CellClass.CAR_T_AUTOLOGOUS),
    ("Universal CD19 CAR-T in lymphoma", Origin.HEALTHY_DONOR, CellClass.CAR_T_ALLOGENEIC),
    ("Off-the-shelf BCMA CAR-T in myeloma", Origin.HEALTHY_DONOR, CellClass.CAR_T_ALLOGENEIC),
    ("Donor-derived CD19 CAR-T after allogeneic HSCT", Origin.TRANSPLANT_DONOR, CellClass.CAR_T_TRANSPLANT_DONOR),
    ("iPSC-derived CD19 CAR-T in lymphoma", Origin.CELL_LINE, CellClass.CAR_T_ALLOGENEIC),
    ("In vivo CD19 CAR-T in lymphoma", Origin.IN_VIVO, CellClass.CAR_T_IN_VIVO),
    # the transplant is not the origin of the cells
    ("CD19 CAR-T after autologous stem cell transplantation", Origin.UNKNOWN, CellClass.CAR_T_UNSPECIFIED),
    ("CD19 CAR-T bridging to allogeneic HSCT", Origin.UNKNOWN, CellClass.CAR_T_UNSPECIFIED),
    (
        "CAR19 donor lymphocytes after allogeneic transplantation",
        Origin.TRANSPLANT_DONOR,
        CellClass.CAR_T_TRANSPLANT_DONOR,
    ),
    ("Haploidentical CD19 CAR-T with haploidentical HSCT", Origin.TRANSPLANT_DONOR, CellClass.CAR_T_TRANSPLANT_DONOR),
    ("Unedited allo cell therapy with CD7 CAR-T", Origin.HEALTHY_DONOR, CellClass.CAR_T_ALLOGENEIC),
    # persistence in the body is not manufacture in the body
    ("In vivo persistence of CD19 CAR-T in lymphoma", Origin.UNKNOWN, CellClass.CAR_T_UNSPECIFIED),
]


@pytest.mark.parametrize(("title", "origin", "cell_class"), ORIGINS, ids=[title for title, _, _ in ORIGINS])
def test_origin(title: str, origin: Origin, cell_class: CellClass) -> None:
    therapy = type_therapy(invented(title))
    assert therapy.origin is origin
    assert cell_class in therapy.classes


@pytest.mark.parametrize(
    ("summary", "origin"),
    [
        ("T cells are taken, changed in the laboratory and given back to the patient.", Origin.AUTOLOGOUS),
        ("The CD19 CAR-T cells are returned to the person.", Origin.AUTOLOGOUS),
        ("This treatment uses your T cells after they were changed.", Origin.AUTOLOGOUS),
        ("CAR-T cells are infused into the patient.", Origin.UNKNOWN),
    ],
)
def test_cells_that_are_given_back_were_the_patients(summary: str, origin: Origin) -> None:
    assert type_therapy(invented("CD19 CAR-T in lymphoma", "CD19 CAR-T", summary=summary)).origin is origin


def test_two_origins_are_told() -> None:
    therapy = type_therapy(invented("CD5 CAR-T", "Autologous CD5 CAR-T", "Allogeneic CD5 CAR-T"))
    assert "origin_contested" in therapy.review


CLASSES: list[tuple[str, CellClass]] = [
    ("Tmod CAR-T in HLA-A*02 heterozygous colorectal cancer", CellClass.CAR_T_LOGIC_GATED),
    ("UniCAR T cells against CD123 in AML", CellClass.CAR_T_ADAPTER),
    ("CAR-T with rimiducid-inducible activation in prostate cancer", CellClass.CAR_T_DRUG_CONTROLLED),
    ("TCR-mimic CAR-T against AFP in liver cancer", CellClass.CAR_T_TCR_MIMIC),
    ("STAR-T cells in lymphoma", CellClass.TCR_FUSION),
    ("TIL with CISH knocked out by CRISPR, gene-edited TIL for melanoma", CellClass.TIL_EDITED),
    ("GD2 CAR-NKT cells in neuroblastoma", CellClass.CAR_NKT),
    ("Allogeneic gamma delta T cells in AML", CellClass.GAMMA_DELTA_T),
    ("Cytokine-induced killer cells after surgery for liver cancer", CellClass.CIK),
    ("Multi-TAA-specific T cells in Hodgkin lymphoma", CellClass.TUMOUR_ANTIGEN_T),
    ("Cocktail of CD19 and CD22 CAR-T in B-ALL", CellClass.CAR_T_SEQUENTIAL),
    ("Allogeneic NK cells infusion in AML", CellClass.NK),
    ("CD19 CART + BCMA CART in lymphoma", CellClass.CAR_T_SEQUENTIAL),
    ("Tumor infiltrating lymphocytes engineered with membrane-bound IL15 in melanoma", CellClass.TIL_EDITED),
    ("Interleukin-7 and CCL19 expressing CD19 CAR-T in lymphoma", CellClass.CAR_T_ARMOURED),
    ("CD19 IL-10/IL-15 CAR-NK in lymphoma", CellClass.CAR_T_ARMOURED),
    ("P53 specific T cells in colorectal cancer", CellClass.TUMOUR_ANTIGEN_T),
    ("Antigen specific adoptive T cell therapy for cytomegalovirus infection", CellClass.VIRUS_SPECIFIC_T),
]


@pytest.mark.parametrize(("title", "cell_class"), CLASSES, ids=[title for title, _ in CLASSES])
def test_class(title: str, cell_class: CellClass) -> None:
    assert cell_class in type_therapy(invented(title)).classes


def test_what_the_cells_are_compared_with_is_no_construct() -> None:
    therapy = type_therapy(invented("CD19 CAR-T versus bispecific in lymphoma", "CD19 CAR-T", "Bispecific antibody"))
    assert CellClass.CAR_T_DUAL not in therapy.classes


def test_nk_cells_are_no_t_cells() -> None:
    therapy = type_therapy(invented("CD33 CAR-NK cells in AML", "anti-CD33 CAR NK cells"))
    assert therapy.classes == (CellClass.CAR_NK,)


def test_both_are_told_where_both_are_given() -> None:
    therapy = type_therapy(invented("CD19 CAR-T/CAR-NK cells in lymphoma"))
    assert set(therapy.classes) == {CellClass.CAR_T_UNSPECIFIED, CellClass.CAR_NK}


@pytest.mark.parametrize(
    ("study", "field"),
    [
        (invented("GD2 CAR-T in stage III or IV melanoma", "GD2 CAR-T"), "routes"),
        (invented("CD22 CAR-T in patients with chemotherapy-resistant leukemia", "CD22 CAR-T"), "combinations"),
        (invented("CD19 CAR-T grown with IL-2 in lymphoma", "IL-2 pre-treated CD19 CAR-T"), "armour"),
        (invented("BCMA CAR-T or standard drugs", "BCMA CAR-T", "Dexamethasone"), "combinations"),
        (invented("CD19 CAR-T and an anti-CD52 antibody", "CD19 CAR-T"), "edits"),
    ],
)
def test_words_that_only_look_like_a_feature(study: Study, field: str) -> None:
    assert getattr(type_therapy(study), field) == ()


def test_a_study_without_words() -> None:
    assert type_therapy(Study("NCT90000003", RecordSource("invented"))) == Therapy(Bucket.NOT_CELL_THERAPY)


def test_letters_that_are_not_plain_keep_the_places() -> None:
    study = invented("CAR－T cells（CD19）“IL13Rα2” in glioma", "IL13Rα2 CAR-T")
    therapy = type_therapy(study)
    assert "IL13RA2" in therapy.targets
    for finding in therapy.findings:
        assert words_of(study, finding).strip()


def test_tables_are_sound() -> None:
    for name in ("classes.csv", "features.csv", "roles.csv"):
        assert cues(name)
    families = {cue.value for cue in cues("classes.csv") if cue.group in ("family", "ambiguous")}
    own = {"car_t", "cells_unspecified"}
    assert families - own <= {value.value for value in CellClass}
    assert {cue.group for cue in cues("features.csv")} <= {value.value for value in Aspect}


def test_a_table_with_another_heading_is_refused() -> None:
    with pytest.raises(CueError, match=r"products\.csv, row 1: the columns are"):
        table("products.csv", ("one", "two"))


@pytest.mark.parametrize(
    "words",
    ["CAR-T cells ", "CD19/CD20/CD22, ", "anti-CD19 chimeric antigen receptor ", "a", "(", "own T cells "],
)
def test_a_very_long_summary_is_read_in_seconds(words: str) -> None:
    summary = words * (100_000 // len(words))
    start = time.process_time()
    type_therapy(invented("CAR-T cells in lymphoma", summary=summary))
    assert time.process_time() - start < 10
