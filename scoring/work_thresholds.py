"""Thresholds from what sales can work in a week and from what a conversion is worth, pooled and by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from scoring.capacity import CapacityThreshold, ProfitThreshold, capacity_threshold, profit_threshold
from scoring.cells import Cells, ScoreCounts
from scoring.errors import ScoringError
from scoring.model import Observation
from scoring.periods import periods_between

WEEK = timedelta(days=7)
TWO_YEARS = timedelta(days=731)
"""Further back than any label's first instant lies before the first day of the year it names."""


@dataclass(frozen=True)
class Work:
    """What sales can do and what it brings; None where it is not known.

    Parameters
    ----------
    leads_per_week : float or None
        New leads that sales can work.
    conversion_value, lead_cost : float or None
        In one currency: what a conversion is worth, what working a lead costs. Both or neither.
    """

    leads_per_week: float | None = None
    conversion_value: float | None = None
    lead_cost: float | None = None

    def __post_init__(self) -> None:
        if (self.conversion_value is None) != (self.lead_cost is None):
            raise ScoringError("conversion value and lead cost must be given together, got only one of them")


@dataclass(frozen=True)
class Thresholds:
    """Suggested thresholds; None, and no periods, where the numbers behind them were not given.

    `capacity` is over all complete periods, whose weeks are known; `profit` over all mature leads.
    """

    capacity: CapacityThreshold | None
    capacity_by_period: tuple[tuple[str, CapacityThreshold], ...]
    profit: ProfitThreshold | None
    profit_by_period: tuple[tuple[str, ProfitThreshold], ...]

    def sentences(self) -> tuple[str, ...]:
        """The pooled thresholds in words."""
        lines = []
        if self.capacity is not None:
            one = self.capacity
            lines.append(
                f"From {one.threshold} points up (likely {one.low} to {one.high}) there are "
                f"{one.leads_per_week:.1f} leads a week; {one.missed_conversions:,} of "
                f"{one.conversions + one.missed_conversions:,} conversions are left below."
                + ("" if one.meets_capacity else " Even that is more than sales can work.")
            )
        if self.profit is not None and self.profit.threshold is None:
            lines.append("Working any lead costs more than it brings.")
        elif self.profit is not None:
            best = self.profit
            lines.append(
                f"Profit is greatest from {best.threshold} points up (any threshold from {best.low} to "
                f"{best.high} may be as good): {best.profit:,.0f} (likely {best.profit_low:,.0f} to "
                f"{best.profit_high:,.0f}) from {best.leads:,} leads."
            )
        return tuple(lines)


def work_thresholds(cells: Cells, counts: ScoreCounts, observation: Observation, work: Work) -> Thresholds:
    """Work the thresholds out.

    Parameters
    ----------
    cells : Cells
        For the periods and which of them are complete.
    counts : ScoreCounts
        Of the same cells.
    observation : Observation
        How the periods were cut; a snapshot's leads are those that sales works during its period.
    work : Work

    Raises
    ------
    ScoringError
        When a number is not above 0.
    """
    capacity = profit = None
    capacities, profits = [], []
    weeks = _weeks(cells, counts, observation)
    rows = [row for row, label in enumerate(cells.periods) if label in weeks]
    if work.leads_per_week is not None and rows:
        for row in rows:
            label = cells.periods[row]
            one = capacity_threshold(
                counts.converted[row], counts.not_converted[row], counts.min_score, weeks[label],
                work.leads_per_week,
            )  # fmt: skip
            capacities.append((label, one))
        capacity = capacity_threshold(
            counts.converted[rows].sum(axis=0),
            counts.not_converted[rows].sum(axis=0),
            counts.min_score,
            sum(weeks.values()),
            work.leads_per_week,
        )
    if work.conversion_value is not None and work.lead_cost is not None:
        value, cost = work.conversion_value, work.lead_cost
        pooled = counts.pooled
        profit = profit_threshold(pooled.converted[0], pooled.not_converted[0], counts.min_score, value, cost)
        for row, label in enumerate(cells.periods):
            won, lost = counts.converted[row], counts.not_converted[row]
            if won.any() or lost.any():
                profits.append((label, profit_threshold(won, lost, counts.min_score, value, cost)))
    return Thresholds(capacity, tuple(capacities), profit, tuple(profits))


def _weeks(cells: Cells, counts: ScoreCounts, observation: Observation) -> dict[str, float]:
    """Length of each complete period: it has mature leads and no others."""
    still_open = set(np.unique(cells.period[~cells.mature]).tolist())
    complete = {
        label
        for row, label in enumerate(cells.periods)
        if row not in still_open and (counts.converted[row].any() or counts.not_converted[row].any())
    }
    if not complete:
        return {}
    first = datetime(max(int(min(complete)[:4]), 3), 1, 1) - TWO_YEARS
    return {
        period.label: (period.ends_at - period.starts_at) / WEEK
        for period in periods_between(first, cells.observed_until, observation)
        if period.label in complete
    }
