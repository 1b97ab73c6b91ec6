"""The fewest activities that reach something: every combination that could is tried, fewest first.

An action is one more activity, right now, of a kind that the data know: it counts for every rule that such an
activity matches, and it ends the silence that a rule on absence sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scoring.outlook import MOST_ACTIONS

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


def activities_by_rule(actions: Sequence[Action], combination: Sequence[int]) -> dict[str, int]:
    """How many more activities each rule sees when every action is done so often."""
    more: dict[str, int] = {}
    for action, times in zip(actions, combination, strict=True):
        for rule_id in action.rules if times else ():
            more[rule_id] = more.get(rule_id, 0) + times
    return more


class _SearchTooLongError(Exception):
    """The search has looked at enough."""


@dataclass
class FewestActions:
    """The search; a combination is how often each action is done.

    Attributes
    ----------
    actions : sequence of Action
    gains : sequence of int
        For each action, never rising: one more of it brings the goal nearer by no more than this, whatever
        was done before.
    distance : callable
        How far the goal is after more activities by rule; reached at 0 or below.
    steps : int
        Combinations looked at so far.
    """

    actions: Sequence[Action]
    gains: Sequence[int]
    distance: Callable[[Mapping[str, int]], int]
    steps: int = 0

    def find(self) -> tuple[list[int] | None, bool]:
        """The combination of fewest actions, None for none found, and whether that is proven."""
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

    def _left(self, combination: Sequence[int]) -> int:
        return self.distance(activities_by_rule(self.actions, combination))

    def _greedily(self) -> list[int] | None:
        """Always the action that helps most; None where none helps any more before the goal."""
        chosen = [0] * len(self.actions)
        left = self._left(chosen)
        while left > 0:
            if sum(chosen) == MOST_ACTIONS:
                return None
            tries = [[n + (i == j) for j, n in enumerate(chosen)] for i in range(len(chosen))]
            best = min(tries, key=self._left)
            if self._left(best) >= left:
                return None
            chosen, left = best, self._left(best)
        return chosen

    def _complete(self, chosen: list[int], place: int, more: int) -> list[int] | None:
        """A combination that is enough, with so many actions more, none of them before `place`."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _SearchTooLongError
        left = self._left(chosen)
        if more == 0:
            return chosen if left <= 0 else None
        # Later actions never bring the goal nearer at a time than the one at this place.
        if place == len(chosen) or left > more * self.gains[place]:
            return None
        for times in range(more, -1, -1):
            attempt = [*chosen[:place], times, *chosen[place + 1 :]]
            found = self._complete(attempt, place + 1, more - times)
            if found is not None:
                return found
        return None
