"""Leads in ranges, so that what is held at once stays within bounds however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

ROW_BYTES, ACTIVITY_BYTES = 100, 100
"""What one lead-moment and one activity take while they are counted: arrays of one rule at their largest."""

MEMORY_SHARE = 10
"""One part in so many of the program's memory is for what one bucket holds."""

MOST_ACTIVITIES = 2_000_000
"""Larger buckets are no faster, and whoever waits is told, and can cancel, only between two of them."""


def bucket_count(rows: int, activities: int, memory_bytes: int, most_activities: int | None = None) -> int:
    """How many buckets keep their arrays within a tenth of the memory, at least 1.

    Parameters
    ----------
    rows : int
        Lead-moments.
    activities : int
        Those of all leads; buckets hold about equal parts of them.
    memory_bytes : int
        What the program may use.
    most_activities : int, optional
        Of one bucket, whatever the memory allows.
    """
    needed = rows * ROW_BYTES + activities * ACTIVITY_BYTES
    by_memory = -(-needed * MEMORY_SHARE // max(memory_bytes, 1))
    return max(1, by_memory, -(-activities // most_activities) if most_activities else 1)


def row_ranges(owners: npt.NDArray[np.integer], buckets: int) -> Iterator[slice]:
    """About equal ranges of rows that are sorted by owner; no owner's rows are parted.

    Yields
    ------
    slice
        In order, together all rows; no more than `buckets` of them, and none is empty.
    """
    cuts = np.linspace(0, len(owners), buckets + 1).astype(np.int64)
    inner = cuts[1:-1]
    cuts[1:-1] = np.searchsorted(owners, owners[inner]) if len(owners) else 0
    for start, end in pairwise(cuts):
        if start < end:
            yield slice(int(start), int(end))
