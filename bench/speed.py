#!/usr/bin/env python3
"""Speed, by one command: `python bench/speed.py`.

Measures loading and reading all studies, a match from the shell (cold) and inside a process (warm), the start of the
command line, and loading the catalogue. Each time is also given as a ratio to a baseline of the same run (a fixed piece
of pure Python work), so that two machines can be compared. `--update` writes docs/reference/speed.md.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from quality import shared_folder

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "reference" / "speed.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
DAY = date(2026, 11, 1)


def baseline() -> float:
    """Seconds for a fixed amount of interpreter work: the median of five runs."""

    def work() -> None:
        table: dict[str, int] = {}
        for number in range(400_000):
            key = f"k{number % 9973}"
            table[key] = table.get(key, 0) + len(key)

    return statistics.median(timed(work) for _ in range(5))


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(*words: str, home: str) -> Callable[[], object]:
    """Running `cartella` from the shell, with a home of its own."""
    environment = {**os.environ, "XDG_DATA_HOME": home, "HOME": home}
    run = [sys.executable, "-m", "cartella", *words]
    return lambda: subprocess.run(run, check=True, capture_output=True, env=environment)


def machine() -> str:
    """What the numbers were measured on."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def vocabularies() -> object:
    """Load all tables of knowledge anew."""
    from cartella.knowledge.tables import Knowledge

    fresh = Knowledge()
    return fresh.concepts, fresh.lexicon


LONG_TEXT = (
    "Relapsed or refractory CD19+ B-cell lymphoma after at least two lines, including an anti-CD20 antibody and an "
    "anthracycline; no active infection, platelets above 50,000/mm3, creatinine clearance above 60 mL/min. "
) * 300


def large_record() -> object:
    """Read a FHIR bundle of ten thousand resources."""
    from cartella.patients import read_fhir

    code = {"coding": [{"system": "http://loinc.org", "code": "777-3"}], "text": "platelets"}
    entries = [{"resource": {"resourceType": "Patient", "gender": "female", "birthDate": "1968-03-14"}}]
    for n in range(10_000):
        day = f"2020-{1 + n % 12:02}-{1 + n % 28:02}"
        value = {"value": 100 + n % 7, "unit": "10*9/L"}
        resource = {"resourceType": "Observation", "code": code, "effectiveDateTime": day, "valueQuantity": value}
        entries.append({"resource": resource})
    return read_fhir({"resourceType": "Bundle", "entry": entries}, DAY)


def first_place() -> object:
    """Look up a place in a program that has looked up none."""
    script = "from cartella.places import find_place; assert find_place('Milano').place"
    return subprocess.run([sys.executable, "-c", script], check=True)


def reading_times(records: Path) -> list[float]:
    """Seconds of processor time for each eligibility text of a registry file, one after the other on one core."""
    from cartella.reading import read_criteria

    with gzip.open(records, "rt", encoding="utf-8") as lines:
        studies = [json.loads(line)["protocolSection"] for line in lines]
    texts = [study.get("eligibilityModule", {}).get("eligibilityCriteria") for study in studies]
    found = []
    for text in filter(None, texts):
        start = time.process_time()
        read_criteria(text)
        found.append(time.process_time() - start)
    return found


def measure(records: Path) -> list[tuple[str, float, str]]:
    """What was measured, seconds, and the limit in words."""
    from cartella import services

    found = []
    with tempfile.TemporaryDirectory() as home:
        store = str(Path(home) / "bench.db")
        load = timed(command("load", str(records), "--db", store, home=home))
        found.append(("load and read all studies", load, "90 s"))
        again = timed(command("load", str(records), "--db", store, home=home))
        found.append(("load them again, nothing new", again, ""))
        cold = statistics.median(timed(command("match", "--example", home=home)) for _ in range(5))
        found.append(("match against the catalogue, from the shell", cold, "1.5 s"))
        first = statistics.median(timed(command("--help", home=home)) for _ in range(5))
        found.append(("start of the command line (--help)", first, "0.15 s"))
    found.append(("load the vocabularies, in process", timed(vocabularies), "0.12 s"))
    found.append(("read the criteria of one trial, median", statistics.median(reading_times(records)), "0.025 s"))
    from cartella.knowledge import knowledge

    found.append(("find the names in 60,000 characters", timed(lambda: knowledge().lexicon.find(LONG_TEXT)), "0.09 s"))
    found.append(("read a record of 10,000 resources", timed(large_record), "20 s"))
    found.append(("look up a first place, with the start of Python", timed(first_place), "0.4 s"))
    source = services.CatalogueSource()
    gc.collect()
    found.append(("load the catalogue, in process", timed(source.entries), "0.2 s"))
    example = REPOSITORY / "src" / "cartella" / "services" / "data" / "example.yaml"
    patient = services.load_patient(example, DAY)
    request = services.MatchRequest(as_of=DAY, shown=10)
    services.match_patient(source, patient, request)
    warm = statistics.median(timed(lambda: services.match_patient(source, patient, request)) for _ in range(15))
    found.append(("match against the catalogue, warm, in process", warm, "0.05 s"))
    prepared = services.prepare(source)
    warm = statistics.median(
        timed(lambda: services.match_patient(source, patient, request, prepared)) for _ in range(15)
    )
    found.append(("match with the trials prepared, warm, in process", warm, "0.02 s"))
    everything = services.MatchRequest(as_of=DAY, shown=10, any_status=True, any_kind=True)
    warm = statistics.median(timed(lambda: services.match_patient(source, patient, everything)) for _ in range(15))
    found.append(("the same with every study of the catalogue", warm, "0.05 s"))
    return found


def main() -> None:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, help="registry file; default: the shared T-cell studies")
    parser.add_argument("--update", action="store_true", help="write docs/reference/speed.md")
    chosen = parser.parse_args()
    records = chosen.records or shared_folder() / "registry" / "tcell-studies.jsonl.gz"
    unit = baseline()
    rows = measure(records)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    lines = ["| what | seconds | × baseline | limit |", "|---|---|---|---|"]
    lines += [f"| {what} | {seconds:.3f} | {seconds / unit:.1f} | {limit} |" for what, seconds, limit in rows]
    lines.append(f"| largest memory of a command | {memory} MB | | 1500 MB |")
    about = f"Machine: {machine()}. Data: {records.name}. Baseline of this run: {unit:.3f} s of plain Python work."
    text = "\n".join([about, "", *lines])
    print(text)
    if chosen.update:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
