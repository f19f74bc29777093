"""How much of the texts of a source was read: what `cartella read --coverage` answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cartella.errors import NotFound, Words
from cartella.explaining import Lang, concern, name
from cartella.services.answers import release_json
from cartella.services.sources import Source

if TYPE_CHECKING:
    from cartella.reading.coverage import Coverage, Reading, Text


def coverage_of(source: Source, most: int) -> Coverage:
    """The report over all texts of a source with its `most` frequent unread wordings. Raises NotFound without texts."""
    from cartella.reading.coverage import coverage  # here, because the reader is slow to load and mostly not needed

    found = coverage(_texts(source), most)
    if not found.texts:
        raise NotFound(
            Words("No text of a study is kept here.", "Qui non è conservato il testo di nessuno studio."),
            why=Words("The catalogue holds facts, not texts.", "Il catalogo contiene fatti e non testi."),
            next_step=Words(
                "Load records with 'cartella load FILE', or name them with '--from FILE'.",
                "Caricare i record con 'cartella load FILE', o indicarli con '--from FILE'.",
            ),
        )
    return found


def _texts(source: Source) -> Iterator[Text]:
    from cartella.reading.coverage import Text

    for entry in source.entries():
        text = source.text(entry.id)
        if text is not None:
            yield Text(entry.id, text, entry.points)


def coverage_json(found: Coverage, source: Source, lang: Lang) -> dict[str, Any]:
    """The report as JSON: shares as counts, never as percentages; what comes most often stands first."""
    concepts = sorted(found.by_concept.items(), key=lambda item: (-item[1].total(), item[0]))
    return {
        "release": release_json(source.release),
        "texts": found.texts,
        "points": _counts(found.points),
        "concepts": [
            {"concept": subject, "name": name(subject, lang, "clinician"), **_counts(counted)}
            for subject, counted in concepts
        ],
        "concerns": [
            {"concern": doubt, "words": concern(doubt, lang, "clinician"), "points": number}
            for doubt, number in sorted(found.concerns.items(), key=lambda item: (-item[1], item[0]))
        ],
        "unread": [
            {"words": w.words, "points": w.points, "texts": w.texts, "example": w.example} for w in found.wordings
        ],
    }


def _counts(counted: Counter[Reading]) -> dict[str, int]:
    from cartella.reading.coverage import Reading

    return {"total": counted.total(), **{how.value: counted[how] for how in Reading}}
