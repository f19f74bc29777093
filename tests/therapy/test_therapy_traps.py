"""The trap set of the taxonomy: words that look like T-cell therapy and are not, and therapies that hide their name.

Two titles per trap, both invented here; the number is the trap's number in the taxonomy.
"""

from __future__ import annotations

import csv

import pytest
from invented_studies import invented
from shared_data import require_shared

from cartella.reading.therapy import type_therapy
from cartella.trials.study import Study
from cartella.trials.therapy import Bucket, CellClass, Origin

OUT = Bucket.NOT_CELL_THERAPY
IN = Bucket.T_CELL_CANCER
SUPPORT = Bucket.SUPPORTIVE
LOOK = Bucket.OBSERVATIONAL
FOLLOW = Bucket.LONG_TERM_FOLLOW_UP
ACCESS = Bucket.EXPANDED_ACCESS
RELATED = Bucket.RELATED_CELL_CANCER
OTHER = Bucket.NON_CANCER

TRAPS: list[tuple[int, Study, Bucket]] = [
    (1, invented("Rifampicin and activation of the constitutive androstane receptor (CAR) in healthy men"), OUT),
    (1, invented("CAR and PXR nuclear receptor activity after phenytoin", "Phenytoin"), OUT),
    (2, invented("Car seat use and injuries on the way to the childhood cancer clinic"), OUT),
    (2, invented("A shared car service for patients in radiotherapy", "Car ride"), OUT),
    (3, invented("The coronary artery revascularisation (CAR) score before anthracyclines in lymphoma"), OUT),
    (3, invented("CAR score and cardiac events in patients with leukaemia on chemotherapy"), OUT),
    (4, invented("CRP/albumin ratio (CAR) and survival in diffuse large B-cell lymphoma"), OUT),
    (4, invented("Prognostic value of CAR (C-reactive protein to albumin ratio) in multiple myeloma"), OUT),
    (5, invented("CART (combined antiretroviral therapy) with chemotherapy for HIV-related lymphoma"), OUT),
    (5, invented("Early cART in HIV-positive patients with lymphoma", "Antiretroviral drugs"), OUT),
    (6, invented("CART: cell-free and concentrated ascites reinfusion therapy for gastric cancer", "CART"), OUT),
    (6, invented("Ascites reinfusion therapy (CART) in ovarian cancer with massive ascites"), OUT),
    (7, invented("Pembrolizumab before surgery guided by TIL score in triple-negative breast cancer"), OUT),
    (7, invented("TILs as a marker of response to neoadjuvant chemotherapy", "Paclitaxel"), OUT),
    (8, invented("Stromal tumor-infiltrating lymphocytes and benefit from HER2 antibodies"), OUT),
    (8, invented("Density of tumour-infiltrating lymphocytes after trastuzumab", "Trastuzumab"), OUT),
    (9, invented("Sentinel node mapping with 99mTc-tilmanocept in oral cancer", "Tilmanocept"), OUT),
    (9, invented("Fertility until two years after chemotherapy: a study of ovarian reserve"), OUT),
    (10, invented("Sequencing of the TCR repertoire in melanoma patients on nivolumab", "Nivolumab"), OUT),
    (10, invented("T-cell receptor clonality as a marker under pembrolizumab"), OUT),
    (11, invented("Tebentafusp or investigator's choice in metastatic uveal melanoma", "Tebentafusp"), OUT),
    (11, invented("gp100 x CD3 bispecific tebentafusp after surgery", "Tebentafusp"), OUT),
    (12, invented("Brenetafusp (PRAME x CD3) with nivolumab in melanoma", "Brenetafusp", "Nivolumab"), OUT),
    (12, invented("A soluble TCR bispecific against PRAME in solid tumours", "IMC-F106C"), OUT),
    (13, invented("Blinatumomab for MRD-positive B-cell acute lymphoblastic leukemia", "Blinatumomab"), OUT),
    (13, invented("A CD19 x CD3 T-cell engager in lymphoma", "Anti-CD19/CD3 bispecific antibody"), OUT),
    (14, invented("Teclistamab with daratumumab in relapsed myeloma", "Teclistamab", "Daratumumab"), OUT),
    (14, invented("BCMA/CD3 bispecific antibody in newly diagnosed myeloma", "Linvoseltamab"), OUT),
    (15, invented("Glofitamab as bridging before standard of care CAR-T in lymphoma", "Glofitamab"), SUPPORT),
    (15, invented("Epcoritamab before CAR-T in lymphoma, CAR-T as standard of care", "Epcoritamab"), SUPPORT),
    (15, invented("Radiation as a bridge prior to commercial CD19 CAR T-cell therapy", "Radiotherapy"), SUPPORT),
    (16, invented("Tocilizumab to prevent CRS in patients receiving commercial CAR-T cells", "Tocilizumab"), SUPPORT),
    (16, invented("Prophylaxis of cytokine release syndrome in CAR T recipients", "Tocilizumab"), SUPPORT),
    (17, invented("Anakinra for prevention of ICANS with axi-cel", "Anakinra", "Axicabtagene ciloleucel"), SUPPORT),
    (17, invented("Reducing neurotoxicity of liso-cel with anakinra", "Anakinra", "Lisocabtagene maraleucel"), SUPPORT),
    (18, invented("Eltrombopag for prolonged cytopenia after CAR-T", "Eltrombopag"), SUPPORT),
    (18, invented("Treatment of CAR-T-related thrombocytopenia with avatrombopag", "Avatrombopag"), SUPPORT),
    (19, invented("Letermovir prophylaxis after CD19 CAR T-cell therapy", "Letermovir"), SUPPORT),
    (19, invented("Immunoglobulin replacement following BCMA CAR-T", "IVIG"), SUPPORT),
    (20, invented("Allogeneic transplant as consolidation after CAR-T remission in ALL", "Allogeneic HSCT"), SUPPORT),
    (20, invented("Haploidentical HSCT following CD19 CAR-T in relapsed leukemia", "Haploidentical HSCT"), SUPPORT),
    (21, invented("Fifteen-year follow-up of people given lentiviral gene-modified T cells"), FOLLOW),
    (21, invented("Long-term follow-up of participants treated with CAR-T cells", "No intervention"), FOLLOW),
    (22, invented("Rollover protocol for RCL monitoring in participants of earlier CAR-T studies"), FOLLOW),
    (22, invented("Delayed adverse events in recipients of T cells with a TCR: rollover study"), FOLLOW),
    (23, invented("European registry of patients treated with marketed CAR-T"), LOOK),
    (23, invented("Real-world outcomes of tisagenlecleucel", "Tisagenlecleucel", study_type="OBSERVATIONAL"), LOOK),
    (24, invented("Quality of life and burden of caregivers during CAR-T"), LOOK),
    (24, invented("Patient-reported outcomes in people undergoing CAR T-cell therapy", "Questionnaires"), LOOK),
    (25, invented("Leukapheresis collection to obtain T cells for research"), LOOK),
    (25, invented("Apheresis collection of lymphocytes for process research", "Leukapheresis"), LOOK),
    (26, invented("Screening protocol for HLA type and MAGE-A4 expression in sarcoma"), LOOK),
    (26, invented("Pre-screening study of HLA-A*02 and antigen expression before engineered T cells"), LOOK),
    (27, invented("Expanded access for out-of-specification tisagenlecleucel", "Tisagenlecleucel"), ACCESS),
    (27, invented("Nonconforming brexucabtagene autoleucel protocol", "Brexucabtagene autoleucel"), ACCESS),
    (28, invented("Compassionate use of CD19 CAR-T", "CD19 CAR-T"), ACCESS),
    (28, invented("Managed access to ide-cel", "Ide-cel", study_type="EXPANDED_ACCESS"), ACCESS),
    (29, invented("Sipuleucel-T in castration-resistant prostate cancer", "Sipuleucel-T"), OUT),
    (29, invented("Provenge with radiotherapy in prostate cancer", "Provenge"), OUT),
    (30, invented("Dendritic cell vaccine loaded with WT1 peptide in AML", "DC vaccine"), OUT),
    (30, invented("Tumour lysate pulsed dendritic cells in glioblastoma", "Pulsed dendritic cells"), OUT),
    (31, invented("mRNA vaccine against neoantigens with pembrolizumab", "mRNA vaccine", "Pembrolizumab"), OUT),
    (31, invented("Neoantigen mRNA and specific T-cell responses in melanoma", "mRNA-0000"), OUT),
    (32, invented("Low-dose interleukin-2 to expand regulatory T cells", "Aldesleukin"), OUT),
    (32, invented("Low-dose IL-2 and Treg numbers in lupus", "Interleukin-2"), OUT),
    (33, invented("Anti-thymocyte globulin or in vivo T-cell depletion before transplant", "ATG"), OUT),
    (33, invented("Ex vivo T-cell depleted grafts in haploidentical transplantation", "CliniMACS"), OUT),
    (34, invented("Donor lymphocyte infusion for relapse of AML", "DLI"), RELATED),
    (34, invented("Azacitidine and donor lymphocyte infusions in MDS", "Azacitidine", "DLI"), RELATED),
    (35, invented("CMV-specific T cells for refractory CMV infection after HSCT", "CMV-specific T cells"), OTHER),
    (35, invented("Multivirus-specific T cells for viral infections", "Virus-specific T cells"), OTHER),
    (36, invented("EBV-specific T cells for post-transplant lymphoproliferative disease", "EBV-CTL"), IN),
    (36, invented("Tabelecleucel in EBV-positive PTLD", "Tabelecleucel"), IN),
    (37, invented("CD19 CAR-NK cells in lymphoma", "CD19 CAR-NK"), RELATED),
    (37, invented("Cord blood NK cells with an anti-CD19 chimeric antigen receptor in leukemia", "CAR-NK"), RELATED),
    (38, invented("HER2 CAR-macrophages in breast cancer", "CAR-M"), RELATED),
    (38, invented("Chimeric antigen receptor macrophages against HER2 in solid tumors"), RELATED),
    (39, invented("CD19 CAR-T cells in lupus nephritis", "CD19 CAR-T"), OTHER),
    (39, invented("BCMA-CD19 CAR-T for systemic sclerosis", "BCMA-CD19 CAR-T"), OTHER),
    (40, invented("DSG3-CAART in mucosal pemphigus vulgaris", "DSG3-CAART"), OTHER),
    (40, invented("Chimeric autoantibody receptor T cells in myasthenia gravis", "MuSK-CAART"), OTHER),
    (41, invented("A*02 CAR-Treg in liver transplantation", "CAR-Treg"), OTHER),
    (41, invented("CAR-Tregs for tolerance of a kidney transplant"), OTHER),
    (42, invented("duoCAR-T cells for HIV", "duoCAR-T"), OTHER),
    (42, invented("Anti-gp120 CAR-T in people living with HIV", "CAR-T"), OTHER),
    (43, invented("Phase 1 of LNP-mRNA delivering a CD19 CAR in vivo in lymphoma", "LNP-mRNA"), IN),
    (43, invented("In vivo CAR lentiviral vector in myeloma", "ESO-T01"), IN),
    (44, invented("Bispecific CD19/CD22 CAR-T in B-ALL", "Bispecific CAR-T"), IN),
    (44, invented("Bispecific BCMA/GPRC5D CAR T cells in multiple myeloma"), IN),
    (45, invented("Bispecific antibody-armed activated T cells (BATs) in breast cancer", "HER2 BATs"), IN),
    (45, invented("EGFR BATs with chemotherapy in pancreatic cancer", "EGFR BATs"), IN),
    (46, invented("4SCAR-GD2 in neuroblastoma", "4SCAR-GD2"), IN),
    (46, invented("4SCAR-PSMA for prostate cancer"), IN),
    (47, invented("CTL019 in pediatric ALL", "CTL019"), IN),
    (47, invented("ICAR19 T cells in B-cell lymphoma"), IN),
    (47, invented("KTE-C19 for aggressive lymphoma", "KTE-C19"), IN),
    (47, invented("JCAR017 in relapsed B-NHL", "JCAR017"), IN),
    (47, invented("bb2121 in relapsed myeloma", "bb2121"), IN),
    (47, invented("LCAR-B38M cells in multiple myeloma", "LCAR-B38M"), IN),
    (48, invented("Autologous lymphocytes transduced with an anti-ESO receptor (mTCR) in sarcoma"), IN),
    (48, invented("Anti-MART-1 F5 TCR PBL in melanoma", "Anti-MART-1 PBL"), IN),
    (49, invented("Young TIL after a non-myeloablative preparative regimen in melanoma", "Young TIL"), IN),
    (49, invented("Adoptive transfer of tumor infiltrating lymphocytes with aldesleukin", "TIL"), IN),
    (50, invented("Gene-modified lymphocytes in advanced cancer", "Gene-modified lymphocytes"), IN),
    (50, invented("Genetically engineered T cells for refractory sarcoma"), IN),
    (51, invented("CD19 CAR-T versus a bispecific antibody in lymphoma", "CD19 CAR-T", "Epcoritamab"), IN),
    (51, invented("Myeloma: BCMA CAR-T compared with teclistamab", "BCMA CAR-T", "Teclistamab"), IN),
    (52, invented("Retrospective analysis of CAR-T in B-ALL", "CAR-T", study_type="INTERVENTIONAL"), LOOK),
    (52, invented("CAR-T for myeloma, a retrospective study", study_type="INTERVENTIONAL"), LOOK),
    (53, invented("GPC3 CAR-T in hepatocellular carcinoma (withdrawn)", "GPC3 CAR-T"), IN),
    (53, invented("Withdrawn: TIL therapy in cervical cancer", "TIL therapy"), IN),
    (54, invented("Validation of a CliniMACS device for CAR-T manufacturing"), OUT),
    (54, invented("CAR-T production in a closed system: process validation", "CliniMACS Prodigy"), OUT),
    (55, invented("PET imaging of CD8 T cells as a biomarker under immunotherapy", "89Zr tracer"), OUT),
    (55, invented("CD8 T cells seen by PET before nivolumab"), OUT),
]


