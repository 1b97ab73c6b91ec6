"""What would lift a lead to the next tier with the fewest actions; see `scoring.fewest_actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.fewest_actions import Action, FewestActions, activities_by_rule
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

    @property
    def action_count(self) -> int:
        """How many activities that are, together."""
        return sum(times for _, times in self.actions)


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
    missing = tier.threshold - score
    helpful = _worth_trying(outlook, actions)
    if outlook.highest_score({rule_id for action in helpful for rule_id in action.rules}) < tier.threshold:
        return NextTier(tier, missing, reachable=False)
    gains = [_largest_gain(outlook, action) for action in helpful]
    search = FewestActions(helpful, gains, lambda more: tier.threshold - outlook.score(more))
    chosen, fewest = search.find()
    if chosen is None:
        return NextTier(tier, missing, fewest=fewest)
    done = tuple((action, n) for action, n in zip(helpful, chosen, strict=True) if n)
    after = outlook.score(activities_by_rule(helpful, chosen))
    return NextTier(tier, missing, done, after, fewest=fewest)


def _worth_trying(outlook: Outlook, actions: Sequence[Action]) -> list[Action]:
    """The actions that can help, those that can add most at a time first, none that another one replaces."""
    helpful = [action for action in actions if _largest_gain(outlook, action) > 0]
    best = [one for one in helpful if not any(_replaces(outlook, other, one) for other in helpful)]
    return sorted(best, key=lambda action: (-_largest_gain(outlook, action), action.label))


def _largest_gain(outlook: Outlook, action: Action) -> int:
    """One more of the action never adds more than this, whatever was done before; limits only take away."""
    return sum(max(0, *outlook.steps(rule_id)) for rule_id in action.rules)


def _replaces(outlook: Outlook, other: Action, one: Action) -> bool:
    """Whether another action does all that one does, and what it does besides never harms."""
    if other == one or not one.rules <= other.rules:
        return False
    if one.rules == other.rules:
        return other.label < one.label
    return all(min(outlook.steps(rule_id)) >= 0 for rule_id in other.rules - one.rules)
