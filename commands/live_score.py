"""``tierline compare-live``: is this the model that our CRM runs?"""

from __future__ import annotations

import json
from datetime import datetime

import click

from commands.errors import plain_errors
from commands.inputs import Asked, Instant, asks_about_model, json_option
from commands.percent import percent_text
from queries.live_score import compare_live_score
from scoring.live_score import LiveComparison, to_json, verdict

SHOWN_RULES = 5


@click.command("compare-live")
@asks_about_model
@click.option("--column", required=True, help="The column of the leads that holds the live score.")
@click.option("--at", type=Instant(), help="When it was exported; the end of the data when not given.")
@json_option
@plain_errors
def compare_live(asked: Asked, column: str, at: datetime | None, as_json: bool) -> None:
    """Say whether a live score is the model's, and which rules explain the differences."""
    _, flow, model = asked.open()
    comparison = compare_live_score(flow, model, column, at)
    if as_json:
        click.echo(json.dumps(to_json(comparison), indent=2))
        return
    click.echo(verdict(comparison))
    _print_rules(comparison)
    _print_examples(comparison)


def _print_rules(comparison: LiveComparison) -> None:
    telling = [rule for rule in comparison.rules if rule.explained][:SHOWN_RULES]
    if telling:
        click.echo(f"{'rule':<44}{'fires for':>11}{'differ with':>13}{'without':>10}{'explains':>10}")
    for rule in telling:
        shares = [percent_text(share) for share in (rule.differs_with, rule.differs_without, rule.explained)]
        click.echo(f"{rule.label[:43]:<44}{rule.fired:>11,}{shares[0]:>13}{shares[1]:>10}{shares[2]:>10}")


def _print_examples(comparison: LiveComparison) -> None:
    for example in comparison.examples:
        points = ", ".join(f"{rule} {value}" for rule, value in example.points.items() if value)
        click.echo(
            f"lead {example.lead_id}: live {example.live:g}, ours {example.ours} ({points or 'no points'})"
        )
