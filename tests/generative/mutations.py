"""Engines with a bug in them: a copy of the matching package in which one line of one module is changed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from types import SimpleNamespace

PACKAGE = "cartella.matching"


class _Changed(SourceFileLoader):
    """Loads a module with one change."""

    before = after = ""

    def source_to_code(self, data: object, path: object, **options: object) -> object:  # type: ignore[override]
        text = bytes(data).decode()  # type: ignore[call-overload]
        assert text.count(self.before) == 1, f"{self.before!r} stands {text.count(self.before)} times in {path}"
        return compile(text.replace(self.before, self.after), str(path), "exec")

    def get_code(self, fullname: str) -> object:  # type: ignore[override]
        return self.source_to_code(self.get_data(self.path), self.path)


class _Finder:
    def __init__(self, module: str, before: str, after: str) -> None:
        self.module, self.before, self.after = module, before, after
        found = find_spec(module)
        assert found is not None and found.origin is not None
        self.origin = found.origin

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.module:
            return None
        loader = _Changed(name, self.origin)
        loader.before, loader.after = self.before, self.after
        return spec_from_file_location(name, self.origin, loader=loader)


@contextmanager
def mutated(module: str, before: str, after: str) -> Iterator[SimpleNamespace]:
    """The engines of a matching package in which `before` in `module` reads `after`."""
    finder = _Finder(f"{PACKAGE}.{module}", before, after)
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(PACKAGE)}
    sys.meta_path.insert(0, finder)
    try:
        compiled = importlib.import_module(f"{PACKAGE}.compiled")
        yield SimpleNamespace(
            compile_trials=compiled.compile_trials,
            columns_of=importlib.import_module(f"{PACKAGE}.bulk.columns").columns_of,
            Engine=importlib.import_module(f"{PACKAGE}.bulk.engine").Engine,
            PreparedTrials=importlib.import_module(f"{PACKAGE}.prepared").PreparedTrials,
        )
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(kept)
