"""What would lift a lead to the next tier with the fewest actions; see `scoring.fewest_actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.fewest_actions import Action
from scoring.fewest_way import Goal, find_way
from scoring.model import Model, Tier
from scoring.outlook import Outlook, RuleState
from scoring.tiers import tier_indices


@dataclass(frozen=True)
class NextTier:
    """How a lead reaches the next tier.

    Attributes
    ----------
    tier : Tier or None
        The next one; None in the highest. In a grid the one of the cell that is reached, which may be higher
        than the next.
    missing_points : int
        From the score to its threshold; 0 in the highest tier, and in a grid, where points do not decide.
    actions : tuple of (Action, int)
        What to do and how often; empty when nothing was found.
    score : int or None
        What the lead scores then.
    reachable : bool
        False when no number of activities is enough: caps and limits stand in the way.
    fewest : bool
        Whether it is proven that fewer actions are not enough.
    cell : str or None
        The lead's cell in a model with a grid.
    next_cell : str or None
        The cell that it is in after the actions.
    """

    tier: Tier | None
    missing_points: int
    actions: tuple[tuple[Action, int], ...] = ()
    score: int | None = None
    reachable: bool = True
    fewest: bool = True
    cell: str | None = None
    next_cell: str | None = None


def find_next_tier(
    model: Model,
    counts: Mapping[str, int],
    states: Mapping[str, RuleState],
    actions: Sequence[Action],
) -> NextTier:
    """The fewest activities that lift a lead to the next tier.

    Parameters
    ----------
    model : Model
        Without a grid; for one with a grid see `scoring.next_cell`.
    counts : mapping
        The count of every enabled rule by its id, in twentieths.
    states : mapping
        By the id of every enabled rule on own activities, what it sees.
    actions : sequence of Action

    Returns
    -------
    NextTier
        Found by trying every combination that could be enough, fewest activities first. After `MOST_STEPS` of
        them the best so far is returned, and `fewest` is False.
    """
    outlook = Outlook(model, counts, states)
    score = outlook.score({})
    place = int(tier_indices(np.array([score]), model)[0]) + 1
    if place == len(model.tiers):
        return NextTier(None, 0)
    tier = model.tiers[place]
    way = find_way(_Threshold(outlook, rises=True, threshold=tier.threshold), actions)
    after = None if way.more is None else outlook.score(way.more)
    return NextTier(tier, tier.threshold - score, way.actions, after, way.reachable, way.fewest)


@dataclass(frozen=True)
class _Threshold(Goal):
    """At least a score."""

    threshold: int

    def distance(self, more: Mapping[str, int]) -> int:
        return self.threshold - self.outlook.score(more)

    def is_reachable(self, rule_ids: set[str]) -> bool:
        return self.outlook.highest_score(rule_ids) >= self.threshold
