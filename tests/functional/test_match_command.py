"""`cartella match`, through the real command."""

import json
from pathlib import Path

import jsonschema
import pytest
from command_line import CRITERIA, PATIENT, cartella, invented_study

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "reference" / "match.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    path = tmp_path / "patient.yaml"
    path.write_text(PATIENT, encoding="utf-8")
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    studies = [
        invented_study(1, CRITERIA),
        invented_study(2, CRITERIA.replace("0 or 1", "<= 0"), status="COMPLETED"),
        invented_study(3, None),
        invented_study(4, CRITERIA, conditions=["Neuroblastoma"]),
        invented_study(5, CRITERIA, status="UNKNOWN", updated="2019-05-01"),
        invented_study(6, "Inclusion Criteria:\n\n* ECOG 0 or 1\n"),
    ]
    path = tmp_path / "studies.jsonl"
    path.write_text("\n".join(map(json.dumps, studies)), encoding="utf-8")
    return path


def test_answer_keeps_the_contract(patient: Path, records: Path, tmp_path: Path) -> None:
    run = cartella("match", patient, "--from", records, "--as-of", "2026-11-01", "--format", "json", home=tmp_path)
    assert run.code == 0, run.err
    jsonschema.validate(run.json, SCHEMA)
    text = CRITERIA
    trial = next(t for t in run.json["trials"] if t["id"] == "NCT90000001")
    for point in trial["points"]:
        if point["span"] is not None:
            start, end = point["span"]
            assert text[start:end] == point["text"]
            assert point["field"] is None
        else:
            assert point["field"] in ("minimumAge", "sex", "conditions")
    said = {point["text"].strip("* \n"): point["outcome"] for point in trial["points"] if point["text"]}
    assert said["ECOG performance status 0 or 1"] == "ok"
    assert said["Platelets >= 50 x 10^9/L"] == "ok"
    assert said["Written informed consent"] == "unknown"
    assert said["Active hepatitis B"] == "ok"
    assert said["Prior allogeneic stem cell transplant"] == "ok"
    assert trial["group"] == "missing_information"
    assert trial["sites"][0]["distance_km"] == 0


def test_groups_and_what_is_left_out(patient: Path, records: Path, tmp_path: Path) -> None:
    run = cartella("match", patient, "--from", records, "--as-of", "2026-11-01", "--format", "json", home=tmp_path)
    groups = {trial["id"]: trial["group"] for trial in run.json["trials"]}
    assert groups["NCT90000006"] == "no_obstacle"
    assert groups["NCT90000003"] == "missing_information", "without criteria text a trial can never come out clean"
    assert groups["NCT90000004"] == "conflict"
    assert "NCT90000002" not in groups, "completed"
    assert run.json["left_out"] == 1
    stale = next(trial for trial in run.json["trials"] if trial["id"] == "NCT90000005")
    assert stale["status"]["to_be_confirmed"] is True
    assert [t["rank"] for t in run.json["trials"]] == list(range(1, len(groups) + 1))


def test_a_trial_that_is_asked_for_is_shown_whatever_its_status(patient: Path, records: Path, tmp_path: Path) -> None:
    run = cartella(
        "match", patient, "--from", records, "--trial", "nct90000002", "--trial", "NCT99999999", "--format", "json",
        home=tmp_path,
    )  # fmt: skip
    assert [trial["id"] for trial in run.json["trials"]] == ["NCT90000002"]
    assert run.json["missing"] == ["NCT99999999"]
    assert run.json["trials"][0]["group"] == "conflict"


def test_same_bytes_again(patient: Path, records: Path, tmp_path: Path) -> None:
    command = ("match", patient, "--from", records, "--as-of", "2026-11-01", "--format", "json")
    assert cartella(*command, home=tmp_path).out == cartella(*command, home=tmp_path).out


def test_reference_day_moves_ages_and_status_but_hides_nothing(patient: Path, records: Path, tmp_path: Path) -> None:
    early = cartella("match", patient, "--from", records, "--as-of", "1985-01-01", "--format", "json", home=tmp_path)
    late = cartella("match", patient, "--from", records, "--as-of", "2027-11-01", "--format", "json", home=tmp_path)
    assert {t["id"] for t in early.json["trials"]} == {t["id"] for t in late.json["trials"]}
    of = {t["id"]: t for t in early.json["trials"]}["NCT90000006"]
    assert [p["outcome"] for p in of["points"] if p["field"] == "minimumAge"] == ["conflict"]
    assert {t["id"]: t for t in late.json["trials"]}["NCT90000001"]["status"]["to_be_confirmed"] is True


