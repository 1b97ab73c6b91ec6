"""From a lead to a win: how many reach each step, how soon, and which share of those that had the time.

A step's rate counts only leads that have had all the days since the step before, so that it does not fall
because a lead is new; the others are counted apart. Nothing that is known later moves an earlier step.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.entry import days_within
from scoring.statistics import rate, wilson_interval

STEPS = ("lead", "mql", "sal", "sql", "won")
NEVER = np.iinfo(np.int64).max
DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, eq=False)
class FunnelTimes:
    """When each lead reached each step.

    Parameters
    ----------
    times : int array, shape (leads, 5)
        Microseconds since 1970 by step of `STEPS`, never falling from left to right; `NEVER` for what did not
        happen.
    wins_before_mql : int
        Leads that were won before their score reached the tier, or without that it ever did.
    horizon_days : int
        How long a lead has for each step.
    observed_until : datetime
        UTC, naive.
    """

    times: IntArray
    wins_before_mql: int
    horizon_days: int
    observed_until: datetime


@dataclass(frozen=True)
class FunnelStep:
    """How many leads went from one step to the next.

    Attributes
    ----------
    step : str
        The step that they come to, of `STEPS`.
    reached : int
        Leads that reached it, whenever.
    complete : int
        Leads that reached the step before and have had all their days since.
    passed : int
        Of those, how many reached this step within them.
    rate, low, high : float or None
        Their share with its Wilson interval.
    still_open : int
        Leads that reached the step before and still have days left; in no rate.
    open_passed : int
        Of those, how many reached this step already.
    days_low, days_median, days_high : int or None
        Whole days within which a quarter, half and three quarters of those that passed did so.
    """

    step: str
    reached: int
    complete: int
    passed: int
    rate: float | None
    low: float | None
    high: float | None
    still_open: int
    open_passed: int
    days_low: int | None
    days_median: int | None
    days_high: int | None


@dataclass(frozen=True)
class Funnel:
    """The steps of a model, from lead to win; those that the data do not tell are not among them."""

    leads: int
    steps: tuple[FunnelStep, ...]
    wins_before_mql: int
    horizon_days: int
    observed_until: datetime


def compute_funnel(times: FunnelTimes, untold: Collection[str] = ()) -> Funnel:
    """Count the leads of every step but those that the data do not tell.

    Parameters
    ----------
    times : FunnelTimes
    untold : collection of str
        Steps of `STEPS` between MQL and won that no stage tells: left out, so that the step after counts from
        the one before.

    Examples
    --------
    >>> two = np.array([[0, 3 * DAY, NEVER, NEVER, NEVER], [0, NEVER, NEVER, NEVER, NEVER]])
    >>> funnel = compute_funnel(FunnelTimes(two, 0, 30, datetime(1970, 3, 1)))
    >>> funnel.steps[0].passed, funnel.steps[0].complete, funnel.steps[0].days_median
    (1, 2, 3)
    """
    until = _microseconds(times.observed_until)
    told = [place for place, name in enumerate(STEPS) if name not in untold]
    steps = tuple(
        _step(times.times[:, before], times.times[:, place], STEPS[place], times.horizon_days, until)
        for before, place in itertools.pairwise(told)
    )
    return Funnel(len(times.times), steps, times.wins_before_mql, times.horizon_days, times.observed_until)


def _step(before: IntArray, at: IntArray, name: str, horizon_days: int, until: int) -> FunnelStep:
    came = before != NEVER
    before, at = before[came], at[came]
    horizon = horizon_days * DAY
    complete: NDArray[np.bool_] = before <= until - horizon
    within: NDArray[np.bool_] = at < before + horizon
    passed = complete & within
    days = np.bincount((at[passed] - before[passed]) // DAY)
    count, of = int(passed.sum()), int(complete.sum())
    low, high = wilson_interval(count, of)
    return FunnelStep(
        step=name,
        reached=int((at != NEVER).sum()),
        complete=of,
        passed=count,
        rate=rate(count, of),
        low=low,
        high=high,
        still_open=int((~complete).sum()),
        open_passed=int((~complete & within).sum()),
        days_low=days_within(days, 1),
        days_median=days_within(days, 2),
        days_high=days_within(days, 3),
    )


def _microseconds(time: datetime) -> int:
    return int(np.datetime64(time, "us").astype(np.int64))
