"""``tierline lead`` and ``tierline leads``: one lead explained, and leads listed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, at_option, json_option, written_whole
from commands.lead_filters import Wanted, asks_for_leads
from commands.lead_output import (
    lead_json,
    lead_text,
    movers_json,
    movers_table,
    movers_text,
    rows_json,
    table_text,
)
from commands.notes import note_instant, note_nobody
from queries.alignment import high_and_rejected
from queries.flow import Flow
from queries.lead_advice import leads_like, next_tier
from queries.lead_list import find_leads, list_leads
from queries.movers import find_movers
from queries.named_lists import high_and_open, won_and_low
from queries.one_lead import explain_lead
from queries.safe_csv import write_safe_csv
from queries.scored_leads import scored_leads
from scoring.model import Model

LISTS = ("high-open", "high-rejected", "won-low", "movers")


@click.command()
@asks_about_model
@click.argument("lead_id")
@at_option
@json_option
@plain_errors
def lead(asked: Asked, lead_id: str, at: datetime | None, as_json: bool) -> None:
    """Explain one lead: from the starting points to its score, and what would lift it."""
    _, flow, model = asked.open()
    note_instant(flow, at)
    explained = explain_lead(flow, model, lead_id, at)
    advice, band = next_tier(flow, model, explained), leads_like(flow, model, explained.score)
    if as_json:
        click.echo(json.dumps(lead_json(explained, advice, band), indent=2))
    else:
        click.echo(lead_text(explained, advice, band, model))


@click.command()
@asks_about_model
@at_option
@asks_for_leads
@click.option(
    "--list",
    "named",
    type=click.Choice(LISTS),
    help="Scored high and went nowhere; scored high, and sales rejected it; won, but scored low; who moved "
    "most. All open leads without it.",
)
@click.option("--days", type=click.IntRange(min=1), help="For movers.  [default: 7]")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Rows at most; of movers so many that rose and so many that fell.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="F.csv, with every row.")
@json_option
@plain_errors
def leads(
    asked: Asked,
    wanted: Wanted,
    at: datetime | None,
    named: str | None,
    days: int | None,
    limit: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """List leads, best first, or one of the named lists."""
    _check(wanted, named, at, days)
    _, flow, model = asked.open()
    note_instant(flow, at)
    if named == "movers":
        movers = find_movers(flow, model, days or 7, at, None if out else limit)
        _hand_over(movers_table(movers), out, as_json, movers_json(movers), movers_text(movers))
        return
    table = _listed(flow, model, named, at, wanted)
    if not table.num_rows and named is None and not wanted.given:
        note_nobody(flow, model, at)
    listed = {"rows": table.num_rows, "leads": rows_json(table.slice(0, limit))}
    text = f"{table_text(table, limit)}\n{min(limit, table.num_rows):,} of {table.num_rows:,} rows"
    _hand_over(table, out, as_json, listed, text)


def _check(wanted: Wanted, named: str | None, at: datetime | None, days: int | None) -> None:
    if named is not None and wanted.given:
        options = ", ".join(wanted.given)
        raise BadInput(
            f"{options} must stand without --list, got {options} with --list {named}; leave one out"
        )
    if at is not None and named in ("high-open", "high-rejected", "won-low"):
        raise BadInput(
            f"--at must stand without --list {named}, got both; that list is about the past moments"
        )
    if days is not None and named != "movers":
        raise BadInput("--days must stand with --list movers, got it without; leave it out")


def _hand_over(table: pa.Table, out: Path | None, as_json: bool, listed: dict[str, Any], text: str) -> None:
    if out is not None:
        with written_whole(out) as partial:
            write_safe_csv(table, partial)
        click.echo(f"{table.num_rows:,} rows written to {out}")
    else:
        click.echo(json.dumps(listed, indent=2) if as_json else text)


def _listed(flow: Flow, model: Model, named: str | None, at: datetime | None, wanted: Wanted) -> pa.Table:
    if named == "high-open":
        return high_and_open(flow, model)
    if named == "won-low":
        return won_and_low(flow, model)
    if named == "high-rejected":
        return high_and_rejected(flow, model)
    shown, order, chosen = wanted.shown(flow), wanted.order(flow, model), wanted.lead_filter(flow)
    scored = scored_leads(flow, model, at)
    return list_leads(flow, model, scored, find_leads(flow, model, scored, chosen, order), shown)
