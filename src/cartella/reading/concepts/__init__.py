"""The readers of concepts, one file each: which words they claim and what expression they make of them.

The order matters: a reader sees only what those before it have left.
"""

from __future__ import annotations

from collections.abc import Callable

from cartella.logic import Expression
from cartella.reading.clause import Clause
from cartella.reading.concepts import (
    age,
    antigen,
    condition,
    disease,
    explanation,
    heart_and_liver,
    laboratory,
    lines,
    lungs,
    marrow,
    performance,
    staging,
    therapy,
)

Reader = Callable[[Clause], list[Expression]]

READERS: tuple[Reader, ...] = (
    explanation.read,
    performance.read,
    age.read,
    heart_and_liver.read,
    staging.read,
    lines.read,
    lungs.read,
    antigen.read,
    marrow.read,
    laboratory.read,
    therapy.read,
    condition.read,
    disease.read,
)
