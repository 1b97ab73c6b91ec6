"""Tiers as a grid: two categories cut into grades, and each cell where they meet assigned to a tier.

The usual grid is fit by engagement: rows A to D say who a lead is, columns 1 to 4 what it does, and A1 is the
best of both. Grades are listed best first, as the grid is read; cuts rise, as points do.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from string import ascii_uppercase
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from scoring.errors import ScoringError
from scoring.model_parts import Name, Points, Value, require, require_unique

Ints = NDArray[np.integer[Any]]

MOST_CUTS = 9
"""Ten grades: a hundred cells are more than anybody agrees on, and a cell's place fits into eight bits."""


class GridAxis(Value):
    """A category, cut into grades."""

    category: Name
    cuts: Annotated[tuple[Points, ...], Field(min_length=1, max_length=MOST_CUTS)]
    labels: tuple[Name, ...] | None = None

    @model_validator(mode="after")
    def _grades_fit_cuts(self) -> GridAxis:
        for lower, higher in pairwise(self.cuts):
            require(higher > lower, f"cuts must rise, got {higher} after {lower}")
        if self.labels is not None:
            message = f"labels must be {self.size}, one more than there are cuts"
            require(len(self.labels) == self.size, f"{message}, got {len(self.labels)}")
            require_unique("labels", self.labels)
        return self

    @property
    def size(self) -> int:
        """The number of grades."""
        return len(self.cuts) + 1

    def grades(self, points: Ints) -> NDArray[np.int64]:
        """For each number of points its grade, 0 the best; shape as given."""
        return len(self.cuts) - np.searchsorted(np.array(self.cuts), points, side="right")

    def span_words(self, grade: int) -> str:
        """The points of a grade: ``from 30``, ``10 to 29``, ``below 10``."""
        if grade == 0:
            return f"from {self.cuts[-1]}"
        end = self.cuts[len(self.cuts) - grade]
        if grade == len(self.cuts):
            return f"below {end}"
        start = self.cuts[len(self.cuts) - grade - 1]
        return f"{start} to {end - 1}" if end - 1 > start else f"{start}"


class Grid(Value):
    """Which tier each pair of grades is assigned to.

    Parameters
    ----------
    rows, columns : GridAxis
        Of different categories.
    tiers : tuple of tuple of str
        Names of tiers: for each row, best first, one for each column, best first.
    """

    rows: GridAxis
    columns: GridAxis
    tiers: tuple[tuple[Name, ...], ...]

    @model_validator(mode="after")
    def _tiers_fill_the_grid(self) -> Grid:
        both = self.rows.category
        message = f"rows and columns must be of two categories, got {both!r} twice"
        require(self.columns.category != both, message)
        message = f"tiers must have {self.rows.size} rows, one for each of {', '.join(self.row_labels)}"
        require(len(self.tiers) == self.rows.size, f"{message}, got {len(self.tiers)}")
        for label, row in zip(self.row_labels, self.tiers, strict=True):
            named = f"{self.columns.size} tiers, one for each of {', '.join(self.column_labels)}"
            message = f"tiers: row {label!r} must name {named}, got {len(row)}"
            require(len(row) == self.columns.size, message)
        return self

    @property
    def row_labels(self) -> tuple[str, ...]:
        """Names of the rows, best first: A, B, C, ... where none are given."""
        return self.rows.labels or tuple(ascii_uppercase[: self.rows.size])

    @property
    def column_labels(self) -> tuple[str, ...]:
        """Names of the columns, best first: 1, 2, 3, ... where none are given."""
        return self.columns.labels or tuple(str(place + 1) for place in range(self.columns.size))

    @property
    def categories(self) -> tuple[str, str]:
        """Those of the rows and of the columns."""
        return self.rows.category, self.columns.category

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.rows.size * self.columns.size

    @property
    def cell_names(self) -> tuple[str, ...]:
        """The name of each place, row by row: ``A1``, ``A2``, ..."""
        gap = "" if all(len(label) == 1 for label in self.row_labels) else " / "
        return tuple(f"{row}{gap}{column}" for row in self.row_labels for column in self.column_labels)

    @property
    def tier_of_place(self) -> tuple[str, ...]:
        """The tier of each place, row by row."""
        return tuple(tier for row in self.tiers for tier in row)

    def cells_of(self, tier: str) -> tuple[str, ...]:
        """The names of the cells that are assigned to a tier, row by row; none for a tier without a cell."""
        cells = zip(self.cell_names, self.tier_of_place, strict=True)
        return tuple(cell for cell, name in cells if name == tier)

    def places(self, row_points: Ints, column_points: Ints) -> NDArray[np.int8]:
        """The place of each lead, row by row from 0, the best of both; shape as given.

        Parameters
        ----------
        row_points, column_points : int arrays of one shape
            Points of the two categories, limits applied; 0 for one that has no enabled rule.
        """
        return self.places_of_grades(self.rows.grades(row_points), self.columns.grades(column_points))

    def places_of_grades(self, row: Ints, column: Ints) -> NDArray[np.int8]:
        """The place of each pair of grades; shape as given."""
        return (row * self.columns.size + column).astype(np.int8)

    def places_where_one_varies(self, category: str, points: Ints, others: Ints) -> NDArray[np.int8]:
        """The places when one category's points change.

        Parameters
        ----------
        category : str
            Of the rows, of the columns, or any other, which changes no place.
        points : int array
            Its points, limits applied.
        others : int array
            The places with that category in its best grade.
        """
        if category == self.rows.category:
            others = others + self.rows.grades(points) * self.columns.size
        elif category == self.columns.category:
            others = others + self.columns.grades(points)
        return others.astype(np.int8)

    def with_tier(self, place: int, tier: str) -> Grid:
        """The grid with another tier in one cell."""
        row, column = divmod(place, self.columns.size)
        tiers = [list(names) for names in self.tiers]
        tiers[row][column] = tier
        return Grid(rows=self.rows, columns=self.columns, tiers=tuple(map(tuple, tiers)))

    def check_names(self, tiers: Collection[str], categories: Collection[str]) -> None:
        """See that tiers and categories are the model's; ValueError names the place that is not."""
        for part, axis in (("rows", self.rows), ("columns", self.columns)):
            message = f"grid: {part}: category must be one of {', '.join(categories) or 'none'}"
            require(axis.category in categories, f"{message}, got {axis.category!r}")
        for cell, tier in zip(self.cell_names, self.tier_of_place, strict=True):
            message = f"grid: tiers: cell {cell} must be one of {', '.join(tiers)}, got {tier!r}"
            require(tier in tiers, message)


def tiers_of_places(grid: Grid, names: Collection[str]) -> NDArray[np.int64]:
    """For each place the index of its tier among the model's names, shape (places,)."""
    index = {name: number for number, name in enumerate(names)}
    try:
        return np.array([index[tier] for tier in grid.tier_of_place], dtype=np.int64)
    except KeyError as error:
        raise ScoringError(f"grid: a cell's tier must be one of {', '.join(names)}, got {error}") from None
