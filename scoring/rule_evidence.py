"""What a rule is worth: how leads for which it fires convert, against those for which it does not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scoring.cells import IntArray
from scoring.enough_data import MIN_CONVERSIONS_FOR_RULE, MIN_FIRINGS_FOR_RULE
from scoring.statistics import rate, wilson_interval

WORTHLESS_IV = 0.02
"""Below this information value a rule tells next to nothing: Siddiqi (2006), Credit Risk Scorecards."""

SMALL_LIFT = 0.1
"""A rule that fires seldom has a small information value however good it is: its lift must be small, too."""

REDUNDANT_CORRELATION = 0.8

HALF = 0.5
"""Added to each of the four counts when one is 0, so that no logarithm is infinite (Haldane 1956)."""


class Evidence(StrEnum):
    """What the outcomes say about a rule."""

    HELPS = "fires for better leads"
    HARMS = "fires for worse leads"
    NOTHING = "tells nothing"
    NEVER_FIRES = "never fires"
    ALWAYS_FIRES = "always fires"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True)
class Firing:
    """Mature leads by whether a rule fires for them and whether they converted."""

    fired_converted: int
    fired_not_converted: int
    silent_converted: int
    silent_not_converted: int

    @property
    def fired(self) -> int:
        """Leads for which the rule fires."""
        return self.fired_converted + self.fired_not_converted

    @property
    def silent(self) -> int:
        """Leads for which it does not."""
        return self.silent_converted + self.silent_not_converted

    @property
    def conversions(self) -> int:
        """Conversions with and without the rule."""
        return self.fired_converted + self.silent_converted

    @property
    def leads(self) -> int:
        """All leads."""
        return self.fired + self.silent


@dataclass(frozen=True)
class RuleEvidence:
    """Figures of one rule.

    Parameters
    ----------
    leads, fired : int
    fired_share : float or None
    rate_with, rate_without : float or None
        Conversion rate of leads for which the rule fires, and of the others.
    lift, lift_low, lift_high : float or None
        ``rate_with`` over the rate of all leads, with its 95 % interval.
    weight_of_evidence : float or None
        Of firing: log of its share among conversions over its share among the others.
    information_value : float or None
    evidence : Evidence
    """

    leads: int
    fired: int
    fired_share: float | None
    rate_with: float | None
    rate_without: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    weight_of_evidence: float | None
    information_value: float | None
    evidence: Evidence


@dataclass(frozen=True)
class RedundantPair:
    """Two rules that fire for nearly the same leads (or, below 0, for nearly opposite ones)."""

    first: str
    second: str
    correlation: float


def rule_evidence(firing: Firing) -> RuleEvidence:
    """Figures of a rule, and what they come to.

    A rule helps or harms when its lift's interval lies off 1; it tells nothing when the interval holds 1, or
    when lift and information value are both small, however certain so small an effect may be.
    """
    low, high = lift_interval(firing)
    evidence_weight, information = weight_of_evidence(firing)
    base_rate, rate_with = rate(firing.conversions, firing.leads), rate(firing.fired_converted, firing.fired)
    lift = None if rate_with is None or not base_rate else rate_with / base_rate
    return RuleEvidence(
        leads=firing.leads,
        fired=firing.fired,
        fired_share=rate(firing.fired, firing.leads),
        rate_with=rate_with,
        rate_without=rate(firing.silent_converted, firing.silent),
        lift=lift,
        lift_low=low,
        lift_high=high,
        weight_of_evidence=evidence_weight,
        information_value=information,
        evidence=_judge(firing, lift or 0.0, low, high, information),
    )


def lift_interval(firing: Firing, confidence: float = 0.95) -> tuple[float, float] | tuple[None, None]:
    """Interval of the rate of leads with the rule over the rate of all leads.

    Returns
    -------
    low, high : float or None
        None when the rule never fires, or nobody converted.

    Notes
    -----
    The ratio r of the two rates, with and without the rule, has the interval of Donner, Zou (2012),
    Statistical Methods in Medical Research 21, 347-359 (equation for ratios), made from the Wilson intervals
    of the rates, which holds up for few conversions and for none. The lift is n / (fired + silent / r), which
    rises with r, so that the ends of the one give the ends of the other.
    """
    if firing.fired == 0 or firing.conversions == 0:
        return None, None
    low, high = _ratio_interval(firing, confidence) if firing.silent else (1.0, 1.0)
    return _lift_of_ratio(firing, low), _lift_of_ratio(firing, high)


def weight_of_evidence(firing: Firing) -> tuple[float, float] | tuple[None, None]:
    """Weight of evidence of firing, and information value of firing or not.

    Returns
    -------
    weight, information_value : float or None
        None without both conversions and other leads, or when the rule fires for all or for nobody.

    Notes
    -----
    Good (1950), Probability and the Weighing of Evidence; Kullback (1959), Information Theory and Statistics
    (the information value is his divergence J); Siddiqi (2006), chapter 6. A count of 0: all four plus 0.5.
    """
    if not (firing.fired and firing.silent and firing.conversions and firing.leads - firing.conversions):
        return None, None
    a, a_not, b, b_not = _without_zeros(firing)
    won, lost = a + b, a_not + b_not
    fired_weight = math.log((a / won) / (a_not / lost))
    silent_weight = math.log((b / won) / (b_not / lost))
    information = (a / won - a_not / lost) * fired_weight + (b / won - b_not / lost) * silent_weight
    return fired_weight, information


def redundant_pairs(rules: Sequence[str], both_fire: IntArray, leads: int) -> tuple[RedundantPair, ...]:
    """Pairs of rules whose firing correlates by 0.8 or more (or -0.8 or less), the closest first.

    Parameters
    ----------
    rules : sequence of str
        Their ids.
    both_fire : int array, shape (rules, rules)
        Leads for which both rules fire; on the diagonal those for which the one rule fires.
    leads : int
        All leads.

    Notes
    -----
    Phi coefficient, Pearson's correlation of two yes-or-no columns. A rule that fires for all or for nobody
    has none.
    """
    fired = np.diag(both_fire).astype(np.float64)
    spread = np.sqrt(fired * (leads - fired))
    scale = np.outer(spread, spread)
    covariance = leads * both_fire - np.outer(fired, fired)
    phi = np.divide(covariance, scale, out=np.zeros(scale.shape), where=scale > 0)
    pairs = [
        RedundantPair(rules[i], rules[j], float(phi[i, j]))
        for i in range(len(rules))
        for j in range(i + 1, len(rules))
        if abs(phi[i, j]) >= REDUNDANT_CORRELATION
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.correlation)))


def points_shares(points: Sequence[int]) -> tuple[float | None, ...]:
    """Each rule's share of all points given, points taken away counting as much as points given."""
    total = sum(abs(value) for value in points)
    return tuple(rate(abs(value), total) for value in points)


