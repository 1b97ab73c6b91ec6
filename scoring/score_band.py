"""How leads with about the same score converted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.cells import Cells, count_by_score
from scoring.model import Model
from scoring.statistics import rate, wilson_interval

ENOUGH_LEADS = 200
"""A band is widened until it holds so many leads: their rate is known to within some 7 points at worst."""

WIDEST_PART = 10
"""A band reaches no further to either side than one part in so many of all scores."""


@dataclass(frozen=True)
class ScoreBand:
    """Complete leads whose score was near one score.

    Attributes
    ----------
    lowest, highest : int
        The scores of the band, both included.
    leads, conversions : int
        Lead-moments, over all periods.
    rate, low, high : float or None
        Conversion rate and its interval, fractions; None without leads.
    worked_share : float or None
        Which share of these leads sales worked; None where the data do not tell it, and without leads.
    """

    lowest: int
    highest: int
    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None
    worked_share: float | None = None


def conversion_around(cells: Cells, model: Model, score: int) -> ScoreBand:
    """The conversion rate of complete leads around a score.

    Parameters
    ----------
    cells : Cells
        Of `model`.
    model : Model
    score : int
        In [min_score, max_score].

    Returns
    -------
    ScoreBand
        As narrow as `ENOUGH_LEADS` leads allow, and never wider than a tenth of the scores to either side.
    """
    counts = count_by_score(cells, model.min_score, model.max_score).pooled
    converted, others = counts.converted[0], counts.not_converted[0]
    leads = np.concatenate([[0], np.cumsum(converted + others)])
    place, last = score - model.min_score, len(converted) - 1
    widest = max(1, (last + 1) // WIDEST_PART)
    for reach in range(widest + 1):
        start, end = max(0, place - reach), min(last, place + reach)
        if leads[end + 1] - leads[start] >= ENOUGH_LEADS:
            break
    found = int(leads[end + 1] - leads[start])
    conversions = int(converted[start : end + 1].sum())
    low, high = wilson_interval(conversions, found)
    share = rate(conversions, found)
    return ScoreBand(start + model.min_score, end + model.min_score, found, conversions, share, low, high)
