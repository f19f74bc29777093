"""The commands for whole cohorts, as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import cartella

DAY = ("--as-of", "2026-11-01")
TRIAL = ("--trial", "NCT06096038")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort")
    run = cartella("cohort", "sample", "25", "--out", folder / "cohort.csv", *DAY, home=folder)
    assert run.code == 0, run.err
    return folder / "cohort.csv"


def test_a_sample_is_the_same_for_the_same_seed(cohort: Path, tmp_path: Path) -> None:
    for name, seed in (("again.csv", "0"), ("other.csv", "1")):
        run = cartella("cohort", "sample", "25", "--out", tmp_path / name, "--seed", seed, *DAY, home=tmp_path)
        assert run.code == 0
    assert (tmp_path / "again.csv").read_bytes() == cohort.read_bytes()
    assert (tmp_path / "other.csv").read_bytes() != cohort.read_bytes()


def test_a_cohort_with_rubbish_is_matched_and_the_exit_code_tells(cohort: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    lines = cohort.read_text().splitlines()
    broken.write_text("\n".join(lines[:10] + ["rubbish,row"] * 8 + lines[10:]) + "\n")
    out = tmp_path / "out"
    run = cartella("cohort", "match", broken, "--out", out, *TRIAL, *DAY, "--format", "json", home=tmp_path)
    assert run.code == 7, run.err
    assert run.json["patients"] == 25
    assert run.json["cohort"]["left_out"] == {"wrong_number_of_cells": 8}
    assert sum(run.json["pairs"].values()) == 25
    said = cartella("cohort", "match", broken, "--out", out, *TRIAL, *DAY, "--lang", "it", home=tmp_path)
    assert said.code == 7
    assert "25 pazienti × 1 studi = 25 coppie" in said.out
    assert "Esclusi: 8 – la riga ha più o meno celle dell'intestazione" in said.out


def test_a_list_of_trials_may_come_from_a_file(cohort: Path, tmp_path: Path) -> None:
    listed = tmp_path / "trials.txt"
    listed.write_text("# ours\nnct06096038 the first\n")
    run = cartella("cohort", "match", cohort, "--out", tmp_path / "o", "--trials", listed, *DAY, home=tmp_path)
    assert run.code == 0 and "NCT06096038" in run.out


@pytest.mark.parametrize(("lang", "words"), [("en", "missing test or question"), ("it", "esame o domanda che manca")])
def test_the_missing_tests_are_listed(cohort: Path, tmp_path: Path, lang: str, words: str) -> None:
    out = tmp_path / "tests"
    run = cartella("cohort", "tests", cohort, *TRIAL, *DAY, "--lang", lang, "--out", out, home=tmp_path)
    assert run.code == 0, run.err
    assert words in run.out
    assert (out / "tests.csv").read_text().startswith("test,name,settles,can_settle")


def test_feasibility_of_a_registered_trial(cohort: Path, tmp_path: Path) -> None:
    run = cartella("feasibility", cohort, "NCT06096038", *DAY, "--format", "json", home=tmp_path)
    assert run.code == 0, run.err
    assert run.json["patients"] == 25
    remaining = [point["remaining"] for point in run.json["points"]]
    assert remaining == sorted(remaining, reverse=True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cohort", "match", "none.csv", "--out", "out"), 3),
        (("cohort", "match", "sqlite:///none.db", "--out", "out"), 5),
        (("cohort", "tests", "none.parquet"), 3),
        (("feasibility", "none.csv", "NCT06096038"), 3),
        (("cohort", "match", "none.csv"), 2),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: int, tmp_path: Path) -> None:
    run = cartella(*words, home=tmp_path, environment={"PWD": str(tmp_path)})
    assert run.code == code, run.err
    assert run.err.strip()


def test_a_single_match_loads_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys; from cartella.cli.app import app\n"
        "sys.argv = ['cartella', 'match', '--example', '--show', '1']\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "import json; sys.stderr.write(json.dumps(sorted({'numpy', 'pyarrow', 'distributed'} & set(sys.modules))))"
    )
    environment = {**os.environ, "HOME": os.devnull, "XDG_DATA_HOME": os.devnull}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert json.loads(done.stderr.splitlines()[-1]) == []
