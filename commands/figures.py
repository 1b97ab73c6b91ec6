"""``tierline score`` and ``backtest``: scores and figures."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from commands.errors import BadInput, plain_errors
from commands.inputs import (
    Instant,
    json_option,
    model_option,
    open_data,
    progress_bar,
    read_model,
    workspace_option,
    written_whole,
)
from queries.flow import Flow
from scoring.backtest import (
    Backtest,
    PeriodFigures,
    backtest_by_segment,
    compute_backtest,
    difference,
    to_json,
)
from scoring.model import Model
from scoring.tiers import tier_names

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
WRITERS = (".csv", ".parquet")


@click.command()
@workspace_option
@model_option
@click.option("--at", type=Instant(), help="The instant to score at; the end of the data when not given.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.csv or F.parquet"
)
@plain_errors
def score(folder: Path, model_path: Path | None, at: datetime | None, out: Path) -> None:
    """Score every open lead as of an instant."""
    if out.suffix.lower() not in WRITERS:
        raise BadInput(f"{out}: --out must end in .csv or .parquet, got {out.suffix or 'no ending'!r}")
    workspace, flow = open_data(folder)
    model = read_model(workspace, flow, model_path)
    table = _with_tier(flow.scores(model, at), model)
    with written_whole(out) as partial:
        if out.suffix.lower() == ".parquet":
            pq.write_table(table, partial)
        else:
            place = table.column_names.index("moment")
            moments = pc.strftime(pc.cast(table.column("moment"), pa.timestamp("s"), safe=False), TIME_FORMAT)
            pa.csv.write_csv(table.set_column(place, "moment", moments), partial)
    click.echo(f"{table.num_rows:,} leads scored into {out}")


def _with_tier(scores: pa.Table, model: Model) -> pa.Table:
    place = scores.column_names.index("score") + 1
    names = pa.array(tier_names(scores.column("score").to_numpy(), model), pa.string())
    return scores.add_column(place, "tier", names)


@click.command()
@workspace_option
@model_option
@click.option("--against", type=click.Path(path_type=Path), help="A second model, and the difference to it.")
@click.option("--segment", help="Split by this column of leads or accounts.")
@click.option("--observed-until", type=Instant(), help="Pretend that the data end here.")
@json_option
@plain_errors
def backtest(
    folder: Path,
    model_path: Path | None,
    against: Path | None,
    segment: str | None,
    observed_until: datetime | None,
    as_json: bool,
) -> None:
    """What each tier converted, period by period, as the scores stood then."""
    workspace, flow = open_data(folder)
    first = _Figures.of(flow, read_model(workspace, flow, model_path), segment, observed_until)
    second = None
    if against is not None:
        second = _Figures.of(flow, read_model(workspace, flow, against), segment, observed_until)
    if as_json:
        click.echo(json.dumps(first.json() if second is None else _compared(first, second), indent=2))
        return
    for figures in (first, second):
        if figures is not None:
            _print_table(figures.whole)


class _Figures:
    """The back-test of one model, whole and by segment."""

    def __init__(self, whole: Backtest, segments: dict[str, Backtest] | None) -> None:
        self.whole = whole
        self.segments = segments

    @classmethod
    def of(cls, flow: Flow, model: Model, segment: str | None, observed_until: datetime | None) -> _Figures:
        cells = flow.cells(model, segment, observed_until, progress_bar())
        segments = None if segment is None else backtest_by_segment(cells, model)
        return cls(compute_backtest(cells, model), segments)

    def json(self) -> dict[str, Any]:
        document = to_json(self.whole)
        if self.segments is not None:
            document["segments"] = {value: to_json(figures) for value, figures in self.segments.items()}
        return document


def _compared(first: _Figures, second: _Figures) -> dict[str, Any]:
    document = {"model_a": first.json(), "model_b": second.json()}
    document["difference"] = difference(first.whole, second.whole)
    if first.segments is not None and second.segments is not None:
        document["difference"]["segments"] = {
            value: difference(figures, second.segments[value]) for value, figures in first.segments.items()
        }
    return document


def _print_table(figures: Backtest) -> None:
    tiers = [tier.tier for tier in figures.pooled.tiers]
    until = figures.observed_until.strftime(TIME_FORMAT)
    click.echo(f"{figures.model}: {figures.horizon_days} days to convert, data until {until}")
    head = f"{'period':<10}{'leads':>11}{'won':>9}{'open':>9}{'rate':>9}{'AUC':>8}"
    click.echo(head + "".join(f"{tier:>14}" for tier in tiers))
    for period in (*figures.periods, figures.pooled):
        click.echo(_row(period))


def _row(period: PeriodFigures) -> str:
    auc = "-" if period.auc is None else f"{period.auc:.4f}"
    row = f"{period.period:<10}{period.leads:>11,}{period.conversions:>9,}{period.immature_leads:>9,}"
    row += f"{_percent(period.rate):>9}{auc:>8}"
    return row + "".join(f"{_percent(tier.rate):>14}" for tier in period.tiers)


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.2%}"
