"""Statistics against oracles, hand-computed cases and the properties that must hold."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from scoring.errors import ScoringError
from scoring.statistics import (
    Z_95,
    auc_delong,
    ks_statistic,
    normal_quantile,
    psi,
    psi_bins,
    rate,
    wilson_interval,
)

Array = NDArray[np.int64]

counts_by_score = st.integers(1, 12).flatmap(
    lambda scores: st.tuples(
        st.lists(st.integers(0, 6), min_size=scores, max_size=scores).map(np.array),
        st.lists(st.integers(0, 6), min_size=scores, max_size=scores).map(np.array),
    )
)


def spread(counts: Array) -> Array:
    """One score per lead."""
    return np.repeat(np.arange(len(counts)), counts)


def delong_by_pairs(positives: Array, negatives: Array) -> tuple[float, float]:
    """AUC and its variance straight from the paper: every pair compared."""
    x, y = spread(positives)[:, None], spread(negatives)[None, :]
    psi_matrix = (x > y) + 0.5 * (x == y)
    v10, v01 = psi_matrix.mean(axis=1), psi_matrix.mean(axis=0)
    return float(psi_matrix.mean()), float(v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01))


def test_95_percent_uses_the_quantile_of_the_definition() -> None:
    assert normal_quantile() == Z_95 == 1.959963984540054
    assert normal_quantile(0.9) == pytest.approx(stats.norm.ppf(0.95), abs=1e-12)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_confidence_outside_0_and_1_is_refused(confidence: float) -> None:
    with pytest.raises(ScoringError, match="confidence must lie between 0 and 1"):
        normal_quantile(confidence)


def test_rate_of_nothing_is_none() -> None:
    assert rate(0, 0) is None
    assert rate(1, 4) == 0.25


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_equals_statsmodels(leads: int, share: float, confidence: float) -> None:
    conversions = round(share * leads)
    expected = proportion_confint(conversions, leads, alpha=1 - confidence, method="wilson")
    assert wilson_interval(conversions, leads, confidence) == pytest.approx(expected, abs=1e-9)


def test_wilson_ends_are_exactly_0_and_1() -> None:
    for leads in range(1, 200):
        assert wilson_interval(0, leads)[0] == 0.0
        assert wilson_interval(leads, leads)[1] == 1.0


def test_wilson_of_nothing_is_none_and_impossible_counts_are_refused() -> None:
    assert wilson_interval(0, 0) == (None, None)
    with pytest.raises(ScoringError, match="conversions must lie between 0 and 3 leads, got 4"):
        wilson_interval(4, 3)


def test_auc_by_hand() -> None:
    # Positives at 1 and 2, negatives at 0 and 1: three pairs won, one tie.
    auc, low, high = auc_delong(np.array([0, 1, 1]), np.array([1, 1, 0]))
    assert auc == 0.875
    # Placements: positives 0.75, 1; negatives 1, 0.75: variance 2 * 0.03125 / 2.
    assert low == pytest.approx(0.875 - Z_95 * math.sqrt(0.03125), abs=1e-15)
    assert high == 1.0


@given(counts_by_score)
def test_auc_and_ks_equal_the_oracles(counts: tuple[Array, Array]) -> None:
    positives, negatives = counts
    auc, low, high = auc_delong(positives, negatives)
    if not positives.any() or not negatives.any():
        assert (auc, low, high) == (None, None, None)
        assert ks_statistic(positives, negatives) is None
        return
    labels = np.repeat([1, 0], [positives.sum(), negatives.sum()])
    scores = np.concatenate([spread(positives), spread(negatives)])
    assert auc == pytest.approx(roc_auc_score(labels, scores), abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # about its p-value, which is not used
        oracle = stats.ks_2samp(spread(positives), spread(negatives)).statistic
    assert ks_statistic(positives, negatives) == pytest.approx(oracle, abs=1e-9)
    if positives.sum() < 2 or negatives.sum() < 2:
        assert (low, high) == (None, None)
        return
    expected, variance = delong_by_pairs(positives, negatives)
    assert low == pytest.approx(max(0, expected - Z_95 * math.sqrt(variance)), abs=1e-9)
    assert high == pytest.approx(min(1, expected + Z_95 * math.sqrt(variance)), abs=1e-9)


@given(counts_by_score)
def test_swapping_the_classes_mirrors_the_auc(counts: tuple[Array, Array]) -> None:
    positives, negatives = counts
    auc, low, high = auc_delong(positives, negatives)
    mirrored, mirrored_low, mirrored_high = auc_delong(negatives, positives)
    if auc is None:
        assert mirrored is None
        return
    assert mirrored == pytest.approx(1 - auc, abs=1e-12)
    if low is not None and high is not None:
        assert mirrored_low == pytest.approx(1 - high, abs=1e-12)
        assert mirrored_high == pytest.approx(1 - low, abs=1e-12)


@given(counts_by_score, st.data())
def test_only_the_order_of_the_scores_matters(counts: tuple[Array, Array], data: st.DataObject) -> None:
    positives, negatives = counts
    gaps = data.draw(st.lists(st.integers(1, 4), min_size=len(positives), max_size=len(positives)))
    places = np.cumsum(gaps) - 1
    wide = np.zeros((2, places[-1] + 1), dtype=np.int64)
    wide[0, places], wide[1, places] = positives, negatives
    expected = auc_delong(positives, negatives)
    if expected[1] is None:
        assert auc_delong(wide[0], wide[1]) == expected
    else:
        assert auc_delong(wide[0], wide[1]) == pytest.approx(expected, abs=1e-12)
    assert ks_statistic(wide[0], wide[1]) == ks_statistic(positives, negatives)


def test_auc_of_millions_of_leads_stays_exact() -> None:
    positives = np.array([10_000_000, 20_000_000], dtype=np.int64)
    auc, low, high = auc_delong(positives, positives[::-1].copy())
    assert auc is not None and low is not None and high is not None
    assert auc == pytest.approx(0.5 + (4e14 - 1e14) / (2 * 9e14), abs=1e-15)
    assert low < auc < high


def test_delong_interval_agrees_with_a_bootstrap() -> None:
    generator = np.random.default_rng(7)
    positives = np.bincount(generator.binomial(20, 0.55, 150), minlength=21)
    negatives = np.bincount(generator.binomial(20, 0.45, 400), minlength=21)
    auc, low, high = auc_delong(positives, negatives)
    assert auc is not None and low is not None and high is not None
    drawn_positives = generator.multinomial(150, positives / 150, size=10_000)
    drawn_negatives = generator.multinomial(400, negatives / 400, size=10_000)
    below = np.cumsum(drawn_negatives, axis=1) - drawn_negatives
    aucs = (drawn_positives * (below + drawn_negatives / 2)).sum(axis=1) / (150 * 400)
    # Both are estimates of one standard error: 3 % is what 10,000 draws and the n - 1 can explain.
    assert (high - low) / (2 * Z_95) == pytest.approx(aucs.std(), rel=0.03)
    assert [low, high] == pytest.approx(np.percentile(aucs, [2.5, 97.5]), abs=0.005)


def test_psi_by_hand() -> None:
    expected = 0.1 * math.log(0.6 / 0.5) - 0.1 * math.log(0.4 / 0.5)
    assert psi(np.array([50, 50]), np.array([60, 40])) == pytest.approx(expected, abs=1e-12)


def test_psi_floors_empty_bins_and_does_not_renormalise() -> None:
    expected = (0.0001 - 1) * math.log(0.0001) + (1 - 0.0001) * math.log(1 / 0.0001)
    assert psi(np.array([7, 0]), np.array([0, 3])) == pytest.approx(expected, abs=1e-12)


def test_psi_of_nothing_is_none_and_of_the_same_is_0() -> None:
    assert psi(np.array([0, 0]), np.array([1, 0])) is None
    assert psi(np.array([1, 0]), np.array([0, 0])) is None
    assert psi(np.array([3, 9]), np.array([1, 3])) == 0


def test_psi_bins_are_equal_and_the_last_is_closed() -> None:
    assert psi_bins(np.ones(101, dtype=np.int64)).tolist() == [10] * 9 + [11]
    # Range 0 to 4: edges 0, 0.4, 0.8, ...; the scores fall into bins 0, 2, 5, 7 and the last.
    assert psi_bins(np.array([1, 2, 3, 4, 5])).tolist() == [1, 0, 2, 0, 0, 3, 0, 4, 0, 5]


@given(st.integers(1, 400))
def test_psi_bins_keep_every_lead(span: int) -> None:
    assert psi_bins(np.arange(span + 1)).sum() == span * (span + 1) // 2
