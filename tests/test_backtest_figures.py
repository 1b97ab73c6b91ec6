"""Figures of the back-test from small cells, by hand, and what must hold for any cells."""

from __future__ import annotations

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.backtest import Backtest, backtest_by_segment, compute_backtest, difference, to_json
from scoring.cells import Cells, count_by_score
from scoring.distribution import score_distribution
from scoring.errors import ScoringError
from scoring.statistics import wilson_interval

OBSERVED_UNTIL = datetime(2025, 9, 1)


def make_cells(
    rows: list[tuple[int, int, int, bool, bool, int, int]],
    periods: tuple[str, ...] = ("2025-Q1", "2025-Q2", "2025-Q3"),
    segments: tuple[str, ...] = ("",),
    unscored: Any = None,
) -> Cells:
    """Cells from rows of (segment, period, score, mature, converted, leads, amount)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 7)
    return Cells(
        periods=periods,
        segments=segments,
        segment=table[:, 0].astype(np.int32),
        period=table[:, 1].astype(np.int32),
        score=table[:, 2].astype(np.int32),
        mature=table[:, 3].astype(bool),
        converted=table[:, 4].astype(bool),
        leads=table[:, 5],
        amount=table[:, 6],
        unscored_conversions=np.array(
            unscored if unscored is not None else np.zeros((len(segments), len(periods))), dtype=np.int64
        ),
        horizon_days=90,
        observed_until=OBSERVED_UNTIL,
    )


def make_model(thresholds: dict[str, int], min_score: int = 0, max_score: int = 10) -> Any:
    tiers = tuple(SimpleNamespace(name=name, threshold=value) for name, value in thresholds.items())
    return SimpleNamespace(name="Test", min_score=min_score, max_score=max_score, tiers=tiers, grid=None)


MODEL = make_model({"Nurture": 0, "MQL": 4, "SQL": 8})

ROWS = [
    (0, 0, 0, True, False, 6, 0),
    (0, 0, 4, True, False, 1, 0),
    (0, 0, 4, True, True, 1, 25_000),
    (0, 0, 9, True, True, 2, 1_000_001),
    (1, 1, 3, True, False, 5, 0),
    (1, 1, 10, True, True, 1, 10_000),
    (1, 1, 10, False, False, 3, 0),
    (0, 2, 10, False, True, 2, 70_000),
]
CELLS = make_cells(ROWS, segments=("east", "west"), unscored=[[1, 0, 2], [0, 5, 0]])


def test_period_figures_by_hand() -> None:
    first = compute_backtest(CELLS, MODEL).periods[0]
    assert (first.period, first.leads, first.conversions, first.immature_leads) == ("2025-Q1", 10, 3, 0)
    assert first.unscored_conversions == 1
    assert first.rate == 0.3
    # Of 21 pairs 20 are won and one is a tie.
    assert first.auc == pytest.approx(20.5 / 21, abs=1e-15)
    assert first.ks == pytest.approx(6 / 7, abs=1e-15)
    assert first.psi is None
    assert first.amount == 102.5001


def test_tier_figures_by_hand() -> None:
    nurture, mql, sql = compute_backtest(CELLS, MODEL).periods[0].tiers
    assert (nurture.tier, nurture.leads, nurture.conversions, nurture.rate) == ("Nurture", 6, 0, 0.0)
    assert (nurture.lift, nurture.capture, nurture.amount) == (0.0, 0.0, 0.0)
    assert (mql.leads, mql.conversions, mql.rate, mql.amount) == (2, 1, 0.5, 2.5)
    assert (mql.low, mql.high) == wilson_interval(1, 2)
    assert mql.lift == pytest.approx(0.5 / 0.3)
    assert mql.capture == pytest.approx(1 / 3)
    assert (sql.leads, sql.conversions, sql.rate, sql.amount) == (2, 2, 1.0, 100.0001)


def test_immature_leads_are_counted_apart_and_enter_no_figure() -> None:
    _, second, third = compute_backtest(CELLS, MODEL).periods
    assert (second.leads, second.immature_leads, second.rate) == (6, 3, pytest.approx(1 / 6))
    assert (third.leads, third.conversions, third.immature_leads, third.amount) == (0, 0, 2, 0.0)
    assert (third.rate, third.auc, third.auc_low, third.ks, third.psi) == (None,) * 5
    assert [tier.tier for tier in third.tiers] == ["Nurture", "MQL", "SQL"]
    assert {(tier.rate, tier.low, tier.high, tier.lift, tier.capture) for tier in third.tiers} == {
        (None, None, None, None, None)
    }


def test_pooled_adds_the_periods_up_and_has_no_psi() -> None:
    pooled = compute_backtest(CELLS, MODEL).pooled
    assert pooled.period == "pooled"
    assert (pooled.leads, pooled.conversions, pooled.immature_leads) == (16, 4, 5)
    assert pooled.unscored_conversions == 8
    assert pooled.amount == 103.5001
    assert pooled.psi is None
    assert pooled.tiers[2].lift == pytest.approx(1 / 0.25)


def test_psi_compares_with_the_last_period_that_has_mature_leads() -> None:
    rows = [
        (0, 0, 0, True, False, 5, 0),
        (0, 0, 10, True, False, 5, 0),
        (0, 1, 5, False, False, 9, 0),
        (0, 2, 0, True, False, 4, 0),
        (0, 2, 10, True, False, 6, 0),
    ]
    drift = [period.psi for period in compute_backtest(make_cells(rows), MODEL).periods]
    assert drift[:2] == [None, None]
    assert drift[2] == pytest.approx(0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5))


def test_no_conversion_at_all_has_a_rate_but_no_lift() -> None:
    figures = compute_backtest(make_cells([(0, 0, 5, True, False, 5, 0)]), MODEL).pooled
    assert figures.rate == 0.0
    assert [tier.lift for tier in figures.tiers] == [None, None, None]
    assert [tier.capture for tier in figures.tiers] == [None, None, None]


def test_cells_without_rows_give_zeros_and_nones() -> None:
    result = compute_backtest(make_cells([], periods=()), MODEL)
    assert result.periods == ()
    assert (result.pooled.leads, result.pooled.amount, result.pooled.rate, result.pooled.auc) == (
        0,
        0.0,
        None,
        None,
    )


def test_a_segment_lists_only_periods_it_has_rows_in() -> None:
    by_segment = backtest_by_segment(CELLS, MODEL)
    assert list(by_segment) == ["east", "west"]
    assert [figures.period for figures in by_segment["east"].periods] == ["2025-Q1", "2025-Q3"]
    west = by_segment["west"]
    assert [figures.period for figures in west.periods] == ["2025-Q2"]
    assert (west.pooled.leads, west.pooled.unscored_conversions) == (6, 5)


def test_a_filter_merges_segments() -> None:
    merged = CELLS.filter(["west", "east"])
    assert merged.segments == ("",)
    assert compute_backtest(merged, MODEL) == compute_backtest(CELLS, MODEL)
    assert CELLS.select("west").segments == ("west",)
    assert CELLS.select(None) is CELLS
    with pytest.raises(ScoringError, match="segment must be one of east, west, got 'north'"):
        CELLS.select("north")


def test_period_index() -> None:
    assert CELLS.period_index("2025-Q2") == 1
    with pytest.raises(ScoringError, match="period must be one of 2025-Q1, 2025-Q2, 2025-Q3, got '2024-Q1'"):
        CELLS.period_index("2024-Q1")


def test_cells_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ScoringError, match="period must point at one of 1 labels"):
        make_cells([(0, 1, 0, True, False, 1, 0)], periods=("2025-Q1",))
    with pytest.raises(ScoringError, match="unscored_conversions must have the shape"):
        make_cells([], unscored=[[1]])
    with pytest.raises(ScoringError, match="scores must lie in"):
        compute_backtest(make_cells([(0, 0, 11, True, False, 1, 0)]), MODEL)


def test_json_has_the_documented_keys_in_order() -> None:
    content = to_json(compute_backtest(CELLS, MODEL))
    assert content == json.loads(json.dumps(content, allow_nan=False))
    assert list(content) == ["model", "horizon_days", "observed_until", "periods", "pooled"]
    assert content["observed_until"] == "2025-09-01T00:00:00Z"
    period_keys = "period leads conversions immature_leads unscored_conversions rate auc auc_low auc_high"
    assert list(content["pooled"]) == [*period_keys.split(), "ks", "psi", "amount", "tiers"]
    tier_keys = "tier leads conversions rate low high lift capture amount"
    assert list(content["periods"][0]["tiers"][0]) == tier_keys.split()


def test_difference_is_second_minus_first_by_label() -> None:
    first = compute_backtest(CELLS, MODEL)
    second = compute_backtest(CELLS, make_model({"Nurture": 0, "SQL": 9, "Gold": 10}))
    change = difference(first, second)
    assert [period["period"] for period in change["periods"]] == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert [tier["tier"] for tier in change["pooled"]["tiers"]] == ["Nurture", "SQL", "Gold", "MQL"]
    nurture, sql, gold, mql = change["pooled"]["tiers"]
    assert (nurture["leads"], sql["leads"]) == (2, -1)
    assert (gold["leads"], mql["leads"], mql["rate"]) == (None, None, None)
    assert change["pooled"]["auc"] == 0.0
    assert change["periods"][2]["rate"] is None
    assert change["horizon_days"] == 0


def test_difference_with_itself_is_zero_wherever_there_is_a_number() -> None:
    result = compute_backtest(CELLS, MODEL)
    numbers = [value for value in _leaves(difference(result, result)) if not isinstance(value, str)]
    assert set(numbers) == {0, None}


def test_distribution_has_whole_bins_over_the_range() -> None:
    distribution = score_distribution(CELLS, 0, 10, bins=4)
    assert distribution.width == 3
    assert distribution.low.tolist() == [0, 3, 6, 9]
    assert distribution.converted.tolist() == [0, 1, 0, 3]
    assert distribution.not_converted.tolist() == [6, 6, 0, 0]


@st.composite
def any_cells(draw: st.DrawFn) -> Cells:
    row = st.tuples(
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(-5, 10),
        st.booleans(),
        st.booleans(),
        st.integers(1, 9),
        st.integers(0, 10**15),
    )
    return make_cells(draw(st.lists(row, max_size=40)), segments=("east", "west"))


@given(any_cells(), st.integers(-4, 9))
def test_tiers_partition_the_leads_and_segments_the_figures(cells: Cells, threshold: int) -> None:
    model = make_model({"Low": -5, "High": threshold, "Top": 10}, min_score=-5)
    result = compute_backtest(cells, model)
    parts = backtest_by_segment(cells, model)
    for figures in (*result.periods, result.pooled):
        assert sum(tier.leads for tier in figures.tiers) == figures.leads
        assert sum(tier.conversions for tier in figures.tiers) == figures.conversions
        assert sum(tier.amount for tier in figures.tiers) == pytest.approx(figures.amount)
    assert sum(part.pooled.leads for part in parts.values()) == result.pooled.leads
    assert sum(part.pooled.immature_leads for part in parts.values()) == result.pooled.immature_leads
    assert sum(figures.leads for figures in result.periods) == result.pooled.leads


@given(any_cells(), st.integers(1, 20))
def test_distribution_keeps_every_mature_lead(cells: Cells, bins: int) -> None:
    distribution = score_distribution(cells, -5, 10, bins)
    assert len(distribution.low) <= bins
    assert distribution.low[-1] <= 10 < distribution.low[-1] + distribution.width
    mature = cells.leads[cells.mature]
    assert distribution.converted.sum() + distribution.not_converted.sum() == mature.sum()


@given(any_cells())
def test_amounts_are_summed_exactly(cells: Cells) -> None:
    counted = count_by_score(cells, -5, 10).amount
    assert int(counted.sum()) == sum(cells.amount[cells.mature].tolist())


def _leaves(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return [leaf for value in content.values() for leaf in _leaves(value)]
    if isinstance(content, list):
        return [leaf for value in content for leaf in _leaves(value)]
    return [content]


def test_backtests_compare_by_value() -> None:
    assert isinstance(compute_backtest(CELLS, MODEL), Backtest)
    assert compute_backtest(CELLS, MODEL) == compute_backtest(CELLS, MODEL)
