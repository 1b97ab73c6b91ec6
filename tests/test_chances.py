"""Chances that hold: the level against statsmodels, and bands counted by hand."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.stats.proportion import proportion_confint

from scoring.chances import EDGES, Promises, chance_bands, join_promises, level_shift
from scoring.enough_data import MIN_CONVERSIONS_FOR_CALIBRATION


def promises(seed=1, rows=3000, shift=0.0, slope=1.0):
    """Rows that convert at `slope` times the promised log odds, plus `shift`."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-2, 1.5, rows)
    converted = rng.random(rows) < expit(slope * log_odds + shift)
    return Promises(log_odds, converted, rng.integers(1, 4, rows))


@pytest.mark.parametrize(("seed", "shift", "slope"), [(1, 0.7, 1.0), (2, -1.2, 1.0), (3, 0.4, 0.5)])
def test_the_shift_is_the_intercept_beside_an_offset_of_statsmodels(seed, shift, slope):
    rows = promises(seed, shift=shift, slope=slope)
    theirs = sm.GLM(
        rows.converted.astype(float),
        np.ones(len(rows.leads)),
        family=sm.families.Binomial(),
        offset=rows.log_odds,
        freq_weights=rows.leads,
    ).fit()
    assert level_shift(rows) == pytest.approx(theirs.params[0], abs=1e-6)


def test_after_the_shift_as_many_are_promised_as_came_and_their_order_stays():
    rows = promises(shift=-1.0)
    held = rows.shifted(level_shift(rows))
    assert held.check().expected == pytest.approx(rows.conversions)
    assert held.check().ratio == pytest.approx(1)
    assert rows.check().high < 1
    assert (np.argsort(held.log_odds) == np.argsort(rows.log_odds)).all()


def test_one_chance_for_all_becomes_the_rate_that_came():
    rows = Promises(np.full(2, -1.0), np.array([True, False]), np.array([60, 240]))
    assert rows.shifted(level_shift(rows)).chance == pytest.approx([0.2, 0.2])


def test_too_few_conversions_or_nothing_else_set_no_level():
    few = MIN_CONVERSIONS_FOR_CALIBRATION - 1
    kinds = np.array([True, False])
    assert level_shift(Promises(np.zeros(2), kinds, np.array([few, 900]))) == 0
    assert level_shift(Promises(np.zeros(2), kinds, np.array([few + 1, 900]))) != 0
    assert level_shift(Promises(np.zeros(1), np.array([True]), np.array([900]))) == 0
    assert level_shift(join_promises([])) == 0
    assert chance_bands(join_promises([])) == ()


def test_bands_are_counted_as_by_hand():
    rows = promises(5)
    bands = chance_bands(rows)
    assert sum(band.leads for band in bands) == rows.leads.sum()
    for band in bands:
        leads = conversions = 0
        expected = 0.0
        for chance, won, number in zip(rows.chance, rows.converted, rows.leads, strict=True):
            if band.chance_from <= chance < band.chance_to:
                leads += number
                conversions += number * won
                expected += number * chance
        assert (band.leads, band.conversions) == (leads, conversions)
        assert band.expected == pytest.approx(expected)
        assert band.rate == conversions / leads
        assert (band.low, band.high) == pytest.approx(proportion_confint(conversions, leads, method="wilson"))


def test_a_chance_at_an_edge_is_in_the_upper_band_and_certainty_in_the_last():
    edge = np.log(EDGES[4] / (1 - EDGES[4])) + 1e-12
    bands = chance_bands(Promises(np.array([edge, 1000.0]), np.array([False, True]), np.array([3, 4])))
    assert [(band.chance_from, band.leads) for band in bands] == [(EDGES[4], 3), (EDGES[-2], 4)]
