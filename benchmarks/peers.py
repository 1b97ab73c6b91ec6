"""The same cells from the same patterns, in pandas and polars, and the bytes that all of them must read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from scoring.cells import Cells
from scoring.model import Category, Model

KEYS = ("segment", "period", "score", "mature", "converted")
SUMS = ("leads", "amount")
COUNT_UNIT = 20

polars: Any = import_module("polars") if find_spec("polars") else None
"""The library where it is installed; the program does not need it."""

NO_POLARS = "polars is not installed: no comparison with it"

Numbers = npt.NDArray[np.int64]


def pandas_cells(frame: pd.DataFrame, model: Model) -> pd.DataFrame:
    """One row per cell, from a frame of patterns; columns of ``cells.sql``."""
    total: Any = model.base_points
    for category, rules in _rules_by_category(model):
        points: Any = 0
        for place, rule in rules:
            # 32 bits hold any count times any points, and are what somebody in a hurry would use.
            given = frame[f"count_{place}"].astype("int32") * abs(rule.points)
            if rule.max_points is not None:
                given = given.clip(upper=rule.max_points * COUNT_UNIT)
            points = points + np.sign(rule.points) * ((given + COUNT_UNIT // 2) // COUNT_UNIT)
        total = total + points.clip(category.min_points, category.max_points)
    score = total.clip(model.min_score, model.max_score).rename("score")
    keys = [score if key == "score" else frame[key] for key in KEYS]
    return frame[list(SUMS)].groupby(keys, sort=False).sum().reset_index()


def polars_cells(frame: Any, model: Model) -> Any:
    """The same from a polars frame, through its lazy engine."""
    total: Any = polars.lit(model.base_points, polars.Int32)
    for category, rules in _rules_by_category(model):
        points: Any = polars.lit(0, polars.Int32)
        for place, rule in rules:
            given = polars.col(f"count_{place}").cast(polars.Int32) * abs(rule.points)
            if rule.max_points is not None:
                given = given.clip(upper_bound=rule.max_points * COUNT_UNIT)
            whole = (given + COUNT_UNIT // 2) // COUNT_UNIT
            points = points + whole if rule.points >= 0 else points - whole
        total = total + points.clip(category.min_points, category.max_points)
    score = total.clip(model.min_score, model.max_score).alias("score")
    scored = frame.lazy().with_columns(score)
    return scored.group_by(*KEYS).agg(*(polars.col(name).sum() for name in SUMS)).collect()


def pattern_bytes(patterns: pa.Table) -> tuple[npt.NDArray[np.int64], Callable[[], int]]:
    """All bytes of the patterns in one array, the leads first, and the work of reading them once."""
    names = ["leads", *(name for name in patterns.column_names if name != "leads")]
    columns = [np.ascontiguousarray(patterns.column(name).to_numpy()) for name in names]
    raw = np.concatenate([column.view(np.uint8) for column in columns])
    words = np.concatenate([raw, np.zeros(-len(raw) % 8, np.uint8)]).view(np.int64)
    return words, lambda: int(words.sum())


def same_cells(cells: Cells, frame: Any) -> bool:
    """Whether a frame of pandas or polars holds the rows of the cells, in whatever order."""
    ours = {name: getattr(cells, name) for name in (*KEYS, *SUMS)}
    theirs = {name: frame[name].to_numpy() for name in (*KEYS, *SUMS)}
    # Cells number only the periods and segments that have a row.
    theirs |= {name: np.unique(theirs[name], return_inverse=True)[1] for name in ("segment", "period")}
    return np.array_equal(_sorted_rows(ours), _sorted_rows(theirs))


def _sorted_rows(columns: dict[str, Any]) -> Numbers:
    rows = np.stack([np.asarray(column).astype(np.int64) for column in columns.values()])
    return rows[:, np.lexsort(rows[::-1])]


def _rules_by_category(model: Model) -> list[tuple[Category, list[tuple[int, Any]]]]:
    """Each category with its enabled rules, each of these with the number of its column."""
    numbered = list(enumerate(model.enabled_rules))
    grouped = [
        (model.category(name), [(place, rule) for place, rule in numbered if rule.category == name])
        for name in model.category_names
    ]
    return [(category, rules) for category, rules in grouped if rules]
