"""Shares that differ from group to group: the posterior is a beta-binomial's, and finds what was planted."""

import numpy as np
import pytest
from scipy.stats import beta, betabinom

from scoring.errors import ScoringError
from scoring.group_shares import SPREADS, USUAL_SPREAD, group_shares

PART, WHOLE = np.array([3, 9, 0, 14]), np.array([100, 180, 40, 210])


def test_the_weights_are_prior_times_likelihood_of_scipy():
    shares = group_shares(PART, WHOLE)
    means = shares.a / (shares.a + shares.b)
    spreads = np.tile(SPREADS, len(means) // len(SPREADS))
    variances = means * (1 - means) / (shares.a + shares.b + 1)
    assert np.sqrt(variances) == pytest.approx(spreads * means * (1 - means))
    likelihood = betabinom.logpmf(PART, WHOLE, shares.a[:, None], shares.b[:, None]).sum(axis=1)
    prior = np.log(means * (1 - means)) / 2 - (spreads / USUAL_SPREAD) ** 2 / 2 + np.log(spreads)
    expected = np.exp(likelihood + prior - (likelihood + prior).max())
    assert shares.weights == pytest.approx(expected / expected.sum(), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("mean", "spread"), [(0.03, 0.1), (0.03, 0.6), (0.5, 0.3)])
def test_planted_mean_and_spread_are_found(mean, spread):
    random = np.random.default_rng(3)
    precision = 1 / (mean * (1 - mean) * spread**2) - 1
    whole = np.full(60, 4000)
    part = random.binomial(whole, random.beta(mean * precision, (1 - mean) * precision, size=60))
    drawn = group_shares(part, whole).draw(200_000, random)
    assert drawn.mean() == pytest.approx(mean, rel=0.15)
    assert drawn.std() / (mean * (1 - mean)) == pytest.approx(spread, rel=0.3)


def test_a_further_group_lies_in_nine_of_ten_intervals_though_only_four_were_seen():
    random = np.random.default_rng(11)
    held = 0
    for _ in range(300):
        rate, spread = random.uniform(0.01, 0.2), abs(random.normal(0, USUAL_SPREAD))
        precision = 1 / (rate * (1 - rate) * max(spread, 0.02) ** 2) - 1
        rates = random.beta(rate * precision, (1 - rate) * precision, size=5)
        whole = random.integers(200, 4000, size=4)
        drawn = group_shares(random.binomial(whole, rates[:4]), whole).draw(4000, random)
        low, high = np.quantile(drawn, [0.05, 0.95])
        held += bool(low <= rates[4] <= high)
    assert 0.86 <= held / 300 <= 0.95


def test_the_density_is_the_mixture_of_its_betas():
    shares = group_shares(PART, WHOLE)
    points = np.array([1e-4, 0.01, 0.03, 0.06, 0.2, 0.7])
    exact = [shares.weights @ beta.pdf(point, shares.a, shares.b) for point in points]
    assert np.exp(shares.log_density(points)) == pytest.approx(exact, rel=1e-2)


def test_groups_without_anything_leave_the_prior():
    shares = group_shares(np.array([0.0]), np.array([0.0]))
    drawn = shares.draw(50_000, np.random.default_rng(0))
    assert np.median(drawn) == pytest.approx(0.5, abs=0.05)


def test_a_part_that_exceeds_its_whole_is_refused():
    with pytest.raises(ScoringError, match="between 0 and their wholes"):
        group_shares(np.array([2.0]), np.array([1.0]))
