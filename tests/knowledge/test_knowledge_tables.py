"""The tables hold together: ids, parents, codes, sources, and the rule that a parent is what a concept is a kind of."""

import csv
import tomllib
from fractions import Fraction
from importlib.resources import files

import pytest

from cartella.knowledge import knowledge

DATA = files("cartella.knowledge") / "data"


def test_every_parent_exists_and_nothing_is_its_own_ancestor() -> None:
    k = knowledge()
    for concept in k.concepts.values():
        for parent in concept.parents:
            assert parent in k.concepts, f"{concept.id} names the unknown parent {parent}"
            assert concept.id not in k.ancestors(parent), f"{concept.id} is its own ancestor through {parent}"


def test_the_kind_of_a_concept_is_the_beginning_of_its_id() -> None:
    for concept in knowledge().concepts.values():
        assert concept.id.startswith(concept.kind + ":")
        assert concept.english and concept.italian
        assert concept.confidence in ("verified", "memory")


def test_every_name_and_code_belongs_to_a_concept() -> None:
    k = knowledge()
    for file in ("names.csv", "codes.csv", "steroids.csv", "products.csv"):
        with (DATA / file).open(encoding="utf-8") as source:
            unknown = {row["id"] for row in csv.DictReader(source)} - set(k.concepts)
        assert not unknown, f"{file}: {sorted(unknown)[:5]}"


def test_every_data_file_states_its_source() -> None:
    sources = tomllib.loads((DATA / "SOURCES.toml").read_text(encoding="utf-8"))
    tables = {entry.name for entry in DATA.iterdir() if entry.name.endswith(".csv")}
    assert tables == set(sources)
    for name, statement in sources.items():
        assert {"origin", "date", "licence", "confidence"} == set(statement), name
        assert all(statement.values()), name


def test_ancestors_and_descendants_are_two_views_of_one_relation() -> None:
    k = knowledge()
    for id_ in k.concepts:
        assert id_ in k.ancestors(id_)
        assert id_ in k.descendants(id_)
    for id_ in ("disease:LYMPHOMA", "class:chemotherapy", "cond:infection"):
        assert all(id_ in k.ancestors(kind) for kind in k.descendants(id_))
        assert k.descendants(id_) == {other for other in k.concepts if id_ in k.ancestors(other)}


IS_A = [
    ("drug:rituximab", "class:anti_cd20_antibody"),
    ("drug:rituximab", "class:directed_at:MS4A1"),
    ("drug:rituximab", "class:systemic_therapy"),
    ("drug:blinatumomab", "class:directed_at:CD19"),
    ("drug:blinatumomab", "class:t_cell_engager"),
    ("drug:axicabtagene_ciloleucel", "class:car_t:CD19"),
    ("drug:axicabtagene_ciloleucel", "class:directed_at:CD19"),
    ("drug:axicabtagene_ciloleucel", "class:genetically_modified_t_cell"),
    ("drug:teclistamab", "class:directed_at:TNFRSF17"),
    ("drug:ciltacabtagene_autoleucel", "class:car_t:TNFRSF17"),
    ("drug:cyclophosphamide", "class:chemotherapy"),
    ("drug:ibrutinib", "class:btk_inhibitor"),
    ("drug:lenalidomide", "class:systemic_therapy"),
    ("class:proteasome_inhibitor", "class:systemic_therapy"),
    ("drug:prednisone", "class:systemic_corticosteroid"),
    ("regimen:R-CHOP", "drug:rituximab"),
    ("regimen:R-CHOP", "class:anticancer_agent"),
    ("class:radiotherapy", "class:anticancer_agent"),
    ("class:systemic_therapy", "class:anticancer_agent"),
    ("class:allogeneic_hsct", "class:transplant_procedure"),
    ("class:major_surgery", "class:surgery"),
    ("class:live_vaccine", "class:vaccine"),
    ("disease:DLBCLNOS", "disease:LBCL"),
    ("disease:DLBCLNOS", "disease:B_NHL"),
    ("disease:DLBCLNOS", "disease:B_CELL_MALIGNANCY"),
    ("disease:BLL", "disease:ALL"),
    ("disease:BLL", "disease:B_CELL_MALIGNANCY"),
    ("disease:TLL", "disease:T_CELL_MALIGNANCY"),
    ("disease:ALL", "disease:ACUTE_LEUKAEMIA"),
    ("disease:FL3B", "disease:FL"),
    ("disease:FL3B", "disease:LBCL"),
    ("disease:GB", "disease:CNS_TUMOUR"),
    ("disease:SYNS", "disease:SARCOMA"),
    ("disease:PCM", "disease:HAEM"),
    ("cond:brain_metastases", "cond:cns_involvement"),
    ("cond:leptomeningeal", "cond:cns_involvement"),
    ("cond:cns3_leukaemia", "cond:cns_involvement"),
    ("cond:sepsis", "cond:infection_active"),
    ("cond:hepatitis_b_active", "cond:hepatitis_b"),
    ("cond:skin_bcc", "cond:nmsc"),
    ("cond:autoimmune_hepatitis", "cond:liver_disease"),
]


