"""``tierline grid``: what each cell of a model's grid converted, and the tier it is assigned to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import click

from commands.backtest_output import TIME_FORMAT
from commands.errors import plain_errors
from commands.inputs import Asked, Instant, asks_about_model, json_option
from commands.notes import note_end
from commands.percent import percent_text
from queries.worked import known_worked_cells
from scoring.grid_figures import CellFigures, GridFigures, GridPeriod, compute_grid, to_json
from scoring.worked import WorkedShare, beside_rates, of_period
from scoring.worked_words import NOT_TOLD, WORKED_MEANS


@click.command("grid")
@asks_about_model
@click.option("--observed-until", type=Instant(), help="Pretend that the data ended here.")
@json_option
@plain_errors
def grid_command(asked: Asked, observed_until: datetime | None, as_json: bool) -> None:
    """What each cell of a model's grid converted, by period and in all of them."""
    _, flow, model = asked.open()
    note_end(flow, observed_until)
    figures = compute_grid(flow.cells(model, observed_until=observed_until), model)
    worked = known_worked_cells(flow, model, observed_until)
    if as_json:
        click.echo(json.dumps(beside_rates(to_json(figures), worked, "cells", "cell"), indent=2))
    else:
        click.echo("\n".join(_lines(figures, worked)))


def _lines(figures: GridFigures, worked: tuple[WorkedShare, ...]) -> Iterator[str]:
    grid, until = figures.grid, figures.observed_until.strftime(TIME_FORMAT)
    yield f"{figures.model}: {figures.horizon_days} days to convert, data until {until}"
    for axis, labels, word in (
        (grid.rows, grid.row_labels, "rows"),
        (grid.columns, grid.column_labels, "columns"),
    ):
        spans = ", ".join(f"{label} {axis.span_words(grade)}" for grade, label in enumerate(labels))
        yield f"{word}: points of {axis.category}: {spans}"
    head = f"{'period':<10}{'cell':<14}{'tier':<16}{'leads':>9}{'won':>8}{'rate':>9}{'likely':>19}{'lift':>7}"
    yield f"{head}{'worked':>9}" if worked else head
    for period in (*figures.periods, figures.pooled):
        shares = of_period(worked, period.period)
        for cell in period.cells:
            row = _row(period, cell)
            yield f"{row}{_share(shares.get(cell.cell)):>9}" if worked else row
    yield WORKED_MEANS if worked else NOT_TOLD


def _share(one: WorkedShare | None) -> str:
    return "-" if one is None or one.share is None else percent_text(one.share)


def _row(period: GridPeriod, cell: CellFigures) -> str:
    rate, likely = "-", "-"
    if cell.rate is not None and cell.low is not None and cell.high is not None:
        rate, likely = f"{100 * cell.rate:.1f} %", f"{100 * cell.low:.1f} - {100 * cell.high:.1f} %"
    lift = "-" if cell.lift is None else f"{cell.lift:.1f}"
    names = f"{period.period:<10}{cell.cell[:13]:<14}{cell.tier[:15]:<16}"
    return f"{names}{cell.leads:>9,}{cell.conversions:>8,}{rate:>9}{likely:>19}{lift:>7}"
