"""Tables and lines in files: CSV (plain or gzipped), Parquet, JSON lines, read a piece at a time."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from cartella.errors import InputError, UsageError, Where, Words

CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")
LINES_SUFFIXES = (".ndjson", ".jsonl", ".json", ".ndjson.gz", ".jsonl.gz", ".json.gz")
_DELIMITERS = ",;\t|"
_BATCH = 4096
_PROBE = 1 << 20


def has_suffix(path: Path, suffixes: tuple[str, ...]) -> bool:
    """Whether the name ends in one of the suffixes."""
    return path.name.lower().endswith(suffixes)


def parquet() -> Any:
    """The Parquet library, or a UsageError that says how to get it."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            Words("Cohorts need more packages.", "Per le coorti servono altri pacchetti."),
            why=Words("pyarrow is not installed.", "pyarrow non è installato."),
            next_step=Words(
                "Install them: pip install 'cartella[cohorts]'.", "Installarli: pip install 'cartella[cohorts]'."
            ),
        ) from None
    return pyarrow.parquet


def parquet_file(path: Path) -> Any:
    """A Parquet file, opened. InputError where it is none."""
    library = parquet()
    try:
        return library.ParquetFile(path)
    except (OSError, ValueError) as error:  # ArrowInvalid is a ValueError
        raise unreadable(
            path, "this is no Parquet file, or it is damaged", "non è un file Parquet, o è rovinato"
        ) from error


def unreadable(path: Path, english: str, italian: str) -> InputError:
    """A file of a cohort that cannot be read as a whole."""
    return InputError(
        Words("The cohort cannot be read.", "La coorte non si può leggere."),
        where=Where(str(path)),
        why=Words(english, italian),
        next_step=Words(
            "See docs/reference/cohort.md for the forms that are read.",
            "I formati leggibili sono descritti in docs/reference/cohort.md.",
        ),
    )


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where it is gzipped. InputError where it is not there."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise unreadable(path, error.strerror or "it cannot be opened", "non si può aprire") from None
    with file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file) as unpacked:
            yield cast("IO[bytes]", unpacked)


class Table:
    """A table in a file: its columns, and its rows one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_parquet = has_suffix(path, PARQUET_SUFFIXES)
        self.encoding = "utf-8"
        self._delimiter = ","
        self.columns = tuple(parquet_file(path).schema_arrow.names) if self.is_parquet else self._header()

    def _header(self) -> tuple[str, ...]:
        with opened(self.path) as file:
            try:
                start = file.read(_PROBE)
            except (OSError, EOFError):
                raise unreadable(self.path, "the gzip data are damaged", "i dati gzip sono rovinati") from None
        try:
            text = start.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if error.start < len(start) - 4 or len(start) < _PROBE:
                self.encoding = "cp1252"
            text = start.decode(self.encoding, errors="replace")
        first = text.split("\n", 1)[0]
        self._delimiter = max(_DELIMITERS, key=first.count)
        header = next(csv.reader(io.StringIO(text), delimiter=self._delimiter), [])
        if not header:
            raise unreadable(self.path, "it is empty", "è vuoto")
        return tuple(name.strip().lstrip("\ufeff") for name in header)

    def rows(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Each row with its number from 1 (the line of a CSV file), as a dict, or as the reason why it is none."""
        if self.is_parquet:
            number = 0
            for batch in parquet_file(self.path).iter_batches(_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
            return
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        with opened(self.path) as file:
            text = io.TextIOWrapper(file, self.encoding, errors="replace", newline="")
            reader = csv.reader((line.replace("\0", "") for line in text), delimiter=self._delimiter)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (csv.Error, OSError, EOFError):
                    yield reader.line_num, "not_a_row"
                    return
                if reader.line_num == 1 or not any(cells):
                    continue
                if len(cells) != len(self.columns):
                    yield reader.line_num, "wrong_number_of_cells"
                else:
                    yield reader.line_num, dict(zip(self.columns, cells, strict=True))


def parquet_rows(path: Path, start: int, stop: int) -> Iterator[dict[str, Any]]:
    """The rows `start` to `stop` (exclusive) of a Parquet file."""
    file = parquet_file(path)
    first = 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        if first < stop and first + length > start:
            table = file.read_row_group(group).slice(
                max(0, start - first), min(stop, first + length) - max(start, first)
            )
            for batch in table.to_batches(_BATCH):
                yield from batch.to_pylist()
        first += length


def line_starts(path: Path, size: int) -> list[tuple[int, int, int]]:
    """Ranges of bytes of `size` lines each: start, stop, number of the first line from 1."""
    found, start, line, position = [], 0, 0, 0
    first = 1
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            place = 0
            while (end := block.find(b"\n", place)) >= 0:
                line += 1
                place = end + 1
                if line % size == 0:
                    found.append((start, position + place, first))
                    start, first = position + place, line + 1
            position += len(block)
    if position > start:
        found.append((start, position, first))
    return found


def lines(path: Path, start: int, stop: int) -> Iterator[bytes]:
    """The lines between two bytes."""
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (line := file.readline()):
            start += len(line)
            yield line
