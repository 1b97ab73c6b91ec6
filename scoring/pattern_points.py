"""What patterns give in each category, by looking up what their combinations of counts give."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import Category, Model, Rule
from scoring.response import rule_points
from scoring.rule_groups import RuleGroup

Ints = NDArray[np.integer[Any]]
Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lookup:
    """The points of each combination of a group of rules, shape (combinations,)."""

    group: RuleGroup
    points: Ints

    @cached_property
    def span(self) -> Span:
        """Fewest and most points."""
        return int(self.points.min(initial=0)), int(self.points.max(initial=0))


@dataclass(frozen=True, eq=False)
class CategoryPoints:
    """The points of the rules of one category, and its limits where they can be reached.

    Attributes
    ----------
    lookups : tuple of Lookup
        One for each group; their sum is what the rules give.
    low, high : int or None
        Limits. None where the rules cannot pass them, so that nothing is compared in vain.
    """

    name: str
    lookups: tuple[Lookup, ...]
    low: int | None
    high: int | None

    @classmethod
    def of(cls, category: Category, lookups: Sequence[Lookup]) -> CategoryPoints:
        """The points of a category from those of its groups."""
        lowest, highest = _added_spans([lookup.span for lookup in lookups])
        low, high = category.min_points, category.max_points
        return cls(
            category.name,
            tuple(lookups),
            low if low is not None and lowest < low else None,
            high if high is not None and high < highest else None,
        )

    @property
    def span(self) -> Span:
        """No points outside of it, neither before nor after the limits."""
        lowest, highest = _added_spans([lookup.span for lookup in self.lookups])
        limits = (self.low or 0, self.high or 0)
        return min(lowest, *limits), max(highest, *limits)

    def at(self, rows: slice) -> Ints:
        """The points of some patterns, limits applied, as a new array."""
        first, *others = self.lookups
        points = np.take(first.points, first.group.combination[rows])
        for lookup in others:
            points += np.take(lookup.points, lookup.group.combination[rows])
        return limit(points, self.low, self.high)

    def as_type(self, dtype: np.dtype[Any]) -> CategoryPoints:
        """The same with points in another type."""
        lookups = tuple(replace(lookup, points=lookup.points.astype(dtype)) for lookup in self.lookups)
        return replace(self, lookups=lookups)


def category_points(
    groups: Collection[RuleGroup], model: Model, columns: Sequence[int]
) -> list[CategoryPoints]:
    """What each category of a model gives; categories without an enabled rule give nothing and are left out.

    Parameters
    ----------
    groups : collection of RuleGroup
    model : Model
    columns : sequence of int
        The column of counts of each enabled rule of the model; rules that count the same may share one.
    """
    rules_of: dict[int, list[Rule]] = {}
    for column, rule in zip(columns, model.enabled_rules, strict=True):
        rules_of.setdefault(column, []).append(rule)
    found: dict[str, list[Lookup]] = {}
    for group in groups:
        rules = [(place, r) for place, column in enumerate(group.columns) for r in rules_of.get(column, [])]
        for name in dict.fromkeys(rule.category for _, rule in rules):
            mine = [(place, rule) for place, rule in rules if rule.category == name]
            found.setdefault(name, []).append(Lookup(group, _points(group, mine)))
    return [CategoryPoints.of(model.category(name), lookups) for name, lookups in found.items()]


def narrowest_type(parts: Collection[CategoryPoints], base_points: int) -> np.dtype[Any]:
    """The narrowest whole numbers that hold every sum on the way to a score."""
    low, high = _added_spans([part.span for part in parts])
    bound = max(-low, high) + abs(base_points)
    # Two bytes a number move half of what four move, and nearly every model's points fit.
    return np.dtype(np.int16 if bound <= np.iinfo(np.int16).max else np.int64)


def limit(points: Ints, low: int | None, high: int | None) -> Ints:
    """The points within limits, changed in place; None limits nothing."""
    if low is None and high is None:
        return points
    # With both limits it is one fast pass; comparing with a single number takes several times as long.
    widest = np.iinfo(points.dtype)
    low, high = widest.min if low is None else low, widest.max if high is None else high
    return np.clip(points, low, high, out=points)


def _points(group: RuleGroup, rules: Sequence[tuple[int, Rule]]) -> Ints:
    points = np.zeros(len(group.numbers[0]), dtype=np.int64)
    for place, rule in rules:
        # Counts repeat: what each gives is worked out once.
        points += np.take(
            rule_points(group.counts[place], rule.points, rule.max_points), group.numbers[place]
        )
    return points


def _added_spans(spans: Sequence[Span]) -> Span:
    return sum(low for low, _ in spans), sum(high for _, high in spans)
