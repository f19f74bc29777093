"""The use-cases. The faces (command line, web, API) call nothing else."""

from cartella.matching import RankKey
from cartella.matching.prepared import PreparedTrials
from cartella.patients import load_patient, read_patient
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
from cartella.services.match import MatchRequest, look_up_place, match_patient, place_name, prepare, registers
from cartella.services.next_question import NextQuestion, NextQuestions
from cartella.services.opening import Loaded, build_catalogue, load, loaded_json, open_source
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
from cartella.services.views import match_html, match_text, result_view, site_views, summary

__all__ = [
    "ALL_VALUES",
    "UNKNOWN",
    "Askable",
    "CatalogueSource",
    "FileSource",
    "Hit",
    "LayeredSource",
    "Loaded",
    "MatchAnswer",
    "MatchRequest",
    "NextQuestion",
    "NextQuestions",
    "PreparedTrials",
    "Progress",
    "RankKey",
    "Release",
    "SearchRequest",
    "Source",
    "TrialAnswer",
    "askable",
    "build_catalogue",
    "coverage_json",
    "coverage_of",
    "criteria_json",
    "disease_name",
    "disease_names",
    "entry_json",
    "get_entry",
    "hit_json",
    "info_json",
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
    "match_text",
    "open_source",
    "parts_of_value",
    "place_name",
    "prepare",
    "read_patient",
    "read_study_text",
    "read_text",
    "registers",
    "release_json",
    "result_view",
    "search",
    "site_views",
    "summary",
    "text_of",
    "value_of",
    "year_and_month",
]
