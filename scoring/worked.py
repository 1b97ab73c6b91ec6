"""Which share of each tier's leads sales worked: a rate tells nothing about leads that nobody called.

Worked is a lead about which sales did something within the days allowed to convert: an outcome other than
marketing's own hand-over. Leads below a threshold are hardly worked, so that their low rate may be the lack
of a call as well as the lack of a wish to buy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.statistics import rate, wilson_interval

HARDLY_WORKED = 0.5
"""Below this share the rate of a tier is rather sales' choice than the leads'."""

POOLED = "pooled"


@dataclass(frozen=True)
class WorkedShare:
    """Of a tier's complete leads, how many sales worked.

    Attributes
    ----------
    period : str
        A label, or ``"pooled"``.
    tier : str
    leads, worked : int
    share, low, high : float or None
        With its Wilson interval; None of no lead.
    """

    period: str
    tier: str
    leads: int
    worked: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def is_hardly_worked(self) -> bool:
        """Whether the tier's rate says little about what these leads would do if called."""
        return self.share is not None and self.share < HARDLY_WORKED


def worked_shares(
    tier: IntArray, period: IntArray, worked: NDArray[np.bool_], tiers: Sequence[str], periods: Sequence[str]
) -> tuple[WorkedShare, ...]:
    """Shares by period and tier, then over all periods.

    Parameters
    ----------
    tier, period : int array, shape (leads,)
        Places in `tiers` and `periods`; complete leads only.
    worked : bool array, shape (leads,)
    tiers, periods : sequence of str

    Examples
    --------
    >>> one = worked_shares(np.array([0, 0, 1]), np.array([0, 0, 0]), np.array([False, True, True]),
    ...                     ["low", "high"], ["2025-Q1"])
    >>> [(each.period, each.tier, each.worked, each.leads) for each in one]
    [('2025-Q1', 'low', 1, 2), ('2025-Q1', 'high', 1, 1), ('pooled', 'low', 1, 2), ('pooled', 'high', 1, 1)]
    """
    counts = np.zeros((len(periods) + 1, len(tiers), 2), dtype=np.int64)
    np.add.at(counts, (period, tier, worked.astype(np.int64)), 1)
    counts[-1] = counts[:-1].sum(axis=0)
    return tuple(
        _share(label, name, int(counts[row, place, 1]), int(counts[row, place].sum()))
        for row, label in enumerate([*periods, POOLED])
        for place, name in enumerate(tiers)
        if label == POOLED or counts[row].any()
    )


def pooled(shares: Sequence[WorkedShare]) -> dict[str, WorkedShare]:
    """The shares over all periods, by tier."""
    return {one.tier: one for one in shares if one.period == POOLED}


def _share(period: str, tier: str, worked: int, leads: int) -> WorkedShare:
    low, high = wilson_interval(worked, leads)
    return WorkedShare(period, tier, leads, worked, rate(worked, leads), low, high)
