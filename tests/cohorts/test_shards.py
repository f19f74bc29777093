"""A shard is done when its record is written: whatever dies, nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from kits import Part, Task

from cartella.matching.shards import Records, run

PARTS = [Part(number) for number in range(8)]


def squares(folder: Path) -> dict[int, int]:
    """What the records say."""
    found = {part.number: Records(folder, "key").read(part.number) for part in PARTS}
    return {number: record["square"] for number, record in found.items() if record is not None}


def test_every_part_is_done_once(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    failures = run(Task(str(tmp_path)), PARTS, Records(tmp_path, "key"), progress=lambda *t: told.append(t))
    assert not failures
    assert squares(tmp_path) == {number: number**2 for number in range(8)}
    assert told[0] == (0, 8) and told[-1] == (8, 8)
    run(Task(str(tmp_path)), PARTS, Records(tmp_path, "key"))
    assert Counter((tmp_path / "log").read_text().split()) == {str(number): 1 for number in range(8)}


def test_a_part_whose_file_is_gone_is_done_again(tmp_path: Path) -> None:
    run(Task(str(tmp_path)), PARTS, Records(tmp_path, "key"))
    (tmp_path / "out-3").unlink()
    run(Task(str(tmp_path)), PARTS, Records(tmp_path, "key"))
    assert Counter((tmp_path / "log").read_text().split())["3"] == 2
    assert (tmp_path / "out-3").exists()


def test_records_of_another_run_do_not_count(tmp_path: Path) -> None:
    run(Task(str(tmp_path)), PARTS, Records(tmp_path, "key"))
    assert Records(tmp_path, "another").read(0) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": "other"}'])
def test_a_damaged_record_is_none(tmp_path: Path, damage: bytes) -> None:
    records = Records(tmp_path, "key")
    run(Task(str(tmp_path)), PARTS, records)
    records.path(2).write_bytes(damage)
    assert records.read(2) is None


@pytest.mark.parametrize("workers", [1, 2])
def test_a_poisoned_part_is_named_and_the_others_are_done(tmp_path: Path, workers: int) -> None:
    failures = run(Task(str(tmp_path), fails=(5,)), PARTS, Records(tmp_path, "key"), workers=workers)
    assert failures == {5: "LookupError"}
    assert sorted(squares(tmp_path)) == [0, 1, 2, 3, 4, 6, 7]


def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    failures = run(Task(str(tmp_path), kills_once=(1,)), PARTS, Records(tmp_path, "key"), workers=2)
    assert not failures
    assert len(squares(tmp_path)) == 8


def test_a_part_that_always_kills_is_given_up_and_named(tmp_path: Path) -> None:
    failures = run(Task(str(tmp_path), kills=(2,)), PARTS, Records(tmp_path, "key"), workers=2)
    assert failures == {2: "killed"}
    assert len(squares(tmp_path)) == 7