@pytest.mark.parametrize(("kind", "of"), IS_A)
def test_is_a_kind_of(kind: str, of: str) -> None:
    assert of in knowledge().ancestors(kind)


IS_NOT_A = [
    ("drug:prednisone", "class:anticancer_agent"),
    ("drug:levothyroxine", "class:systemic_therapy"),
    ("drug:aciclovir", "class:systemic_therapy"),
    ("drug:infliximab", "class:anticancer_agent"),
    ("drug:tocilizumab", "class:anticancer_agent"),
    ("drug:filgrastim", "class:systemic_therapy"),
    ("drug:methotrexate", "class:intrathecal_therapy"),
    ("drug:cyclophosphamide", "class:conditioning_lymphodepletion"),
    ("class:radiotherapy", "class:systemic_therapy"),
    ("drug:bcg_intravesical", "class:systemic_therapy"),
    ("class:vaccine", "class:anticancer_agent"),
    ("disease:PCM", "disease:NHL"),
    ("disease:PCM", "disease:MBN"),
    ("disease:CLLSLL", "disease:NHL"),
    ("disease:BLL", "disease:NHL"),
    ("disease:FL", "disease:INDOLENT_NHL"),
    ("disease:ANKL", "disease:T_CELL_MALIGNANCY"),
    ("disease:SMM", "disease:PCM"),
    ("cond:hepatitis_b_chronic", "cond:infection_active"),
    ("cond:hepatitis_b_resolved", "cond:hepatitis_b"),
    ("cond:tuberculosis_latent", "cond:infection_active"),
    ("cond:hiv_infection", "cond:infection_active"),
    ("cond:fever", "cond:infection"),
    ("cond:hypothyroidism", "cond:autoimmune_disease"),
    ("cond:alopecia", "cond:autoimmune_disease"),
    ("cond:gilbert", "cond:liver_disease"),
    ("cond:ascites", "cond:liver_disease"),
    ("cond:cns_history", "cond:cns_involvement"),
    ("cond:cns2_leukaemia", "cond:cns_involvement"),
    ("cond:tia", "cond:stroke"),
    ("cond:carcinoma_in_situ", "cond:second_malignancy"),
    ("cond:anaemia", "cond:haematological"),
]


@pytest.mark.parametrize(("kind", "of"), IS_NOT_A)
def test_is_not_a_kind_of(kind: str, of: str) -> None:
    assert kind in knowledge().concepts
    assert of not in knowledge().ancestors(kind)


def test_a_regimen_without_rituximab_does_not_contain_it() -> None:
    regimens = knowledge().regimens
    assert "drug:rituximab" in regimens["regimen:R-DHAP"].components
    assert "drug:rituximab" not in regimens["regimen:DHAP"].components


def test_codes_lead_to_all_concepts_they_may_stand_for() -> None:
    k = knowledge()
    assert "disease:DLBCLNOS" in k.by_code("icd10", "C83.3")
    assert k.by_code("icd10", "C83.30") == k.by_code("icd10", "C83.3")
    assert k.by_code("icd10", "c8330") == k.by_code("icd10", "C83.3")
    assert "disease:HL" in k.by_code("icd10", "C81.14")
    assert k.by_code("loinc", "777-3") == ("lab:plt",)
    assert k.by_code("oncotree", "MCL") == ("disease:MCL",)
    assert k.by_code("ncit", "C4337") == ("disease:MCL",)
    assert "drug:cyclophosphamide" in k.by_code("atc", "L01AA01")
    assert k.by_code("icd10", "Q00.0") == ()
    assert k.by_code("loinc", "777") == ()


def test_labels_in_both_languages() -> None:
    assert knowledge().label("disease:MCL", "en") == "Mantle cell lymphoma"
    assert knowledge().label("disease:MCL", "it") == "Linfoma mantellare"


def test_steroids_count_as_prednisone() -> None:
    k = knowledge()
    assert k.steroid_factor("drug:prednisone") == 1
    assert k.steroid_factor("drug:methylprednisolone") == Fraction(5, 4)
    assert k.steroid_factor("drug:hydrocortisone") == Fraction(1, 4)
    # 1.5 mg of dexamethasone are taken for 10 mg of prednisone.
    dexamethasone = k.steroid_factor("drug:dexamethasone")
    assert dexamethasone is not None and dexamethasone * Fraction(3, 2) == 10
    assert k.steroid_factor("drug:fludrocortisone") is None


def test_products_know_their_names_and_antigens() -> None:
    products = knowledge().products
    kymriah = products["drug:tisagenlecleucel"]
    assert kymriah.therapy == "CAR-T"
    assert {"Kymriah", "tisa-cel"} <= set(kymriah.names)
    assert kymriah.antigens == ("antigen:CD19",)
    assert any(approval.agency == "FDA" and approval.date == "2017-08-30" for approval in kymriah.approvals)
