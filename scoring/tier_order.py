"""Whether a higher tier really converts better than a lower one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

from scoring.backtest import TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class TierOrder:
    """Trend over the tiers and what to make of it.

    `holds` is None with too little data; `sentence` says it in words. `offending` are the pairs (lower,
    higher) of neighbouring tiers with enough leads of which the higher converts no better.
    """

    z: float | None
    p_value: float | None
    holds: bool | None
    offending: tuple[tuple[str, str], ...]
    sentence: str


def cochran_armitage(
    conversions: Sequence[int], leads: Sequence[int], weights: Sequence[float] | None = None
) -> tuple[float, float] | tuple[None, None]:
    """Test for a linear trend of rates over ordered groups.

    Parameters
    ----------
    conversions, leads : sequence of int
        Counts by group, lowest group first; empty groups may be among them.
    weights : sequence of float, optional
        Distance of the groups; 0, 1, 2, ... when not given.

    Returns
    -------
    z, p_value : float or None
        Positive z: rates rise; two-sided p-value. None when all convert, none does, or one group has
        them all.

    Notes
    -----
    Cochran (1954), Biometrics 10, 417-451; Armitage (1955), Biometrics 11, 375-386; Agresti (2002),
    Categorical Data Analysis, section 5.3.5.
    """
    won, count = np.asarray(conversions, dtype=np.float64), np.asarray(leads, dtype=np.float64)
    weight = np.arange(len(count)) if weights is None else np.asarray(weights, dtype=np.float64)
    total = float(count.sum())
    if total == 0:
        return None, None
    share = float(won.sum()) / total
    trend = float((weight * (won - count * share)).sum())
    spread = float((count * weight**2).sum() - (count * weight).sum() ** 2 / total)
    variance = share * (1 - share) * spread
    if variance <= 0:
        return None, None
    z = trend / math.sqrt(variance)
    return z, float(2 * ndtr(-abs(z)))


def judge_tier_order(tiers: Sequence[TierFigures]) -> TierOrder:
    """Judge tiers, given lowest first, and say in a sentence when a higher one converts no better."""
    z, p_value = cochran_armitage([tier.conversions for tier in tiers], [tier.leads for tier in tiers])
    large = [tier for tier in tiers if tier.leads >= MIN_LEADS_FOR_RATE]
    if z is None or p_value is None or len(large) < 2:
        return TierOrder(
            z, p_value, None, (), f"Fewer than two tiers have {MIN_LEADS_FOR_RATE} leads: no judgement."
        )
    pairs = list(pairwise(large))
    offending = [(low, high) for low, high in pairs if (high.rate or 0) <= (low.rate or 0)]
    names = tuple((low.tier, high.tier) for low, high in offending)
    if offending:
        low, high = offending[-1]
        sentence = (
            f"{high.tier} converts {_percent(high.rate)}, no better than {low.tier} at {_percent(low.rate)}."
        )
        return TierOrder(z, p_value, False, names, sentence)
    if p_value > SIGNIFICANCE:
        return TierOrder(z, p_value, False, (), "The tiers' rates differ by no more than chance.")
    return TierOrder(z, p_value, True, (), "The higher the tier, the better it converts.")


def _percent(rate: float | None) -> str:
    return "nothing" if rate is None else f"{100 * rate:.1f} %"
