"""From the starting points to one lead's score, step by step; the steps add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scoring.grid import Grid
from scoring.model import Category, Model, Rule
from scoring.response import rule_points

StepKind = Literal["base", "rule", "category_limit", "score_limit"]


@dataclass(frozen=True)
class Step:
    """One step of a waterfall.

    Attributes
    ----------
    kind : str
        ``base``, ``rule``, ``category_limit`` or ``score_limit``.
    name : str
        The id of a rule, the name of a category; empty for the others.
    label : str
        As shown.
    category : str or None
    points : int
        What the step adds or takes away.
    total : int
        The sum of the points up to and including this step.
    count : int or None
        Of a rule, in twentieths.
    cap : int or None
        Of a rule, the most that it may give or take away.
    uncapped : int or None
        Of a rule, what it would give without its cap.
    """

    kind: StepKind
    name: str
    label: str
    category: str | None
    points: int
    total: int
    count: int | None = None
    cap: int | None = None
    uncapped: int | None = None

    @property
    def is_capped(self) -> bool:
        """Whether the rule's cap cuts it."""
        return self.uncapped is not None and self.uncapped != self.points


@dataclass(frozen=True)
class Waterfall:
    """The way to one score.

    Attributes
    ----------
    steps : tuple of Step
        The starting points, then category by category its rules and what its limits take away or add, then
        what the limits of the score do. Limits that change nothing are no step.
    score : int
        The sum of all steps.
    """

    steps: tuple[Step, ...]
    score: int

    @property
    def rules(self) -> dict[str, Step]:
        """The steps of the rules by their id."""
        return {step.name: step for step in self.steps if step.kind == "rule"}

    def points_in(self, category: str) -> int:
        """What a category gives, its limits applied."""
        return sum(step.points for step in self.steps if step.category == category)

    def place(self, grid: Grid) -> int:
        """The lead's place in the model's grid."""
        row, column = (np.array([self.points_in(name)]) for name in grid.categories)
        return int(grid.places(row, column)[0])


def compute_waterfall(model: Model, counts: Mapping[str, int]) -> Waterfall:
    """The steps from the starting points to a score.

    Parameters
    ----------
    model : Model
    counts : mapping
        The count of every enabled rule by its id, in twentieths.

    Examples
    --------
    >>> from scoring.model import Conversion, Tier
    >>> visit = Rule(id="visit", category="web", source="activity", points=5)
    >>> model = Model(schema_version=1, name="m", conversion=Conversion(stages=("won",), horizon_days=90),
    ...     tiers=(Tier(name="all", threshold=0),), max_score=12, rules=(visit,))
    >>> [(step.kind, step.points) for step in compute_waterfall(model, {"visit": 60}).steps]
    [('base', 0), ('rule', 15), ('score_limit', -3)]
    """
    return add_up(_unadded(model, counts), model.min_score, model.max_score)


def add_up(unadded: Iterable[Step], min_score: int, max_score: int) -> Waterfall:
    """The waterfall of these steps, each with its total now, and what the limits of the score do."""
    steps: list[Step] = []
    total = 0
    for step in unadded:
        total += step.points
        steps.append(replace(step, total=total))
    clipped = min(max(total, min_score), max_score)
    if clipped != total:
        label = "Highest score" if clipped < total else "Lowest score"
        steps.append(Step("score_limit", "", f"{label} {clipped}", None, clipped - total, clipped))
    return Waterfall(tuple(steps), clipped)


def _unadded(model: Model, counts: Mapping[str, int]) -> Iterator[Step]:
    """The steps before the limits of the score, without their totals."""
    yield Step("base", "", "Starting points", None, model.base_points, 0)
    for name in model.category_names:
        steps = [_rule_step(rule, counts[rule.id]) for rule in model.enabled_rules if rule.category == name]
        if steps:
            yield from steps
            yield from _limit_step(model.category(name), sum(step.points for step in steps))


def _rule_step(rule: Rule, count: int) -> Step:
    points, uncapped = (
        int(rule_points(np.array([count]), rule.points, cap)[0]) for cap in (rule.max_points, None)
    )
    return Step("rule", rule.id, rule.shown_label, rule.category, points, 0, count, rule.max_points, uncapped)


def _limit_step(category: Category, points: int) -> Iterator[Step]:
    low, high = category.min_points, category.max_points
    limited = points if low is None else max(points, low)
    limited = limited if high is None else min(limited, high)
    if limited != points:
        word = "at most" if limited < points else "at least"
        label = f"{category.name}: {word} {limited}"
        yield Step("category_limit", category.name, label, category.name, limited - points, 0)
