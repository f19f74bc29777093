"""What all commands share: options, language, days, errors, progress."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cartella.errors import UsageError, Where, Words

if TYPE_CHECKING:
    from cartella.services.sources import Progress, Source


class Language(StrEnum):
    """The language of what a person reads."""

    IT = "it"
    EN = "en"


class Reader(StrEnum):
    """Whom the sentences are written for."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


class Format(StrEnum):
    """The form of an answer."""

    TEXT = "text"
    JSON = "json"


def usual_language() -> Language:
    """Italian where the environment asks for it, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Language.IT if value.lower().startswith("it") else Language.EN
    return Language.EN


Lang = Annotated[
    Language, typer.Option("--lang", default_factory=usual_language, help="Language. Default: that of the environment.")
]
For = Annotated[Reader, typer.Option("--for", help="Whom the sentences are written for.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Reference day (2026-11-01) for ages, washouts and the age of a status. It never hides a record. "
        "Default: today.",
    ),
]
Db = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Store to use. Default: your own store if there is one, else the catalogue."),
]
From = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="FILE", help="Registry file to use instead of a store; repeatable."),
]
JsonOrText = Annotated[Format, typer.Option("--format", help="Form of the answer.")]


def reference_day(text: str | None) -> date:
    """The day that was asked for, or today."""
    if text is None:
        from cartella import clock

        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Words("The reference day is not a date.", "Il giorno di riferimento non è una data."),
            where=Where(field="--as-of"),
            why=Words(f"{text!r} is not a day of the calendar.", f"{text!r} non è un giorno del calendario."),
            next_step=Words("Write it as 2026-11-01.", "Scriverlo come 2026-11-01."),
        ) from None


def source_for(db: str | None, names: list[str] | None) -> Source:
    """The source that the options name."""
    from cartella.services import open_source

    with progress("reading") as advance:
        return open_source(db, names, advance)


def words_of(path: Path) -> list[str]:
    """The first word of each line of a file, in capitals: trial numbers, one a line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or type(problem).__name__
        raise UsageError(
            Words("The list of trials cannot be read.", "L'elenco degli studi non si può leggere."),
            where=Where(str(path)),
            why=Words(reason, reason),
        ) from None
    return [line.split()[0].strip(",;").upper() for line in lines if line.strip() and not line.startswith("#")]


def put(text: str, output: Path | None = None) -> None:
    """Write an answer to standard output, or whole to a file, never half of it."""
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    else:
        _to_file(text.encode(), output)


def put_bytes(content: bytes, output: Path | None = None) -> None:
    """Write a file that is no text; to standard output only where that is no terminal."""
    if output is not None:
        _to_file(content, output)
    elif sys.stdout.isatty():
        raise UsageError(
            Words("A PDF is nothing for the terminal.", "Un PDF non si legge nel terminale."),
            next_step=Words("Name a file: --output sheet.pdf", "Indicare un file: --output foglio.pdf"),
        )
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


def _to_file(content: bytes, output: Path) -> None:
    part = output.with_name(f"{output.name}.part")
    try:
        part.write_bytes(content)
        part.replace(output)
    except OSError as problem:
        raise UsageError(
            Words("The answer cannot be written.", "La risposta non può essere scritta."),
            where=Where(str(output)),
            why=Words(problem.strerror or "", problem.strerror or ""),
            next_step=Words(
                "Name a file in a folder that you may write to.", "Indicare un file in una cartella scrivibile."
            ),
        ) from None


def put_json(data: Any, output: Path | None = None) -> None:
    """Write an answer as JSON."""
    put(json.dumps(data, ensure_ascii=False, indent=1), output)


@contextlib.contextmanager
def progress(label: str, every: int = 20) -> Iterator[Progress | None]:
    """A line of progress on the terminal, beside the answer; nothing when nobody is looking."""
    if not sys.stderr.isatty():
        yield None
        return

    def advance(done: int, total: int) -> None:
        if done == total or done % every == 0:
            sys.stderr.write(f"\r{label}: {done}/{total}")
            sys.stderr.flush()

    try:
        yield advance
    finally:
        sys.stderr.write("\r\x1b[K")
