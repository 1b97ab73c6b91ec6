"""The change of a rate between two periods: its interval is that of statsmodels; few leads say nothing."""

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from scoring.backtest import TierFigures
from scoring.rate_change import Move, rate_change


def tier(conversions, leads):
    rate = conversions / leads if leads else None
    return TierFigures("SQL", leads, conversions, rate, None, None, None, None, 0.0)


RANDOM = np.random.default_rng(5)
PAIRS = [(int(RANDOM.integers(0, n + 1)), n, int(RANDOM.integers(0, m + 1)), m) for n, m in
         RANDOM.integers(5, 900, size=(40, 2)).tolist()]  # fmt: skip


@pytest.mark.parametrize(("won", "leads", "won_before", "leads_before"), PAIRS)
def test_the_interval_equals_statsmodels(won, leads, won_before, leads_before):
    change = rate_change(tier(won, leads), tier(won_before, leads_before))
    low, high = confint_proportions_2indep(won, leads, won_before, leads_before, method="newcomb")
    assert change.difference == won / leads - won_before / leads_before
    assert (change.low, change.high) == pytest.approx((low, high), abs=1e-12)


def test_the_verdict_follows_the_interval_and_says_nothing_on_few_leads():
    assert rate_change(tier(80, 100), tier(20, 100)).move is Move.HIGHER
    assert rate_change(tier(20, 100), tier(80, 100)).move is Move.LOWER
    assert rate_change(tier(20, 100), tier(22, 100)).move is Move.BY_CHANCE
    assert rate_change(tier(28, 29), tier(1, 100)).move is Move.TOO_LITTLE_DATA
    assert rate_change(tier(1, 100), tier(28, 29)).move is Move.TOO_LITTLE_DATA


def test_there_is_no_change_without_complete_leads_on_both_sides():
    assert rate_change(tier(5, 10), None) is None
    assert rate_change(None, tier(5, 10)) is None
    assert rate_change(tier(5, 10), tier(0, 0)) is None
    assert rate_change(tier(0, 0), tier(5, 10)) is None
