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
    def _categories(self) -> dict[str, list[str]]:
        """The ids of the enabled rules of each category that has any."""
        found: dict[str, list[str]] = {}
        for rule in self.model.enabled_rules:
            found.setdefault(rule.category, []).append(rule.id)
        return found

    @cached_property
    def _limits(self) -> dict[str, tuple[int | None, int | None]]:
        limits = [self.model.category(name) for name in self._categories]
        return {one.name: (one.min_points, one.max_points) for one in limits}

    def score(self, more: Mapping[str, int]) -> int:
        """The score after more matching activities, by the rule's id."""
        return self._add_up(self._changed(more))

    def points_in(self, category: str, more: Mapping[str, int]) -> int:
        """What a category gives after more matching activities, limits applied; 0 without enabled rules."""
        return self._in_category(category, self._changed(more))

    def steps(self, rule_id: str) -> list[int]:
        """What each further matching activity adds to a rule's points."""
        points = self._points[rule_id]
        return [after - before for before, after in pairwise(points)]

    def highest_score(self, rule_ids: Collection[str]) -> int:
        """However often activities match these rules, the score is not higher: each of them at its best."""
        return self._add_up({rule_id: high for rule_id, (_, high) in self._extremes(rule_ids).items()})

    def span_in(self, category: str, rule_ids: Collection[str]) -> tuple[int, int]:
        """However often activities match these rules, a category gives no less and no more than this."""
        extremes = self._extremes(rule_ids)
        low = self._in_category(category, {rule_id: span[0] for rule_id, span in extremes.items()})
        return low, self._in_category(category, {rule_id: span[1] for rule_id, span in extremes.items()})

    def _extremes(self, rule_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        found = {}
        for rule_id in rule_ids:
            rule = self.model.rule(rule_id)
            # A count never falls from the first further activity on, so the extremes are at an end.
            endless = MOST_TWENTIETHS + rule.required_count
            points = [self._after(rule, more) for more in (0, 1, endless)]
            found[rule_id] = min(points), max(points)
        return found

    def _changed(self, more: Mapping[str, int]) -> dict[str, int]:
        return {rule_id: self._points[rule_id][n] for rule_id, n in more.items()}

    def _add_up(self, changed: Mapping[str, int]) -> int:
        total = sum((self._in_category(name, changed) for name in self._categories), self.model.base_points)
        return min(max(total, self.model.min_score), self.model.max_score)

    def _in_category(self, name: str, changed: Mapping[str, int]) -> int:
        ids = self._categories.get(name)
        if ids is None:
            return 0
        points = sum(changed.get(rule_id, self._points[rule_id][0]) for rule_id in ids)
        low, high = self._limits[name]
        points = points if low is None else max(points, low)
        return points if high is None else min(points, high)

    def _after(self, rule: Rule, more: int) -> int:
        count = self.counts[rule.id]
        if more:
            count = count_after(rule, count, self.states[rule.id], more)
        return int(rule_points(np.array([count]), rule.points, rule.max_points)[0])