def _judge(
    firing: Firing, lift: float, low: float | None, high: float | None, information: float | None
) -> Evidence:
    if firing.leads == 0:
        return Evidence.TOO_LITTLE_DATA
    if firing.fired == 0:
        return Evidence.NEVER_FIRES
    if firing.silent == 0:
        return Evidence.ALWAYS_FIRES
    few = min(firing.fired, firing.silent) < MIN_FIRINGS_FOR_RULE
    if few or firing.conversions < MIN_CONVERSIONS_FOR_RULE or low is None or high is None:
        return Evidence.TOO_LITTLE_DATA
    small = abs(lift - 1) < SMALL_LIFT and (information or 0.0) < WORTHLESS_IV
    if low <= 1 <= high or small:
        return Evidence.NOTHING
    return Evidence.HELPS if low > 1 else Evidence.HARMS


def _ratio_interval(firing: Firing, confidence: float) -> tuple[float, float]:
    """Interval of the rate with the rule over the rate without it; infinite above when that may be 0."""
    with_rule, without = firing.fired_converted / firing.fired, firing.silent_converted / firing.silent
    with_low, with_high = wilson_interval(firing.fired_converted, firing.fired, confidence)
    out_low, out_high = wilson_interval(firing.silent_converted, firing.silent, confidence)
    if with_low is None or with_high is None or out_low is None or out_high is None:
        return 0.0, math.inf
    product = with_rule * without
    below, beside = with_low * (2 * with_rule - with_low), out_high * (2 * without - out_high)
    low = below / (product + math.sqrt(max(0.0, product**2 - below * beside))) if below > 0 else 0.0
    above, beneath = with_high * (2 * with_rule - with_high), out_low * (2 * without - out_low)
    high = (
        (product + math.sqrt(max(0.0, product**2 - above * beneath))) / beneath if beneath > 0 else math.inf
    )
    return low, high


def _lift_of_ratio(firing: Firing, ratio: float) -> float:
    return firing.leads / (firing.fired + firing.silent / ratio) if ratio else 0.0


def _without_zeros(firing: Firing) -> tuple[float, float, float, float]:
    counts = (
        firing.fired_converted,
        firing.fired_not_converted,
        firing.silent_converted,
        firing.silent_not_converted,
    )
    added = 0.0 if all(counts) else HALF
    a, a_not, b, b_not = (count + added for count in counts)
    return a, a_not, b, b_not
