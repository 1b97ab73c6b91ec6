"""Two models on the same leads: AUC difference, jackknife, verdicts, swap set."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator
from sklearn.metrics import roc_auc_score

from scoring.auc_difference import AucDifference, clustered_auc_difference, paired_auc_difference
from scoring.comparison import (
    Level,
    compare_models,
    judge_auc_difference,
    judge_difference,
    newest_complete_period,
    warn_of_many_variants,
)
from scoring.errors import ScoringError
from scoring.jackknife import aggregate_leads, capture_difference, rate_difference
from scoring.joint_cells import JointCells, LeadRows, swap_set
from scoring.statistics import Z_95, auc_delong
from scoring.tiers import tier_indices


def make_rows(rows: list[tuple[int, int, int, int, bool]], periods: int = 3) -> LeadRows:
    """Rows of (lead, period, score a, score b, converted)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    labels = tuple(f"2025-Q{number + 1}" for number in range(periods))
    return LeadRows(labels, table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(bool))


def joint_of(rows: LeadRows) -> JointCells:
    """Joint cells by the plainest grouping."""
    table = np.stack([rows.period, rows.score_a, rows.score_b, rows.converted], axis=1)
    cells, leads = np.unique(table, axis=0, return_counts=True)
    return JointCells(rows.periods, cells[:, 0], cells[:, 1], cells[:, 2], cells[:, 3].astype(bool), leads)


def tiers(**thresholds: int) -> Any:
    found = [SimpleNamespace(name=name, threshold=value) for name, value in thresholds.items()]
    return SimpleNamespace(name="Test", tiers=found, grid=None)


any_rows = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 2), st.integers(-2, 5), st.integers(-2, 5), st.booleans()),
    min_size=1,
    max_size=40,
).map(make_rows)


def pair_matrix(score: Any, converted: Any) -> Any:
    return (score[converted][:, None] > score[~converted][None, :]) + 0.5 * (
        score[converted][:, None] == score[~converted][None, :]
    )


@given(any_rows)
def test_paired_delong_equals_the_formula_over_all_pairs(rows: LeadRows) -> None:
    result = paired_auc_difference(joint_of(rows))
    won, lost = int(rows.converted.sum()), int((~rows.converted).sum())
    if not won or not lost:
        assert result == AucDifference(None, None, None, None, None, None)
        return
    assert result.auc_a == pytest.approx(roc_auc_score(rows.converted, rows.score_a), abs=1e-9)
    assert result.auc_b == pytest.approx(roc_auc_score(rows.converted, rows.score_b), abs=1e-9)
    if won < 2 or lost < 2:
        assert (result.low, result.high, result.p_value) == (None, None, None)
        return
    # The paper's covariance matrices of the two scores' structural components.
    pairs = [pair_matrix(score, rows.converted) for score in (rows.score_a, rows.score_b)]
    s10 = np.cov([matrix.mean(axis=1) for matrix in pairs])
    s01 = np.cov([matrix.mean(axis=0) for matrix in pairs])
    contrast = np.array([-1, 1])
    variance = max(float(contrast @ (s10 / won + s01 / lost) @ contrast), 0.0)
    assert result.high is not None and result.difference is not None
    assert (result.high - result.difference) ** 2 == pytest.approx(Z_95**2 * variance, abs=1e-9)


@given(any_rows)
def test_clustered_equals_paired_when_no_lead_returns(rows: LeadRows) -> None:
    alone = LeadRows(
        rows.periods, np.arange(len(rows.lead)), rows.period, rows.score_a, rows.score_b, rows.converted
    )
    clustered, paired = clustered_auc_difference(alone), paired_auc_difference(joint_of(rows))
    for name in ("auc_a", "auc_b", "difference", "low", "high"):
        left, right = getattr(clustered, name), getattr(paired, name)
        assert left is right is None or left == pytest.approx(right, abs=1e-9)


