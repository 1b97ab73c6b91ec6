"""Curves of one model, from mature leads counted by score: gains, lift by decile, precision and recall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.cells import IntArray
from scoring.statistics import Counts, FloatArray


@dataclass(frozen=True, eq=False)
class GainsCurve:
    """Share of conversions caught when the best-scored share of leads is worked, from (0, 0) to (1, 1).

    Points stand at the scores that leads have; within a score the leads cannot be told apart and the line
    between two points is what any order of them gives on average.
    """

    leads_share: FloatArray
    conversions_share: FloatArray


@dataclass(frozen=True)
class Part:
    """One of the equal parts of the leads, best scores first; counts are expected ones, not whole.

    `rate` is a fraction; `lift` is the rate over the rate of all leads.
    """

    number: int
    leads: float
    conversions: float
    rate: float
    lift: float


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """What working every lead from a threshold up gives; one entry for each score that leads have, rising.

    Parameters
    ----------
    threshold, leads, conversions : int array, shape (n,)
    precision, recall : float array, shape (n,)
        Conversion rate of the leads worked; share of all conversions among them (capture).
    """

    threshold: IntArray
    leads: IntArray
    conversions: IntArray
    precision: FloatArray
    recall: FloatArray


def gains_curve(converted: Counts, not_converted: Counts) -> GainsCurve | None:
    """Cumulative gains from counts by rising score; None without conversions.

    Notes
    -----
    Also called cumulative accuracy profile: Engelmann, Hayden, Tasche (2003), Risk 16, 82-86.
    """
    leads, conversions = _cumulated_from_the_top(converted, not_converted)
    if conversions[-1] == 0:
        return None
    return GainsCurve(leads / leads[-1], conversions / conversions[-1])


def lift_by_part(converted: Counts, not_converted: Counts, parts: int = 10) -> tuple[Part, ...]:
    """Cut the leads into equal parts by score, best first, and give each part's lift.

    Point scores tie all the time, and a score at a cut belongs to both sides: its leads and conversions are
    split in proportion, which is the mean over all orders of the tied leads. No part then depends on the
    order in which the leads happen to be stored.

    Returns
    -------
    tuple of Part
        Empty without conversions.
    """
    leads, conversions = _cumulated_from_the_top(converted, not_converted)
    if conversions[-1] == 0:
        return ()
    size = leads[-1] / parts
    caught = np.diff(np.interp(np.arange(parts + 1) * size, leads, conversions))
    base_rate = conversions[-1] / leads[-1]
    return tuple(
        Part(number + 1, float(size), float(count), float(count / size), float(count / size / base_rate))
        for number, count in enumerate(caught)
    )


def precision_recall(converted: Counts, not_converted: Counts, min_score: int) -> PrecisionRecall:
    """Precision and recall by threshold; recall is NaN without conversions.

    Parameters
    ----------
    converted, not_converted : int array, shape (scores,)
        Counts at every score from `min_score` up.
    min_score : int
    """
    taken = np.flatnonzero(converted + not_converted)
    conversions = np.cumsum(converted[::-1])[::-1].astype(np.int64)
    leads = conversions + np.cumsum(not_converted[::-1])[::-1].astype(np.int64)
    total = int(converted.sum())
    recall = conversions[taken] / total if total else np.full(len(taken), np.nan)
    return PrecisionRecall(
        threshold=(taken + min_score).astype(np.int64),
        leads=leads[taken],
        conversions=conversions[taken],
        precision=conversions[taken] / leads[taken],
        recall=recall,
    )


def _cumulated_from_the_top(converted: Counts, not_converted: Counts) -> tuple[IntArray, IntArray]:
    """Leads and conversions from the best score down, starting with 0, only where leads are."""
    taken = np.flatnonzero(converted + not_converted)[::-1]
    conversions = np.cumsum(converted[taken])
    leads = conversions + np.cumsum(not_converted[taken])
    zero = np.zeros(1, dtype=np.int64)
    return np.concatenate([zero, leads]), np.concatenate([zero, conversions])
