"""What would lift a lead to the next tier with the fewest actions.

An action is one more activity, right now, of a kind that the data know: it counts for every rule that such an
activity matches, and it ends the silence that a rule on absence sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring.model import Model, Tier
from scoring.outlook import MOST_ACTIONS, Outlook, RuleState
from scoring.tiers import tier_indices

MOST_STEPS = 50_000
"""Looks at a combination before the search is content with what it has found."""


@dataclass(frozen=True)
class Action:
    """A kind of activity.

    Attributes
    ----------
    label : str
        As shown.
    rules : frozenset of str
        The ids of the rules on own activities that such an activity matches.
    """

    label: str
    rules: frozenset[str]


@dataclass(frozen=True)
class NextTier:
    """How a lead reaches the next tier.

    Attributes
    ----------
    tier : Tier or None
        The next one; None in the highest.
    missing_points : int
        From the score to its threshold, 0 in the highest tier.
    actions : tuple of (Action, int)
        What to do and how often; empty when nothing was found.
    score : int or None
        What the lead scores then.
    reachable : bool
        False when no number of activities is enough: caps and limits stand in the way.
    fewest : bool
        Whether it is proven that fewer actions are not enough.
    cell : str or None
        The lead's cell in a model with a grid. There no number of points leads to the next tier, so that
        nothing else is said.
    """

    tier: Tier | None
    missing_points: int
    actions: tuple[tuple[Action, int], ...] = ()
    score: int | None = None
    reachable: bool = True
    fewest: bool = True
    cell: str | None = None

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
    search = _Search(outlook, _worth_trying(outlook, actions), tier.threshold)
    if (
        outlook.highest_score({rule_id for action in search.actions for rule_id in action.rules})
        < tier.threshold
    ):
        return NextTier(tier, missing, reachable=False)
    chosen, fewest = search.fewest()
    if chosen is None:
        return NextTier(tier, missing, fewest=fewest)
    done = tuple((action, n) for action, n in zip(search.actions, chosen, strict=True) if n)
    return NextTier(tier, missing, done, search.score(chosen), fewest=fewest)


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


class _SearchTooLongError(Exception):
    """The search has looked at enough."""


@dataclass
class _Search:
    """Combinations of actions; a combination is how often each one is done."""

    outlook: Outlook
    actions: list[Action]
    threshold: int
    steps: int = 0
    gains: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.gains = [_largest_gain(self.outlook, action) for action in self.actions]

    def score(self, combination: Sequence[int]) -> int:
        """What the lead scores after the combination."""
        more: dict[str, int] = {}
        for action, times in zip(self.actions, combination, strict=True):
            for rule_id in action.rules if times else ():
                more[rule_id] = more.get(rule_id, 0) + times
        return self.outlook.score(more)

    def fewest(self) -> tuple[list[int] | None, bool]:
        """The combination of fewest actions, and whether that is proven."""
        greedy = self._greedily()
        most = MOST_ACTIONS if greedy is None else sum(greedy) - 1
        try:
            for actions in range(1, most + 1):
                found = self._complete([0] * len(self.actions), 0, actions)
                if found is not None:
                    return found, True
        except _SearchTooLongError:
            return greedy, False
        return greedy, True

    def _greedily(self) -> list[int] | None:
        """Always the action that helps most; None where none helps any more before the threshold."""
        chosen = [0] * len(self.actions)
        score = self.score(chosen)
        while score < self.threshold:
            tries = [[n + (i == j) for j, n in enumerate(chosen)] for i in range(len(chosen))]
            best = max(tries, key=self.score)
            if self.score(best) <= score or sum(best) > MOST_ACTIONS:
                return None
            chosen, score = best, self.score(best)
        return chosen

    def _complete(self, chosen: list[int], place: int, left: int) -> list[int] | None:
        """A combination that is enough, with so many actions more, none of them before `place`."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _SearchTooLongError
        score = self.score(chosen)
        if left == 0:
            return chosen if score >= self.threshold else None
        # Later actions never add more at a time than the one at this place.
        if place == len(chosen) or score + left * self.gains[place] < self.threshold:
            return None
        for times in range(left, -1, -1):
            attempt = [*chosen[:place], times, *chosen[place + 1 :]]
            found = self._complete(attempt, place + 1, left - times)
            if found is not None:
                return found
        return None
