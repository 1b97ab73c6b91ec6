"""``tierline lead`` and ``tierline leads``: one lead explained, and leads listed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
import pyarrow as pa

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, at_option, json_option, written_whole
from commands.lead_output import lead_json, lead_text, movers_table, rows_json, table_text
from commands.notes import note_instant, note_nobody
from queries.alignment import high_and_rejected
from queries.flow import Flow
from queries.lead_advice import leads_like, next_tier
from queries.lead_filter import LeadFilter
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
@click.option("--tier", help="Only leads in this tier.")
@click.option(
    "--list",
    "named",
    type=click.Choice(LISTS),
    help="Scored high and went nowhere; scored high, and sales rejected it; won, but scored low; who moved "
    "most. All open leads without it.",
)
@click.option("--days", type=click.IntRange(min=1), default=7, show_default=True, help="For movers.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Rows at most.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="F.csv, with every row.")
@json_option
@plain_errors
def leads(
    asked: Asked,
    at: datetime | None,
    tier: str | None,
    named: str | None,
    days: int,
    limit: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """List leads, best first, or one of the named lists."""
    if tier is not None and named is not None:
        raise BadInput(f"--tier must stand without --list, got --tier {tier} --list {named}; leave one out")
    if at is not None and named in ("high-open", "high-rejected", "won-low"):
        raise BadInput(
            f"--at must stand without --list {named}, got both; that list is about the past moments"
        )
    _, flow, model = asked.open()
    note_instant(flow, at)
    table = _listed(flow, model, named, at, tier, days, limit)
    if not table.num_rows and named is None and tier is None:
        note_nobody(flow, model, at)
    if out is not None:
        with written_whole(out) as partial:
            write_safe_csv(table, partial)
        click.echo(f"{table.num_rows:,} rows written to {out}")
    elif as_json:
        click.echo(json.dumps({"rows": table.num_rows, "leads": rows_json(table.slice(0, limit))}, indent=2))
    else:
        click.echo(table_text(table, limit))
        click.echo(f"{min(limit, table.num_rows):,} of {table.num_rows:,} rows")


def _listed(
    flow: Flow,
    model: Model,
    named: str | None,
    at: datetime | None,
    tier: str | None,
    days: int,
    limit: int,
) -> pa.Table:
    if named == "high-open":
        return high_and_open(flow, model)
    if named == "won-low":
        return won_and_low(flow, model)
    if named == "high-rejected":
        return high_and_rejected(flow, model)
    if named == "movers":
        return movers_table(find_movers(flow, model, days, at, limit))
    scored = scored_leads(flow, model, at)
    places = find_leads(flow, model, scored, LeadFilter(tiers=(tier,) if tier else ()))
    return list_leads(flow, model, scored, places)
