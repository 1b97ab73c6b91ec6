"""How many leads below the threshold must be worked at random to know what they would convert."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring.errors import ScoringError
from scoring.statistics import normal_quantile, wilson_interval

NEARLY_ALL = 0.95
"""Where sales worked this share of the leads below the threshold, nothing is left to hold out."""

CAUTIOUS_RATE = 0.5
"""Where nothing is known the widest interval is at one half."""


@dataclass(frozen=True)
class Holdout:
    """A random part of the leads below the threshold that sales works like the others.

    Attributes
    ----------
    size : int
        Leads that it takes.
    precision : float
        Half the width of the rate's likely range that they give, a fraction.
    expected_rate : float
    available : float
        Leads that stand below the threshold when a period begins.
    share : float or None
        Part of them to work, at most 1; None when there are none.
    worked_share : float or None
        What sales worked of them already; None where nobody knows.
    """

    size: int
    precision: float
    expected_rate: float
    available: float
    share: float | None
    worked_share: float | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether there are enough leads in one period."""
        return self.size <= self.available


def holdout_size(expected_rate: float, precision: float, confidence: float = 0.95) -> int:
    """The fewest leads with which a rate is known to plus or minus `precision`.

    Parameters
    ----------
    expected_rate : float
        What the rate will be about, in [0, 1].
    precision : float
        Half the width of the interval, in (0, 0.5).
    confidence : float, default 0.95

    Returns
    -------
    int
        From this many leads on, half the Wilson interval at the expected rate is at most `precision`.

    Raises
    ------
    ScoringError
        For a rate or a precision out of range.

    Notes
    -----
    Half the width of Wilson's interval (1927, JASA 22, 209-212) of p out of n is
    z sqrt(p (1 - p) / n + z^2 / (4 n^2)) / (1 + z^2 / n), which falls with n; solved by bisection.

    Examples
    --------
    >>> holdout_size(0.02, 0.01), holdout_size(0.5, 0.05)
    (792, 381)
    """
    if not 0 <= expected_rate <= 1:
        raise ScoringError(f"expected rate must lie between 0 and 1, got {expected_rate}")
    if not 0 < precision < CAUTIOUS_RATE:
        raise ScoringError(f"precision must lie between 0 and 0.5, got {precision}")
    z = normal_quantile(confidence)

    def half_width(size: int) -> float:
        spread = expected_rate * (1 - expected_rate) / size + z * z / (4 * size * size)
        return z * math.sqrt(spread) / (1 + z * z / size)

    most = 1
    while half_width(most) > precision:
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        if half_width(middle) > precision:
            least = middle
        else:
            most = middle
    return most


def plan_holdout(
    conversions: int, leads: int, available: float, precision: float, worked_share: float | None = None
) -> Holdout:
    """What share of the leads below the threshold to work, so that their rate is known.

    Parameters
    ----------
    conversions, leads : int
        Of the leads below the threshold so far, hardly worked: the upper end of their likely range is what is
        expected, since calls can only add to it; one half without any lead.
    available : float
        How many stand below the threshold when a period begins.
    precision : float
        Half the width of the interval that is wanted.
    worked_share : float, optional
        What sales worked of these leads already, where it is known.

    Raises
    ------
    ScoringError
        For numbers out of range.
    """
    _, high = wilson_interval(conversions, leads)
    expected = CAUTIOUS_RATE if high is None else min(high, CAUTIOUS_RATE)
    size = holdout_size(expected, precision)
    share = min(1.0, size / available) if available > 0 else None
    return Holdout(size, precision, expected, available, share, worked_share)
