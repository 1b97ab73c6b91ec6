"""Cells with the names of their periods and segments."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.moments import Moments
from scoring.cells import Cells
from scoring.patterns import Columns


def to_cells(
    column: Columns,
    keys: Columns,
    unscored: pa.Table,
    segments: tuple[str, ...],
    moments: Moments,
    horizon_days: int,
) -> Cells:
    """Cells over the periods and segments that have a row.

    Parameters
    ----------
    column : dict of arrays
        What `Patterns.cells` returns; segment and period are indices into `segments` and ``moments.periods``.
    keys : dict of arrays
        Those of the patterns: whatever is there has a row.
    unscored : Arrow table
        Columns of ``unscored_conversions.sql``. Where nothing was scored they are not listed.
    """
    periods, period = _occurring(keys["period"], column["period"])
    used, segment = _occurring(keys["segment"], column["segment"])
    names = tuple(segments[index] for index in used)
    return Cells(
        periods=tuple(moments.periods[index].label for index in periods),
        segments=names,
        segment=segment,
        period=period,
        score=column["score"],
        mature=column["mature"],
        converted=column["converted"],
        leads=column["leads"],
        amount=column["amount"],
        unscored_conversions=_unscored_counts(unscored, names, periods),
        horizon_days=horizon_days,
        observed_until=moments.observed_until,
        place=column.get("place"),
    )


def _occurring(
    known: npt.NDArray[np.integer[Any]], index: npt.NDArray[np.integer[Any]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.integer[Any]]]:
    """The indices that occur, in order, as few keys know, and the place of each row's among them."""
    occurs = np.bincount(known) > 0
    used = np.flatnonzero(occurs)
    missing = len(occurs) - len(used)
    # Most often none is missing, or only the first ones are.
    is_shifted = occurs[missing:].all()
    return used, index - missing if is_shifted else (np.cumsum(occurs, dtype=np.int32) - 1).take(index)


def _unscored_counts(
    unscored: pa.Table, segments: tuple[str, ...], periods: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    counts = np.zeros((len(segments), len(periods)), dtype=np.int64)
    row_of = {name: row for row, name in enumerate(segments)}
    column_of = {int(period): place for place, period in enumerate(periods)}
    for row in unscored.to_pylist():
        if row["segment"] in row_of and row["period"] in column_of:
            counts[row_of[row["segment"]], column_of[row["period"]]] += row["leads"]
    return counts
