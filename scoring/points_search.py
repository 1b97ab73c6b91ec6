"""The search for better points: one rule at a time, each time the change that gains most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scoring.goal import Offer, values_of_choices
from scoring.model import Model, Rule
from scoring.response import ResponseTable
from scoring.suggestion import Aim, cap_for, with_points

TableOf = Callable[[Model, str], ResponseTable]
"""The response table of an enabled rule in a model."""

Tried = Callable[[Rule], Sequence[int]]
"""The points that are tried for a rule."""

EVEN = 1e-12
"""Values that differ by less are equal: the same leads added up in another order."""


@dataclass(frozen=True)
class Step:
    """One rule's points, and the goal's figure with them and with all steps before."""

    rule: str
    points: int
    value: float


@dataclass(frozen=True)
class Found:
    """What a search came to.

    Parameters
    ----------
    start : mapping of rule id to int
        Points that were set before the first step.
    steps : tuple of Step
    alone : mapping of rule id to int
        Each rule's best points when nothing else changes; those it has where others gain too little.
    value_now : float or None
        The goal's figure before any step; None when there is nothing to measure.
    """

    start: Mapping[str, int]
    steps: tuple[Step, ...]
    alone: Mapping[str, int]
    value_now: float | None

    @property
    def points(self) -> dict[str, int]:
        """The points of every rule that was changed, first changed first."""
        return {**self.start, **{step.rule: step.points for step in self.steps}}

    @property
    def value(self) -> float | None:
        """The goal's figure after the last step."""
        return self.steps[-1].value if self.steps else self.value_now


def search_points(model: Model, table_of: TableOf, offer: Offer, aim: Aim, tried: Tried) -> Found:
    """Take the best single change, again and again, until one gains too little.

    Parameters
    ----------
    model : Model
        What is changed. Rules whose points lie outside their limits are moved there first, and count as
        changes.
    table_of : callable
    offer : Offer
        The leads that are looked at, and no others.
    aim : Aim
        At most so many rules are changed. A rule may be changed again, which costs no further change.
    tried : callable

    Notes
    -----
    Coordinate ascent. Each value is exact, from every lead that is looked at; the end is a point from which
    no single change gains enough, which need not be the best of all. Of equal values the one nearest to the
    present points is taken, of equal rules the first.
    """
    start = outside_limits(model, aim)
    points = dict(start)
    steps: list[Step] = []
    alone: dict[str, int] = {}
    value_now: float | None = None
    value = 0.0
    while True:
        current = with_points(model, points)
        best: Step | None = None
        for rule in model.enabled_rules:
            if len(points) >= aim.most_changes and rule.id not in points:
                continue
            present = points.get(rule.id, rule.points)
            choices = [present, *(one for one in tried(rule) if one != present)]
            # The cap is always that of the model's own rule, so that changing twice is the same as once.
            caps = [(one, cap_for(rule, one)) for one in choices]
            values = values_of_choices(table_of(current, rule.id), offer, aim.goal, caps)
            if values[0] is None:
                return Found(start, (), {each.id: each.points for each in model.enabled_rules}, None)
            step = _best(rule, choices, values, aim.smallest_gain)
            if value_now is None:
                value_now = value = values[0]
            enough = step.value - value >= aim.smallest_gain - EVEN
            if not steps:
                alone[rule.id] = step.points if enough else present
            if enough and (best is None or step.value > best.value + EVEN):
                best = step
        if best is None:
            return Found(start, tuple(steps), alone, value_now)
        steps.append(best)
        points[best.rule] = best.points
        value = best.value


def outside_limits(model: Model, aim: Aim) -> dict[str, int]:
    """The nearest allowed points of each enabled rule whose own are not allowed."""
    allowed = {rule.id: aim.limits_of(model, rule).nearest(rule.points) for rule in model.enabled_rules}
    return {rule.id: allowed[rule.id] for rule in model.enabled_rules if allowed[rule.id] != rule.points}


def _best(rule: Rule, choices: Sequence[int], values: Sequence[float | None], indifferent: float) -> Step:
    known = [(one, value) for one, value in zip(choices, values, strict=True) if value is not None]
    most = max(value for _, value in known)
    # A rule that can go is worth more than the last bit of gain: fewer rules are easier to explain.
    gone = [pair for pair in known if pair[0] == 0 and pair[1] > most - indifferent + EVEN]
    as_good = gone or [pair for pair in known if pair[1] >= most - EVEN]
    points, value = min(as_good, key=lambda pair: (abs(pair[0] - rule.points), pair[0]))
    return Step(rule.id, points, value)
