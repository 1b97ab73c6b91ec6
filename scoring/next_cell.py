"""What would lift a lead into a cell of a higher tier, in a model whose grid decides about tiers.

The points of both categories count, each with its limits, and nothing else does. A grid in which no cell has
a lower tier than one that is worse in both grades *rises*: there more points never harm, and only actions
that add points are tried. In any other grid fewer points may lift a lead too, so every action is tried that
changes a category at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.fewest_actions import Action
from scoring.fewest_way import Goal, find_way
from scoring.grid import Grid, GridAxis, tiers_of_places
from scoring.model import Model
from scoring.next_tier import NextTier
from scoring.outlook import Outlook, RuleState

Span = tuple[int, int]

ENDLESS = 10**12
"""Beyond all points: where the best grade ends and the lowest begins."""


def find_next_cell(
    model: Model,
    grid: Grid,
    counts: Mapping[str, int],
    states: Mapping[str, RuleState],
    actions: Sequence[Action],
) -> NextTier:
    """The fewest activities that lift a lead into a cell of a higher tier than its own.

    Parameters
    ----------
    model : Model
    grid : Grid
        The model's.
    counts, states, actions
        As for `scoring.next_tier.find_next_tier`.

    Returns
    -------
    NextTier
        With `cell`, and with `next_cell` where a way was found. `tier` is None when no cell has a higher
        tier; where no way was found it is the lowest of the higher tiers that a cell has.
    """
    outlook = Outlook(model, counts, states)
    place = _place(outlook, grid, {})
    cell = grid.cell_names[place]
    ranks = tiers_of_places(grid, [tier.name for tier in model.tiers])
    better = np.flatnonzero(ranks > ranks[place]).tolist()
    if not better:
        return NextTier(None, 0, cell=cell)
    next_tier = model.tiers[int(ranks[better].min())]
    rises = _rises(ranks.reshape(grid.rows.size, grid.columns.size))
    way = find_way(_Cells(outlook, rises, grid, tuple(better)), actions)
    if way.more is None:
        return NextTier(next_tier, 0, reachable=way.reachable, fewest=way.fewest, cell=cell)
    reached = _place(outlook, grid, way.more)
    return NextTier(
        tier=model.tiers[int(ranks[reached])],
        missing_points=0,
        actions=way.actions,
        score=outlook.score(way.more),
        fewest=way.fewest,
        cell=cell,
        next_cell=grid.cell_names[reached],
    )


@dataclass(frozen=True)
class _Cells(Goal):
    """One of some cells of a grid."""

    grid: Grid
    places: tuple[int, ...]

    @cached_property
    def _boxes(self) -> list[tuple[Span, Span]]:
        """The points of rows and columns of each of the cells, ends included."""
        found = []
        for place in self.places:
            row, column = divmod(place, self.grid.columns.size)
            found.append((self._span(self.grid.rows, row), self._span(self.grid.columns, column)))
        return found

    def _span(self, axis: GridAxis, grade: int) -> Span:
        ends = [-ENDLESS, *axis.cuts, ENDLESS]
        place = axis.size - 1 - grade
        # In a grid that rises, whoever has more than a cell asks for is in one of at least its tier.
        return ends[place], ENDLESS if self.rises else ends[place + 1] - 1

    def distance(self, more: Mapping[str, int]) -> int:
        """The points of both categories together that are missing to the nearest of the cells."""
        row, column = (self.outlook.points_in(name, more) for name in self.grid.categories)
        return min(_outside(row, rows) + _outside(column, columns) for rows, columns in self._boxes)

    def is_reachable(self, rule_ids: set[str]) -> bool:
        """Whether any number of activities that match these rules could be enough, each category apart."""
        row, column = (self.outlook.span_in(name, rule_ids) for name in self.grid.categories)
        return any(_meet(row, rows) and _meet(column, columns) for rows, columns in self._boxes)

    def rules_of(self, action: Action) -> frozenset[str]:
        """The rules of an action that change a category of the grid."""
        names = self.grid.categories
        return frozenset(
            rule_id
            for rule_id in action.rules
            if self.outlook.model.rule(rule_id).category in names and any(self.outlook.steps(rule_id))
        )


def _place(outlook: Outlook, grid: Grid, more: Mapping[str, int]) -> int:
    row, column = (np.array([outlook.points_in(name, more)]) for name in grid.categories)
    return int(grid.places(row, column)[0])


def _rises(ranks: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> bool:
    return bool((np.diff(ranks, axis=0) <= 0).all() and (np.diff(ranks, axis=1) <= 0).all())


def _outside(points: int, span: Span) -> int:
    low, high = span
    return max(0, low - points, points - high)


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
