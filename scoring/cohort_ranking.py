"""How well a single value ranks leads that converted above others of the same cohort.

Within the cohort, because whatever changed over time (the base rate, the market, a column that came later)
tells old leads from new ones and would look like knowledge about the outcome.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.statistics import Counts, FloatArray, auc_delong, auc_placements, mean_variance, normal_quantile

FOLDS = 2
SMOOTHING = 1.0
"""How many leads of the base rate each value's rate is mixed with: a value of nobody has the base rate."""


@dataclass(frozen=True)
class Ranking:
    """How often a converted lead stands above another one of its cohort.

    Parameters
    ----------
    auc : float
        In [0, 1], ties counting one half; below one half when converted leads stand lower.
    error : float
        Its standard error.
    converted, others : int
        Leads of the cohorts that have both.
    """

    auc: float
    error: float
    converted: int
    others: int

    @property
    def strength(self) -> float:
        """The AUC in whichever direction ranks better, 0.5 to 1."""
        return max(self.auc, 1 - self.auc)

    @property
    def at_least(self) -> float:
        """The lower end of the strength's 95 % interval."""
        return max(0.0, self.strength - normal_quantile() * self.error)


def cohort_ranking(cohorts: Iterable[tuple[Counts, Counts]]) -> Ranking | None:
    """AUC over the pairs of leads that share a cohort.

    Parameters
    ----------
    cohorts : pairs of int arrays
        Of each cohort the converted leads and the others, by rising value.

    Returns
    -------
    Ranking or None
        None when no cohort has two leads of either class.

    Notes
    -----
    Every cohort's AUC with DeLong's variance (DeLong, DeLong, Clarke-Pearson 1988), weighted by its pairs:
    the stratified statistic of van Elteren (1960) with the weights that count each pair once.
    """
    pairs, weighted, variance, converted, others = 0, 0.0, 0.0, 0, 0
    for positives, negatives in cohorts:
        won, rest = int(positives.sum()), int(negatives.sum())
        if min(won, rest) < 2:
            continue
        auc = auc_delong(positives, negatives)[0]
        assert auc is not None  # both classes are there
        of_positives, of_negatives = auc_placements(positives, negatives)
        spread = mean_variance(of_positives, positives, auc) + mean_variance(of_negatives, negatives, auc)
        pairs += won * rest
        weighted += auc * won * rest
        variance += spread * float(won * rest) ** 2
        converted, others = converted + won, others + rest
    if pairs == 0:
        return None
    return Ranking(weighted / pairs, math.sqrt(variance) / pairs, converted, others)


def rank_numbers(numbers: FloatArray, cohort: IntArray, won: IntArray, others: IntArray) -> Ranking | None:
    """Ranking by a number: rows of (number, cohort) with their leads; shapes (n,)."""
    return cohort_ranking(_by_cohort(numbers, cohort, won, others))


def rank_values(
    value: IntArray, cohort: IntArray, fold: IntArray, won: IntArray, others: IntArray
) -> Ranking | None:
    """Ranking by the conversion rate of a value, learned from other leads than those that are ranked.

    Parameters
    ----------
    value, cohort : int array, shape (n,)
        Which value (any codes from 0) and which cohort.
    fold : int array, shape (n,)
        0 or 1; each half of the leads is ranked by the rates of the other half, so that a column with many
        rare values does not seem to know the outcome by heart.
    won, others : int array, shape (n,)
        Leads.
    """
    if len(value) == 0:
        return None
    values = int(value.max()) + 1
    strata, rates = [], np.zeros(len(value))
    for half in range(FOLDS):
        learned = fold != half
        wins = np.bincount(value[learned], weights=won[learned], minlength=values)
        leads = wins + np.bincount(value[learned], weights=others[learned], minlength=values)
        base_rate = wins.sum() / leads.sum() if leads.sum() else 0.0
        rate = (wins + SMOOTHING * base_rate) / (leads + SMOOTHING)
        rates[~learned] = rate[value[~learned]]
        rows = ~learned
        strata += list(_by_cohort(rates[rows], cohort[rows], won[rows], others[rows]))
    return cohort_ranking(strata)


def _by_cohort(
    numbers: FloatArray, cohort: IntArray, won: IntArray, others: IntArray
) -> Iterable[tuple[IntArray, IntArray]]:
    for code in np.unique(cohort):
        rows = cohort == code
        distinct, place = np.unique(numbers[rows], return_inverse=True)
        yield _added(place, won[rows], len(distinct)), _added(place, others[rows], len(distinct))


def _added(place: NDArray[np.intp], leads: IntArray, length: int) -> IntArray:
    sums = np.zeros(length, dtype=np.int64)
    np.add.at(sums, place, leads)
    return sums
