"""The use-cases. The faces (command line, web, API) call nothing else."""

from cartella.services.answers import MatchAnswer, TrialAnswer
from cartella.services.match import MatchRequest, match
from cartella.services.sources import FileSource, Release, Source

__all__ = [
    "FileSource",
    "MatchAnswer",
    "MatchRequest",
    "Release",
    "Source",
    "TrialAnswer",
    "match",
]
