"""From scores to probabilities, and how well the probabilities hold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from scoring.enough_data import MIN_CONVERSIONS_FOR_CALIBRATION
from scoring.statistics import Counts, FloatArray, normal_quantile


@dataclass(frozen=True)
class CalibrationCheck:
    """Conversions that came against those that the probabilities promised.

    `ratio` is observed / expected with its interval; None when nothing was expected.
    """

    observed: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None


def fit_calibration(converted: Counts, not_converted: Counts) -> FloatArray | None:
    """Probability of converting for each score, never falling with the score.

    Parameters
    ----------
    converted, not_converted : int array, shape (scores,)
        Leads at every score from the lowest to the highest possible one.

    Returns
    -------
    float array, shape (scores,), or None
        At scores without leads the straight line between their neighbours, level beyond the ends. None with
        fewer than `MIN_CONVERSIONS_FOR_CALIBRATION` conversions.

    Notes
    -----
    Isotonic regression by pooling adjacent violators: Barlow et al. (1972), Statistical Inference under Order
    Restrictions; for scores Zadrozny, Elkan (2002), KDD, 694-699.
    """
    if int(converted.sum()) < MIN_CONVERSIONS_FOR_CALIBRATION:
        return None
    leads = converted + not_converted
    taken = np.flatnonzero(leads)
    fitted = isotonic_regression(converted[taken] / leads[taken], weights=leads[taken].astype(np.float64)).x
    return np.interp(np.arange(len(leads)), taken, fitted)


def brier_score(probabilities: FloatArray, converted: Counts, not_converted: Counts) -> float | None:
    """Mean squared distance between probability and outcome: 0 is perfect; None without leads.

    A probability that is the same for all, the base rate p, gives p (1 - p): what a score has to beat.

    Notes
    -----
    Brier (1950), Monthly Weather Review 78, 1-3.
    """
    leads = int(converted.sum() + not_converted.sum())
    if leads == 0:
        return None
    squares = converted * (1 - probabilities) ** 2 + not_converted * probabilities**2
    return float(squares.sum()) / leads


def check_calibration(
    probabilities: FloatArray, converted: Counts, not_converted: Counts, confidence: float = 0.95
) -> CalibrationCheck:
    """Compare the conversions of other leads with what earlier leads promised.

    Notes
    -----
    Observed over expected, its interval from the binomial variance of the sum under the probabilities
    (calibration in the large: Steyerberg (2019), Clinical Prediction Models, Springer, chapter 15).
    """
    leads = converted + not_converted
    observed, expected = int(converted.sum()), float((leads * probabilities).sum())
    if expected <= 0:
        return CalibrationCheck(observed, expected, None, None, None)
    error = math.sqrt(float((leads * probabilities * (1 - probabilities)).sum())) / expected
    reach = normal_quantile(confidence) * error
    ratio = observed / expected
    return CalibrationCheck(observed, expected, ratio, max(0.0, ratio - reach), ratio + reach)
