"""What each cell of a grid converted, period by period: the figures that cells are assigned to tiers by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from scoring.backtest import POOLED
from scoring.cells import Cells
from scoring.errors import ScoringError
from scoring.grid import Grid
from scoring.model import Model
from scoring.statistics import rate
from scoring.tier_counts import TierCounts, count_by_label, group_figures


@dataclass(frozen=True)
class CellFigures:
    """What one cell converted. Counts are mature leads; `low` and `high` are the rate's 95 % interval.

    `lift` is against the rate of all cells of the period, `capture` the share of their conversions.
    """

    cell: str
    row: str
    column: str
    tier: str
    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None
    lift: float | None
    capture: float | None
    amount: float


@dataclass(frozen=True)
class GridPeriod:
    """The cells of one period, row by row, or of all of them pooled."""

    period: str
    leads: int
    conversions: int
    rate: float | None
    cells: tuple[CellFigures, ...]


@dataclass(frozen=True)
class GridFigures:
    """A grid's figures by period, those with complete leads, and pooled."""

    model: str
    grid: Grid
    horizon_days: int
    observed_until: datetime
    periods: tuple[GridPeriod, ...]
    pooled: GridPeriod


def compute_grid(cells: Cells, model: Model) -> GridFigures:
    """Figures of every cell of a model's grid, over all segments of the cells.

    Parameters
    ----------
    cells : Cells
        Scored with the model.
    model : Model

    Raises
    ------
    ScoringError
        When the model has no grid, or the cells no places in one.
    """
    if model.grid is None or cells.place is None:
        raise ScoringError(
            f"{model.name}: a model must have a grid for figures of its cells, got none; add a [grid] block, "
            "as the ready-made model fit_engagement has it"
        )
    counts = count_by_label(cells, cells.place, model.grid.size)
    return GridFigures(
        model=model.name,
        grid=model.grid,
        horizon_days=cells.horizon_days,
        observed_until=cells.observed_until,
        periods=tuple(
            _period(label, counts, row, model.grid)
            for row, label in enumerate(cells.periods)
            if counts.leads[row].any()
        ),
        pooled=_period(POOLED, counts.pooled, 0, model.grid),
    )


def to_json(figures: GridFigures) -> dict[str, Any]:
    """The object of ``tierline grid --json``."""
    grid = figures.grid
    axes = {"rows": (grid.rows, grid.row_labels), "columns": (grid.columns, grid.column_labels)}
    return {
        "model": figures.model,
        "horizon_days": figures.horizon_days,
        "observed_until": figures.observed_until.isoformat() + "Z",
        **{
            name: {"category": axis.category, "cuts": list(axis.cuts), "labels": list(labels)}
            for name, (axis, labels) in axes.items()
        },
        "periods": [_period_json(period) for period in figures.periods],
        "pooled": _period_json(figures.pooled),
    }


def _period_json(period: GridPeriod) -> dict[str, Any]:
    return asdict(period) | {"cells": [asdict(cell) for cell in period.cells]}


def _period(label: str, counts: TierCounts, row: int, grid: Grid) -> GridPeriod:
    leads, conversions = int(counts.leads[row].sum()), int(counts.converted[row].sum())
    figures = group_figures(counts, row)
    cells = []
    for place, (name, tier) in enumerate(zip(grid.cell_names, grid.tier_of_place, strict=True)):
        at_row, at_column = divmod(place, grid.columns.size)
        labels = {"row": grid.row_labels[at_row], "column": grid.column_labels[at_column]}
        cells.append(CellFigures(cell=name, tier=tier, **labels, **figures[place]))
    return GridPeriod(label, leads, conversions, rate(conversions, leads), tuple(cells))
