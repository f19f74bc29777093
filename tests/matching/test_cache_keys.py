"""What was read of a record is kept only as long as nothing that it depends on has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cartella.catalogue import keys


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("reading/grammar.py", "reading/therapy/data/cues.csv", "knowledge/data/names.csv", "cli/app.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one", encoding="utf-8")
    monkeypatch.setattr(keys, "_ROOT", tmp_path)
    yield tmp_path
    keys.code_key.cache_clear()
    keys.knowledge_key.cache_clear()


def current() -> tuple[str, str]:
    keys.code_key.cache_clear()
    keys.knowledge_key.cache_clear()
    return keys.code_key(), keys.knowledge_key()


@pytest.mark.parametrize(
    ("name", "code_changes", "knowledge_changes"),
    [
        ("reading/grammar.py", True, False),
        ("reading/therapy/data/cues.csv", False, True),
        ("knowledge/data/names.csv", False, True),
        ("cli/app.py", False, False),
    ],
)
def test_keys_follow_the_files(root: Path, name: str, code_changes: bool, knowledge_changes: bool) -> None:
    before = current()
    (root / name).write_text("two", encoding="utf-8")
    after = current()
    assert (before[0] != after[0], before[1] != after[1]) == (code_changes, knowledge_changes)


def test_a_new_file_changes_the_key(root: Path) -> None:
    before = current()
    (root / "reading" / "more.py").write_text("", encoding="utf-8")
    assert current()[0] != before[0]
