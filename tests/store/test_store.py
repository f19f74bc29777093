"""The store: what a load changes, what readers see, and what stays after a kill at any moment."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from registry_records import record

from cartella import clock
from cartella.errors import NotFound, StoreBusyError, StoreError, Where, Words
from cartella.registries.ctgov import record_id
from cartella.registries.files import read_files
from cartella.registries.records import RegistryRecord, Rejection
from cartella.store import default_database
from cartella.store.database import Store
from cartella.store.loading import BATCH

TODAY = date(2026, 11, 24)


def found(*records: dict[str, Any]) -> list[RegistryRecord]:
    return [RegistryRecord(record_id(each) or "", each, Where("invented.jsonl")) for each in records]


def titled(number: int, title: str, updated: str | None = "2026-05-01") -> dict[str, Any]:
    return record(number, updated=updated, identificationModule={"nctId": f"NCT9{number:07d}", "briefTitle": title})


def titles(store: Store) -> dict[str, str | None]:
    return {each.study.id[-1]: each.study.brief_title for each in store.studies()}


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "folder" / "store.db")


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with clock.fixed(TODAY), Store(path, create=True) as opened:
        yield opened


def test_an_empty_store_has_no_release_and_no_studies(store: Store) -> None:
    assert store.release() is None
    assert list(store.studies()) == []
    assert store.versions("NCT90000001") == ()


def test_a_load_makes_one_release(store: Store) -> None:
    report = store.load(found(titled(1, "one", "2026-03-01"), titled(2, "two")))
    assert (report.new, report.changed, report.older, report.unchanged, report.rejected) == (2, 0, 0, 0, 0)
    assert report.is_complete
    release = store.release()
    assert release is not None
    assert report.release == release.number
    assert (release.studies, release.newest_update) == (2, date(2026, 5, 1))
    assert release.completed_at.date() == TODAY
    assert titles(store) == {"1": "one", "2": "two"}


def test_loading_again_changes_nothing(store: Store) -> None:
    records = found(titled(1, "one"), titled(2, "two"), titled(1, "one, corrected"))
    store.load(records)
    before = store.release(), store.versions("NCT90000001"), titles(store)
    report = store.load(records)
    assert (report.new, report.changed, report.older, report.unchanged) == (0, 0, 0, 3)
    assert (store.release(), store.versions("NCT90000001"), titles(store)) == before
    assert before[0] is not None and report.release == before[0].number


def test_the_order_of_keys_is_no_change(store: Store) -> None:
    one = titled(1, "one")
    store.load(found(one))
    turned = {"protocolSection": dict(reversed(one["protocolSection"].items()))}
    assert store.load(found(turned)).unchanged == 1


def test_a_changed_record_becomes_a_version_and_the_old_one_stays(store: Store) -> None:
    store.load(found(titled(1, "one")))
    report = store.load(found(titled(1, "one, changed", "2026-06-01")))
    assert (report.new, report.changed) == (0, 1)
    assert titles(store) == {"1": "one, changed"}
    first, second = store.versions("nct90000001")
    assert (first.is_current, second.is_current) == (False, True)
    assert (first.last_update, second.last_update) == (date(2026, 5, 1), date(2026, 6, 1))
    assert first.release < second.release
    old = store.raw_record(first.hash)
    assert old["protocolSection"]["identificationModule"]["briefTitle"] == "one"


@pytest.mark.parametrize("updated", ["2026-04-30", None])
def test_an_older_or_undated_record_is_kept_but_hides_nothing(store: Store, updated: str | None) -> None:
    store.load(found(titled(1, "one")))
    report = store.load(found(titled(1, "one as it was", updated)))
    assert (report.changed, report.older) == (0, 1)
    assert titles(store) == {"1": "one"}
    assert [version.is_current for version in store.versions("NCT90000001")] == [True, False]


def test_files_may_be_loaded_in_any_order(tmp_path: Path) -> None:
    old, new = found(titled(1, "old", "2025-01-01")), found(titled(1, "new", "2026-01-01"))
    releases = []
    for name, loads in (("a.db", [old, new]), ("b.db", [new, old])):
        with Store(str(tmp_path / name), create=True) as store:
            for records in loads:
                store.load(records)
            releases.append(store.release())
            assert titles(store) == {"1": "new"}
    first, second = releases
    assert first is not None and second is not None
    assert first.name == second.name


def test_an_impossible_date_in_the_future_is_overtaken(store: Store) -> None:
    store.load(found(titled(1, "mistaken", "2099-01-01")))
    store.load(found(titled(1, "right", "2026-06-01")))
    assert titles(store) == {"1": "right"}


def test_rejections_are_counted_and_cost_nothing_else(store: Store) -> None:
    bad = Rejection(Where("invented.jsonl", line=2), Words("why", "perché"), Words("step", "passo"))
    one, two = found(titled(1, "one"), titled(2, "two"))
    report = store.load([one, bad, two])
    assert (report.new, report.rejected, report.rejections) == (2, 1, (bad,))
    assert not report.is_complete


def test_warnings_are_counted_by_kind(store: Store) -> None:
    report = store.load(found(record(1, statusModule={"overallStatus": "PAUSED"}), record(2)))
    assert report.warning_kinds == {"unknown_value": 1}
    assert [warning.study_id for warning in report.warnings] == ["NCT90000001"]


def test_a_load_of_nothing_makes_no_release(store: Store) -> None:
    report = store.load([])
    assert report.release is None
    assert store.release() is None


def test_one_study_by_its_number_in_any_case(store: Store) -> None:
    store.load(found(titled(1, "one")))
    assert store.study(" nct90000001").study.brief_title == "one"
    assert store.reading("NCT90000001").warnings == ()
    with pytest.raises(NotFound) as caught:
        store.study("NCT90000002")
    assert caught.value.exit_code == 6
    assert "NCT90000002" in caught.value.render("it")


def test_progress_counts_every_record(store: Store) -> None:
    steps: list[int] = []
    store.load(found(*(titled(i, "x") for i in range(5))), steps.append)
    assert steps == [1, 2, 3, 4, 5]


def test_more_than_a_batch_with_repeated_studies(store: Store) -> None:
    numbers = [i % (BATCH + 100) for i in range(2 * BATCH + 200)]
    report = store.load(found(*(titled(i, f"study {i}") for i in numbers)))
    assert (report.new, report.unchanged) == (BATCH + 100, BATCH + 100)
    assert len(list(store.studies())) == BATCH + 100


def test_readers_see_nothing_of_a_load_before_it_is_complete(store: Store, path: str) -> None:
    store.load(found(titled(1, "one")))
    before = store.release()
    seen: list[object] = []

    def records() -> Iterable[RegistryRecord]:
        yield from found(titled(1, "one, changed", "2026-06-01"), *(titled(i, "x") for i in range(2, BATCH + 10)))
        with Store(path) as reader:
            seen.extend([reader.release() == before, titles(reader), len(reader.versions("NCT90000001"))])

    store.load(records())
    assert seen == [True, {"1": "one"}, 1]
    assert len(list(store.studies())) == BATCH + 9


def test_a_reader_that_has_begun_sees_one_state_to_its_end(store: Store, path: str) -> None:
    store.load(found(*(titled(i, "before") for i in range(1500))))
    reading = store.studies()
    seen = [next(reading).study.brief_title]
    with Store(path) as other:
        other.load(found(*(titled(i, "after", "2026-06-01") for i in range(1500))))
    seen += [each.study.brief_title for each in reading]
    assert set(seen) == {"before"}
    assert {each.study.brief_title for each in store.studies()} == {"after"}


def test_an_error_in_the_middle_leaves_the_last_good_state(store: Store) -> None:
    store.load(found(titled(1, "one")))
    before = store.release()

    def failing() -> Iterator[RegistryRecord]:
        yield from found(*(titled(i, "new", "2026-09-01") for i in range(BATCH * 2)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.load(failing())
    assert store.release() == before
    assert titles(store) == {"1": "one"}
    report = store.load(found(*(titled(i, "new", "2026-09-01") for i in range(BATCH * 2))))
    assert (report.new, report.changed) == (BATCH * 2 - 1, 1)


LOADER = """
import sys, time
sys.path[:0] = [{tests!r}]
from test_store import found, titled
from cartella.store.database import Store

