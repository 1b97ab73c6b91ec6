"""Thresholds from capacity and from profit, by brute force and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.isotonic import IsotonicRegression

from scoring.capacity import capacity_threshold, poisson_interval, profit_threshold
from scoring.errors import ScoringError

two_counts = st.integers(2, 12).flatmap(
    lambda scores: st.tuples(
        st.lists(st.integers(0, 9), min_size=scores, max_size=scores).map(np.array),
        st.lists(st.integers(0, 9), min_size=scores, max_size=scores).map(np.array),
    )
)
NO_LEADS = np.zeros(3, dtype=np.int64)


def test_capacity_by_hand() -> None:
    # From the top: 4 leads at 12, 10 from 11 up, 40 from 10 up; ten weeks.
    converted, not_converted = np.array([3, 2, 2]), np.array([27, 4, 2])
    result = capacity_threshold(converted, not_converted, 10, weeks=10, leads_per_week=1)
    assert (result.threshold, result.meets_capacity, result.leads_per_week) == (11, True, 1.0)
    assert (result.rate, result.conversions, result.missed_conversions) == (0.4, 4, 3)
    # Ten leads may be 18 another time, so that 12 may be needed; 40 are never as few as 10.
    assert (result.low, result.high) == (11, 12)


def test_whole_weeks_of_days_do_not_lose_a_lead_to_rounding() -> None:
    leads = np.array([0, 92])
    assert capacity_threshold(leads, leads * 0, 0, weeks=92 / 7, leads_per_week=7).meets_capacity


@given(two_counts, st.floats(0.1, 200))
def test_capacity_is_met_by_the_lowest_threshold_possible(counts: Any, per_week: float) -> None:
    converted, not_converted = counts
    result = capacity_threshold(converted, not_converted, 0, weeks=2, leads_per_week=per_week)
    leads = [int((converted + not_converted)[place:].sum()) for place in range(len(converted))]
    fitting = [place for place, count in enumerate(leads) if count <= 2 * per_week + 1e-9]
    assert result.meets_capacity == bool(fitting)
    assert result.threshold == (fitting[0] if fitting else len(converted) - 1)
    assert result.low <= result.threshold <= result.high
    assert result.conversions + result.missed_conversions == converted.sum()


def test_without_leads_every_threshold_meets_capacity() -> None:
    result = capacity_threshold(NO_LEADS, NO_LEADS, 5, weeks=1, leads_per_week=1)
    assert (result.threshold, result.rate, result.leads_per_week) == (5, None, 0.0)


@pytest.mark.parametrize(("weeks", "per_week"), [(0, 1), (1, 0), (-1, 1), (float("nan"), 1)])
def test_capacity_must_be_positive(weeks: float, per_week: float) -> None:
    with pytest.raises(ScoringError, match="must be above 0"):
        capacity_threshold(NO_LEADS, NO_LEADS, 0, weeks, per_week)


def test_poisson_interval_equals_scipy() -> None:
    counts = np.arange(200)
    low, high = poisson_interval(counts)
    assert low[0] == 0
    assert low[1:] == pytest.approx(stats.chi2.ppf(0.025, 2 * counts[1:]) / 2, abs=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * counts + 2) / 2, abs=1e-9)


def test_profit_by_hand() -> None:
    result = profit_threshold(np.array([1, 5, 8]), np.array([99, 15, 2]), 10, value=100, cost=20)
    # From 12: 800 - 200; from 11: 1300 - 600; from 10: 1400 - 2600.
    assert (result.threshold, result.profit) == (11, 700.0)
    assert (result.leads, result.conversions, result.missed_conversions) == (30, 13, 1)
    assert (result.low, result.high) == (11, 12)
    assert result.profit_low < 700 < result.profit_high


@given(two_counts, st.integers(1, 20), st.integers(1, 20))
def test_profit_is_the_greatest_there_is(counts: Any, value: int, cost: int) -> None:
    converted, not_converted = counts
    result = profit_threshold(converted, not_converted, 0, value, cost)
    leads = converted + not_converted
    profits = [value * converted[place:].sum() - cost * leads[place:].sum() for place in range(len(leads))]
    assert result.profit == max(0, *profits)
    if result.threshold is None:
        assert (result.low, result.high, result.leads) == (None, None, 0)
        return
    assert profits[result.threshold] == result.profit
    assert result.low is not None and result.high is not None
    assert result.low <= result.threshold <= result.high
    assert result.profit_low <= result.profit <= result.profit_high


@given(two_counts, st.integers(1, 9))
def test_the_best_threshold_is_where_the_calibrated_probability_pays(counts: Any, cost: int) -> None:
    converted, not_converted = counts
    leads = converted + not_converted
    taken = np.flatnonzero(leads)
    result = profit_threshold(converted, not_converted, 0, value=10, cost=cost)
    if not len(taken):
        assert result.threshold is None
        return
    fitted = IsotonicRegression().fit(taken, converted[taken] / leads[taken], sample_weight=leads[taken])
    # At equality working a group earns nothing, and the higher threshold is taken.
    paying = taken[fitted.predict(taken) > cost / 10 + 1e-12]
    assert result.threshold == (paying[0] if len(paying) else None)


def test_working_nobody_is_an_answer() -> None:
    result = profit_threshold(np.array([0, 1]), np.array([50, 49]), 0, value=10, cost=1)
    assert (result.threshold, result.profit, result.missed_conversions) == (None, 0.0, 1)
    with pytest.raises(ScoringError, match="value must be above 0, got 0"):
        profit_threshold(NO_LEADS, NO_LEADS, 0, value=0, cost=1)
