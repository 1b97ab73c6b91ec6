"""Draws of what is still to come of a period: how many conversions, and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlog1py, xlogy
from scipy.stats import beta

from scoring.cells import TEN_THOUSANDTHS
from scoring.group_shares import SMALLEST, group_shares
from scoring.maturation import Cohort
from scoring.statistics import FloatArray

LEVEL = 0.9
"""How often the interval of a forecast is to hold the truth."""

DRAWS = 20_000
MIN_DRAWS_THAT_FIT = 200
"""Draws that agree with what is known, counted as if they weighed alike: from fewer no interval is read."""

MIN_LATE_AMOUNTS = 20
"""With fewer late conversions, what they are worth is taken from all conversions."""


@dataclass(frozen=True)
class Range:
    """A forecast figure: its expectation and the interval that holds the truth 90 times in 100."""

    expected: float
    low: float
    high: float

    def over(self, whole: int) -> Range:
        """The same figure as a share."""
        return Range(self.expected / whole, self.low / whole, self.high / whole)


@dataclass(frozen=True, eq=False)
class Past:
    """Complete periods, seen at the ages that the leads to be forecast have now.

    Parameters
    ----------
    cohorts : tuple of Cohort
    leads, wins : int arrays, shape (periods,)
    seen : float array, shape (periods,)
        Conversions that had come in at these ages; a fraction where the leads differ in age.
    """

    cohorts: tuple[Cohort, ...]
    leads: NDArray[np.int64]
    wins: NDArray[np.int64]
    seen: FloatArray

    @classmethod
    def at_ages_of(cls, now: Cohort, cohorts: Sequence[Cohort]) -> Past:
        """Past periods as they would have been had their leads been as young as those of `now`."""
        return cls(
            tuple(cohorts),
            np.array([cohort.lead_count for cohort in cohorts], dtype=np.int64),
            np.array([cohort.conversions for cohort in cohorts], dtype=np.int64),
            np.array([now.share_watched(cohort.delays).sum() for cohort in cohorts], dtype=np.float64),
        )

    @property
    def conversions(self) -> int:
        return int(self.wins.sum())

    @property
    def seen_share(self) -> float | None:
        """Share of all their conversions that had come in; None without any."""
        return float(self.seen.sum()) / self.conversions if self.conversions else None


@dataclass(frozen=True, eq=False)
class Draws:
    """Values that a figure may take, with weights that sum to 1, both of shape (draws,)."""

    values: NDArray[np.int64] | FloatArray
    weights: FloatArray

    def range(self, known: float) -> Range:
        """Expectation and interval of the values on top of what is known."""
        order = np.argsort(self.values, kind="stable")
        reached = np.cumsum(self.weights[order])
        ends = np.searchsorted(reached, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        low, high = self.values[order[np.minimum(ends, len(order) - 1)]].tolist()
        return Range(known + float(self.values @ self.weights), known + low, known + high)


def draw_conversions(now: Cohort, past: Past, random: np.random.Generator) -> Draws | None:
    """Conversions that are still to come; None when what is known is unlike every past period.

    Half of the draws take the rate from the past, the other half take what has come in by now from what is
    known; each counts by past and known together over how it was drawn (importance sampling from a mixture,
    Owen, Zhou (2000), JASA 95, 135-143), so that there are enough that fit, be little known or much.
    """
    rates, timing = group_shares(past.wins, past.leads), group_shares(past.seen, past.wins)
    known, leads = now.conversions, now.lead_count
    watched = bool(np.any(now.ages > 0))
    seen = timing.draw(DRAWS, random) if watched else np.full(DRAWS, SMALLEST)
    rate = rates.draw(DRAWS, random)
    of_known = np.arange(DRAWS) % 2 == 1
    rate[of_known] = random.beta(known + 0.5, leads - known + 0.5, int(of_known.sum())) / seen[of_known]
    possible = rate < 1
    rate, seen = np.maximum(rate[possible], SMALLEST), seen[possible]
    by_now = np.maximum(rate * seen, np.finfo(np.float64).tiny)
    from_past = rates.log_density(rate)
    from_known = beta.logpdf(by_now, known + 0.5, leads - known + 0.5) + np.log(seen)
    fit = from_past + xlogy(known, by_now) + xlog1py(leads - known, -by_now)
    fit -= np.logaddexp(from_past, from_known)
    weights = np.exp(fit - fit.max())
    weights /= weights.sum()
    if 1 / float(weights @ weights) < MIN_DRAWS_THAT_FIT:
        return None
    later = rate * (1 - seen) / (1 - by_now)
    return Draws(random.binomial(leads - known, later), weights)


def draw_amounts(now: Cohort, past: Past, more: Draws, random: np.random.Generator) -> Range | None:
    """The final amount; None when no past conversion has one.

    What late conversions are worth differs from period to period, too: each draw weighs the past periods anew
    (the Bayesian bootstrap, Rubin (1981), Annals of Statistics 9, 130-134), and the sum of its conversions is
    drawn from the Gamma distribution with their mean and variance.
    """
    late = [1 - now.share_watched(cohort.delays) for cohort in past.cohorts]
    if sum(float(share.sum()) for share in late) < MIN_LATE_AMOUNTS:
        late = [np.ones(cohort.conversions) for cohort in past.cohorts]
    amounts = [cohort.amounts / TEN_THOUSANDTHS for cohort in past.cohorts]
    sums = np.array(
        [
            (share.sum(), share @ amount, share @ amount**2)
            for share, amount in zip(late, amounts, strict=True)
        ]
    )
    if not sums[:, 1].any():
        return None
    counts, totals, squares = (random.dirichlet(np.ones(len(sums)), size=len(more.values)) @ sums).T
    mean = totals / counts
    variance = np.maximum(squares / counts - mean**2, 0.0)
    expected, spread = more.values * mean, more.values * variance
    sure = (spread <= 0) | (expected <= 0)
    shape = np.where(sure, 1.0, expected**2 / np.where(sure, 1.0, spread))
    drawn = random.gamma(shape, np.where(sure, 1.0, spread / np.where(sure, 1.0, expected)))
    return Draws(np.where(sure, expected, drawn), more.weights).range(
        int(now.amounts.sum()) / TEN_THOUSANDTHS
    )
