"""From rule counts to the scores of leads, row by row: steps 5 to 7 of the semantics over whole columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import Model
from scoring.pattern_points import limit
from scoring.response import rule_points
from scoring.tiers import tier_indices

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RowScores:
    """What leads score.

    Attributes
    ----------
    categories : mapping of str to int array of shape (rows,)
        Points of each category that has an enabled rule, limits applied.
    score : int array of shape (rows,)
    place : int array of shape (rows,), optional
        Places in the model's grid; None without one.
    """

    categories: Mapping[str, IntArray]
    score: IntArray
    place: NDArray[np.int8] | None = None

    def tiers(self, model: Model) -> IntArray:
        """The index of each row's tier; `model` is the one that scored them."""
        return tier_indices(self.score, model, self.place)


def score_rows(model: Model, counts: Sequence[NDArray[np.integer[Any]]], row_count: int) -> RowScores:
    """The score of every row.

    Parameters
    ----------
    model : Model
    counts : sequence of int arrays of shape (row_count,)
        Counts of each enabled rule, in twentieths.
    row_count : int
        Needed where the model has no enabled rule.
    """
    rules = model.enabled_rules
    # A category without an enabled rule gives 0, whatever its limits.
    names = [name for name in model.category_names if any(rule.category == name for rule in rules)]
    categories = {name: np.zeros(row_count, dtype=np.int64) for name in names}
    for rule, column in zip(rules, counts, strict=True):
        categories[rule.category] += rule_points(column, rule.points, rule.max_points)
    total = np.full(row_count, model.base_points, dtype=np.int64)
    for name, points in categories.items():
        limits = model.category(name)
        total += limit(points, limits.min_points, limits.max_points)
    limit(total, model.min_score, model.max_score)
    return RowScores(categories, total, _places(model, categories, row_count))


def _places(model: Model, categories: Mapping[str, IntArray], row_count: int) -> NDArray[np.int8] | None:
    if model.grid is None:
        return None
    nothing = np.zeros(row_count, dtype=np.int64)
    row, column = (categories.get(name, nothing) for name in model.grid.categories)
    return model.grid.places(row, column)
