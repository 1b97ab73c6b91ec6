"""``tierline alignment``: what sales and marketing look at together, from the command line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from commands.agreement import proposals_json
from commands.alignment_output import view_json, view_text
from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar, read_model
from commands.models_output import point_text
from queries.agreement import Agreement
from queries.alignment import PRECISION, gather_alignment
from queries.model_history import open_history
from queries.version_report import point_json


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
@click.option("--leads-per-week", "capacity", type=float, help="New leads that sales can work.")
@json_option
@plain_errors
def alignment(
    asked: Asked, against: Path | None, precision: float, capacity: float | None, as_json: bool
) -> None:
    """The funnel, what sales accepted and rejected and why, promises kept, and what was agreed."""
    if capacity is not None and not 0 < capacity < math.inf:
        raise BadInput(f"--leads-per-week must be above 0, got {capacity:g}; name a number")
    workspace, flow, model = asked.open()
    models = [model]
    if against is not None:
        models.append(read_model(workspace, flow, against))
    views = [gather_alignment(flow, model, precision, progress_bar()) for model in models]
    agreement = Agreement(open_history(workspace))
    points = agreement.points()
    if as_json:
        document: dict[str, Any] = {"models": [view_json(view, capacity) for view in views]}
        document |= {"proposals": proposals_json(agreement), "points": [point_json(one) for one in points]}
        click.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    texts = [view_text(view, capacity) for view in views]
    click.echo("\n\n".join([*texts, *(["\n".join(map(point_text, points))] if points else [])]))
