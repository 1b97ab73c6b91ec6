"""How uncertain a sum over rows is when leads return in several periods and nobody knows which.

Cells and response tables do not say which lead a row belongs to. What a lead's rows have in common can
therefore not be measured, but it can be bounded, and the bound is an honest error: never too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import Cells, IntArray
from scoring.model import Model
from scoring.periods import periods_between
from scoring.statistics import FloatArray

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]

FOUR_YEARS = (datetime(2001, 1, 1), datetime(2004, 12, 31))
"""Hold every length that a month or a quarter can have."""


@dataclass(frozen=True)
class Returns:
    """In how many periods one lead may stand.

    Parameters
    ----------
    converted : int
        Its rows that converted lie within so many periods that follow each other.
    others : int
        The same of its rows that did not; 1 when no lead stands in two periods.
    """

    converted: int
    others: int

    @classmethod
    def of(cls, model: Model, cells: Cells) -> Returns:
        """What a model's moments and horizon allow in the periods of the cells."""
        most = max(len(cells.periods), 1)
        if model.observation.moment != "period_start":
            return cls(1, 1)
        if model.conversion.repeatable:
            return cls(most, most)
        # A lead converts once. Two moments see the same conversion only when less than the horizon apart.
        horizon = timedelta(days=model.conversion.horizon_days)
        shortest = min(one.ends_at - one.starts_at for one in periods_between(*FOUR_YEARS, model.observation))
        return cls(min(most, math.ceil(horizon / shortest)), most)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Rows of mature leads, as many leads each as `leads` says.

    Parameters
    ----------
    period : int array, shape (n,)
    converted : bool array, shape (n,)
    leads : int array, shape (n,)
    """

    period: Ints
    converted: Bools
    leads: IntArray

    @property
    def lead_count(self) -> int:
        """All leads."""
        return int(self.leads.sum())

    @property
    def conversions(self) -> int:
        """Those that converted."""
        return int(self.leads[self.converted].sum())


def largest_error(influence: FloatArray, rows: Outcomes, returns: Returns) -> float | None:
    """The largest standard error that a figure can have, whichever leads return.

    Parameters
    ----------
    influence : float array, shape (n,)
        What one lead of each row adds to the figure's deviation (a linearised figure).
    rows : Outcomes
    returns : Returns

    Returns
    -------
    float or None
        None when a class has too few leads to tell their spread.

    Notes
    -----
    A lead stands at most once in a period, so the leads of one period are independent, and of periods that
    lie far enough apart. The error of a sum of sums that may depend on each other is at most the sum of their
    errors (Minkowski's inequality). So the clustered error (Obuchowski 1997, Biometrics 53, 567-578) is never
    larger than this one, and equal to it when no lead returns.
    """
    errors = []
    for chosen, span in ((rows.converted, returns.converted), (~rows.converted, returns.others)):
        error = _class_error(influence[chosen], rows.period[chosen] % span, rows.leads[chosen], span)
        if error is None:
            return None
        errors.append(error)
    # A lead that stands once either converted or not: the two classes are then different leads.
    return math.hypot(*errors) if returns.others == 1 else sum(errors)


def _class_error(influence: FloatArray, place: Ints, leads: IntArray, span: int) -> float | None:
    """The error of one class; rows of equal `place` belong to different leads."""
    squares = np.bincount(place, weights=leads * influence**2, minlength=span)
    fewest_leads = int(np.bincount(place, weights=leads, minlength=span).max())
    if fewest_leads < 2:
        return None
    return float(np.sqrt(squares).sum()) * math.sqrt(fewest_leads / (fewest_leads - 1))
