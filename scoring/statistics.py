"""Statistics of scores and conversions, all from counts by score; none of them needs the leads again.

Counts are arrays in the order of rising scores; a score that nobody has may stand among them with 0.
What cannot be computed (a rate of nothing, an AUC without one class) is None.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from scoring.errors import ScoringError

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""

PSI_BINS = 10
PSI_SHARE_FLOOR = 0.0001

Counts = NDArray[np.integer[Any]]
FloatArray = NDArray[np.float64]


def normal_quantile(confidence: float = 0.95) -> float:
    """How many standard errors an interval of this coverage reaches to either side."""
    if not 0 < confidence < 1:
        raise ScoringError(f"confidence must lie between 0 and 1, got {confidence}")
    return Z_95 if confidence == 0.95 else float(ndtri((1 + confidence) / 2))


def rate(part: float, whole: float) -> float | None:
    """`part` / `whole`; None when `whole` is 0."""
    return part / whole if whole else None


def wilson_interval(
    conversions: int, leads: int, confidence: float = 0.95
) -> tuple[float, float] | tuple[None, None]:
    """Interval of a conversion rate that holds up for few leads.

    Parameters
    ----------
    conversions, leads : int
        Counts, ``0 <= conversions <= leads``.
    confidence : float, default 0.95
        Coverage, in (0, 1).

    Returns
    -------
    low, high : float or None
        Fractions in [0, 1]; both None when `leads` is 0.

    Notes
    -----
    Wilson (1927), JASA 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(14, 100)
    >>> round(low, 4), round(high, 4)
    (0.0853, 0.2214)
    """
    if not 0 <= conversions <= leads:
        raise ScoringError(f"conversions must lie between 0 and {leads} leads, got {conversions}")
    if leads == 0:
        return None, None
    z = normal_quantile(confidence)
    share = conversions / leads
    middle = share + z * z / (2 * leads)
    reach = z * math.sqrt(share * (1 - share) / leads + z * z / (4 * leads * leads))
    scale = 1 + z * z / leads
    # At the ends the bound is 0 or 1 exactly; the subtraction would leave a rounding error.
    low = 0.0 if conversions == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if conversions == leads else min(1.0, (middle + reach) / scale)
    return low, high


def auc_placements(positives: Counts, negatives: Counts) -> tuple[FloatArray, FloatArray]:
    """How each score fares against the other class: the placement values of an AUC.

    Parameters
    ----------
    positives, negatives : int array, shape (scores,)
        Leads by rising score, converted and not; neither is all 0.

    Returns
    -------
    of_positives, of_negatives : float array, shape (scores,)
        Share of the negatives that a positive at this score outranks, share of the positives that outrank
        a negative at this score; a tie counts one half.
    """
    below = np.cumsum(negatives) - negatives
    above = positives.sum() - np.cumsum(positives)
    return (below + negatives / 2) / negatives.sum(), (above + positives / 2) / positives.sum()


def auc_delong(
    positives: Counts, negatives: Counts, confidence: float = 0.95
) -> tuple[float | None, float | None, float | None]:
    """Chance that a converted lead scores higher than one that did not convert, with its interval.

    Parameters
    ----------
    positives, negatives : int array, shape (scores,)
        Leads by rising score, converted and not.
    confidence : float, default 0.95

    Returns
    -------
    auc, low, high : float or None
        Ties count one half. All None when a class is empty; the interval None with fewer than two of a class.
        The interval is AUC +- z standard errors, clipped to [0, 1].

    Notes
    -----
    DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44, 837-845; by midranks as in Sun, Xu (2014), IEEE
    Signal Processing Letters 21, 1389-1393, here on counts by score: linear in the number of scores.

    Examples
    --------
    >>> auc_delong(np.array([0, 1, 1]), np.array([1, 1, 0]))[0]
    0.875
    """
    positive_count, negative_count = int(positives.sum()), int(negatives.sum())
    if positive_count == 0 or negative_count == 0:
        return None, None, None
    # Twice the number of pairs won, in whole numbers, so that the AUC is exact.
    below = np.cumsum(negatives) - negatives
    won_twice = int((positives.astype(np.int64) * (2 * below + negatives)).sum())
    auc = won_twice / (2 * positive_count * negative_count)
    if positive_count < 2 or negative_count < 2:
        return auc, None, None
    of_positives, of_negatives = auc_placements(positives, negatives)
    variance = mean_variance(of_positives, positives, auc) + mean_variance(of_negatives, negatives, auc)
    reach = normal_quantile(confidence) * math.sqrt(variance)
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)


def mean_variance(values: FloatArray, counts: Counts, mean: float) -> float:
    """Variance of the mean of `values` that occur `counts` times: sum of squares / (n - 1) / n."""
    total = int(counts.sum())
    return float((counts * (values - mean) ** 2).sum()) / (total - 1) / total


def ks_statistic(positives: Counts, negatives: Counts) -> float | None:
    """Largest distance between the two classes' distribution functions, ties grouped by score.

    Returns
    -------
    float or None
        In [0, 1]; None when a class is empty.

    Notes
    -----
    Two-sample statistic of Kolmogorov and Smirnov, as in ``scipy.stats.ks_2samp``.
    """
    positive_count, negative_count = int(positives.sum()), int(negatives.sum())
    if positive_count == 0 or negative_count == 0:
        return None
    distance = np.cumsum(positives) / positive_count - np.cumsum(negatives) / negative_count
    return float(np.abs(distance).max())


def psi_bins(counts: Counts) -> NDArray[np.int64]:
    """Add counts by score up into ten equal bins over the score range, the last bin closed.

    Parameters
    ----------
    counts : int array, shape (scores,)
        Leads at every score from the lowest to the highest possible one, at least two scores.

    Returns
    -------
    int array, shape (10,)
    """
    span = len(counts) - 1
    # Whole numbers decide on which side of an edge a score lies.
    place = np.minimum(np.arange(span + 1) * PSI_BINS // span, PSI_BINS - 1)
    return np.bincount(place, weights=counts, minlength=PSI_BINS).astype(np.int64)


def psi(expected: Counts, actual: Counts) -> float | None:
    """Population stability index: how far one distribution has moved from another.

    Parameters
    ----------
    expected, actual : int array, shape (bins,)
        Counts by bin, before and now. Shares are floored at 0.0001 and not re-normalised.

    Returns
    -------
    float or None
        0 when nothing moved; None when either side is empty.

    Notes
    -----
    Siddiqi (2006), Credit Risk Scorecards, Wiley, chapter 9.
    """
    if expected.sum() == 0 or actual.sum() == 0:
        return None
    before = np.maximum(expected / expected.sum(), PSI_SHARE_FLOOR)
    now = np.maximum(actual / actual.sum(), PSI_SHARE_FLOOR)
    return float(((now - before) * np.log(now / before)).sum())
