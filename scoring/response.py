"""The response table of one rule: the exact cells for any points and cap, without the leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import Cells
from scoring.grid import Grid
from scoring.model import Category, Model

COUNT_UNIT = 20
"""Counts are in twentieths."""


@dataclass(frozen=True, eq=False)
class ResponseTable:
    """Leads grouped by everything that decides their score but the points of one rule.

    Parameters
    ----------
    cells : Cells
        One row per group; its scores are those of the model without the rule and are not used.
    rest_of_category : int array, shape (n,)
        Points of the other rules in the rule's category, before its limits.
    rest : int array, shape (n,)
        Base points and the other categories, limits applied.
    count : int array, shape (n,)
        The rule's count, in twentieths.
    category : Category
        The limits of the rule's category.
    min_score, max_score : int
    grid : Grid, optional
        The model's.
    other_place : int array, shape (n,), optional
        With a grid, the place in it with the rule's category in its best grade.
    """

    cells: Cells
    rest_of_category: NDArray[np.integer[Any]]
    rest: NDArray[np.integer[Any]]
    count: NDArray[np.integer[Any]]
    category: Category
    min_score: int
    max_score: int
    grid: Grid | None = None
    other_place: NDArray[np.integer[Any]] | None = None

    def at(self, points: int, max_points: int | None) -> Cells:
        """The cells of the model in which the rule has these points and this cap.

        Rows with equal keys repeat; every figure adds them up.
        """
        own = self.rest_of_category + rule_points(self.count, points, max_points)
        own = _clipped(own, self.category.min_points, self.category.max_points)
        score = np.clip(self.rest + own, self.min_score, self.max_score)
        if self.grid is None or self.other_place is None:
            return replace(self.cells, score=score)
        place = self.grid.places_where_one_varies(self.category.name, own, self.other_place)
        return replace(self.cells, score=score, place=place)


def without_rule(model: Model, rule_id: str) -> tuple[Model, Category]:
    """The model without a rule and without the limits of the rule's category, and those limits."""
    category = model.category(model.rule(rule_id).category)
    return model.model_copy(
        update={
            "rules": tuple(rule for rule in model.rules if rule.id != rule_id),
            "categories": tuple(listed for listed in model.categories if listed.name != category.name),
        }
    ), category


def rule_points(count: NDArray[np.integer[Any]], points: int, max_points: int | None) -> NDArray[np.int64]:
    """What a rule gives for its counts (twentieths): whole points, halves away from zero; shape kept."""
    given = count.astype(np.int64) * abs(points)
    if max_points is not None:
        given = np.minimum(given, max_points * COUNT_UNIT)
    whole = (given + COUNT_UNIT // 2) // COUNT_UNIT
    return whole if points >= 0 else -whole


def _clipped(points: NDArray[np.int64], lowest: int | None, highest: int | None) -> NDArray[np.int64]:
    return points if lowest is None and highest is None else np.clip(points, lowest, highest)
