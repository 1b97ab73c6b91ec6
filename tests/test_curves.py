"""Gains, lift, precision and recall, calibration and tier order against oracles and by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, precision_recall_curve
from statsmodels.stats.contingency_tables import Table

from scoring.backtest import TierFigures
from scoring.calibration import brier_score, check_calibration, fit_calibration
from scoring.curves import gains_curve, lift_by_part, precision_recall
from scoring.statistics import auc_delong
from scoring.tier_order import cochran_armitage, judge_tier_order

two_counts = st.integers(2, 12).flatmap(
    lambda scores: st.tuples(
        st.lists(st.integers(0, 9), min_size=scores, max_size=scores).map(np.array),
        st.lists(st.integers(0, 9), min_size=scores, max_size=scores).map(np.array),
    )
)
# Enough conversions for a calibration.
many_counts = two_counts.map(lambda counts: (counts[0] * 30 + 10, counts[1] * 30))


def lead_by_lead(converted: Any, not_converted: Any) -> tuple[Any, Any]:
    scores = np.arange(len(converted))
    score = np.concatenate([np.repeat(scores, converted), np.repeat(scores, not_converted)])
    return score, np.repeat([1, 0], [converted.sum(), not_converted.sum()])


def test_gains_by_hand() -> None:
    curve = gains_curve(np.array([1, 0, 3]), np.array([5, 0, 1]))
    assert curve is not None
    assert curve.leads_share.tolist() == [0, 0.4, 1]
    assert curve.conversions_share.tolist() == [0, 0.75, 1]


@given(two_counts)
def test_area_under_the_gains_curve_follows_from_the_auc(counts: Any) -> None:
    converted, not_converted = counts
    curve = gains_curve(converted, not_converted)
    if not converted.any():
        assert curve is None
        return
    auc = auc_delong(converted, not_converted)[0]
    if curve is None or auc is None:
        return
    share = converted.sum() / (converted.sum() + not_converted.sum())
    area = np.trapezoid(curve.conversions_share, curve.leads_share)
    assert area == pytest.approx(share / 2 + (1 - share) * auc, abs=1e-9)


def test_ties_are_split_in_proportion() -> None:
    # Ten leads: one at the top that converted, nine tied of which three converted.
    parts = lift_by_part(np.array([3, 1]), np.array([6, 0]), parts=5)
    assert [part.leads for part in parts] == [2.0] * 5
    assert parts[0].conversions == pytest.approx(1 + 1 / 3)
    assert [part.conversions for part in parts[1:]] == pytest.approx([2 / 3] * 4)
    assert parts[0].rate == pytest.approx(2 / 3)
    assert parts[0].lift == pytest.approx((2 / 3) / 0.4)


@given(two_counts, st.integers(1, 10))
def test_parts_keep_all_leads_and_conversions(counts: Any, parts: int) -> None:
    converted, not_converted = counts
    result = lift_by_part(converted, not_converted, parts)
    if not converted.any():
        assert result == ()
        return
    assert sum(part.leads for part in result) == pytest.approx(converted.sum() + not_converted.sum())
    assert sum(part.conversions for part in result) == pytest.approx(converted.sum())
    assert np.mean([part.lift for part in result]) == pytest.approx(1)


@given(two_counts)
def test_precision_and_recall_equal_scikit_learn(counts: Any) -> None:
    converted, not_converted = counts
    result = precision_recall(converted, not_converted, min_score=-3)
    if not converted.any():
        assert np.isnan(result.recall).all()
        return
    score, label = lead_by_lead(converted, not_converted)
    precision, recall, threshold = precision_recall_curve(label, score)
    assert result.threshold.tolist() == (threshold - 3).tolist()
    assert result.precision == pytest.approx(precision[:-1], abs=1e-9)
    assert result.recall == pytest.approx(recall[:-1], abs=1e-9)
    assert result.leads[0] == len(score)


@given(many_counts)
def test_calibration_equals_scikit_learn(counts: Any) -> None:
    converted, not_converted = counts
    probabilities = fit_calibration(converted, not_converted)
    if converted.sum() < 50:
        assert probabilities is None
        return
    assert probabilities is not None
    score, label = lead_by_lead(converted, not_converted)
    oracle = IsotonicRegression(out_of_bounds="clip").fit(score, label)
    assert probabilities == pytest.approx(oracle.predict(np.arange(len(converted))), abs=1e-9)
    assert (np.diff(probabilities) >= -1e-12).all()
    expected = brier_score_loss(label, probabilities[score])
    assert brier_score(probabilities, converted, not_converted) == pytest.approx(expected, abs=1e-9)


def test_calibration_fills_scores_without_leads_between_neighbours() -> None:
    probabilities = fit_calibration(np.array([0, 20, 0, 40, 0]), np.array([0, 80, 0, 60, 0]))
    assert probabilities == pytest.approx([0.2, 0.2, 0.3, 0.4, 0.4])


def test_too_few_conversions_are_not_calibrated() -> None:
    assert fit_calibration(np.array([9, 40]), np.array([100, 100])) is None
    assert fit_calibration(np.array([10, 40]), np.array([100, 100])) is not None


def test_brier_score_of_the_base_rate() -> None:
    assert brier_score(np.array([0.25, 0.25]), np.array([1, 0]), np.array([2, 1])) == 0.25 * 0.75
    assert brier_score(np.array([0.25]), np.array([0]), np.array([0])) is None


def test_calibration_check_by_hand() -> None:
    check = check_calibration(np.array([0.1, 0.5]), np.array([5, 60]), np.array([95, 40]))
    assert (check.observed, check.expected) == (65, pytest.approx(60))
    error = math.sqrt(100 * 0.09 + 100 * 0.25) / 60
    assert check.ratio == pytest.approx(65 / 60)
    assert check.low == pytest.approx(65 / 60 - 1.959963984540054 * error)
    nothing = check_calibration(np.array([0.0]), np.array([2]), np.array([3]))
    assert (nothing.ratio, nothing.low, nothing.high) == (None, None, None)


def test_cochran_armitage_equals_published_examples() -> None:
    # R's prop.trend.test on Fleiss (1981), p. 139: X-squared = 8.2249, p = 0.004132.
    z, p_value = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82])
    assert z is not None and p_value is not None and z < 0
    assert z**2 == pytest.approx(8.2249, abs=5e-5)
    assert p_value == pytest.approx(0.004132, abs=5e-7)
    # Agresti (2002), section 5.3.5, alcohol and malformation: z squared = 6.57, p = 0.010.
    z, p_value = cochran_armitage(
        [48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], weights=[0, 0.5, 1.5, 4, 7]
    )
    assert z is not None and p_value is not None and z > 0
    assert z**2 == pytest.approx(6.57, abs=0.005)
    assert p_value == pytest.approx(0.0104, abs=0.0001)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=6))
def test_cochran_armitage_equals_statsmodels(groups: list[tuple[int, int]]) -> None:
    won, lost = np.array(groups).T
    z, p_value = cochran_armitage(won.tolist(), (won + lost).tolist())
    if won.sum() == 0:
        assert (z, p_value) == (None, None)
        return
    table = np.array([lost, won])
    oracle = Table(table, shift_zeros=False).test_ordinal_association()
    assert z is not None
    # Statsmodels takes the permutation variance, which differs by the factor n / (n - 1).
    total = table.sum()
    assert z == pytest.approx(oracle.zscore * math.sqrt(total / (total - 1)), abs=1e-9)


def test_no_trend_can_be_tested_without_variety() -> None:
    assert cochran_armitage([], []) == (None, None)
    assert cochran_armitage([0, 0], [5, 5]) == (None, None)
    assert cochran_armitage([5, 5], [5, 5]) == (None, None)
    assert cochran_armitage([2, 0], [5, 0]) == (None, None)


def tier(name: str, leads: int, conversions: int) -> TierFigures:
    rate = conversions / leads if leads else None
    return TierFigures(name, leads, conversions, rate, None, None, None, None, 0.0)


def test_a_higher_tier_that_converts_no_better_is_named() -> None:
    order = judge_tier_order([tier("Nurture", 1000, 10), tier("MQL", 200, 10), tier("SQL", 100, 4)])
    assert order.holds is False
    assert order.offending == (("MQL", "SQL"),)
    assert order.sentence == "SQL converts 4.0 %, no better than MQL at 5.0 %."


def test_rising_tiers_hold_and_equal_ones_do_not() -> None:
    rising = judge_tier_order([tier("Nurture", 1000, 10), tier("MQL", 200, 20), tier("SQL", 100, 40)])
    assert (rising.holds, rising.offending) == (True, ())
    by_chance = judge_tier_order([tier("Nurture", 100, 10), tier("SQL", 100, 11)])
    assert (by_chance.holds, by_chance.offending) == (False, ())
    assert "no more than chance" in by_chance.sentence


def test_tiers_of_few_leads_are_not_judged() -> None:
    order = judge_tier_order([tier("Nurture", 1000, 10), tier("MQL", 29, 0), tier("SQL", 0, 0)])
    assert order.holds is None
    assert order.offending == ()
