"""The proof of equality is worth something only if it sees bugs: each of these is planted, and must be seen."""

from __future__ import annotations

import pytest
from engines import bulk_differs, prepared_differs
from mutations import mutated
from random_cases import Cases

COMPILED = [
    ("return self._atom(make(bound + 1))\n", "return self._atom(make(bound))\n"),
    ("return self._atom(make(bound)) ^ 1\n", "return self._atom(make(bound))\n"),
    ("self._atom(make(bound + 1)) ^ 1))", "self._atom(make(bound + 2)) ^ 1))"),
    ("self.expression(then) ^ 1)) ^ 1", "self.expression(then) ^ 1))"),
    ("return literal if point.section is Section.INCLUSION", "return literal if point.section is Section.EXCLUSION"),
    ("if unread == 0 else", "if not unread else"),
    ("if count > len(literals):", "if count >= len(literals):"),
    ("inputs.discard(HOLDS)", "inputs.discard(UNKNOWN_LITERAL)"),
    ("if HOLDS ^ 1 in inputs:", "if any(literal ^ 1 in inputs for literal in inputs):"),
    ("Presence(node.concept, node.traits, node.window, node.register)", "Presence(node.concept, node.traits)"),
]
COLUMNS = [
    ("            if not measure.stale:\n", "            if True:\n"),
    ("            if not coding.stale:\n", "            if True:\n"),
    ("return HIGH if end is None", "return 0 if end is None"),
]
ATOMS = [
    ("packed(high < bounds)", "packed(high <= bounds)"),
    ("holds = np.concatenate([inside == size", "holds = np.concatenate([inside >= 1"),
    ("fails = np.concatenate([inside == 0", "fails = np.concatenate([inside < size"),
    ("if (told := self.columns.told.get(concept)) is not None:", "if (told := None) is not None:"),
    ("if register is not None and (complete", "if register is None and (complete"),
    ("kept = is_certain | (denied == 0)", "kept = is_certain | (denied == 1)"),
    ("holds, possible = holds & inside, possible & perhaps", "holds, possible = holds & perhaps, possible & perhaps"),
    ("return rows.certain & holds[rows.traits]", "return holds[rows.traits]"),
    ("possible[number] &= value is None or", "possible[number] &= value is not None and"),
    ("possible_from = earliest - (not whole)", "possible_from = earliest"),
    ("latest = possible_to - (not whole)", "latest = possible_to"),
    ("(window.at_most_strict and whole)", "window.at_most_strict"),
    ("perhaps & (rows.least <= possible_to)", "perhaps & (rows.most <= possible_to)"),
    ("np.where(last_high == HIGH, 0,", "np.where(last_high == HIGH, 1,"),
    ("low = np.where(named > 0, named, certain)", "low = named + certain"),
    ("& ~packed(imprecise)", ""),
    ("return 2 if kind.may_be else 3", "return 3"),
    ("& everyone(self.patients)", ""),
]
ENGINE = [
    ("_fold(planes, step.inputs ^ 1, np.bitwise_or, fails)", "_fold(planes, step.inputs ^ 1, np.bitwise_and, fails)"),
    ("width - count + 1)", "width - count)"),
    ("range(count - 1, 0, -1)", "range(1, count)"),
    ("planes[: len(atoms)] = atoms[:, start:stop]", "planes[: len(atoms)] = atoms[:, : stop - start]"),
]
PREPARED = [
    ("if low is not None and low >= bound", "if low is not None and low > bound"),
    ("or concept not in absent]", "or True]"),
    ("[width - count]", "[count - 1]"),
    ("settled = concept in absent or concept in facts.told", "settled = concept in absent"),
    ("for node in self._registers.get(register, ()):", "for node in ():"),
    ("elif stated is trait.startswith", "elif stated is not trait.startswith"),
]
BULK = [
    *(("compiled", *change) for change in COMPILED),
    *(("bulk.columns", *change) for change in COLUMNS),
    *(("bulk.atoms", *change) for change in ATOMS),
    *(("bulk.engine", *change) for change in ENGINE),
]


@pytest.mark.parametrize(("module", "before", "after"), BULK)
def test_a_bug_in_the_bulk_engine_is_seen(module: str, before: str, after: str) -> None:
    with mutated(module, before, after) as engines:
        assert any(differs(engines, seed) for seed in range(8)), "no case shows this bug"


@pytest.mark.parametrize(("before", "after"), PREPARED)
def test_a_bug_in_the_engine_for_one_patient_is_seen(before: str, after: str) -> None:
    with mutated("prepared", before, after) as engines:
        cases = [Cases(seed) for seed in range(8)]
        assert any(prepared_differs(case.trials(12), case.patients(40), engines) for case in cases)


def test_without_a_bug_nothing_is_seen() -> None:
    with mutated("bulk.engine", "SLICE = 64", "SLICE = 64  # as it was") as engines:
        assert not differs(engines, 0)


def differs(engines: object, seed: int) -> bool:
    """Whether the engines with the bug say something else than the reference evaluator, or refuse."""
    cases = Cases(seed)
    try:
        return bulk_differs(cases.trials(12), cases.patients(90), engines, words=1) > 0
    except (AssertionError, IndexError, KeyError, ValueError):
        return True
