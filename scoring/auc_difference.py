"""Whether one score ranks better than another on the same leads: the difference of two AUCs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from scoring.joint_cells import Bools, Ints, JointCells, LeadRows
from scoring.statistics import FloatArray, auc_placements, normal_quantile


@dataclass(frozen=True)
class AucDifference:
    """AUC of both models and ``auc_b - auc_a`` with its 95 % interval.

    The AUCs are None when a class is empty; interval and p-value when a class has fewer than two members.
    `p_value` is that of no difference, two-sided.
    """

    auc_a: float | None
    auc_b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None


NOTHING = AucDifference(None, None, None, None, None, None)


def paired_auc_difference(joint: JointCells, confidence: float = 0.95) -> AucDifference:
    """Difference of two correlated AUCs, every row taken as a lead of its own.

    Right for one period, where each lead stands once. Over several periods leads return, and
    `clustered_auc_difference` is the honest one.

    Notes
    -----
    DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44, 837-845, on counts by pair of scores: the variance
    of the differences of placement values, linear in the number of cells.
    """
    placed = _place(joint.score_a, joint.score_b, joint.converted, joint.leads)
    if placed is None:
        return NOTHING
    auc_a, auc_b, excess = placed
    variance = 0.0
    for rows in (joint.converted, ~joint.converted):
        count = int(joint.leads[rows].sum())
        if count < 2:
            return AucDifference(auc_a, auc_b, auc_b - auc_a, None, None, None)
        variance += float((joint.leads[rows] * excess[rows] ** 2).sum()) / (count - 1) / count
    return _with_interval(auc_a, auc_b, variance, confidence)


def clustered_auc_difference(rows: LeadRows, confidence: float = 0.95) -> AucDifference:
    """Difference of two AUCs over several periods, whose interval knows that leads return.

    A lead's rows resemble each other, so that they count for less than as many different leads. The
    placement values are added up by lead before their spread is measured. When every lead has one row the
    result is that of `paired_auc_difference`.

    Notes
    -----
    Obuchowski (1997), Biometrics 53, 567-578, equations 2 to 5, for the difference of placement values.
    """
    placed = _place(rows.score_a, rows.score_b, rows.converted, np.ones(len(rows.lead), dtype=np.int64))
    if placed is None:
        return NOTHING
    auc_a, auc_b, excess = placed
    won = _sum_by_lead(rows.lead, excess, rows.converted)
    lost = _sum_by_lead(rows.lead, excess, ~rows.converted)
    lead_count = int((won.rows + lost.rows > 0).sum())
    if min(won.lead_count, lost.lead_count) < 2:
        return AucDifference(auc_a, auc_b, auc_b - auc_a, None, None, None)
    spread = won.variance() + lost.variance()
    shared = float((won.total * lost.total).sum()) * lead_count / (lead_count - 1)
    variance = spread + 2 * shared / (won.row_count * lost.row_count)
    # Leads that win and lose in turn make the shared part negative; rounding may then cross zero.
    return _with_interval(auc_a, auc_b, max(variance, 0.0), confidence)


@dataclass(frozen=True, eq=False)
class _LeadSums:
    """Placement values of one class added up by lead."""

    total: FloatArray
    rows: NDArray[np.int64]

    @property
    def lead_count(self) -> int:
        return int((self.rows > 0).sum())

    @property
    def row_count(self) -> int:
        return int(self.rows.sum())

    def variance(self) -> float:
        """Variance of the class's mean placement value."""
        leads = self.lead_count
        return float((self.total**2).sum()) * leads / (leads - 1) / self.row_count**2


def _sum_by_lead(lead: Ints, excess: FloatArray, rows: Bools) -> _LeadSums:
    size = int(lead.max()) + 1
    return _LeadSums(
        np.bincount(lead[rows], weights=excess[rows], minlength=size).astype(np.float64),
        np.bincount(lead[rows], minlength=size).astype(np.int64),
    )


def _place(
    score_a: Ints, score_b: Ints, converted: Bools, leads: Ints
) -> tuple[float, float, FloatArray] | None:
    """Both AUCs, and each row's difference of placement values less the difference of the AUCs."""
    if not leads[converted].any() or not leads[~converted].any():
        return None
    auc_a, placement_a = _placements(score_a, converted, leads)
    auc_b, placement_b = _placements(score_b, converted, leads)
    return auc_a, auc_b, placement_b - placement_a - (auc_b - auc_a)


def _placements(score: Ints, converted: Bools, leads: Ints) -> tuple[float, FloatArray]:
    offset = score.astype(np.int64) - int(score.min())
    size = int(offset.max()) + 1
    positives = np.bincount(offset[converted], weights=leads[converted], minlength=size).astype(np.int64)
    negatives = np.bincount(offset[~converted], weights=leads[~converted], minlength=size).astype(np.int64)
    of_positives, of_negatives = auc_placements(positives, negatives)
    auc = float((positives * of_positives).sum()) / int(positives.sum())
    return auc, np.where(converted, of_positives[offset], of_negatives[offset])


def _with_interval(auc_a: float, auc_b: float, variance: float, confidence: float) -> AucDifference:
    difference = auc_b - auc_a
    error = math.sqrt(variance)
    if error == 0:
        # The two models rank alike: what difference there is (none, but for perfect scores) is certain.
        p_value = 1.0 if difference == 0 else 0.0
    else:
        p_value = float(2 * ndtr(-abs(difference) / error))
    reach = normal_quantile(confidence) * error
    return AucDifference(auc_a, auc_b, difference, difference - reach, difference + reach, p_value)