def records():
    for number in range(100_000):
        yield from found(titled(number, "from the one that was killed", "2026-09-01"))
        if number % 500 == 0:
            print(number, flush=True)

Store({path!r}, create=True).load(records())
"""


def start_loader(path: str) -> subprocess.Popen[bytes]:
    here = Path(__file__).parent
    code = f"import sys; sys.path.insert(0, {str(here.parent)!r})" + LOADER.format(tests=str(here), path=path)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("batches", [0, 1, 3, 6])
@pytest.mark.parametrize("with_earlier_release", [True, False])
def test_a_kill_at_any_moment_leaves_the_last_good_state(path: str, batches: int, with_earlier_release: bool) -> None:
    if with_earlier_release:
        with Store(path, create=True) as store:
            store.load(found(titled(1, "one"), titled(2, "two")))
            before = store.release()
    process = start_loader(path)
    assert process.stdout is not None
    with process.stdout as output:
        while int(output.readline()) < batches * BATCH:
            pass
        time.sleep(0.01 * batches)  # not always at the same place of a batch
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    with Store(path) as store:
        if with_earlier_release:
            assert store.release() == before
            assert titles(store) == {"1": "one", "2": "two"}
            assert len(store.versions("NCT90000001")) == 1
        else:
            assert store.release() is None
            assert list(store.studies()) == []
        again = [titled(i, "from the one that was killed", "2026-09-01") for i in range(1000)]
        report = store.load(found(*again))
        assert (report.new, report.changed) == ((998, 2) if with_earlier_release else (1000, 0))
        assert len(list(store.studies())) == 1000
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM release WHERE state != 'complete'").fetchone() == (0,)
    connection.close()


def test_two_loads_at_once_are_refused_and_the_first_goes_on(store: Store, path: str) -> None:
    def records() -> Iterator[RegistryRecord]:
        with Store(path) as other, pytest.raises(StoreBusyError):
            other.load(found(titled(2, "two")))
        yield from found(titled(1, "one"))

    store.load(records())
    assert titles(store) == {"1": "one"}


def test_derived_data_belong_to_record_code_and_knowledge(store: Store) -> None:
    store.load(found(titled(1, "one"), titled(2, "two")))
    one, two = (each.hash for each in store.studies())
    assert store.derived_missing("c1", "k1") == (one, two)
    store.derived_put("c1", "k1", {one: b"\x00first", two: b"second"})
    store.derived_put("c1", "k1", {one: b"written later and ignored"})
    assert store.derived_get("c1", "k1") == {one: b"\x00first", two: b"second"}
    assert store.derived_get("c2", "k1") == {} and store.derived_get("c1", "k2") == {}
    store.load(found(titled(2, "two, changed", "2026-06-01")))
    (missing,) = store.derived_missing("c1", "k1")
    assert missing == store.study("NCT90000002").hash
    assert store.derived_get("c1", "k1") == {one: b"\x00first"}
    store.derived_drop_others("c2", "k2")
    assert store.derived_get("c1", "k1") == {}
    assert titles(store) == {"1": "one", "2": "two, changed"}


def test_a_store_that_is_not_there_is_named(path: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert caught.value.exit_code == 5
    assert path in str(caught.value) and "cartella load" in str(caught.value)
    assert not Path(path).parent.exists()


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are my notes, and they matter to me. " * 50)
    with pytest.raises(StoreError, match="not a database"):
        Store(str(text), create=True)
    assert text.read_text().startswith("These are my notes")
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE patients (name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        Store(str(foreign), create=True)
    with pytest.raises(StoreError, match="directory"):
        Store(str(tmp_path), create=True)


def test_a_store_of_a_newer_version_is_refused(path: str) -> None:
    Store(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '99'")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(path)


def test_a_damaged_store_says_so(path: str) -> None:
    with Store(path, create=True) as store:
        store.load(found(*(titled(i, "x" * 500) for i in range(600))))
    data = bytearray(Path(path).read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    Path(path).write_bytes(data)
    with pytest.raises(StoreError), Store(path) as store:
        list(store.studies())


@pytest.mark.parametrize("url", ["nonsense://", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_url_that_cannot_be_opened_is_a_store_error(url: str) -> None:
    with pytest.raises(StoreError):
        Store(url)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as caught:
        Store("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_the_default_place_is_known_without_opening_it() -> None:
    assert default_database().name == "cartella.db"
    code = "import sys, cartella.store, cartella.errors; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_all_real_records_load_and_are_read(path: str, shared: Path) -> None:
    names = ["tcell-studies", "other-studies", "eligibility-text-all-diseases"]
    files = [str(shared / "registry" / f"{name}.jsonl.gz") for name in names]
    with clock.fixed(TODAY), Store(path, create=True) as store:
        first = store.load(read_files(files[:1]))
        assert (first.new, first.changed, first.older, first.rejected) == (2_907, 0, 0, 0)
        assert sum(1 for _ in store.studies()) == 2_907
        report = store.load(read_files(files))
        assert report.rejected == 0
        assert report.new + report.changed + report.older + report.unchanged == 13_979
        assert report.unchanged == 2_907
        release = store.release()
        assert release is not None and release.studies == 13_686
        assert store.load(read_files(files)).unchanged == 13_979
        assert store.release() == release