@given(any_rows)
def test_clustered_equals_obuchowskis_formula(rows: LeadRows) -> None:
    result = clustered_auc_difference(rows)
    if result.low is None:
        return
    won, lost = rows.converted.sum(), (~rows.converted).sum()
    a, b = (pair_matrix(score, rows.converted) for score in (rows.score_a, rows.score_b))
    difference = (b - a).mean()
    v10, v01 = (b - a).mean(axis=1) - difference, (b - a).mean(axis=0) - difference
    of_won, of_lost = rows.lead[rows.converted], rows.lead[~rows.converted]
    leads, with_won, with_lost = (len(set(ids)) for ids in (rows.lead, of_won, of_lost))
    x = {lead: v10[of_won == lead].sum() for lead in set(rows.lead)}
    y = {lead: v01[of_lost == lead].sum() for lead in set(rows.lead)}
    s10 = with_won / ((with_won - 1) * won) * sum(value**2 for value in x.values())
    s01 = with_lost / ((with_lost - 1) * lost) * sum(value**2 for value in y.values())
    s11 = leads / (leads - 1) * sum(x[lead] * y[lead] for lead in x)
    variance = max(s10 / won + s01 / lost + 2 * s11 / (won * lost), 0)
    assert result.high is not None
    assert ((result.high - result.low) / 2) ** 2 == pytest.approx(Z_95**2 * variance, abs=1e-9)


def test_a_model_against_itself_differs_by_nothing_for_certain() -> None:
    rows = make_rows([(0, 0, 1, 1, True), (1, 0, 2, 2, False), (2, 0, 3, 3, True), (3, 0, 1, 1, False)])
    result = paired_auc_difference(joint_of(rows))
    assert (result.difference, result.low, result.high, result.p_value) == (0, 0, 0, 1)


@given(any_rows, st.integers(-2, 5), st.integers(-2, 5))
def test_jackknife_equals_leaving_each_lead_out_by_hand(rows: LeadRows, top_a: int, top_b: int) -> None:
    aggregates = aggregate_leads(rows, rows.score_a >= top_a, rows.score_b >= top_b)
    leads = sorted(set(rows.lead.tolist()))
    assert aggregates.lead_count.sum() == len(leads)

    def figures(kept: Any) -> tuple[float, float]:
        won_a = (rows.converted & (rows.score_a >= top_a) & kept).sum()
        won_b = (rows.converted & (rows.score_b >= top_b) & kept).sum()
        with np.errstate(all="ignore"):
            rate_change = won_b / ((rows.score_b >= top_b) & kept).sum() - (
                won_a / ((rows.score_a >= top_a) & kept).sum()
            )
            return rate_change, (won_b - won_a) / (rows.converted & kept).sum()

    everyone = np.ones(len(rows.lead), dtype=bool)
    left_out = np.array([figures(rows.lead != lead) for lead in leads])
    for place, result in enumerate((rate_difference(aggregates), capture_difference(aggregates))):
        expected = figures(everyone)[place]
        if not math.isfinite(expected):
            assert result.difference is None
            continue
        assert result.difference == pytest.approx(expected, abs=1e-9)
        values = left_out[:, place]
        if result.low is None or result.high is None:
            assert len(leads) < 2 or not np.isfinite(values).all()
            continue
        variance = (len(leads) - 1) / len(leads) * ((values - values.mean()) ** 2).sum()
        assert (result.high - result.low) / 2 == pytest.approx(Z_95 * math.sqrt(variance), abs=1e-9)


