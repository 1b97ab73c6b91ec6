"""Adding up leads and amounts by place: the last step of everything that is counted from patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.cells import IntArray

DENSE_SIZE = 1 << 16
"""Up to here an array over all places is cheaper than a hash table of those that occur."""

HASHED_AT_FIRST = 1 << 18
"""Places for which the hash table has room from the start, at most; it grows by itself."""


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
    def of(cls, leads: NDArray[np.integer[Any]], amount: NDArray[np.integer[Any]]) -> Weights:
        """From whole columns, one value for each row."""
        paid_rows = np.flatnonzero(amount)
        return cls(leads.astype(np.float64), paid_rows, amount[paid_rows].astype(np.int64))

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.leads.nbytes + self.paid_rows.nbytes + self.paid_amounts.nbytes


def tally(
    place: NDArray[np.integer[Any]], size: int, weights: Weights
) -> tuple[IntArray, IntArray, IntArray]:
    """Add up leads and amounts by place.

    Parameters
    ----------
    place : int array, shape (n,)
        In [0, size).
    size : int
    weights : Weights
        Of the n rows.

    Returns
    -------
    places, leads, amounts : int arrays, shape (k,)
        The places that occur, in no particular order, and their sums.
    """
    if size <= max(DENSE_SIZE, len(place)):
        sums = np.bincount(place, weights.leads, size)
        places: IntArray = np.flatnonzero(sums)
        leads, amounts = sums[places], _amounts(place, size, weights)[places]
    else:
        narrow = np.int32 if size <= np.iinfo(np.int32).max else np.int64
        room = min(HASHED_AT_FIRST, len(place))
        row, found = pd.factorize(place.astype(narrow, copy=False), size_hint=room)
        places = found.astype(np.int64)
        leads, amounts = np.bincount(row, weights.leads, len(places)), _amounts(row, len(places), weights)
    return places, leads.astype(np.int64), amounts


def _amounts(place: NDArray[np.integer[Any]], size: int, weights: Weights) -> IntArray:
    amounts = np.zeros(size, dtype=np.int64)
    np.add.at(amounts, place[weights.paid_rows], weights.paid_amounts)
    return amounts
