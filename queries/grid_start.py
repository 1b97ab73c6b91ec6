"""What a grid is begun from: leads by their points of two categories, over all past moments."""

from __future__ import annotations

import numpy as np

from queries.flow import Flow, Progress, silent
from scoring.errors import ScoringError
from scoring.grid_start import USUAL_GRADES, CategoryTable, GridStart, start_grid
from scoring.model import Model
from scoring.tiers import tier_indices


def propose_grid(
    flow: Flow,
    model: Model,
    rows: str,
    columns: str,
    grades: int = USUAL_GRADES,
    progress: Progress = silent,
) -> GridStart:
    """A grid of two categories to begin with; see `scoring.grid_start`.

    Parameters
    ----------
    flow : Flow
    model : Model
        Its own grid, if it has one, plays no part: sizes are those that its thresholds give.
    rows, columns : str
        Two of its categories.
    grades : int
        Of each, 2 to 10.
    progress : callable, optional

    Raises
    ------
    ScoringError
        When these are not two categories of the model, or one of them gives all leads the same points.
    QueryError
        The data lack a column that the model names.
    """
    _check_categories(model, rows, columns)
    plain = model.model_copy(update={"grid": None})
    return start_grid(plain, rows, columns, _category_table(flow, plain, rows, columns, progress), grades)


def _check_categories(model: Model, rows: str, columns: str) -> None:
    for part, name in (("rows", rows), ("columns", columns)):
        if name not in model.category_names:
            names = ", ".join(model.category_names) or "none"
            raise ScoringError(f"{part}: category must be one of {names}, got {name!r}")
    if rows == columns:
        raise ScoringError(f"rows and columns must be of two categories, got {rows!r} twice")


def _category_table(flow: Flow, model: Model, rows: str, columns: str, progress: Progress) -> CategoryTable:
    observed = flow.observed(model, None)
    patterns = flow.coded_patterns(observed, progress)
    columns_of = [
        patterns.points_in(model, rows),
        patterns.points_in(model, columns),
        tier_indices(patterns.scores(model), model),
    ]
    # One whole number for each combination: numbers are told apart much faster than rows of a table.
    keys = [column.astype(np.int64) for column in columns_of]
    lows = [int(key.min(initial=0)) for key in keys]
    spans = tuple(int(key.max(initial=0)) - low + 1 for key, low in zip(keys, lows, strict=True))
    shifted = tuple(key - low for key, low in zip(keys, lows, strict=True))
    found, place = np.unique(np.ravel_multi_index(shifted, spans), return_inverse=True)
    leads = np.bincount(place, weights=patterns.weights.leads, minlength=len(found)).astype(np.int64)
    values = np.unravel_index(found, spans)
    row_points, column_points, tiers = (
        value.astype(np.int64) + low for value, low in zip(values, lows, strict=True)
    )
    return CategoryTable(row_points, column_points, tiers, leads)
