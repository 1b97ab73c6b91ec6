"""What a lead would score after more activities of its own, right now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scoring.model import Model, Rule
from scoring.response import rule_points
from scoring.rule_counts import MOST_TWENTIETHS, TWENTIETHS, most_twentieths

MOST_ACTIONS = 20
"""Longer lists of things to do are no advice."""

FRESH = 1000
"""The decay factor of an activity that happens now, in thousandths."""


@dataclass(frozen=True)
class RuleState:
    """What a rule on the lead's own activities sees now.

    Attributes
    ----------
    matches : int
        Activities that match.
    thousandths : int
        The sum of their decay factors.
    """

    matches: int = 0
    thousandths: int = 0


def count_after(rule: Rule, count: int, state: RuleState, more: int) -> int:
    """The count of a rule on own activities after some more matching activities right now.

    Parameters
    ----------
    rule : Rule
    count : int
        Its count now, in twentieths.
    state : RuleState
    more : int
        At least 0.

    Returns
    -------
    int
        Twentieths.
    """
    if more == 0:
        return count
    if rule.counting == "absent" or state.matches + more < rule.required_count:
        return 0
    if rule.counting == "once":
        return TWENTIETHS
    return min((state.thousandths + more * FRESH + 25) // 50, most_twentieths(rule))


@dataclass(frozen=True)
class Outlook:
    """What the lead's rules would give after more activities."""

    model: Model
    counts: Mapping[str, int]
    states: Mapping[str, RuleState]

    @cached_property
    def _points(self) -> dict[str, list[int]]:
        """By the rule's id: its points after 0, 1, ... more matching activities."""
        return {
            rule.id: [self._after(rule, more) for more in range(MOST_ACTIONS + 1)]
            if rule.id in self.states
            else [self._after(rule, 0)]
            for rule in self.model.enabled_rules
        }

    @cached_property
    def _categories(self) -> list[tuple[list[str], int | None, int | None]]:
        rules = self.model.enabled_rules
        found = []
        for name in self.model.category_names:
            ids = [rule.id for rule in rules if rule.category == name]
            limits = self.model.category(name)
            if ids:
                found.append((ids, limits.min_points, limits.max_points))
        return found

    def score(self, more: Mapping[str, int]) -> int:
        """The score after more matching activities, by the rule's id."""
        return self._add_up({rule_id: self._points[rule_id][n] for rule_id, n in more.items()})

    def steps(self, rule_id: str) -> list[int]:
        """What each further matching activity adds to a rule's points."""
        points = self._points[rule_id]
        return [after - before for before, after in pairwise(points)]

    def highest_score(self, rule_ids: Collection[str]) -> int:
        """However often activities match these rules, the score is not higher: each of them at its best."""
        best = {}
        for rule_id in rule_ids:
            rule = self.model.rule(rule_id)
            # A count never falls from the first further activity on, so the best is at an end.
            endless = MOST_TWENTIETHS + rule.required_count
            best[rule_id] = max(self._after(rule, more) for more in (0, 1, endless))
        return self._add_up(best)

    def _add_up(self, changed: Mapping[str, int]) -> int:
        total = self.model.base_points
        for ids, low, high in self._categories:
            points = sum(changed.get(rule_id, self._points[rule_id][0]) for rule_id in ids)
            points = points if low is None else max(points, low)
            total += points if high is None else min(points, high)
        return min(max(total, self.model.min_score), self.model.max_score)

    def _after(self, rule: Rule, more: int) -> int:
        count = self.counts[rule.id]
        if more:
            count = count_after(rule, count, self.states[rule.id], more)
        return int(rule_points(np.array([count]), rule.points, rule.max_points)[0])
