"""One grade more or fewer in a grid: one is split, which changes nothing, or goes to the one below it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from scoring.errors import ModelError
from scoring.grid import MOST_CUTS, Grid, GridAxis

Part = Literal["rows", "columns"]


def with_grade(grid: Grid, part: Part, points: int | None) -> Grid:
    """The grid with one more grade, which begins at some points; its cells are those of the one it came from.

    So no lead changes its tier before a cell is assigned otherwise.

    Raises
    ------
    ModelError
        Without points, where a grade begins there already, or beyond ten grades.
    """
    axis: GridAxis = getattr(grid, part)
    if points is None:
        raise ModelError(f"the new grade of {axis.category!r} must begin at some points, got none")
    if points in axis.cuts:
        raise ModelError(f"the new grade of {axis.category!r} must begin where no other does, got {points}")
    if len(axis.cuts) == MOST_CUTS:
        raise ModelError(f"{axis.category!r} must have at most {MOST_CUTS + 1} grades")
    split = int(axis.grades(np.array([points]))[0])
    labels = None if axis.labels is None else list(axis.labels)
    if labels is not None:
        labels.insert(split, _free(f"{labels[split]} +", labels))
    cuts = tuple(sorted((*axis.cuts, points)))
    order = [grade - (grade > split) for grade in range(axis.size + 1)]
    return _with_axis(grid, part, axis, cuts, labels, order)


def without_grade(grid: Grid, part: Part, place: int) -> Grid:
    """The grid without the grade that begins at a cut, the lowest being 0; its leads go to the grade below.

    Raises
    ------
    ModelError
        For the only cut: two grades are left then.
    """
    axis: GridAxis = getattr(grid, part)
    if len(axis.cuts) == 1:
        raise ModelError(f"{axis.category!r} must keep two grades")
    gone = len(axis.cuts) - 1 - place
    order = [grade for grade in range(axis.size) if grade != gone]
    labels = None if axis.labels is None else [axis.labels[grade] for grade in order]
    cuts = tuple(cut for number, cut in enumerate(axis.cuts) if number != place)
    return _with_axis(grid, part, axis, cuts, labels, order)


def _with_axis(
    grid: Grid, part: Part, axis: GridAxis, cuts: tuple[int, ...], labels: list[str] | None, order: list[int]
) -> Grid:
    """The grid whose grades of one axis are those of `order` in the one before."""
    named = None if labels is None else tuple(labels)
    changed = axis.model_copy(update={"cuts": cuts, "labels": named})
    tiers: Any
    if part == "rows":
        tiers = tuple(grid.tiers[grade] for grade in order)
    else:
        tiers = tuple(tuple(row[grade] for grade in order) for row in grid.tiers)
    return grid.model_copy(update={part: changed, "tiers": tiers})


def _free(label: str, taken: list[str]) -> str:
    while label in taken:
        label += "+"
    return label
