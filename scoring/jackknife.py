"""Differences of the top tier's rate and capture, with intervals that respect leads that return."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.cells import IntArray
from scoring.joint_cells import Bools, LeadRows
from scoring.statistics import FloatArray, normal_quantile


@dataclass(frozen=True, eq=False)
class LeadAggregates:
    """What each lead adds to the top tier's figures over its moments; leads that add the same share a row.

    There are some hundred different rows at most, however many leads there are, and that bounds the cost
    of everything below.

    Parameters
    ----------
    lead_count : int array, shape (n,)
        Leads that add exactly this.
    leads_a, conversions_a, leads_b, conversions_b : int array, shape (n,)
        Times that the lead stood in the top tier under either model, and converted from it.
    conversions : int array, shape (n,)
        Times that the lead converted from any tier.
    """

    lead_count: IntArray
    leads_a: IntArray
    conversions_a: IntArray
    leads_b: IntArray
    conversions_b: IntArray
    conversions: IntArray


@dataclass(frozen=True)
class Difference:
    """A figure under both models and ``b - a`` with its 95 % interval; None where there is nothing."""

    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None


def aggregate_leads(rows: LeadRows, top_a: Bools, top_b: Bools) -> LeadAggregates:
    """Add the rows up by lead, then count the leads with equal sums.

    Parameters
    ----------
    rows : LeadRows
    top_a, top_b : bool array, shape (n,)
        Whether each row is in the top tier under either model.
    """
    size = int(rows.lead.max()) + 1 if len(rows.lead) else 0
    chosen = (top_a, top_a & rows.converted, top_b, top_b & rows.converted, rows.converted)
    sums = [np.bincount(rows.lead[part], minlength=size).astype(np.int64) for part in chosen]
    known = np.bincount(rows.lead, minlength=size) > 0
    # One whole number for each lead's five sums: sorting these is what makes the grouping quick.
    key = np.zeros(size, dtype=np.int64)
    bases = [int(column.max(initial=0)) + 1 for column in sums]
    for column, base in zip(sums, bases, strict=True):
        key = key * base + column
    distinct, lead_count = np.unique(key[known], return_counts=True)
    columns: list[IntArray] = []
    for base in reversed(bases):
        columns.append(distinct % base)
        distinct = distinct // base
    leads_a, conversions_a, leads_b, conversions_b, conversions = reversed(columns)
    return LeadAggregates(
        lead_count.astype(np.int64), leads_a, conversions_a, leads_b, conversions_b, conversions
    )


def rate_difference(aggregates: LeadAggregates, confidence: float = 0.95) -> Difference:
    """Difference of the top tier's conversion rate (see `jackknife` for the interval)."""
    one = aggregates
    rate_a = _Ratio(one.conversions_a, one.leads_a, one.lead_count)
    rate_b = _Ratio(one.conversions_b, one.leads_b, one.lead_count)
    return jackknife(rate_a, rate_b, one.lead_count, confidence)


def capture_difference(aggregates: LeadAggregates, confidence: float = 0.95) -> Difference:
    """Difference of the share of all conversions in the top tier (see `jackknife` for the interval)."""
    one = aggregates
    capture_a = _Ratio(one.conversions_a, one.conversions, one.lead_count)
    capture_b = _Ratio(one.conversions_b, one.conversions, one.lead_count)
    return jackknife(capture_a, capture_b, one.lead_count, confidence)


@dataclass(frozen=True, eq=False)
class _Ratio:
    """Sum of parts over sum of wholes, both by kind of lead."""

    part: IntArray
    whole: IntArray
    lead_count: IntArray

    @property
    def value(self) -> float | None:
        whole = int((self.whole * self.lead_count).sum())
        return int((self.part * self.lead_count).sum()) / whole if whole else None

    def without_one(self) -> FloatArray | None:
        """The ratio when one lead of each kind is left out; None when that leaves nothing to divide by."""
        part = (self.part * self.lead_count).sum() - self.part
        whole = (self.whole * self.lead_count).sum() - self.whole
        return part / whole if (whole > 0).all() else None


def jackknife(ratio_a: _Ratio, ratio_b: _Ratio, lead_count: IntArray, confidence: float = 0.95) -> Difference:
    """Difference of two ratios, its interval from leaving each lead out with all its moments in turn.

    Leaving out whole leads, not rows, is what respects that a lead returns. The jackknife and not the
    bootstrap: the figures are smooth ratios of sums, for which the two agree; it needs no seed, so that
    the same data always show the same interval; and leads that add the same give the same, so that it costs
    one pass over the kinds of leads instead of thousands over the leads.

    Notes
    -----
    Delete-one-group jackknife: Efron, Stein (1981), Annals of Statistics 9, 586-596; for ratios of clustered
    data Rao, Wu (1985), JASA 80, 620-630. Normal interval.
    """
    a, b = ratio_a.value, ratio_b.value
    if a is None or b is None:
        return Difference(a, b, None, None, None)
    without_a, without_b = ratio_a.without_one(), ratio_b.without_one()
    leads = int(lead_count.sum())
    if without_a is None or without_b is None or leads < 2:
        return Difference(a, b, b - a, None, None)
    left_out = without_b - without_a
    middle = float((lead_count * left_out).sum()) / leads
    variance = (leads - 1) / leads * float((lead_count * (left_out - middle) ** 2).sum())
    reach = normal_quantile(confidence) * math.sqrt(variance)
    return Difference(a, b, b - a, b - a - reach, b - a + reach)
