"""``tierline models timeline``: what the top tier converted under the version that was in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.errors import plain_errors
from commands.inputs import json_option, memory_option, open_data, workspace_option
from commands.models import open_registry
from commands.percent import percent_text
from queries.model_timeline import Timeline, look_at_version, model_timeline, version_spans
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
    _, flow = open_data(folder, memory)
    registry = open_registry(folder, memory)
    versions = {version.number: version for version in registry.versions()}
    spans = version_spans(registry.history())
    found = model_timeline(spans, versions, lambda version: look_at_version(flow, version.model))
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
        f"{'period':<10}{'version':>8}  {'tier':<16}{'leads':>9}{'won':>8}{'rate':>8}  {'likely':<18}worked"
    )
    return "\n".join([head, *(_row(point) for point in found.points)])


def _row(point: TimelinePoint) -> str:
    top, worked = point.top, point.worked
    likely = (
        "" if top.low is None or top.high is None else f"{percent_text(top.low)} to {percent_text(top.high)}"
    )
    return (
        f"{point.period.label:<10}{point.version:>8}  {top.tier[:16]:<16}{top.leads:>9,}{top.conversions:>8,}"
        f"{percent_text(top.rate):>8}  {likely:<18}{percent_text(worked.share if worked else None)}"
    )
