"""The use-cases. The faces (command line, web, API) call nothing else."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cartella.matching import RankKey
from cartella.matching.prepared import PreparedTrials
from cartella.patients import ADDED, Corrections, Fate, Limits, LoadedPatient, is_added, load_patient, read_patient
from cartella.services.answers import MatchAnswer, TrialAnswer, match_json, release_json
from cartella.services.askable import (
    ALL_VALUES,
    UNKNOWN,
    Askable,
    askable,
    is_answer,
    parts_of_value,
    value_of,
    year_and_month,
)
from cartella.services.coverage import coverage_json, coverage_of
from cartella.services.match import (
    MatchRequest,
    Ranked,
    Ranking,
    considered,
    look_up_place,
    match_patient,
    place_name,
    prepare,
    rank_trials,
    registers,
)
from cartella.services.opening import Loaded, build_catalogue, load, loaded_json, open_source
from cartella.services.provenance import Provenance, provenance_of
from cartella.services.sources import CatalogueSource, FileSource, LayeredSource, Progress, Release, Source
from cartella.services.studies import (
    Hit,
    SearchRequest,
    criteria_json,
    disease_name,
    disease_names,
    entry_json,
    get_entry,
    hit_json,
    info_json,
    is_disease,
    is_number,
    read_study_text,
    read_text,
    search,
    text_of,
)
from cartella.services.views import (
    match_html,
    match_pdf,
    match_text,
    pdf_of,
    remark_words,
    result_view,
    site_views,
    summary,
)

if TYPE_CHECKING:
    from cartella.services.deciding import DecidingTests
    from cartella.services.next_question import NextQuestion, NextQuestions

_WITH_ARRAYS = {"DecidingTests": "deciding", "NextQuestion": "next_question", "NextQuestions": "next_question"}


def __getattr__(name: str) -> Any:
    """What needs arrays is loaded when it is asked for: a single match does without them."""
    if name not in _WITH_ARRAYS:
        raise AttributeError(name)
    return getattr(import_module(f"cartella.services.{_WITH_ARRAYS[name]}"), name)


__all__ = [
    "ADDED",
    "ALL_VALUES",
    "UNKNOWN",
    "Askable",
    "CatalogueSource",
    "Corrections",
    "DecidingTests",
    "Fate",
    "FileSource",
    "Hit",
    "LayeredSource",
    "Limits",
    "Loaded",
    "LoadedPatient",
    "MatchAnswer",
    "MatchRequest",
    "NextQuestion",
    "NextQuestions",
    "PreparedTrials",
    "Progress",
    "Provenance",
    "RankKey",
    "Ranked",
    "Ranking",
    "Release",
    "SearchRequest",
    "Source",
    "TrialAnswer",
    "askable",
    "build_catalogue",
    "considered",
    "coverage_json",
    "coverage_of",
    "criteria_json",
    "disease_name",
    "disease_names",
    "entry_json",
    "get_entry",
    "hit_json",
    "info_json",
    "is_added",
    "is_answer",
    "is_disease",
    "is_number",
    "load",
    "load_patient",
    "loaded_json",
    "look_up_place",
    "match_html",
    "match_json",
    "match_patient",
    "match_pdf",
    "match_text",
    "open_source",
    "parts_of_value",
    "pdf_of",
    "place_name",
    "prepare",
    "provenance_of",
    "rank_trials",
    "read_patient",
    "read_study_text",
    "read_text",
    "registers",
    "release_json",
    "remark_words",
    "result_view",
    "search",
    "site_views",
    "summary",
    "text_of",
    "value_of",
    "year_and_month",
]
