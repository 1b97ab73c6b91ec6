"""Adding up leads and amounts by place: the last step of everything that is counted from patterns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.cells import IntArray

Ints = NDArray[np.integer[Any]]

DENSE_SIZE = 1 << 16
"""Up to here an array over all places is cheaper than a hash table of those that occur."""


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
        Where parts of the rows begin that have no place in common, 0 first. The hash table of a small part
        fits into the processor's cache, where that of all rows would not.

    Returns
    -------
    places, leads, amounts : int arrays, shape (k,)
        The places that occur, in no particular order, and their sums.
    """
    if size <= max(DENSE_SIZE, len(place)):
        sums = np.bincount(place, weights.leads, size)
        places = np.flatnonzero(sums)
        return places, sums[places].astype(np.int64), _amounts(place, size, weights)[places]
    if len(starts) == 1:
        return _tally_hashed(place, weights)

    def tally_part(start: int, end: int) -> tuple[Ints, IntArray, IntArray]:
        return _tally_hashed(place[start:end], weights.part(start, end))

    parts = _threads().map(tally_part, starts, [*starts[1:], len(place)])
    places, leads, amounts = map(np.concatenate, zip(*parts, strict=True))
    return places, leads, amounts


@cache
def _threads() -> ThreadPoolExecutor:
    """Hashing lets go of the interpreter, so parts are added up side by side."""
    return ThreadPoolExecutor(os.cpu_count(), "tally")


def _tally_hashed(place: Ints, weights: Weights) -> tuple[Ints, IntArray, IntArray]:
    row, places = pd.factorize(place)
    leads = np.bincount(row, weights.leads, len(places)).astype(np.int64)
    return places, leads, _amounts(row, len(places), weights)


def _amounts(place: NDArray[np.integer[Any]], size: int, weights: Weights) -> IntArray:
    amounts = np.zeros(size, dtype=np.int64)
    np.add.at(amounts, place[weights.paid_rows], weights.paid_amounts)
    return amounts
