"""How much an activity is still worth: whole thousandths by age in whole days."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from scoring.model import Decay


def decay_factors(decay: Decay | None, max_age_days: int) -> npt.NDArray[np.int16]:
    """The decay factor for every age.

    Parameters
    ----------
    decay : Decay or None
        None is no decay: 1000 at every age.
    max_age_days : int
        The last age wanted, at least 0.

    Returns
    -------
    array of shape (max_age_days + 1,)
        Thousandths, 0 to 1000, never rising.

    Notes
    -----
    Half-life in IEEE doubles, linear and step in rationals, each rounded half up: two programs that follow
    this agree to the last digit.
    """
    if decay is None:
        return np.full(max_age_days + 1, 1000, dtype=np.int16)
    factors = np.zeros(max_age_days + 1, dtype=np.int16)
    for age_days in range(max_age_days + 1):
        factor = decay_factor(decay, age_days)
        if factor == 0:
            break
        factors[age_days] = factor
    return factors


def decay_factor(decay: Decay, age_days: int) -> int:
    """The factor of one age, in thousandths; see `decay_factors`.

    >>> decay_factor(Decay(kind="half_life", days=60), 60)
    500
    """
    if decay.kind == "half_life":
        return math.floor(1000 * math.pow(0.5, age_days / decay.days) + 0.5)
    if decay.kind == "linear":
        left = max(Fraction(0), 1 - Fraction(age_days, decay.days))
        return math.floor(1000 * left + Fraction(1, 2))
    times = age_days // decay.days
    left = Fraction((100 - (decay.percent or 0)) ** times, 100**times)
    return math.floor(1000 * left + Fraction(1, 2))
