"""``tierline accounts`` and ``tierline account``: accounts ranked, back-tested, and one of them explained."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from commands.account_notes import list_notes
from commands.account_output import account_json, account_text, backtest_text
from commands.errors import BadInput, plain_errors
from commands.inputs import (
    Asked,
    Instant,
    asks_about_model,
    at_option,
    json_option,
    progress_bar,
    written_whole,
)
from commands.lead_output import rows_json, table_text
from commands.notes import note_end, note_instant
from queries.account_backtest import account_backtest
from queries.account_index import account_index
from queries.account_list import (
    LAST_ACTIVITY,
    NUMBERS,
    AccountFilter,
    account_attributes,
    find_accounts,
    list_accounts,
)
from queries.account_worked import known_worked_accounts
from queries.flow import Flow
from queries.one_account import explain_account
from queries.safe_csv import write_safe_csv
from queries.scored_accounts import scored_accounts
from scoring.account_backtest import account_backtest_json
from scoring.worked import beside_rates, pooled


@click.command()
@asks_about_model
@at_option
@click.option("--tier", help="Only accounts in this tier of accounts.")
@click.option("--search", default="", help="Only accounts whose id or attributes contain this.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME",
    help="An attribute of the company to list, such as industry; may be repeated. --out has all of them.",
)
@click.option(
    "--sort", type=click.Choice((*NUMBERS, LAST_ACTIVITY)), help="Highest first by this.  [default: score]"
)
@click.option("--backtest", "is_backtest", is_flag=True, help="What each tier of accounts converted instead.")
@click.option("--observed-until", type=Instant(), help="With --backtest: pretend that the data end here.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Rows at most.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="F.csv, with every row.")
@json_option
@plain_errors
def accounts(
    asked: Asked,
    at: datetime | None,
    tier: str | None,
    search: str,
    columns: tuple[str, ...],
    sort: str | None,
    is_backtest: bool,
    observed_until: datetime | None,
    limit: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Rank accounts as of an instant, or back-test how they are scored."""
    if is_backtest and any((at, tier, out, search, columns, sort)):
        raise BadInput(
            "--backtest must stand without --at, --tier, --search, --column, --sort and --out; leave them out"
        )
    if observed_until is not None and not is_backtest:
        raise BadInput("--observed-until must stand with --backtest; use --at for a list")
    _, flow, model = asked.open()
    require_accounts(flow)
    note_end(flow, observed_until)
    note_instant(flow, at)
    if is_backtest:
        figures = account_backtest(flow, model, observed_until, progress_bar())
        worked = known_worked_accounts(flow, model, observed_until)
        document = beside_rates(account_backtest_json(figures), worked)
        click.echo(
            json.dumps(document, indent=2, allow_nan=False)
            if as_json
            else backtest_text(figures, model, pooled(worked))
        )
        return
    shown = tuple(dict.fromkeys(_attribute(flow, name) for name in columns))
    found = scored_accounts(flow, model, at, progress_bar())
    wanted = AccountFilter(search, (tier,) if tier else ())
    places = find_accounts(flow, model, found, wanted, sort or "score")
    notes = list_notes(model, found, wanted, len(places))
    if out is not None:
        table = list_accounts(flow, model, found, places, account_attributes(flow))
        with written_whole(out) as partial:
            write_safe_csv(table, partial)
        click.echo("\n".join([f"{table.num_rows:,} rows written to {out}", *notes]))
        return
    table = list_accounts(flow, model, found, places[:limit], shown)
    if as_json:
        document = {"rows": len(places), "accounts": rows_json(table), "notes": list(notes)}
        click.echo(json.dumps(document, indent=2))
    else:
        rows = [table_text(table, limit), f"{table.num_rows:,} of {len(places):,} rows"]
        click.echo("\n".join([*(rows if len(places) else []), *notes]))


@click.command()
@asks_about_model
@click.argument("account_id")
@at_option
@json_option
@plain_errors
def account(asked: Asked, account_id: str, at: datetime | None, as_json: bool) -> None:
    """Explain one account: its people, where its points come from, and its score over time."""
    _, flow, model = asked.open()
    require_accounts(flow)
    note_instant(flow, at)
    explained = explain_account(flow, model, account_id, at)
    click.echo(json.dumps(account_json(explained), indent=2) if as_json else account_text(explained))


def _attribute(flow: Flow, name: str) -> str:
    known = account_attributes(flow)
    full = name if name in known else f"accounts.{name}"
    if full not in known:
        raise BadInput(f"--column must name one of {', '.join(known) or 'none'}, got {name!r}")
    return full


def require_accounts(flow: Flow) -> None:
    """Refuse data in which no lead belongs to an account."""
    if not len(account_index(flow)):
        raise BadInput(
            "leads must say which account they belong to, got no account_id in any of them; load leads with "
            "the column account_id, or map one to it with --mapping"
        )
