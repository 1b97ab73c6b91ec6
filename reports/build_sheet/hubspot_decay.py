"""The HubSpot decay that comes nearest to a model's.

HubSpot takes the same share off an activity's first points at the end of every interval of 1, 3, 6 or 12
months, for all event rules of a group alike: 25 % every month leaves 75, 50, 25 and then no points of 100.
A half-life or a repeated share of what is left therefore never comes out equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.decay import decay_factors
from scoring.model import Decay

MONTHS = (1, 3, 6, 12)
DAYS_IN_MONTH = 365 / 12
JUDGED_YEARS = 3

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class GroupDecay:
    """A group's decay, and how far it is from the model's.

    Attributes
    ----------
    percent, months : int
        So much off every so many months.
    worst_share, worst_day : float, int
        The largest distance between what is left of a point, and the age in days at which it is.
    """

    percent: int
    months: int
    worst_share: float
    worst_day: int

    @property
    def words(self) -> str:
        """``25 % every month``."""
        return f"{self.percent} % every {'month' if self.months == 1 else f'{self.months} months'}"


@lru_cache(maxsize=256)
def nearest_decay(decay: Decay, window_days: int | None = None) -> GroupDecay:
    """The setting whose remaining share has the smallest mean square distance from the model's.

    Parameters
    ----------
    decay : Decay
    window_days : int, optional
        From this age on the model gives nothing, as a window and a fading group exclude each other in
        HubSpot.

    Notes
    -----
    All whole percents and intervals are tried, over the ages up to which the model gives anything, at most
    three years.
    """
    last = int(JUDGED_YEARS * 365)
    wanted: Shares = decay_factors(decay, last) / 1000
    if window_days is not None:
        wanted[window_days + 1 :] = 0
    best: tuple[float, int, int] | None = None
    for months in MONTHS:
        steps = np.floor(np.arange(last + 1) / (DAYS_IN_MONTH * months))
        for percent in range(1, 101):
            found = np.maximum(0.0, 1 - steps * percent / 100)
            distance = float(np.mean((found - wanted) ** 2))
            if best is None or distance < best[0]:
                best = (distance, percent, months)
    assert best is not None
    _, percent, months = best
    apart = np.abs(remaining_share(percent, months, last) - wanted)
    worst = int(np.argmax(apart))
    return GroupDecay(percent, months, float(apart[worst]), worst)


def remaining_share(percent: int, months: int, last_day: int) -> Shares:
    """What is left of a point at every age in whole days, 0 to `last_day`."""
    steps = np.floor(np.arange(last_day + 1) / (DAYS_IN_MONTH * months))
    return np.maximum(0.0, 1 - steps * percent / 100)
