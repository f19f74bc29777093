"""What is imported is declared, what is declared is imported; the lock has hashes and no addresses."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from shared_data import REPOSITORY
from source_files import MODULES

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    """The names of packages in a list of requirements, in their normal form."""
    return {normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RUNTIME = names(PROJECT["dependencies"])
LOADED_BY_OTHERS = {"python-multipart"}
"""What a library of ours imports when a form is read."""
EXTRAS = {extra: names(listed) for extra, listed in PROJECT["optional-dependencies"].items()}


def test_the_program_imports_exactly_what_it_declares() -> None:
    tops = {name.partition(".")[0] for module in MODULES for _, name in module.imports()}
    foreign = tops - sys.stdlib_module_names - {"cartella"}
    provided = packages_distributions()
    assert {normal(provided[top][0]) for top in foreign} == RUNTIME | EXTRAS["cohorts"] | EXTRAS[
        "web"
    ] - LOADED_BY_OTHERS


def test_the_lock_holds_every_package_of_the_program_and_of_its_development() -> None:
    locked = {normal(found) for found in re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)}
    assert RUNTIME | EXTRAS["cohorts"] | EXTRAS["web"] | EXTRAS["dev"] <= locked


@pytest.mark.parametrize("entry", re.split(r"\n(?=\w)", LOCK.strip()), ids=lambda entry: entry.partition("=")[0])
def test_every_package_in_the_lock_has_hashes_and_names_no_address(entry: str) -> None:
    first, *hashes = (line.strip().removesuffix("\\").strip() for line in entry.splitlines())
    assert re.fullmatch(r"[\w.-]+==[\w.+]+( ; .+)?", first)
    assert hashes and all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)


def test_the_build_uses_the_builder_that_is_locked() -> None:
    build = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    for requirement in build:
        assert re.search(rf"^{re.escape(requirement)} ", LOCK, re.MULTILINE), requirement
