"""Instants of many owners in one sorted array, and where on it something later is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

TABLE_ENTRIES_PER_ROW = 8
"""A table of owner x distinct instant is some five times faster than a search; larger, it costs too much."""

SAMPLE_ROWS = 10_000
"""Where these alone have too many distinct instants for a table, nobody looks for all of them."""


def in_order(owners: Integers, instants: Integers) -> npt.NDArray[np.intp]:
    """The order of rows by owner and instant.

    Parameters
    ----------
    owners, instants : int arrays of shape (rows,)
        Owners from 0 on; at least one row.

    Examples
    --------
    >>> in_order(np.array([1, 0, 0]), np.array([5, 9, 7]))
    array([2, 1, 0])
    """
    earliest = instants.min()
    span = int(instants.max() - earliest) + 1
    if int(owners.max() + 1) * span > np.iinfo(np.int64).max:
        return np.lexsort((instants, owners))
    # One number for both is sorted three times as fast.
    return np.argsort(owners * span + (instants - earliest))


def distinct_instants(instants: Integers) -> Integers:
    """The distinct ones of many rows, rising.

    Examples
    --------
    >>> distinct_instants(np.array([30, 10, 30]))
    array([10, 30])
    """
    known = _sample(instants)
    if len(known) == 0:
        return known
    # Mostly the rows share few instants; to see that none is missing takes a third of sorting them all.
    found = known.take(np.searchsorted(known, instants), mode="clip")
    missing = instants[found != instants]
    return np.union1d(known, missing) if len(missing) else known


def _sample(instants: Integers) -> Integers:
    return np.unique(instants[:: max(1, len(instants) // SAMPLE_ROWS)])


@dataclass(frozen=True)
class Timelines:
    """Instants of owners: the moments of leads or of accounts, the times at which leads fell silent.

    Parameters
    ----------
    owners : int array of shape (rows,)
        0 to `owner_count` - 1, never falling; an owner may have no row.
    instants : int array of shape (rows,)
        Microseconds since 1970, never falling within an owner.
    owner_count : int
    """

    owners: Integers
    instants: Integers
    owner_count: int

    def __len__(self) -> int:
        return len(self.instants)

    @cached_property
    def starts(self) -> Integers:
        """The first row of each owner, shape (owner_count + 1,); the next entry is where its rows end."""
        rows = np.bincount(self.owners, minlength=self.owner_count)
        return np.concatenate([[0], np.cumsum(rows)])

    def ends(self, owners: Integers) -> Integers:
        """Where the rows of each owner end."""
        return self.starts[owners + 1]

    def first_after(self, owners: Integers, times: Integers) -> Integers:
        """The first row of each owner that is later than the time; where its rows end if there is none.

        Parameters
        ----------
        owners, times : int arrays of one shape
            Times in microseconds since 1970.

        Examples
        --------
        >>> moments = Timelines(np.array([0, 0, 1]), np.array([10, 20, 20]), owner_count=2)
        >>> moments.first_after(np.array([0, 0, 1]), np.array([10, 20, 5]))
        array([1, 2, 2])
        """
        return self.first_after_each(owners, times, [0])(0)

    def first_after_each(
        self, owners: Integers, times: Integers, delays: Sequence[int]
    ) -> Callable[[int], Integers]:
        """What gives, for one of the delays, `first_after` of the times that much later.

        Where the instants are few, each time is looked up once for all delays: it lies between two of the
        times at which any delay would have it pass another instant.
        """
        table = self._row_table
        if table is None:
            return lambda delay: self._search(owners, times + delay)
        bounds = np.unique(np.concatenate([self.distinct - delay for delay in delays]))
        between = np.searchsorted(bounds, times, side="right")
        starts = owners * (len(self.distinct) + 1)

        def look_up(delay: int) -> Integers:
            passed = np.searchsorted(self.distinct, bounds + delay, side="right")
            rows: Integers = table.take(starts + np.concatenate([[0], passed]).take(between))
            return rows

        return look_up

    @cached_property
    def distinct(self) -> Integers:
        """The distinct instants, rising."""
        return distinct_instants(self.instants)

    @cached_property
    def _row_table(self) -> Integers | None:
        """By owner and how many of the distinct instants have passed: the first row that is left."""
        sample = _sample(self.instants)
        if self._is_too_large(len(sample)) or self._is_too_large(len(self.distinct)):
            return None
        width = len(self.distinct) + 1
        ranks = np.searchsorted(self.distinct, self.instants)
        rows = np.bincount(self.owners * width + ranks, minlength=self.owner_count * width)
        return np.cumsum(rows) - rows

    def _is_too_large(self, distinct: int) -> bool:
        return self.owner_count * (distinct + 1) > TABLE_ENTRIES_PER_ROW * (len(self) + 1)

    def _search(self, owners: Integers, times: Integers) -> Integers:
        """Bisect the rows of all owners at once."""
        low, high = self.starts[owners], self.ends(owners)
        for _ in range(int(np.diff(self.starts).max(initial=0)).bit_length()):
            middle = (low + high) // 2
            # An owner without a row left would look beyond the last one.
            passed = (low < high) & (self.instants[np.minimum(middle, len(self) - 1)] <= times)
            low, high = np.where(passed, middle + 1, low), np.where(passed, high, middle)
        return low
