"""Antibodies and the virus itself: ``core antibody positive and DNA detectable`` is one finding, not two."""

from __future__ import annotations

from collections.abc import Sequence

from cartella.logic import And, Code, Expression, Not, Number, Opaque, Or, walk

LOADS = frozenset({"lab:hbv_dna", "lab:hcv_rna", "lab:hiv_rna"})
_VIRUS = {
    "lab:hbsag": "B", "lab:anti_hbc": "B", "lab:hbv_dna": "B", "lab:anti_hcv": "C", "lab:hcv_rna": "C",
    "lab:hiv_agab": "HIV", "lab:hiv_rna": "HIV",
}  # fmt: skip


def of_one_virus(items: Sequence[Expression]) -> bool:
    """Whether an antibody (or antigen) of a virus is joined to its load, or to another test that finds nothing."""
    named = [_tests(item) for item in items]
    if not all(named) or len({virus for tests in named for virus in tests.values()}) != 1:
        return False
    loads = [bool(tests.keys() & LOADS) for tests in named]
    return any(isinstance(item, Not) for item in items) or (any(loads) and not all(loads))


def _tests(expression: Expression) -> dict[str, str]:
    """The tests of an expression with their viruses; none where it speaks of anything else."""
    found = {}
    for node in walk(expression):
        match node:
            case Code(variable=variable) | Number(quantity=variable):
                test = variable.removesuffix(".detected")
                if test not in _VIRUS:
                    return {}
                found[test] = _VIRUS[test]
            case And() | Or() | Not() | Opaque():
                continue
            case _:
                return {}
    return found
