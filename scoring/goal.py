"""How good scores are at a goal, period by period: wins caught by what sales works, or the order of leads.

Leads are compared within their period only. A score that knows good periods from bad ones would look well
otherwise, and what was found for one period could not be judged beside what was found for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.cells import Cells
from scoring.response import ResponseTable
from scoring.statistics import FloatArray
from scoring.suggestion import Goal

Choice = tuple[int, int | None]
"""Points and cap of a rule."""


@dataclass(frozen=True, eq=False)
class Offer:
    """Leads of some periods, and how many of the best of each are worked.

    Parameters
    ----------
    periods : tuple of str
    rooms : float array, shape (periods,)
    """

    periods: tuple[str, ...]
    rooms: FloatArray

    def only(self, periods: Sequence[str]) -> Offer:
        """Some of the periods."""
        kept = [place for place, label in enumerate(self.periods) if label in periods]
        return Offer(tuple(self.periods[place] for place in kept), self.rooms[kept])

    def rows(self, cells: Cells) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which rows are mature leads of the periods, and the place of each one's period (-1 for others)."""
        place_of = {label: place for place, label in enumerate(self.periods)}
        number = np.array([place_of.get(label, -1) for label in cells.periods], dtype=np.int64)
        period = number[cells.period]
        return cells.mature & (period >= 0), period


def goal_value(goal: Goal, won: FloatArray, others: FloatArray, rooms: FloatArray) -> float | None:
    """The goal's figure.

    Parameters
    ----------
    goal : Goal
    won, others : float array, shape (periods, scores)
        Leads that converted and those that did not, by rising score.
    rooms : float array, shape (periods,)

    Returns
    -------
    float or None
        Share of the wins among the best of each period (leads that share the score at which the room ends
        are taken in proportion); or share of the pairs of one period that stand in the right order, ties one
        half. None without a win, or without a pair.
    """
    if goal is Goal.WINS:
        return _divide(float((won * worked_shares(won + others, rooms)).sum()), float(won.sum()))
    below = np.cumsum(others, axis=1) - others / 2
    return _divide(float((won * below).sum()), float(won.sum(axis=1) @ others.sum(axis=1)))


def worked_shares(leads: FloatArray, rooms: FloatArray) -> FloatArray:
    """The share of the leads of each score that is worked, shape (periods, scores)."""
    above = np.cumsum(leads[:, ::-1], axis=1)[:, ::-1] - leads
    places = np.divide(rooms[:, None] - above, leads, out=np.zeros(leads.shape), where=leads > 0)
    return np.clip(places, 0.0, 1.0)


def value_of(cells: Cells, offer: Offer, goal: Goal, min_score: int, max_score: int) -> float | None:
    """The goal's figure of scored leads."""
    rows, period = offer.rows(cells)
    shape = (2, len(offer.periods), max_score - min_score + 1)
    place = (cells.converted[rows] * shape[1] + period[rows]) * shape[2] + (cells.score[rows] - min_score)
    counts = np.bincount(place, cells.leads[rows], int(np.prod(shape)))
    others, won = counts.astype(np.float64, copy=False).reshape(shape)
    return goal_value(goal, won, others, offer.rooms)


def values_of_choices(
    table: ResponseTable, offer: Offer, goal: Goal, choices: Sequence[Choice]
) -> list[float | None]:
    """The goal's figure for each choice of points and cap of the table's rule.

    Only the rows that the rule fires for are scored again.
    """
    rows, period = offer.rows(table.cells)
    shape = (2, len(offer.periods), table.max_score - table.min_score + 1)
    start = (table.cells.converted * shape[1] + period) * shape[2] - table.min_score
    fires = table.count > 0
    size = int(np.prod(shape))
    still, moving = np.flatnonzero(rows & ~fires), np.flatnonzero(rows & fires)
    silent = only_rows(table, still).at(0, None)
    fixed = np.bincount(start[still] + silent.score, silent.leads, size)
    part, begins = only_rows(table, moving), start[moving]
    values = []
    for points, max_points in choices:
        scored = part.at(points, max_points)
        counts = fixed + np.bincount(begins + scored.score, scored.leads, size)
        others, won = counts.astype(np.float64, copy=False).reshape(shape)
        values.append(goal_value(goal, won, others, offer.rooms))
    return values


def only_rows(table: ResponseTable, rows: NDArray[np.intp]) -> ResponseTable:
    """Some rows of a response table; labels stay."""
    names = ("segment", "period", "score", "mature", "converted", "leads", "amount")
    cells = replace(table.cells, **{name: getattr(table.cells, name)[rows] for name in names})
    return replace(
        table,
        grid=None,  # a goal looks at scores alone
        cells=cells,
        rest_of_category=table.rest_of_category[rows],
        rest=table.rest[rows],
        count=table.count[rows],
    )


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None
