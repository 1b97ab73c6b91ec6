"""Adding up leads and amounts by place: the last step of everything that is counted from patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.cells import IntArray

Ints = NDArray[np.integer[Any]]

DENSE_SIZE = 1 << 16
"""Up to here an array over all places is cheapest, even if few of them occur."""

SLOTS = 1 << 22
"""Where rows are noted by their place: 16 MB, which memory is found for at once. A power of two."""

FEWEST_ROWS = 1 << 10
"""Of a slice on average: with fewer, going from slice to slice costs more than places that share a slot."""

MOST_ROWS = 1 << 16
"""Of a slice, unless one key has more: what is worked out on the way stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Weights:
    """What is added up: the leads of every row, and the amounts of the few rows that have one.

    Parameters
    ----------
    leads : float array, shape (n,)
        Whole numbers above 0, in the type that numpy adds up fastest: sums below 2 ** 53 are exact.
    paid_rows, paid_amounts : int arrays, shape (m,)
        Rows with an amount, and these amounts. Apart, since sums of amounts may pass 2 ** 53.
    """

    leads: NDArray[np.float64]
    paid_rows: IntArray
    paid_amounts: IntArray

    @classmethod
    def of(cls, leads: NDArray[Any], amount: Ints) -> Weights:
        """From whole columns, one value for each row."""
        paid_rows = np.flatnonzero(amount)
        return cls(leads.astype(np.float64), paid_rows, amount[paid_rows].astype(np.int64))

    def take(self, order: IntArray) -> Weights:
        """The weights of the rows in another order."""
        amount = np.zeros(len(self.leads), dtype=np.int64)
        amount[self.paid_rows] = self.paid_amounts
        return Weights.of(self.leads[order], amount[order])

    def part(self, start: int, end: int) -> Weights:
        """The weights of the rows from `start` to before `end`."""
        first, last = np.searchsorted(self.paid_rows, [start, end])
        paid = slice(first, last)
        return Weights(self.leads[start:end], self.paid_rows[paid] - start, self.paid_amounts[paid])

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.leads.nbytes + self.paid_rows.nbytes + self.paid_amounts.nbytes


def tally(
    place: Ints, size: int, weights: Weights, starts: Sequence[int] = (0,)
) -> tuple[Ints, IntArray, IntArray]:
    """Add up leads and amounts by place.

    Parameters
    ----------
    place : int array, shape (n,)
        In [0, size).
    size : int
    weights : Weights
        Of the n rows.
    starts : sequence of int
        Where the rows of each of k parts begin, 0 first. The places of a part are the next k-th of all.

    Returns
    -------
    places, leads, amounts : int arrays, shape (k,)
        The places that occur, in no particular order, and their sums.
    """
    if size <= max(DENSE_SIZE, len(place)):
        sums = np.bincount(place, weights.leads, size)
        places = np.flatnonzero(sums > 0)  # of floats themselves it takes three times as long
        return places, sums[places].astype(np.int64), _amounts(place, size, weights)[places]
    part_size = size // len(starts)
    fewest, most = (len(starts) * rows // max(1, len(place)) for rows in (FEWEST_ROWS, MOST_ROWS))
    together = max(1, fewest, min(most, SLOTS // part_size))
    # Nothing is read of it but what was written, so it need not be cleared.
    slots = np.empty(SLOTS, dtype=np.int32)
    slices = [
        _tally_slice(place[start:end], weights.part(start, end), slots, together * part_size <= SLOTS)
        for start, end in pairwise([*starts[::together], len(place)])
    ]
    places, leads, amounts = map(np.concatenate, zip(*slices, strict=True))
    return places, leads, amounts


def _tally_slice(
    place: Ints, weights: Weights, slots: NDArray[np.int32], has_own_slots: bool
) -> tuple[Ints, IntArray, IntArray]:
    """Add up the rows of a slice; `has_own_slots` says that no two of its places share one."""
    slot = (place & (len(slots) - 1)).astype(np.intp)
    numbers = np.arange(len(slot), dtype=np.int32)
    # Of all rows that are noted in a slot one stays: it stands for those of its place.
    slots[slot] = numbers
    row = slots.take(slot)
    if not has_own_slots:
        other = np.flatnonzero(place.take(row) != place)
        row[other] = other[_same_row(place[other])]
    rows = np.flatnonzero(row == numbers)
    leads = np.bincount(row, weights.leads, len(row)).take(rows).astype(np.int64)
    return place.take(rows), leads, _amounts(row, len(row), weights).take(rows)


def _same_row(place: Ints) -> IntArray:
    """For each row one that stands for all of its place."""
    number, places = pd.factorize(place)
    row = np.empty(len(places), dtype=np.int64)
    row[number] = np.arange(len(number))
    return row[number]


def _amounts(place: NDArray[np.integer[Any]], size: int, weights: Weights) -> IntArray:
    amounts = np.zeros(size, dtype=np.int64)
    np.add.at(amounts, place[weights.paid_rows], weights.paid_amounts)
    return amounts
