"""A grid to begin with: two categories cut into grades, and the cells assigned to the tiers there are.

Nothing of it looks at outcomes, so that a back-test of the grid is no more flattered than that of thresholds.

**Grades.** Where a grade begins is chosen such that all grades hold as equal numbers of leads as the points
allow: among all cuts those with the smallest sum of squared sizes. Where no two leads have equal points these
are the quantiles (quartiles for four grades); where many leads have the same points, which quantiles cannot
part, the others share the remaining grades evenly.

**Tiers.** Cells are ranked by the average points of their row and column together. The highest tier is given
to the first of them, as many as come closest to the number of leads that the tier holds by its threshold,
then the next tier, and so on; each tier has at least one cell where there are enough. So no cell has a lower
tier than one that is worse in both grades, and tiers keep about their sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.errors import ScoringError
from scoring.grid import MOST_CUTS, Grid, GridAxis
from scoring.model import Model

Integers = NDArray[np.int64]

USUAL_GRADES = 4


@dataclass(frozen=True, eq=False)
class CategoryTable:
    """Leads by their points of two categories, limits applied, and by the tier that their score gives.

    Attributes
    ----------
    row_points, column_points, tiers, leads : int arrays of shape (n,)
        `tiers` are places in the model's, lowest first.
    """

    row_points: Integers
    column_points: Integers
    tiers: Integers
    leads: Integers


@dataclass(frozen=True, eq=False)
class GridStart:
    """A proposed grid and how many leads it puts where.

    Attributes
    ----------
    grid : Grid
    cell_leads : int array of shape (rows, columns)
        Best grades first, as in the grid.
    tier_leads, tier_leads_before : int arrays of shape (tiers,)
        Lowest tier first: by the grid, and by the thresholds.
    """

    grid: Grid
    cell_leads: Integers
    tier_leads: Integers
    tier_leads_before: Integers


def start_grid(model: Model, rows: str, columns: str, table: CategoryTable, grades: int) -> GridStart:
    """The grid to begin with; the module says how it comes about.

    Parameters
    ----------
    model : Model
    rows, columns : str
        Two categories of the model.
    table : CategoryTable
        Of these categories.
    grades : int
        Of each, 2 to 10; a category with fewer different points gets fewer.

    Raises
    ------
    ScoringError
        When a category gives all leads the same points, or there are no leads.
    """
    if not 2 <= grades <= MOST_CUTS + 1:
        raise ScoringError(f"grades must be 2 to {MOST_CUTS + 1}, got {grades}")
    row_axis = _axis(rows, table.row_points, table.leads, grades)
    column_axis = _axis(columns, table.column_points, table.leads, grades)
    at_row, at_column = row_axis.grades(table.row_points), column_axis.grades(table.column_points)
    cell_leads = np.zeros((row_axis.size, column_axis.size), dtype=np.int64)
    np.add.at(cell_leads, (at_row, at_column), table.leads)
    row_means = _means(at_row, table.row_points, table.leads, row_axis.size)
    column_means = _means(at_column, table.column_points, table.leads, column_axis.size)
    before = np.bincount(table.tiers, weights=table.leads, minlength=len(model.tiers)).astype(np.int64)
    ranked = np.argsort(-(row_means[:, None] + column_means).ravel(), kind="stable")
    tiers = assign_ranked_cells(cell_leads.ravel()[ranked], before)
    tier_of_cell = np.empty(cell_leads.size, dtype=np.int64)
    tier_of_cell[ranked] = tiers
    names = [[model.tiers[tier].name for tier in row] for row in tier_of_cell.reshape(cell_leads.shape)]
    after = np.bincount(tier_of_cell, weights=cell_leads.ravel(), minlength=len(model.tiers))
    grid = Grid(rows=row_axis, columns=column_axis, tiers=tuple(tuple(row) for row in names))
    return GridStart(grid, cell_leads, after.astype(np.int64), before)


def grade_leads(found: GridStart, part: str) -> list[int]:
    """How many leads each grade of the ``rows`` or ``columns`` has, best first."""
    leads: list[int] = found.cell_leads.sum(axis=1 if part == "rows" else 0).tolist()
    return leads


def even_cuts(points: Integers, leads: Integers, grades: int) -> tuple[int, ...]:
    """Where grades begin so that they hold as equal numbers of leads as the points allow.

    Parameters
    ----------
    points, leads : int arrays of shape (n,)
    grades : int
        At least 1.

    Returns
    -------
    tuple of int
        Rising, one fewer than grades: ``grades``, or as many as there are different points.

    Examples
    --------
    >>> even_cuts(np.arange(8), np.ones(8, dtype=np.int64), 4)
    (2, 4, 6)
    >>> even_cuts(np.array([0, 5, 10, 15]), np.array([90, 4, 3, 3]), 4)
    (5, 10, 15)
    """
    values, place = np.unique(points, return_inverse=True)
    sizes = np.bincount(place, weights=leads, minlength=len(values))
    below = np.concatenate([[0.0], np.cumsum(sizes)])
    # squares[j]: the smallest sum of squared sizes when the lowest j values are in `grade` grades.
    squares = below**2
    squares[0] = 0
    starts: list[Integers] = []
    for grade in range(2, min(grades, len(values)) + 1):
        found, start = np.full(len(below), np.inf), np.zeros(len(below), dtype=np.int64)
        for end in range(grade, len(below)):
            tried = squares[grade - 1 : end] + (below[end] - below[grade - 1 : end]) ** 2
            best = int(np.argmin(tried))
            found[end], start[end] = tried[best], best + grade - 1
        squares = found
        starts.append(start)
    cuts, end = [], len(values)
    for start in reversed(starts):
        end = int(start[end])
        cuts.append(int(values[end]))
    return tuple(reversed(cuts))


def assign_ranked_cells(cell_leads: Sequence[int] | Integers, tier_leads: Integers) -> list[int]:
    """Tiers for cells in their order, so that each tier holds about as many leads as it should.

    Parameters
    ----------
    cell_leads : sequence of int
        Best cell first.
    tier_leads : int array of shape (tiers,)
        Leads that each tier should hold, lowest tier first.

    Returns
    -------
    list of int
        For each cell the place of its tier; never rising. Every tier occurs where there are enough cells.

    Examples
    --------
    >>> assign_ranked_cells([5, 10, 20, 65], np.array([70, 24, 6]))
    [2, 1, 1, 0]
    """
    cells, tiers = len(cell_leads), len(tier_leads)
    reached = np.concatenate([[0], np.cumsum(cell_leads)])
    each = int(cells >= tiers)
    found: list[int] = []
    for tier in range(tiers - 1, 0, -1):
        wanted = tier_leads[tier:].sum()
        fewest, most = len(found) + each, cells - each * tier
        end = fewest + int(np.argmin(np.abs(reached[fewest : most + 1] - wanted)))
        found += [tier] * (end - len(found))
    return found + [0] * (cells - len(found))


def _axis(category: str, points: Integers, leads: Integers, grades: int) -> GridAxis:
    cuts = even_cuts(points, leads, grades)
    if not cuts:
        got = f"{points[0]} for every lead" if len(points) else "no leads"
        raise ScoringError(
            f"{category}: a category must give different leads different points to be graded, got {got}; "
            "choose another category, or change its rules or limits"
        )
    return GridAxis(category=category, cuts=cuts)


def _means(grades: Integers, points: Integers, leads: Integers, size: int) -> NDArray[np.float64]:
    """The average points of each grade; none is empty, since cuts are points that leads have."""
    total = np.bincount(grades, weights=points * leads, minlength=size)
    mean: NDArray[np.float64] = total / np.bincount(grades, weights=leads, minlength=size)
    return mean
