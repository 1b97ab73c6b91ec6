"""``tierline handover``: leads of a tier, or those that change tier, as a file for people or a CRM."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, at_option, progress_bar, read_model, written_whole
from commands.notes import note_instant
from queries.handover import HandOver, ListForm, swap_list_now, tier_list
from queries.handover_columns import CRMS, Crm
from queries.safe_csv import write_safe_parts


@click.command()
@asks_about_model
@click.option(
    "--against", type=click.Path(path_type=Path), help="With --swap: the model file that they change to."
)
@click.option("--tier", help="The open leads of this tier.")
@click.option("--swap", is_flag=True, help="The open leads whose tier is another one with --against.")
@at_option
@click.option(
    "--for", "crm", type=click.Choice(CRMS), default="plain", show_default=True, help="Whose column names."
)
@click.option("--personal", is_flag=True, help="With e-mail addresses, names and phone numbers.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.csv")
@plain_errors
def handover(
    asked: Asked,
    against: Path | None,
    tier: str | None,
    swap: bool,
    at: datetime | None,
    crm: str,
    personal: bool,
    out: Path,
) -> None:
    """Write a list of leads that others can work with, without personal columns unless asked for."""
    _check(tier, swap, against, out)
    workspace, flow, model = asked.open()
    note_instant(flow, at)
    form = ListForm(cast(Crm, crm), personal)
    if tier is not None:
        found = tier_list(flow, model, tier, at, form, progress_bar())
    else:
        found = swap_list_now(flow, model, read_model(workspace, flow, against), at, form, progress_bar())
    with written_whole(out) as partial:
        write_safe_parts(found.parts(), partial)
    click.echo(f"{found.leads:,} leads written to {out}{_left_out(found)}")


def _check(tier: str | None, swap: bool, against: Path | None, out: Path) -> None:
    if (tier is None) == (not swap):
        raise BadInput(
            f"a list must be of --tier T or --swap, got {'both' if swap else 'neither'}; give one of the two"
        )
    if swap and against is None:
        raise BadInput("--swap must come with --against F, got none; name the model that leads change to")
    if against is not None and not swap:
        raise BadInput("--against must come with --swap, got --tier; leave it out or add --swap")
    if out.suffix.lower() != ".csv":
        raise BadInput(f"{out}: --out must end in .csv, got {out.suffix or 'no ending'!r}")


def _left_out(found: HandOver) -> str:
    if not found.left_out:
        return ""
    why = ", ".join(f"{name} ({reason})" for name, reason in found.left_out.items())
    return f"; left out as personal (--personal brings them): {why}"
