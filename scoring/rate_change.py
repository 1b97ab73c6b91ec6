"""Whether a conversion rate moved between two periods, or only by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scoring.backtest import TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.statistics import wilson_interval


class Move(StrEnum):
    """What became of a rate."""

    HIGHER = "higher"
    LOWER = "lower"
    BY_CHANCE = "no more than chance"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True)
class RateChange:
    """A rate now less the rate before, as a fraction, with its 95 % interval and the verdict."""

    difference: float
    low: float
    high: float
    move: Move


def rate_change(now: TierFigures | None, before: TierFigures | None) -> RateChange | None:
    """Compare a tier's rate with that of another period.

    Returns
    -------
    RateChange or None
        None when one of the two has no complete leads. With fewer than 30 leads on a side the interval stands
        and nothing is concluded.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: from the Wilson intervals of both rates.
    It takes the two periods' leads as different ones. Leads do come back, but each comes back only when it
    has not converted, so that what the two periods share is small.

    Examples
    --------
    >>> now = TierFigures("SQL", 100, 20, 0.2, None, None, None, None, 0.0)
    >>> before = TierFigures("SQL", 100, 5, 0.05, None, None, None, None, 0.0)
    >>> change = rate_change(now, before)
    >>> round(change.low, 4), round(change.high, 4), change.move.value
    (0.0592, 0.2433, 'higher')
    """
    if now is None or before is None or now.rate is None or before.rate is None:
        return None
    now_low, now_high = wilson_interval(now.conversions, now.leads)
    before_low, before_high = wilson_interval(before.conversions, before.leads)
    assert now_low is not None and now_high is not None  # there are leads
    assert before_low is not None and before_high is not None
    difference = now.rate - before.rate
    low = difference - math.hypot(now.rate - now_low, before_high - before.rate)
    high = difference + math.hypot(now_high - now.rate, before.rate - before_low)
    return RateChange(difference, low, high, _judge(low, high, min(now.leads, before.leads)))


def _judge(low: float, high: float, leads: int) -> Move:
    if leads < MIN_LEADS_FOR_RATE:
        return Move.TOO_LITTLE_DATA
    if low > 0:
        return Move.HIGHER
    return Move.LOWER if high < 0 else Move.BY_CHANCE
