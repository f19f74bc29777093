"""`load`, `info`, `search`, `trial`, `read`, `catalogue build`, `--help`, through the real command."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pytest
from command_line import CRITERIA, PATIENT, cartella, invented_study


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "studies.jsonl.gz"
    studies = [
        invented_study(1, CRITERIA),
        invented_study(2, None, status="COMPLETED"),
        invented_study(3, CRITERIA, conditions=["Neuroblastoma"], locations=[{"city": "Paris", "country": "France"}]),
    ]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, studies)).encode()))
    return path


def test_help_tells_a_story_and_names_every_command(tmp_path: Path) -> None:
    run = cartella("--help", home=tmp_path)
    for command in ("match", "load", "trial", "read", "search", "info", "catalogue", "example"):
        assert f"  {command} " in run.out
        assert cartella(command, "--help", home=tmp_path).code == 0
    assert "does not decide" in " ".join(run.out.split())


def test_load_is_idempotent_and_then_used_by_default(records: Path, tmp_path: Path) -> None:
    first = cartella("load", records, "--format", "json", home=tmp_path)
    assert first.code == 0, first.err
    assert (first.json["new"], first.json["unchanged"]) == (3, 0)
    again = cartella("load", records, "--format", "json", home=tmp_path)
    assert (again.json["new"], again.json["unchanged"]) == (0, 3)
    assert cartella("info", "--format", "json", home=tmp_path).json["trials"] == 3
    record = tmp_path / "patient.yaml"
    record.write_text(PATIENT, encoding="utf-8")
    run = cartella("match", record, "--format", "json", home=tmp_path)
    assert run.json["release"]["origin"] == "store"
    assert "NCT90000001" in {trial["id"] for trial in run.json["trials"]}
    assert any(point["text"] for point in run.json["trials"][0]["points"])


def test_a_store_and_its_files_give_the_same_points(records: Path, tmp_path: Path) -> None:
    record, store = tmp_path / "patient.yaml", tmp_path / "some.db"
    record.write_text(PATIENT, encoding="utf-8")
    assert cartella("load", records, "--db", store, home=tmp_path).code == 0
    command = ("match", record, "--as-of", "2026-11-01", "--format", "json")
    from_files = cartella(*command, "--from", records, home=tmp_path).json
    from_store = cartella(*command, "--db", store, home=tmp_path).json
    assert from_store["trials"] == from_files["trials"]


def test_an_id_that_the_store_lacks_is_looked_up_in_the_catalogue(records: Path, tmp_path: Path) -> None:
    cartella("load", records, home=tmp_path)
    listed = cartella(
        "search",
        "--any-status",
        "--any-kind",
        "--format",
        "json",
        home=tmp_path,
        environment={"XDG_DATA_HOME": str(tmp_path / "none")},
    )
    known = listed.json["trials"][0]["id"]
    run = cartella("trial", known, "--format", "json", home=tmp_path)
    assert run.code == 0
    assert run.json["trial"]["id"] == known


def test_changed_record_is_read_again(records: Path, tmp_path: Path) -> None:
    store, changed = tmp_path / "some.db", tmp_path / "changed.json"
    cartella("load", records, "--db", store, home=tmp_path)
    changed.write_text(
        json.dumps(invented_study(1, "Inclusion Criteria:\n\n* ECOG 0\n", updated="2026-10-01")), encoding="utf-8"
    )
    run = cartella("load", changed, "--db", store, "--format", "json", home=tmp_path)
    assert run.json["changed"] == 1
    read = cartella("read", "NCT90000001", "--db", store, "--format", "json", home=tmp_path)
    assert [point["text"].strip("* \n") for point in read.json["points"]] == ["ECOG 0"]


def test_search(records: Path, tmp_path: Path) -> None:
    def ids(*words: str) -> list[str]:
        run = cartella("search", *words, "--from", records, "--format", "json", home=tmp_path)
        assert run.code == 0, run.err
        return [trial["id"] for trial in run.json["trials"]]

    assert ids() == ["NCT90000001", "NCT90000003"]
    assert ids("--any-status") == ["NCT90000001", "NCT90000002", "NCT90000003"]
    assert ids("--status", "completed") == ["NCT90000002"]
    assert ids("--disease", "neuroblastoma") == ["NCT90000003"]
    assert ids("--country", "Francia") == ["NCT90000003"]
    assert ids("--near", "Lyon") == ["NCT90000001", "NCT90000003"]
    assert ids("--near", "Milano", "--within", "50") == ["NCT90000001"]
    assert ids("--phase", "1") == ["NCT90000001", "NCT90000003"]
    assert ids("--phase", "3") == []
    assert ids("invented", "milan") == ["NCT90000001"]


@pytest.mark.parametrize("lang", ["it", "en"])
def test_trial_read_info_search_in_words(records: Path, tmp_path: Path, lang: str) -> None:
    shown = cartella("trial", "nct90000001", "--from", records, "--lang", lang, home=tmp_path)
    assert shown.code == 0, shown.err
    assert "Milan" in shown.out
    assert "clinicaltrials.gov/study/NCT90000001" in shown.out
    assert cartella("info", "--from", records, "--lang", lang, home=tmp_path).code == 0
    empty = cartella("search", "nothing-like-this", "--from", records, "--lang", lang, home=tmp_path)
    assert ("Nothing was found" if lang == "en" else "Nessun risultato") in empty.out
    tree = cartella("read", "NCT90000001", "--from", records, "--lang", lang, home=tmp_path)
    assert "Platelets" in tree.out


def test_read_gives_points_and_fillers_that_cover_the_text(tmp_path: Path) -> None:
    run = cartella("read", "-", "--format", "json", home=tmp_path, stdin=CRITERIA)
    spans = sorted([*(point["span"] for point in run.json["points"]), *run.json["fillers"]])
    assert spans[0][0] == 0
    assert spans[-1][1] == len(CRITERIA)
    assert all(one[1] == other[0] for one, other in pairwise(spans))


def test_catalogue_build_is_repeatable_and_holds_no_sentence(records: Path, tmp_path: Path) -> None:
    one, other, store = tmp_path / "one.gz", tmp_path / "other.gz", tmp_path / "some.db"
    assert cartella("catalogue", "build", "--from", records, "--output", one, home=tmp_path).code == 0
    cartella("load", records, "--db", store, home=tmp_path)
    assert cartella("catalogue", "build", "--db", store, "--output", other, home=tmp_path).code == 0
    assert one.read_bytes() == other.read_bytes()
    content = gzip.decompress(one.read_bytes()).decode()
    assert "NCT90000001" in content
    assert "informed consent" not in content
    assert "study 1" not in content, "titles are composed, not copied"


def test_coverage_of_files_and_of_a_store_are_the_same(records: Path, tmp_path: Path) -> None:
    store = tmp_path / "some.db"
    assert cartella("load", records, "--db", store, home=tmp_path).code == 0
    command = ("read", "--coverage", "--format", "json")
    from_files = cartella(*command, "--from", records, home=tmp_path).json
    from_store = cartella(*command, "--db", store, home=tmp_path).json
    for part in ("texts", "points", "concepts", "concerns", "unread"):
        assert from_files[part] == from_store[part]
    points = from_files["points"]
    assert points["total"] == sum(points[kind] for kind in ("read", "partly", "judgement", "unread")) > 0
    said = cartella("read", "--coverage", "--from", records, "--lang", "it", home=tmp_path)
    assert "Espressioni non lette" in said.out


def test_coverage_needs_texts_and_stands_alone(records: Path, tmp_path: Path) -> None:
    nothing = cartella("read", "--coverage", home=tmp_path)
    assert nothing.code == 6, "the catalogue holds no texts"
    for wrong in (("read",), ("read", "NCT90000001", "--coverage", "--from", records)):
        run = cartella(*wrong, home=tmp_path)
        assert run.code == 2
        assert "--coverage" in run.err