def test_jackknife_agrees_with_a_bootstrap_of_leads() -> None:
    generator = np.random.default_rng(3)
    rows = simulate(generator, leads=600, periods=4)
    one = aggregate_leads(rows, rows.score_a >= 13, rows.score_b >= 13)
    rate_change, capture_change = rate_difference(one), capture_difference(one)
    drawn = generator.multinomial(one.lead_count.sum(), one.lead_count / one.lead_count.sum(), size=10_000)
    won_a, won_b = drawn @ one.conversions_a, drawn @ one.conversions_b
    rates = won_b / (drawn @ one.leads_b) - won_a / (drawn @ one.leads_a)
    captures = (won_b - won_a) / (drawn @ one.conversions)
    for result, sample in ((rate_change, rates), (capture_change, captures)):
        assert result.low is not None and result.high is not None
        assert (result.high - result.low) / (2 * Z_95) == pytest.approx(sample.std(), rel=0.05)


def test_aggregates_stay_few_for_many_leads() -> None:
    rows = simulate(np.random.default_rng(1), leads=50_000, periods=4)
    assert len(aggregate_leads(rows, rows.score_a >= 13, rows.score_b >= 13).lead_count) < 300


def simulate(
    generator: Generator, leads: int, periods: int, advantage: float = 0.0, repeatable: bool = False
) -> LeadRows:
    """Leads that return until they convert; two scores see their quality equally well, but for b's advantage.

    Repeatable: leads return always, and the good ones convert nearly every time.
    """
    quality = generator.normal(size=leads)
    lasting_a, lasting_b = generator.normal(size=(2, leads))
    odds = np.exp(4 * quality - 3 if repeatable else 0.8 * quality - 2.2)
    converted = generator.random((leads, periods)) < (odds / (1 + odds))[:, None]
    lead, period = np.nonzero(np.cumsum(converted, axis=1) - converted < (periods if repeatable else 1))
    noise = 0.3 * generator.normal(size=(2, len(lead)))
    score_a = np.clip(10 + 2.5 * (quality[lead] + lasting_a[lead] + noise[0]), 0, 20)
    score_b = np.clip(10 + 2.5 * ((1 + advantage) * quality[lead] + lasting_b[lead] + noise[1]), 0, 20)
    labels = tuple(f"2025-Q{number + 1}" for number in range(periods))
    scores = score_a.astype(np.int64), score_b.astype(np.int64)
    return LeadRows(labels, lead, period, *scores, converted[lead, period])


def ungrouped(rows: LeadRows) -> JointCells:
    """Joint cells of one lead each: quicker to make."""
    ones = np.ones(len(rows.lead), dtype=np.int64)
    return JointCells(rows.periods, rows.period, rows.score_a, rows.score_b, rows.converted, ones)


def pooled_levels(runs: int, seed: int, leads: int, advantage: float, repeatable: bool) -> list[Level]:
    generator = np.random.default_rng(seed)
    levels = []
    for _ in range(runs):
        rows = simulate(generator, leads, 4, advantage, repeatable)
        levels.append(compare_models(ungrouped(rows), rows).pooled.verdict.level)
    return levels


@pytest.mark.parametrize("repeatable", [False, True])
def test_equal_models_are_seldom_told_apart(repeatable: bool) -> None:
    levels = pooled_levels(1_000, seed=20250101, leads=350, advantage=0, repeatable=repeatable)
    false_verdicts = levels.count(Level.BETTER) + levels.count(Level.WORSE)
    assert levels.count(Level.TOO_LITTLE_DATA) <= 5
    # 5 % are meant. With repeatable conversions 18 % would be called different if rows counted as leads.
    assert 0.03 <= false_verdicts / 1_000 <= 0.06


def test_a_better_model_is_found() -> None:
    # AUC 0.64 against 0.69; of 300 runs 94 % were found.
    levels = pooled_levels(100, seed=7, leads=800, advantage=2, repeatable=False)
    assert levels.count(Level.BETTER) >= 80
    assert levels.count(Level.WORSE) == 0


def test_returning_leads_widen_the_pooled_interval() -> None:
    rows = simulate(np.random.default_rng(5), leads=800, periods=4, repeatable=True)
    clustered, naive = clustered_auc_difference(rows), paired_auc_difference(joint_of(rows))
    assert clustered.low is not None and clustered.high is not None
    assert naive.low is not None and naive.high is not None
    assert clustered.high - clustered.low > 1.2 * (naive.high - naive.low)


