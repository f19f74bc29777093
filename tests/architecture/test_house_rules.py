"""Rules that hold for every file."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_data import REPOSITORY
from source_files import MODULES, Module

LONGEST = 600
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")))
MACHINE_PATHS = re.compile(r"(?<![\w.~}-])/(work|tm" + r"p|home|root|Users)/\w")
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".json", ".html", ".css", ".js", ".sql", ".txt", ".cfg", ""}


def named(module: Module) -> str:
    return module.name


def tracked_files() -> list[Path]:
    """The text files under version control."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("needs a checkout: these rules hold for the files under version control")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True, text=True)
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    """Where `pattern` stands in the files."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                yield f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_module_is_too_long(module: Module) -> None:
    length = len(module.path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST, f"{module.name} has {length} lines; split it by what it is about"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_every_public_name_is_described(module: Module) -> None:
    missing = [] if ast.get_docstring(module.tree) else ["the module itself"]
    missing += [f"line {node.lineno}: {node.name}" for node in public(module.tree.body) if not ast.get_docstring(node)]
    assert not missing, f"{module.name} lacks docstrings: {missing}"


def public(body: list[ast.stmt]) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The public classes and functions of a module."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_only_the_clock_knows_what_day_it_is(module: Module) -> None:
    if module.house == "clock":
        return
    asked = [
        f"line {node.lineno}: {node.value.id}.{node.attr}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("date", "datetime")
        and node.attr in ("today", "now", "utcnow")
    ]
    assert not asked, f"{module.name} asks for the day itself instead of cartella.clock: {asked}"


def test_nothing_is_marked_as_unfinished() -> None:
    paths = [path for path in tracked_files() if path.suffix in (".py", ".md", ".toml", ".yaml")]
    assert not list(lines_with(UNFINISHED, paths))


def test_no_file_names_a_path_of_one_machine() -> None:
    assert not list(lines_with(MACHINE_PATHS, tracked_files()))


def test_the_pattern_for_machine_paths_finds_them_and_nothing_else() -> None:
    folder = "tm" + "p"
    for text in (f"/{folder}/x", f"open('/{folder}/x')", f"in /{'work'}/main", f"/{'home'}/someone/file"):
        assert MACHINE_PATHS.search(text), text
    for text in (f"framework/{'home'}/page", f"https://example.org/{'work'}/list", f"build/{folder}/x"):
        assert not MACHINE_PATHS.search(text), text