def test_every_trap_is_there() -> None:
    assert {number for number, _, _ in TRAPS} == set(range(1, 56))


@pytest.mark.parametrize(("number", "study", "bucket"), TRAPS, ids=[f"{n}-{s.brief_title}" for n, s, _ in TRAPS])
def test_trap(number: int, study: Study, bucket: Bucket) -> None:
    assert type_therapy(study).bucket is bucket


VERDICTS = {
    "out": {OUT},
    "in": {IN},
    "related": {RELATED},
    "borderline": {RELATED, OTHER},
    "out of oncology": {OTHER},
    "review by hand": {IN, LOOK},
    "separate": {SUPPORT, LOOK, FOLLOW, ACCESS},
    "out/separate": {OUT, LOOK},
}


def test_the_traps_in_the_taxonomys_own_words() -> None:
    with require_shared("domain/taxonomy_traps.csv").open(encoding="utf-8", newline="") as lines:
        for trap in csv.DictReader(lines):
            verdict = max((v for v in VERDICTS if trap["expected_verdict"].startswith(v)), key=len)
            if trap["n"] == "53":
                continue  # Its cue is the status of a study, and names no therapy.
            assert type_therapy(invented(trap["title_cue"])).bucket in VERDICTS[verdict], trap["n"]


def typed(number: int) -> list[tuple[str, set[CellClass]]]:
    return [(s.brief_title or "", set(type_therapy(s).classes)) for n, s, _ in TRAPS if n == number]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (34, CellClass.DONOR_LYMPHOCYTES),
        (35, CellClass.VIRUS_SPECIFIC_T),
        (36, CellClass.VIRUS_SPECIFIC_T),
        (37, CellClass.CAR_NK),
        (38, CellClass.CAR_MACROPHAGE),
        (40, CellClass.CAAR_T),
        (41, CellClass.CAR_TREG),
        (43, CellClass.CAR_T_IN_VIVO),
        (44, CellClass.CAR_T_DUAL),
        (45, CellClass.ARMED_T),
        (48, CellClass.TCR_T),
        (49, CellClass.TIL),
        (50, CellClass.T_CELL_UNSPECIFIED),
    ],
)
def test_class_of_trap(number: int, expected: CellClass) -> None:
    for title, classes in typed(number):
        assert expected in classes, title


