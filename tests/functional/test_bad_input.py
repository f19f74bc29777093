"""Bad input: a clear error with file, place, reason and next step; nothing lost, nothing half-written."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CRITERIA, PATIENT, Run, cartella, invented_study


def assert_clear(run: Run, code: int, *words: str) -> None:
    """The exit code, all words, a reason and a next step; and no answer."""
    assert run.code == code, run.err
    assert run.out == ""
    for word in (*words, "Why:", "What to do:"):
        assert word in run.err


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    path = tmp_path / "patient.yaml"
    path.write_text(PATIENT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe\x00", b"", b"{}", b"[1, 2]", b"- just\n- words\n", b"diagnosis: [\n"]
)
def test_patient_that_is_no_record(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "patient.json"
    path.write_bytes(content)
    assert_clear(cartella("match", path, home=tmp_path), 3, "patient.json")


def test_patient_file_that_is_a_directory(tmp_path: Path) -> None:
    assert_clear(cartella("match", tmp_path, home=tmp_path), 3, str(tmp_path), "directory")


def test_patient_file_that_is_not_there(tmp_path: Path) -> None:
    assert_clear(cartella("match", tmp_path / "none.json", home=tmp_path), 3, "none.json")


def test_truncated_gzip_of_a_patient(tmp_path: Path) -> None:
    path = tmp_path / "patient.json.gz"
    path.write_bytes(
        gzip.compress(json.dumps({"resourceType": "Bundle", "entry": []} | {"x": "y" * 9999}).encode())[:-20]
    )
    assert_clear(cartella("match", path, home=tmp_path), 3, "patient.json.gz")


def test_birth_date_in_the_future(tmp_path: Path) -> None:
    path = tmp_path / "patient.yaml"
    path.write_text(PATIENT.replace("1970", "2070"), encoding="utf-8")
    run = cartella("match", path, "--as-of", "2026-11-01", home=tmp_path)
    assert_clear(run, 3, "patient.yaml", "birth")
    assert "2070" not in run.err, "an error never quotes a value of the record"


@pytest.mark.parametrize(("old", "new"), [("ecog: 1", "ecog: 7"), ("112 10*9/L", "112 furlongs")])
def test_impossible_value_is_left_out_and_reported(patient: Path, tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(PATIENT.replace(old, new), encoding="utf-8")
    records = tmp_path / "one.json"
    records.write_text(json.dumps(invented_study(1, CRITERIA)), encoding="utf-8")
    run = cartella("match", path, "--from", records, "--format", "json", home=tmp_path)
    assert run.code == 0, run.err
    asked = "ECOG" if "ecog" in old else "Platelets"
    outcomes = [p["outcome"] for p in run.json["trials"][0]["points"] if p["text"] and asked in p["text"]]
    assert outcomes == ["unknown"], "what cannot be is not used"
    report = run.json["patient"]["report"]
    assert report["ignored"] + report["ambiguous"] >= 1


def test_bundle_with_ten_thousand_resources(tmp_path: Path) -> None:
    entries: list[dict[str, Any]] = [
        {"resource": {"resourceType": "Patient", "id": "p", "gender": "male", "birthDate": "1960-01-01"}}
    ]
    entries += [
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": "platelets"},
                "effectiveDateTime": f"20{10 + n % 15}-01-01",
                "valueQuantity": {"value": 100 + n % 50, "unit": "10*9/L"},
            }
        }
        for n in range(10_000)
    ]
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    run = cartella("match", path, "--format", "json", home=tmp_path)
    assert run.code == 0, run.err
    assert len(run.json["trials"]) == 10


@pytest.mark.parametrize("content", [b"not json at all", b"", b'{"studies": 7}', b'{"other": 1}'])
def test_registry_file_that_holds_no_study(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "studies.json"
    path.write_bytes(content)
    run = cartella("load", path, "--db", tmp_path / "some.db", home=tmp_path)
    assert_clear(run, 4, "studies.json")


def test_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(invented_study(n, CRITERIA * 20 + str(n * 7919))) for n in range(1, 200)).encode()
    path = tmp_path / "studies.jsonl.gz"
    packed = gzip.compress(lines, 1)
    path.write_bytes(packed[: len(packed) // 2])
    run = cartella("load", path, "--db", tmp_path / "some.db", home=tmp_path)
    assert run.code == 7, run.err
    assert "studies.jsonl.gz" in run.out
    info = cartella("info", "--db", tmp_path / "some.db", "--format", "json", home=tmp_path)
    assert 0 < info.json["trials"] < 199


def test_a_bad_line_is_reported_with_its_place_and_the_rest_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "studies.jsonl"
    one, two = (json.dumps(invented_study(n, CRITERIA)) for n in (1, 2))
    path.write_text(f"{one}\n{{broken\n{two}\n", encoding="utf-8")
    run = cartella("load", path, "--db", tmp_path / "some.db", home=tmp_path)
    assert run.code == 7
    assert "studies.jsonl, line 2" in run.out
    assert cartella("info", "--db", tmp_path / "some.db", "--format", "json", home=tmp_path).json["trials"] == 2


@pytest.mark.parametrize("criteria", ["", " \n ", "x " * 50_000, "(((" * 3000, "\u0000 \ud83d\ude00 ≥"])
def test_odd_eligibility_texts(patient: Path, tmp_path: Path, criteria: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(invented_study(1, criteria)), encoding="utf-8")
    run = cartella("match", patient, "--from", path, "--trial", "NCT90000001", "--format", "json", home=tmp_path)
    assert run.code == 0, run.err
    assert run.json["trials"][0]["group"] == "missing_information"


def test_store_that_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(b"this is no database" * 100)
    assert_clear(cartella("info", "--db", path, home=tmp_path), 5, "some.db")
    assert path.read_bytes() == b"this is no database" * 100


def test_store_that_is_not_there(tmp_path: Path) -> None:
    assert_clear(cartella("info", "--db", tmp_path / "none.db", home=tmp_path), 5, "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("match", "--example", "--as-of", "yesterday"), 2),
        (("match", "--example", "--near", "Xyzzyville"), 6),
        (("trial", "NCT99999999"), 6),
        (("search", "--disease", "xyzzy"), 6),
        (("search", "--country", "Xyzzyland"), 6),
        (("read", "/"), 4),
        (("read", "none.txt"), 4),
        (("example", "--output", "none/there.yaml"), 2),
    ],
)
def test_what_was_asked_for_cannot_be(tmp_path: Path, command: tuple[str, ...], code: int) -> None:
    run = cartella(*command, home=tmp_path)
    assert run.code == code, run.err
    assert run.out == ""
    italian = cartella(*command, "--lang", "it", home=tmp_path) if command[0] != "example" else run
    assert italian.err != run.err or command[0] == "example"


def test_no_patient_at_all(tmp_path: Path) -> None:
    run = cartella("match", home=tmp_path)
    assert run.code == 2
    assert "--example" in run.err
    assert cartella("match", "--example", "--order", "luck", home=tmp_path).code == 2


def test_answer_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("the former answer", encoding="utf-8")
    run = cartella("match", tmp_path / "none.json", "--format", "html", "--output", page, home=tmp_path)
    assert run.code == 3
    assert page.read_text(encoding="utf-8") == "the former answer"
