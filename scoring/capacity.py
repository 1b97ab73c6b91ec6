"""Thresholds from what sales can work and from what a conversion is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from scoring.cells import IntArray
from scoring.errors import ScoringError
from scoring.statistics import Counts, FloatArray, normal_quantile, rate, wilson_interval

ROUNDING = 1e-9
"""Leads: 92 days are 13.14... weeks, which times 7 a week must still be room for 92."""


@dataclass(frozen=True)
class CapacityThreshold:
    """The lowest threshold that sends sales no more leads than it can work.

    `low` and `high` are the thresholds that chance in the number of leads leaves open. `meets_capacity` is
    False when even the highest score has too many leads; `threshold` is that score then.
    """

    threshold: int
    low: int
    high: int
    meets_capacity: bool
    leads_per_week: float
    rate: float | None
    conversions: int
    missed_conversions: int


@dataclass(frozen=True)
class ProfitThreshold:
    """The threshold with the greatest profit; `threshold` is None when working any lead loses money.

    Any threshold from `low` to `high` may be as good. Profit is in the currency of value and cost, over all
    the leads given. It was sought on these very leads and so is a little too good; a period that had no part
    in it tells.
    """

    threshold: int | None
    low: int | None
    high: int | None
    profit: float
    profit_low: float
    profit_high: float
    leads: int
    conversions: int
    missed_conversions: int


def capacity_threshold(
    converted: Counts, not_converted: Counts, min_score: int, weeks: float, leads_per_week: float
) -> CapacityThreshold:
    """Find the threshold that sales' capacity allows.

    Parameters
    ----------
    converted, not_converted : int array, shape (scores,)
        Leads of some time at every score from `min_score` up.
    min_score : int
    weeks : float
        How long that time was.
    leads_per_week : float
        What sales can work.

    Raises
    ------
    ScoringError
        When weeks or capacity are not above 0.

    Notes
    -----
    The number of leads from a threshold up is taken as a Poisson count with its exact interval: Garwood
    (1936), Biometrika 28, 437-442. The likely thresholds are those whose interval reaches the capacity.
    """
    _require_positive("weeks", weeks)
    _require_positive("leads_per_week", leads_per_week)
    conversions, leads = _from_threshold_up(converted), _from_threshold_up(converted + not_converted)
    room = weeks * leads_per_week + ROUNDING
    fewest, most = poisson_interval(leads)
    place = _first(leads <= room)
    return CapacityThreshold(
        threshold=min_score + place,
        low=min_score + _first(fewest <= room),
        high=min_score + _first(most <= room),
        meets_capacity=bool(leads[place] <= room),
        leads_per_week=float(leads[place] / weeks),
        rate=rate(int(conversions[place]), int(leads[place])),
        conversions=int(conversions[place]),
        missed_conversions=int(conversions[0] - conversions[place]),
    )


def profit_threshold(
    converted: Counts, not_converted: Counts, min_score: int, value: float, cost: float
) -> ProfitThreshold:
    """Find the threshold at which value x conversions - cost x leads is greatest.

    Parameters
    ----------
    converted, not_converted : int array, shape (scores,)
        Leads at every score from `min_score` up.
    min_score : int
    value, cost : float
        What a conversion is worth, what working a lead costs. Of equal profits the highest threshold is
        taken: less work for the same.

    Notes
    -----
    Another threshold may be as good when what it would lose lies within z standard errors, the binomial ones
    of the conversions among the leads between the two thresholds (rate by Agresti, Coull (1998), American
    Statistician 52, 119-126, so that no conversions are not taken as certainty). The profit's interval is
    that of the rate by Wilson.
    """
    _require_positive("value", value)
    _require_positive("cost", cost)
    # One threshold more, above every score: nobody is worked.
    conversions = np.append(_from_threshold_up(converted), 0)
    leads = np.append(_from_threshold_up(converted + not_converted), 0)
    profit = value * conversions - cost * leads
    best = int(np.flatnonzero(profit == profit.max())[-1])
    between = np.abs(leads - leads[best])
    smoothed = (np.abs(conversions - conversions[best]) + 2) / (between + 4)
    error = value * np.sqrt(between * smoothed * (1 - smoothed))
    as_good = np.flatnonzero(profit[best] - profit <= normal_quantile() * error)
    as_good = as_good[as_good < len(converted)]
    worked, won = int(leads[best]), int(conversions[best])
    low, high = wilson_interval(won, worked)
    nobody = worked == 0
    return ProfitThreshold(
        threshold=None if nobody else min_score + best,
        low=None if nobody else min_score + int(as_good[0]),
        high=None if nobody else min_score + int(as_good[-1]),
        profit=float(profit[best]),
        profit_low=value * worked * (low or 0.0) - cost * worked,
        profit_high=value * worked * (high or 0.0) - cost * worked,
        leads=worked,
        conversions=won,
        missed_conversions=int(conversions[0]) - won,
    )


def poisson_interval(counts: IntArray, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Exact interval of the mean of Poisson counts (Garwood 1936), element by element."""
    tail = (1 - confidence) / 2
    low = np.where(counts > 0, chdtri(np.maximum(2 * counts, 1), 1 - tail) / 2, 0.0)
    return low, chdtri(2 * counts + 2, tail) / 2


def _from_threshold_up(counts: Counts) -> IntArray:
    return np.cumsum(counts[::-1])[::-1].astype(np.int64)


def _first(holds: NDArray[np.bool_]) -> int:
    """Where a condition that stays true once it is true begins to hold; the last place when it never does."""
    return int(np.argmax(holds)) if holds.any() else len(holds) - 1


def _require_positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ScoringError(f"{name} must be above 0, got {value}")
