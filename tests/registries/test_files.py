"""Reading registry files: every shape that is accepted, and everything that may be wrong with one."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from registry_records import record

from cartella.errors import RegistryFileError
from cartella.registries.files import Found, read_file, read_files
from cartella.registries.records import MAX_DEPTH, RegistryRecord, Rejection

RECORDS = [record(1), record(2), record(3)]
IDS = ["NCT90000001", "NCT90000002", "NCT90000003"]


def written(folder: Path, data: bytes | str, name: str = "studies.json") -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(each) + "\n" for each in records)


def ids(found: list[Found]) -> list[str]:
    return [each.id for each in found if isinstance(each, RegistryRecord)]


def rejections(found: list[Found]) -> list[Rejection]:
    return [each for each in found if isinstance(each, Rejection)]


SHAPES = {
    "json lines": lines(RECORDS),
    "json lines, no last newline": lines(RECORDS).rstrip("\n"),
    "json lines with blank lines and CRLF": "\n\n" + lines(RECORDS).replace("\n", "\r\n\r\n"),
    "page on one line": json.dumps({"studies": RECORDS, "nextPageToken": "abc"}),
    "page, pretty-printed": json.dumps({"totalCount": 3, "studies": RECORDS, "nextPageToken": "abc"}, indent=2),
    "array on one line": json.dumps(RECORDS),
    "array, pretty-printed": json.dumps(RECORDS, indent=4),
    "array with objects at the margin": "[\n" + ",\n".join(json.dumps(each) for each in RECORDS) + "\n]",
    "page with objects at the margin": '{"totalCount": 3, "studies": [' + ",\n".join(map(json.dumps, RECORDS)) + "\n]}",
    "page with its first object at the margin": '{"studies": [\n' + ",\n".join(map(json.dumps, RECORDS)) + "]}",
    "pages, one a line": json.dumps({"studies": RECORDS[:2]}) + "\n" + json.dumps({"studies": RECORDS[2:]}),
    "array of pages": json.dumps([{"studies": RECORDS[:1]}, {"studies": RECORDS[1:]}]),
    "studies one after the other, pretty-printed": "\n".join(json.dumps(each, indent=1) for each in RECORDS),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_every_shape_gives_the_same_records(tmp_path: Path, text: str, packed: bool, mark: bytes) -> None:
    data = mark + text.encode()
    found = list(read_file(written(tmp_path, gzip.compress(data) if packed else data)))
    assert ids(found) == IDS
    assert not rejections(found)
    assert [each.data for each in found if isinstance(each, RegistryRecord)] == RECORDS


@pytest.mark.parametrize("indent", [None, 2])
def test_one_study_alone(tmp_path: Path, indent: int | None) -> None:
    assert ids(list(read_file(written(tmp_path, json.dumps(RECORDS[0], indent=indent))))) == IDS[:1]


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    data = lines(RECORDS).encode()
    buffer = io.BytesIO(gzip.compress(data) if packed else data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))
    found = list(read_file("-"))
    assert ids(found) == IDS
    assert "standard input" in found[0].where.in_language("en")


def test_standard_input_of_a_real_process() -> None:
    code = "from cartella.registries.files import read_file\nprint(*(r.id for r in read_file('-')))"
    done = subprocess.run([sys.executable, "-c", code], input=lines(RECORDS).encode(), capture_output=True, check=True)
    assert done.stdout.decode().split() == IDS


def test_a_bad_line_is_skipped_and_named(tmp_path: Path) -> None:
    text = lines(RECORDS[:1]) + '{"protocolSection": \n' + lines(RECORDS[1:])
    name = written(tmp_path, text)
    found = list(read_file(name))
    assert ids(found) == IDS
    (rejection,) = rejections(found)
    assert (rejection.where.path, rejection.where.line) == (name, 2)
    assert "not valid JSON" in rejection.why.en
    assert rejection.why.it and rejection.next_step.en and rejection.next_step.it
    assert not rejection.rest_unread


@pytest.mark.parametrize("first", ['{"protocolSection": {', "rubbish", '{"a": NaN}'])
def test_a_bad_first_line_does_not_cost_the_others(tmp_path: Path, first: str) -> None:
    found = list(read_file(written(tmp_path, first + "\n" + lines(RECORDS))))
    assert ids(found) == IDS
    assert [each.where.line for each in rejections(found)] == [1]


NOT_RECORDS = {
    "no number": ('{"protocolSection": {}}', "no registry number"),
    "number of another kind": ('{"protocolSection": {"identificationModule": {"nctId": "ISRCTN1"}}}', "no study"),
    "number is no text": ('{"protocolSection": {"identificationModule": {"nctId": 7}}}', "no study"),
    "no object": ("[1, 2]", "no study"),
    "null": ("null", "no study"),
    "NaN": ('{"a": NaN}', "NaN"),
    "Infinity": ('{"a": -Infinity}', "Infinity"),
    "huge float": ('{"a": 1e999}', "too large"),
    "huge whole number": ('{"a": ' + "9" * 5000 + "}", "too long"),
    "nested too deeply": ('{"a":' * (MAX_DEPTH + 2) + "1" + "}" * (MAX_DEPTH + 2), "levels deep"),
    "nesting bomb": ("[" * 100_000 + "]" * 100_000, "levels deep"),
    "trailing comma": ('{"a": 1,}', "not valid JSON"),
}


@pytest.mark.parametrize(("bad", "reason"), NOT_RECORDS.values(), ids=NOT_RECORDS.keys())
@pytest.mark.parametrize("form", ["lines", "array", "page"])
def test_what_is_no_record_is_left_out_alone(tmp_path: Path, bad: str, reason: str, form: str) -> None:
    first, *others = (json.dumps(each) for each in RECORDS)
    if form == "lines":
        text = "\n".join([first, bad, *others])
    else:
        text = "[\n" + ",\n".join([first, bad, *others]) + "\n]"
        text = text if form == "array" else '{"studies":\n' + text + "}"
    found = list(read_file(written(tmp_path, text)))
    assert ids(found) == IDS
    (rejection,) = rejections(found)
    assert reason in rejection.why.en
    if form == "lines":
        assert rejection.where.line == 2
    else:
        assert rejection.where.item == 2
        assert rejection.where.offset == text.index(bad, text.index(first) + len(first))


def test_bytes_that_are_not_utf8_cost_one_record(tmp_path: Path) -> None:
    data = lines(RECORDS).encode().replace(b"Invented study 2", b"Invented \xe8 2")
    found = list(read_file(written(tmp_path, data)))
    assert ids(found) == [IDS[0], IDS[2]]
    assert "UTF-8" in rejections(found)[0].why.en


def test_text_with_brackets_quotes_and_backslashes_is_no_structure(tmp_path: Path) -> None:
    text = 'a ] } [ { " \\ \\" , : end\\'
    odd = record(1, descriptionModule={"briefSummary": text})
    found = list(read_file(written(tmp_path, json.dumps([odd, RECORDS[1]], indent=1))))
    assert isinstance(found[0], RegistryRecord)
    assert found[0].data["protocolSection"]["descriptionModule"]["briefSummary"] == text
    assert len(found) == 2


def test_elements_across_the_borders_of_chunks(tmp_path: Path) -> None:
    many = [record(i, descriptionModule={"briefSummary": '\\"}]' * (i % 977)}) for i in range(1200)]
    found = list(read_file(written(tmp_path, json.dumps({"studies": many}, indent=1))))
    assert [each.data for each in found if isinstance(each, RegistryRecord)] == many


@pytest.mark.parametrize("form", ["lines", "array"])
def test_truncated_gzip_keeps_what_came_before_and_says_so(tmp_path: Path, form: str) -> None:
    many = [record(i, descriptionModule={"briefSummary": f"{i * 7919 % 104729:x}" * 40}) for i in range(2000)]
    packed = gzip.compress((lines(many) if form == "lines" else json.dumps(many)).encode())
    found = list(read_file(written(tmp_path, packed[: len(packed) // 2], "half.json.gz")))
    kept = ids(found)
    assert 0 < len(kept) < 2000
    assert kept == [f"NCT9{i:07d}" for i in range(len(kept))]
    (rejection,) = rejections(found)
    assert rejection.rest_unread
    assert "truncated" in rejection.why.en
    assert "troncato" in rejection.error().render("it")


def test_gzip_that_ends_in_its_first_bytes(tmp_path: Path) -> None:
    packed = gzip.compress(lines(RECORDS).encode())
    for length in (2, 5, 10, 15, len(packed) - 9):
        name = written(tmp_path, packed[:length], "half.json.gz")
        (rejection,) = rejections(list(read_files([name])))
        assert rejection.rest_unread
        assert "truncated" in rejection.why.en, length


def test_damaged_gzip(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(lines(RECORDS * 200).encode()))
    packed[len(packed) // 2] ^= 0xFF
    found = list(read_files([written(tmp_path, bytes(packed), "bad.json.gz")]))
    assert rejections(found)[-1].rest_unread


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", ["array", "page", "study"])
def test_truncated_document(tmp_path: Path, form: str, indent: int | None) -> None:
    value: Any = {"array": RECORDS, "page": {"studies": RECORDS}, "study": RECORDS[0]}[form]
    text = json.dumps(value, indent=indent)
    found = list(read_file(written(tmp_path, text[: len(text) * 5 // 6])))
    assert ids(found) == ([] if form == "study" else IDS[:2])
    (rejection,) = rejections(found)
    assert rejection.rest_unread
    assert "truncated" in rejection.why.en


def test_brackets_that_do_not_match_end_the_reading_with_a_report(tmp_path: Path) -> None:
    text = "[" + json.dumps(RECORDS[0]) + "}, " + json.dumps(RECORDS[1]) + "]"
    found = list(read_file(written(tmp_path, text)))
    assert ids(found) == IDS[:1]
    assert rejections(found)[0].rest_unread


UNREADABLE = {
    "empty": (b"", "empty"),
    "only blank": (b" \n\n  \n", "not JSON"),
    "words": (b"Dear colleague,\nplease find attached\n", "not JSON"),
    "html": (b"<!DOCTYPE html><html></html>", "HTML"),
    "binary": (bytes(range(256)) * 20, "binary"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "UTF-16"),
    "zip": (b"PK\x03\x04rest", "zip"),
    "empty gzip": (gzip.compress(b""), "empty"),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_a_registry_file_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    name = written(tmp_path, data)
    with pytest.raises(RegistryFileError) as caught:
        list(read_file(name))
    error = caught.value
    assert error.exit_code == 4
    assert error.where is not None and error.where.path == name
    assert error.why is not None and reason in error.why.en
    assert error.next_step is not None and error.next_step.it


def test_a_directory_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RegistryFileError, match="directory"):
        list(read_file(str(tmp_path)))
    with pytest.raises(RegistryFileError, match="no such file"):
        list(read_file(str(tmp_path / "absent.json")))


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = written(tmp_path, lines(RECORDS), "good.jsonl")
    found = list(read_files([str(tmp_path), good, written(tmp_path, b"", "empty.json")]))
    assert ids(found) == IDS
    assert [each.rest_unread for each in rejections(found)] == [True, True]


@pytest.mark.parametrize("form", ["lines", "array"])
def test_a_large_file_is_read_in_bounded_memory(tmp_path: Path, form: str) -> None:
    """40 MB, far above the bound of 12 MB: what holds for them holds for 200."""
    path = tmp_path / "large.json"
    text = "x" * 40_000
    with path.open("w") as out:
        out.write("[\n" if form == "array" else "")
        for i in range(1000):
            out.write(json.dumps(record(i, descriptionModule={"briefSummary": text})))
            out.write(",\n" if form == "array" and i < 999 else "\n")
        out.write("]\n" if form == "array" else "")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_file(str(path))) == 1000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
