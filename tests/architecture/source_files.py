"""The source files of the package, as the architecture tests look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared_data import REPOSITORY

PACKAGE = REPOSITORY / "src" / "cartella"


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path

    @property
    def name(self) -> str:
        """The path inside the package."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def house(self) -> str:
        """The part of the house it belongs to: the first folder, or the module at the top."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every import, also the late ones inside functions: the line and the dotted name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}:{node.lineno}: imports are absolute here"
                assert node.module is not None
                for alias in node.names:
                    yield node.lineno, f"{node.module}.{alias.name}"


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
