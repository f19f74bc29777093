"""Where the shared data folder is: the one place that knows.

The folder is named by the environment variable ``CARTELLA_SHARED``, or is called ``shared`` and lies next to the
repository. Nothing of it is part of the repository, so a test that needs it skips where it is absent.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_folder() -> Path | None:
    """The shared data folder, or None where there is none.

    A ``CARTELLA_SHARED`` that names no folder is an error, not an absence: a mistyped name must not turn into tests
    that silently do not run.
    """
    named = os.environ.get("CARTELLA_SHARED")
    if named:
        folder = Path(named)
        if not folder.is_dir():
            raise FileNotFoundError(f"CARTELLA_SHARED names {named!r}, which is not a folder; correct or unset it")
        return folder
    folder = REPOSITORY.parent / "shared"
    return folder if folder.is_dir() else None


def require_shared(path: str = "") -> Path:
    """The folder, or the file or folder `path` inside it; the test is skipped where it is absent."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("needs the shared data: set CARTELLA_SHARED, or put the folder 'shared' next to the repository")
    found = folder / path
    if not found.exists():
        pytest.skip(f"needs {path!r} of the shared data, which this copy does not hold")
    return found
