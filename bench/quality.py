#!/usr/bin/env python3
"""The gold score, by one command: `python bench/quality.py`.

Compares what `cartella match` says with lines labelled by hand, through the real command. The labelled lines, the
patients and the registry records are not part of the repository: they lie in the folder that CARTELLA_SHARED names, or
in `shared` next to the repository. Other folders of the same shape (gold.json, patients/, score.py) are measured with
`--gold FOLDER`. `--update` writes the numbers, with data and version, into docs/reference/quality.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
FLOOR = {"false_conflict_rate": 0.01, "false_ok_rate": 0.04, "decided_rate": 0.60, "absent_lines": 0}


def shared_folder() -> Path:
    """Where the shared data lie; ends the program with a clear word when they do not."""
    folder = Path(os.environ.get("CARTELLA_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        sys.exit("needs the shared data: set CARTELLA_SHARED, or put the folder 'shared' next to the repository")
    return folder


def score(gold: Path, scorer: Path, records: list[Path], show: int) -> dict[str, float]:
    """Run the scorer of the gold set; its words go to standard output."""
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "result.json"
        command = [sys.executable, "-m", "cartella"]
        extra = [part for record in records for part in ("--from", str(record))]
        run = [
            sys.executable, str(scorer), "--gold", str(gold / "gold.json"), "--patients", str(gold / "patients"),
            "--command", " ".join(command), f"--extra={' '.join(extra)}", "--show", str(show), "--json", str(result),
        ]  # fmt: skip
        subprocess.run(run, check=True)
        found: dict[str, float] = json.loads(result.read_text())
        return found


def main() -> None:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="another folder with gold.json and patients/")
    parser.add_argument("--records", type=Path, action="append", help="registry files that hold the trials")
    parser.add_argument("--show", type=int, default=0, help="print this many wrong lines, the gravest first")
    parser.add_argument("--update", action="store_true", help="write the numbers into docs/reference/quality.md")
    chosen = parser.parse_args()
    shared = shared_folder()
    gold = chosen.gold or shared / "gold"
    scorer = gold / "score.py"
    if not scorer.exists():
        scorer = shared / "gold" / "score.py"
    records = chosen.records or [shared / "registry" / "tcell-studies.jsonl.gz"]
    result = score(gold, scorer, records, chosen.show)
    if chosen.update:
        update(result)


def update(result: dict[str, float]) -> None:
    """Put the numbers between the marks of the page."""
    lines = ["| measure | value | floor |", "|---|---|---|"]
    for name, value in result.items():
        shown = f"{100 * value:.1f} %" if isinstance(value, float) else str(value)
        floor = FLOOR.get(name)
        limit = "" if floor is None else f"{100 * floor:.1f} %" if isinstance(floor, float) else str(floor)
        lines.append(f"| {name.replace('_', ' ')} | {shown} | {limit} |")
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