def test_old_product_codes_are_car_t() -> None:
    families = {CellClass.CAR_T_AUTOLOGOUS, CellClass.CAR_T_UNSPECIFIED}
    for title, classes in typed(46) + typed(47):
        assert families & classes, title


def test_what_needs_a_person_says_why() -> None:
    assert "receptor_not_named" in type_therapy(invented("Gene-modified lymphocytes in advanced cancer")).review
    retrospective = invented("CAR-T for myeloma, a retrospective study", study_type="INTERVENTIONAL")
    assert type_therapy(retrospective).review == ("titled_retrospective_but_interventional",)


def test_arms_and_roles_are_told() -> None:
    several = type_therapy(invented("BCMA CAR-T compared with teclistamab", "BCMA CAR-T", "Teclistamab"))
    assert "multi_arm" in several.roles and "bispecific antibody" in several.combinations
    assert type_therapy(invented("Screening protocol for HLA type and NY-ESO-1 expression")).roles == ("screening",)
    assert type_therapy(invented("Leukapheresis collection to obtain T cells for research")).roles == ("collection",)
    assert type_therapy(invented("Validation of a device for CAR-T manufacturing")).roles == ("manufacturing",)


def test_cells_listed_beside_a_drug_may_be_what_people_had() -> None:
    earlier = "Participants relapsed after BCMA CAR-T cells."
    study = invented("Belantamab with iberdomide in myeloma", "Belantamab", "CAR-T cells", summary=earlier)
    assert type_therapy(study).bucket is SUPPORT
    given = invented("Glofitamab in lymphoma", "Glofitamab", "CAR-T cells", summary="CAR-T cells are then infused.")
    assert type_therapy(given).bucket is IN


def test_an_acronym_of_a_care_study_is_no_therapy() -> None:
    title = "Geriatric assessment to speed recovery after CAR-T, the GOCART study"
    assert type_therapy(invented(title, "Physical therapy")).bucket is SUPPORT


def test_nothing_is_assumed() -> None:
    therapy = type_therapy(invented("CAR-T cells in lymphoma", "CAR-T"))
    assert (therapy.origin, therapy.targets, therapy.classes) == (Origin.UNKNOWN, (), (CellClass.CAR_T_UNSPECIFIED,))
