"""Closed intervals of exact integers: what is known of a number.

*Missing* is the widest interval, so a missing and an imprecise number are one case.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """All integers from `low` to `high`, ends included; None means without end on that side."""

    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"empty interval: {self.low} > {self.high}")

    @classmethod
    def exactly(cls, value: int) -> Interval:
        """The interval that holds `value` alone."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether exactly one number is left."""
        return self.low is not None and self.low == self.high

    def contains(self, other: Interval) -> bool:
        """Whether every number of `other` lies in this interval (so `other` says at least as much)."""
        low_ok = self.low is None or (other.low is not None and other.low >= self.low)
        high_ok = self.high is None or (other.high is not None and other.high <= self.high)
        return low_ok and high_ok


ANY = Interval()
