"""The same cells in pandas, polars and DuckDB, and the bytes that all of them must read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from scoring.cells import Cells
from scoring.model import Category, Model, Rule
from scoring.patterns import Patterns

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


def duckdb_cells(
    lead_moments: pa.Table, labels: pa.Table, counts: Mapping[int, pa.ChunkedArray], model: Model
) -> pa.Table:
    """The same from the counts of every lead-moment, in one query."""
    columns = {name: labels.column(name) for name in labels.column_names}
    columns |= {"segment": np.zeros(len(labels), np.int16), "period": lead_moments.column("period")}
    columns |= {f"count_{place}": column for place, column in counts.items()}
    keys = ", ".join(KEYS)
    # The numbers are a model's, which are whole; no text of anybody gets here.
    query = f"""
        with scored as (select *, {_sql_score(model)} as score from counted)
        select {keys}, count(*) as leads, sum(amount)::bigint as amount from scored group by {keys}
    """  # noqa: S608
    with duckdb.connect() as connection:
        connection.register("counted", pa.table(columns))
        return connection.sql(query).to_arrow_table()


def _sql_score(model: Model) -> str:
    parts = [str(model.base_points)]
    for category, rules in _rules_by_category(model):
        given = [_sql_points(place, rule) for place, rule in rules]
        parts.append(_sql_limited(" + ".join(given), category.min_points, category.max_points))
    return _sql_limited(" + ".join(parts), model.min_score, model.max_score)


def _sql_points(place: int, rule: Rule) -> str:
    most = None if rule.max_points is None else rule.max_points * COUNT_UNIT
    given = _sql_limited(f"count_{place}::integer * {abs(rule.points)}", None, most)
    return f"{'' if rule.points >= 0 else '-'}(({given} + {COUNT_UNIT // 2}) // {COUNT_UNIT})"


def _sql_limited(value: str, low: int | None, high: int | None) -> str:
    cases = [f"when {value} < {low} then {low}"] if low is not None else []
    cases += [f"when {value} > {high} then {high}"] if high is not None else []
    return f"(case {' '.join(cases)} else {value} end)" if cases else f"({value})"


def pattern_bytes(patterns: pa.Table) -> tuple[Numbers, Callable[[], int]]:
    """All bytes of the patterns in one array, the leads first, and the work of reading them once."""
    names = ["leads", *(name for name in patterns.column_names if name != "leads")]
    return _one_read([patterns.column(name).to_numpy() for name in names])


def coded_bytes(patterns: Patterns) -> tuple[Numbers, Callable[[], int]]:
    """The same of coded patterns; the leads, which are first, are floats."""
    weights = patterns.weights
    parts = [weights.leads, weights.paid_rows, weights.paid_amounts, patterns.key, *patterns.keys.values()]
    for group in patterns.groups:
        parts += [group.combination, *group.counts, *group.numbers]
    return _one_read(parts)


def _one_read(parts: Sequence[npt.NDArray[Any]]) -> tuple[Numbers, Callable[[], int]]:
    raw = np.concatenate([np.ascontiguousarray(part).reshape(-1).view(np.uint8) for part in parts])
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
