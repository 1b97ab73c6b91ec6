"""A rule's rates, lift, weight of evidence and verdict; redundant pairs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from scoring.rule_evidence import (
    Evidence,
    Firing,
    lift_interval,
    points_shares,
    redundant_pairs,
    rule_evidence,
    weight_of_evidence,
)
from scoring.statistics import wilson_interval

firings = st.builds(Firing, *[st.integers(0, 200)] * 4)


def test_figures_by_hand() -> None:
    result = rule_evidence(Firing(40, 60, 60, 840))
    assert (result.leads, result.fired, result.fired_share) == (1000, 100, 0.1)
    assert (result.rate_with, result.rate_without, result.lift) == (0.4, 60 / 900, 4.0)
    weight = math.log((40 / 100) / (60 / 900))
    assert result.weight_of_evidence == pytest.approx(weight)
    silent = math.log((60 / 100) / (840 / 900))
    expected = (0.4 - 60 / 900) * weight + (0.6 - 840 / 900) * silent
    assert result.information_value == pytest.approx(expected)
    assert result.evidence is Evidence.HELPS


def test_the_lifts_interval_by_hand() -> None:
    # The equation as it is printed, for 40 of 100 with and 60 of 900 without the rule.
    p, q = 0.4, 60 / 900
    (l1, u1), (l2, u2) = wilson_interval(40, 100), wilson_interval(60, 900)
    assert l1 is not None and u1 is not None and l2 is not None and u2 is not None
    ratio_low = (p * q - math.sqrt((p * q) ** 2 - l1 * u2 * (2 * p - l1) * (2 * q - u2))) / (
        u2 * (2 * q - u2)
    )
    ratio_high = (p * q + math.sqrt((p * q) ** 2 - u1 * l2 * (2 * p - u1) * (2 * q - l2))) / (
        l2 * (2 * q - l2)
    )
    expected = [1000 / (100 + 900 / ratio) for ratio in (ratio_low, ratio_high)]
    assert lift_interval(Firing(40, 60, 60, 840)) == pytest.approx(expected, abs=1e-12)


@given(*[st.integers(30, 300)] * 2, st.integers(1_000, 3_000), st.integers(1_000, 3_000))
def test_the_ratio_behind_the_lift_is_close_to_the_score_interval(
    a: int, b: int, fired: int, silent: int
) -> None:
    low, high = lift_interval(Firing(a, fired - a, b, silent - b))
    ratio = confint_proportions_2indep(a, fired, b, silent, compare="ratio", method="score")
    assert low is not None and high is not None
    expected = [(fired + silent) / (fired + silent / end) for end in ratio]
    assert [low, high] == pytest.approx(expected, rel=0.02)


def test_the_lifts_interval_covers_the_true_lift() -> None:
    generator = np.random.default_rng(4)
    runs, fired, silent, p, q = 4_000, 150, 850, 0.1, 0.04
    true_lift = p / ((fired * p + silent * q) / (fired + silent))
    covered = 0
    for a, b in zip(generator.binomial(fired, p, runs), generator.binomial(silent, q, runs), strict=True):
        low, high = lift_interval(Firing(int(a), fired - int(a), int(b), silent - int(b)))
        covered += low is not None and high is not None and low <= true_lift <= high
    assert 0.94 <= covered / runs <= 0.965


@given(firings)
def test_the_interval_holds_the_lift_and_information_is_not_negative(firing: Firing) -> None:
    result = rule_evidence(firing)
    if result.lift is not None:
        assert result.lift_low is not None and result.lift_high is not None
        assert 0 <= result.lift_low <= result.lift + 1e-12
        assert result.lift <= result.lift_high + 1e-12
    if result.information_value is not None:
        assert result.information_value >= 0


@given(firings)
def test_firing_and_silence_carry_the_same_information(firing: Firing) -> None:
    turned = Firing(
        firing.silent_converted,
        firing.silent_not_converted,
        firing.fired_converted,
        firing.fired_not_converted,
    )
    one, other = weight_of_evidence(firing)[1], weight_of_evidence(turned)[1]
    assert one is other is None or one == pytest.approx(other, abs=1e-12)


def test_a_count_of_0_gives_finite_figures() -> None:
    result = rule_evidence(Firing(0, 100, 50, 850))
    assert result.lift == result.lift_low == 0
    assert result.lift_high is not None and 0 < result.lift_high < 1
    assert result.weight_of_evidence == pytest.approx(math.log((0.5 / 51) / (100.5 / 951)))
    assert result.evidence is Evidence.HARMS


@pytest.mark.parametrize(
    ("firing", "evidence"),
    [
        (Firing(0, 0, 10, 90), Evidence.NEVER_FIRES),
        (Firing(10, 90, 0, 0), Evidence.ALWAYS_FIRES),
        (Firing(0, 0, 0, 0), Evidence.TOO_LITTLE_DATA),
        (Firing(9, 20, 50, 900), Evidence.TOO_LITTLE_DATA),
        (Firing(5, 900, 4, 900), Evidence.TOO_LITTLE_DATA),
        (Firing(0, 50, 0, 50), Evidence.TOO_LITTLE_DATA),
        (Firing(50, 450, 52, 448), Evidence.NOTHING),
        # Certain, but too small to matter: a lift of 1.025.
        (Firing(20_500, 179_500, 19_500, 180_500), Evidence.NOTHING),
        # Fires seldom, so that it carries little information; yet it is good.
        (Firing(40, 160, 4_000, 95_800), Evidence.HELPS),
        (Firing(10, 490, 100, 400), Evidence.HARMS),
    ],
)
def test_verdicts(firing: Firing, evidence: Evidence) -> None:
    assert rule_evidence(firing).evidence is evidence


def test_nothing_gives_none() -> None:
    result = rule_evidence(Firing(0, 0, 0, 0))
    assert (result.fired_share, result.rate_with, result.rate_without, result.lift) == (None,) * 4
    assert (result.lift_low, result.weight_of_evidence, result.information_value) == (None,) * 3


@given(
    st.integers(2, 60).flatmap(lambda n: st.lists(st.tuples(*[st.booleans()] * 3), min_size=n, max_size=n))
)
def test_redundant_pairs_are_those_of_the_correlation_matrix(fires: Any) -> None:
    columns = np.array(fires, dtype=np.int64)
    pairs = redundant_pairs(["a", "b", "c"], columns.T @ columns, len(columns))
    with np.errstate(all="ignore"):
        oracle = np.nan_to_num(np.corrcoef(columns.T))
    expected = {
        ("abc"[i], "abc"[j]): oracle[i, j]
        for i, j in ((0, 1), (0, 2), (1, 2))
        if abs(oracle[i, j]) > 0.8 + 1e-9
    }
    found = {(pair.first, pair.second): pair.correlation for pair in pairs}
    assert expected.keys() <= found.keys()
    for names, correlation in found.items():
        place = ["abc".index(name) for name in names]
        assert correlation == pytest.approx(oracle[place[0], place[1]], abs=1e-9)
        assert abs(correlation) >= 0.8 - 1e-9
    strengths = [abs(pair.correlation) for pair in pairs]
    assert strengths == sorted(strengths, reverse=True)


def test_shares_of_points_count_both_signs() -> None:
    assert points_shares([60, -20, 20]) == (0.6, 0.2, 0.2)
    assert points_shares([0, 0]) == (None, None)
