"""Starting points that leave the top tier as large as it was."""

from __future__ import annotations

import numpy as np

from scoring.cells import Cells
from scoring.goal import Offer
from scoring.model import Model
from scoring.tiers import in_top_tier

NEAR_ENOUGH = 0.02
"""A top tier that is larger or smaller by no more than this keeps its starting points: one change fewer."""

LOWEST, HIGHEST = -1000, 1000
"""What starting points may be."""


def without_ends(model: Model) -> Model:
    """The model without its lowest and highest score, so that its scores show what they would be beyond."""
    wide = {"min_score": -(10**6), "max_score": 10**6}
    return model.model_copy(update=wide)


def top_leads(cells: Cells, offer: Offer, model: Model) -> int:
    """Leads of the offered periods in the top tier, by cells scored with the model (with or without ends)."""
    rows, _ = offer.rows(cells)
    rows &= in_top_tier(cells.score, model, cells.place)
    return int(cells.leads[rows].sum())


def balancing_base_points(cells: Cells, offer: Offer, model: Model, target: float) -> int:
    """The starting points with which a model's top tier is nearest to a size.

    Parameters
    ----------
    cells : Cells
        Scored with the model `without_ends`.
    offer : Offer
        Whose leads are counted.
    model : Model
    target : float

    Returns
    -------
    int
        The model's own when the tier is near enough. Of equally good ones the nearest to the model's own.
    """
    if abs(top_leads(cells, offer, model) - target) <= NEAR_ENOUGH * target:
        return model.base_points
    rows, _ = offer.rows(cells)
    score, leads = cells.score[rows].astype(np.int64), cells.leads[rows]
    shifts = np.arange(LOWEST, HIGHEST + 1) - model.base_points
    order = np.argsort(score)
    below = np.concatenate([[0], np.cumsum(leads[order])])
    held = below[-1] - below[np.searchsorted(score[order], model.tiers[-1].threshold - shifts)]
    off = np.abs(held - target)
    best = np.flatnonzero(off == off.min())
    return int(model.base_points + shifts[best[np.argmin(np.abs(shifts[best]))]])
