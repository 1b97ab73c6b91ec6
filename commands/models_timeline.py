"""``tierline models timeline``: what the top tier converted under the version that was in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.errors import plain_errors
from commands.inputs import json_option, memory_option, open_data, workspace_option
from queries.model_history import open_history
from queries.model_timeline import Timeline, look_at_version, model_timeline
from scoring.model_timeline import TimelinePoint
from scoring.plain_json import to_plain
from scoring.worked import worked_json


@click.command("timeline")
@workspace_option
@memory_option
@json_option
@plain_errors
def models_timeline(folder: Path, memory: str | None, as_json: bool) -> None:
    """Period by period, what the top tier converted under the version in use when the period began."""
    workspace, flow = open_data(folder, memory)
    registry = open_history(workspace)
    if (problem := registry.follow_file()) is not None:
        click.echo(f"tierline: note: {'; '.join(problem.splitlines())}", err=True)
    found = model_timeline(registry, lambda version: look_at_version(flow, version.model))
    if as_json:
        rows = [_json(point) for point in found.points]
        click.echo(json.dumps({"periods": rows, "problems": list(found.problems)}, indent=2))
        return
    click.echo(_text(found))
    for words in found.problems:
        click.echo(f"tierline: note: {words}", err=True)


def _json(point: TimelinePoint) -> dict[str, Any]:
    figures: dict[str, Any] = to_plain(point.top)
    when = {"period": point.period.label, "version": point.version, "open": point.figures.immature_leads}
    return when | figures | worked_json(point.worked)


def _text(found: Timeline) -> str:
    if not found.points:
        return "no version was saved yet; 'tierline models save' begins the history"
    head = (
        f"{'period':<10}{'version':>8}  {'tier':<16}{'leads':>9}{'won':>8}{'rate':>8}  {'likely':<16}worked"
    )
    return "\n".join([head, *(_row(point) for point in found.points)])


def _row(point: TimelinePoint) -> str:
    top, worked = point.top, point.worked
    likely = "" if top.low is None or top.high is None else f"{top.low:.1%} to {top.high:.1%}"
    return (
        f"{point.period.label:<10}{point.version:>8}  {top.tier[:16]:<16}{top.leads:>9,}{top.conversions:>8,}"
        f"{_percent(top.rate):>8}  {likely:<16}{_percent(worked.share if worked else None)}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
