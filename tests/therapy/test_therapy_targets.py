"""Antigens are read from the therapy's words, not from the patients' cells, earlier treatment or other drugs."""

from __future__ import annotations

import pytest
from invented_studies import invented

from cartella.knowledge import knowledge
from cartella.reading.therapy import type_therapy
from cartella.reading.therapy.antigens import find
from cartella.reading.therapy.cues import table
from cartella.reading.therapy.products import named_products
from cartella.reading.therapy.source import passages
from cartella.trials.study import Study
from cartella.trials.therapy import Aspect, Bucket, CellClass, Origin


@pytest.mark.parametrize(
    ("words", "symbols"),
    [
        ("CD19/22 CAR-T", ["CD19", "CD22"]),
        ("CART22 cells", ["CD22"]),
        ("19-28z T cells", ["CD19"]),
        ("UCART123", ["IL3RA"]),
        ("4SCAR19/22", ["CD19", "CD22"]),
        ("AntiCD19 and huCD19", ["CD19", "CD19"]),
        ("BCMAxGPRC5D CAR", ["TNFRSF17", "GPRC5D"]),
        ("MB-CART2019.1", ["MS4A1", "CD19"]),
        ("CAR1922", ["CD19", "CD22"]),
        ("HER2/neu or c-Met", ["ERBB2", "MET"]),
        ("Claudin 18.2, CLDN18.2, claudin18.2", ["CLDN18", "CLDN18", "CLDN18"]),
        ("MUC16 is not MUC1", ["MUC16", "MUC1"]),
        ("MUC1 CAR", ["MUC1"]),
        ("truncated receptors EGFRt and CD19t", []),
        ("1 x 10 cells, CD19 x10^6", ["CD19"]),
        ("the ocean and the cart", []),
        ("Nectin-4-CART", ["NECTIN4"]),
    ],
)
def test_spellings(words: str, symbols: list[str]) -> None:
    assert [mention.symbol for mention in find(words, words.lower())] == symbols


AIMS: list[tuple[Study, tuple[str, ...]]] = [
    (invented("Anti-CD22 CAR-T in B-ALL"), ("CD22",)),
    (invented("CAR-T cells targeting mesothelin in ovarian cancer"), ("MSLN",)),
    (invented("Lymphocytes redirected to GD2 with a chimeric antigen receptor"), ("GD2",)),
    (invented("NY-ESO-1 TCR-T in synovial sarcoma"), ("CTAG1B",)),
    (invented("Universal CD7 CAR-T in T-ALL"), ("CD7",)),
    (invented("KRAS G12D TCR-T cells in pancreatic cancer"), ("KRAS",)),
    (invented("CAR-T in myeloma", "Anti-BCMA chimeric antigen receptor T cells"), ("TNFRSF17",)),
    (invented("CD19 CAR-T, CD20 CAR-T and CD22 CAR-T in lymphoma"), ("CD19", "MS4A1", "CD22")),
    # earlier treatment, other drugs and edits are no targets
    (invented("CD22 CAR-T after failure of CD19 CAR-T"), ("CD22",)),
    (invented("CD22 CAR-T following commercial CD19 CAR-T in ALL"), ("CD22",)),
    (invented("BCMA CAR-T with a GPRC5D/CD3 bispecific antibody"), ("TNFRSF17",)),
    (invented("CD19 CAR-T and anti-PD-1 antibody in lymphoma"), ("CD19",)),
    (invented("CD7-knockout CD5 CAR-T in T-cell lymphoma"), ("CD5",)),
    (invented("PD-1 knockout MUC1 CAR-T in lung cancer"), ("MUC1",)),
    (invented("BAFF-R CAR-T in CD19-negative lymphoma"), ("TNFRSF13C",)),
    (invented("GPC3 CAR-T with truncated EGFR in liver cancer"), ("GPC3",)),
    (invented("CD4+ and CD8+ CAR-T cells against CD33 in AML"), ("CD33",)),
    (invented("CAR-NK CD70 in renal cancer"), ("CD70",)),
    (invented("CAR-T cells targeting CD19- ALL", "CD22 CAR-T"), ("CD22",)),
    (
        invented("A study of QX777 in pancreatic cancer", "QX777", summary="The safety of mesothelin CAR-T is tested."),
        ("MSLN",),
    ),
    (invented("Dual-target CAR-NK cells for ovarian cancer (MSLN, MUC16)", "CAR-NK"), ("MSLN", "MUC16")),
    (invented("A receptor against CD19, CD22 and CD79b as the targets of CAR-T cells"), ("CD19", "CD22", "CD79B")),
    (invented("Dual ROR1/MUC1 AND-gate CAR T cells in lung cancer"), ("ROR1", "MUC1")),
    (invented("HPV16 E6/E7-specific T cells in cervical cancer"), ("HPV16-E6", "HPV16-E7")),
    (
        invented(
            "Killer cells that carry an antibody",
            summary="Cytokine-induced killer cells armed with an anti-CD3-MUC1 bispecific antibody are infused.",
        ),
        ("MUC1",),
    ),
    # the chemotherapy before the cells names the cells
    (invented("Cyclophosphamide prior to CD22 CAR-T cells in leukemia", "CAR-T cells", "Cyclophosphamide"), ("CD22",)),
    # virus-specific cells that carry a receptor aim with the receptor; without one at the viruses named
    (invented("CD30.CAR EBV-specific T cells in Hodgkin lymphoma"), ("TNFRSF8",)),
    (invented("Multivirus-specific T cells against CMV, EBV and adenovirus"), ("CMV-PP65", "EBV", "ADV-HEXON")),
    # a drug in the summary is no target
    (
        invented("CAR-T in myeloma", "CAR-T", summary="Patients had anti-CD38 drugs and steroids before enrolment."),
        (),
    ),
    (invented("Universal CAR-T", "CAR-T", summary="CAR-T cells have changed lymphoma. Nothing else."), ()),
]