def test_order_can_be_chosen(patient: Path, tmp_path: Path) -> None:
    far = [{"facility": "Far", "city": "Palermo", "country": "Italy"}]
    near = [{"facility": "Near", "city": "Bergamo", "country": "Italy"}]
    studies = [
        invented_study(1, CRITERIA, locations=far, updated="2026-10-30"),
        invented_study(2, CRITERIA, locations=near, updated="2026-01-30"),
    ]
    path = tmp_path / "two.json"
    path.write_text(json.dumps({"studies": studies}), encoding="utf-8")
    command = ("match", patient, "--from", path, "--as-of", "2026-11-01", "--format", "json")

    def first(*more: str) -> str:
        return str(cartella(*command, *more, home=tmp_path).json["trials"][0]["id"])

    assert first() == "NCT90000002"
    assert first("--order", "freshness") == "NCT90000001"
    assert first("--near", "Palermo") == "NCT90000001"


def test_site_status_decides_nearness(patient: Path, tmp_path: Path) -> None:
    sites = [
        {"facility": "Closed", "city": "Milan", "country": "Italy", "status": "COMPLETED"},
        {"facility": "Open", "city": "Rome", "country": "Italy", "status": "RECRUITING"},
    ]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(invented_study(1, CRITERIA, locations=sites)), encoding="utf-8")
    run = cartella("match", patient, "--from", path, "--as-of", "2026-11-01", "--format", "json", home=tmp_path)
    trial = run.json["trials"][0]
    assert trial["status"]["value"] == "recruiting"
    assert 400 < trial["terms"]["distance_km"] < 600


def test_lists_can_be_declared_complete_or_not(patient: Path, records: Path, tmp_path: Path) -> None:
    def transplant(*more: str) -> str:
        run = cartella(
            "match", patient, "--from", records, "--trial", "NCT90000001", "--format", "json", *more, home=tmp_path
        )
        return next(
            str(p["outcome"]) for p in run.json["trials"][0]["points"] if p["text"] and "transplant" in p["text"]
        )

    assert transplant("--complete") == "ok"
    assert transplant("--incomplete") == "unknown"


@pytest.mark.parametrize(("lang", "heading"), [("it", "Nessun ostacolo trovato"), ("en", "No obstacle found")])
def test_text_and_html_in_both_languages(patient: Path, records: Path, tmp_path: Path, lang: str, heading: str) -> None:
    text = cartella("match", patient, "--from", records, "--lang", lang, home=tmp_path)
    assert text.code == 0
    assert heading in text.out
    page = tmp_path / "page.html"
    html = cartella(
        "match", patient, "--from", records, "--lang", lang, "--format", "html", "--output", page, home=tmp_path
    )
    assert html.code == 0
    assert heading in page.read_text(encoding="utf-8")
    assert "eligible" not in text.out + page.read_text(encoding="utf-8")


def test_the_sheet_for_the_doctor_is_a_pdf(patient: Path, records: Path, tmp_path: Path) -> None:
    def written(name: str) -> bytes:
        sheet = tmp_path / name
        common = ("--from", records, "--as-of", "2026-11-01", "--format", "pdf")
        run = cartella("match", patient, *common, "--output", sheet, home=tmp_path)
        assert (run.code, run.out, run.err) == (0, "", "")
        return sheet.read_bytes()

    first = written("one.pdf")
    assert first.startswith(b"%PDF-")
    assert written("two.pdf") == first


def test_language_of_the_environment(patient: Path, records: Path, tmp_path: Path) -> None:
    run = cartella("match", patient, "--from", records, home=tmp_path, environment={"LANG": "it_IT.UTF-8"})
    assert "Nessun ostacolo trovato" in run.out


def test_record_from_standard_input(records: Path, tmp_path: Path) -> None:
    run = cartella("match", "-", "--from", records, "--format", "json", home=tmp_path, stdin=PATIENT)
    assert run.json["patient"]["label"] == "test"


def test_example_needs_no_file_at_all(tmp_path: Path) -> None:
    run = cartella("match", "--example", "--format", "json", "--as-of", "2026-11-01", home=tmp_path)
    assert run.code == 0, run.err
    jsonschema.validate(run.json, SCHEMA)
    assert run.json["release"]["origin"] == "catalogue"
    assert run.json["release"]["as_of"] is not None
    assert len(run.json["trials"]) == 10
    assert all(point["span"] is None and point["text"] is None for t in run.json["trials"] for point in t["points"])


def test_example_can_be_written_edited_and_matched(tmp_path: Path) -> None:
    record = tmp_path / "me.yaml"
    record.write_text(cartella("example", home=tmp_path).out.replace("Milano", "Torino"), encoding="utf-8")
    run = cartella("match", record, "--format", "json", home=tmp_path)
    assert "Turin" in run.json["patient"]["place"]
