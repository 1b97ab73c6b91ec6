"""Mature leads by period and tier, by thresholds or by the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from scoring.cells import TEN_THOUSANDTHS, Cells, IntArray, ScoreCounts
from scoring.model import Model
from scoring.statistics import rate, wilson_interval
from scoring.tiers import tier_indices


@dataclass(frozen=True, eq=False)
class TierCounts:
    """Mature leads, and their amounts, by period and tier.

    Parameters
    ----------
    converted, not_converted : int array, shape (periods, tiers)
        Leads.
    amount : int array, shape (periods, tiers)
        Ten-thousandths of the currency unit.
    """

    converted: IntArray
    not_converted: IntArray
    amount: IntArray

    @property
    def leads(self) -> IntArray:
        """All leads, shape (periods, tiers)."""
        return self.converted + self.not_converted

    @property
    def pooled(self) -> TierCounts:
        """The same with all periods added up into one row."""
        parts = (self.converted, self.not_converted, self.amount)
        return TierCounts(*(part.sum(axis=0, keepdims=True) for part in parts))


class GroupFigures(TypedDict):
    """What one tier, or one cell of a grid, converted; see `group_figures`."""

    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None
    lift: float | None
    capture: float | None
    amount: float


def group_figures(counts: TierCounts, row: int) -> list[GroupFigures]:
    """What each tier of one period converted, in their order.

    Lift is against the rate of all tiers together, capture the share of their conversions; `low` and `high`
    are the rate's 95 % interval, the amount is in the currency unit.
    """
    all_conversions = int(counts.converted[row].sum())
    base_rate = rate(all_conversions, int(counts.leads[row].sum()))
    figures: list[GroupFigures] = []
    for leads, conversions, amount in zip(
        counts.leads[row].tolist(), counts.converted[row].tolist(), counts.amount[row].tolist(), strict=True
    ):
        share, (low, high) = rate(conversions, leads), wilson_interval(conversions, leads)
        figures.append(
            {
                "leads": leads,
                "conversions": conversions,
                "rate": share,
                "low": low,
                "high": high,
                "lift": None if share is None or not base_rate else share / base_rate,
                "capture": rate(conversions, all_conversions),
                "amount": amount / TEN_THOUSANDTHS,
            }
        )
    return figures


def count_by_tier(cells: Cells, counts: ScoreCounts, model: Model) -> TierCounts:
    """Count mature leads by period and tier.

    Parameters
    ----------
    cells : Cells
        Scored with the model.
    counts : ScoreCounts
        Of the same cells; from them alone where thresholds decide, whatever the number of cells.
    model : Model

    Raises
    ------
    ScoringError
        When the model has a grid and the cells no places in one.
    """
    if model.grid is None:
        parts = (counts.converted, counts.not_converted, counts.amount)
        return TierCounts(*(_between_thresholds(part, counts.min_score, model) for part in parts))
    tier = tier_indices(cells.score, model, cells.place)
    return count_by_label(cells, tier, len(model.tiers))


def count_by_label(cells: Cells, label: NDArray[np.integer[Any]], label_count: int) -> TierCounts:
    """Count mature leads by period and any label of the cells, such as a place in a grid.

    Parameters
    ----------
    cells : Cells
    label : int array
        Of each cell, in [0, label_count).
    label_count : int
    """
    place = cells.period.astype(np.int64) * label_count + label
    shape = (len(cells.periods), label_count)
    won = cells.mature & cells.converted
    lost = cells.mature & ~cells.converted
    return TierCounts(
        _added_up(place[won], cells.leads[won], shape),
        _added_up(place[lost], cells.leads[lost], shape),
        _added_up(place[cells.mature], cells.amount[cells.mature], shape),
    )


def _between_thresholds(by_score: IntArray, min_score: int, model: Model) -> IntArray:
    score_count = by_score.shape[1]
    starts = [min(tier.threshold - min_score, score_count) for tier in model.tiers]
    below = np.concatenate([np.zeros_like(by_score[:, :1]), np.cumsum(by_score, axis=1)], axis=1)
    return np.diff(below[:, [*starts, score_count]], axis=1)


def _added_up(place: IntArray, values: NDArray[np.integer[Any]], shape: tuple[int, int]) -> IntArray:
    # np.bincount with weights would sum in floats, which is not exact for large amounts.
    sums = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.add.at(sums, place, values)
    return sums.reshape(shape)
