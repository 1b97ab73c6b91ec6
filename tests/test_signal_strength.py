"""What is said of a score that ranks well, badly, backwards or not at all."""

from __future__ import annotations

import pytest

from scoring.backtest import PeriodFigures, compute_backtest
from scoring.signal_strength import Strength, judge_signal
from tests.test_backtest_figures import make_cells, make_model


def figures(low_score: tuple[int, int], high_score: tuple[int, int]) -> PeriodFigures:
    """Pooled figures of two scores, each with (conversions, other leads)."""
    rows = [
        (0, 0, score, True, won, count, 0)
        for score, counts in ((0, low_score), (10, high_score))
        for won, count in zip((True, False), counts, strict=True)
    ]
    return compute_backtest(make_cells(rows), make_model({"all": 0})).pooled


@pytest.mark.parametrize(
    ("low_score", "high_score", "strength"),
    [
        ((20, 300), (80, 100), Strength.CLEAR),
        ((80, 100), (20, 300), Strength.BACKWARDS),
        ((50, 200), (52, 200), Strength.NONE),
        ((4_700, 10_000), (5_300, 10_000), Strength.WEAK),
        ((1, 500), (99, 5), Strength.IMPLAUSIBLE),
        ((9, 300), (20, 100), Strength.TOO_LITTLE_DATA),
        ((300, 9), (100, 20), Strength.TOO_LITTLE_DATA),
        ((0, 0), (0, 0), Strength.TOO_LITTLE_DATA),
    ],
)
def test_strength(low_score: tuple[int, int], high_score: tuple[int, int], strength: Strength) -> None:
    assert judge_signal(figures(low_score, high_score)).strength is strength


def test_no_signal_is_said_in_words() -> None:
    assert judge_signal(figures((50, 200), (52, 200))).sentence == (
        "The score picks the buyer over the non-buyer 50 times in 100 (likely 45 to 56), which a coin would "
        "do as well: nothing in it tells who buys."
    )


def test_too_little_data_names_the_counts() -> None:
    assert judge_signal(figures((9, 300), (20, 100))).sentence.startswith(
        "29 of 429 leads converted: too few"
    )
