"""Is this the model that our CRM runs? Its score beside ours, lead by lead, and the rules where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.figure_words import percent
from scoring.model import Model
from scoring.statistics import FloatArray, rate

EXAMPLES = 10
SAME_MODEL_SHARE = 0.99
"""Nearly all scores equal: it is the same model; a few leads were scored at another instant."""

TELLING_SHARE = 0.5
"""A rule is named as the reason when its points explain at least half of the differences' variance."""


SLOPE_BLUR = 0.15
"""Limits on categories and scores swallow some points, so that a slope is seldom exactly what was changed."""


@dataclass(frozen=True)
class RuleDifference:
    """How the differences hang together with one rule.

    Parameters
    ----------
    rule, label : str
    fired : int
        Compared leads to which the rule gives points (or takes some).
    differs_with, differs_without : float or None
        Share of leads with another live score, where the rule fires and where it does not.
    explained : float or None
        Share of the differences' variance that the rule's points explain, 0 to 1 (squared correlation); None
        when all differences or all points are equal.
    slope : float or None
        Points by which the live score changes against ours for each of our points: -1 when the live model
        lacks the rule, 0.5 when it gives half as much again.
    """

    rule: str
    label: str
    fired: int
    differs_with: float | None
    differs_without: float | None
    explained: float | None
    slope: float | None


@dataclass(frozen=True)
class LiveExample:
    """A lead whose scores differ, with our points by rule id."""

    lead_id: str
    live: float
    ours: int
    points: Mapping[str, int]


@dataclass(frozen=True)
class LiveComparison:
    """The live score of a column beside a model's.

    Parameters
    ----------
    column : str
    at : datetime
        When ours were worked out.
    leads, compared : int
        Open leads, and those with a number in the column.
    equal : int
    equal_share, same_tier_share : float or None
        None when nothing could be compared; in a grid a live score alone is in no tier.
    correlation : float or None
        Pearson's; None with fewer than two leads or when one side is constant.
    mean_difference : float or None
        Live minus ours.
    rules : tuple of RuleDifference
        The one that explains most first.
    examples : tuple of LiveExample
        The largest differences first.
    """

    column: str
    at: datetime
    leads: int
    compared: int
    equal: int
    equal_share: float | None
    same_tier_share: float | None
    correlation: float | None
    mean_difference: float | None
    rules: tuple[RuleDifference, ...]
    examples: tuple[LiveExample, ...]


def compare_scores(
    model: Model,
    lead_ids: Sequence[str],
    live: FloatArray,
    ours: FloatArray,
    points: Mapping[str, FloatArray],
    *,
    column: str,
    at: datetime,
) -> LiveComparison:
    """Compare scores lead by lead.

    Parameters
    ----------
    model : Model
    lead_ids : sequence of str, length n
    live : float array, shape (n,)
        The live score; NaN where there is none.
    ours : float array, shape (n,)
        The model's score.
    points : mapping of rule id to float array, shape (n,)
        What each enabled rule gives.
    column : str
    at : datetime
    """
    known = np.flatnonzero(np.isfinite(live))
    theirs, mine = live[known], ours[known]
    difference = theirs - mine
    differs = difference != 0
    rules = [
        _rule_difference(model, rule_id, values[known], difference) for rule_id, values in points.items()
    ]
    # Of equal differences the smaller place, which is the smaller lead_id, comes first.
    largest = np.argsort(-np.abs(difference), kind="stable")[:EXAMPLES]
    examples = tuple(
        LiveExample(
            lead_ids[known[place]],
            float(theirs[place]),
            int(mine[place]),
            {rule_id: int(values[known[place]]) for rule_id, values in points.items()},
        )
        for place in largest
        if differs[place]
    )
    equal = int((~differs).sum())
    return LiveComparison(
        column=column,
        at=at,
        leads=len(live),
        compared=len(known),
        equal=equal,
        equal_share=rate(equal, len(known)),
        same_tier_share=_same_tier_share(theirs, mine, model),
        correlation=_correlation(theirs, mine),
        mean_difference=float(difference.mean()) if len(known) else None,
        rules=tuple(sorted(rules, key=lambda rule: -(rule.explained or 0.0))),
        examples=examples,
    )


