"""Nothing vanishes: points and fillers are the whole text, in order, without gap or overlap."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Expression, Number, Presence, Window, walk
from cartella.reading import read_criteria

LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            ["Inclusion Criteria:", "Exclusion Criteria:", "* Age ≥ 18", "  * ECOG 0-1", "1. HIV, unless treated.", "a) one of the following:", "", "- ALT &lt; 3 x ULN; AST \\>= 2", "Cohort A:", "note: see above", "1. a 2. b 3. c"]
        ),
    ),
    max_size=12,
)  # fmt: skip


def assert_partition(text: str) -> None:
    criteria = read_criteria(text)
    position = 0
    for span in sorted([p.span for p in criteria.points if p.span] + list(criteria.fillers)):
        assert span.start == position, f"gap or overlap at {position}"
        assert span.end > span.start
        position = span.end
    assert position == len(text)
    for point in criteria.points:
        assert point.span is not None
        for node in walk(point.expression):
            if node.span is not None:
                assert 0 <= node.span.start < node.span.end <= len(text)
            assert is_plausible(node), text[point.span.start : point.span.end]


def is_plausible(node: Expression) -> bool:
    """Whether a number and a time may be what a trial asks: nothing beyond what any patient can have."""
    analytes = knowledge().analytes
    match node:
        case Number(quantity=quantity, bound=bound) if quantity in analytes:
            low, high = analytes[quantity].plausible
            return low * SCALE <= bound <= high * SCALE or bound == 0
        case Number(quantity=quantity, bound=bound):
            most = next(
                (most for kind, most in MOST.items() if quantity == kind or quantity.endswith(f".{kind}")), 1000
            )
            return 0 <= bound <= most * SCALE
        case Presence(window=Window(at_least=at_least, at_most=at_most)):
            return all(p.days_before(740_000) <= 100 * 366 for p in (at_least, at_most) if p is not None)
        case _:
            return True


MOST = {"age": 150, "months": 1440, "ecog": 5, "karnofsky": 100, "lansky": 100, "lines": 12, "uln": 50, "percent": 100}


@given(LINES)
def test_any_text_is_partitioned(lines: list[str]) -> None:
    assert_partition("\n".join(lines))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "x", "Inclusion Criteria:", "a" * 100_000, "* " * 5_000, "(" * 3_000, "1. " * 3_000,
             "1. Leukemia。 Age of 18 or more。 3. Written consent…Able to comply。Pregnant½ women"],
)  # fmt: skip
def test_odd_texts_are_partitioned(text: str) -> None:
    assert_partition(text)


def texts(folder: Path) -> Iterator[str]:
    for name in ("tcell-studies", "eligibility-text-all-diseases"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["protocolSection"].get("eligibilityModule", {}).get("eligibilityCriteria")
                if text:
                    yield text


@pytest.mark.slow
def test_all_registry_texts_are_partitioned(shared: Path) -> None:
    count = 0
    for text in texts(shared / "registry"):
        assert_partition(text)
        count += 1
    assert count > 6_000
