"""Finding names in invented sentences."""

import pytest

from cartella.knowledge import OTHER, knowledge


def found(text: str) -> dict[str, tuple[str, ...]]:
    return {mention.surface: mention.concepts for mention in knowledge().lexicon.find(text)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Hodgkin's lymphoma", "disease:HL"),
        ("Hodgkin’s Lymphoma", "disease:HL"),
        ("non-Hodgkin lymphomas", "disease:NHL"),
        ("Acute lymphoblastic leukemia", "disease:ALL"),
        ("acute lymphoblastic leukaemia", "disease:ALL"),
        ("DLBCLs", "disease:DLBCLNOS"),
        ("haemophagocytic lymphohistiocytosis", "cond:hlh"),
        ("hemophagocytic lymphohistiocytosis", "cond:hlh"),
        ("oesophageal carcinoma", "disease:OESOPHAGUS"),
        ("esophageal carcinomas", "disease:OESOPHAGUS"),
        ("cerebral oedema", "cond:cerebral_oedema"),
        ("solid tumours", "disease:SOLID"),
        ("solid tumor", "disease:SOLID"),
        ("brain metastasis", "cond:brain_metastases"),
        ("brain metastases", "cond:brain_metastases"),
        ("anticancer therapy", "class:anticancer_agent"),
        ("anti-cancer therapy", "class:anticancer_agent"),
        ("IL13Rα2", "antigen:IL13RA2"),
        ("B7-H3", "antigen:CD276"),
        ("CD 20", "antigen:MS4A1"),
        ("Claudin 18.2", "antigen:CLDN18"),
        ("NY-ESO-1", "antigen:CTAG1B"),
        ("HER-2", "antigen:ERBB2"),
        ("BCMA", "antigen:TNFRSF17"),
        ("axi-cel", "drug:axicabtagene_ciloleucel"),
        ("Kymriah", "drug:tisagenlecleucel"),
        ("R-CHOP", "regimen:R-CHOP"),
        ("RCHOP", "regimen:R-CHOP"),
        ("7+3", "regimen:7+3"),
        ("allogeneic stem cell transplantation", "class:allogeneic_hsct"),
        ("autotrapianto", "class:autologous_hsct"),
        ("anti-CD20 monoclonal antibody", "class:anti_cd20_antibody"),
        ("linfoma diffuso a grandi cellule B", "disease:DLBCLNOS"),
        ("linfoma di Hodgkin", "disease:HL"),
        ("mieloma multiplo", "disease:PCM"),
        ("epatite B", "cond:hepatitis_b"),
        ("piastrine", "lab:plt"),
        ("absolute neutrophil count", "lab:anc"),
        ("eGFR", "lab:egfr"),
        ("measurable disease", "cond:measurable_disease"),
    ],
)
def test_one_name_one_concept(text: str, concept: str) -> None:
    assert found(text) == {text: (concept,)}


def test_antigens_combine_with_what_is_done_to_them() -> None:
    assert found("prior CD19-directed therapy") == {"CD19-directed therapy": ("class:directed_at:CD19",)}
    assert found("prior anti-BCMA treatment") == {"anti-BCMA treatment": ("class:directed_at:TNFRSF17",)}
    assert found("a CD22-targeted CAR T-cell therapy")["CD22-targeted CAR T-cell therapy"] == ("class:car_t:CD22",)
    assert found("expression of CD19 on blasts")["CD19"] == ("antigen:CD19",)


def test_the_longest_name_wins_and_mentions_do_not_overlap() -> None:
    text = "chronic lymphocytic leukaemia/small lymphocytic lymphoma or lymphoma"
    mentions = knowledge().lexicon.find(text)
    assert [mention.concepts for mention in mentions] == [("disease:CLLSLL",), ("disease:LYMPHOMA",)]
    assert all(text[m.start : m.end] == m.surface for m in mentions)


def test_abbreviations_match_as_written_only() -> None:
    assert found("patients with ALL in relapse") == {"ALL": ("disease:ALL",)}
    assert found("all patients should map the tip, as if it may go") == {}
    assert "ALL" not in found("ALL PATIENTS MUST HAVE MEASURABLE DISEASE")


def test_a_name_inside_a_word_is_no_name() -> None:
    assert found("CD190 and xCD19") == {}
    assert found("Marshall") == {}


def test_names_do_not_cross_commas_sentences_or_list_items() -> None:
    assert found("malignant lymphoma of Hodgkin. Lymphoma") != {"Hodgkin. Lymphoma": ("disease:HL",)}
    assert "disease:HL" not in {concept for concepts in found("Hodgkin, lymphoma").values() for concept in concepts}
    assert "disease:BL" not in {c for concepts in found("* mantle\n* cell lymphoma").values() for c in concepts}
    assert found("diffuse large B-cell\n  lymphoma") == {"diffuse large B-cell\n  lymphoma": ("disease:DLBCLNOS",)}


def test_an_ambiguous_name_gives_every_meaning() -> None:
    assert set(found("SS")["SS"]) == {"disease:SS", "disease:SYNS"}
    assert set(found("MM")["MM"]) == {"disease:PCM", "disease:MUCM"}
    assert OTHER in found("CTX")["CTX"]
    assert {"drug:cyclophosphamide", "drug:cetuximab"} <= set(found("CTX")["CTX"])


def test_a_drug_is_a_drug_even_where_allergies_are_listed() -> None:
    assert found("fludarabine") == {"fludarabine": ("drug:fludarabine",)}
    assert found("tocilizumab") == {"tocilizumab": ("drug:tocilizumab",)}


def test_every_mentioned_concept_exists() -> None:
    k = knowledge()
    assert set(k.lexicon.names) <= set(k.concepts)
