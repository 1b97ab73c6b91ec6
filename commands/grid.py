"""``tierline grid``: what each cell of a model's grid converted, and the tier it is assigned to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from commands.backtest_output import TIME_FORMAT
from commands.errors import plain_errors
from commands.inputs import (
    Instant,
    json_option,
    memory_option,
    model_option,
    open_data,
    read_model,
    workspace_option,
)
from scoring.grid_figures import CellFigures, GridFigures, GridPeriod, compute_grid, to_json


@click.command("grid")
@workspace_option
@memory_option
@model_option
@click.option("--observed-until", type=Instant(), help="Pretend that the data ended here.")
@json_option
@plain_errors
def grid_command(
    folder: Path,
    memory: str | None,
    model_path: Path | None,
    observed_until: datetime | None,
    as_json: bool,
) -> None:
    """What each cell of a model's grid converted, by period and in all of them."""
    workspace, flow = open_data(folder, memory)
    model = read_model(workspace, flow, model_path)
    figures = compute_grid(flow.cells(model, observed_until=observed_until), model)
    click.echo(json.dumps(to_json(figures), indent=2) if as_json else "\n".join(_lines(figures)))


def _lines(figures: GridFigures) -> Iterator[str]:
    grid, until = figures.grid, figures.observed_until.strftime(TIME_FORMAT)
    yield f"{figures.model}: {figures.horizon_days} days to convert, data until {until}"
    for axis, labels, word in (
        (grid.rows, grid.row_labels, "rows"),
        (grid.columns, grid.column_labels, "columns"),
    ):
        spans = ", ".join(f"{label} {axis.span_words(grade)}" for grade, label in enumerate(labels))
        yield f"{word}: points of {axis.category}: {spans}"
    yield f"{'period':<10}{'cell':<14}{'tier':<16}{'leads':>9}{'won':>8}{'rate':>9}{'likely':>19}{'lift':>7}"
    for period in (*figures.periods, figures.pooled):
        yield from (_row(period, cell) for cell in period.cells)


def _row(period: GridPeriod, cell: CellFigures) -> str:
    rate, likely = "-", "-"
    if cell.rate is not None:
        rate, likely = f"{cell.rate:.2%}", f"{cell.low:.2%} - {cell.high:.2%}"
    lift = "-" if cell.lift is None else f"{cell.lift:.1f}"
    names = f"{period.period:<10}{cell.cell[:13]:<14}{cell.tier[:15]:<16}"
    return f"{names}{cell.leads:>9,}{cell.conversions:>8,}{rate:>9}{likely:>19}{lift:>7}"
