"""``tierline predict``: what a regression learns from the outcomes, judged out of time."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, Instant, asks_about_model, json_option, progress_bar
from commands.percent import percent_text
from commands.table_file import check_table_path, write_table
from queries.prediction import history_of, lead_probabilities
from scoring.plain_json import to_plain
from scoring.prediction import Prediction, predict
from scoring.prediction_words import level_sentence, promise_sentence, sentence


@click.command("predict")
@asks_about_model
@click.option("--observed-until", type=Instant(), help="Pretend that the data end here.")
@click.option("--at", type=Instant(), help="When the leads of --out are scored; the end of the data else.")
@click.option(
    "--out",
    "out_path",
    type=click.Path(path_type=Path),
    help="Write each open lead's chance, .csv or .parquet.",
)
@json_option
@plain_errors
def predict_command(
    asked: Asked,
    observed_until: datetime | None,
    at: datetime | None,
    out_path: Path | None,
    as_json: bool,
) -> None:
    """Learn from past leads how much each rule tells, and foretell every period from what came before it."""
    if out_path is not None:
        check_table_path(out_path)
    _, flow, model = asked.open()
    prediction = predict(history_of(flow, model, progress_bar(), observed_until), model.enabled_rules)
    if as_json:
        click.echo(json.dumps(to_plain(prediction), indent=2))
    else:
        _print(prediction)
    if out_path is not None:
        if prediction.fit is None:
            raise BadInput(
                f"{out_path}: nothing was written, since nothing can be learned: {prediction.refusal}"
            )
        write_table(lead_probabilities(flow, model, prediction.fit, at), out_path)


def _print(prediction: Prediction) -> None:
    click.echo(sentence(prediction))
    if prediction.periods:
        click.echo(
            f"{'period':<10}{'leads':>10}{'promised':>10}{'won':>8}{'points':>9}{'learned':>9}  difference"
        )
    for period in prediction.periods:
        ranking, promised = period.ranking, period.promised
        click.echo(
            f"{period.period:<10}{period.leads:>10,}{promised.expected:>10,.0f}{promised.observed:>8,}"
            f"{_auc(ranking.auc_a):>9}{_auc(ranking.auc_b):>9}"
            f"  {_range(ranking.difference, ranking.low, ranking.high)}"
        )
    for period_label, reason in prediction.skipped:
        click.echo(f"{period_label:<10}not foretold: {reason}")
    _print_bands(prediction)
    if prediction.fit is not None:
        click.echo(f"{'rule':<60}{'odds for one more':>20}")
        for rule, factor in zip(prediction.rules, prediction.fit.odds_factors, strict=True):
            click.echo(f"{rule[:58]:<60}{'x ' + format(factor, '.2f'):>20}")


def _print_bands(prediction: Prediction) -> None:
    """Whether chances held, in words and by band."""
    for text in (promise_sentence(prediction), level_sentence(prediction)):
        if text:
            click.echo(text)
    if not prediction.bands:
        return
    click.echo(f"{'chance':<16}{'leads':>10}{'promised':>10}{'won':>8}{'came':>9}  likely")
    for band in prediction.bands:
        chance = f"{100 * band.chance_from:g} to {100 * band.chance_to:g} %"
        click.echo(
            f"{chance:<16}{band.leads:>10,}{band.expected:>10,.0f}{band.conversions:>8,}"
            f"{percent_text(band.rate):>9}  {percent_text(band.low)} to {percent_text(band.high)}"
        )


def _auc(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(difference: float | None, low: float | None, high: float | None) -> str:
    if difference is None:
        return "-"
    return (
        _signed(difference)
        if low is None
        else f"{_signed(difference)} (likely {_signed(low)} to {_signed(high)})"
    )


def _signed(value: float | None) -> str:
    # Rounded first, so that what comes to nothing has no minus.
    return "-" if value is None else f"{round(value, 3) + 0.0:+.3f}"