@pytest.mark.parametrize(("study", "symbols"), AIMS, ids=[study.brief_title or "" for study, _ in AIMS])
def test_aims(study: Study, symbols: tuple[str, ...]) -> None:
    assert type_therapy(study).targets == symbols


def test_the_summary_counts_only_where_names_are_silent() -> None:
    silent = invented("CAR-T cells in lymphoma", "CAR-T", summary="Patients receive CAR-T cells targeting CD37.")
    assert type_therapy(silent).targets == ("CD37",)
    other = invented("CD30 CAR-T in lymphoma", "CD30 CAR-T", summary="The effect of BCMA-targeted CAR-T is explored.")
    therapy = type_therapy(other)
    assert therapy.targets == ("TNFRSF8",)
    (disagreement,) = therapy.disagreements
    assert (disagreement.aspect, disagreement.kept, disagreement.others) == (
        Aspect.TARGETS,
        ("TNFRSF8",),
        ("TNFRSF17",),
    )
    assert disagreement.findings[0].field == "summary"


def test_a_positive_disease_is_a_last_resort_and_says_so() -> None:
    therapy = type_therapy(invented("CAR-T for CD123-positive acute myeloid leukemia", "CAR-T cells"))
    assert (therapy.targets, therapy.review) == (("IL3RA",), ("target_read_from_the_disease",))
    breast = type_therapy(invented("CAR-T cells in HER2-positive breast cancer", "CAR-T cells"))
    assert breast.targets == ()


@pytest.mark.parametrize(
    ("title", "product", "symbol"),
    [
        ("XY007 T cells in CD7+ leukemia", "XY007 T cells", "CD7"),
        ("XY007 cell injection in tumors expressing mesothelin", "XY007 cell injection", "MSLN"),
        ("CAR-T cells in solid tumors with positive GPC3", "CAR-T cells", "GPC3"),
        ("CAR-T cells in patients whose lymphoma is CD30 positive", "CAR-T cells", "TNFRSF8"),
    ],
)
def test_wordings_of_a_positive_disease(title: str, product: str, symbol: str) -> None:
    therapy = type_therapy(invented(title, product))
    assert therapy.targets == (symbol,)
    assert "target_read_from_the_disease" in therapy.review


@pytest.mark.parametrize(
    ("title", "agent"),
    [
        ("Anakinra to prevent neurotoxicity in patients receiving CD19 CAR-T", "Anakinra"),
        ("Talquetamab maintenance after CD19 CAR-T", "Talquetamab"),
        ("Cognition of people treated with CD19 CAR-T", "Questionnaire"),
        ("Long-term follow-up of participants treated with CD19 CAR-T", "No intervention"),
    ],
)
def test_cells_that_are_followed_or_accompanied_keep_their_target(title: str, agent: str) -> None:
    therapy = type_therapy(invented(title, agent))
    assert therapy.bucket is not Bucket.T_CELL_CANCER
    assert therapy.targets == ("CD19",)


def test_a_product_tells_what_the_record_does_not() -> None:
    therapy = type_therapy(invented("A study of bb2121 in myeloma", "bb2121"))
    assert therapy.targets == ("TNFRSF17",)
    assert therapy.origin is Origin.AUTOLOGOUS
    assert therapy.costimulation == ("4-1BB",)
    assert therapy.products == ("idecabtagene vicleucel",)
    assert therapy.classes == (CellClass.CAR_T_AUTOLOGOUS,)


def test_a_code_is_found_only_whole() -> None:
    def products(words: str) -> list[str]:
        return [named.product.name for passage in passages(invented(words)) for named in named_products(passage)]

    assert products("CT053 or CT-053") == ["zevorcabtagene autoleucel", "zevorcabtagene autoleucel"]
    assert products("CT0531 and ACT053") == []


def test_viruses_are_targets_of_virus_specific_cells_only() -> None:
    assert type_therapy(invented("EBV-specific T cells in nasopharyngeal carcinoma")).targets == ("EBV",)
    assert type_therapy(invented("CD19 CAR-T in EBV-positive lymphoma")).targets == ("CD19",)


def test_every_symbol_of_a_product_is_a_known_spelling() -> None:
    symbols = {row[0] for row in table("antigen_spellings.csv", ("symbol", "name", "case"))}
    symbols |= {
        concept.removeprefix("antigen:") for concept in knowledge().lexicon.names if concept.startswith("antigen:")
    }
    columns = ("product", "names", "classes", "origin", "targets", "costimulation", "vector", "confidence")
    for row in table("products.csv", columns):
        assert set(row[4].split()) <= symbols, row[0]
        assert row[7] in {"verified", "corpus", "memory"}, row[0]
