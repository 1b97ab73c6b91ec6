"""Odoo's predictive lead scoring as a formula, written anew: naive Bayes over attribute values, counts + 0.1.

What Odoo's CRM documents about it (*Assign leads with predictive lead scoring*; the description of the
method ``_pls_get_naive_bayes_probabilities`` of its module ``crm`` says the same): for every value of every
attribute it counts the leads won and lost that had it, each count raised by 0.1 so that none is zero. The
score of a lead for winning is the share of all leads that were won times, for each of its values, the value's
won count over the sum of the attribute's won counts; its score for losing likewise. The probability is the
first score over the sum of both. A value that is missing, or was never seen, multiplies nothing.

Odoo shows the probability rounded to a hundredth of a percent and keeps it off 0 and 100; here it stays as it
is, which can only rank better. Its stages of the pipeline, which know how far a deal got, are no attribute
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.statistics import FloatArray

ADDED = 0.1
"""To each count of a value that was seen."""

MISSING = -1

Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class NaiveBayes:
    """What was counted.

    Parameters
    ----------
    odds : float
        Leads won over leads lost.
    factors : tuple of float array
        For each attribute, by the code of its value, how many times a value multiplies the odds; 1 for a
        value that was never seen.
    """

    odds: float
    factors: tuple[FloatArray, ...]

    def probability(self, attributes: Sequence[Codes]) -> FloatArray:
        """The chance to win, shape (n,).

        Parameters
        ----------
        attributes : sequence of int array, each of shape (n,)
            Codes of the values, `MISSING` for none.
        """
        log_odds = np.full(len(attributes[0]) if attributes else 1, np.log(self.odds))
        for codes, factors in zip(attributes, self.factors, strict=True):
            known = (codes >= 0) & (codes < len(factors))
            log_odds[known] += np.log(factors[codes[known]])
        return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def fit_naive_bayes(attributes: Sequence[Codes], won: NDArray[np.bool_], leads: Codes) -> NaiveBayes:
    """Count.

    Parameters
    ----------
    attributes : sequence of int array, each of shape (n,)
        Codes of the values, from 0, `MISSING` for none.
    won : bool array, shape (n,)
    leads : int array, shape (n,)
        How many leads each row stands for.

    Raises
    ------
    ValueError
        When no lead was won, or none was lost.
    """
    won_count, lost_count = int(leads[won].sum()), int(leads[~won].sum())
    if not won_count or not lost_count:
        raise ValueError(f"leads must be won and lost, got {won_count} won and {lost_count} lost")
    return NaiveBayes(won_count / lost_count, tuple(_factors(codes, won, leads) for codes in attributes))


def _factors(codes: Codes, won: NDArray[np.bool_], leads: Codes) -> FloatArray:
    size = int(codes.max(initial=MISSING)) + 1
    known = codes >= 0
    won_counts, lost_counts = (
        np.bincount(codes[known & part], weights=leads[known & part], minlength=size) for part in (won, ~won)
    )
    seen = won_counts + lost_counts > 0
    shares = []
    for counts in (won_counts, lost_counts):
        raised = np.where(seen, counts + ADDED, 0.0)
        shares.append(raised / raised.sum() if seen.any() else raised)
    return np.divide(shares[0], shares[1], out=np.ones(size), where=seen)
