"""Leads around a score: as narrow a band as there are leads for, and the leads in it counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from queries.dataset import model_in_use, open_flow
from scoring import score_band
from scoring.score_band import ENOUGH_LEADS, WIDEST_PART, conversion_around
from scoring.statistics import wilson_interval


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def cells(demo_workspace, model):
    return open_flow(demo_workspace).cells(model)


def test_every_band_counts_the_complete_leads_in_it_and_is_no_wider_than_needed(cells, model):
    widest = (model.max_score - model.min_score + 1) // WIDEST_PART
    for score in range(model.min_score, model.max_score + 1):
        band = conversion_around(cells, model, score)
        inside = cells.mature & (band.lowest <= cells.score) & (cells.score <= band.highest)
        assert band.leads == cells.leads[inside].sum()
        assert band.conversions == cells.leads[inside & cells.converted].sum()
        assert (band.low, band.high) == wilson_interval(band.conversions, band.leads)
        reach = max(score - band.lowest, band.highest - score)
        assert reach <= widest
        narrower = cells.mature & (np.abs(cells.score.astype(int) - score) < reach)
        assert reach == 0 or cells.leads[narrower].sum() < ENOUGH_LEADS
        assert reach == widest or band.leads >= ENOUGH_LEADS


def test_no_complete_lead_near_a_score_is_no_rate(cells, model, monkeypatch):
    monkeypatch.setattr(score_band, "WIDEST_PART", 1000)
    empty = next(
        score
        for score in range(model.min_score + 1, model.max_score)
        if not (cells.mature & (np.abs(cells.score.astype(int) - score) <= 1)).any()
    )
    band = conversion_around(cells, model, empty)
    assert (band.leads, band.rate, band.low) == (0, None, None)