def test_verdict_levels_and_reasons() -> None:
    better = judge_auc_difference(AucDifference(0.70, 0.74, 0.04, 0.01, 0.07, 0.01), 100, 500)
    assert better.level is Level.BETTER
    assert better.reason == (
        "Your draft picks the buyer over the non-buyer 74 times in 100, the model in use 70 times; the "
        "difference of +4.0 (likely +1.0 to +7.0) is more than chance."
    )
    worse = judge_auc_difference(AucDifference(0.74, 0.70, -0.04, -0.07, -0.01, 0.01), 100, 500)
    assert worse.level is Level.WORSE
    same = judge_auc_difference(AucDifference(0.74, 0.75, 0.01, -0.01, 0.03, 0.3), 100, 500)
    assert same.level is Level.NO_DIFFERENCE
    assert same.reason.endswith("is no more than chance.")
    alike = judge_auc_difference(AucDifference(0.74, 0.74, 0.0, 0.0, 0.0, 1.0), 100, 500)
    assert alike.reason == "Your draft ranks the leads exactly as the model in use does."
    for conversions, leads in ((29, 500), (471, 500)):
        few = judge_auc_difference(AucDifference(0.7, 0.8, 0.1, 0.05, 0.15, 0.0), conversions, leads)
        assert few.level is Level.TOO_LITTLE_DATA
        assert f"{conversions} of {leads} leads" in few.reason


def test_any_figure_is_judged_by_its_interval() -> None:
    levels = [judge_difference(*bounds) for bounds in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (None, None))]
    assert levels == [Level.BETTER, Level.WORSE, Level.NO_DIFFERENCE, Level.TOO_LITTLE_DATA]


def test_comparison_by_period_and_pooled() -> None:
    rows = simulate(np.random.default_rng(11), leads=2_000, periods=4, advantage=1.5)
    result = compare_models(joint_of(rows), rows)
    assert [period.period for period in result.periods] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert result.pooled.verdict.level is Level.BETTER
    assert (result.agreeing, result.judged) == (4, 4)
    assert result.pooled.verdict.reason.endswith("4 of 4 complete periods agree.")
    assert result.pooled.leads == len(rows.lead)
    assert result.pooled.conversions == sum(period.conversions for period in result.periods)
    differences = [period.auc.difference or 0 for period in result.periods]
    assert result.mean_difference == pytest.approx(np.mean(differences))


def test_a_period_kept_back_enters_nothing() -> None:
    rows = simulate(np.random.default_rng(11), leads=500, periods=3)
    result = compare_models(joint_of(rows), rows, left_out=["2025-Q3"])
    expected = compare_models(joint_of(rows.only(["2025-Q1", "2025-Q2"])), rows.only(["2025-Q1", "2025-Q2"]))
    assert result == expected


def test_pooling_alone_does_not_make_a_model_better() -> None:
    # b knows the good quarter from the bad one and nothing else; a ranks within the quarters.
    generator = np.random.default_rng(2)
    period = np.repeat([0, 1], 1_000)
    converted = generator.random(2_000) < np.where(period == 1, 0.6, 0.1)
    score_a = generator.integers(0, 10, 2_000) + converted
    score_b = 10 * period + generator.integers(0, 3, 2_000)
    rows = LeadRows(("2025-Q1", "2025-Q2"), np.arange(2_000), period, score_a, score_b, converted)
    result = compare_models(joint_of(rows), rows)
    assert result.pooled.auc.low is not None and result.pooled.auc.low > 0
    assert result.pooled.verdict.level is Level.NO_DIFFERENCE
    assert "within the periods it is -" in result.pooled.verdict.reason
    assert (result.agreeing, result.judged) == (0, 2)


