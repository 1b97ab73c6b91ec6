"""A share that differs from group to group: what groups seen so far say about the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, gammaln, logit, logsumexp, xlog1py, xlogy

from scoring.errors import ScoringError
from scoring.statistics import FloatArray

USUAL_SPREAD = 0.5
"""Scale of the half-normal prior of the spread between groups, on the logit scale: a standard deviation of
one half is a group at 1.6 times the usual odds. Few groups leave the prior as it is, many overrule it."""

SPREADS = np.geomspace(0.02, 1.9, 30)
MEAN_POINTS = 61
MEAN_REACH = 6.0
"""Standard errors of the mean that its grid reaches to either side."""

SMALLEST = 1e-12
"""Shares are kept this far from 0 and 1, where logarithms end."""

KNOTS, KNOT_SCALE = 401, 0.01
"""How finely a density is tabulated on the logit scale: 0.0004 apart in the middle, wider outwards."""

NEGLIGIBLE = 1e-6

Numbers = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class GroupShares:
    """The posterior of a beta-binomial: groups' shares are Beta with a mean and a spread, both uncertain.

    Attributes
    ----------
    weights : float array, shape (cells,)
        Of each combination of mean and spread; sums to 1.
    a, b : float arrays, shape (cells,)
        The parameters of its Beta distribution.
    """

    weights: FloatArray
    a: FloatArray
    b: FloatArray

    def draw(self, size: int, random: np.random.Generator) -> FloatArray:
        """Shares that a further group may have, shape (size,), in (0, 1)."""
        cells = random.choice(len(self.weights), size=size, p=self.weights)
        shares = random.beta(self.a[cells], self.b[cells])
        return np.clip(shares, SMALLEST, 1 - SMALLEST)

    def log_density(self, shares: FloatArray) -> FloatArray:
        """Logarithm of the density that shares of a further group have, same shape; interpolated."""
        kept = self.weights > self.weights.max() * NEGLIGIBLE
        # Dense around the middle, where the density is steep when groups hardly differ.
        middle = float(self.weights @ logit(self.a / (self.a + self.b)))
        reach = np.arcsinh((abs(middle) - logit(SMALLEST)) / KNOT_SCALE)
        knots = middle + KNOT_SCALE * np.sinh(np.linspace(-reach, reach, KNOTS))
        at = np.clip(expit(knots), SMALLEST, 1 - SMALLEST)[:, None]
        a, b = self.a[kept], self.b[kept]
        terms = np.log(self.weights[kept]) - betaln(a, b) + xlogy(a - 1, at) + xlog1py(b - 1, -at)
        density: FloatArray = np.interp(logit(shares), knots, logsumexp(terms, axis=1))
        return density


def group_shares(part: Numbers, whole: Numbers) -> GroupShares:
    """Learn mean and spread of a share from the groups that were seen.

    Parameters
    ----------
    part, whole : number arrays, shape (groups,)
        ``0 <= part <= whole``; parts may be fractions. A group of 0 says nothing.

    Raises
    ------
    ScoringError
        When a part exceeds its whole.

    Notes
    -----
    Beta-binomial likelihood, summed over a grid. The mean has Jeffreys' prior; the spread is the standard
    deviation between groups on the logit scale (to first order, so that rare and frequent shares are treated
    alike), with a half-normal prior. Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 5.3.
    """
    parts, wholes = part.astype(np.float64), whole.astype(np.float64)
    if np.any(parts < 0) or np.any(parts > wholes + 1e-9):
        raise ScoringError(f"parts must lie between 0 and their wholes, got {parts} of {wholes}")
    parts = np.minimum(parts, wholes)
    means, spreads = np.repeat(_mean_grid(parts, wholes), len(SPREADS)), np.tile(SPREADS, MEAN_POINTS)
    precision = 1 / (means * (1 - means) * spreads**2) - 1
    a, b = means * precision, (1 - means) * precision
    # Jeffreys' prior on the logit scale, and a spread's share of its geometric grid.
    log_prior = 0.5 * np.log(means * (1 - means)) - 0.5 * (spreads / USUAL_SPREAD) ** 2 + np.log(spreads)
    posterior = log_prior + _log_likelihood(a[:, None], b[:, None], parts, wholes).sum(axis=1)
    weights = np.exp(posterior - posterior.max())
    return GroupShares(weights / weights.sum(), a, b)


def _mean_grid(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Means around that of all groups, evenly spaced on the logit scale."""
    parts, wholes = float(part.sum()), float(whole.sum())
    groups = max(int((whole > 0).sum()), 1)
    error = np.sqrt(1 / (parts + 0.5) + 1 / (wholes - parts + 0.5) + USUAL_SPREAD**2 / groups)
    center = float(logit((parts + 0.5) / (wholes + 1)))
    grid: FloatArray = expit(center + error * np.linspace(-MEAN_REACH, MEAN_REACH, MEAN_POINTS))
    return grid


def _log_likelihood(a: FloatArray, b: FloatArray, part: FloatArray, whole: FloatArray) -> FloatArray:
    """Up to the binomial coefficients, which are the same in every cell."""
    chosen = gammaln(a + part) + gammaln(b + whole - part) - gammaln(a + b + whole)
    result: FloatArray = chosen - (gammaln(a) + gammaln(b) - gammaln(a + b))
    return result
