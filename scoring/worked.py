"""Which share of each tier's leads sales worked: a rate tells nothing about leads that nobody called.

Worked is a lead about which sales did something within the days allowed to convert: an outcome other than
marketing's own hand-over. Leads below a threshold are hardly worked, so that their low rate may be the lack
of a call as well as the lack of a wish to buy.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
        worked_share(label, name, int(counts[row, place, 1]), int(counts[row, place].sum()))
        for row, label in enumerate([*periods, POOLED])
        for place, name in enumerate(tiers)
        if label == POOLED or counts[row].any()
    )


def pooled(shares: Sequence[WorkedShare], left_out: Collection[str] = ()) -> dict[str, WorkedShare]:
    """The shares over all periods, by tier, but for those that are `left_out`.

    Examples
    --------
    >>> both = worked_shares(np.array([0, 0]), np.array([0, 1]), np.array([True, False]), ["all"],
    ...                      ["2025-Q1", "2025-Q2"])
    >>> pooled(both)["all"].share, pooled(both, ["2025-Q2"])["all"].share
    (0.5, 1.0)
    """
    whole = {one.tier: one for one in shares if one.period == POOLED}
    if not left_out:
        return whole
    counts = {name: [0, 0] for name in whole}
    for one in shares:
        if one.period != POOLED and one.period not in left_out:
            counts[one.tier][0] += one.worked
            counts[one.tier][1] += one.leads
    return {name: worked_share(POOLED, name, worked, leads) for name, (worked, leads) in counts.items()}


def together(parts: Iterable[Sequence[WorkedShare]]) -> tuple[WorkedShare, ...]:
    """The shares of several parts that have no lead in common as those of one; none of no part.

    Examples
    --------
    >>> north, south = (worked_share("pooled", "all", worked, 4) for worked in (1, 3))
    >>> together([[north], [south]])[0].share
    0.5
    """
    counts: dict[tuple[str, str], list[int]] = {}
    for one in itertools.chain.from_iterable(parts):
        found = counts.setdefault((one.period, one.tier), [0, 0])
        found[0] += one.worked
        found[1] += one.leads
    return tuple(worked_share(*place, worked, leads) for place, (worked, leads) in counts.items())


def of_period(shares: Sequence[WorkedShare], period: str) -> dict[str, WorkedShare]:
    """The shares of one period, by tier."""
    return {one.tier: one for one in shares if one.period == period}


def of_tier(shares: Sequence[WorkedShare], tier: str) -> dict[str, WorkedShare]:
    """The shares of one tier, by period, ``"pooled"`` among them."""
    return {one.period: one for one in shares if one.tier == tier}


def worked_json(share: WorkedShare | None) -> dict[str, Any]:
    """What stands beside a rate in JSON: how many sales worked and their share; null where nobody knows."""
    if share is None:
        return {"worked": None, "worked_share": None}
    return {"worked": share.worked, "worked_share": share.share}


def beside_rates(
    document: Mapping[str, Any], shares: Sequence[WorkedShare], rows: str = "tiers", name: str = "tier"
) -> dict[str, Any]:
    """A back-test's JSON object with `worked_json` in each row that has a rate.

    Parameters
    ----------
    document : mapping
        With ``periods`` and ``pooled``, each with a list of `rows`.
    shares : sequence of WorkedShare
        Of the same leads; empty where nobody knows.
    rows, name : str
        The key of the list, and that of the name that stands for `WorkedShare.tier`.
    """

    def beside(figures: Mapping[str, Any]) -> dict[str, Any]:
        found = of_period(shares, figures["period"])
        # A period without a complete lead has no shares: none of nothing, where the others are known.
        nothing = worked_json(None) | ({"worked": 0} if shares else {})
        known = [
            row | (worked_json(found[row[name]]) if row[name] in found else nothing) for row in figures[rows]
        ]
        return {**figures, rows: known}

    periods = [beside(figures) for figures in document["periods"]]
    return {**document, "periods": periods, POOLED: beside(document[POOLED])}


def worked_share(period: str, tier: str, worked: int, leads: int) -> WorkedShare:
    """From the counts."""
    low, high = wilson_interval(worked, leads)
    return WorkedShare(period, tier, leads, worked, rate(worked, leads), low, high)