def test_nothing_to_compare_is_too_little_data() -> None:
    result = compare_models(joint_of(make_rows([], periods=0)))
    assert (result.periods, result.judged, result.mean_difference) == ((), 0, None)
    assert result.pooled.verdict.level is Level.TOO_LITTLE_DATA


def test_the_newest_complete_period_has_no_open_leads() -> None:
    figures = [
        SimpleNamespace(period="2025-Q1", leads=10, immature_leads=0),
        SimpleNamespace(period="2025-Q2", leads=10, immature_leads=0),
        SimpleNamespace(period="2025-Q3", leads=4, immature_leads=6),
    ]
    backtest: Any = SimpleNamespace(periods=figures)
    assert newest_complete_period(backtest) == "2025-Q2"
    backtest.periods = figures[2:]
    assert newest_complete_period(backtest) is None


def test_many_variants_are_warned_of() -> None:
    assert warn_of_many_variants(4) is None
    assert "20 drafts" in (warn_of_many_variants(20) or "")
    assert "up to 40\u00a0%" in (warn_of_many_variants(20) or "")


def test_swap_set_by_hand() -> None:
    rows = [
        (0, 0, 1, 9, True),
        (1, 0, 1, 9, False),
        (2, 0, 9, 1, False),
        (3, 0, 9, 9, True),
        (4, 1, 5, 9, True),
        (5, 1, 0, 0, False),
    ]
    low_mid_high = tiers(low=0, mid=5, high=9)
    result = swap_set(joint_of(make_rows(rows)), low_mid_high, low_mid_high)
    assert result.leads.tolist() == [[1, 0, 2], [0, 0, 1], [1, 0, 1]]
    assert result.conversions.tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 1]]
    assert result.up is not None and result.down is not None
    assert (result.up.leads, result.up.conversions, result.up.rate) == (3, 2, 2 / 3)
    assert (result.down.leads, result.down.conversions, result.down.rate) == (1, 0, 0.0)


def test_swap_set_of_different_tiers_has_no_up_and_down() -> None:
    rows = make_rows([(0, 0, 1, 9, True)])
    result = swap_set(joint_of(rows), tiers(low=0, high=5), tiers(low=0, mid=5, high=9))
    assert result.leads.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert (result.up, result.down) == (None, None)


@given(any_rows, st.integers(-1, 5), st.integers(-1, 5))
def test_swap_set_keeps_every_lead(rows: LeadRows, threshold_a: int, threshold_b: int) -> None:
    result = swap_set(joint_of(rows), tiers(low=-2, high=threshold_a), tiers(low=-2, high=threshold_b))
    assert result.leads.sum() == len(rows.lead)
    assert result.leads.sum(axis=1)[1] == (rows.score_a >= threshold_a).sum()
    assert result.leads.sum(axis=0)[1] == (rows.score_b >= threshold_b).sum()
    assert result.conversions.sum() == rows.converted.sum()


def test_a_tier_is_that_of_the_last_threshold_not_above_the_score() -> None:
    assert tier_indices(np.array([0, 4, 5, 8, 9]), tiers(low=0, mid=5, high=9)).tolist() == [0, 0, 1, 1, 2]


def test_columns_of_unequal_length_are_refused() -> None:
    one, two = np.array([0]), np.array([0, 0])
    with pytest.raises(ScoringError, match=r"columns must be of one length, got \[1, 2\]"):
        JointCells(("2025-Q1",), one, one, two, one.astype(bool), one)


@settings(max_examples=25)
@given(any_rows)
def test_each_models_auc_is_the_backtests(rows: LeadRows) -> None:
    result = paired_auc_difference(joint_of(rows))
    won = np.bincount(rows.score_a[rows.converted] + 2, minlength=8)
    lost = np.bincount(rows.score_a[~rows.converted] + 2, minlength=8)
    expected = auc_delong(won, lost)[0]
    assert result.auc_a is expected is None or result.auc_a == pytest.approx(expected, abs=1e-12)
