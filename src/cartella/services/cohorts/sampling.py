"""Invented cohorts: `cartella cohort sample`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from cartella.cohorts.sampling import sample
from cartella.cohorts.writing import Form, Record, write_cohort
from cartella.errors import UsageError, Where, Words
from cartella.patients import read_record
from cartella.services.sources import Progress

READ_AT_MOST = 5000
"""So many invented records are read for facts; a larger cohort of facts repeats them with other ages and values."""


def write_sample(
    number: int, form: str, output: Path, as_of: date, seed: int = 0, progress: Progress | None = None
) -> None:
    """Write `number` invented patients in one of the forms of `cartella.cohorts.writing.Form`.

    The same seed, day and form give the same bytes.
    """
    try:
        if Form(form) is Form.FACTS:
            _facts(number, output, as_of, seed, progress)
        else:
            write_cohort(_told(number, as_of, seed, progress), Form(form), output)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            Words("The sample cannot be written.", "Il campione non può essere scritto."),
            where=Where(str(output)),
            why=Words(reason, reason),
            next_step=Words("Name a place that you may write to.", "Indicare un posto scrivibile."),
        ) from None


def _told(number: int, as_of: date, seed: int, progress: Progress | None) -> Iterator[Record]:
    for position, record in enumerate(sample(number, as_of, seed), start=1):
        if progress is not None and (position % 100 == 0 or position == number):
            progress(position, number)
        yield record


def _facts(number: int, output: Path, as_of: date, seed: int, progress: Progress | None) -> None:
    """Facts, from which a cohort of a million is made in a minute: the first are read from their records."""
    from cartella.matching.bulk.columns import columns_of
    from cartella.matching.bulk.facts_file import write_facts
    from cartella.matching.bulk.repeating import repeated

    read = min(number, READ_AT_MOST)
    records = _told(read, as_of, seed, progress)
    columns = columns_of(
        ((record["patient"]["label"], read_record(record, as_of)[0]) for record in records), as_of.toordinal()
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    if number == read:
        write_facts(columns, output)
        return
    output.mkdir(parents=True, exist_ok=True)
    for part, columns_part in enumerate(repeated(columns, number, seed)):
        write_facts(columns_part, output / f"facts-{part:06d}.parquet")
