"""Whether an AUC fell between two times, on different leads, and whether the mix of leads explains it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import Cells, IntArray, ScoreCounts
from scoring.enough_data import enough_for_verdict
from scoring.statistics import Counts, FloatArray, normal_quantile

AUC_DROP = 0.03
"""A smaller loss is not called a decline, be it ever so certain: three buyers in a hundred."""

Numbers = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]


@dataclass(frozen=True)
class AucEstimate:
    """An AUC (or a mean of several) with its standard error."""

    value: float
    error: float

    def change_from(self, before: AucEstimate) -> tuple[float, float]:
        """95 % interval of ``self - before``, the two on different leads."""
        reach = normal_quantile() * math.hypot(self.error, before.error)
        return self.value - before.value - reach, self.value - before.value + reach

    def fell_from(self, before: AucEstimate) -> bool:
        """Whether it fell by more than chance and by enough to matter."""
        return self.change_from(before)[1] < 0 and self.value < before.value - AUC_DROP


def estimate_auc(positives: Counts, negatives: Counts) -> AucEstimate | None:
    """AUC of counts by rising score; None with too few of a class for a verdict."""
    conversions = int(positives.sum())
    if not enough_for_verdict(conversions, conversions + int(negatives.sum())):
        return None
    return weighted_auc(positives, negatives, positives, negatives)


def mean_auc(counts: ScoreCounts, end: int) -> AucEstimate | None:
    """Mean AUC of the periods before number `end` that have enough conversions; None when none has.

    The mean and not the pooled AUC, which differing base rates flatter.
    """
    # A single lead with a wrong date makes thousands of periods without any conversion.
    converting = np.flatnonzero(counts.converted[:end].sum(axis=1))
    rows = ((counts.converted[row], counts.not_converted[row]) for row in converting)
    estimates = [estimate for row in rows if (estimate := estimate_auc(*row))]
    if not estimates:
        return None
    error = math.sqrt(sum(estimate.error**2 for estimate in estimates)) / len(estimates)
    return AucEstimate(sum(estimate.value for estimate in estimates) / len(estimates), error)


def auc_on_old_mix(cells: Cells, period: int, mix_before: IntArray, mix_now: IntArray) -> AucEstimate | None:
    """AUC of a period had its segments the shares of the leads that they had before.

    Parameters
    ----------
    cells : Cells
    period : int
        Its index.
    mix_before, mix_now : int array, shape (segments,)
        Mature leads by segment. A segment that is new gets no weight; one that is gone is missing from both.

    Returns
    -------
    AucEstimate or None
        None when the segments known before hold too few of a class for a verdict.

    Notes
    -----
    Direct standardisation; for the weights see Shimodaira (2000), Journal of Statistical Planning and
    Inference 90, 227-244.
    """
    # Converts shares into a weight for each lead of the segment; the common scale does not matter.
    weight = np.divide(mix_before, mix_now, out=np.zeros(len(mix_now)), where=mix_now > 0)
    rows = (cells.period == period) & cells.mature & (weight[cells.segment] > 0)
    won = cells.converted[rows]
    leads, weights = cells.leads[rows].astype(np.int64), weight[cells.segment[rows]]
    if not enough_for_verdict(int(leads[won].sum()), int(leads.sum())):
        return None
    offset = cells.score[rows].astype(np.int64) - int(cells.score[rows].min())
    size = int(offset.max()) + 1
    sums = [
        np.bincount(offset[part], weights=(leads * weights**power)[part], minlength=size).astype(np.float64)
        for power in (1, 2)
        for part in (won, ~won)
    ]
    return weighted_auc(*sums)


def weighted_auc(
    positives: Numbers, negatives: Numbers, positives_squared: Numbers, negatives_squared: Numbers
) -> AucEstimate:
    """AUC of weighted leads with its standard error.

    Parameters
    ----------
    positives, negatives : array, shape (scores,)
        Sums of the leads' weights by rising score.
    positives_squared, negatives_squared : array, shape (scores,)
        Sums of the squares of their weights. With weights of 1 all four are counts.

    Notes
    -----
    DeLong's variance with weights: squared deviations of the placement values count by squared weight, and
    n - 1 becomes 1 - sum of squares / square of the sum. With weights of 1 it is DeLong's.
    """
    below = np.cumsum(negatives) - negatives
    above = positives.sum() - np.cumsum(positives)
    of_positives = (below + negatives / 2) / negatives.sum()
    of_negatives = (above + positives / 2) / positives.sum()
    auc = float((positives * of_positives).sum() / positives.sum())
    variance = _variance(positives, positives_squared, of_positives - auc)
    variance += _variance(negatives, negatives_squared, of_negatives - auc)
    return AucEstimate(auc, math.sqrt(variance))


def _variance(weights: Numbers, squared: Numbers, deviation: FloatArray) -> float:
    concentration = float(squared.sum()) / float(weights.sum()) ** 2
    return float((squared * deviation**2).sum()) / float(weights.sum()) ** 2 / (1 - concentration)
