"""``tierline review``: one period reviewed, forecasts replayed, and the leads behind a figure."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar, written_whole
from commands.review_output import replay_json, replay_text, review_json, review_text
from queries.campaigns import campaign_column
from queries.evidence import source_column
from queries.flow import Flow, Progress, part_of
from queries.maturation import find_cohorts
from queries.review import quarter_review
from queries.review_leads import OUTCOMES, LeadsAsked, leads_behind
from queries.safe_csv import write_safe_csv
from scoring.backtest import compute_backtest
from scoring.forecast_replay import replay_forecasts
from scoring.model import Model
from scoring.review_figures import choose_period


@click.command("review")
@asks_about_model
@click.option("--period", help="Such as 2026-Q1; the newest complete one when not given.")
@click.option("--suggest", is_flag=True, help="Search for better points, too; takes its time.")
@click.option(
    "--replay",
    is_flag=True,
    help="Forecast every past period as it would have been then, instead of a review.",
)
@click.option(
    "--leads-out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="F.csv: the leads behind the figures of the period, instead of a review.",
)
@click.option("--tier", help="With --leads-out: only this tier's.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="With --leads-out: only leads that ended so.")
@click.option("--source", help="With --leads-out: only leads of this source.")
@click.option("--campaign", help="With --leads-out: only leads of this campaign.")
@json_option
@plain_errors
def review(
    asked: Asked,
    period: str | None,
    suggest: bool,
    replay: bool,
    leads_out: Path | None,
    tier: str | None,
    outcome: str | None,
    source: str | None,
    campaign: str | None,
    as_json: bool,
) -> None:
    """Review a quarter: what each tier converted, what changed, what is to come, what to change next."""
    if leads_out is None and (tier or outcome or source or campaign):
        raise BadInput(
            "--tier, --outcome, --source and --campaign must stand with --leads-out; name a file there"
        )
    if leads_out is not None and replay:
        raise BadInput("--leads-out must stand without --replay, got both; leave one out")
    if source is not None and campaign is not None:
        raise BadInput("--source must stand without --campaign, got both; leave one out")
    workspace, flow, model = asked.open()
    if replay:
        progress = progress_bar()
        flow.cells(model, progress=part_of(progress, 0.0, 0.9))
        cohorts = find_cohorts(flow, model)
        progress(1.0, "Done")
        replays = replay_forecasts(cohorts, (None, len(cohorts.tiers) - 1))
        click.echo(_json(replay_json(replays)) if as_json else replay_text(replays))
        return
    if leads_out is not None:
        progress = progress_bar()
        cells = flow.cells(model, progress=part_of(progress, 0.0, 0.9))
        label = choose_period(compute_backtest(cells, model), period)
        column, value = _part(flow, source, campaign)
        wanted = LeadsAsked(label, tier, outcome, column, value)  # type: ignore[arg-type]  # click has seen it
        _write_leads(flow, model, wanted, leads_out, progress)
        return
    found = quarter_review(workspace, flow, model, period, suggested=suggest, progress=progress_bar())
    click.echo(_json(review_json(found)) if as_json else review_text(found))


def _part(flow: Flow, source: str | None, campaign: str | None) -> tuple[str | None, str | None]:
    """The column and the value that were asked for."""
    if source is None and campaign is None:
        return None, None
    name = "source" if source is not None else "campaign"
    column = source_column(flow.engine) if source is not None else campaign_column(flow)
    if column is None:
        raise BadInput(f"--{name} must name a column's value, got data without such a column; leave it out")
    return column, source if source is not None else campaign


def _write_leads(flow: Flow, model: Model, asked: LeadsAsked, path: Path, progress: Progress) -> None:
    if path.suffix.lower() != ".csv":
        raise BadInput(f"{path}: --leads-out must end in .csv, got {path.suffix or 'no ending'!r}")
    table = leads_behind(flow, model, asked)
    with written_whole(path) as partial:
        write_safe_csv(table, partial)
    progress(1.0, "Done")
    click.echo(f"{table.num_rows:,} leads of {asked.period} written to {path}")


def _json(document: object) -> str:
    return json.dumps(document, indent=2, allow_nan=False)
