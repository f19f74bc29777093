"""Arrows point one way: which part of the house may know which."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from source_files import MODULES, Module

ANYWHERE = frozenset({"clock", "errors"})
"""May be imported by everything but `logic`, and import nothing themselves."""

VOCABULARY = frozenset({"logic", "trials", "knowledge", "places"})
RECORDS = VOCABULARY | {"reading", "patients"}
ANSWERS = RECORDS | {"matching", "catalogue"}
USE_CASES = ANSWERS | {"cohorts", "explaining", "registries", "store", "landscape", "network"}
FACE = frozenset({"services", "explaining", "catalogue", "logic", "trials"})
"""A face asks the use-cases and nothing else. What they answer consists of entries, expressions and explanations, and
it may name these to show them; it never opens a record, a text, a store or a registry by itself."""

MAY_IMPORT: dict[str, frozenset[str]] = {
    "__init__": frozenset(),
    "clock": frozenset(),
    "errors": frozenset(),
    "logic": frozenset(),
    "trials": frozenset({"logic"}),
    "knowledge": frozenset({"logic"}),
    "places": frozenset({"logic"}),
    "reading": VOCABULARY,
    "patients": VOCABULARY,
    "cohorts": RECORDS,
    "matching": RECORDS,
    "catalogue": RECORDS | {"matching"},
    "explaining": ANSWERS,
    "registries": frozenset({"logic", "trials"}),
    # Keeps the records as they came; the study in each is derived by the registries' mapping whenever it is needed.
    "store": frozenset({"logic", "trials", "registries"}),
    "landscape": VOCABULARY | {"store"},
    "network": VOCABULARY | {"store"},
    "services": USE_CASES,
    "cli": FACE | {"web"},  # `serve` starts the pages
    "web": FACE,
    "api": FACE,
    "mcp": FACE,
    "__main__": frozenset({"cli"}),
}
"""For each part of the house, the other parts it may know."""

ONLY: dict[str, frozenset[str]] = {
    "sqlalchemy": frozenset({"store"}),
    "sqlite3": frozenset({"store"}),
    "psycopg": frozenset({"store"}),
    "httpx": frozenset({"registries"}),
    "httpx2": frozenset({"registries"}),
    "requests": frozenset({"registries"}),
    "aiohttp": frozenset({"registries"}),
    "urllib3": frozenset({"registries"}),
    "urllib.request": frozenset({"registries"}),
    "http.client": frozenset({"registries"}),
    "socket": frozenset({"registries", "web"}),
    "numpy": frozenset({"matching"}),
    "pyarrow": frozenset({"matching", "cohorts"}),
    "dask": frozenset({"matching"}),
    "distributed": frozenset({"matching"}),
    "typer": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    "fastapi": frozenset({"web", "api"}),
    "starlette": frozenset({"web", "api"}),
    "uvicorn": frozenset({"web", "api"}),
    "jinja2": frozenset({"web"}),
    "cryptography": frozenset({"web"}),
    "vl_convert": frozenset({"web"}),
    "typst": frozenset({"explaining"}),
}
"""Libraries that one part of the house alone may know: SQL, the network, arrays, and what the faces are made of."""


def named(module: Module) -> str:
    return module.name


def part_of(imported: str) -> str | None:
    """The part of the house that an import names, None for a library."""
    top, _, rest = imported.partition(".")
    if top != "cartella":
        return None
    first = rest.partition(".")[0]
    return "__init__" if first == "__version__" or not first else first


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_imports_only_what_lies_below_it(module: Module) -> None:
    assert module.house in MAY_IMPORT, f"{module.house}: a new part of the house needs a place in MAY_IMPORT"
    allowed = MAY_IMPORT[module.house] | {module.house, "__init__"}
    if module.house not in ("logic", *ANYWHERE):
        allowed |= ANYWHERE
    wrong = [
        f"line {line}: {name}" for line, name in module.imports() if (part := part_of(name)) and part not in allowed
    ]
    assert not wrong, f"{module.name} may not import {wrong}"


def test_the_arrows_point_one_way() -> None:
    """The rule itself has no circle: the parts can be put in an order in which each knows only earlier ones."""
    placed: list[str] = []
    waiting = dict(MAY_IMPORT)
    while waiting:
        ready = sorted(part for part, below in waiting.items() if below <= set(placed))
        assert ready, f"a circle among {sorted(waiting)}"
        placed += ready
        for part in ready:
            del waiting[part]
    backbone = ["logic", "trials", "reading", "matching", "explaining", "services", "cli"]
    assert all(placed.index(lower) < placed.index(upper) for lower, upper in pairwise(backbone))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_library_is_known_to_one_part_only(module: Module) -> None:
    wrong = [
        f"line {line}: {name}"
        for line, name in module.imports()
        for library, parts in ONLY.items()
        if (name == library or name.startswith(f"{library}.")) and module.house not in parts
    ]
    assert not wrong, f"{module.name} may not import {wrong}"


@pytest.mark.parametrize("module", [m for m in MODULES if m.house == "logic"], ids=named)
def test_logic_knows_the_standard_library_only(module: Module) -> None:
    for line, name in module.imports():
        top = name.partition(".")[0]
        assert top in sys.stdlib_module_names or name.startswith("cartella.logic"), f"{module.name}:{line}: {name}"
