"""What the levels and quests of a model come to: how many leads stand where, and what a quest says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.model import Model, Rule, Tier
from scoring.quests import quest_points, quest_times, quests_of
from scoring.rule_evidence import Evidence, Firing, rule_evidence
from scoring.statistics import rate, wilson_interval

Integers = NDArray[np.int64]

MOST_RANGES = 12
NICE_STEPS = tuple(base * 10**power for power in range(6) for base in (1, 2, 5))


@dataclass(frozen=True)
class Level:
    """A tier as a level of the game.

    Attributes
    ----------
    tier : Tier
    leads : int
        Open leads that stand in it.
    share : float or None
        Of all open leads.
    median_missing : float or None
        Points that are missing to the next level, half of the leads need fewer; None for the highest level,
        for one without leads, and where a grid decides.
    """

    tier: Tier
    leads: int
    share: float | None
    median_missing: float | None


@dataclass(frozen=True, eq=False)
class Distances:
    """How far leads are from their next level.

    Attributes
    ----------
    ranges : tuple of (int, int)
        Points missing, from and to, nearest first; not empty.
    leads : int array of shape (levels - 1, ranges)
        By the level that they stand in, lowest first.
    median : float or None
        Half of these leads miss so many points or fewer; None where no lead has a level above it.
    """

    ranges: tuple[tuple[int, int], ...]
    leads: Integers
    median: float | None


@dataclass(frozen=True)
class QuestProgress:
    """How far open leads are with a quest: `done` have completed it, `begun` have part of it."""

    done: int
    begun: int
    leads: int


@dataclass(frozen=True)
class RateOf:
    """A conversion rate with its 95 % interval; all None without leads."""

    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, conversions: int, leads: int) -> RateOf:
        """From the counts."""
        low, high = wilson_interval(conversions, leads)
        return cls(leads, conversions, rate(conversions, leads), low, high)


@dataclass(frozen=True)
class Quest:
    """One quest.

    Attributes
    ----------
    rule : Rule
    times : int
        Activities that complete it.
    points : int
        What it gives then.
    progress : QuestProgress
        Of the open leads.
    with_it, without : RateOf
        Complete lead-moments of the back-test that had completed it on the day they were scored, and the
        others.
    evidence : Evidence
        What that says.
    """

    rule: Rule
    times: int
    points: int
    progress: QuestProgress
    with_it: RateOf
    without: RateOf
    evidence: Evidence


def missing_points(model: Model, scores: Integers, tiers: Integers) -> Integers:
    """Points that each lead needs to the next level; 0 in the highest.

    Parameters
    ----------
    model : Model
        Without a grid: in a grid no number of points leads from one tier to the next.
    scores, tiers : int arrays of one shape
    """
    thresholds = np.array([tier.threshold for tier in model.tiers])
    last = len(model.tiers) - 1
    missing: Integers = np.where(tiers < last, thresholds[np.minimum(tiers + 1, last)] - scores, 0)
    return missing


def describe_levels(model: Model, scores: Integers, tiers: Integers) -> tuple[Level, ...]:
    """Every level, lowest first.

    Parameters
    ----------
    model : Model
    scores, tiers : int arrays of shape (leads,)
        Of the open leads.
    """
    leads = np.bincount(tiers, minlength=len(model.tiers))
    missing = None if model.grid is not None else missing_points(model, scores, tiers)
    found = []
    for place, tier in enumerate(model.tiers):
        median = None
        if missing is not None and leads[place] and place + 1 < len(model.tiers):
            median = float(np.median(missing[tiers == place]))
        found.append(Level(tier, int(leads[place]), rate(int(leads[place]), len(scores)), median))
    return tuple(found)


def measure_distances(model: Model, scores: Integers, tiers: Integers) -> Distances:
    """How many leads miss how many points to their next level; see `missing_points`.

    Where they miss few different numbers of points, as in a game of a few quests, each number stands for
    itself; else ranges of equal width, as narrow as `MOST_RANGES` of them allow.
    """
    below = tiers < len(model.tiers) - 1
    missing = missing_points(model, scores[below], tiers[below])
    distinct = np.unique(missing)
    if 0 < len(distinct) <= MOST_RANGES:
        ranges = tuple((int(points), int(points)) for points in distinct)
        bins = np.searchsorted(distinct, missing)
    else:
        farthest = int(missing.max(initial=1))
        step = next(step for step in NICE_STEPS if -(-farthest // step) <= MOST_RANGES)
        ranges = tuple((start + 1, start + step) for start in range(0, farthest, step))
        bins = (missing - 1) // step
    shape = (len(model.tiers) - 1, len(ranges))
    leads = np.bincount(tiers[below] * shape[1] + bins, minlength=shape[0] * shape[1]).reshape(shape)
    return Distances(ranges, leads, float(np.median(missing)) if len(missing) else None)


def describe_quests(
    model: Model, progress: Sequence[QuestProgress], firings: Sequence[Firing]
) -> tuple[Quest, ...]:
    """Every quest, in the model's order; `firings` tell who had completed it on the day of scoring."""
    return tuple(
        Quest(
            rule=rule,
            times=quest_times(rule),
            points=quest_points(rule),
            progress=reached,
            with_it=RateOf.of(firing.fired_converted, firing.fired),
            without=RateOf.of(firing.silent_converted, firing.silent),
            evidence=rule_evidence(firing).evidence,
        )
        for rule, reached, firing in zip(quests_of(model), progress, firings, strict=True)
    )


def quest_sentence(quest: Quest) -> str:
    """What completing a quest says about who buys."""
    label = quest.rule.shown_label
    with_it, without = _rate(quest.with_it), _rate(quest.without)
    rates = f"{with_it} of those who had completed it converted, {without} of the others"
    if quest.evidence is Evidence.HELPS:
        return f"{label}: whoever completes it buys more often. {rates}."
    if quest.evidence is Evidence.HARMS:
        return f"{label}: whoever completes it buys less often. {rates}."
    if quest.evidence is Evidence.NOTHING:
        return f"{label}: completing it says nothing about who buys. {rates}."
    if quest.evidence is Evidence.NEVER_FIRES:
        return f"{label}: nobody had completed it on a day of scoring."
    if quest.evidence is Evidence.ALWAYS_FIRES:
        return f"{label}: everybody had completed it, so it tells nobody apart."
    return f"{label}: too few leads or conversions to say whether it tells who buys."


def _rate(one: RateOf) -> str:
    if one.rate is None or one.low is None or one.high is None:
        return "none"
    return f"{100 * one.rate:.1f} % (likely {100 * one.low:.1f} to {100 * one.high:.1f}, {one.leads:,} leads)"
