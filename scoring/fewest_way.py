"""The fewest actions that bring a lead to a goal: which of them can help, and whether they can be enough."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.fewest_actions import Action, FewestActions, activities_by_rule
from scoring.outlook import Outlook


@dataclass(frozen=True)
class Goal(ABC):
    """Where a lead is to come to.

    Attributes
    ----------
    outlook : Outlook
    rises : bool
        Whether more points never harm. Then only actions that add points help; else all that change any do.
    """

    outlook: Outlook
    rises: bool

    @abstractmethod
    def distance(self, more: Mapping[str, int]) -> int:
        """The points that are missing after more activities by rule; reached at 0 or below."""

    @abstractmethod
    def is_reachable(self, rule_ids: set[str]) -> bool:
        """False when no number of activities that match these rules is enough."""

    def rules_of(self, action: Action) -> frozenset[str]:
        """The rules of an action that the goal depends on."""
        return action.rules

    def worth_trying(self, actions: Sequence[Action]) -> list[Action]:
        """The actions that can help, those that change most at a time first, none that another replaces."""
        helpful = [action for action in actions if self.largest_gain(action) > 0]
        best = [one for one in helpful if not any(self._replaces(other, one) for other in helpful)]
        return sorted(best, key=lambda action: (-self.largest_gain(action), action.label))

    def largest_gain(self, action: Action) -> int:
        """One more of the action never brings the goal nearer by more than this; limits only take away."""
        gain = 0
        for rule_id in self.rules_of(action):
            steps = self.outlook.steps(rule_id)
            gain += max(0, *steps) if self.rises else max(map(abs, steps))
        return gain

    def _replaces(self, other: Action, one: Action) -> bool:
        """Whether another action does all that one does, and what it does besides never harms."""
        mine, others = self.rules_of(one), self.rules_of(other)
        if other == one or not mine <= others:
            return False
        if mine == others:
            return (other.label, sorted(other.rules)) < (one.label, sorted(one.rules))
        return self.rises and all(min(self.outlook.steps(rule_id)) >= 0 for rule_id in others - mine)


@dataclass(frozen=True)
class Way:
    """What was found.

    Attributes
    ----------
    actions : tuple of (Action, int)
        What to do and how often; empty when nothing was found.
    more : mapping or None
        The activities that are more then, by rule; None when nothing was found.
    reachable, fewest : bool
        As in `scoring.next_tier.NextTier`.
    """

    actions: tuple[tuple[Action, int], ...] = ()
    more: Mapping[str, int] | None = None
    reachable: bool = True
    fewest: bool = True


def find_way(goal: Goal, actions: Sequence[Action]) -> Way:
    """The fewest of these actions that reach a goal, or that none do."""
    helpful = goal.worth_trying(actions)
    if not goal.is_reachable({rule_id for action in helpful for rule_id in action.rules}):
        return Way(reachable=False)
    search = FewestActions(helpful, [goal.largest_gain(action) for action in helpful], goal.distance)
    chosen, fewest = search.find()
    if chosen is None:
        return Way(fewest=fewest)
    done = tuple((action, n) for action, n in zip(helpful, chosen, strict=True) if n)
    return Way(done, activities_by_rule(helpful, chosen), fewest=fewest)
