"""Drift or decline, PSI verdicts, and the guard against Simpson's paradox."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator
from scipy import stats

from scoring.auc_change import auc_on_old_mix, estimate_auc, mean_auc, weighted_auc
from scoring.backtest import compute_backtest
from scoring.cells import Cells, count_by_score
from scoring.drift import Change, report_drift
from scoring.errors import ScoringError
from scoring.stability import Shift, guard_against_simpson, judge_psi, moved_inputs
from scoring.statistics import Z_95, auc_delong
from tests.test_backtest_figures import make_cells, make_model

MAX_SCORE = 20


def leads_of(
    generator: Generator, count: int, segment: int, period: int, signal: float, rate: float, engaged: float
) -> list[tuple[int, int, int, bool, bool, int, int]]:
    """Leads whose score rises by `signal` standard deviations when they convert."""
    converted = generator.random(count) < rate
    score = np.clip(engaged + 3 * (generator.normal(size=count) + signal * converted), 0, MAX_SCORE).astype(
        int
    )
    return [(segment, period, int(s), True, bool(c), 1, 0) for s, c in zip(score, converted, strict=True)]


def story(
    last: list[tuple[int, float, float, float, int]], segments: tuple[str, ...] = ("web", "event")
) -> Cells:
    """Three steady periods, then one of parts (segment, signal, rate, engaged, count)."""
    generator = np.random.default_rng(8)
    rows = []
    for period in range(3):
        rows += leads_of(generator, 1_500, 0, period, 1.0, 0.1, 8)
        rows += leads_of(generator, 1_500, 1, period, 1.0, 0.1, 8)
    for segment, signal, rate, engaged, count in last:
        rows += leads_of(generator, count, segment, 3, signal, rate, engaged)
    return make_cells(rows, ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"), segments)


def test_a_quarter_like_those_before_is_steady() -> None:
    report = report_drift(story([(0, 1.0, 0.1, 8, 1_500), (1, 1.0, 0.1, 8, 1_500)]), 0, MAX_SCORE, "2025-Q4")
    assert report.change is Change.STEADY
    assert report.growth is None
    assert report.score_shift.shift is Shift.STABLE
    assert report.sentence.startswith(
        "The leads are like those of before, and the score ranks as well as before (a difference may be "
        "chance): it picks the buyer "
    )
    assert "Equal scores" not in report.sentence


def test_a_bought_list_is_called_a_change_of_the_leads() -> None:
    # Engaged-looking leads that never buy: the AUC over all falls, though the model did not change.
    flood = [(0, 1.0, 0.1, 8, 1_500), (1, 1.0, 0.1, 8, 1_500), (2, 0.0, 0.002, 14, 2_500)]
    cells = story(flood, ("web", "event", "bought list"))
    report = report_drift(cells, 0, MAX_SCORE, "2025-Q4")
    assert report.auc_now is not None and report.auc_before is not None and report.auc_on_old_mix is not None
    assert report.auc_now < report.auc_before - 0.1
    # Three standard errors of an AUC from 300 conversions.
    assert report.auc_on_old_mix == pytest.approx(report.auc_before, abs=0.05)
    assert report.change is Change.LEADS_CHANGED
    assert report.growth is not None and report.growth.segment == "bought list"
    assert "bought list grew from 0\u00a0% to 45\u00a0% of them" in report.sentence
    assert "Equal scores brought fewer conversions than before" in report.sentence


def test_without_a_split_the_cause_stays_open() -> None:
    flood = [(0, 1.0, 0.1, 8, 3_000), (2, 0.0, 0.002, 14, 2_500)]
    cells = story(flood, ("web", "event", "bought list")).filter(["web", "event", "bought list"])
    report = report_drift(cells, 0, MAX_SCORE, "2025-Q4")
    assert report.change is Change.BOTH
    assert (report.mix_shift, report.growth, report.auc_on_old_mix) == (None, None, None)


def test_a_model_that_ranks_the_same_leads_worse_has_declined() -> None:
    # The score of those who do not convert is as before, and too few convert to move the distribution.
    report = report_drift(story([(0, 0.2, 0.1, 8, 1_500), (1, 0.2, 0.1, 8, 1_500)]), 0, MAX_SCORE, "2025-Q4")
    assert report.change is Change.MODEL_DECLINED
    assert report.auc_change_high is not None and report.auc_change_high < 0
    assert report.sentence.startswith("The model got worse on leads like those of before")


def test_new_leads_that_are_ranked_well_are_only_a_change() -> None:
    report = report_drift(
        story([(0, 1.0, 0.1, 11, 1_500), (1, 1.0, 0.1, 11, 1_500)]), 0, MAX_SCORE, "2025-Q4"
    )
    assert report.score_shift.shift is Shift.LARGE
    assert report.change is Change.LEADS_CHANGED


def test_changed_leads_ranked_worse_in_every_segment_are_both() -> None:
    report = report_drift(
        story([(0, 0.1, 0.1, 11, 1_500), (1, 0.1, 0.1, 11, 1_500)]), 0, MAX_SCORE, "2025-Q4"
    )
    assert report.change is Change.BOTH


def test_first_periods_and_few_conversions_are_not_judged() -> None:
    cells = story([(0, 1.0, 0.1, 8, 100)])
    for period in ("2025-Q1", "2025-Q4"):
        report = report_drift(cells, 0, MAX_SCORE, period)
        assert report.change is Change.TOO_LITTLE_DATA
        assert report.sentence == "Too few conversions, here or before, to tell drift from decline."
    with pytest.raises(ScoringError, match="period must be one of"):
        report_drift(cells, 0, MAX_SCORE, "2026-Q1")


def test_steady_periods_are_seldom_called_changed() -> None:
    generator = np.random.default_rng(9)
    changes = []
    for _ in range(100):
        counts = generator.multinomial(400, np.full(21, 1 / 21), size=(4, 2)) * np.array([[1], [5]])
        converted, not_converted = counts[:, 0], counts[:, 1]
        places = np.arange(21)
        rows = [
            (0, period, int(score), True, won, int(table[period, score]), 0)
            for period in range(4)
            for won, table in ((True, converted), (False, not_converted))
            for score in places
        ]
        report = report_drift(
            make_cells(rows, ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")), 0, MAX_SCORE, "2025-Q4"
        )
        changes.append(report.change)
    assert changes.count(Change.STEADY) >= 95


@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=6).map(np.array),
    st.lists(st.integers(0, 9), min_size=6, max_size=6).map(np.array),
)
def test_weights_of_one_give_delong(positives: Any, negatives: Any) -> None:
    if positives.sum() < 2 or negatives.sum() < 2:
        return
    estimate = weighted_auc(positives, negatives, positives, negatives)
    auc, low, high = auc_delong(positives, negatives)
    assert estimate.value == pytest.approx(auc, abs=1e-9)
    assert max(0, estimate.value - Z_95 * estimate.error) == pytest.approx(low, abs=1e-9)
    assert min(1, estimate.value + Z_95 * estimate.error) == pytest.approx(high, abs=1e-9)


def test_the_old_mix_leaves_new_segments_out_and_equal_shares_change_nothing() -> None:
    cells = story([(0, 1.0, 0.1, 8, 1_500), (1, 0.3, 0.1, 8, 1_500)])
    counts = count_by_score(cells, 0, MAX_SCORE)
    equal = auc_on_old_mix(cells, 3, np.array([30, 30]), np.array([1_500, 1_500]))
    plain = estimate_auc(counts.converted[3], counts.not_converted[3])
    assert equal is not None and plain is not None
    assert (equal.value, equal.error) == pytest.approx((plain.value, plain.error), abs=1e-12)
    only_web = auc_on_old_mix(cells, 3, np.array([30, 0]), np.array([1_500, 1_500]))
    web = count_by_score(cells.select("web"), 0, MAX_SCORE)
    expected = estimate_auc(web.converted[3], web.not_converted[3])
    assert only_web is not None and expected is not None
    assert (only_web.value, only_web.error) == pytest.approx((expected.value, expected.error), abs=1e-12)


def test_the_mean_auc_skips_periods_with_few_conversions() -> None:
    cells = story([(0, 1.0, 0.1, 8, 100)])
    counts = count_by_score(cells, 0, MAX_SCORE)
    each = [auc_delong(counts.converted[row], counts.not_converted[row])[0] for row in range(3)]
    estimate = mean_auc(counts, 4)
    assert estimate is not None
    assert estimate.value == pytest.approx(np.mean(np.array(each, dtype=float)))
    assert mean_auc(counts, 0) is None


def test_psi_verdicts() -> None:
    even = np.array([10_000, 10_000])
    assert judge_psi(even, even).shift is Shift.STABLE
    assert judge_psi(even, np.array([11_000, 9_000])).shift is Shift.STABLE
    assert judge_psi(even, np.array([14_000, 6_000])).shift is Shift.SOME
    assert judge_psi(even, np.array([16_000, 4_000])).shift is Shift.LARGE
    assert judge_psi(even, even * 0).shift is Shift.TOO_LITTLE_DATA
    assert judge_psi(even, even * 0).psi is None


def test_psi_within_chance_is_no_shift() -> None:
    noise = stats.chi2.ppf(0.95, 1) * (1 / 40 + 1 / 40)
    verdict = judge_psi(np.array([20, 20]), np.array([26, 14]))
    assert verdict.noise == pytest.approx(noise, abs=1e-12)
    assert verdict.psi is not None and 0.09 < verdict.psi < noise
    assert verdict.shift is Shift.STABLE
    # Ten leads a side would show a PSI of 0.77 by chance alone.
    assert judge_psi(np.array([5, 5]), np.array([6, 4])).shift is Shift.TOO_LITTLE_DATA


def test_samples_of_one_distribution_seldom_exceed_the_noise() -> None:
    generator = np.random.default_rng(6)
    shares = np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.1])
    exceeded = 0
    for _ in range(1_000):
        verdict = judge_psi(generator.multinomial(800, shares), generator.multinomial(500, shares))
        exceeded += (verdict.psi or 0) > verdict.noise
    assert 0.03 <= exceeded / 1_000 <= 0.07


def test_the_input_that_moved_most_comes_first() -> None:
    even = np.array([1_000, 1_000])
    inputs = {
        "steady": (even, even),
        "moved": (even, np.array([1_800, 200])),
        "empty": (even, even * 0),
        "somewhat": (even, np.array([1_400, 600])),
    }
    assert [name for name, _ in moved_inputs(inputs)][:2] == ["moved", "somewhat"]


def test_pooling_that_flatters_is_warned_of() -> None:
    # Within each quarter the score is a coin toss; the better quarter has the higher scores.
    rows = [
        (0, 0, score, True, won, count, 0) for score in (0, 1) for won, count in ((True, 100), (False, 900))
    ] + [(0, 1, score, True, won, 500, 0) for score in (9, 10) for won in (True, False)]
    guard = guard_against_simpson(compute_backtest(make_cells(rows), make_model({"all": 0})))
    assert guard.mean_of_periods == 0.5
    assert guard.pooled is not None and guard.pooled > 0.65
    assert guard.gap == pytest.approx(guard.pooled - 0.5)
    assert guard.warning is not None and "pooling flatters" in guard.warning


def test_pooling_of_like_quarters_is_not_warned_of() -> None:
    rows = [
        (0, period, score, True, won, count, 0)
        for period in (0, 1)
        for score, won, count in ((0, True, 40), (0, False, 500), (9, True, 60), (9, False, 400))
    ]
    guard = guard_against_simpson(compute_backtest(make_cells(rows), make_model({"all": 0})))
    assert guard.gap == pytest.approx(0, abs=1e-12)
    assert guard.warning is None
    assert guard.periods == 2


def test_nothing_to_guard() -> None:
    guard = guard_against_simpson(compute_backtest(make_cells([]), make_model({"all": 0})))
    assert (guard.pooled, guard.mean_of_periods, guard.gap, guard.warning) == (None, None, None, None)
    assert math.isinf(judge_psi(np.array([0]), np.array([1])).noise)
