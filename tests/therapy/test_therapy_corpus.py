"""Real records: nothing breaks, negatives stay negative, no cue is hidden by its own pre-check."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_data import require_shared

from cartella.reading.therapy import type_therapy
from cartella.reading.therapy.cues import cues
from cartella.reading.therapy.source import passages
from cartella.registries.ctgov import read_study
from cartella.trials.study import Study
from cartella.trials.therapy import Bucket, Therapy

pytestmark = pytest.mark.slow


def studies(path: Path, step: int = 1) -> Iterator[Study]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % step == 0:
                yield read_study(json.loads(line)).study


def test_all_records_are_typed() -> None:
    buckets: Counter[Bucket] = Counter()
    for study in studies(require_shared("registry/tcell-studies.jsonl.gz")):
        therapy = type_therapy(study)
        buckets[therapy.bucket] += 1
        lengths = {passage.field: len(passage.text) for passage in passages(study)}
        for finding in therapy.findings:
            assert 0 <= finding.start < finding.end <= lengths[finding.field], (study.id, finding)
        assert Therapy.from_json(therapy.as_json()) == therapy
    assert buckets[Bucket.T_CELL_CANCER] > 0.65 * buckets.total()
    assert buckets[Bucket.NOT_CELL_THERAPY] < 0.06 * buckets.total()


def test_other_studies_are_left_alone() -> None:
    found = [type_therapy(study).bucket for study in studies(require_shared("registry/other-studies.jsonl.gz"))]
    cells = [bucket for bucket in found if bucket is not Bucket.NOT_CELL_THERAPY]
    # The sixty or so that are found are donor lymphocytes, NK cells and T cells in older and unrelated trials.
    assert len(cells) < 0.015 * len(found)


def test_no_cue_is_hidden_by_its_needs() -> None:
    texts = [p for study in studies(require_shared("registry/tcell-studies.jsonl.gz"), 6) for p in passages(study)]
    for name in ("classes.csv", "features.csv", "roles.csv"):
        for cue in cues(name):
            for passage in texts:
                if not any(need in passage.lower for need in cue.needs):
                    assert not cue.pattern.search(passage.text), (name, cue.value, cue.needs)


def test_typing_is_fast() -> None:
    some = list(studies(require_shared("registry/tcell-studies.jsonl.gz"), 20))
    type_therapy(some[0])
    start = time.process_time()
    for study in some:
        type_therapy(study)
    assert (time.process_time() - start) / len(some) < 0.010
