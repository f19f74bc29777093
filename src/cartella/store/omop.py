"""An OMOP CDM database as rows: the tables that a cohort is read from, with the concepts they use.

The connection only reads. A schema is named behind ``#``: ``postgresql://user@host/db#cdm``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from cartella.errors import StoreError, Where, Words

TABLES = (
    "person",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "measurement",
    "observation",
    "death",
)
_BATCH = 5000
_SUFFIX = "_concept_id"
_LEFT_OUT = ("type_concept_id", "source_concept_id", "race_concept_id", "ethnicity_concept_id")

Row = dict[str, Any]


def omop_tables(url: str) -> Iterator[tuple[str, Iterable[Row]]]:
    """Each table that is there, `person` first, with its rows; concepts are joined as ``..._concept_name``,
    ``..._concept_code`` and ``..._vocabulary_id``. StoreError where the database cannot be read."""
    address, _, schema = url.partition("#")
    try:
        engine = create_engine(address)
        file = engine.url.database
        if engine.dialect.name == "sqlite" and not (file and Path(file).is_file()):
            raise _problem(address, "there is no such file", "il file non esiste")
        metadata = MetaData(schema=schema or None)
        there = {name.lower(): name for name in inspect(engine).get_table_names(schema=schema or None)}
        if "person" not in there:
            raise _problem(address, "it has no table person", "manca la tabella person")
        wanted = [name for name in (*TABLES, "concept") if name in there]
        metadata.reflect(engine, only=[there[name] for name in wanted], resolve_fks=False)
        tables = {table.name.lower(): table for table in metadata.tables.values()}
        for name in wanted:
            if name != "concept":
                yield name, _rows(engine, tables[name], tables.get("concept"), address)
    except (SQLAlchemyError, ImportError) as error:
        raise _problem(address, type(error).__name__, type(error).__name__) from None


def _rows(engine: Engine, table: Table, concept: Table | None, address: str) -> Iterator[Row]:
    columns = {column.name.lower(): column for column in table.columns}
    asked: list[Any] = [column.label(name) for name, column in columns.items()]
    joined: Any = table
    if concept is not None:
        known = {column.name.lower(): column.name for column in concept.columns}
        for name, column in columns.items():
            if not name.endswith(_SUFFIX) or name.endswith(_LEFT_OUT):
                continue
            named = concept.alias(f"{name}_named")
            stem = name.removesuffix(_SUFFIX)
            joined = joined.outerjoin(named, (named.c[known["concept_id"]] == column) & (column != 0))
            asked += [
                named.c[known["concept_name"]].label(f"{stem}_concept_name"),
                named.c[known["concept_code"]].label(f"{stem}_concept_code"),
                named.c[known["vocabulary_id"]].label(f"{stem}_vocabulary_id"),
            ]
    query = select(*asked).select_from(joined).order_by(columns["person_id"])
    try:
        with engine.connect() as connection:
            for row in connection.execution_options(stream_results=True, yield_per=_BATCH).execute(query).mappings():
                yield dict(row)
    except SQLAlchemyError as error:
        raise _problem(address, type(error).__name__, type(error).__name__) from None


def _problem(address: str, english: str, italian: str) -> StoreError:
    """The address may hold a password: only its kind is told."""
    return StoreError(
        Words("The OMOP database cannot be read.", "La base di dati OMOP non è leggibile."),
        where=Where(address.partition("://")[0]),
        why=Words(english, italian),
        next_step=Words(
            "Check the address (sqlite:///file.db, postgresql://...#schema) and the permissions.",
            "Controllare l'indirizzo (sqlite:///file.db, postgresql://...#schema) e i permessi.",
        ),
    )
