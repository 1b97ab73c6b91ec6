"""What is said beside figures on standard error, so that what programs read stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from queries.flow import Flow
from queries.workspace import format_time
from scoring.model import Model

DAY = timedelta(days=1)


def note_instant(flow: Flow, at: datetime | None) -> None:
    """Say that leads are scored at a time about which the data know nothing yet.

    A day later is the nightly run with the data of yesterday, and not worth a word.
    """
    until = flow.observed_until
    if at is not None and until is not None and at - DAY > until:
        _say(
            f"{format_time(at)} is after the end of the data, {format_time(until)}: what leads did and what "
            "became of them since then is not known, and points fade all the same; load newer data, or "
            "choose an earlier --at"
        )


def note_end(flow: Flow, observed_until: datetime | None) -> None:
    """Say that leads whose days to convert reach beyond the data count as complete."""
    until = flow.observed_until
    if observed_until is not None and until is not None and observed_until > until:
        _say(
            f"--observed-until {format_time(observed_until)} is after the end of the data, "
            f"{format_time(until)}: leads that can still convert in between count as complete without a "
            "conversion, so rates come out too low unless nothing can have happened since"
        )


def note_nobody(flow: Flow, model: Model, at: datetime | None) -> None:
    """Say why no lead is scored at an instant."""
    moment, first = at or flow.observed_until, flow.engine.first_created_at
    max_age = model.observation.max_age_days
    if first is None or moment is None or moment <= first:
        created = "there are none" if first is None else f"the first was created {format_time(first)}"
        reason = f"leads must be created before they are scored, and {created}; choose a later --at"
    else:
        age = "" if max_age is None else f", or older than the {max_age:,} days of the model's max_age_days"
        reason = f"all leads of that time are won, closed or left out by the model{age}; choose another --at"
    _say(f"no lead is scored{'' if moment is None else f' at {format_time(moment)}'}: {reason}")


def _say(text: str) -> None:
    click.echo(f"note: {text}", err=True)
