"""What a compiled entry depends on besides its record: the program's reading code, and its knowledge.

Both keys are hashes of files, so that a cached entry can never outlive a change of either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import cartella

_ROOT = Path(cartella.__file__).parent
_CODE = ("logic", "trials", "knowledge", "reading", "matching", "places", "catalogue", "registries")
_DATA = ("knowledge", "reading", "places")


@cache
def code_key() -> str:
    """A hash of all code that takes part in compiling an entry."""
    return _hash(path for name in _CODE for path in (_ROOT / name).rglob("*.py"))


@cache
def knowledge_key() -> str:
    """A hash of all data that take part in compiling an entry."""
    found = (path for name in _DATA for path in (_ROOT / name).rglob("*") if "data" in path.relative_to(_ROOT).parts)
    return _hash(path for path in found if path.is_file())


def _hash(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(path.relative_to(_ROOT).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:32]
