"""``tierline alignment``: what sales and marketing look at together, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.agreement import proposals_json
from commands.errors import plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar, read_model
from commands.models_output import point_text
from queries.agreement import Agreement
from queries.alignment import PRECISION, AlignmentView, gather_alignment
from queries.model_history import open_history
from queries.version_report import point_json
from queries.workspace import format_time
from scoring.alignment_words import (
    STEP_NAMES,
    funnel_sentence,
    holdout_sentence,
    promise_sentence,
    reason_sentence,
    rule_sentence,
    selection_sentence,
)
from scoring.plain_json import to_plain
from scoring.worked import worked_json


@click.command()
@asks_about_model
@click.option("--against", type=click.Path(path_type=Path), help="A draft or proposal, to stand beside it.")
@click.option(
    "--precision",
    type=float,
    default=PRECISION,
    show_default=True,
    help="Half the width of the likely range that a holdout is to give.",
)
@json_option
@plain_errors
def alignment(asked: Asked, against: Path | None, precision: float, as_json: bool) -> None:
    """The funnel, what sales accepted and rejected and why, promises kept, and what was agreed."""
    workspace, flow, model = asked.open()
    models = [model]
    if against is not None:
        models.append(read_model(workspace, flow, against))
    views = [gather_alignment(flow, model, precision, progress_bar()) for model in models]
    agreement = Agreement(open_history(workspace))
    points = agreement.points()
    if as_json:
        document: dict[str, Any] = {"models": [view_json(view) for view in views]}
        document |= {"proposals": proposals_json(agreement), "points": [point_json(one) for one in points]}
        click.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    lines = [line for view in views for line in [*_lines(view), ""]]
    click.echo("\n".join([*lines, *map(point_text, points)]).rstrip())


def view_json(view: AlignmentView) -> dict[str, Any]:
    """One model's figures, for programs."""
    funnel = view.funnel
    return {
        "model": view.model.name,
        "definition": to_plain(view.definition),
        "stages": to_plain(view.stages),
        "funnel": None
        if funnel is None
        else {
            "leads": funnel.leads,
            "horizon_days": funnel.horizon_days,
            "observed_until": format_time(funnel.observed_until),
            "wins_before_mql": funnel.wins_before_mql,
            "steps": to_plain(funnel.steps),
        },
        "tiers": [
            {
                "tier": one.figures.tier,
                "leads": one.figures.leads,
                "conversions": one.figures.conversions,
                "rate": one.figures.rate,
                "low": one.figures.low,
                "high": one.figures.high,
                "entries_per_week": one.entries.entries_per_week,
            }
            | worked_json(one.worked)
            for one in view.tiers
        ],
        "responses": to_plain(view.responses),
        "answers": {
            "by_tier": to_plain(view.by_tier),
            "by_source": to_plain(view.by_source),
            "by_campaign": to_plain(view.by_campaign),
            "campaign_words": view.campaign_words,
            "by_rule": to_plain(view.by_rule),
            "by_reason": to_plain(view.by_reason),
        },
        "high_rejected": view.high_rejected.num_rows,
        "won_low": view.won_low.num_rows,
        "holdout": to_plain(view.holdout),
    }


def _lines(view: AlignmentView) -> list[str]:
    labels = {rule.id: rule.shown_label for rule in view.model.rules}
    lines = [view.model.name, *(f"  {one.sentence}" for one in view.definition.tiers), *view.stages.notes]
    if view.funnel is not None:
        lines.append(f"{'step':<28}{'reached':>9}{'rate':>9}{'likely':>18}{'days':>7}{'still open':>12}")
        for step in view.funnel.steps:
            rate = "-" if step.rate is None else f"{100 * step.rate:.1f} %"
            likely = "-" if step.low is None else f"{100 * step.low:.1f} to {100 * (step.high or 0):.1f} %"
            days = "-" if step.days_median is None else str(step.days_median)
            lines.append(
                f"{STEP_NAMES[step.step]:<28}{step.reached:>9,}{rate:>9}{likely:>18}{days:>7}"
                f"{step.still_open:>12,}"
            )
        lines.append(funnel_sentence(view.funnel))
    for work in reversed(view.tiers):
        rate = "-" if work.figures.rate is None else f"{100 * work.figures.rate:.1f} %"
        line = f"{work.figures.tier}: converted {rate} of {work.figures.leads:,}"
        if work.worked is not None:
            share = "-" if work.worked.share is None else f"{100 * work.worked.share:.1f} %"
            line += f", sales worked {share}"
        lines.append(line)
    lines.append(selection_sentence(view.worked))
    tiers = {tier.name: tier.shown_label for tier in view.model.tiers}
    lines += [promise_sentence(one, tiers[one.tier]) for one in view.responses]
    if view.stages.has_answers:
        lines.append(rule_sentence(view.by_rule, labels))
        lines += [reason_sentence(one, labels) for one in view.by_reason]
    if view.holdout is not None:
        lines.append(holdout_sentence(view.holdout, view.model.observation.period))
    return [line for line in lines if line]
