"""``tierline backtest --view entry``: when leads entered each tier, and what became of them."""

from __future__ import annotations

import json

import click

from commands.inputs import progress_bar
from queries.entry import entry_cells
from queries.flow import Flow
from queries.worked import known_worked_entries
from scoring.entry import EntryFigures, EntryPeriod, EntryView, compute_entries, to_json
from scoring.model import Model
from scoring.worked import worked_json
from scoring.worked_words import THE_ENTERED, worked_words

HEAD = (
    f"{'period':<10}{'tier':<16}{'entered':>10}{'a week':>9}{'open':>9}{'won':>9}{'rate':>9}"
    f"{'likely range':>17}{'half within':>13}"
)


def entry_view(flow: Flow, model: Model, as_json: bool) -> None:
    """Print the entry view of a model.

    Parameters
    ----------
    flow : Flow
    model : Model
        One that fits the data.
    as_json : bool
        For programs, else a table for people.
    """
    view = compute_entries(entry_cells(flow, model, progress_bar()), model)
    worked = known_worked_entries(flow, model)
    if as_json:
        found = {name: {"leads": one.leads} | worked_json(one) for name, one in worked.items()}
        click.echo(json.dumps(to_json(view) | {"worked": found or None}, indent=2))
        return
    _print_table(view)
    labels = {tier.name: tier.shown_label for tier in reversed(model.tiers)}
    if sentence := worked_words(labels, worked, THE_ENTERED):
        click.echo(f"- {sentence}")


def _print_table(view: EntryView) -> None:
    until = view.observed_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    click.echo(
        f"{view.model}: leads by the period in which their score first reached a tier, {view.horizon_days} "
        f"days to convert from then, data until {until}"
    )
    click.echo(HEAD)
    for period in (*view.periods, view.pooled):
        for tier in period.tiers:
            click.echo(_row(period, tier))


def _row(period: EntryPeriod, tier: EntryFigures) -> str:
    a_week = "-" if tier.entries_per_week is None else f"{tier.entries_per_week:.1f}"
    rate, likely = "-", "-"
    if tier.rate is not None and tier.low is not None and tier.high is not None:
        rate, likely = f"{100 * tier.rate:.1f} %", f"{100 * tier.low:.1f} - {100 * tier.high:.1f} %"
    within = "-" if tier.days_median is None else f"{tier.days_median} days"
    row = f"{period.period:<10}{tier.tier:<16}{tier.entries:>10,}{a_week:>9}{tier.open_entries:>9,}"
    return row + f"{tier.conversions:>9,}{rate:>9}{likely:>17}{within:>13}"
