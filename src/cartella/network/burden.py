"""What taking part asks of a patient in nights, visits and company, as ranges with their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cartella.network.tables import rows
from cartella.trials.therapy import Bucket, CellClass, Origin, Therapy

_FIRST_PHASES = frozenset({"early_phase1", "phase1"})
_DONOR = frozenset({CellClass.CAR_T_ALLOGENEIC, CellClass.CAR_T_TRANSPLANT_DONOR})
_TIL = frozenset({CellClass.TIL, CellClass.TIL_EDITED})
_NOT_CELLS_FROM_OUTSIDE = CellClass.CAR_T_IN_VIVO


@dataclass(frozen=True, slots=True)
class Burden:
    """One thing that is asked, from `low` to `high` of `unit`.

    `per` is the number of days that it is counted over, None where it is counted once. `verified`: seen in `source`;
    else it is this project's own estimate.
    """

    item: str
    low: float
    high: float
    unit: str
    per: int | None
    verified: bool
    source: str


def burden_group(therapy: Therapy | None, phases: tuple[str, ...]) -> str | None:
    """The group of treatments whose numbers fit; None where none is known to fit.

    Only treatments of cancer count: the numbers were gathered there.
    """
    if therapy is None or therapy.bucket is not Bucket.T_CELL_CANCER or _NOT_CELLS_FROM_OUTSIDE in therapy.classes:
        return None
    classes = set(therapy.classes)
    if classes & _TIL:
        return "til"
    if CellClass.TCR_T in classes:
        return "tcr_t"
    if not any(kind.value.startswith("car_t") for kind in classes):
        return None
    if classes & _DONOR or therapy.origin in (Origin.HEALTHY_DONOR, Origin.TRANSPLANT_DONOR):
        return "donor"
    return "car_t_first" if _FIRST_PHASES & set(phases) else "car_t"


def burdens(group: str | None) -> tuple[Burden, ...]:
    """What is known for a group, estimates first; empty for None."""
    return tuple(burden for groups, burden in _table() if group in groups)


@cache
def _table() -> tuple[tuple[frozenset[str], Burden], ...]:
    return tuple(
        (
            frozenset(row["group"].split()),
            Burden(
                row["item"],
                float(row["low"]),
                float(row["high"]),
                row["unit"],
                int(row["per"]) if row["per"] else None,
                row["basis"] == "verified",
                row["source"],
            ),
        )
        for row in rows("burden.csv")
    )
