"""The score distribution: how many leads, converted and not, have which score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.cells import Cells, IntArray, count_by_score


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """Mature leads in bins of equal, whole-number width.

    Parameters
    ----------
    low : int array, shape (bins,)
        Lowest score of each bin; a bin holds the scores from ``low`` to ``low + width - 1``.
    width : int
    converted, not_converted : int array, shape (bins,)
    converted_half, not_converted_half : int or None
        The highest score that at least half of these leads reach, told to the point; None without leads.
    """

    low: IntArray
    width: int
    converted: IntArray
    not_converted: IntArray
    converted_half: int | None
    not_converted_half: int | None


def score_distribution(cells: Cells, min_score: int, max_score: int, bins: int = 40) -> ScoreDistribution:
    """Histogram of mature leads over the whole score range, so that its axis stands still while tuning.

    Parameters
    ----------
    cells : Cells
    min_score, max_score : int
    bins : int, default 40
        At most this many; the narrowest whole width that needs no more is used.

    Returns
    -------
    ScoreDistribution
        All counts 0 without mature leads.
    """
    counts = count_by_score(cells, min_score, max_score).pooled
    score_count = max_score - min_score + 1
    width = -(-score_count // bins)
    starts = np.arange(0, score_count, width, dtype=np.int64)
    return ScoreDistribution(
        low=min_score + starts,
        width=width,
        converted=np.add.reduceat(counts.converted[0], starts),
        not_converted=np.add.reduceat(counts.not_converted[0], starts),
        converted_half=_half_reach(counts.converted[0], min_score),
        not_converted_half=_half_reach(counts.not_converted[0], min_score),
    )


def _half_reach(leads: IntArray, min_score: int) -> int | None:
    """The highest score that at least half of the leads reach; `leads` by score, from the lowest."""
    total = int(leads.sum())
    if total == 0:
        return None
    reaching = leads[::-1].cumsum()[::-1]
    return min_score + int(np.flatnonzero(2 * reaching >= total)[-1])
