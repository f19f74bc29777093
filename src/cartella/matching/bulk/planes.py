"""Bit planes: one bit a patient, 64 patients a word, the first patient in the lowest bit.

The truth of a node is two planes: where it holds, and where it does not; both are 0 where it is unknown, and in the
bits behind the last patient.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]


def words_for(patients: int) -> int:
    """How many words a plane has."""
    return -(-patients // 64)


def packed(flags: NDArray[np.bool_] | NDArray[np.uint8]) -> Words:
    """Planes of flags whose last axis is patients, a multiple of 64 of them."""
    return np.ascontiguousarray(np.packbits(flags, axis=-1, bitorder="little")).view(np.uint64)


def unpacked(planes: Words, patients: int) -> NDArray[np.uint8]:
    """One byte a patient, 0 or 1; the last axis becomes patients."""
    return np.unpackbits(planes.view(np.uint8), axis=-1, count=patients, bitorder="little")


def everyone(patients: int) -> Words:
    """The plane in which every patient's bit is set, and no other."""
    flags = np.zeros(64 * words_for(patients), dtype=np.uint8)
    flags[:patients] = 1
    return packed(flags)


def marked(places: NDArray[np.int32], patients: int) -> Words:
    """The plane of the patients at these positions."""
    flags = np.zeros(64 * words_for(patients), dtype=np.uint8)
    flags[places] = 1
    return packed(flags)


def counted(planes: Words) -> NDArray[np.int64]:
    """How many bits are set along the last axis."""
    total: NDArray[np.int64] = np.bitwise_count(planes).sum(axis=-1, dtype=np.int64)
    return total
