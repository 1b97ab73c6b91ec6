"""What became of the leads that entered each tier, by period of entry.

Snapshots at period starts never see a lead that comes and buys within a period. Here a lead counts once for a
tier, from the first instant at which its score, worked out right after each of its own activities and at its
creation, reached the threshold. A lead that enters a higher tier has entered every lower one too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.model import Model
from scoring.statistics import rate, wilson_interval

NOT_CONVERTED = -1

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class EntryCells:
    """Entries counted by tier, period, maturity and days to conversion.

    Parameters
    ----------
    periods : tuple of str, length p
        Labels in time order, only periods with an entry.
    weeks : tuple of float, length p
        How much of each period was observed: from its start (or the first lead's creation) to its end (or the
        end of the data).
    all_weeks : float
        From the first lead's creation to the end of the data.
    tier, period : int array, shape (n,)
        Indices into the model's tiers and into `periods`.
    mature : bool array, shape (n,)
        Whether the horizon after the entry has fully passed.
    days : int array, shape (n,)
        Whole days from the entry to the first conversion within the horizon; -1 without one.
    leads : int array, shape (n,)
    horizon_days : int
    observed_until : datetime
        UTC, without a time zone.
    """

    periods: tuple[str, ...]
    weeks: tuple[float, ...]
    all_weeks: float
    tier: IntArray
    period: IntArray
    mature: NDArray[np.bool_]
    days: IntArray
    leads: IntArray
    horizon_days: int
    observed_until: datetime


@dataclass(frozen=True, eq=False)
class EntryFigures:
    """What became of the leads that entered a tier.

    Parameters
    ----------
    tier : str
    entries : int
        Leads that entered, those whose horizon is still running included.
    open_entries : int
        Those still running; they are in no rate.
    conversions : int
        Of the others, how many converted within the horizon.
    rate, low, high : float or None
        Their conversion rate with its Wilson interval.
    entries_per_week : float or None
        None when nothing of the period was observed.
    days : int array
        Conversions by whole days from the entry.
    """

    tier: str
    entries: int
    open_entries: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None
    entries_per_week: float | None
    days: IntArray

    @property
    def mature_entries(self) -> int:
        """Entries whose horizon has fully passed."""
        return self.entries - self.open_entries

    @property
    def days_low(self) -> int | None:
        """Days within which a quarter of the conversions came."""
        return days_within(self.days, 1)

    @property
    def days_median(self) -> int | None:
        """Days within which half of the conversions came."""
        return days_within(self.days, 2)

    @property
    def days_high(self) -> int | None:
        """Days within which three quarters of the conversions came."""
        return days_within(self.days, 3)


@dataclass(frozen=True)
class EntryPeriod:
    """The tiers' entries of one period, in the model's order; ``"pooled"`` is all of them."""

    period: str
    weeks: float
    tiers: tuple[EntryFigures, ...]


@dataclass(frozen=True)
class EntryView:
    """Entries of a model by period, and over all periods."""

    model: str
    horizon_days: int
    observed_until: datetime
    periods: tuple[EntryPeriod, ...]
    pooled: EntryPeriod


def first_entries(leads: Integers, tiers: Integers, tier_count: int) -> tuple[NDArray[np.intp], IntArray]:
    """The first row at which each lead was in each tier or in a higher one.

    Parameters
    ----------
    leads : int array, shape (rows,)
        From 0 on, never falling; a lead's rows are in order of time.
    tiers : int array, shape (rows,)
        The tier at each row, -1 below all of them.
    tier_count : int

    Returns
    -------
    rows : int array, shape (entries,)
    tier : int array, shape (entries,)
        Which tier is entered there, never falling.

    Examples
    --------
    >>> rows, tier = first_entries(np.array([7, 7, 7, 9]), np.array([0, 2, 1, 1]), 3)
    >>> rows.tolist(), tier.tolist()
    ([0, 3, 1, 3, 1], [0, 0, 1, 1, 2])
    """
    rows = []
    for tier in range(tier_count):
        reached = np.flatnonzero(tiers >= tier)
        rows.append(reached[np.diff(leads[reached], prepend=-1) != 0])
    return np.concatenate(rows), np.repeat(np.arange(tier_count), [len(each) for each in rows])


def days_within(days: IntArray, quarters: int) -> int | None:
    """The fewest whole days within which this many quarters of the conversions came; None of nothing.

    Examples
    --------
    >>> days_within(np.array([2, 1, 0, 1]), 2)
    0
    >>> days_within(np.array([2, 1, 0, 1]), 3)
    1
    """
    total = int(days.sum())
    if total == 0:
        return None
    return int(np.argmax(4 * np.cumsum(days) >= quarters * total))


def compute_entries(cells: EntryCells, model: Model) -> EntryView:
    """Figures of every period and tier.

    Parameters
    ----------
    cells : EntryCells
        Of this model; a tier that nobody entered has figures of nothing.
    model : Model
    """
    everywhere = np.ones(len(cells.leads), dtype=np.bool_)
    return EntryView(
        model=model.name,
        horizon_days=cells.horizon_days,
        observed_until=cells.observed_until,
        periods=tuple(
            _period(cells, model, label, weeks, cells.period == place)
            for place, (label, weeks) in enumerate(zip(cells.periods, cells.weeks, strict=True))
        ),
        pooled=_period(cells, model, "pooled", cells.all_weeks, everywhere),
    )


def to_json(view: EntryView) -> dict[str, Any]:
    """The object of ``tierline backtest --view entry --json``."""
    return {
        "model": view.model,
        "view": "entry",
        "horizon_days": view.horizon_days,
        "observed_until": view.observed_until.isoformat() + "Z",
        "periods": [_period_json(period) for period in view.periods],
        "pooled": _period_json(view.pooled),
    }


def _period(
    cells: EntryCells, model: Model, label: str, weeks: float, rows: NDArray[np.bool_]
) -> EntryPeriod:
    tiers = tuple(
        _figures(cells, tier.name, weeks, rows & (cells.tier == place))
        for place, tier in enumerate(model.tiers)
    )
    return EntryPeriod(label, weeks, tiers)


def _figures(cells: EntryCells, tier: str, weeks: float, rows: NDArray[np.bool_]) -> EntryFigures:
    entries, mature = int(cells.leads[rows].sum()), rows & cells.mature
    mature_entries = int(cells.leads[mature].sum())
    won = mature & (cells.days != NOT_CONVERTED)
    days = np.zeros(int(cells.days[won].max()) + 1 if won.any() else 0, dtype=np.int64)
    np.add.at(days, cells.days[won], cells.leads[won])
    conversions = int(days.sum())
    low, high = wilson_interval(conversions, mature_entries)
    return EntryFigures(
        tier=tier,
        entries=entries,
        open_entries=entries - mature_entries,
        conversions=conversions,
        rate=rate(conversions, mature_entries),
        low=low,
        high=high,
        entries_per_week=rate(entries, weeks),
        days=days,
    )


def _period_json(period: EntryPeriod) -> dict[str, Any]:
    return {
        "period": period.period,
        "weeks": period.weeks,
        "tiers": [
            {
                "tier": tier.tier,
                "entries": tier.entries,
                "open_entries": tier.open_entries,
                "entries_per_week": tier.entries_per_week,
                "conversions": tier.conversions,
                "rate": tier.rate,
                "low": tier.low,
                "high": tier.high,
                "days_low": tier.days_low,
                "days_median": tier.days_median,
                "days_high": tier.days_high,
            }
            for tier in period.tiers
        ],
    }
