"""The pages without a browser and without a network."""

from __future__ import annotations

import pytest

from cartella.services import Source

from .invented_trials import Pages, pages, source


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The invented trials, read once."""
    return source(tmp_path_factory.mktemp("studies"))


@pytest.fixture
def site(invented: Source) -> Pages:
    """The pages on the invented trials, in a fresh browser."""
    return pages(invented)
