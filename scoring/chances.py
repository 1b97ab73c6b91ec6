"""Chances that hold: what was promised before each period is set beside what came, and sets the level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from scoring.calibration import CalibrationCheck, check_calibration
from scoring.cells import IntArray
from scoring.enough_data import MIN_CONVERSIONS_FOR_CALIBRATION
from scoring.statistics import FloatArray, wilson_interval

EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Of bands of chances; finer where most leads are."""


@dataclass(frozen=True, eq=False)
class Promises:
    """Leads with the log odds that was given to them before their outcome was known.

    Parameters
    ----------
    log_odds : float array, shape (n,)
    converted : bool array, shape (n,)
    leads : int array, shape (n,)
        How many leads each row stands for.
    """

    log_odds: FloatArray
    converted: NDArray[np.bool_]
    leads: IntArray

    @property
    def chance(self) -> FloatArray:
        """Of converting, shape (n,)."""
        return np.asarray(expit(self.log_odds), dtype=np.float64)

    @property
    def conversions(self) -> int:
        """Leads that converted."""
        return int(self.leads[self.converted].sum())

    def shifted(self, shift: float) -> Promises:
        """The same leads, every log odds moved alike."""
        return Promises(self.log_odds + shift, self.converted, self.leads)

    def check(self) -> CalibrationCheck:
        """Conversions that came against the sum of the chances."""
        won, lost = (np.where(part, self.leads, 0) for part in (self.converted, ~self.converted))
        return check_calibration(self.chance, won, lost)


@dataclass(frozen=True)
class ChanceBand:
    """Leads whose chance lay in a band, and how many of them converted.

    Parameters
    ----------
    chance_from, chance_to : float
        The first belongs to the band, the second to the next one.
    expected : float
        Sum of the chances.
    rate, low, high : float
        What came, with the likely range.
    """

    chance_from: float
    chance_to: float
    leads: int
    conversions: int
    expected: float
    rate: float
    low: float | None
    high: float | None


def join_promises(promises: Sequence[Promises]) -> Promises:
    """All of them as one; no rows for none."""
    return Promises(
        np.concatenate([np.zeros(0), *(each.log_odds for each in promises)]),
        np.concatenate([np.zeros(0, dtype=bool), *(each.converted for each in promises)]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(each.leads for each in promises)]),
    )


def level_shift(promises: Promises) -> float:
    """What is to be added to the log odds, so that as many conversions are promised as came.

    Returns
    -------
    float
        0 with fewer than `MIN_CONVERSIONS_FOR_CALIBRATION` conversions, or when every lead converted.

    Notes
    -----
    Recalibration in the large: Steyerberg (2019), Clinical Prediction Models, Springer, chapter 15. The order
    of the leads stays. A slope besides, or the newest period's level alone, foretold the bank's, CDNOW's and
    the demo's periods no better (mean log loss, each on the periods after).
    """
    won, total = promises.conversions, int(promises.leads.sum())
    if won < MIN_CONVERSIONS_FOR_CALIBRATION or won == total:
        return 0.0
    even = float(logit(won / total))
    # With one shift every lead's chance is at most the rate that came, with the other it is at least that.
    low, high = even - float(promises.log_odds.max()), even - float(promises.log_odds.min())
    if low == high:
        return low

    def too_many(shift: float) -> float:
        return float(promises.leads @ promises.shifted(shift).chance) - won

    # Rounding must not put both ends on one side.
    return float(brentq(too_many, low - 1e-6, high + 1e-6))


def chance_bands(promises: Promises) -> tuple[ChanceBand, ...]:
    """What came of each band of chances that holds leads, the lowest first."""
    chance = promises.chance
    place = np.clip(np.digitize(chance, EDGES) - 1, 0, len(EDGES) - 2)
    bands = []
    for number in np.unique(place).tolist():
        rows = place == number
        leads = int(promises.leads[rows].sum())
        won = int(promises.leads[rows & promises.converted].sum())
        low, high = wilson_interval(won, leads)
        bands.append(
            ChanceBand(
                chance_from=EDGES[number],
                chance_to=EDGES[number + 1],
                leads=leads,
                conversions=won,
                expected=float(promises.leads[rows] @ chance[rows]),
                rate=won / leads,
                low=low,
                high=high,
            )
        )
    return tuple(bands)