def verdict(comparison: LiveComparison) -> str:
    """One sentence: whether the live score is this model's, and what explains the differences."""
    column, compared, share = comparison.column, comparison.compared, comparison.equal_share
    if share is None or compared < MIN_LEADS_FOR_RATE:
        return (
            f"Only {compared:,} of {comparison.leads:,} open leads have a number in {column}: too few to say "
            "whether it is this model's score."
        )
    figure = "every one of" if share == 1 else f"{percent(share)} of"
    equal = f"{column} equals this model's score for {figure} {compared:,} leads"
    if share >= SAME_MODEL_SHARE:
        return f"{equal}: it is this model."
    first = comparison.rules[0] if comparison.rules else None
    if first is not None and first.explained is not None and first.explained >= TELLING_SHARE:
        reason = (
            f"{percent(first.explained, 0)} of the differences go with the rule {first.label!r}{_how(first)}"
        )
        return f"{equal}: not this model; {reason}."
    if comparison.correlation is None:
        return f"{equal}: not this model, and the one says nothing about the other."
    likeness = f"correlation {comparison.correlation:.2f}"
    return f"{equal}: not this model ({likeness}), and no single rule explains why."


def to_json(comparison: LiveComparison) -> dict[str, Any]:
    """The object of ``tierline compare-live --json``."""
    return {
        "column": comparison.column,
        "at": comparison.at.isoformat() + "Z",
        "verdict": verdict(comparison),
        "leads": comparison.leads,
        "compared": comparison.compared,
        "equal": comparison.equal,
        "equal_share": comparison.equal_share,
        "same_tier_share": comparison.same_tier_share,
        "correlation": comparison.correlation,
        "mean_difference": comparison.mean_difference,
        "rules": [vars(rule).copy() for rule in comparison.rules],
        "examples": [vars(example) | {"points": dict(example.points)} for example in comparison.examples],
    }


def _rule_difference(
    model: Model, rule_id: str, points: FloatArray, difference: FloatArray
) -> RuleDifference:
    fires, differs = points != 0, difference != 0
    fired = int(fires.sum())
    spread = float(points.var()) if len(points) else 0.0
    correlation = _correlation(points, difference)
    slope = float(np.cov(points, difference, ddof=0)[0, 1]) / spread if spread > 0 else None
    return RuleDifference(
        rule=rule_id,
        label=model.rule(rule_id).shown_label,
        fired=fired,
        differs_with=rate(int((fires & differs).sum()), fired),
        differs_without=rate(int((~fires & differs).sum()), len(points) - fired),
        explained=None if correlation is None else correlation**2,
        slope=slope,
    )


def _correlation(a: FloatArray, b: FloatArray) -> float | None:
    if len(a) == 0 or (a == a[0]).all() or (b == b[0]).all():
        return None
    return float(np.clip(np.corrcoef(a, b)[0, 1], -1.0, 1.0))


def _tiers(scores: FloatArray, model: Model) -> NDArray[np.intp]:
    """The number of thresholds that each score reaches; a live score may reach none."""
    return np.searchsorted([tier.threshold for tier in model.tiers], scores, side="right")


def _same_tier_share(theirs: FloatArray, mine: FloatArray, model: Model) -> float | None:
    if model.grid is not None:
        return None
    return rate(int((_tiers(theirs, model) == _tiers(mine, model)).sum()), len(mine))


def _how(rule: RuleDifference) -> str:
    slope = rule.slope or 0.0
    if abs(slope + 1) <= SLOPE_BLUR:
        return ", which the live model seems to lack"
    if abs(slope) <= SLOPE_BLUR:
        return ""
    return f", which seems to give {1 + slope:.1f} times as many points there"
